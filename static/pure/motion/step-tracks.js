/**
 * The tracks from one step to the next. Numbers keep the order of reading and start from a place where they can be seen;
 * what they make stays hidden until they arrive.
 */

import { staggerOf, TIMINGS } from "convoscope/pure/motion/timings.js";
import { bareSpot, placeOver } from "convoscope/pure/motion/tracks.js";

/** @import {Rect} from "convoscope/pure/types.js" */
/** @import {Spot, Track} from "convoscope/pure/motion/tracks.js" */

/**
 * The tables of one channel, cell by cell; empty where there is none. `sum` is the sum of the channel beside them.
 * @typedef {{window: Spot[], filter: Spot[], products: Spot[], sum: Spot | null}} TablePlaces
 */

/**
 * The resting places of a step.
 * @typedef {object} Places
 * @property {Rect | null} window in the input
 * @property {Rect | null} cell in the output
 * @property {Spot | null} value the same cell, as it looks when it is written
 * @property {(Spot | null)[]} sources the cells of the window in the input, row by row
 * @property {TablePlaces[]} tables
 * @property {Spot | null} sum the result
 * @property {Spot | null} terms the line above the sum
 * @property {Rect | null} linked the table that lines join to the window
 */

/**
 * What the sum counts: the totals after each number, and the bias with its sign.
 * @typedef {{totals: string[], bias: string}} Counting
 */

/** The highest arc of a sum on its way to its cell, and its part of the distance. */
const [HIGHEST_ARC, ARC_PART] = [64, 0.22];
/** The size of a number that has arrived at the sum, in parts of its own. */
const GATHERED = 0.5;
/** How far a pulse grows beyond its cell. */
const PULSE = 14;

/** The window and the cell go to their next place. @param {Places} before @param {Places} after @returns {Track[]} */
export function slideTracks(before, after) {
  const time = { start: 0, end: TIMINGS.slide };
  /** @type {Track[]} */
  const tracks = [];
  if (before.window && after.window) {
    const way = { ...time, from: bareSpot(before.window), to: bareSpot(after.window) };
    if (after.linked) tracks.push({ ...way, kind: "lines", id: "lines", table: after.linked });
    tracks.push({ ...way, kind: "outline", id: "window", role: "window" });
  }
  if (before.cell && after.cell)
    tracks.push({
      ...time,
      kind: "outline",
      id: "cell",
      role: "cell",
      from: bareSpot(before.cell),
      to: bareSpot(after.cell),
    });
  return tracks;
}

/** The cells of the window lift out of the input, channel after channel. @param {Places} after @returns {Track[]} */
export function liftTracks({ sources, tables }) {
  return tables.flatMap(({ window }, c) =>
    window.flatMap((to, i) => {
      const source = sources[i];
      const start = TIMINGS.slide + c * TIMINGS.nextChannel;
      if (!source) return [];
      const from = { ...to, ...source, text: to.text, size: to.size, weight: to.weight, family: to.family };
      return [cellTrack({ id: `lift ${c} ${i}`, start, time: TIMINGS.lift, from, to, hides: `window ${c} ${i}` })];
    }),
  );
}

/**
 * Each number of a window meets its weight, and their product goes on to its place.
 * @param {TablePlaces} table @param {number} c its number @returns {Track[]}
 */
export function mergeTracks({ window, filter, products }, c) {
  const each = staggerOf(products.length);
  return products.flatMap((to, i) => {
    const [from, via] = [window[i], filter[i]];
    if (!from || !via) return [];
    return [
      {
        ...cellTrack({
          id: `merge ${c} ${i}`,
          start: i * each,
          time: TIMINGS.merge,
          from,
          to,
          hides: `products ${c} ${i}`,
        }),
        via,
      },
    ];
  });
}

/**
 * A row of three tables leaves its subtotal.
 * @param {number} c the number of its table @param {Places} before @param {Places} after @returns {Track[]}
 */
export function subtotalTracks(c, before, after) {
  const table = after.tables[c];
  if (!table) return [];
  const merged = mergeTracks(table, c);
  const start = Math.max(0, ...merged.map(({ end }) => end));
  const end = start + TIMINGS.subtotal;
  const last = table.products[table.products.length - 1];
  if (!last || !table.sum) return merged;
  const from = { ...table.sum, ...placeOver(last, table.sum.width, table.sum.height) };
  return [
    ...merged,
    { kind: "number", id: `subtotal ${c}`, start, end, from, to: table.sum, hides: `subtotal ${c}` },
    ...keepTracks("terms", before.terms, after.terms, end),
  ];
}

/**
 * Numbers go to the sum one after another, and it counts.
 * @param {Spot[]} terms @param {Places} before @param {Places} after @param {string[]} totals @returns {Track[]}
 */
export function gatherTracks(terms, before, after, totals) {
  const sum = after.sum;
  if (!sum || !terms.length) return [];
  const each = staggerOf(terms.length);
  const tracks = terms.map((from, i) => ({
    ...cellTrack({
      id: `gather ${i}`,
      start: i * each,
      time: TIMINGS.gather,
      from,
      to: { ...from, ...placeOver(sum, from.width * GATHERED, from.height * GATHERED) },
    }),
    fades: true,
  }));
  const counts = totals.map((text, i) => ({ at: tracks[i].end, text }));
  const { end } = tracks[tracks.length - 1];
  return [...tracks, ...sumTracks(before, sum, end, counts), ...keepTracks("terms", before.terms, after.terms, end)];
}

/** The bias comes from the line above the sum. @param {Places} before @param {Places} after @param {string} bias @returns {Track[]} */
export function biasTracks(before, after, bias) {
  const { sum, terms } = after;
  if (!sum || !terms) return [];
  const end = TIMINGS.bias;
  const width = bias.length * terms.size * 0.6;
  const from = { ...terms, x: terms.x + terms.width - width, width, text: bias };
  const to = { ...from, ...placeOver(sum, width, terms.height) };
  return [{ kind: "number", id: "bias", start: 0, end, from, to, fades: true }, ...sumTracks(before, sum, end, [])];
}

/**
 * The number in place of the sum: what stood there, and what it counts until it is complete.
 * @param {Places} before @param {Spot} sum @param {number} end @param {{at: number, text: string}[]} counts
 * @returns {Track[]}
 */
function sumTracks(before, sum, end, counts) {
  const old = before.sum;
  const first = { at: 0, text: old?.text ?? "" };
  const from = { ...sum, text: first.text, ink: old?.ink ?? sum.ink };
  return [
    {
      kind: "number",
      id: "sum",
      start: 0,
      end,
      from,
      to: sum,
      counts: [first, ...counts],
      hides: "sum",
    },
    coverTrack("remark", end),
  ];
}

/** The sum goes to its cell on an arc, and the cell pulses once. @param {Places} after @param {string} role @returns {Track[]} */
export function writeTracks({ sum, value, cell }, role) {
  if (!sum || !value || !cell) return [];
  const end = TIMINGS.arc;
  const distance = Math.hypot(value.x - sum.x, value.y - sum.y);
  const grown = placeOver(cell, cell.width + 2 * PULSE, cell.height + 2 * PULSE);
  const pulse = { start: end, end: end + TIMINGS.pulse, from: bareSpot(cell), to: bareSpot(grown) };
  const from = { ...sum, fill: value.fill, ink: value.ink };
  const to = { ...value, text: value.text || sum.text };
  return [
    { kind: "ring", id: "pulse", role, ...pulse },
    {
      ...cellTrack({ id: "write", start: 0, time: end, from, to }),
      height: Math.min(HIGHEST_ARC, ARC_PART * distance),
    },
  ];
}

/**
 * A map goes to the place where it is the input of the next stage, or the output of the one before; then the rest comes.
 * @param {Rect} from @param {Rect} to @param {string} hides the part of the page that it becomes
 * @param {string[]} others the parts that come after it @returns {Track[]}
 */
export function stageTracks(from, to, hides, others) {
  const end = TIMINGS.stage;
  /** @type {Track[]} */
  const fading = others.map((place) => ({
    ...coverTrack(place, end),
    kind: "fade",
    start: end / 2,
  }));
  return [{ kind: "picture", id: "map", start: 0, end, from: bareSpot(from), to: bareSpot(to), hides }, ...fading];
}

/** @param {{id: string, start: number, time: number, from: Spot, to: Spot, hides?: string}} way @returns {Track} */
function cellTrack({ id, start, time, from, to, hides }) {
  return { kind: "cell", id, start, end: start + time, from, to, hides };
}

/**
 * A text stays as it was until a time.
 * @param {string} hides @param {Spot | null} before @param {Spot | null} after @param {number} end @returns {Track[]}
 */
function keepTracks(hides, before, after, end) {
  if (before?.text === after?.text) return [];
  if (!before) return [coverTrack(hides, end)];
  const counts = [{ at: 0, text: before.text }];
  return [{ kind: "number", id: hides, start: 0, end, from: before, to: before, hides, counts }];
}

/** Something that comes at a time, where it is. @param {string} hides @param {number} end @returns {Track} */
function coverTrack(hides, end) {
  const nowhere = bareSpot({ x: 0, y: 0, width: 0, height: 0 });
  return { kind: "cover", id: hides, start: 0, end, from: nowhere, to: nowhere, hides };
}

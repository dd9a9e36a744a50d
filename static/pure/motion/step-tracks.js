/**
 * The tracks from one step to the next. Numbers keep the order of reading and start from a place where they can be seen;
 * what they make stays hidden until they arrive.
 */

import { staggerOf, TIMINGS } from "convoscope/pure/motion/timings.js";
import { bareSpot, resizeSpot } from "convoscope/pure/motion/tracks.js";

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
 * @property {Spot | null} sum
 * @property {Spot | null} terms the line above the sum
 * @property {Rect | null} linked the table that lines join to the window
 */

/**
 * What the sum counts: the totals after each number, and the bias with its sign.
 * @typedef {{totals: string[], bias: string}} Counting
 */

/** The highest arc of a sum on its way to its cell, and its part of the distance. */
const [HIGHEST_ARC, ARC_PART] = [64, 0.22];
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
      const from = { ...source, text: to.text, size: to.size, weight: to.weight };
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

/** A row of three tables leaves its subtotal. @param {TablePlaces} table @param {number} c @returns {Track[]} */
export function subtotalTracks(table, c) {
  const merged = mergeTracks(table, c);
  const start = Math.max(0, ...merged.map(({ end }) => end));
  const end = start + TIMINGS.subtotal;
  const last = table.products[table.products.length - 1];
  if (!last || !table.sum) return merged;
  const from = { ...resizeSpot(last, table.sum), text: table.sum.text, fill: null, ink: table.sum.ink };
  return [
    ...merged,
    { kind: "number", id: `subtotal ${c}`, start, end, from, to: table.sum, hides: `subtotal ${c}` },
    coverTrack("terms", end),
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
      to: { ...resizeSpot(sum, from), text: from.text, fill: from.fill, ink: from.ink, size: from.size },
    }),
    fades: true,
  }));
  const counts = totals.map((text, i) => ({ at: tracks[i].end, text }));
  return [...tracks, ...sumTracks(before, sum, tracks[tracks.length - 1].end, counts)];
}

/** The bias comes from the line above the sum. @param {Places} before @param {Places} after @param {string} bias @returns {Track[]} */
export function biasTracks(before, after, bias) {
  const { sum, terms } = after;
  if (!sum || !terms) return [];
  const end = TIMINGS.bias;
  const look = { text: bias, fill: null, ink: terms.ink, size: terms.size, weight: terms.weight };
  const width = bias.length * terms.size * 0.6;
  const from = { ...resizeSpot(terms, { ...terms, width }), x: terms.x + terms.width - width, ...look };
  const to = { ...resizeSpot(sum, from), ...look };
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
  const from = { ...sum, text: first.text };
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
  const grown = { width: cell.width + 2 * PULSE, height: cell.height + 2 * PULSE };
  return [
    { kind: "ring", id: "pulse", role, start: end, end: end + TIMINGS.pulse, ...ringWay(bareSpot(cell), grown) },
    {
      ...cellTrack({ id: "write", start: 0, time: end, from: sum, to: { ...value, text: value.text || sum.text } }),
      height: Math.min(HIGHEST_ARC, ARC_PART * distance),
    },
  ];
}

/** @param {Spot} cell @param {{width: number, height: number}} grown */
function ringWay(cell, grown) {
  return { from: cell, to: resizeSpot(cell, { x: 0, y: 0, ...grown }) };
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

/** Something that comes at a time, where it is. @param {string} hides @param {number} end @returns {Track} */
function coverTrack(hides, end) {
  const nowhere = bareSpot({ x: 0, y: 0, width: 0, height: 0 });
  return { kind: "cover", id: hides, start: 0, end, from: nowhere, to: nowhere, hides };
}

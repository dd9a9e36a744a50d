/**
 * The tracks from one step to the next. Numbers keep the order of reading and start from a place where they can be seen;
 * what they make stays hidden until they arrive.
 */

import { cellTrack, coverTrack, keepTracks } from "convoscope/pure/motion/sum-tracks.js";
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

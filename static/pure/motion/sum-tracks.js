/** The tracks of numbers that go to the sum of a step, and of the texts around it. */

import { staggerOf, TIMINGS } from "convoscope/pure/motion/timings.js";
import { bareSpot, placeOver } from "convoscope/pure/motion/tracks.js";

/** @import {Spot, Track} from "convoscope/pure/motion/tracks.js" */
/** @import {Places} from "convoscope/pure/motion/step-tracks.js" */

/** The size of a number that has arrived at the sum, in parts of its own. */
const GATHERED = 0.5;

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
  const total = totals[totals.length - 1] ?? sum.text;
  const end = tracks[tracks.length - 1].end + (total === sum.text ? 0 : TIMINGS.hold);
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

/**
 * A text stays as it was until a time.
 * @param {string} hides @param {Spot | null} before @param {Spot | null} after @param {number} end @returns {Track[]}
 */
export function keepTracks(hides, before, after, end) {
  if (before?.text === after?.text) return [];
  if (!before) return [coverTrack(hides, end)];
  const counts = [{ at: 0, text: before.text }];
  return [{ kind: "number", id: hides, start: 0, end, from: before, to: before, hides, counts }];
}

/** Something that comes at a time, where it is. @param {string} hides @param {number} end @returns {Track} */
export function coverTrack(hides, end) {
  const nowhere = bareSpot({ x: 0, y: 0, width: 0, height: 0 });
  return { kind: "cover", id: hides, start: 0, end, from: nowhere, to: nowhere, hides };
}

/** @param {{id: string, start: number, time: number, from: Spot, to: Spot, hides?: string}} way @returns {Track} */
export function cellTrack({ id, start, time, from, to, hides }) {
  return { kind: "cell", id, start, end: start + time, from, to, hides };
}

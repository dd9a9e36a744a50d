/** In which order the scores of a network stand: decided here alone, so that bars do not change their places. */

import { range } from "convoscope/pure/frame/window.js";
import { mapValues } from "convoscope/pure/maps/palette.js";

/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */

/** The most scores that have a line each. */
export const MOST_SCORES = 10;

/**
 * The classes in their order. `picture` is the one whose scores gave it; `isByClass` where none did.
 * @typedef {{order: number[], picture: string, isByClass: boolean}} ScoreOrder
 */

/**
 * The order of the scores that a Trace ends with. By class while and after the presses are used, so that the places do not
 * tell the answer, and for typed numbers, as a drawing is. Else the largest first, for the picture that the view was opened
 * with; while it is changed each keeps its place. Of more scores than have lines, always the largest first.
 * @param {Trace} trace @param {View} view
 * @param {ScoreOrder | null} before that in which they stand; null where the view is being opened
 * @returns {ScoreOrder}
 */
export function orderScores({ scene, stages }, { press }, before) {
  const stage = stages[stages.length - 1];
  const [count] = stage.shape;
  const image = scene.batch?.[(scene.item ?? 0) - 1] ?? scene.image;
  const picture = JSON.stringify(image);
  const hasLines = count <= MOST_SCORES;
  if (hasLines && (press !== null || "planes" in image || before?.isByClass))
    return { order: range(count), picture, isByClass: true };
  if (hasLines && before?.picture === picture && before.order.length === count) return before;
  return { order: bySize(stage), picture, isByClass: false };
}

/** The scores with the largest first, of equal ones the first class. @param {Stage} stage @returns {number[]} */
export function bySize(stage) {
  const values = range(stage.shape[0]).map((map) => mapValues(stage, map)[0]);
  return range(values.length).sort((a, b) => values[b] - values[a] || a - b);
}

/** The stops that code to paste begins with: a few positions of the window that tell how the layer works. */

import { placeOf, positionOf, positionsOf } from "convoscope/pure/frame/stage.js";

/** @import {Cell, Stage} from "convoscope/pure/types.js" */

/** So many positions at the beginning show how the window moves. */
const FIRST_POSITIONS = 3;

/**
 * The first positions, one after the other, and then the one that the author looks at, or else the salient cell of the
 * map. None where the window has no second position: for the input, and for layers that make vectors.
 * @param {Stage} stage @param {number} map @param {Cell | null} at
 * @returns {Cell[]}
 */
export function storyStops(stage, map, at) {
  const { count, rows, columns } = positionsOf(stage);
  if (stage.index === 0 || count < 2) return [];
  const [row, col] = at ?? stage.telling?.[map] ?? placeOf(stage, count - 1);
  const telling = positionOf(stage, Math.min(row, rows - 1), Math.min(col, columns - 1));
  const first = Array.from({ length: Math.min(FIRST_POSITIONS, count) }, (_, i) => i);
  const last = telling < first.length ? count - 1 : telling;
  return [...new Set([...first, last])].map((position) => placeOf(stage, position));
}

/**
 * How much of each stage is written while one stage is explained cell by cell; `written_cells.py` has the same rules,
 * and tests/golden/written.json holds both to them.
 */

import { focusOf, hasCapability } from "convoscope/pure/frame/stage.js";
import { sourceIndex, windowOf } from "convoscope/pure/frame/window.js";

/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */

/**
 * For each stage the number of cells of a map, in reading order, that are written: all before the stage in focus, there
 * those up to the step, and behind it those before the first that reads one to come. A map of one cell counts as
 * written: it stands beside others in a list. With `ghost` or `isWhole` all are.
 * @param {Trace} trace @param {View} view @returns {number[]}
 */
export function countWritten(trace, view) {
  const { stages } = trace;
  const now = Math.min(view.stage, stages.length - 1);
  const { row, col, beat } = focusOf(trace, view);
  /** @type {number[]} */
  const counts = [];
  stages.forEach((stage, index) => {
    const all = stage.shape[1] * stage.shape[2];
    if (view.ghost || view.isWhole || index < now || index === 0) counts.push(all);
    else if (index === now && all === 1) counts.push(all);
    else if (index === now) counts.push(row * stage.shape[2] + col + (beat === "write" ? 1 : 0));
    else
      counts.push(
        now === 0 ? 0 : Math.min(...stage.reads.map((read) => countBehind(stage, stages[read].shape, counts[read]))),
      );
  });
  return counts;
}

/**
 * How many cells of a stage can be written if its input has only the first `written` of its cells.
 * @param {Stage} stage @param {[number, number, number]} before the shape of the input @param {number} written
 */
export function countBehind(stage, [, height, width], written) {
  const [, rows, columns] = stage.shape;
  if (written >= height * width) return rows * columns;
  const { kind } = stage;
  if (
    (kind === "pointwise" || kind === "join" || hasCapability(stage, "one_place")) &&
    height === rows &&
    width === columns
  )
    return written;
  if (!stage.rows || !stage.columns) return 0; // it reads the whole map, or moves its cells
  const [full, rest] = [Math.floor(written / width), written % width];
  const mode = stage.padding_mode ?? "zeros";
  const downs = Array.from({ length: rows }, (_, row) => windowOf(stage, row, 0).rows);
  const overs = Array.from({ length: columns }, (_, col) => windowOf(stage, 0, col).columns);
  const last = (/** @type {number[]} */ cells, /** @type {number} */ size) =>
    Math.max(...cells.map((cell) => sourceIndex(cell, size, mode)));
  const [lowest, rightmost] = [downs.map((cells) => last(cells, height)), overs.map((cells) => last(cells, width))];
  for (let row = 0; row < rows; row++) {
    const writtenColumns = lowest[row] < full ? width : lowest[row] === full ? rest : 0;
    const col = rightmost.findIndex((column) => column >= writtenColumns);
    if (col >= 0) return row * columns + col;
  }
  return rows * columns;
}

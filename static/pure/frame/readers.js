/** Which output cells read an input cell, which input cells a weight meets, and which cells no window reads. */

import { hasCapability } from "convoscope/pure/frame/stage.js";
import { cellsInside, cellsOfPart, range, sourceIndex, tapsOf } from "convoscope/pure/frame/window.js";

/** @import {Axis, Cell, Span, Stage, Trace} from "convoscope/pure/types.js" */

/**
 * The cells of a stage's output that read one cell of its input: every pair of these rows and columns.
 * @param {Trace} trace
 * @param {number} index of the stage
 * @param {Cell} cell a cell of its input
 * @returns {{rows: number[], columns: number[]}}
 */
export function readersOf(trace, index, [row, col]) {
  const stage = trace.stages[index];
  const [, height, width] = stage.shape;
  if (stage.own?.readers) return stage.own.readers(stage, [row, col]);
  if (stage.rows && stage.columns) {
    const mode = stage.padding_mode ?? "zeros";
    return { rows: readersAlong(stage.rows, row, mode), columns: readersAlong(stage.columns, col, mode) };
  }
  const kind = stage.kind;
  if (stage.prepare) {
    const { rows: down, columns: across } = stage.prepare;
    return { rows: partsReading(down, row), columns: partsReading(across, col) };
  }
  if (hasCapability(stage, "reads_all")) return { rows: range(height), columns: range(width) };
  if (kind === "flatten") return { rows: [0], columns: [0] };
  const [down, right] = stage.by ?? [0, 0];
  return { rows: cellsInside([row + down], height), columns: cellsInside([col + right], width) };
}

/**
 * The input rows and columns that one weight is multiplied with over all positions. A start below 0 lies in the
 * padding.
 * @param {Stage} stage @param {number} row row of the weight in its kernel @param {number} col
 */
export function inputsOfWeight(stage, row, col) {
  return { rows: inputsAlong(stage.rows, row), columns: inputsAlong(stage.columns, col) };
}

/** The input rows and columns that no window reads. @param {Stage} stage */
export function unreadCells(stage) {
  if (stage.prepare) return { rows: croppedCells(stage.prepare.rows), columns: croppedCells(stage.prepare.columns) };
  return { rows: stage.rows?.unread ?? [], columns: stage.columns?.unread ?? [] };
}

/** The cells that preprocessing crops away. @param {Span} span */
function croppedCells({ size, first, length }) {
  return range(size).filter((cell) => cell < first || cell >= first + length);
}

/** @param {Span} span @param {number} index */
function partsReading(span, index) {
  return range(span.parts).filter((part) => cellsOfPart(span, part).cells.includes(index));
}

/** @param {Axis} axis @param {number} index @param {string} mode */
function readersAlong(axis, index, mode) {
  return range(axis.positions).filter((position) =>
    tapsOf(axis, position).some(([cell, tap]) => tap >= 0 && sourceIndex(cell, axis.size, mode) === index),
  );
}

/** @param {Axis | null} axis @param {number} tap */
function inputsAlong(axis, tap) {
  if (axis?.transposed) return { start: 0, step: 1, count: axis.size }; // a copy of the filter for every cell
  return axis
    ? { start: tap * axis.dilation - axis.before, step: axis.stride, count: axis.positions }
    : { start: 0, step: 1, count: 0 };
}

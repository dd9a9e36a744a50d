/** The window at one position: its cells, the source of each value, and their products with the weights. */

import { clampIndex, planeOf } from "convoscope/pure/frame/stage.js";

/** @import {Axis, Cell, FrameChannel, Span, Stage} from "convoscope/pure/types.js" */

/**
 * The input rows and columns that the window of an output cell covers.
 * @param {Stage} stage @param {number} row @param {number} col
 */
export function windowOf(stage, row, col) {
  const [down, across] = /** @type {[Axis, Axis]} */ ([stage.rows, stage.columns]);
  return { rows: cellsRead(down, row), columns: cellsRead(across, col) };
}

/** @param {Axis} axis @param {number} position */
export function cellsRead(axis, position) {
  return tapsOf(axis, position).map(([cell]) => cell);
}

/**
 * The input cells that a window reads, each with the index of its weight. Of a transposed convolution those that reach
 * the output cell; where none does, the nearest with the index −1.
 * @param {Axis} axis @param {number} position @returns {[cell: number, tap: number][]}
 */
export function tapsOf({ size, kernel, stride, dilation, before, transposed }, position) {
  const taps = range(kernel);
  if (!transposed) return taps.map((tap) => [position * stride - before + tap * dilation, tap]);
  const place = position + transposed.crop;
  const reached = taps
    .toReversed()
    .map((tap) => /** @type {[number, number]} */ ([(place - tap * dilation) / stride, tap]))
    .filter(([cell]) => Number.isInteger(cell) && cell >= 0 && cell < size);
  return reached.length ? reached : [[clampIndex(Math.floor(place / stride), size), -1]];
}

/**
 * One channel of a window.
 * @param {Stage} input @param {number} channel @param {number[]} rows @param {number[]} columns
 * @param {string} mode @param {(row: number, col: number) => number | null} empty the value of a cell without a source
 * @returns {FrameChannel}
 */
export function readWindow(input, channel, rows, columns, mode, empty) {
  const [, height, width] = input.shape;
  const plane = /** @type {Float32Array} */ (planeOf(input, channel));
  const fromRows = rows.map((row) => sourceIndex(row, height, mode));
  const fromColumns = columns.map((col) => sourceIndex(col, width, mode));
  const sources = fromRows.map((r) => fromColumns.map((c) => (r < 0 || c < 0 ? null : /** @type {Cell} */ ([r, c]))));
  /** @param {Cell | null} from @param {number} row @param {number} col */
  const value = (from, row, col) => (from ? plane[from[0] * width + from[1]] : empty(row, col));
  return {
    channel,
    values: sources.map((line, i) => line.map((from, j) => value(from, rows[i], columns[j]))),
    weights: null,
    products: null,
    padded: rows.map((r) => columns.map((c) => r < 0 || r >= height || c < 0 || c >= width)),
    sources,
    sum: 0,
  };
}

/**
 * A channel with its weights and products.
 * @param {FrameChannel} channel @param {ArrayLike<number>} weight @param {number} offset @returns {FrameChannel}
 */
export function multiplyByWeights(channel, weight, offset) {
  const width = channel.values[0].length;
  const weights = channel.values.map((line, i) => line.map((_, j) => weight[offset + i * width + j]));
  // Adding 0 turns −0 into 0.
  const products = channel.values.map((line, i) => line.map((value, j) => (value ?? 0) * weights[i][j] + 0));
  return { ...channel, weights, products, sum: sumOf(products.flat()) };
}

/**
 * The index that padding reads in place of one outside the picture; −1 for none.
 * @param {number} index @param {number} size @param {string} mode
 */
export function sourceIndex(index, size, mode) {
  if (index >= 0 && index < size) return index;
  if (mode === "replicate") return clampIndex(index, size);
  if (mode === "circular") return ((index % size) + size) % size;
  if (mode !== "reflect" || size === 1) return -1;
  const period = 2 * (size - 1);
  const place = ((index % period) + period) % period;
  return Math.min(place, period - place);
}

/**
 * The cells of an axis that one of its equal parts covers, and the share of the part that each of them is.
 * @param {Span} span @param {number} index @returns {{cells: number[], shares: number[]}}
 */
export function cellsOfPart({ first, length, parts }, index) {
  const [start, stop] = [index * length, (index + 1) * length];
  const [from, after] = [Math.floor(start / parts), Math.ceil(stop / parts)];
  const cells = range(after - from).map((i) => from + i);
  const shares = cells.map((cell) => (Math.min(stop, (cell + 1) * parts) - Math.max(start, cell * parts)) / length);
  return { cells: cells.map((cell) => first + cell), shares };
}

/** Whether a cell lies in the input or, if asked, in its padding. @param {Axis} axis @param {number} index */
export function isInPaddedInput(axis, index, padding = true) {
  const [before, after] = padding ? [axis.before, axis.after] : [0, 0];
  return index >= -before && index < axis.size + after;
}

/** @param {number[]} cells @param {number} size */
export function cellsInside(cells, size) {
  return cells.filter((cell) => cell >= 0 && cell < size);
}

/** @param {number} count */
export function range(count) {
  return Array.from({ length: count }, (_, index) => index);
}

/** @param {number[]} numbers */
export function sumOf(numbers) {
  return numbers.reduce((sum, value) => sum + value, 0);
}

/**
 * Which cells of its input each cell of a layer is wired to, and by which weight: what the pictures of sharing draw.
 */

import { placeInMaps } from "convoscope/pure/frame/frame.js";
import { channelsOf } from "convoscope/pure/frame/stage.js";
import { cellsRead, range, sourceIndex } from "convoscope/pure/frame/window.js";

/** @import {Axis, Frame, Stage} from "convoscope/pure/types.js" */

/** The source of a weight that meets a padding of zeros, and of one that no wire of the cell has. */
export const NO_CELL = -1;
export const NO_WIRE = -2;

/** @typedef {Axis & {transposed?: {crop: number}}} SlidingAxis */

/** Of a larger input only the cells of a step are named. */
const MOST_NAMED = 12;

/** Whether the cells of a stage are neurons: weighted sums of its input. @param {Stage} stage */
export function hasWires({ kind, weight, input_shape }) {
  return (kind === "conv" || kind === "linear") && weight !== null && input_shape !== null;
}

/** How many weights one cell has, without its bias. @param {Stage} stage */
export function countWeights(stage) {
  return (stage.weight?.length ?? 0) / stage.shape[0];
}

/** How many cells the input has. @param {Stage} stage */
export function countInputs({ input_shape }) {
  const [channels, rows, columns] = input_shape ?? [0, 0, 0];
  return channels * rows * columns;
}

/** How many neurons one map has. @param {Stage} stage */
export function countNeurons({ shape }) {
  return shape[1] * shape[2];
}

/**
 * The input cell that each weight of a cell meets, in the order of the weights (channel, row, column of the filter): its
 * index in the flattened input (channel, row, column), NO_CELL or NO_WIRE.
 * @param {Stage} stage @param {number} map @param {number} row @param {number} col
 * @returns {Int32Array}
 */
export function sourcesOf(stage, map, row, col) {
  if (stage.kind === "linear") return Int32Array.from({ length: countInputs(stage) }, (_, n) => n);
  const [, height, width] = /** @type {[number, number, number]} */ (stage.input_shape);
  const [down, across] = /** @type {[Axis, Axis]} */ ([stage.rows, stage.columns]);
  const mode = stage.padding_mode ?? "zeros";
  const [rows, columns] = [sourcesAlong(down, row, mode), sourcesAlong(across, col, mode)];
  const count = channelsOf(stage);
  const first = firstChannelOf(stage, map);
  const sources = new Int32Array(count * rows.length * columns.length);
  let n = 0;
  for (let c = first; c < first + count; c++)
    for (const r of rows)
      for (const k of columns) sources[n++] = r < 0 || k < 0 ? Math.min(r, k) : (c * height + r) * width + k;
  return sources;
}

/**
 * The input rows or columns that the weights of a filter meet at a position. In a transposed convolution each input cell
 * writes a copy of the filter, `stride` apart: a cell of the output is reached by some weights alone.
 * @param {SlidingAxis} axis @param {number} position @param {string} mode @returns {number[]}
 */
function sourcesAlong(axis, position, mode) {
  const { size, kernel, stride, dilation, transposed } = axis;
  if (!transposed) return cellsRead(axis, position).map((cell) => sourceIndex(cell, size, mode));
  return Array.from({ length: kernel }, (_, tap) => {
    const cell = (position + transposed.crop - tap * dilation) / stride;
    return Number.isInteger(cell) && cell >= 0 && cell < size ? cell : NO_WIRE;
  });
}

/** Whether a stage is a transposed convolution: its matrix is that of a convolution, transposed. @param {Stage} stage */
export function isTransposed({ rows }) {
  return Boolean(/** @type {SlidingAxis | null} */ (rows)?.transposed);
}

/** The first input channel that a map reads: that of its group. @param {Stage} stage @param {number} map */
export function firstChannelOf(stage, map) {
  const mapsOfGroup = stage.shape[0] / (stage.groups ?? 1);
  return Math.floor(map / mapsOfGroup) * channelsOf(stage);
}

/**
 * One row of the big matrix: the weights at each input cell that is wired. Padding that repeats cells wires a cell more
 * than once.
 * @param {Stage} stage @param {number} map @param {number} row @param {number} col
 * @returns {Map<number, number[]>} input cell → weights
 */
export function matrixRow(stage, map, row, col) {
  /** @type {Map<number, number[]>} */
  const entries = new Map();
  sourcesOf(stage, map, row, col).forEach((cell, n) => {
    if (cell < 0) return;
    const found = entries.get(cell);
    if (found) found.push(n);
    else entries.set(cell, [n]);
  });
  return entries;
}

/** Channel, row and column of an index of the flattened input. @param {Stage} stage @param {number} index */
export function cellOfInput({ input_shape }, index) {
  const [, height, width] = input_shape ?? [1, 1, 1];
  return placeInMaps(index, height, width);
}

/** Channel, row and column of a weight in its filter. @param {Stage} stage @param {number} weight */
export function placeOfWeight(stage, weight) {
  if (stage.kind === "linear") return cellOfInput(stage, weight);
  return placeInMaps(weight, stage.rows?.kernel ?? 1, stage.columns?.kernel ?? 1);
}

/**
 * A weight as `data-weight` names it, by its row and column in the filter: the figure lights it in all channels. Null in a
 * fully connected layer, whose figure has no filter.
 * @param {Stage} stage @param {number} weight
 */
export function weightKey(stage, weight) {
  return stage.kind === "conv" ? placeOfWeight(stage, weight).slice(1).join() : null;
}

/**
 * The input cells that are named beside a picture: all of a small input, else those of the step.
 * @param {Stage} stage @param {Frame} frame
 */
export function shownInputs(stage, { map, row, col }) {
  const all = countInputs(stage);
  const cells = all <= MOST_NAMED ? range(all) : sourcesOf(stage, map, row, col);
  return [...new Set(cells)].filter((cell) => cell >= 0);
}

/**
 * So many indices around one, of `count` from `first` on.
 * @param {number} index @param {number} count @param {number} most @param {number} [first]
 */
export function around(index, count, most, first = 0) {
  const shown = Math.min(most, count);
  const start = Math.min(Math.max(index - first - Math.floor(shown / 2), 0), count - shown);
  return range(shown).map((i) => first + start + i);
}

/**
 * How often each weight of a map stands in the big matrix: as often as the map has neurons, less where padding lies.
 * @param {Stage} stage @returns {{least: number, most: number}}
 */
export function countCopies(stage) {
  if (stage.kind === "linear") return { least: 1, most: 1 };
  const mode = stage.padding_mode ?? "zeros";
  const along = (/** @type {Axis} */ axis) => {
    const counts = new Array(axis.kernel).fill(0);
    for (let position = 0; position < axis.positions; position++)
      sourcesAlong(axis, position, mode).forEach((cell, tap) => {
        if (cell >= 0) counts[tap] += 1;
      });
    return { least: Math.min(...counts), most: Math.max(...counts) };
  };
  const [down, across] = [along(/** @type {Axis} */ (stage.rows)), along(/** @type {Axis} */ (stage.columns))];
  return { least: down.least * across.least, most: down.most * across.most };
}

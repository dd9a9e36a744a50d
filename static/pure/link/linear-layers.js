/**
 * Fully connected layers of one's own: their weights, and the convolution that each of them equals; Python's
 * `app/core/weights/rows.py` finds the same.
 */

import { formatWeight } from "convoscope/pure/scene-edits.js";

/** @import {SceneLayer, Stage} from "convoscope/pure/types.js" */
/** @import {Filter} from "convoscope/pure/scene-edits.js" */

/**
 * The weights of a layer: typed rows, one for each output; random whole numbers; the number of outputs alone; or the
 * name of a trained layer.
 * @typedef {{rows: string[][], divisor: number} | {random: number} | {shape: number} | string} Weights
 */

/** @typedef {"typed" | "random" | "shape" | "trained"} KindOfWeights */

/** @param {SceneLayer} layer @returns {Weights} */
export function weightsOfLayer({ head }) {
  return /** @type {Weights} */ (head ?? "");
}

/** @param {Weights} weights @returns {KindOfWeights} */
export function kindOfWeights(weights) {
  if (typeof weights === "string") return "trained";
  return "rows" in weights ? "typed" : "random" in weights ? "random" : "shape";
}

/**
 * Why the convolution that equals a layer cannot be written into a link: its filters belong to a network, or are larger
 * than those that may be typed, or have more planes; "" if it can.
 * @param {Weights} weights @param {[number, number, number]} shape of the input
 * @param {{kernel_side: number, filters: number}} limits
 * @returns {"" | "trained" | "large" | "deep"}
 */
export function whyNoConvolution(weights, [channels, rows, columns], limits) {
  const kind = kindOfWeights(weights);
  if (kind === "trained") return "trained";
  if (kind === "shape") return "";
  if (Math.max(rows, columns) > limits.kernel_side) return "large";
  return kind === "typed" && channels > limits.filters ? "deep" : "";
}

/**
 * The convolution that equals a layer on maps of this shape: row k, read as C planes of H × W, is filter k.
 * @param {SceneLayer} layer @param {[number, number, number]} shape of the input @returns {SceneLayer}
 */
export function convolutionOf(layer, shape) {
  return { op: "conv", filters: filtersOfRows(weightsOfLayer(layer), shape), options: layer.options };
}

/** @param {Weights} weights @param {[number, number, number]} shape @returns {Filter[]} */
function filtersOfRows(weights, shape) {
  const [, rows, columns] = shape;
  if (typeof weights === "string") return [];
  if ("random" in weights) return [{ random: [weights.random, rows, columns] }];
  if ("shape" in weights) return [{ shape: [weights.shape, rows, columns] }];
  return weights.rows.map((row) => ({ planes: foldRow(row, shape), divisor: weights.divisor }));
}

/** C planes of H × W of a row of C·H·W numbers. @param {string[]} row @param {[number, number, number]} shape */
export function foldRow(row, [channels, rows, columns]) {
  const line = (/** @type {number} */ first) => row.slice(first * columns, (first + 1) * columns);
  return Array.from({ length: channels }, (_, channel) =>
    Array.from({ length: rows }, (_, r) => line(channel * rows + r)),
  );
}

/**
 * The weights of a stage as typed rows: whole numbers, fractions of typed ones, others rounded to three decimals.
 * @param {Stage} stage @returns {{rows: string[][], divisor: number}}
 */
export function typedWeights(stage) {
  const weight = /** @type {Float32Array} */ (stage.weight);
  const [outputs, inputs] = [stage.shape[0], weight.length / stage.shape[0]];
  const write = (/** @type {number} */ value, /** @type {number} */ scale) =>
    Number.isInteger(value) ? formatWeight(value) + (scale > 1 ? `/${scale}` : "") : String(Number(value.toFixed(3)));
  const rows = Array.from({ length: outputs }, (_, k) =>
    Array.from(weight.subarray(k * inputs, (k + 1) * inputs), (value) => write(value, stage.scales?.[k] ?? 1)),
  );
  return { rows, divisor: stage.divisors?.[0] ?? 1 };
}

/**
 * Weights for another number of outputs: of typed ones the last rows are dropped, or rows of 0 are added.
 * @param {Weights} weights @param {number} count @returns {Weights}
 */
export function withOutputs(weights, count) {
  if (typeof weights === "string") return weights;
  if ("random" in weights) return { random: count };
  if ("shape" in weights) return { shape: count };
  const zeros = weights.rows[0].map(() => "0");
  return { ...weights, rows: Array.from({ length: count }, (_, k) => weights.rows[k] ?? zeros) };
}

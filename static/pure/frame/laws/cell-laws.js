/** Batch norm and dropout: functions of one cell whose numbers differ from channel to channel, or from cell to cell. */

import { readWindow } from "convoscope/pure/frame/window.js";
import { LAWS } from "convoscope/pure/strings/arithmetic-strings.js";
import { bracketNegative, numberText } from "convoscope/pure/text/number-text.js";

/** @import {Frame, OwnLaw, Stage, StepRequest} from "convoscope/pure/types.js" */

/** Roundings of the arithmetic of one cell, in float64 and then in float32. */
const ROUNDINGS = 8;
/** The bits of a byte. */
const BYTE = 8;

/**
 * One cell, read as it is.
 * @param {StepRequest} request
 */
function readCell({ input, map, row, col }) {
  const patch = readWindow(input, map, [row], [col], "zeros", () => 0);
  const value = patch.values[0][0] ?? 0;
  return { rows: [row], columns: [col], channels: [{ ...patch, sum: value }], sum: value };
}

/** A number of a layer within a formula. @param {number} value */
export function lawNumber(value) {
  return bracketNegative(numberText(value));
}

/** y = (x − mean) / √(var + eps) · weight + bias. @type {OwnLaw} */
export const BATCH_NORM = {
  explain(request) {
    const { mean, var: variance, weight, bias, eps } = request.stage.law;
    const { map } = request;
    const step = readCell(request);
    const scale = weight[map] / Math.sqrt(variance[map] + eps);
    const result = (step.sum - mean[map]) * scale + bias[map] + 0;
    const size = (Math.abs(step.sum) + Math.abs(mean[map])) * Math.abs(scale) + Math.abs(bias[map]);
    return { ...step, result, size, terms: ROUNDINGS };
  },
  before({ law }, { map }, { sum }) {
    const [mean, variance, weight, bias] = ["mean", "var", "weight", "bias"].map((name) => lawNumber(law[name][map]));
    return `(${sum} − ${mean}) ÷ √(${variance} + ${lawNumber(law.eps)}) · ${weight} + ${bias}`;
  },
};

/** y = x / (1 − p) where a value is kept, else 0; in prediction y = x. @type {OwnLaw} */
export const DROPOUT = {
  explain(request) {
    const { p, train } = request.stage.law;
    const step = readCell(request);
    const factor = train && p < 1 ? 1 / (1 - p) : 1;
    const result = isKept(request.stage, request) ? step.sum * factor : 0;
    return { ...step, result, terms: ROUNDINGS };
  },
  before(stage, frame, { sum }) {
    if (!stage.law.train) return LAWS.unchanged(sum);
    return (isKept(stage, frame) ? LAWS.kept : LAWS.dropped)(sum, lawNumber(stage.law.p));
  },
};

/**
 * Whether a value is kept: a bit for each, in the order C, H, W, the highest first.
 * @param {Stage} stage @param {Pick<Frame, "map" | "row" | "col">} place
 */
export function isKept({ law, shape: [, height, width] }, { map, row, col }) {
  if (law.kept === null) return true;
  const place = (map * height + row) * width + col;
  // Six bits of each sign of base64: three bytes are four signs.
  const [byte, bit] = [Math.floor(place / BYTE), place % BYTE];
  const first = Math.floor(byte / 3) * 4;
  const bytes = atob(law.kept.slice(first, first + 4));
  return ((bytes.charCodeAt(byte % 3) >> (BYTE - 1 - bit)) & 1) === 1;
}

/** The numbers of a step with whether they are exact; Python's `app/core/writing/amounts.py` reads the same. */

import { useMinusSign } from "convoscope/pure/text/number-text.js";

/** @import {Amount} from "convoscope/pure/text/decimals.js" */
/** @import {Frame, Stage} from "convoscope/pure/types.js" */

/**
 * How the numbers of a weighted sum are written. Typed decimals are whole numerators over `cellDivisor`, which divides
 * each weight again (0.1). What decimals cannot write (1/9) stays whole, and the sum is divided: `divisor`.
 * @typedef {{cellDivisor: number, divisor: number, isExact: boolean}} WrittenFilter
 */

/**
 * A value of a stage's maps: the exact number that float32 rounds, where it is known.
 * @param {Stage} stage @param {number} value @returns {Amount}
 */
export function readAmount({ denominator, values, exact }, value) {
  if (denominator) return { value: roundToMultiple(value, denominator), isExact: true };
  const isZero = value === 0 && !values.never_zero;
  return { value, isExact: isZero || (exact && Number.isInteger(value)) };
}

/**
 * The value of a stage's cell as it is shown: 0 where float32 has −2.98e−8 for an exact 0.
 * @param {Stage} stage @param {number} value
 */
export function shownValue(stage, value) {
  return readAmount(stage, value).value;
}

/** The nearest multiple of 1/denominator. @param {number} value @param {number} denominator */
export function roundToMultiple(value, denominator) {
  return Math.floor(value * denominator + 0.5) / denominator + 0;
}

/** @param {Stage} stage @param {Stage} before @param {Frame} frame @returns {WrittenFilter} */
export function readFilter(stage, before, frame) {
  const isKnown = Boolean(stage.denominator && before.denominator) || (stage.exact && frame.kind !== "prepare");
  const cellDivisor = hasDecimals(frame.scale) ? frame.scale : 1;
  return { cellDivisor, divisor: writtenDivisor(frame), isExact: isKnown };
}

/** By what the sum of a step is divided, where decimals are written in the cells. @param {Frame} frame */
export function writtenDivisor({ scale, divisor }) {
  return hasDecimals(scale) ? divisor : divisor * scale;
}

/** Whether fractions of this denominator are finite decimals. @param {number} scale */
function hasDecimals(scale) {
  let left = scale;
  for (const factor of [2, 5]) while (left % factor === 0) left /= factor;
  return left === 1;
}

/**
 * The bias of a step, and its text where it was typed.
 * @param {Stage} stage @param {Frame} frame @returns {{amount: Amount, typed: string}}
 */
export function readBias(stage, { map, bias }) {
  const text = stage.bias_text?.[map];
  if (text === undefined) return { amount: { value: bias, isExact: bias === 0 }, typed: "" };
  const [top, bottom = "1"] = text.split("/");
  const value = Number(top) / Number(bottom);
  if (Math.fround(value) !== Math.fround(bias)) return { amount: { value: bias, isExact: false }, typed: "" };
  return { amount: { value: value + 0, isExact: true }, typed: useMinusSign(text) };
}

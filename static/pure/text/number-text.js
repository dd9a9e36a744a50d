/**
 * Numbers as texts. Minus is U+2212. A whole number has all its digits, another one four that tell something; it never
 * reads as a whole one.
 */

/** @import {Stage} from "convoscope/pure/types.js" */

/** A number to be read in a line. @param {number} value @param {boolean} [exact] false: the line says ≈ */
export function numberText(value, exact = true) {
  const text = formatNumber(value, 4);
  return exact || Number.isInteger(value) ? text : `≈ ${text}`;
}

/** A number for a small cell. @param {number} value */
export function shortNumber(value) {
  return formatNumber(value, 3);
}

/** With its sign, also where it is positive. @param {number} value */
export function signedNumber(value) {
  return (value > 0 ? "+" : "") + numberText(value);
}

/** Whether the text of numberText is the number itself, as float32 holds it. @param {number} value */
export function isTextExact(value) {
  return Number.isInteger(value) || Math.fround(Number(formatDecimal(value, 4))) === Math.fround(value);
}

/**
 * Whether a stage's shown number is the one that was meant, to the last digit.
 * @param {Stage} stage @param {number} value
 */
export function isShownExactly(stage, value) {
  return stage.exact && isTextExact(value);
}

/** @param {number} value @param {number} tellingDigits */
function formatNumber(value, tellingDigits) {
  if (Number.isNaN(value)) return "?";
  return useMinusSign(Number.isInteger(value) ? value.toFixed(0) : formatDecimal(value, tellingDigits));
}

/**
 * A number that is not whole never reads as one: 7.99996 is 8.0.
 * @param {number} value @param {number} telling
 * @returns {string}
 */
function formatDecimal(value, telling) {
  const size = Math.abs(value);
  if (size > 0 && size < 1e-4) return value.toExponential(telling - 1).replace(/\.?0*e/, "e");
  const decimals = Math.max(1, telling - 1 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(decimals, 20)).replace(/(\.\d+?)0+$/, "$1");
}

/** @param {string} text */
export function useMinusSign(text) {
  return text === "-0" ? "0" : text.replaceAll("-", "−");
}

/** @param {string} text */
export function bracketNegative(text) {
  return text.startsWith("−") ? `(${text})` : text;
}

/**
 * Numbers as texts. Minus is U+2212. A whole number is shown with all its digits, another number with four significant
 * digits and at least one decimal.
 */

/** @import {Stage} from "convoscope/pure/types.js" */

/** A number for a line of text. @param {number} value @param {boolean} [exact] false puts ≈ before it */
export function numberText(value, exact = true) {
  const text = formatNumber(value, 4);
  return exact || Number.isInteger(value) ? text : `≈ ${text}`;
}

/** A number for a small cell. @param {number} value */
export function shortNumber(value) {
  return formatNumber(value, 3);
}

/** A number with its sign, + included. @param {number} value */
export function signedNumber(value) {
  return (value > 0 ? "+" : "") + numberText(value);
}

/** Whether the text of numberText is exactly the number as float32. @param {number} value */
export function isTextExact(value) {
  return Number.isInteger(value) || Math.fround(Number(formatDecimal(value, 4))) === Math.fround(value);
}

/**
 * Whether the shown text is exactly the stage's number, and the stage was computed exactly.
 * @param {Stage} stage @param {number} value
 */
export function isShownExactly(stage, value) {
  return stage.exact && isTextExact(value);
}

/** @param {number} value @param {number} digits */
function formatNumber(value, digits) {
  if (Number.isNaN(value)) return "?";
  return useMinusSign(Number.isInteger(value) ? value.toFixed(0) : formatDecimal(value, digits));
}

/**
 * A number that is not whole, with at least one decimal: 7.99996 is 8.0.
 * @param {number} value @param {number} digits significant digits
 * @returns {string}
 */
function formatDecimal(value, digits) {
  const size = Math.abs(value);
  if (size > 0 && size < 1e-4) return value.toExponential(digits - 1).replace(/\.?0*e/, "e");
  const decimals = Math.max(1, digits - 1 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(decimals, 20)).replace(/(\.\d+?)0+$/, "$1");
}

/** The text with U+2212 for each hyphen; "-0" is "0". @param {string} text */
export function useMinusSign(text) {
  return text === "-0" ? "0" : text.replaceAll("-", "−");
}

/** A negative number in parentheses. @param {string} text */
export function bracketNegative(text) {
  return text.startsWith("−") ? `(${text})` : text;
}

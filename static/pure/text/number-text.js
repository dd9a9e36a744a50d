/**
 * Numbers as texts, the same as in Python's `app/core/number_text.py`; tests/golden/number_text.json holds both.
 *
 * Minus is U+2212. A whole number below 2^53 is written with all its digits, another number with four significant
 * digits and at least one decimal: 7.99996 is 8.0. Halves are rounded away from 0.
 */

/** From here on, a number is not the only whole number that it stands for. */
const LARGEST_WHOLE = 2 ** 53;

/** Smaller numbers are written with a power of ten. */
const SMALLEST_FIXED = 1e-4;

/** A number for a line of text: "−0.6667", "8.0", "1.5e−7". @param {number} value */
export function numberText(value) {
  return formatNumber(value, 4);
}

/** A number for a small cell, with three significant digits. @param {number} value */
export function shortNumber(value) {
  return formatNumber(value, 3);
}

/** A number with its sign, + included. @param {number} value */
export function signedNumber(value) {
  return (value > 0 ? "+" : "") + numberText(value);
}

/** Whether the text of numberText is exactly the number as float32. @param {number} value */
export function isTextExact(value) {
  return isWritableWhole(value) || Math.fround(Number(formatDigits(value, 4))) === Math.fround(value);
}

/** Whether the text of numberText is exactly the number. @param {number} value */
export function isTextFull(value) {
  return isWritableWhole(value) || Number(formatDigits(value, 4)) === value;
}

/** A share of 1 in percent, with one decimal: "54.3 %", "< 0.1 %", "100 %" for the whole alone. @param {number} share */
export function percentText(share) {
  if (Number.isNaN(share)) return "?";
  if (share === 1) return "100 %";
  if (share < 0.0005) return "< 0.1 %";
  return share >= 0.9995 ? "> 99.9 %" : `${(share * 100).toFixed(1)} %`;
}

/** A share of 1 for a glance: whole percent, "46 %"; near 0 and near the whole as in percentText. @param {number} share */
export function shareText(share) {
  return share >= 0.01 && share <= 0.99 ? `${Math.round(share * 100)} %` : percentText(share);
}

/** The exponent of the first significant digit of a positive number: 2 for 100, 1 for 99.9. @param {number} size */
export function floorLog10(size) {
  return Number(size.toExponential().split("e")[1]);
}

/** The text with U+2212 for each hyphen; "-0" is "0". @param {string} text */
export function useMinusSign(text) {
  return text === "-0" ? "0" : text.replaceAll("-", "−");
}

/** A negative number in parentheses. @param {string} text */
export function bracketNegative(text) {
  return text.startsWith("−") ? `(${text})` : text;
}

/** The text of a number with + where it is positive. @param {string} text */
export function addPlusSign(text) {
  return /^[\d.]*[1-9]/.test(text) ? `+${text}` : text;
}

/** @param {number} value @param {number} digits */
function formatNumber(value, digits) {
  if (Number.isNaN(value)) return "?";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return useMinusSign(formatDigits(value, digits));
}

/** @param {number} value */
function isWritableWhole(value) {
  return Number.isInteger(value) && Math.abs(value) < LARGEST_WHOLE;
}

/** @param {number} value @param {number} digits significant digits of a number that is not whole */
function formatDigits(value, digits) {
  if (isWritableWhole(value)) return value.toFixed(0);
  const size = Math.abs(value);
  if (size >= LARGEST_WHOLE || size < SMALLEST_FIXED)
    return value
      .toExponential(digits - 1)
      .replace(/\.?0*e/, "e")
      .replace("+", "");
  const decimals = Math.max(1, digits - 1 - floorLog10(size));
  return value.toFixed(decimals).replace(/(\.\d+?)0+$/, "$1");
}

/**
 * One number of decimals for several numbers, so that the texts of a sum's terms add up to the text of the sum.
 *
 * A number is rounded to whole units of its last decimal, and units are added as whole numbers. Python's
 * `app/core/writing/decimals.py` computes the same with the same operations.
 */

import { floorLog10, useMinusSign } from "convoscope/pure/text/number-text.js";

/**
 * A number of a step. `isExact`: it is what the layers make of the input, not only as near as float32 comes.
 * @typedef {{value: number, isExact: boolean}} Amount
 */

/**
 * How numbers that belong together are written: as whole units of 10^−decimals. `exponent` is the power of ten that all
 * of them share, null where there is none. `isFull`: no digit is lost.
 * @typedef {{decimals: number, exponent: number | null, isFull: boolean}} NumberFormat
 */

/** Significant digits of the largest of the numbers that are rounded together: below 1, and from 1 on. */
const [FEWEST_DIGITS, MOST_DIGITS] = [3, 4];

/** Characters of a number in a cell of a table, where it is written in full. */
export const LONGEST_TEXT = 7;

const MOST_DECIMALS = 8;

/** Smaller and larger numbers that are rounded are written with a power of ten, the same for all. */
const [SMALLEST_FIXED, LARGEST_FIXED] = [1e-3, 1e9];

/** Of a unit: what float64 adds to an exact number. */
const TOLERANCE = 1e-9;

/** @type {Amount} */
export const ZERO = { value: 0, isExact: true };

/** 10^exponent as the nearest number, in both languages. @param {number} exponent */
export function powerOfTen(exponent) {
  return Number(`1e${exponent}`);
}

/** The number in units of 10^−decimals, halves away from 0. @param {number} value @param {number} decimals */
export function toUnits(value, decimals) {
  const size = Math.trunc(Math.abs(value) * powerOfTen(decimals) + 0.5 + TOLERANCE);
  return value < 0 && size ? -size : size;
}

/**
 * The decimals that write a number in full; null where they are too many, or where it is not exact.
 * @param {Amount} amount
 */
export function countDecimals({ value, isExact }) {
  if (Number.isInteger(value)) return 0;
  if (!isExact) return null;
  for (let decimals = 0; decimals <= MOST_DECIMALS; decimals++) {
    const scaled = Math.abs(value) * powerOfTen(decimals);
    if (scaled >= LARGEST_FIXED) return null;
    if (Math.abs(scaled - Math.trunc(scaled + 0.5)) <= TOLERANCE) return decimals;
  }
  return null;
}

/**
 * The text of a number in units of a format; `isTrimmed` leaves out zeros at the end.
 * @param {number} units @param {NumberFormat} format @param {boolean} [isTrimmed]
 */
export function writeUnits(units, { decimals, exponent }, isTrimmed = false) {
  if (isTrimmed && !units) return "0";
  const written = decimals + (exponent ?? 0);
  const digits = BigInt(Math.abs(units)).toString();
  const padded = written > 0 ? digits.padStart(written + 1, "0") : digits + "0".repeat(-written);
  const text = written > 0 ? `${padded.slice(0, -written)}.${padded.slice(-written)}` : padded;
  const trimmed = isTrimmed && written > 0 ? text.replace(/\.?0+$/, "") : text;
  return useMinusSign(`${units < 0 ? "-" : ""}${trimmed}${exponent === null ? "" : `e${exponent}`}`);
}

/** Whether the text of a number in this format is exactly the number. @param {Amount} amount @param {NumberFormat} format */
export function isWrittenInFull({ value, isExact }, { decimals }) {
  const scaled = Math.abs(value) * powerOfTen(decimals);
  return isExact && Math.abs(scaled - Math.abs(toUnits(value, decimals))) <= TOLERANCE;
}

/**
 * The text of a number in this format: in full without zeros at the end, or rounded with all decimals.
 * @param {Amount} amount @param {NumberFormat} format
 */
export function writeAmount(amount, format) {
  return writeUnits(toUnits(amount.value, format.decimals), format, isWrittenInFull(amount, format));
}

/**
 * The format of numbers that are written together: in full where that is short (whole numbers, and decimals of at most
 * `longest` characters), else rounded to so many significant digits of the largest.
 * @param {Amount[]} amounts @param {number} [significant] @param {number} [longest]
 * @returns {NumberFormat}
 */
export function chooseFormat(amounts, significant = undefined, longest = LONGEST_TEXT) {
  const largest = largestOf(amounts);
  const full = amounts.map((amount) => shortDecimals(amount, longest));
  const isWritable = largest < LARGEST_FIXED || amounts.every(({ isExact }) => isExact);
  if (isWritable && !full.includes(null))
    return { decimals: Math.max(0, ...full.map(Number)), exponent: null, isFull: true };
  return roundFormat(largest, significant);
}

/**
 * The format of rounded numbers: so many significant digits of the largest, with at least one decimal.
 * @param {number} largest @param {number} [significant] @returns {NumberFormat}
 */
export function roundFormat(largest, significant) {
  if (!largest) return { decimals: FEWEST_DIGITS, exponent: null, isFull: false };
  const first = floorLog10(largest);
  const digits = significant ?? (first < 0 ? FEWEST_DIGITS : MOST_DIGITS);
  return largest < SMALLEST_FIXED || largest >= LARGEST_FIXED
    ? { decimals: digits - 1 - first, exponent: first, isFull: false }
    : { decimals: Math.max(1, digits - 1 - first), exponent: null, isFull: false };
}

/** @param {Amount[]} amounts */
export function largestOf(amounts) {
  return amounts.reduce((largest, { value }) => Math.max(largest, Math.abs(value)), 0);
}

/** @param {Amount} amount @param {number} longest */
function shortDecimals(amount, longest) {
  const decimals = countDecimals(amount);
  return !decimals || textLength(amount.value, decimals) <= longest ? decimals : null;
}

/** Characters of a number with its sign and so many decimals. @param {number} value @param {number} decimals */
export function textLength(value, decimals) {
  return value ? Math.max(0, floorLog10(Math.abs(value))) + 3 + decimals : 1;
}

/**
 * The format with one more decimal where a result that is not 0 would look like 0, if there is room.
 * @param {NumberFormat} format @param {number} largest @param {number} result @returns {NumberFormat}
 */
export function widenForResult(format, largest, result) {
  const scaled = Math.abs(result) * powerOfTen(format.decimals);
  const isLost = scaled > 0 && scaled < 1;
  if (format.exponent !== null || !isLost || textLength(largest, format.decimals + 1) > LONGEST_TEXT) return format;
  return { ...format, decimals: format.decimals + 1 };
}

/** A sum whose shown terms add up to its shown result, the same as in Python's `app/core/writing/written_sum.py`. */

import {
  chooseFormat,
  countDecimals,
  isWrittenInFull,
  LONGEST_TEXT,
  largestOf,
  listFormats,
  powerOfTen,
  roundFormat,
  textLength,
  toUnits,
} from "convoscope/pure/text/decimals.js";

/** @import {Amount, NumberFormat} from "convoscope/pure/text/decimals.js" */

/** Of more channels the sum is rounded, and the channels that are not listed take what is missing. */
export const MOST_EXACT_CHANNELS = 8;

const LONGEST_RESULT = 10;

/**
 * (Σ of the terms of all channels) ÷ divisor + bias = result. `total` is the sum of all terms.
 * @typedef {{channels: Amount[][], total: Amount, divisor: number, bias: Amount, result: Amount}} StepSum
 */

/**
 * A sum in whole units: terms, `channelSums` and `total` in those of `format`, the rest of `endFormat`.
 * quotient + bias + rounding = result.
 * @typedef {{format: NumberFormat, endFormat: NumberFormat, channelSums: number[], total: number, quotient: number,
 * bias: number, rounding: number, result: number, isTotalExact: boolean}} WrittenSum
 */

/**
 * The sum with the fewest decimals with which it adds up; with the first of them where none does.
 * @param {StepSum} stepSum @returns {WrittenSum}
 */
export function writeSum(stepSum) {
  const written = listFormatPairs(stepSum).map(([format, end]) => writeWith(stepSum, format, end));
  return written.find(({ rounding }) => rounding === 0) ?? written[0];
}

/** @param {StepSum} stepSum @returns {[NumberFormat, NumberFormat][]} */
function listFormatPairs({ channels, total, divisor, bias, result }) {
  const listed = channels.flat().filter(({ value }) => value !== 0);
  const terms = listed.length ? listed : [total];
  const ends = [bias, result];
  const format = chooseFormat(terms);
  const end = chooseFormat(ends, 4, LONGEST_RESULT);
  if (divisor !== 1 && format.isFull) return [[format, holdBias(end, bias, [])]];
  if (divisor !== 1)
    return listFormats(largestOf(terms), format, 0).map((one) => [one, holdBias(chooseEndFormat(one, ends), bias, [])]);
  if (format.isFull && end.isFull) {
    const both = { ...format, decimals: Math.max(format.decimals, end.decimals) };
    return [[both, both]];
  }
  const formats = listFormats(largestOf(terms), roundTerms(terms, ends), result.value);
  return formats.map((one) => holdBias(one, bias, terms)).map((one) => [one, one]);
}

/**
 * Three digits of the largest term, unless bias and result are so much larger that these would be too many.
 * @param {Amount[]} terms @param {Amount[]} ends @returns {NumberFormat}
 */
function roundTerms(terms, ends) {
  const [own, common] = [roundFormat(largestOf(terms)), roundFormat(largestOf([...terms, ...ends]))];
  return common.exponent === null ? { ...common, decimals: Math.min(own.decimals, common.decimals + 2) } : common;
}

/**
 * The decimals of the terms, and one or two more where they show fewer than two digits of the result.
 * @param {NumberFormat} format @param {Amount[]} ends @returns {NumberFormat}
 */
function chooseEndFormat(format, ends) {
  const chosen = chooseFormat(ends);
  if (chosen.exponent !== null || format.exponent !== null) return chosen;
  let { decimals } = format;
  const isSmall = () => ends[1].value !== 0 && Math.abs(ends[1].value) * powerOfTen(decimals) < 10;
  while (decimals < format.decimals + 2 && isSmall()) decimals += 1;
  return { decimals, exponent: null, isFull: false };
}

/**
 * The format with the decimals of a typed bias, where there is room.
 * @param {NumberFormat} format @param {Amount} bias @param {Amount[]} terms @returns {NumberFormat}
 */
function holdBias(format, bias, terms) {
  const decimals = countDecimals(bias);
  if (decimals === null || decimals <= format.decimals || format.exponent !== null) return format;
  const lengths = (terms.length ? terms : [bias]).map(({ value }) => textLength(value, decimals));
  const longest = terms.length ? LONGEST_TEXT : LONGEST_RESULT;
  return lengths.every((length) => length <= longest) ? { ...format, decimals } : format;
}

/** @param {StepSum} stepSum @param {NumberFormat} format @param {NumberFormat} endFormat @returns {WrittenSum} */
function writeWith({ channels, total: sum, divisor, bias: added, result: end }, format, endFormat) {
  const channelSums = channels.map((terms) =>
    terms.reduce((all, { value }) => all + toUnits(value, format.decimals), 0),
  );
  const isListed = channels.length > 0 && channels.length <= MOST_EXACT_CHANNELS;
  const total = isListed ? channelSums.reduce((all, one) => all + one, 0) : toUnits(sum.value, format.decimals);
  const all = isListed ? channels.flat() : [sum];
  const isTotalExact = sum.isExact && all.every((amount) => isWrittenInFull(amount, format));
  const quotient = divisor === 1 ? total : toUnits(total / powerOfTen(format.decimals) / divisor, endFormat.decimals);
  const [bias, result] = [added, end].map(({ value }) => toUnits(value, endFormat.decimals));
  const rounding = result - quotient - bias;
  return { format, endFormat, channelSums, total, quotient, bias, rounding, result, isTotalExact };
}

/** A sum whose shown terms add up to its shown result, the same as in Python's `app/core/writing/written_sum.py`. */

import {
  chooseFormat,
  countDecimals,
  isWrittenInFull,
  LONGEST_TEXT,
  largestOf,
  powerOfTen,
  roundFormat,
  textLength,
  toUnits,
  widenForResult,
} from "convoscope/pure/text/decimals.js";

/** @import {Amount, NumberFormat} from "convoscope/pure/text/decimals.js" */

/** Of more channels the sum is rounded; the largest are listed, and the others take what is missing. */
export const MOST_EXACT_CHANNELS = 8;

/**
 * The channels of a sum, those with the largest sums first, by their size.
 * @param {number[]} sums one for each channel @returns {number[]} their places
 */
export function orderChannels(sums) {
  return Array.from(sums.keys()).sort((a, b) => Math.abs(sums[b]) - Math.abs(sums[a]) || a - b);
}

const LONGEST_RESULT = 10;

/** Of a unit: a term that is nearer to its rounded text is not rounded to the other side. */
const LEAST_DISTANCE = 0.1;

/**
 * (Σ of the terms of all channels) ÷ divisor + bias = result. `total` is the sum of all terms. `isFree` says of each term
 * whether it may be rounded to the other side; a product with a weight of 1 or −1 may not, because its value is written
 * beside it.
 * @typedef {{channels: Amount[][], total: Amount, divisor: number, bias: Amount, result: Amount, isFree?: boolean[][]}}
 * StepSum
 */

/**
 * A sum in whole units: `terms`, `channelSums` and `total` in those of `format`, the rest of `endFormat`.
 * quotient + bias + rounding = result.
 * @typedef {{format: NumberFormat, endFormat: NumberFormat, terms: number[][], channelSums: number[], total: number, quotient: number,
 * bias: number, rounding: number, result: number, isTotalExact: boolean}} WrittenSum
 */

/**
 * The sum as it is written. Each term is rounded to the nearest unit. Where these do not add up to the rounded result,
 * some terms are rounded to the other side, those first that are nearest to the middle; where too few may be, `rounding`
 * says what is missing.
 * @param {StepSum} stepSum @returns {WrittenSum}
 */
export function writeSum(stepSum) {
  const [format, end] = chooseFormats(stepSum);
  const terms = stepSum.channels.map((channel) => channel.map(({ value }) => toUnits(value, format.decimals)));
  const written = writeWith(stepSum, format, end, terms);
  if (!written.rounding || stepSum.divisor !== 1 || stepSum.channels.length > MOST_EXACT_CHANNELS) return written;
  const moved = moveTerms(stepSum, written);
  return moved ? writeWith(stepSum, format, end, moved) : written;
}

/** @param {StepSum} stepSum @returns {[NumberFormat, NumberFormat]} */
function chooseFormats({ channels, total, divisor, bias, result }) {
  const listed = channels.flat().filter(({ value }) => value !== 0);
  const terms = listed.length ? listed : [total];
  const ends = [bias, result];
  const format = chooseFormat(terms);
  const end = chooseFormat(ends, 4, LONGEST_RESULT);
  if (divisor !== 1) return [format, holdBias(format.isFull ? end : chooseEndFormat(format, ends), bias, [])];
  if (format.isFull && end.isFull) {
    const both = { ...format, decimals: Math.max(format.decimals, end.decimals) };
    return [both, both];
  }
  const rounded = widenForResult(chooseCommonFormat(terms, ends), largestOf(terms), result.value);
  const held = holdBias(rounded, bias, terms);
  return [held, held];
}

/**
 * The terms with as many rounded to the other side as the sum needs; null where too few may be.
 * @param {StepSum} stepSum @param {WrittenSum} written
 */
function moveTerms({ channels, isFree = [] }, { format, terms, rounding }) {
  const sign = Math.sign(rounding);
  const scale = powerOfTen(format.decimals);
  const distance = (/** @type {number} */ c, /** @type {number} */ n) =>
    sign * (channels[c][n].value * scale - terms[c][n]);
  const places = isFree
    .flatMap((line, c) => line.flatMap((free, n) => (free ? [{ c, n, distance: distance(c, n) }] : [])))
    .filter((place) => place.distance > LEAST_DISTANCE);
  if (places.length < Math.abs(rounding)) return null;
  const moved = terms.map((channel) => [...channel]);
  places.sort((one, other) => other.distance - one.distance);
  for (const { c, n } of places.slice(0, Math.abs(rounding))) moved[c][n] += sign;
  return moved;
}

/**
 * Three digits of the largest term, unless bias and result are so much larger that these would be too many.
 * @param {Amount[]} terms @param {Amount[]} ends @returns {NumberFormat}
 */
function chooseCommonFormat(terms, ends) {
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

/**
 * @param {StepSum} stepSum @param {NumberFormat} format @param {NumberFormat} endFormat @param {number[][]} terms
 * @returns {WrittenSum}
 */
function writeWith({ channels, total: sum, divisor, bias: added, result: end }, format, endFormat, terms) {
  const channelSums = terms.map((channel) => channel.reduce((all, units) => all + units, 0));
  const isListed = channels.length > 0 && channels.length <= MOST_EXACT_CHANNELS;
  const total = isListed ? channelSums.reduce((all, one) => all + one, 0) : toUnits(sum.value, format.decimals);
  const all = isListed ? channels.flat() : [sum];
  const isTotalExact = sum.isExact && all.every((amount) => isWrittenInFull(amount, format));
  const quotient = divisor === 1 ? total : toUnits(total / powerOfTen(format.decimals) / divisor, endFormat.decimals);
  const [bias, result] = [added, end].map(({ value }) => toUnits(value, endFormat.decimals));
  const rounding = result - quotient - bias;
  return { format, endFormat, terms, channelSums, total, quotient, bias, rounding, result, isTotalExact };
}

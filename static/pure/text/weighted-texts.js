/** The texts of weighted sums: convolutions, fully connected layers, and the preprocessing of a model. */

import { readAmount, readBias, readFilter, roundToMultiple } from "convoscope/pure/text/amounts.js";
import {
  chooseFormat,
  isWrittenInFull,
  largestOf,
  powerOfTen,
  roundFormat,
  toUnits,
  writeAmount,
  writeUnits,
  ZERO,
} from "convoscope/pure/text/decimals.js";
import { addPlusSign, isTextFull, numberText } from "convoscope/pure/text/number-text.js";
import { MOST_EXACT_CHANNELS, orderChannels, writeSum } from "convoscope/pure/text/written-sum.js";

/** @import {Amount, NumberFormat} from "convoscope/pure/text/decimals.js" */
/** @import {WrittenFilter} from "convoscope/pure/text/amounts.js" */
/** @import {WrittenSum} from "convoscope/pure/text/written-sum.js" */
/** @import {ChannelTexts, Frame, Stage, StepTexts} from "convoscope/pure/types.js" */

/** Up to this many channels have tables. With more each has a bar; a fully connected layer shows its largest terms. */
export const MOST_TABLES = 3;

/**
 * A convolution or a fully connected layer.
 * @param {Stage} stage @param {Stage} before @param {Frame} frame @returns {Partial<StepTexts>}
 */
export function writeWeightedSum(stage, before, frame) {
  const longSum = frame.strongest.length ? writeLongSum(stage, before, frame) : null;
  if (longSum && !frame.channels.length) return longSum;
  const filter = readFilter(stage, before, frame);
  const { amount: bias, typed } = readBias(stage, frame);
  const values = frame.channels.map((channel) => readRows(before, channel.values));
  const weights = frame.channels.map((channel) =>
    (channel.weights ?? []).map((line) => line.map((weight) => readWeight(weight, filter.cellDivisor))),
  );
  const products = values.map((rows, i) => multiply(rows, weights[i]));
  const result = readAmount(stage, frame.result);
  const total = readTotal(before, filter, frame);
  const channels = products.map((rows) => rows.flat());
  const sums = writeSum({ channels, total, divisor: filter.divisor, bias, result, isFree: findFreeTerms(weights) });
  const tables = writeChannels(values, weights, products, sums);
  if (longSum && tables.length > MOST_TABLES) return { ...longSum, channels: tables };
  const ends = writeEnds(sums, bias, typed, result, filter.divisor);
  return { ...longSum, ...ends, channels: tables, channelRest: writeChannelRest(sums, frame) };
}

/**
 * The sum of the channels that are not listed; it takes what rounding leaves.
 * @param {WrittenSum} sums @param {Frame} frame
 */
function writeChannelRest({ channelSums, total, format, isTotalExact }, { channels }) {
  if (channelSums.length <= MOST_EXACT_CHANNELS) return "";
  const listed = orderChannels(channels.map(({ sum }) => sum)).slice(0, MOST_EXACT_CHANNELS);
  const rest = listed.reduce((left, channel) => left - channelSums[channel], total);
  return addPlusSign(writeUnits(rest, format, isTotalExact));
}

/**
 * The texts of the sum, what is done with it, and the result.
 * @param {WrittenSum} sums @param {Amount} bias @param {string} typed @param {Amount} result @param {number} divisor
 */
export function writeEnds(sums, bias, typed, result, divisor) {
  const { endFormat, isTotalExact } = sums;
  const isBiasFull = isWrittenInFull(bias, endFormat);
  const isResultExact = isWrittenInFull(result, endFormat);
  const isQuotientExact = isTotalExact && isWholeQuotient(sums, divisor);
  return {
    sum: writeUnits(sums.total, sums.format, isTotalExact),
    isSumExact: isTotalExact,
    divisor: divisor === 1 ? "" : numberText(divisor),
    quotient: writeUnits(sums.quotient, endFormat, isQuotientExact),
    isQuotientExact,
    bias: writeAmount(bias, endFormat),
    biasWritten: isBiasFull ? "" : typed,
    rounding: sums.rounding ? addPlusSign(writeUnits(sums.rounding, endFormat, endFormat.isFull)) : "",
    result: writeUnits(sums.result, endFormat, isResultExact),
    isResultExact,
  };
}

/** Whether the quotient is written in full. @param {WrittenSum} sums @param {number} divisor */
function isWholeQuotient({ quotient, total, format, endFormat }, divisor) {
  const left = (quotient * divisor) / powerOfTen(endFormat.decimals);
  return Math.abs(left - total / powerOfTen(format.decimals)) <= 1e-9 * Math.max(1, Math.abs(left));
}

/**
 * The preprocessing of a model: shares of cells, their sum, and the result of the formula.
 * @param {Stage} _ @param {Stage} before @param {Frame} frame @returns {Partial<StepTexts>}
 */
export function writePreprocessing(_, before, frame) {
  const texts = { result: numberText(frame.result), isResultExact: false };
  if (!frame.channels[0]?.weights) {
    const value = readAmount(before, frame.sum);
    const text = numberText(value.value);
    const format = chooseFormat([value], 4);
    const channels = frame.channels.map((channel) => ({
      values: writeRows(readRows(before, channel.values), format),
      weights: [],
      products: [],
      sum: text,
    }));
    return { ...texts, channels, sum: text, isSumExact: value.isExact && isTextFull(value.value) };
  }
  const { result: sum, isResultExact: isSumExact, rounding, channels } = writeShares(_, before, frame);
  return { ...texts, channels, sum, isSumExact, rounding };
}

/**
 * Cells with their shares, whose sum is the result.
 * @param {Stage} _ @param {Stage} before @param {Frame} frame
 */
export function writeShares(_, before, frame) {
  const values = frame.channels.map((channel) => readRows(before, channel.values));
  const weights = frame.channels.map((channel) =>
    (channel.weights ?? []).map((line) => line.map((value) => ({ value, isExact: true }))),
  );
  const products = values.map((rows, i) => multiply(rows, weights[i]));
  const total = { value: frame.sum, isExact: values.flat(2).every(({ isExact }) => isExact) };
  const channels = products.map((rows) => rows.flat());
  const sums = writeSum({ channels, total, divisor: 1, bias: ZERO, result: total, isFree: findFreeTerms(weights) });
  const ends = writeEnds(sums, ZERO, "", total, 1);
  return { ...ends, quotient: "", bias: "", channels: writeChannels(values, weights, products, sums) };
}

/**
 * A sum of many terms: the largest, and the others together, which take what rounding leaves.
 * @param {Stage} stage @param {Stage} before @param {Frame} frame
 */
function writeLongSum(stage, before, frame) {
  const { amount: bias, typed } = readBias(stage, frame);
  const result = readAmount(stage, frame.result);
  const values = frame.strongest.map(({ value }) => readAmount(before, value));
  // The sum is not divided afterwards: each weight is written as it counts.
  const weights = frame.strongest.map(({ weight }) => readWeight(weight, frame.divisor * frame.scale));
  const products = values.map((value, i) => multiplyTwo(value, weights[i]));
  const amounts = [...products, bias, result];
  const chosen = chooseFormat(amounts, 4);
  const format = chosen.isFull ? chosen : roundFormat(largestOf(amounts), 4);
  const units = products.map(({ value }) => toUnits(value, format.decimals));
  const [end, added] = [result, bias].map(({ value }) => toUnits(value, format.decimals));
  const [isResultExact, isBiasFull] = [result, bias].map((amount) => isWrittenInFull(amount, format));
  const isSumExact = isResultExact && isBiasFull;
  const [valueFormat, weightFormat] = [chooseFormat(values), chooseFormat(weights)];
  const sum = writeUnits(end - added, format, isSumExact);
  const rest = (/** @type {number} */ shown) => units.slice(0, shown).reduce((left, unit) => left - unit, end - added);
  return {
    sum,
    isSumExact,
    quotient: sum,
    isQuotientExact: isSumExact,
    bias: writeAmount(bias, format),
    biasWritten: isBiasFull ? "" : typed,
    result: writeUnits(end, format, isResultExact),
    isResultExact,
    strongest: products.map((product, i) => ({
      value: writeAmount(values[i], valueFormat),
      weight: writeAmount(weights[i], weightFormat),
      product: addPlusSign(writeAmount(product, format)),
      isExact:
        isWrittenInFull(values[i], valueFormat) &&
        isWrittenInFull(weights[i], weightFormat) &&
        isWrittenInFull(product, format),
    })),
    rests: [...units, 0].map((_, shown) => addPlusSign(writeUnits(rest(shown), format, isSumExact))),
  };
}

/** Which products may be rounded to the other side: not those that are their values. @param {Amount[][][]} weights */
function findFreeTerms(weights) {
  return weights.map((rows) => rows.flat().map(({ value }) => Math.abs(value) !== 1));
}

/** @param {Stage} before @param {(number | null)[][]} values @returns {Amount[][]} */
function readRows(before, values) {
  return values.map((line) => line.map((value) => readAmount(before, value ?? 0)));
}

/** @param {number} weight @param {number} divisor @returns {Amount} */
function readWeight(weight, divisor) {
  return { value: weight / divisor, isExact: Number.isInteger(weight) };
}

/** @param {Amount[][]} values @param {Amount[][]} weights */
function multiply(values, weights) {
  return values.map((line, r) => line.map((value, c) => multiplyTwo(value, weights[r][c])));
}

/** @param {Amount} value @param {Amount} weight @returns {Amount} */
function multiplyTwo(value, weight) {
  const isZero = [value, weight].some((amount) => amount.isExact && amount.value === 0);
  return { value: value.value * weight.value + 0, isExact: isZero || (value.isExact && weight.isExact) };
}

/** @param {Stage} before @param {WrittenFilter} filter @param {Frame} frame @returns {Amount} */
function readTotal(before, { cellDivisor, isExact }, frame) {
  const total = frame.sum / cellDivisor;
  const { denominator } = before;
  return { value: isExact && denominator ? roundToMultiple(total, denominator * cellDivisor) : total, isExact };
}

/**
 * The tables of all channels: one format for all values, one for all weights, one for all products. They are written
 * when they are read.
 * @param {Amount[][][]} values @param {Amount[][][]} weights @param {Amount[][][]} products @param {WrittenSum} sums
 * @returns {ChannelTexts[]}
 */
function writeChannels(values, weights, products, { format, terms, channelSums }) {
  const [allValues, allWeights] = [values.flat(2), weights.flat(2)];
  const own = chooseFormat(allValues);
  const isWhole = allWeights.every(({ value }) => Number.isInteger(value));
  const valueFormat = !own.isFull && isWhole ? format : own;
  const weightFormat = chooseFormat(allWeights);
  return products.map((rows, i) => ({
    get values() {
      return writeRows(values[i], valueFormat);
    },
    get weights() {
      return writeRows(weights[i], weightFormat);
    },
    get products() {
      return rows.map((line, r) =>
        line.map((amount, c) =>
          addPlusSign(writeUnits(terms[i][r * line.length + c], format, isWrittenInFull(amount, format))),
        ),
      );
    },
    get sum() {
      const isFull = rows.flat().every((amount) => isWrittenInFull(amount, format));
      return addPlusSign(writeUnits(channelSums[i], format, isFull));
    },
  }));
}

/** @param {Amount[][]} rows @param {NumberFormat} format */
function writeRows(rows, format) {
  return rows.map((line) => line.map((amount) => writeAmount(amount, format)));
}

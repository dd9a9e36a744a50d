/** The texts of steps without weights: pools, softmax, activations, copies of one cell, and joins. */

import { readAmount, roundToMultiple } from "convoscope/pure/text/amounts.js";
import {
  chooseFormat,
  isWrittenInFull,
  toUnits,
  writeAmount,
  writeUnits,
  ZERO,
} from "convoscope/pure/text/decimals.js";
import { addPlusSign, isTextFull, numberText, percentText, useMinusSign } from "convoscope/pure/text/number-text.js";
import { writeEnds } from "convoscope/pure/text/weighted-texts.js";
import { writeSum } from "convoscope/pure/text/written-sum.js";

/** @import {Amount, NumberFormat} from "convoscope/pure/text/decimals.js" */
/** @import {ChannelTexts, Frame, Stage, StepTexts, Trace} from "convoscope/pure/types.js" */

/** How e^x is written in softmax, where the largest is 1. @type {NumberFormat} */
const POWERS = { decimals: 4, exponent: null, isFull: false };

/**
 * A step that reads one cell: each number has its own four digits. The value of a function at 0, such as ½, is exact
 * where its digits are. A pad may have a value that the stage before has not.
 * @param {Stage} stage @param {Stage} before @param {Frame} frame @returns {Partial<StepTexts>}
 */
export function writeSingle(stage, before, frame) {
  const read = readAmount(frame.kind === "input" || frame.kind === "pad" ? stage : before, frame.sum);
  const result = readAmount(stage, frame.result);
  const isExact = result.isExact || (frame.kind === "pointwise" && read.isExact && read.value === 0);
  const sum = numberText(read.value);
  return {
    channels: frame.channels.map(() => tableOf([[sum]])),
    sum,
    isSumExact: read.isExact && isTextFull(read.value),
    result: numberText(result.value),
    isResultExact: isExact && isTextFull(result.value),
  };
}

/**
 * A pooling: the cells of the window are written alike, and the chosen one is the result.
 * @param {Stage} stage @param {Stage} before @param {Frame} frame @returns {Partial<StepTexts>}
 */
export function writePooling(stage, before, frame) {
  const cells = frame.channels.flatMap(({ values }) => values.flat().filter((value) => value !== null));
  const amounts = cells.map((value) => readAmount(before, value));
  const result = readAmount(stage, frame.result);
  const tables = (/** @type {NumberFormat} */ format, sum = "") =>
    frame.channels.map(({ values }) => tableOf(writeWindow(before, values, format), sum));
  if (stage.pool === "avg") {
    const [total, divisor] = [readSum(before, frame.sum), frame.count ?? 1];
    const channels = amounts.length ? [amounts] : [];
    const sums = writeSum({ channels, total, divisor, bias: ZERO, result });
    const { bias, ...ends } = writeEnds(sums, ZERO, "", result, divisor);
    return { ...ends, quotient: "", isQuotientExact: true, channels: tables(sums.format, ends.sum) };
  }
  const format = chooseFormat(amounts);
  if (stage.pool === "l2") {
    const isWhole = before.denominator === 1 && Number.isInteger(result.value);
    const isResultExact = isWhole && readSum(before, frame.sum).value === result.value ** 2;
    return { channels: tables(format), sum: numberText(frame.sum), result: numberText(result.value), isResultExact };
  }
  if (!amounts.length) return writeSingle(stage, before, frame);
  const isResultExact = isWrittenInFull(result, format);
  return { channels: tables(format), result: writeAmount(result, format), isResultExact };
}

/**
 * Softmax: scores, e^x with four decimals that add up to their sum, and shares in percent.
 * @param {Stage} _ @param {Stage} before @param {Frame} frame @returns {Partial<StepTexts>}
 */
export function writeSoftmax(_, before, frame) {
  const listed = frame.channels;
  const format = chooseFormat(
    listed.flatMap(({ values }) => values.flat().map((value) => readAmount(before, value ?? 0))),
  );
  const channels = listed.map(({ values }) => tableOf(writeWindow(before, values, format)));
  const [share, largest] = [percentText(frame.result), readAmount(before, frame.largest ?? 0)];
  const ends = {
    channels,
    result: share,
    isResultExact: frame.result === 1 || /^[<>]/.test(share),
    largest: listed.length ? writeAmount(largest, format) : numberText(largest.value),
  };
  if (!listed.length || frame.rows.length * frame.columns.length > 1)
    return { ...ends, sum: numberText(frame.sum), isSumExact: false };
  const powers = listed.map(({ products }) => products?.[0][0] ?? 0);
  return {
    ...ends,
    sum: writePowers(powers),
    isSumExact: powers.length === 1,
    powers: powers.map((value) => writeAmount({ value, isExact: value === 1 }, POWERS)),
    shares: powers.map((power) => percentText(power / frame.sum)),
  };
}

/** The sum of some of softmax's e^x as they are written. @param {number[]} powers */
export function writePowers(powers) {
  return writeUnits(
    powers.reduce((sum, power) => sum + toUnits(power, POWERS.decimals), 0),
    POWERS,
  );
}

/**
 * What is missing to 100 % in shares as they are written; "" where nothing is, or where "< 0.1 %" explains it.
 * @param {string[]} shares
 */
export function writeShareRounding(shares) {
  const tenths = shares.map((share) => (/^[<>]/.test(share) ? 0 : Math.round(10 * Number.parseFloat(share))));
  const small = shares.filter((share) => share.startsWith("<")).length;
  const missing = 1000 - tenths.reduce((sum, one) => sum + one, 0);
  if (shares.some((share) => share.startsWith(">")) || (missing >= 0 && missing <= small)) return "";
  return useMinusSign(`${missing > 0 ? "+" : ""}${(missing / 10).toFixed(1)} %`);
}

/** @param {Stage} before @param {number} total @returns {Amount} */
function readSum({ denominator }, total) {
  return denominator
    ? { value: roundToMultiple(total, denominator), isExact: true }
    : { value: total, isExact: total === 0 };
}

/** @param {Stage} before @param {(number | null)[][]} window @param {NumberFormat} format */
function writeWindow(before, window, format) {
  return window.map((line) =>
    line.map((value) => (value === null ? "" : writeAmount(readAmount(before, value), format))),
  );
}

/** @param {string[][]} values @param {string} [sum] @returns {ChannelTexts} */
function tableOf(values, sum = "") {
  return { values, weights: [], products: [], sum };
}

/** A join of several stages. @param {Trace} trace @param {Stage} stage @param {Frame} frame @returns {Partial<StepTexts>} */
export function writeJoin(trace, stage, frame) {
  const terms = frame.channels.map(({ sum }, i) => readAmount(trace.stages[frame.joined[i]], sum));
  const result = readAmount(stage, frame.result);
  const tables = (/** @type {string[]} */ texts, /** @type {(text: string) => string} */ write) =>
    texts.map((text) => ({ values: [[text]], weights: [], products: [], sum: write(text) }));
  if (stage.op === "mul") {
    const isFull = terms.every(({ value, isExact }) => isExact && isTextFull(value));
    const isExact = isFull || terms.some(({ value, isExact }) => isExact && value === 0);
    const text = numberText(result.value);
    const isResultExact = isExact && isTextFull(result.value);
    const channels = tables(
      terms.map(({ value }) => numberText(value)),
      () => "",
    );
    return { channels, sum: text, isSumExact: isResultExact, result: text, isResultExact };
  }
  const sum = terms.reduce((all, { value }) => all + value, 0);
  const { denominator } = stage;
  const total = denominator
    ? { value: roundToMultiple(sum, denominator), isExact: true }
    : { value: sum, isExact: result.isExact };
  const sums = writeSum({
    channels: [terms],
    total,
    divisor: 1,
    bias: ZERO,
    result,
    isFree: [terms.map(() => true)],
  });
  const { bias, quotient, isQuotientExact, ...ends } = writeEnds(sums, ZERO, "", result, 1);
  const texts = terms.map((term, i) => writeUnits(sums.terms[0][i], sums.format, isWrittenInFull(term, sums.format)));
  return { ...ends, channels: tables(texts, addPlusSign) };
}

/**
 * The equation of a step: 42·(−1) + 119·0 + … = 459. Where products are rounded, they are written out, too, so that the
 * last line adds up: 0.541·(−2) + 0.573·2 ≈ −1.082 + 1.145 = 0.063.
 */

import { activationFormula } from "convoscope/pure/frame/activations.js";
import { CAPTION } from "convoscope/pure/strings/strings.js";
import { part } from "convoscope/pure/text/formula.js";
import { bracketNegative, numberText } from "convoscope/pure/text/number-text.js";
import { preprocessingFormula } from "convoscope/pure/text/preprocessing-formula.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";
import { MOST_TABLES } from "convoscope/pure/text/weighted-texts.js";
import { MOST_EXACT_CHANNELS, orderChannels } from "convoscope/pure/text/written-sum.js";

/** @import {FormulaPart} from "convoscope/pure/text/formula.js" */
/** @import {ChannelTexts, Frame, Stage, StepTexts, Trace} from "convoscope/pure/types.js" */

/**
 * The equation of a step. Each part names its cell of the window. A window too large to be listed has only its sum.
 * @param {Trace} trace @param {Frame} frame
 * @returns {FormulaPart[]}
 */
export function equationParts(trace, frame) {
  const stage = trace.stages[frame.stage];
  const texts = writeStep(trace, frame);
  const { sign, rounding } = endOf(frame, texts);
  const end = rounding ? [part(` (${CAPTION.rounded(rounding)})`)] : [];
  return [...leftSide(stage, frame, texts), part(` ${sign} `), part(texts.result, "output"), ...end];
}

/**
 * The sign before the result, and what rounding leaves of it: "" for nothing.
 * @param {Frame} frame @param {StepTexts} texts @returns {{sign: "=" | "≈", rounding: string}}
 */
export function endOf(frame, texts) {
  // Exact terms and a typed bias are rounded once, in the result.
  const isExact = texts.isSumExact && texts.biasWritten;
  const missing = texts.rounding || leftOver(frame, texts);
  const addsUp = isWrittenOut(frame, texts) && !missing && !texts.divisor;
  return { sign: texts.isResultExact || addsUp ? "=" : "≈", rounding: isExact ? "" : missing };
}

/**
 * Whether the rounded products, or the sums of the channels, are written after the products of values and weights.
 * @param {Frame} frame @param {StepTexts} texts
 */
function isWrittenOut({ kind }, { isSumExact, channels, strongest }) {
  return (kind === "conv" || kind === "linear") && !isSumExact && channels.length + strongest.length > 0;
}

/** @param {Stage} stage @param {Frame} frame @param {StepTexts} texts @returns {FormulaPart[]} */
function leftSide(stage, frame, texts) {
  if (frame.kind === "linear" && frame.rest && isLong(frame)) return longSumParts(frame, texts);
  if (!frame.channels.length) return [part(texts.sum || texts.result)];
  return (stage.own?.left ?? LEFT_SIDES[frame.kind])(stage, frame, texts);
}

/**
 * What rounding leaves of a long sum all of whose terms are written, "" for nothing: no others take it.
 * @param {Frame} frame @param {StepTexts} texts
 */
function leftOver(frame, { strongest, rests }) {
  const left = frame.rest && !frame.rest.count && isLong(frame) ? (rests[strongest.length] ?? "") : "";
  return /[1-9]/.test(left) ? left : "";
}

/** Whether only the largest terms of a sum are written. @param {Frame} frame */
function isLong({ channels }) {
  return channels.length === 0 || channels.length > MOST_TABLES;
}

/** @type {Record<string, (stage: Stage, frame: Frame, texts: StepTexts) => FormulaPart[]>} */
const LEFT_SIDES = {
  conv: weightedSumParts,
  linear: weightedSumParts,
  prepare: (stage, frame, { sum }) => [part(preprocessingFormula(stage, frame.map, sum), "input", [0, 0, 0])],
  pool: poolParts,
  pointwise: (stage, _, { sum }) => [part(activationFormula(stage, sum), "input", [0, 0, 0])],
  softmax: (_, frame, texts) => {
    const index = frame.channels.findIndex(({ channel }) => channel === frame.map);
    const score = texts.channels[index]?.values[frame.row]?.[frame.col] ?? "x";
    const less = bracketNegative(texts.largest);
    return [
      part("e^("),
      part(score, "input"),
      part(` − ${less}) / Σ e^(x − ${less}) = ${powerText(frame, texts)} / ${texts.sum}`),
    ];
  },
  shift: (_, __, { sum }) => [part(sum, "input", [0, 0, 0])],
  flatten: (_, __, { sum }) => [part(sum, "input", [0, 0, 0])],
  input: (_, __, { sum }) => [part(sum, "input", [0, 0, 0])],
  join: joinParts,
};

/** @param {Stage} stage @param {Frame} frame @param {StepTexts} texts @returns {FormulaPart[]} */
function joinParts({ op }, { joined }, { channels, sum }) {
  if (joined.length < 2) return [part(sum, "input", [0, 0, 0])];
  return channels.flatMap(({ values }, i) => [
    ...(i ? [part(op === "mul" ? " · " : " + ")] : []),
    part(i ? bracketNegative(values[0][0]) : values[0][0], "input", [i, 0, 0]),
  ]);
}

/** The term of softmax for the cell in focus, e^(score − largest score). @param {Frame} frame @param {StepTexts} texts */
export function powerText(frame, { powers }) {
  const index = frame.channels.findIndex(({ channel }) => channel === frame.map);
  const power = frame.channels[index]?.products?.[frame.row]?.[frame.col] ?? frame.result * frame.sum;
  return powers[index] ?? numberText(power);
}

/**
 * A sum of too many terms: the strongest terms and the sum of the others.
 * @param {Frame} frame @param {StepTexts} texts
 * @returns {FormulaPart[]}
 */
function longSumParts(frame, texts) {
  const { strongest, rests, bias } = texts;
  const terms = strongest.flatMap(({ value, weight }, i) => [
    ...(i ? [part(" + ")] : []),
    part(i ? bracketNegative(value) : value, "input"),
    part("·"),
    part(bracketNegative(weight), "filter"),
  ]);
  const products = strongest.map(({ product }) => withoutPlus(product));
  const others = withoutPlus(rests[strongest.length]);
  const end = [
    part(frame.rest?.count ? ` + ${CAPTION.others(frame.rest.count, bracketNegative(others))}` : ""),
    part(" + "),
    part(bracketNegative(bias), "bias"),
  ];
  return isWrittenOut(frame, texts) ? [...terms, part(` + … ≈ ${addUp(products)}`), ...end] : [...terms, ...end];
}

/** @param {Stage} _ @param {Frame} frame @param {StepTexts} texts @returns {FormulaPart[]} */
function weightedSumParts(_, frame, texts) {
  const terms = texts.channels.flatMap((channel, index) =>
    cellsOf(channel.values).map(({ text, row, col }, n) => [
      part(index + n > 0 ? bracketNegative(text) : text, "input", [index, row, col]),
      part("·"),
      part(bracketNegative(channel.weights[row][col]), "filter", [index, row, col]),
    ]),
  );
  const sum = terms.flatMap((term, i) => (i ? [part(" + "), ...term] : term));
  const typed = { ...texts, bias: texts.biasWritten || texts.bias };
  const line = part(addUp(roundedTerms(texts, frame)));
  if (!isWrittenOut(frame, texts) && frame.kind === "conv" && frame.channels.length > 1)
    return [...finishSum(sum, frame, typed), part(" = "), ...finishSum([line], frame, typed)];
  if (!isWrittenOut(frame, texts)) return finishSum(sum, frame, typed);
  return [...finishSum(sum, frame, typed), part(" ≈ "), ...finishSum([line], frame, texts)];
}

/**
 * The products of one channel; of several their sums, and of many those of the largest and the sum of the others.
 * @param {StepTexts} texts @param {Frame} frame
 */
export function roundedTerms({ channels, channelRest }, frame) {
  if (channels.length === 1) return channels[0].products.flat().map(withoutPlus);
  const largest = orderChannels(frame.channels.map(({ sum }) => sum)).slice(0, MOST_EXACT_CHANNELS);
  const listed = channelRest ? largest.map((channel) => channels[channel]) : channels;
  const rest = channelRest ? [CAPTION.others(channels.length - listed.length, withoutPlus(channelRest))] : [];
  return [...listed.map((channel) => withoutPlus(channel.sum)), ...rest];
}

/** The sum ÷ divisor + bias. @param {FormulaPart[]} sum @param {Frame} frame @param {StepTexts} texts */
function finishSum(sum, frame, { divisor, bias }) {
  const quotient = divisor ? [part("("), ...sum, part(")"), part(` / ${divisor}`, "filter")] : sum;
  if (bias === "0" && frame.channels.length === 1) return quotient;
  return [...quotient, part(" + "), part(bracketNegative(bias), "bias")];
}

/** @param {Stage} stage @param {Frame} frame @param {StepTexts} texts @returns {FormulaPart[]} */
function poolParts(stage, frame, { channels }) {
  const square = stage.pool === "l2" ? "²" : "";
  const cells = cellsOf(channels[0].values).filter(({ text }) => text);
  const isCompared = stage.pool === "max" || stage.pool === "min";
  const terms = cells.flatMap(({ text, row, col }, i) => [
    ...(i ? [part(isCompared ? ", " : " + ")] : []),
    part(isCompared ? text : bracketNegative(text) + square, "input", [0, row, col]),
  ]);
  const average = ["(", `) / ${frame.count}`];
  const ends = { max: ["max(", ")"], min: ["min(", ")"], avg: average, l2: ["√(", ")"] };
  const [open, close] = ends[stage.pool ?? "max"];
  return [part(open), ...terms, part(close)];
}

/** @param {ChannelTexts["values"]} rows */
function cellsOf(rows) {
  return rows.flatMap((line, row) => line.map((text, col) => ({ text, row, col })));
}

/** "0.1 + 0.2 − 0.3" @param {string[]} terms */
function addUp(terms) {
  return terms.join(" + ").replaceAll("+ −", "− ");
}

/** @param {string} text */
function withoutPlus(text) {
  return text.replace("+", "");
}

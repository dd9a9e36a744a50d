/**
 * The equation of a neuron of a signal: h₂ = w₁·x₃ + w₂·x₄ + b, then in numbers, as far as the beat is; and the law of the
 * convolution of two signals.
 */

import { SIGNAL } from "convoscope/pure/strings/tab-strings.js";
import { beatOfMap, frameOfMap } from "convoscope/pure/tabs/volume/volume-parts.js";
import { bracketNegative } from "convoscope/pure/text/number-text.js";
import { equationParts } from "convoscope/pure/text/step-equation.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

/** @import {Frame, StepTexts, Trace, View} from "convoscope/pure/types.js" */
/** @import {SignalParts} from "convoscope/pure/tabs/signal/signal-parts.js" */
/** @import {SignalNames} from "convoscope/pure/tabs/signal/signal-names.js" */

/**
 * An equation as it is written so far.
 * @typedef {object} SignalEquation
 * @property {number} map
 * @property {number} col
 * @property {string} output its name
 * @property {string} law names alone
 * @property {string} numbers "" until the products are shown
 * @property {string} result with its sign, "" until it is known
 * @property {string} rest what rounding leaves, "" for nothing
 */

/** A sum of more terms is written with its first and its last ones alone. */
const MOST_TERMS = 6;

/**
 * The equation of a step of the figure's place, in one of its maps.
 * @param {Trace} trace @param {View} view @param {Frame} frame @param {number} map
 * @param {SignalParts} parts @param {SignalNames} names @returns {SignalEquation}
 */
export function equationOfMap(trace, view, frame, map, parts, names) {
  return equationAt(trace, frameOfMap(trace, frame, map), beatOfMap(trace, view, frame, map), parts, names);
}

/**
 * @param {Trace} trace @param {Frame} own the step, complete @param {string} beat as far as it is shown; "" for the law
 * @param {SignalParts} parts @param {SignalNames} names @returns {SignalEquation}
 */
export function equationAt(trace, own, beat, parts, names) {
  const { map, col } = own;
  const at = own.beats.indexOf(beat);
  const has = (/** @type {string} */ name) => own.beats.includes(name) && at >= own.beats.indexOf(name);
  const isSummed = has("sum");
  const isDone = isSummed && (own.beats.includes("bias") ? has("bias") : true);
  const output = names.output(map, parts.stage.kind === "linear" ? map : col);
  const written = { map, col, output };
  if (!parts.hasWeights) return { ...written, ...writeOther(trace, own, parts, names, isDone) };
  const texts = writeStep(trace, own);
  const isShown = has("products") || isSummed;
  return {
    ...written,
    law: writeLaw(parts, names, map, col, texts.divisor),
    numbers: isShown ? writeNumbers(texts, isSummed) : "",
    result: isDone ? `${texts.isResultExact ? "=" : "≈"} ${texts.result}` : "",
    rest: isDone && texts.rounding ? texts.rounding : "",
  };
}

/** @param {SignalParts} parts @param {SignalNames} names @param {number} map @param {number} col @param {string} divisor */
function writeLaw(parts, names, map, col, divisor) {
  const terms = parts
    .tapsOf(map, col)
    .map(({ cell, tap }) => `${names.weight(map, tap)}·${inputText(parts, names, cell)}`);
  const sum = shorten(terms).join(" + ") || "0";
  return `${divisor ? `(${sum}) ÷ ${divisor}` : sum} + ${names.bias(map)}`;
}

/**
 * An input by its name; one of the padding by the number that stands there.
 * @param {SignalParts} parts @param {SignalNames} names @param {number} cell
 */
function inputText({ size, outside }, names, cell) {
  return cell >= 0 && cell < size ? names.input(cell) : bracketNegative(outside(cell) || "0");
}

/** The first terms and the last one of many. @param {string[]} terms */
function shorten(terms) {
  return terms.length > MOST_TERMS ? [...terms.slice(0, 2), "…", terms[terms.length - 1]] : terms;
}

/** The sum in numbers, with the bias. @param {StepTexts} texts @param {boolean} isSummed */
function writeNumbers({ channels, sum, divisor, bias, biasWritten }, isSummed) {
  const { values, weights } = channels[0] ?? { values: [[]], weights: [[]] };
  const terms = values[0].map((value, i) => `${bracketNegative(weights[0][i])}·${bracketNegative(value)}`);
  const isLong = !terms.length || (terms.length > MOST_TERMS && isSummed);
  const all = isLong ? sum.replace(/^\+/, "") : shorten(terms).join(" + ");
  return `${divisor ? `(${all}) ÷ ${divisor}` : all} + ${bracketNegative(biasWritten || bias || "0")}`;
}

/**
 * A step without weights: a pool, an activation.
 * @param {Trace} trace @param {Frame} own @param {SignalParts} parts @param {SignalNames} names @param {boolean} isDone
 */
function writeOther(trace, own, parts, names, isDone) {
  const { stage } = parts;
  const read = parts
    .tapsOf(own.map, own.col)
    .filter(({ cell }) => cell >= 0 && cell < parts.size)
    .map(({ cell }) => names.input(cell));
  const texts = shorten(read);
  const law =
    stage.kind === "pool"
      ? SIGNAL.pooled(stage.pool ?? "max", texts, String(own.count ?? read.length))
      : SIGNAL.applied(stage.title.split(" · ").at(-1) ?? "", texts.join(", "));
  const all = equationParts(trace, own);
  const last = all.findLastIndex(({ role }) => role === "output");
  const text = (/** @type {typeof all} */ some) =>
    some
      .map((one) => one.text)
      .join("")
      .trim();
  const [before, sign] = splitSign(text(all.slice(0, last)));
  const numbers = before === texts.join(", ") ? "" : before;
  return {
    law,
    numbers: isDone ? numbers : "",
    result: isDone ? `${sign} ${all[last]?.text ?? ""}` : "",
    rest: "",
  };
}

/** The text before the sign of the result, and the sign. @param {string} text */
function splitSign(text) {
  return [text.slice(0, -1).trim(), text.slice(-1)];
}

/** An equation in one line. @param {SignalEquation} equation */
export function textOfEquation({ output, law, numbers, result, rest }) {
  return [`${output} = ${law}`, numbers && `= ${numbers}`, result, rest && SIGNAL.rounded(rest)]
    .filter(Boolean)
    .join(" ");
}

/**
 * The law of the convolution of two signals: in general, and with the numbers of the layer.
 * @param {SignalParts} parts @returns {{law: string, range: string, here: string}}
 */
export function convolutionLaw({ stage, taps }) {
  const { stride = 1, before = 0, dilation = 1 } = stage.columns ?? {};
  const several = stage.shape[0] > 1;
  const [y, b, g] = several ? ["y[k, n]", "b[k]", "g[k, i]"] : ["y[n]", "b", "g[i]"];
  const isPlain = stride === 1 && dilation === 1 && before === taps - 1;
  const index = [
    `n${stride > 1 ? `·${stride}` : ""}`,
    before ? ` − ${before}` : "",
    ` + ${dilation > 1 ? `(${taps - 1} − i)·${dilation}` : `${taps - 1} − i`}`,
  ].join("");
  return {
    law: `${several ? "y[k]" : "y"} = x ∗ ${several ? "g[k]" : "g"}:  ${y} = ${b} + Σ ${g}·x[n·S − P + (F − 1 − i)·D]`,
    range: "i = 0 … F − 1",
    here: SIGNAL.here(`F = ${taps}, S = ${stride}, P = ${before}, D = ${dilation}`, `x[${isPlain ? "n − i" : index}]`),
  };
}

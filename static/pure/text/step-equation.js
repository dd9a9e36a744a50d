/** The equation of a step: 42·(−1) + 119·0 + … = 459. */

import { CAPTION } from "convoscope/pure/strings/strings.js";
import { activationFormula, preprocessingFormula } from "convoscope/pure/text/activation-formula.js";
import { part } from "convoscope/pure/text/formula.js";
import { bracketNegative, isShownExactly, numberText, useMinusSign } from "convoscope/pure/text/number-text.js";

/** @import {FormulaPart} from "convoscope/pure/text/formula.js" */
/** @import {Frame, FrameChannel, Stage, Trace} from "convoscope/pure/types.js" */

/**
 * The equation of a step. Each part names its cell of the window. A window too large to be listed has only its sum.
 * @param {Trace} trace @param {Frame} frame
 * @returns {FormulaPart[]}
 */
export function equationParts(trace, frame) {
  const stage = trace.stages[frame.stage];
  const left = frame.channels.length
    ? LEFT_SIDES[frame.kind](stage, frame)
    : frame.rest
      ? longSumParts(stage, frame)
      : [part(numberText(frame.sum))];
  const sign = isShownExactly(stage, frame.result) ? " = " : " ≈ ";
  return [...left, part(sign), part(numberText(frame.result), "output")];
}

/** @type {Record<string, (stage: Stage, frame: Frame) => FormulaPart[]>} */
const LEFT_SIDES = {
  conv: weightedSumParts,
  linear: weightedSumParts,
  prepare: (stage, frame) => [part(preprocessingFormula(stage, frame.map, frame.sum), "input", [0, 0, 0])],
  pool: poolParts,
  pointwise: (stage, frame) => [part(activationFormula(stage, numberText(frame.sum)), "input", [0, 0, 0])],
  softmax: (_, frame) => {
    const value = channelOfMap(frame)?.values[frame.row]?.[frame.col] ?? 0;
    const less = bracketNegative(numberText(frame.largest ?? 0));
    return [
      part("e^("),
      part(numberText(value), "input"),
      part(` − ${less}) / Σ e^(x − ${less}) = ${numberText(exponentialOf(frame))} / ${numberText(frame.sum)}`),
    ];
  },
  shift: (_, frame) => [part(numberText(frame.sum), "input", [0, 0, 0])],
  flatten: (_, frame) => [part(numberText(frame.sum), "input", [0, 0, 0])],
  input: (_, frame) => [part(numberText(frame.sum), "input", [0, 0, 0])],
};

/** The term of softmax for the cell in focus: e^(score − largest score). @param {Frame} frame */
export function exponentialOf(frame) {
  return channelOfMap(frame)?.products?.[frame.row]?.[frame.col] ?? frame.result * frame.sum;
}

/** @param {Frame} frame */
function channelOfMap(frame) {
  return frame.channels.find(({ channel }) => channel === frame.map);
}

/**
 * A sum of too many terms: the strongest terms and the sum of the others.
 * @param {Stage} stage @param {Frame} frame
 * @returns {FormulaPart[]}
 */
function longSumParts(stage, frame) {
  const terms = frame.strongest.flatMap(({ value, weight }, i) => [
    ...(i ? [part(" + ")] : []),
    part(numberText(value), "input"),
    part("·"),
    part(bracketNegative(numberText(weight)), "filter"),
  ]);
  const { count, sum } = frame.rest ?? { count: 0, sum: 0 };
  return [
    ...terms,
    part(` + ${CAPTION.others(count, bracketNegative(numberText(sum)))} + `),
    part(bracketNegative(useMinusSign(stage.bias_text?.[frame.map] ?? numberText(frame.bias))), "bias"),
  ];
}

/** @param {Stage} stage @param {Frame} frame @returns {FormulaPart[]} */
function weightedSumParts(stage, frame) {
  const terms = frame.channels.flatMap((patch, index) =>
    cellsOf(patch).map(({ value, row, col }) => [
      part(numberText(value ?? 0), "input", [index, row, col]),
      part("·"),
      part(bracketNegative(numberText(patch.weights?.[row][col] ?? 0)), "filter", [index, row, col]),
    ]),
  );
  const sum = terms.flatMap((term, i) => (i ? [part(" + "), ...term] : term));
  const divisor = frame.divisor * frame.scale;
  const quotient = divisor === 1 ? sum : [part("("), ...sum, part(")"), part(` / ${divisor}`, "filter")];
  const bias = useMinusSign(stage.bias_text?.[frame.map] ?? numberText(frame.bias));
  if (frame.bias === 0 && frame.channels.length === 1) return quotient;
  return [...quotient, part(" + "), part(bracketNegative(bias), "bias")];
}

/** @param {Stage} stage @param {Frame} frame @returns {FormulaPart[]} */
function poolParts(stage, frame) {
  const [patch] = frame.channels;
  const square = stage.pool === "l2" ? "²" : "";
  const cells = cellsOf(patch).filter(({ value }) => value !== null);
  const compared = stage.pool === "max" || stage.pool === "min";
  const text = (/** @type {number} */ value) =>
    compared ? numberText(value) : bracketNegative(numberText(value)) + square;
  const terms = cells.flatMap(({ value, row, col }, i) => [
    ...(i ? [part(compared ? ", " : " + ")] : []),
    part(text(value ?? 0), "input", [0, row, col]),
  ]);
  const average = ["(", `) / ${frame.count}`];
  const ends = { max: ["max(", ")"], min: ["min(", ")"], avg: average, l2: ["√(", ")"] };
  const [open, close] = ends[stage.pool ?? "max"];
  return [part(open), ...terms, part(close)];
}

/** @param {FrameChannel} patch */
function cellsOf({ values }) {
  return values.flatMap((line, row) => line.map((value, col) => ({ value, row, col })));
}

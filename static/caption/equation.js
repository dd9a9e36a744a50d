/** A step as one line: 42·(−1) + 119·0 + … = 459. */

import { functionText, preparedText } from "convoscope/caption/function.js";
import { part } from "convoscope/caption/formula.js";
import { bracketed, minus, numberText, saidExactly } from "convoscope/caption/number.js";

/** @import {Part} from "convoscope/caption/formula.js" */
/** @import {Frame, FrameChannel, Stage, Trace} from "convoscope/types.js" */

/**
 * A step as one line. Parts know the window's cell they stand for. A window too large to be listed gives its end alone.
 * @param {Trace} trace @param {Frame} frame
 * @returns {Part[]}
 */
export function equationParts(trace, frame) {
  const stage = trace.stages[frame.stage];
  const left = frame.channels.length ? EQUATION[frame.kind](stage, frame) : [part(numberText(frame.sum))];
  const sign = saidExactly(stage, frame.result) ? " = " : " ≈ ";
  return [...left, part(sign), part(numberText(frame.result), "output")];
}

/** @type {Record<string, (stage: Stage, frame: Frame) => Part[]>} */
const EQUATION = {
  conv: weightedParts,
  linear: weightedParts,
  prepare: (stage, frame) => [part(preparedText(stage, frame.map, frame.sum), "input", [0, 0, 0])],
  pool: pooledParts,
  pointwise: (stage, frame) => [part(functionText(stage, numberText(frame.sum)), "input", [0, 0, 0])],
  softmax: (_, frame) => {
    const at = frame.channels.find(({ channel }) => channel === frame.map);
    const value = at?.values[frame.row]?.[frame.col] ?? 0;
    return [part("e^"), part(numberText(value), "input"), part(" / "), part(`Σ e^x`)];
  },
  shift: (_, frame) => [part(numberText(frame.sum), "input", [0, 0, 0])],
  flatten: (_, frame) => [part(numberText(frame.sum), "input", [0, 0, 0])],
  input: (_, frame) => [part(numberText(frame.sum), "input", [0, 0, 0])],
};

/** @param {Stage} stage @param {Frame} frame @returns {Part[]} */
function weightedParts(stage, frame) {
  const terms = frame.channels.flatMap((seen, index) => cellsOf(seen).map(({ value, row, col }) => [
    part(numberText(value ?? 0), "input", [index, row, col]),
    part("·"),
    part(bracketed(numberText(seen.weights?.[row][col] ?? 0)), "filter", [index, row, col]),
  ]));
  const sum = terms.flatMap((term, i) => (i ? [part(" + "), ...term] : term));
  const divisor = frame.divisor * frame.scale;
  const quotient = divisor === 1 ? sum : [part("("), ...sum, part(")"), part(` / ${divisor}`, "filter")];
  const bias = minus(stage.bias_text?.[frame.map] ?? numberText(frame.bias));
  if (frame.bias === 0 && frame.channels.length === 1) return quotient;
  return [...quotient, part(" + "), part(bracketed(bias), "bias")];
}

/** @param {Stage} stage @param {Frame} frame @returns {Part[]} */
function pooledParts(stage, frame) {
  const [seen] = frame.channels;
  const square = stage.pool === "l2" ? "²" : "";
  const cells = cellsOf(seen).filter(({ value }) => value !== null);
  const compared = stage.pool === "max" || stage.pool === "min";
  const text = (/** @type {number} */ value) => (compared ? numberText(value) : bracketed(numberText(value)) + square);
  const terms = cells.flatMap(({ value, row, col }, i) => [
    ...(i ? [part(compared ? ", " : " + ")] : []),
    part(text(value ?? 0), "input", [0, row, col]),
  ]);
  const average = ["(", `) / ${frame.count}`];
  const ends = { max: ["max(", ")"], min: ["min(", ")"], avg: average, l2: ["√(", ")"] };
  const [open, close] = ends[stage.pool ?? "max"];
  return [part(open), ...terms, part(close)];
}

/** @param {FrameChannel} seen */
function cellsOf({ values }) {
  return values.flatMap((line, row) => line.map((value, col) => ({ value, row, col })));
}

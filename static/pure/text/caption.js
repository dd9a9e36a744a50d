/**
 * Captions of frames and stages: the sentences of `strings/`, filled with numbers.
 *
 * A number that is shown rounded has ≈ before it.
 */

import { frameAt, kindOf, positionOf, readersOf } from "convoscope/pure/frame/frame.js";
import { CAPTION } from "convoscope/pure/strings/strings.js";
import { activationFormula, preprocessingFormula } from "convoscope/pure/text/activation-formula.js";
import { isShownExactly, numberText, signedNumber, useMinusSign } from "convoscope/pure/text/number-text.js";
import { exponentialOf } from "convoscope/pure/text/step-equation.js";

export { textOf } from "convoscope/pure/text/formula.js";
export {
  bracketNegative,
  isTextExact,
  numberText,
  shortNumber,
  signedNumber,
  useMinusSign,
} from "convoscope/pure/text/number-text.js";
export { equationParts } from "convoscope/pure/text/step-equation.js";

/** @import {Axis, Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/pure/text/formula.js").FormulaPart} Part */

/** Above this many windows of the next pool, its winners are not determined. */
const MOST_COMPARED_WINDOWS = 25;

/** @param {number} row @param {number} col */
export function placeText(row, col) {
  return CAPTION.place(row, col);
}

/**
 * A cell for a screen reader: "row 16, column 20, 459".
 * @param {Frame} frame @param {boolean} [isWritten] false while its value is still hidden
 */
export function describeCell(frame, isWritten = true) {
  const place = placeText(frame.row, frame.col);
  return isWritten ? CAPTION.cell(place, numberText(frame.value)) : CAPTION.cellWaiting(place);
}

/** A step for the live region. @param {Trace} trace @param {Frame} frame */
export function describeStep(trace, frame) {
  const { before, value, after, known } = resultParts(trace, frame);
  const plain = value.replace("+", "");
  const line = !before ? plain : `${before}${known && !plain.startsWith("≈") ? " =" : ""} ${plain}`;
  return [placeText(frame.row, frame.col), line, after].filter(Boolean).join(", ");
}

/** The size and range of a map, in one line. @param {Stage} stage @param {number} map */
export function summaryText(stage, map) {
  const [lo, hi] = stage.ranges[map] ?? [0, 0];
  return CAPTION.summary(stage.shape[1], stage.shape[2], numberText(lo), numberText(hi));
}

/**
 * The title of a stage or of one of its maps: "Feature map, before ReLU".
 * @param {Trace} trace @param {number} index @param {number} [map] numbered where there are several
 */
export function stageTitle(trace, index, map) {
  const [stage, next] = [trace.stages[index], trace.stages[index + 1]];
  const many = map !== undefined && stage.shape[0] > 1;
  const addMapNumber = (/** @type {string} */ label) => (many ? CAPTION.numbered(label, map) : label);
  if (stage.family === "input") return addMapNumber(CAPTION.input);
  if (stage.family === "convolution") {
    return addMapNumber(CAPTION.featureMap) + (next?.family === "activation" ? CAPTION.before(next.title) : "");
  }
  if (stage.family === "pooling") return addMapNumber(CAPTION.pooledMap);
  return addMapNumber(stage.family === "activation" ? CAPTION.after(stage.title) : stage.title);
}

/**
 * The result of a step as the figure shows it: the text before the number, the number, and what the next layer does
 * with it.
 * @param {Trace} trace @param {Frame} frame
 * @returns {{before: string, value: string, after: string, known: boolean}} `known` is false before the beat of the sum
 */
export function resultParts(trace, frame) {
  const known = frame.hasNumbers && ["sum", "bias", "write"].includes(frame.beat);
  const stage = trace.stages[frame.stage];
  const halfway = frame.beat === "sum" && frame.beats.includes("bias");
  const before = TEXT_BEFORE_RESULT[frame.kind](stage, frame, halfway);
  if (!known) return { before, value: CAPTION.waiting, after: "", known };
  const result = halfway ? frame.sum / (frame.divisor * frame.scale) : frame.result;
  return { before, value: valueText(stage, result), after: halfway ? "" : describeNextUse(trace, frame), known };
}

/** @param {Stage} stage @param {number} value */
function valueText(stage, value) {
  const text = stage.colors === "signed" && stage.op !== "softmax" ? signedNumber(value) : numberText(value);
  return isShownExactly(stage, value) ? text : `≈ ${text}`;
}

/** @type {Record<string, (stage: Stage, frame: Frame, halfway: boolean) => string>} */
const TEXT_BEFORE_RESULT = {
  conv: weightedText,
  linear: weightedText,
  prepare: (stage, frame) => preprocessingFormula(stage, frame.map, frame.sum),
  pool: poolText,
  pointwise: (stage, frame) => activationFormula(stage, numberText(frame.sum)),
  softmax: (_, frame) =>
    ["sum", "write"].includes(frame.beat)
      ? `${numberText(exponentialOf(frame))} ÷ ${numberText(frame.sum)}, ${CAPTION.share}`
      : CAPTION.share,
  shift: (_, { rows, columns, channels }) =>
    channels[0]?.padded[0][0] ? CAPTION.fromOutside : `${CAPTION.moved} ${placeText(rows[0], columns[0])}`,
  flatten: (_, { rows, columns }) => `${CAPTION.moved} ${placeText(rows[0], columns[0])}`,
  input: () => "",
};

/** "their sum 405 ÷ 9 + bias 0" @param {Stage} stage @param {Frame} frame @param {boolean} halfway */
function weightedText(stage, frame, halfway) {
  const divisor = frame.divisor * frame.scale;
  const known = frame.beat !== "window" && frame.beat !== "products" && !frame.beat.startsWith("channel-");
  const channels = frame.kind === "conv" ? frame.channels.length : 1;
  const sum = channels > 1 ? CAPTION.channelSum(channels) : CAPTION.sum;
  const quotient = divisor === 1 ? "" : `${known ? ` ${numberText(frame.sum)}` : ""} ÷ ${numberText(divisor)}`;
  return sum + quotient + (halfway ? "" : biasText(stage, frame));
}

/** The bias as it was typed, where it was typed. @param {Stage} stage @param {Frame} frame */
function biasText(stage, { map, bias }) {
  const text = useMinusSign(stage.bias_text?.[map] ?? String(bias));
  return text.startsWith("−") ? CAPTION.lessBias(text.slice(1)) : CAPTION.andBias(text);
}

/** @param {Stage} stage @param {Frame} frame */
function poolText(stage, { rows, columns, count, sum, beat }) {
  const cells = countInInput(rows, stage.rows) * countInInput(columns, stage.columns);
  if (stage.pool === "avg") return beat === "window" ? CAPTION.mean : `${CAPTION.mean}: ${numberText(sum)} ÷ ${count}`;
  if (stage.pool === "l2") return CAPTION.squares;
  return stage.pool === "min" ? CAPTION.smallest(cells) : CAPTION.largest(cells);
}

/**
 * How many cells of a window lie in the input, without padding.
 * @param {number[]} cells @param {Axis | null} axis
 */
function countInInput(cells, axis) {
  return cells.filter((cell) => axis && cell >= 0 && cell < axis.size).length;
}

/**
 * What the next layer does with a cell: "ReLU keeps it"; "" where there is none.
 * @param {Trace} trace @param {Frame} frame
 */
export function describeNextUse(trace, frame) {
  const next = trace.stages[frame.stage + 1];
  if (!next?.output || !frame.hasNumbers) return "";
  const kind = kindOf(next);
  const { map, row, col, value } = frame;
  const here = positionOf(trace.stages[frame.stage], row, col);
  const cells = trace.stages[frame.stage].shape[1] * trace.stages[frame.stage].shape[2];
  switch (kind) {
    case "pointwise":
    case "softmax":
      return activationText(next, value, next.output[map * cells + here]);
    case "pool":
      return poolOutcomeText(trace, frame);
    case "conv": {
      const { rows, columns } = readersOf(trace, next.index, [row, col]);
      return rows.length * columns.length ? CAPTION.readBy(next.title, rows.length * columns.length) : CAPTION.unread;
    }
    case "shift": {
      const { rows, columns } = readersOf(trace, next.index, [row, col]);
      return rows.length && columns.length ? CAPTION.moves(placeText(rows[0], columns[0])) : CAPTION.movesOut;
    }
    case "flatten":
      return CAPTION.becomes(map * cells + here);
    case "linear":
      return CAPTION.goesInto(next.shape[0]);
    default:
      return "";
  }
}

/** @param {Stage} next @param {number} value @param {number} after */
function activationText(next, value, after) {
  if (after !== value) return CAPTION.makes(next.title, numberText(after));
  return value === 0 ? CAPTION.leavesZero(next.title) : CAPTION.keeps(next.title);
}

/** In how many windows of the next pool a cell is the maximum or minimum. @param {Trace} trace @param {Frame} frame */
function poolOutcomeText(trace, { stage: index, map, row, col }) {
  const next = trace.stages[index + 1];
  const { rows, columns } = readersOf(trace, index + 1, [row, col]);
  const size = `${next.rows?.kernel} × ${next.columns?.kernel}`;
  const all = rows.length * columns.length;
  if (!all) return CAPTION.unread;
  if (next.pool === "avg" || next.pool === "l2" || all > MOST_COMPARED_WINDOWS) return CAPTION.joins(size);
  const step = (/** @type {number} */ r, /** @type {number} */ c) =>
    frameAt(trace, { stage: index + 1, map, at: [r, c], beat: "sum" });
  const steps = rows.flatMap((r) => columns.map((c) => step(r, c)));
  const won = steps.filter(({ chosen }) => chosen?.[1] === row && chosen[2] === col).length;
  if (all === 1) return won ? CAPTION.wins(size) : CAPTION.loses(size, numberText(steps[0].result));
  return won ? CAPTION.winsSome(won, all) : CAPTION.losesAll(all);
}

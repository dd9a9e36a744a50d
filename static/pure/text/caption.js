/**
 * Captions of frames and stages: the sentences of `strings/`, filled with numbers.
 *
 * A number that is shown rounded has ≈ before it.
 */

import { activationFormula } from "convoscope/pure/frame/activations.js";
import { frameAt, positionOf, readersOf } from "convoscope/pure/frame/frame.js";
import { cardName, hasCapability, readerOf } from "convoscope/pure/frame/stage.js";
import { CAPTION } from "convoscope/pure/strings/strings.js";
import { shownValue } from "convoscope/pure/text/amounts.js";
import { channelNames } from "convoscope/pure/text/channel-names.js";
import { addPlusSign, bracketNegative, numberText, percentText } from "convoscope/pure/text/number-text.js";
import { preprocessingFormula } from "convoscope/pure/text/preprocessing-formula.js";
import { powerText } from "convoscope/pure/text/step-equation.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

export { textOf } from "convoscope/pure/text/formula.js";
export { numberText, percentText, shortNumber, signedNumber } from "convoscope/pure/text/number-text.js";
export { equationParts } from "convoscope/pure/text/step-equation.js";

/** @import {Axis, Frame, Stage, StepTexts, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/pure/text/formula.js").FormulaPart} Part */

/** Above this many windows of the next pool, its winners are not determined. */
const MOST_COMPARED_WINDOWS = 25;
/** Of more channels the line before the result has their sum, not the sum of each. */
const MOST_WRITTEN_CHANNELS = 4;

/** @param {number} row @param {number} col */
function placeText(row, col) {
  return CAPTION.place(row, col);
}

/** A step for the live region. @param {Trace} trace @param {Frame} frame */
export function describeStep(trace, frame) {
  const { before, value, after, known } = resultParts(trace, frame);
  const plain = value.replace("+", "");
  const equals = known && !plain.startsWith("≈") && !before.endsWith("=") ? " =" : "";
  const line = !before ? plain : `${before}${equals} ${plain}`;
  const words = trace.stages[frame.stage].words?.[frame.row];
  return [words, placeText(frame.row, frame.col), line, after].filter(Boolean).join(", ");
}

/**
 * The title of a stage or of one of its maps: "Feature map, before ReLU".
 * @param {Trace} trace @param {number} index @param {number} [map] numbered where there are several
 */
export function stageTitle(trace, index, map) {
  const [stage, next] = [trace.stages[index], readerOf(trace, index)];
  const many = map !== undefined && stage.shape[0] > 1;
  const addMapNumber = (/** @type {string} */ label) => (many ? CAPTION.numbered(label, map) : label);
  if (stage.family === "input") return addMapNumber(CAPTION.input);
  if (stage.family === "convolution") {
    const label = addMapNumber(CAPTION.featureMap);
    return next?.family === "activation" ? CAPTION.before(label, next.title) : label;
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
  const texts = writeStep(trace, frame);
  const law = stage.own?.before ?? TEXT_BEFORE_RESULT[frame.kind];
  const start =
    frame.kind === "join"
      ? joinText(trace, frame, texts)
      : (law?.(stage, frame, texts, halfway, channelNames(trace, frame)) ?? "");
  const rounding = known && !halfway && texts.rounding ? CAPTION.rounded(texts.rounding) : "";
  // Preprocessing rounds the sum that its formula starts with, other steps their result.
  const parts = frame.kind === "prepare" ? [rounding, start] : [start, rounding];
  const won = known && stage.winners ? `: ${stage.winners[frame.map]}` : "";
  const before = parts.filter(Boolean).join(", ") + won;
  if (!known) return { before, value: CAPTION.waiting, after: "", known };
  const [value, isExact] = halfway ? [texts.quotient, texts.isQuotientExact] : [texts.result, texts.isResultExact];
  const isWhole = frame.kind === "conv" && frame.channels.length > 1;
  const isSigned = stage.colors === "signed" && !stage.photo_maps?.includes(frame.map);
  const signed = isSigned && frame.kind !== "softmax" && !isWhole ? addPlusSign(value) : value;
  return {
    before: isWhole && isExact ? `${before} =` : before,
    value: isExact ? signed : `≈ ${signed}`,
    after: halfway ? "" : describeNextUse(trace, frame),
    known,
  };
}

/**
 * @type {Record<string, (stage: Stage, frame: Frame, texts: StepTexts, halfway: boolean, channels: string[]) => string>}
 */
const TEXT_BEFORE_RESULT = {
  conv: weightedText,
  linear: weightedText,
  prepare: (stage, frame, { sum }) => preprocessingFormula(stage, frame.map, sum),
  pool: poolText,
  pointwise: (stage, _, { sum }) => activationFormula(stage, sum),
  softmax: (_, frame, texts) =>
    ["sum", "write"].includes(frame.beat)
      ? `${powerText(frame, texts)} ÷ ${texts.sum}, ${CAPTION.share}`
      : CAPTION.share,
  shift: (_, { rows, columns, channels }) =>
    channels[0]?.padded[0][0] ? CAPTION.fromOutside : `${CAPTION.moved} ${placeText(rows[0], columns[0])}`,
  flatten: (_, { rows, columns }) => `${CAPTION.moved} ${placeText(rows[0], columns[0])}`,
  input: () => "",
};

/**
 * Where the cells of a join come from: "12 of ReLU (2) + 3 of Input (0)".
 * @param {Trace} trace @param {Frame} frame @param {StepTexts} texts
 */
function joinText({ stages }, { stage, joined, channels }, texts) {
  const reads = joined.map((index) => stages[index]);
  const { op } = stages[stage];
  if (op === "concat") {
    const [{ shape, title, index }] = reads;
    const channel = channels[0]?.channel ?? 0;
    return shape[0] > 1 ? CAPTION.copyOfMap(cardName(title), index, channel) : CAPTION.copy(cardName(title), index);
  }
  const isSum = op === "add";
  const terms = reads.map(({ title, index }, i) => {
    const value = texts.channels[i]?.values[0][0] ?? "";
    return CAPTION.term(isSum ? value : bracketNegative(value), cardName(title), index);
  });
  return isSum ? terms.join(" + ").replaceAll("+ −", "− ") : terms.join(" · ");
}

/**
 * "their sum 405 ÷ 9 + bias 0"; of several channels the sums themselves, "679 − 334 + B + bias 0" and then
 * "679 − 334 + 97 + 0"; where each channel is filtered alone, "sum of R alone + bias 0".
 * @param {Stage} stage @param {Frame} frame @param {StepTexts} texts @param {boolean} halfway @param {string[]} channels
 */
function weightedText(stage, frame, texts, halfway, channels) {
  const { sum, divisor } = texts;
  const known = frame.beat !== "window" && frame.beat !== "products" && !frame.beat.startsWith("channel-");
  const count = frame.kind === "conv" ? frame.channels.length : 1;
  if (count > 1 && count <= MOST_WRITTEN_CHANNELS) {
    const terms = addChannelSums(frame, texts, channels);
    return (divisor ? `(${terms}) ÷ ${divisor}` : terms) + (halfway ? "" : biasText(texts, known));
  }
  if (count > 1 && known && !(halfway && !divisor))
    return CAPTION.channelSumIs(count, sum) + (divisor ? ` ÷ ${divisor}` : "") + (halfway ? "" : biasText(texts, true));
  const isAlone = frame.kind === "conv" && count === 1 && (stage.input_shape?.[0] ?? 1) > 1;
  const start = count > 1 ? CAPTION.channelSum(count) : isAlone ? CAPTION.sumAlone(channels[0] ?? "") : CAPTION.sum;
  const quotient = divisor ? `${known ? ` ${sum}` : ""} ÷ ${divisor}` : "";
  return start + quotient + (halfway ? "" : biasText(texts, false));
}

/**
 * The sums of the channels that are known at this beat, and the names of the others: "679 − 334 + B".
 * @param {Frame} frame @param {StepTexts} texts @param {string[]} names
 */
function addChannelSums({ beat }, { channels }, names) {
  const last = beat.startsWith("channel-") ? Number(beat.slice(8)) : beat === "window" ? -1 : names.length;
  const terms = names.map((name, i) => (i <= last ? (channels[i]?.sum ?? name).replace("+", "") : name));
  return terms.join(" + ").replaceAll("+ −", "− ");
}

/**
 * The bias, as a number alone where the sums before it are numbers; one that was typed and is rounded in the sum as it
 * was typed, too: 1/9 (≈ 0.111).
 * @param {Pick<StepTexts, "bias" | "biasWritten">} texts @param {boolean} isNumber
 */
function biasText({ bias, biasWritten }, isNumber) {
  const text = biasWritten ? CAPTION.roundedBias(biasWritten, bias) : bias;
  const size = text.startsWith("−") ? text.slice(1).replace("≈ −", "≈ ") : text;
  if (isNumber) return size === text ? ` + ${text}` : ` − ${size}`;
  return size === text ? CAPTION.andBias(text) : CAPTION.lessBias(size);
}

/** @param {Stage} stage @param {Frame} frame @param {StepTexts} texts */
function poolText(stage, { rows, columns, count, beat }, { sum }) {
  const cells = countInInput(rows, stage.rows) * countInInput(columns, stage.columns);
  if (stage.pool === "avg") return beat === "window" ? CAPTION.mean : `${CAPTION.mean}: ${sum} ÷ ${count}`;
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
function describeNextUse(trace, frame) {
  const next = readerOf(trace, frame.stage);
  if (!next?.output || !frame.hasNumbers) return "";
  const kind = hasCapability(next, "one_place") && next.kind !== "mean" ? "pointwise" : next.kind;
  const { map, row, col, value } = frame;
  const here = positionOf(trace.stages[frame.stage], row, col);
  const cells = trace.stages[frame.stage].shape[1] * trace.stages[frame.stage].shape[2];
  switch (kind) {
    case "pointwise":
      return activationText(
        next,
        shownValue(trace.stages[frame.stage], value),
        shownValue(next, next.output[map * cells + here]),
      );
    case "softmax":
      return CAPTION.makes(next.title, percentText(next.output[map * cells + here]));
    case "pool":
      return poolOutcomeText(trace, frame, next);
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
    case "join":
      return CAPTION.goesIntoStage(next.title, next.index);
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

/**
 * In how many windows of the next pool a cell is the maximum or minimum.
 * @param {Trace} trace @param {Frame} frame @param {Stage} next
 */
function poolOutcomeText(trace, { map, row, col, value }, next) {
  const { rows, columns } = readersOf(trace, next.index, [row, col]);
  const size = `${next.rows?.kernel} × ${next.columns?.kernel}`;
  const all = rows.length * columns.length;
  if (!all) return CAPTION.unread;
  if (next.pool === "avg" || next.pool === "l2" || all > MOST_COMPARED_WINDOWS) return CAPTION.joins(size);
  const step = (/** @type {number} */ r, /** @type {number} */ c) =>
    frameAt(trace, { stage: next.index, map, at: [r, c], beat: "sum" });
  const steps = rows.flatMap((r) => columns.map((c) => step(r, c)));
  const won = steps.filter(({ chosen }) => chosen?.[1] === row && chosen[2] === col).length;
  if (all === 1 && !won) {
    const winner = numberText(shownValue(next, steps[0].result));
    return steps[0].result === value ? CAPTION.ties(size, winner) : CAPTION.loses(size, winner);
  }
  if (all === 1) return CAPTION.wins(size);
  return won ? CAPTION.winsSome(won, all) : CAPTION.losesAll(all);
}

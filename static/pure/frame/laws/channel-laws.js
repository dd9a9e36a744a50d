/** Local response norm and the mean of the channels: steps that read several channels at one place. */

import { lawNumber } from "convoscope/pure/frame/laws/cell-laws.js";
import { range, readWindow, sumOf } from "convoscope/pure/frame/window.js";
import { LAWS } from "convoscope/pure/strings/arithmetic-strings.js";
import { readAmount } from "convoscope/pure/text/amounts.js";
import { part } from "convoscope/pure/text/formula.js";
import { bracketNegative, isTextFull, numberText } from "convoscope/pure/text/number-text.js";
import { writePooling } from "convoscope/pure/text/window-texts.js";

/** @import {Frame, FrameChannel, OwnLaw, Stage, StepRequest, StepTexts} from "convoscope/pure/types.js" */

/** More channels than this are not listed by softmax. */
const MOST_LISTED = 16 * 16;
/** So many channels of one place stand in one table. */
const MOST_STACKED = 8;
/** Of more channels the formula of a norm has the sum of the squares, not each of them. */
const MOST_SQUARES = 5;
/** Roundings of the arithmetic, in float64 and then in float32. */
const ROUNDINGS = 8;

/**
 * A step with its texts, where the channels of one place stand below each other in one table; of many there is none.
 * @param {{frame: Frame, texts: StepTexts}} whole
 */
function stack({ frame, texts }) {
  const { channels } = frame;
  if (channels.length < 2) return { frame, texts };
  if (channels.length > MOST_STACKED) return { frame: { ...frame, channels: [] }, texts: { ...texts, channels: [] } };
  const values = channels.flatMap((channel) => channel.values);
  const padded = channels.flatMap((channel) => channel.padded);
  const one = { ...channels[0], channel: frame.map, values, padded, products: null };
  const texted = { ...texts.channels[0], values: texts.channels.flatMap((channel) => channel.values) };
  return {
    frame: { ...frame, rows: channels.map(({ channel }) => channel), channels: [one] },
    texts: { ...texts, channels: [texted] },
  };
}

/** @param {StepRequest} request @param {number[]} channels @returns {FrameChannel[]} */
function readPlace({ input, row, col }, channels) {
  return channels.map((channel) => {
    const patch = readWindow(input, channel, [row], [col], "zeros", () => 0);
    return { ...patch, sum: patch.values[0][0] ?? 0 };
  });
}

/** The channels whose squares divide a channel. @param {Stage} stage @param {number} map */
function channelsAround({ law, shape }, map) {
  const first = map - Math.floor(law.size / 2);
  return range(law.size)
    .map((i) => first + i)
    .filter((channel) => channel >= 0 && channel < shape[0]);
}

/** y[c] = x[c] / (k + alpha / size · Σ x[c′]²)^beta. @type {OwnLaw} */
export const LOCAL_RESPONSE = {
  stack,
  explain(request) {
    const { stage, map, row, col } = request;
    const { size, alpha, beta, k } = stage.law;
    const own = readPlace(request, [map])[0].sum;
    const channels = readPlace(request, channelsAround(stage, map)).map((channel) => {
      const square = channel.sum ** 2;
      return { ...channel, products: [[square]], sum: square };
    });
    const sum = sumOf(channels.map((channel) => channel.sum));
    const result = own / (k + (alpha / size) * sum) ** beta + 0;
    return { rows: [row], columns: [col], channels, sum, result, count: size, terms: ROUNDINGS * (1 + beta) };
  },
  before({ law }, { channels, map }, texts) {
    const numbers = texts.channels.map(({ values }) => values[0][0]);
    const squares = `(${numbers.map((number) => `${bracketNegative(number)}²`).join(" + ")})`;
    const total = numbers.length > MOST_SQUARES ? texts.sum : squares;
    const own = numbers[channels.findIndex(({ channel }) => channel === map)];
    return `${own} ÷ (${lawNumber(law.k)} + ${lawNumber(law.alpha)}/${law.size} · ${total})^${lawNumber(law.beta)}`;
  },
  write(stage, before, frame) {
    const result = readAmount(stage, frame.result);
    const values = frame.channels.map(({ values: [[value]] }) => numberText(readAmount(before, value ?? 0).value));
    return {
      channels: values.map((text) => ({ values: [[text]], weights: [], products: [], sum: "" })),
      sum: numberText(frame.sum),
      isSumExact: isTextFull(frame.sum),
      result: numberText(result.value),
      isResultExact: result.isExact && isTextFull(result.value),
    };
  },
};

/** The shares of the channels at one place: e^(x − largest) over the sum of it. @type {OwnLaw} */
export const SOFTMAX = {
  explain(request) {
    const { input, map, row, col } = request;
    const patches = readPlace(request, range(input.shape[0]));
    const largest = Math.max(...patches.map((patch) => patch.sum));
    const channels = patches.map((patch) => {
      const power = Math.exp(patch.sum - largest);
      return { ...patch, products: [[power]], sum: power };
    });
    const sum = sumOf(channels.map((channel) => channel.sum));
    const below = patches[map].sum - largest;
    const result = Math.exp(below) / sum;
    const listed = channels.length > MOST_LISTED ? [] : channels;
    return { rows: [row], columns: [col], channels: listed, sum, result, largest, terms: 16 + 2 * Math.abs(below) };
  },
  left(_, { map, channels }, texts) {
    const index = channels.findIndex(({ channel }) => channel === map);
    const less = bracketNegative(texts.largest);
    const score = part(texts.channels[index].values[0][0], "input");
    return [part("e^("), score, part(` − ${less}) / Σ e^(x − ${less}) = ${texts.powers[index]} / ${texts.sum}`)];
  },
};

/** y = Σ x[c] / C. @type {OwnLaw} */
export const MEAN = {
  stack,
  explain(request) {
    const { input, row, col } = request;
    const channels = readPlace(request, range(input.shape[0]));
    const sum = sumOf(channels.map((channel) => channel.sum));
    const size = sumOf(channels.map((channel) => Math.abs(channel.sum))) / channels.length;
    const [count, result] = [channels.length, sum / channels.length];
    return { rows: [row], columns: [col], channels, sum, count, result, size, terms: count };
  },
  before: (_, { channels, beat }, { sum }) =>
    beat === "window" ? LAWS.mean(channels.length) : LAWS.meanOf(sum, channels.length),
  write: (stage, before, frame) => writePooling({ ...stage, pool: "avg" }, before, frame),
  left: (_, __, { channels, divisor, sum }) => [
    part("("),
    ...channels.flatMap(({ values }, i) => [
      ...(i ? [part(" + ")] : []),
      part(i ? bracketNegative(values[0][0]) : values[0][0], "input", [i, 0, 0]),
    ]),
    part(`) / ${divisor || channels.length || sum}`),
  ],
};

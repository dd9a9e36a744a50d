/** The sums of the filters of a volume, as far as the beat of each is: those of the channels, the bias, the result. */

import { beatOfMap, frameOfMap } from "convoscope/pure/tabs/volume/volume-parts.js";
import { bracketNegative } from "convoscope/pure/text/number-text.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

/** @import {Frame, StepTexts, Trace, View} from "convoscope/pure/types.js" */

/** A sum of more products is not written product by product. */
const MOST_PRODUCTS = 9;
/** Of more channels a line has their sum alone. */
const MOST_LISTED = 8;

/**
 * @typedef {object} FilterSum
 * @property {number} map
 * @property {string} beat "" for a filter that has not begun
 * @property {StepTexts} texts
 * @property {Map<number, string>} channels the sums that are known, by the channel of the input
 * @property {string} bias "" until it is added
 * @property {string} result "" until it is known
 * @property {string} line the sum as it is written so far; "" for nothing
 */

/** @param {Trace} trace @param {View} view @param {Frame} frame @param {number} map @returns {FilterSum} */
export function sumOfFilter(trace, view, frame, map) {
  const beat = beatOfMap(trace, view, frame, map);
  const own = frameOfMap(trace, frame, map);
  const texts = writeStep(trace, own);
  const at = own.beats.indexOf(beat);
  const hasBeat = (/** @type {string} */ name) => at >= own.beats.indexOf(name) && own.beats.includes(name);
  const isSummed = beat !== "" && hasBeat("sum");
  const isDone = isSummed && (own.beats.includes("bias") ? hasBeat("bias") : true);
  const known = own.channels.filter((_, c) => beat !== "" && (isSummed || hasBeat(`channel-${c}`)));
  const sums = known.map(
    ({ channel }) => texts.channels[own.channels.findIndex((one) => one.channel === channel)]?.sum,
  );
  return {
    map,
    beat,
    texts,
    channels: new Map(known.map(({ channel }, i) => [channel, sums[i] ?? ""])),
    bias: isDone ? texts.biasWritten || texts.bias : "",
    result: isDone ? texts.result : "",
    line: writeLine(texts, sums, own.channels.length, isSummed, isDone),
  };
}

/**
 * @param {StepTexts} texts @param {(string | undefined)[]} sums @param {number} channels
 * @param {boolean} isSummed @param {boolean} isDone
 */
function writeLine(texts, sums, channels, isSummed, isDone) {
  const isListed = channels > 1 && channels <= MOST_LISTED;
  const left = isListed ? joinTerms(sums.filter((sum) => sum !== undefined)) : isSummed ? plain(texts.sum) : "";
  if (!isSummed) return left;
  const divided = texts.divisor ? `(${left}) ÷ ${texts.divisor}` : left;
  if (!isDone) return isListed ? `${left} = ${texts.isSumExact ? "" : "≈ "}${plain(texts.sum)}` : divided;
  const bias = texts.biasWritten || texts.bias || "0";
  const ends = [bias, texts.rounding].filter(Boolean).map((text) => signed(text));
  return `${divided}${ends.join("")} ${texts.isResultExact ? "=" : "≈"} ${texts.result}`;
}

/**
 * The products of the channel that the beat of a step names, written out; null at other beats.
 * @param {Trace} trace @param {Frame} frame @returns {{channel: number, text: string, count: number} | null}
 */
export function productsOfBeat(trace, frame) {
  const named = frame.beat.match(/^channel-(\d+)$/);
  const index = named ? Number(named[1]) : frame.beat === "products" && frame.channels.length === 1 ? 0 : -1;
  const channel = frame.channels[index];
  if (!channel?.weights) return null;
  const { values, weights, sum } = writeStep(trace, frame).channels[index];
  const count = values.flat().length;
  const terms = values.flatMap((line, r) =>
    line.map((value, c) => `${bracketNegative(value)}·${bracketNegative(weights[r][c])}`),
  );
  const text = count > MOST_PRODUCTS ? plain(sum) : `${terms.join(" + ")} = ${plain(sum)}`;
  return { channel: channel.channel, text, count: count > MOST_PRODUCTS ? count : 0 };
}

/** Signed texts as one sum: "679 − 334 + 97". @param {string[]} texts */
export function joinTerms(texts) {
  return texts.map((text, i) => (i ? signed(text) : plain(text))).join("");
}

/** A term behind others: " + 97", " − 334". @param {string} text */
function signed(text) {
  const bare = plain(text);
  return bare.startsWith("−") ? ` − ${bare.slice(1)}` : ` + ${bare}`;
}

/** @param {string} text */
export function plain(text) {
  return text.replace(/^\+/, "");
}

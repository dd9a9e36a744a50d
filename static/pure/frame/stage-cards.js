/**
 * What the strip of stages says: short names, blocks, and the lines of the answer. Python's `stage_cards.py` has the same
 * rules, and tests/golden/answers.json holds both to them.
 */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { addPlusSign, shareText, shortNumber } from "convoscope/pure/text/number-text.js";

export { cardName } from "convoscope/pure/frame/stage.js";

/** @import {Stage} from "convoscope/pure/types.js" */
/** @import {Answer} from "convoscope/pure/frame/answer.js" */

/** Chains of more stages have compact cards, and blocks that are folded. */
export const MOST_WIDE = 5;

/**
 * For each stage the first of its block: a layer with weights, and the activations and poolings that follow it. In a
 * chain of few stages each is a block of its own.
 * @param {Stage[]} stages @returns {number[]}
 */
export function blockHeads(stages) {
  /** @type {number[]} */
  const heads = [];
  for (const [index, { kind, reads }] of stages.entries()) {
    const isNext = index > 0 && reads[0] === index - 1;
    const follows = isNext && (kind === "pointwise" || kind === "pool") && stages.length > MOST_WIDE;
    const head = follows ? heads[index - 1] : index;
    heads.push(["conv", "linear"].includes(stages[head].kind) ? head : index);
  }
  return heads;
}

/** The stages, other than the one before, that a stage reads, each once. @param {Stage} stage @returns {number[]} */
export function branchesTo({ index, reads }) {
  return [...new Set(reads)].filter((read) => read !== index - 1);
}

/** "from 3, 7"; "" for a stage that reads the one before it alone. @param {Stage} stage */
export function writeBranches(stage) {
  const reads = branchesTo(stage);
  return reads.length ? PAGE.cardFrom(reads.join(", ")) : "";
}

/**
 * A line for each class of an answer, and a sentence that says what they are; `length` is that of a bar, in percent.
 * @param {Answer} answer @returns {{lines: {name: string, text: string, length: string}[], sentence: string}}
 */
export function writeAnswer({ isShare, classes }) {
  const most = isShare ? 1 : Math.max(...classes.map(({ value }) => Math.abs(value))) || 1;
  const lines = classes.map(({ map, name, value }) => ({
    name: name || PAGE.answerClass(map),
    text: isShare ? shareText(value) : addPlusSign(shortNumber(value)),
    length: ((100 * Math.max(0, value)) / most).toFixed(1),
  }));
  const listed = lines.map(({ name, text }) => `${name} ${text}`).join(" · ");
  return { lines, sentence: isShare ? PAGE.answerShares(listed) : PAGE.answerScores(listed) };
}

/** The scores of a network before its picture was changed on purpose, beside what they are now. */

import { NETWORK } from "convoscope/pure/strings/tab-strings.js";
import { compareAnswers } from "convoscope/pure/tabs/response/answers-before.js";
import { shareText } from "convoscope/pure/text/number-text.js";

/** @import {Stage} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The width of a character, in sizes of letters. */
const CHARACTER = 0.6;
/** The spaces between the texts of a line, in characters. */
const SPACES = 2;

/** A thin mark at the bar of a class, where its share was. @param {number[] | null} before @param {number} map @returns {Description[]} */
export function markBefore(before, map) {
  if (!before) return [];
  return [["i", { class: "network-was", style: { "margin-left": `${(100 * before[map]).toFixed(1)}%` } }]];
}

/**
 * "was 94 %" in front of the share that a class has now; "" where a line of `letters` has no room for it.
 * @param {number[] | null} before @param {number} map @param {string} line its other texts
 * @param {number} letters its width in sizes of letters
 */
export function writeBefore(before, map, line, letters) {
  const text = before ? NETWORK.was(shareText(before[map])) : "";
  return (text.length + line.length + SPACES) * CHARACTER < letters ? text : "";
}

/** The class with the largest share before and after, in a sentence. @param {number[] | null} before @param {Stage} stage */
export function sayBefore(before, stage) {
  return before ? compareAnswers(before, stage, 1).verdict : "";
}

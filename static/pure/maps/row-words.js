/** Which words stand beside the rows of a map, and how a window is named by the words that it reads. */

import { ROW_WORDS } from "convoscope/pure/strings/tab-strings.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */

/** `row` is negative in the padding above. @typedef {{row: number, text: string, isUser: boolean}} RowWord */

/**
 * The words beside the rows of a stage, with those of the padding that its reader adds. The one row of a global maximum
 * has the words that it is from.
 * @param {Stage} stage @param {Stage | null} reader @param {number} [map] @returns {RowWord[]}
 */
export function listRowWords({ words, winners, shape }, reader, map = 0) {
  if (!words) return [];
  const { before = 0, after = 0, overhang = 0 } = reader?.rows?.transposed ? {} : (reader?.rows ?? {});
  const padded = (/** @type {number} */ row) => ({ row, text: ROW_WORDS.padding, isUser: false });
  return [
    ...Array.from({ length: before }, (_, i) => padded(i - before)),
    ...words.map((text, row) => ({ row, text: winners?.[map] ?? text, isUser: true })),
    ...Array.from({ length: after + overhang }, (_, i) => padded(shape[1] + i)),
  ];
}

/** The window by its words: 2-gram “cat sat”; "" where rows have no words. @param {Trace} trace @param {Frame} frame */
export function nameWindow({ stages }, frame) {
  const stage = stages[frame.stage];
  const text = stage.words?.[frame.row];
  if (!text || !frame.rows.length || stage.winners) return "";
  const isOfWords = stage.kind === "conv" && stage.reads[0] === 0;
  return isOfWords ? ROW_WORDS.gram(frame.rows.length, text) : ROW_WORDS.quoted(text);
}

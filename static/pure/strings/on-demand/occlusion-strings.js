/** The sentences of the view “Why cat?”, which are loaded with it. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

export const OCCLUSION = inLanguage({
  /** @param {string} name */
  question: (name) => `What may be covered, so that it still says ${verbatim(name)}?`,
  caution: "It shows which part’s covering changes the score, not why the network decides so.",
  drag: "Drag the gray square over the picture.",
  scores: "Scores of the classes",
  share: "share",
  score: "score before softmax",
  onlyScore: "score",
  /** @param {number} top @param {number} bottom @param {number} left @param {number} right */
  square: (top, bottom, left, right) =>
    `Gray square on rows ${top} to ${bottom}, columns ${left} to ${right}. Arrow keys move it, with Shift to the next stop.`,
  /** @param {string} name @param {string} score @param {string} before */
  covered: (name, score, before) =>
    `Covered here: ${verbatim(name)} ${verbatim(score)}, without the square ${verbatim(before)}.`,
  /** @param {string} name */
  winner: (name) => `Now ${verbatim(name)} is the strongest.`,
  /** @param {string} name @param {string} score */
  plain: (name, score) => `Without the square: ${verbatim(name)} ${verbatim(score)}.`,
  /** @param {string} size @param {string} window @param {string} stride @param {number} stops */
  stops: (size, window, stride, stops) =>
    `(${verbatim(size)} − ${verbatim(window)})/${verbatim(stride)} + 1 = ${stops} ${stops === 1 ? "stop" : "stops"} a row`,
  window: "Square",
  stride: "Stride",
  target: "Class",
  /** @param {string} name */
  strongest: (name) => `${verbatim(name)}, the strongest`,
  slide: "Slide it",
  stop: "Stop",
  away: "Put the square away",
  back: "Show the square",
  /** @param {string} window @param {string} size */
  tooLarge: (window, size) =>
    `The square has ${verbatim(window)} cells and the picture ${verbatim(size)}: choose a smaller one.`,
  waiting: "The square slides over the picture …",
  /** @param {string} name */
  map: (name) => `Score of ${verbatim(name)} at each stop`,
  /** @param {string} name @param {string} before @param {string} after */
  dark: (name, before, after) =>
    `dark: covering this lowers the score of ${verbatim(name)} most, from ${verbatim(before)} to ${verbatim(after)}`,
  /** @param {string} score */
  light: (score) => `light: hardly changes it, at most to ${verbatim(score)}`,
  /** @param {string} score */
  raises: (score) => `light: raises it, to ${verbatim(score)}`,
  /** @param {number} row @param {number} column @param {string} score @param {string} before */
  fall: (row, column, score, before) => `Square from row ${row}, column ${column}: ${verbatim(`${before} → ${score}`)}`,
});

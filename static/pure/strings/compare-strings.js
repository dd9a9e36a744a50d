/** The texts of comparing a map with its input, and filters with each other; loaded when they are first compared. */

import { inLanguage } from "convoscope/pure/strings/language.js";

export const COMPARE = inLanguage({
  slider: "How much of the map is covered by the input",
  /** @param {number} percent */
  covered: (percent) => `${percent} % input`,
  /** @param {string} before @param {string} after */
  split: (before, after) => `${before} | ${after}`,
  wall: "Compare filters",
  wallHelp: "The same picture through six filters. Point at a cell: it is marked in all maps, with its window.",
  wallHelpForTouch: "The same picture through six filters. Tap a cell: it is marked in all maps, with its window.",
  /** @param {string} name */
  use: (name) => `Use ${name}`,
  loading: "The maps are computed…",
  unreachable: "The server cannot be reached; this map cannot be shown.",
  input: "Input",
  /** @param {number} row @param {number} col */
  place: (row, col) => `row ${row}, column ${col}`,
  maps: "The maps of six filters; arrows move the marked cell",
});

/** The texts of the receptive field, loaded with the views. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** @import {FieldTerm} from "convoscope/pure/tabs/field/field-boxes.js" */

const WORDS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];

/** @param {number} rows @param {number} columns */
function sizeOf(rows, columns) {
  return verbatim(`${rows} × ${columns}`);
}

/** Where a field begins along an axis. @param {number} first @param {string} side */
function startOf(first, side) {
  if (first === 0) return `at the ${side} edge`;
  return first < 0 ? `${-first} px outside the ${side} edge` : `${first} px from the ${side} edge`;
}

/** @param {FieldTerm[]} terms */
function sumOf(terms) {
  const total = 1 + terms.reduce((sum, { window, jump }) => sum + (window - 1) * jump, 0);
  const [{ window } = { window: 1 }] = terms;
  const isAlike = terms.length > 1 && terms.every((term) => term.window === window && term.jump === 1);
  if (isAlike) return `1 + L·(F − 1) = 1 + ${terms.length}·(${window} − 1) = ${total}`;
  const written = terms.map((term) => `(${term.window} − 1)·${term.jump}`);
  return `1 + Σ (F − 1)·jump = ${["1", ...written].join(" + ")} = ${total}`;
}

export const FIELD = inLanguage({
  /** @param {string} title @param {number} row @param {number} col */
  question: (title, row, col) => `Which part of the picture can influence row ${row}, column ${col} of “${title}”?`,
  stages: "The stages, from the picture to the cell in focus",
  size: sizeOf,
  /** @param {number} count */
  values: (count) => `${count} values`,
  /** @param {string} size */
  atMost: (size) => `at most ${size}`,
  /** @param {string} size */
  whole: (size) => `all ${size}`,
  all: "all",
  /** @param {string} title @param {string} size */
  window: (title, size) => `One layer back: its window in “${title}”, ${size} cells.`,
  /** @param {string} title @param {string} size */
  further: (title, size) => `One more: ${size} cells of “${title}”.`,
  /** @param {string} size */
  inPicture: (size) => `Its receptive field in the picture: ${size} px.`,
  wholePicture: "It can see the whole picture.",
  /** @param {number} down @param {number} across */
  apart: (down, across) =>
    down === across
      ? `Neighbours’ windows lie ${down} px apart.`
      : `Neighbours’ windows lie ${down} px apart down, ${across} px across.`,
  /** @param {number} top @param {number} left */
  starts: (top, left) =>
    top === left && top === 0
      ? "The first begins at the corner of the picture."
      : `The first begins ${startOf(top, "upper")} and ${startOf(left, "left")}.`,
  /** @param {FieldTerm[]} terms */
  formula: (terms) => verbatim(sumOf(terms)),
  /** @param {string} formula */
  alongRows: (formula) => `Rows: ${formula}`,
  /** @param {string} formula */
  alongColumns: (formula) => `Columns: ${formula}`,
  union: "Paths of several lengths lead back: the box lies around all of them.",
  /** @param {number} count @param {number} side @param {number} sum */
  seeAsMuch: (count, side, sum) =>
    `${WORDS[count] ?? count} layers of ${sizeOf(side, side)} see as much as one of ${sizeOf(sum, sum)}, with ` +
    `${(WORDS[count - 1] ?? `${count - 1}`).toLowerCase()} more ReLU${count === 2 ? "" : "s"} between them. ` +
    "Weights for C channels in and out, without biases:",
  /** @param {number} count @param {number} side */
  layers: (count, side) => `${count} × (${sizeOf(side, side)})`,
  /** @param {number} sum */
  oneLayer: (sum) => `1 × (${sizeOf(sum, sum)})`,
  shade: "Shade by paths",
  /** @param {number} most @param {number} least */
  paths: (most, least) => `At most ${most} paths lead from a cell to this one, at least ${least}; fewer paths, dimmer.`,
  tableTitle: "What the cell is made from, stage by stage",
  tableHead: ["stage", "size", "rows", "columns"],
});

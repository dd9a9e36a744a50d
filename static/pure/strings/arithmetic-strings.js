/** The texts of class scores, long sums and layers with numbers of their own, loaded with the modules that show them. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/** Whether a stage's three maps are red, green and blue. @param {Stage} stage */
function isColorInput({ kind, shape }) {
  return shape[0] === 3 && (kind === "input" || kind === "prepare");
}

/** What stands before the result of a step of a layer with numbers of its own, loaded with these layers. */
export const LAWS = inLanguage({
  /** @param {string} x @param {string} p */
  kept: (x, p) => `${x} ÷ (1 − ${p}), kept`,
  /** @param {string} x */
  dropped: (x) => `${x} · 0, dropped`,
  /** @param {string} x */
  unchanged: (x) => `${x}, unchanged`,
  /** @param {number} row @param {number} col */
  copied: (row, col) => `copied from row ${row}, column ${col}`,
  padding: "padding",
  /** @param {number} row @param {number} col */
  paddingFrom: (row, col) => `padding, copied from row ${row}, column ${col}`,
  /** @param {number} count */
  shares: (count) => `shares of ${count} cells`,
  /** @param {number} count */
  mean: (count) => `the mean of ${count} channels`,
  /** @param {string} sum @param {number} count */
  meanOf: (sum, count) => `the mean of the channels: ${sum} ÷ ${count}`,
});

export const ARITHMETIC = inLanguage({
  name: "class",
  score: `score ${verbatim("x")}`,
  /** @param {string} largest */
  power: (largest) => verbatim(`e^(x − ${largest})`),
  share: "share",
  sum: "Σ",
  rounded: "rounded",
  /** @param {number} count */
  others: (count) => `${count} others`,
  /** @param {string} largest */
  largest: (largest) =>
    `${largest} is the largest score. It is subtracted from every score first: the shares stay the same, and no ` +
    `${verbatim("e^x")} overflows.`,
  shares: "Softmax, written out",
  /** @param {number} channel */
  input: (channel) => `input ${channel}`,
  /** The cell of a value before the maps were flattened. @param {Stage} stage @param {number[]} place */
  place: (stage, [channel, row, col]) =>
    `${isColorInput(stage) ? verbatim("RGB"[channel]) : `map ${channel}`}, ${row}, ${col}`,
  where: "map, row, col",
  number: "input",
  term: "value × weight",
  product: "product",
  /** @param {number} count */
  together: (count) => `${count} others, added up`,
  /** @param {number} count */
  all: (count) => `sum of all ${count}`,
  bias: "bias",
  /** @param {number} count */
  strongest: (count) => `The ${count} strongest terms and the sum`,
  /** @param {string} range */
  values: (range) => `input ${range}`,
  /** @param {string} range */
  weights: (range) => `× weights ${range}`,
  /** @param {string} range */
  products: (range) => `= products ${range}`,
  ringed: "Ringed: the strongest terms.",
});

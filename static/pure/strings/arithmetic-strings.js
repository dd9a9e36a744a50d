/** The texts of the tables of class scores and long sums, loaded with the modules that show them. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/** Whether a stage's three maps are red, green and blue. @param {Stage} stage */
function isColorInput({ kind, shape }) {
  return shape[0] === 3 && (kind === "input" || kind === "prepare");
}

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

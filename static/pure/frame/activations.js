/** The activations of one value: their functions, as in app/core/ops/activation.py, and their formulas with a number. */

import { numberText } from "convoscope/pure/text/number-text.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/**
 * `apply` computes a value. `formula` writes it with the text of a number; of a negative one as 5 for −5.
 * @typedef {object} Activation
 * @property {(x: number, slope: number) => number} apply
 * @property {(x: string, stage: Stage) => string} formula
 */

/** By the name of the operation. @type {Record<string, Activation>} */
const ACTIVATIONS = {
  relu: { apply: (x) => (x > 0 ? x : 0), formula: (x) => `max(0, ${x})` },
  leaky_relu: {
    apply: (x, slope) => (x > 0 ? x : x * slope + 0),
    formula: (x, { slope }) => (x.startsWith("−") ? `${numberText(slope ?? DEFAULT_SLOPE)}·(${x})` : x),
  },
  sigmoid: { apply: sigmoid, formula: (x) => `1/(1 + e^(${negated(x)}))` },
  tanh: { apply: Math.tanh, formula: (x) => `tanh(${x})` },
  abs: { apply: Math.abs, formula: (x) => `|${x}|` },
};
const DEFAULT_SLOPE = 0.01;

/** The value that a stage's activation makes of a value. @param {Stage} stage @param {number} x */
export function activate(stage, x) {
  return ACTIVATIONS[stage.op].apply(x, stage.slope ?? DEFAULT_SLOPE);
}

/** The activation of one value as a formula: max(0, −5). @param {Stage} stage @param {string} x */
export function activationFormula(stage, x) {
  return ACTIVATIONS[stage.op]?.formula(x, stage) ?? x;
}

/** @param {number} x */
function sigmoid(x) {
  return 1 / (1 + Math.exp(-x));
}

/** @param {string} x the text of a number */
function negated(x) {
  return x.startsWith("−") ? x.slice(1) : `−${x}`;
}

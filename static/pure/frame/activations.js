/** The activations of one value: their functions, as in app/core/ops/activation.py, and their formulas with a number. */

import { bracketNegative, numberText } from "convoscope/pure/text/number-text.js";

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
  relu6: { apply: (x) => Math.min(Math.max(x, 0), 6), formula: (x) => `min(max(0, ${x}), 6)` },
  gelu: {
    apply: (x) => (x / 2) * erfc(-x / Math.SQRT2) + 0,
    formula: (x) => `${bracketNegative(x)}·½(1 + erf(${x}/√2))`,
  },
  silu: { apply: (x) => x * sigmoid(x) + 0, formula: (x) => `${x}/(1 + e^(${negated(x)}))` },
  hardswish: {
    apply: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6 + 0,
    formula: (x) => `${bracketNegative(x)}·min(max(0, ${x} + 3), 6)/6`,
  },
  step: { apply: (x) => (x > 0 ? 1 : 0), formula: (x) => `step(${x})` },
  sigmoid: { apply: sigmoid, formula: (x) => `1/(1 + e^(${negated(x)}))` },
  tanh: { apply: Math.tanh, formula: (x) => `tanh(${x})` },
  abs: { apply: Math.abs, formula: (x) => `|${x}|` },
};
const DEFAULT_SLOPE = 0.01;
/** Of p in Chebyshev polynomials of 2t − 1, as in Python. */
const ERFC_COEFFICIENTS = [
  -0.6513268598909, 0.6419697923565, 0.01947647320419, -0.009561514786808, -0.0009465953444836, 0.0003668394978548,
  4.252332480582e-5, -2.027857811265e-5, -1.624290003551e-6, 1.30365583344e-6, 1.562644355394e-8, -8.523809667723e-8,
  6.529053638478e-9, 5.059344669138e-9, -9.913656192258e-10, -2.273650083022e-10, 9.64677745093e-11, 2.393840681236e-12,
  -6.884900057476e-12, 8.934260738632e-13,
];

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

/** 1 − erf(x): t · e^(p(t) − x²) for x ≥ 0, where t = 2/(2 + x). @param {number} x */
function erfc(x) {
  const size = Math.abs(x);
  const share = 2 / (2 + size);
  let [sum, last] = [0, 0];
  for (const coefficient of ERFC_COEFFICIENTS.slice(1).reverse()) {
    [sum, last] = [coefficient + 2 * (2 * share - 1) * sum - last, sum];
  }
  const tail = share * Math.exp(ERFC_COEFFICIENTS[0] + (2 * share - 1) * sum - last - size * size);
  return x < 0 ? 2 - tail : tail;
}

/** @param {string} x the text of a number */
function negated(x) {
  return x.startsWith("−") ? x.slice(1) : `−${x}`;
}

/** An activation of one value, max(0, −5), and the preprocessing of one value, as formulas. */

import { bracketNegative, numberText, useMinusSign } from "convoscope/pure/text/number-text.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/** @param {Stage} stage @param {string} x */
export function activationFormula(stage, x) {
  /** @type {Record<string, string>} */
  const texts = {
    relu: `max(0, ${x})`,
    leaky_relu: x.startsWith("−") ? `${numberText(stage.slope ?? 0.01)}·(${x})` : x,
    sigmoid: `1/(1 + e^(${x.startsWith("−") ? x.slice(1) : `−${x}`}))`,
    tanh: `tanh(${x})`,
    abs: `|${x}|`,
  };
  return texts[stage.op] ?? x;
}

/**
 * "(119 ÷ 255 − 0.1307) ÷ 0.3081"; inverted to white on black "((255 − 119) ÷ 255 − 0.1307) ÷ 0.3081".
 * @param {Stage} stage @param {number} map @param {string} sum
 */
export function preprocessingFormula({ prepare }, map, sum) {
  if (!prepare) return sum;
  const { white, inverted } = prepare;
  const x = inverted ? `(${white} − ${bracketNegative(sum)})` : bracketNegative(sum);
  const mean = useMinusSign(String(prepare.mean[map]));
  return `(${white === 1 ? x : `${x} ÷ ${white}`} − ${bracketNegative(mean)}) ÷ ${prepare.std[map]}`;
}

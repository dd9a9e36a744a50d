/** An activation of one value, max(0, −5), and the preprocessing of one value, as formulas. */

import { bracketNegative, numberText, useMinusSign } from "convoscope/pure/text/number-text.js";

export { activationFormula } from "convoscope/pure/frame/activations.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/**
 * "(119 ÷ 255 − 0.1307) ÷ 0.3081"; inverted to white on black "((255 − 119) ÷ 255 − 0.1307) ÷ 0.3081".
 * @param {Stage} stage @param {number} map @param {number} value
 */
export function preprocessingFormula({ prepare }, map, value) {
  if (!prepare) return numberText(value);
  const { white, inverted } = prepare;
  const x = inverted ? `(${white} − ${bracketNegative(numberText(value))})` : bracketNegative(numberText(value));
  const mean = useMinusSign(String(prepare.mean[map]));
  return `(${white === 1 ? x : `${x} ÷ ${white}`} − ${bracketNegative(mean)}) ÷ ${prepare.std[map]}`;
}

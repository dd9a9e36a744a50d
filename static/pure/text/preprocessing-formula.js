/** The preprocessing of one value, as a formula. */

import { bracketNegative, useMinusSign } from "convoscope/pure/text/number-text.js";

/** @import {Stage} from "convoscope/pure/types.js" */

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

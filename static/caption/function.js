/** An activation at one value: max(0, −5). */

import { numberText } from "convoscope/caption/number.js";

/** @import {Stage} from "convoscope/types.js" */

/** @param {Stage} stage @param {string} x */
export function functionText(stage, x) {
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

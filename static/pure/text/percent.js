/** Shares of a whole as texts. */

import { shortNumber } from "convoscope/pure/text/number-text.js";

/** @import {StageMeta} from "convoscope/pure/types.js" */

/** Shares below this, and above 1 less this, would be rounded to none or to the whole. */
const HALF_A_TENTH = 0.0005;

/**
 * A share in percent, with one decimal: "42.1 %", "< 0.1 %", "> 99.9 %"; "0 %" and "100 %" for nothing and all alone.
 * @param {number} share of 1
 */
export function percentText(share) {
  if (Number.isNaN(share)) return "?";
  if (share === 0 || share === 1) return `${100 * share} %`;
  if (share < HALF_A_TENTH) return "< 0.1 %";
  return share >= 1 - HALF_A_TENTH ? "> 99.9 %" : `${(100 * share).toFixed(1)} %`;
}

/**
 * A value of a stage for a small cell: in percent where it is a share.
 * @param {Pick<StageMeta, "op">} stage @param {number} value
 */
export function shortValue(stage, value) {
  return stage.op === "softmax" ? percentText(value) : shortNumber(value);
}

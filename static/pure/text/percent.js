/** A value of a stage as a short text. */

import { shownValue } from "convoscope/pure/text/amounts.js";
import { percentText, shortNumber } from "convoscope/pure/text/number-text.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/**
 * A value of a stage for a small cell: in percent where it is a share.
 * @param {Stage} stage @param {number} value
 */
export function shortValue(stage, value) {
  return stage.kind === "softmax" ? percentText(value) : shortNumber(shownValue(stage, value));
}

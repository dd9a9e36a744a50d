/**
 * Names of the numbers of a signal: x₁ w₁ h₁; with the filter's number first where there are several; x, g and y of a
 * turned filter.
 */

import { subscript } from "convoscope/pure/tabs/sharing/letter-names.js";

/** @import {SignalParts} from "convoscope/pure/tabs/signal/signal-parts.js" */

/**
 * @typedef {object} SignalNames
 * @property {{input: string, weight: string, output: string}} letters
 * @property {(cell: number) => string} input
 * @property {(map: number, tap: number) => string} weight
 * @property {(map: number, col: number) => string} output
 * @property {(map: number) => string} bias
 * @property {(map: number) => string} line of the output
 */

/**
 * @param {SignalParts} parts @param {boolean} fromOne whether counting begins with 1, on the screen alone
 * @returns {SignalNames}
 */
export function namesOf({ stage, taps }, fromOne) {
  const first = fromOne ? 1 : 0;
  const isFull = stage.kind === "linear";
  const isTurned = Boolean(stage.flip);
  const letters = isTurned
    ? { input: "x", weight: "g", output: "y" }
    : { input: "x", weight: "w", output: stage.kind === "conv" || isFull ? "h" : "y" };
  const several = isFull || stage.shape[0] > 1;
  const numbered = (/** @type {number} */ map, /** @type {number} */ n) =>
    subscript(several ? [map + first, n + first] : [n + first]);
  return {
    letters,
    input: (cell) => letters.input + subscript([cell + first]),
    weight: (map, tap) => letters.weight + numbered(map, isTurned ? taps - 1 - tap : tap),
    output: (map, col) => letters.output + (isFull ? subscript([map + first]) : numbered(map, col)),
    line: (map) => letters.output + (several && !isFull ? subscript([map + first]) : ""),
    bias: (map) => `b${several ? subscript([map + first]) : ""}`,
  };
}

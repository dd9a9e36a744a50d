/** The functions of activations as mathematics, of any argument: x, the cell at a place, or its number. */

import { cases, factor, fraction, name, number, power, root, row, words } from "convoscope/pure/tabs/equation/math.js";
import { numberText } from "convoscope/pure/text/number-text.js";

/** @import {Stage} from "convoscope/pure/types.js" */
/** @import {Math as Part} from "convoscope/pure/tabs/equation/math.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * An argument: as it stands, as a factor, and with the other sign; of a number whether it is below 0.
 * @typedef {{plain: Part, factor: Part, negative: Part, isNegative?: boolean}} Argument
 */

/** @param {Part} x @returns {Argument} */
export function letterArgument(x) {
  return { plain: x, factor: x, negative: row("−", x) };
}

/** A number as an argument. @param {string} text @returns {Argument} */
export function numberArgument(text) {
  const isNegative = text.startsWith("−");
  return {
    plain: number(text, "input"),
    factor: factor(text, "input"),
    negative: number(isNegative ? text.slice(1) : `−${text}`, "input"),
    isNegative,
  };
}

/** Clipped between 0 and 6. @param {...Part} parts */
function clipped(...parts) {
  return row("min", "(", "max", "(", "0", ",", ...parts, ")", ",", "6", ")");
}

/** By the name of the operation. @type {Record<string, (x: Argument, stage: Stage) => Description>} */
const FUNCTIONS = {
  relu: ({ plain }) => row("max", "(", "0", ",", plain, ")"),
  leaky_relu: ({ plain, factor: x, isNegative }, { slope }) => {
    const scaled = row(numberText(slope ?? 0.01), "·", x);
    if (isNegative !== undefined) return isNegative ? scaled : row(plain);
    return cases([
      [plain, row(words(" "), plain, ">", "0")],
      [scaled, row(words(" "), plain, "≤", "0")],
    ]);
  },
  relu6: ({ plain }) => clipped(plain),
  gelu: ({ plain, factor: x }) =>
    row(x, "·", fraction("1", "2"), "(", "1", "+", name("erf"), "(", fraction(plain, root("2")), ")", ")"),
  silu: ({ plain, negative }) => fraction(plain, row("1", "+", power("e", negative))),
  hardswish: ({ plain, factor: x }) => row(x, "·", fraction(clipped(plain, "+", "3"), "6")),
  step: ({ plain, isNegative }) =>
    isNegative === undefined
      ? cases([
          ["1", row(words(" "), plain, ">", "0")],
          ["0", row(words(" "), plain, "≤", "0")],
        ])
      : row("step", "(", plain, ")"),
  sigmoid: ({ negative }) => fraction("1", row("1", "+", power("e", negative))),
  tanh: ({ plain }) => row("tanh", "(", plain, ")"),
  abs: ({ plain }) => row("|", plain, "|"),
};

/** The function of an activation of an argument. @param {Stage} stage @param {Argument} x @returns {Part} */
export function activationOf(stage, x) {
  return FUNCTIONS[stage.op]?.(x, stage) ?? row(name(stage.title), "(", x.plain, ")");
}

/** The equation of a step in the letters of its layer, as the filter stands: αA + βB + … + b = P. */

import { enclosed, fraction, math, row } from "convoscope/pure/tabs/equation/math.js";
import { termsTable } from "convoscope/pure/tabs/equation/terms-table.js";
import {
  countWeights,
  NO_CELL,
  NO_WIRE,
  placeOfWeight,
  sourcesOf,
  weightKey,
} from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Values} from "convoscope/pure/tabs/sharing/values.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {"input" | "weight" | "output"} Part */

/** Of more weights the equation is not written in letters. */
const MOST_WEIGHTS = 27;
const ROLES = /** @type {const} */ ({ input: "input", weight: "filter", output: "output" });

/** @param {Values} values @returns {Description | null} */
export function lettersEquation(values) {
  const { stage, here, divisor } = values;
  const count = countWeights(stage);
  if (count > MOST_WEIGHTS) return null;
  const [rows, columns] = [stage.rows?.kernel ?? 1, stage.columns?.kernel ?? 1];
  const sources = sourcesOf(stage, ...values.placeOf(here));
  const along = (/** @type {number} */ length) => Array.from({ length }, (_, n) => n);
  const channels = count / (rows * columns);
  const tables = along(channels).flatMap((c) => {
    const table = termsTable({ rows: along(rows), columns: along(columns) }, (i, j) => {
      const n = (c * rows + i) * columns + j;
      if (sources[n] === NO_WIRE) return null;
      const [weight, input] = [valueOfRole(values, "weight", n), valueOfRole(values, "input", sources[n])];
      const areNumbers = !isLetter(values, "weight", n) || !isLetter(values, "input", sources[n]);
      const [, down, over] = placeOfWeight(stage, n);
      return {
        parts: areNumbers ? [weight, "·", input] : [weight, input],
        weight: weightKey(stage, n) ?? [down, over].join(),
        isOutside: sources[n] === NO_CELL,
      };
    });
    return c ? ["+", enclosed(table)] : [enclosed(table)];
  });
  const sum = row(...tables);
  return [
    "div",
    { class: "equation of-letters" },
    [
      "div",
      { class: "math-line" },
      math(divisor ? fraction(sum, divisor) : sum, "+", bias(values)),
      math("=", valueOfRole(values, "output", here)),
    ],
  ];
}

/** @param {Values} values @returns {Description} */
function bias({ bias: text }) {
  return text === "b" ? ["mi", { "data-letter": "b" }, "b"] : turned("b", text);
}

/** Whether a value shows its letter. @param {Values} values @param {Part} role @param {number} index */
function isLetter(values, role, index) {
  return index !== NO_CELL && values[role](index) === values.names[role](index);
}

/**
 * A letter or its number, which a click turns into the other.
 * @param {Values} values @param {Part} role @param {number} index @returns {Description}
 */
function valueOfRole(values, role, index) {
  const text = values[role](index);
  if (index === NO_CELL) return ["mn", text];
  const letter = values.names[role](index);
  if (text === letter) return ["mi", { class: `is-${ROLES[role]}`, "data-letter": letter }, text];
  return turned(letter, text, ROLES[role]);
}

/**
 * The number of a letter, a negative one in parentheses.
 * @param {string} letter @param {string} text @param {string} [role] @returns {Description}
 */
function turned(letter, text, role) {
  const number = /** @type {Description} */ ([
    "mn",
    { class: role ? `is-${role}` : null, "data-letter": letter },
    text,
  ]);
  return text.startsWith("−") ? row("(", number, ")") : number;
}

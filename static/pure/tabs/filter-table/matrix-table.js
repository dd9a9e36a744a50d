/** A filter as a small matrix: its numbers row by row on the colors of their signs, with a factor in front. */

import { weightScale } from "convoscope/pure/maps/palette.js";
import { FILTER_TABLE } from "convoscope/pure/strings/tab-strings.js";
import { useMinusSign } from "convoscope/pure/text/number-text.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * A matrix as it is written: the text and the value of each number, and what all of them are multiplied with, "" for 1.
 * @typedef {{texts: string[][], values: Float32Array, factor: string}} Matrix
 */

/**
 * The matrix of a classic filter.
 * @param {{planes: string[][][], divisor: number}} kernel @returns {Matrix}
 */
export function matrixOfKernel({ planes: [rows], divisor }) {
  return {
    texts: rows.map((row) => row.map((text) => useMinusSign(text))),
    values: Float32Array.from(rows.flat(), Number),
    factor: writeFactor(divisor),
  };
}

/** What multiplies the numbers of a filter that is divided: "1/9". @param {number} divisor */
export function writeFactor(divisor) {
  return divisor === 1 ? "" : `1/${divisor}`;
}

/** @param {Matrix} matrix @param {string} name of the filter @param {string} [plane] of several @returns {Description} */
export function matrixTable({ texts, values, factor }, name, plane = "") {
  const colors = weightScale(values);
  return [
    "div",
    { class: "filter-matrix", translate: "no" },
    factor !== "" && drawFactor(factor),
    [
      "table",
      { "aria-label": FILTER_TABLE.matrixOf(name, plane, factor) },
      [
        "tbody",
        ...texts.map(
          (row, r) =>
            /** @type {Description} */ ([
              "tr",
              ...row.map((text, c) => {
                const value = values[r * row.length + c];
                const style = { background: colors.fill(value), color: colors.ink(value) };
                return /** @type {Description} */ (["td", { style }, text]);
              }),
            ]),
        ),
      ],
    ],
  ];
}

/** A fraction and a times sign; as text it is "1/9 ×". @param {string} factor @returns {Description} */
function drawFactor(factor) {
  const [top, bottom] = factor.split("/");
  const fraction = /** @type {Description} */ ([
    "div",
    { class: "fraction" },
    ["div", top],
    ["div", { class: "slash" }, "/"],
    ["div", bottom],
  ]);
  return ["div", { class: "factor", "aria-hidden": "true" }, fraction, " ×"];
}

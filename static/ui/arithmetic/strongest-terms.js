/**
 * A fully connected layer in full: value × weight = product for every input as pictures, the strongest terms in
 * numbers, and the sum of all others, so that the sum, the bias and the result can be checked by hand.
 */

import { beforeFlattening } from "convoscope/pure/frame/frame.js";
import { mapColors, photoRange, signedScale } from "convoscope/pure/maps/palette.js";
import { ARITHMETIC } from "convoscope/pure/strings/arithmetic-strings.js";
import { bracketNegative, isTextExact, numberText, shortNumber, useMinusSign } from "convoscope/pure/text/caption.js";
import { build, fill } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";

/** @import {Frame, Stage, Term, Trace, View} from "convoscope/pure/types.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Up to this many maps are in one line, such as red, green and blue. */
const MOST_MAPS_IN_LINE = 3;
/** This many terms have a row if the figure is low. */
const FEW_TERMS = 3;

/**
 * @param {HTMLElement} host @param {Trace} trace @param {View} view @param {Frame} frame
 * @param {number} height of the figure
 */
export function showTable(host, trace, view, frame, height) {
  const before = beforeFlattening(trace, trace.stages[frame.stage]);
  const picture = before.shape[1] * before.shape[2] > 1;
  const shown = picture && height < 520 ? frame.strongest.slice(0, FEW_TERMS) : frame.strongest;
  fill(host, picture && describeMosaics(trace, view, frame, before, shown), describeTerms(frame, before, shown));
}

// --- numbers ------------------------------------------------------------------------------------------------

/**
 * The table of terms. The products shown add up exactly: all are rounded to the same place, and the sum of the others
 * contains the rounding error.
 * @param {Frame} frame @param {Stage} before @param {Term[]} shown @returns {Description}
 */
function describeTerms(frame, before, shown) {
  const count = frame.strongest.length + (frame.rest?.count ?? 0);
  const whole = [frame.result, frame.bias, ...shown.map(({ product }) => product)].every(Number.isInteger);
  const decimals = whole ? 0 : Math.min(8, Math.max(1, 3 - Math.floor(Math.log10(Math.abs(frame.result) || 1))));
  const unitsPerOne = 10 ** decimals;
  const toUnits = (/** @type {number} */ value) => Math.round(value * unitsPerOne);
  const text = (/** @type {number} */ unit) => signedText(unit / unitsPerOne, decimals);
  const sum = toUnits(frame.result) - toUnits(frame.bias);
  const rest = sum - shown.reduce((part, { product }) => part + toUnits(product), 0);
  const [products, summed, biased] = [
    frame.beat !== "window",
    ["sum", "bias", "write"].includes(frame.beat),
    ["bias", "write"].includes(frame.beat),
  ];
  const textIfKnown = (/** @type {boolean} */ known, /** @type {number} */ unit) => (known ? text(unit) : "?");
  const isExact = (/** @type {Term} */ { value, weight, product }) =>
    [value, weight].every(isTextExact) && toUnits(product) / unitsPerOne === product;
  const picture = before.shape[1] * before.shape[2] > 1;
  const others = count - shown.length;
  return [
    "table",
    { class: "written terms-table", "aria-label": ARITHMETIC.strongest(shown.length) },
    [
      "thead",
      [
        "tr",
        ...[picture ? ARITHMETIC.where : ARITHMETIC.number, ARITHMETIC.term, ARITHMETIC.product].map(
          (name) => /** @type {Description} */ (["th", { scope: "col" }, name]),
        ),
      ],
    ],
    [
      "tbody",
      ...shown.map(
        (term) =>
          /** @type {Description} */ ([
            "tr",
            [
              "th",
              { scope: "row" },
              picture ? ARITHMETIC.place(before, term.source) : ARITHMETIC.input(term.source[0]),
            ],
            [
              "td",
              ["b", { class: "is-input" }, numberText(term.value)],
              " × ",
              ["b", { class: "is-filter" }, bracketNegative(numberText(term.weight))],
              isExact(term) ? " =" : " ≈",
            ],
            ["td", textIfKnown(products, toUnits(term.product))],
          ]),
      ),
      others > 0 && [
        "tr",
        ["th", { scope: "row", colspan: 2 }, ARITHMETIC.together(others)],
        ["td", textIfKnown(products, rest)],
      ],
    ],
    [
      "tfoot",
      ["tr", ["th", { scope: "row", colspan: 2 }, ARITHMETIC.all(count)], ["td", textIfKnown(summed, sum)]],
      ["tr", ["th", { scope: "row", colspan: 2 }, ARITHMETIC.bias], ["td", textIfKnown(biased, toUnits(frame.bias))]],
    ],
  ];
}

/** @param {number} value @param {number} decimals */
function signedText(value, decimals) {
  const text = useMinusSign(value.toFixed(decimals));
  return value > 0 ? `+${text}` : text;
}

// --- pictures -----------------------------------------------------------------------------------------------

/**
 * @param {Trace} trace @param {View} view @param {Frame} frame @param {Stage} before @param {Term[]} shown
 * @returns {Description}
 */
function describeMosaics(trace, view, frame, before, shown) {
  const stage = trace.stages[frame.stage];
  const input = /** @type {Float32Array} */ (before.output);
  const weights = /** @type {Float32Array} */ (stage.weight).subarray(
    frame.map * input.length,
    (frame.map + 1) * input.length,
  );
  const products = input.map((value, n) => value * weights[n]);
  const largestOf = (/** @type {Float32Array} */ values) =>
    values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const ownScale = (/** @type {Float32Array} */ values) => signedScale(largestOf(values) || 1);
  const rangeText = (/** @type {Scale} */ scale) =>
    scale.kind === "signed" ? `±${shortNumber(scale.hi)}` : `${shortNumber(scale.lo)} … ${shortNumber(scale.hi)}`;
  const [inputs, weighted, multiplied] = [
    mapColors(before, 0, view.colors, "layer", photoRange(trace)),
    ownScale(weights),
    ownScale(products),
  ];
  const areKnown = frame.beat !== "window";
  return [
    "div",
    { class: before.shape[0] <= MOST_MAPS_IN_LINE ? "pictures in-line" : "pictures" },
    describeMosaic(paintMosaic(input, before, inputs), ARITHMETIC.values(rangeText(inputs)), "is-input", []),
    describeMosaic(paintMosaic(weights, before, weighted), ARITHMETIC.weights(rangeText(weighted)), "is-filter", []),
    describeMosaic(
      areKnown
        ? paintMosaic(products, before, multiplied)
        : paintMosaic(new Float32Array(input.length), before, multiplied),
      ARITHMETIC.products(areKnown ? rangeText(multiplied) : "?"),
      "",
      areKnown ? describeRings(before, shown) : [],
    ),
  ];
}

/**
 * @param {Mosaic} picture @param {string} caption @param {string} role @param {Description[]} marks
 * @returns {Description}
 */
function describeMosaic({ rgba, rows, columns }, caption, role, marks) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    build(["canvas", { "aria-hidden": true, style: { "aspect-ratio": `${columns} / ${rows}` } }])
  );
  paintThumbnail(canvas, rows, columns, rgba);
  return [
    "figure",
    ["div", { class: "ringed", title: marks.length ? ARITHMETIC.ringed : null }, canvas, ...marks],
    ["figcaption", { class: role }, caption],
  ];
}

/** @typedef {{rgba: Uint8ClampedArray<ArrayBuffer>, rows: number, columns: number}} Mosaic */

/** How many maps are side by side, and the size of all together, one cell apart. @param {Stage} stage */
function tileLayout({ shape: [maps, height, width] }) {
  const across = maps <= MOST_MAPS_IN_LINE ? maps : Math.ceil(Math.sqrt(maps));
  return { across, rows: Math.ceil(maps / across) * (height + 1) - 1, columns: across * (width + 1) - 1 };
}

/**
 * All maps in one picture, one pixel per cell.
 * @param {Float32Array} values @param {Stage} stage @param {Scale} scale
 * @returns {Mosaic}
 */
function paintMosaic(values, stage, scale) {
  const [, height, width] = stage.shape;
  const { rows, columns } = tileLayout(stage);
  const rgba = new Uint8ClampedArray(4 * rows * columns);
  const colors = scale.rgba(values);
  for (let n = 0; n < values.length; n++) {
    const [row, col] = cellInMosaic(stage, [
      Math.floor(n / (height * width)),
      Math.floor(n / width) % height,
      n % width,
    ]);
    rgba.set(colors.subarray(4 * n, 4 * n + 4), 4 * (row * columns + col));
  }
  return { rgba, rows, columns };
}

/** @param {Stage} stage @param {number[]} source */
function cellInMosaic(stage, [map, row, col]) {
  const { across } = tileLayout(stage);
  return [Math.floor(map / across) * (stage.shape[1] + 1) + row, (map % across) * (stage.shape[2] + 1) + col];
}

/** @param {Stage} stage @param {Term[]} terms @returns {Description[]} */
function describeRings(stage, terms) {
  const { rows, columns } = tileLayout(stage);
  return terms.map(({ source }) => {
    const [row, col] = cellInMosaic(stage, source);
    return ["i", { style: { left: `${(100 * (col + 0.5)) / columns}%`, top: `${(100 * (row + 0.5)) / rows}%` } }];
  });
}

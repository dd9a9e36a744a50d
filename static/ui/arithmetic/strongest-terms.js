/**
 * A long sum in full, of a fully connected layer or of a filter as large as a picture: value × weight = product for
 * every input as pictures, the strongest terms in numbers, and the sum of all others, so that the sum, the bias and the
 * result can be checked by hand.
 */

import { beforeFlattening, indicesOfLargest, placeInMaps } from "convoscope/pure/frame/frame.js";
import { readOf } from "convoscope/pure/frame/stage.js";
import { mapColors, photoRange, signedScale, weightScale } from "convoscope/pure/maps/palette.js";
import { ARITHMETIC } from "convoscope/pure/strings/arithmetic-strings.js";
import { addPlusSign, bracketNegative, shortNumber, useMinusSign } from "convoscope/pure/text/number-text.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";
import { build, fill, isDark } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";

/** @import {Frame, Stage, StepTexts, Term, Trace, View} from "convoscope/pure/types.js" */
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
  const before =
    frame.kind === "conv" ? windowAsStage(trace, frame) : beforeFlattening(trace, trace.stages[frame.stage]);
  const sum = frame.kind === "conv" ? withStrongestTerms(frame) : frame;
  const picture = before.shape[1] * before.shape[2] > 1;
  const shown = picture && height < 520 ? sum.strongest.slice(0, FEW_TERMS) : sum.strongest;
  fill(
    host,
    picture && describeMosaics(trace, view, sum, before, shown),
    describeTerms(trace, frame, sum, before, shown),
  );
}

// --- the window of a large filter ---------------------------------------------------------------------------

/**
 * The cells that a filter reads, as a stage of their own.
 * @param {Trace} trace @param {Frame} frame @returns {Stage}
 */
function windowAsStage(trace, { stage, rows, columns, channels }) {
  const output = Float32Array.from(
    channels.flatMap(({ values }) => values.flat()),
    (value) => value ?? 0,
  );
  return { ...readOf(trace, trace.stages[stage]), shape: [channels.length, rows.length, columns.length], output };
}

/** The frame with its largest products, and how much all others add up to. @param {Frame} frame @returns {Frame} */
function withStrongestTerms(frame) {
  const { rows, columns, channels, sum } = frame;
  const products = Float64Array.from(channels.flatMap((channel) => (channel.products ?? []).flat()));
  const strongest = indicesOfLargest(products).map((n) => {
    const source = placeInMaps(n, rows.length, columns.length);
    const [c, r, col] = source;
    return {
      source,
      value: channels[c].values[r][col] ?? 0,
      weight: channels[c].weights?.[r][col] ?? 0,
      product: products[n],
    };
  });
  const shown = strongest.reduce((part, { product }) => part + product, 0);
  return { ...frame, strongest, rest: { count: products.length - strongest.length, sum: sum - shown } };
}

// --- numbers ------------------------------------------------------------------------------------------------

/**
 * The table of terms. The products shown add up exactly: the sum of the others takes what rounding leaves.
 * @param {Trace} trace @param {Frame} step @param {Frame} frame the step with its strongest terms
 * @param {Stage} before @param {Term[]} shown @returns {Description}
 */
function describeTerms(trace, step, frame, before, shown) {
  const count = frame.strongest.length + (frame.rest?.count ?? 0);
  const written = writeStep(trace, step);
  const texts = step.kind === "conv" ? { ...written, ...writeLargeFilter(written, shown) } : written;
  const [products, summed, biased] = [
    frame.beat !== "window",
    ["sum", "bias", "write"].includes(frame.beat),
    ["bias", "write"].includes(frame.beat),
  ];
  const textIfKnown = (/** @type {boolean} */ known, /** @type {string} */ text) => (known ? text : "?");
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
        (term, i) =>
          /** @type {Description} */ ([
            "tr",
            [
              "th",
              { scope: "row" },
              picture ? ARITHMETIC.place(before, placeInInput(frame, term)) : ARITHMETIC.input(term.source[0]),
            ],
            [
              "td",
              ["b", { class: "is-input" }, texts.strongest[i].value],
              " × ",
              ["b", { class: "is-filter" }, bracketNegative(texts.strongest[i].weight)],
              texts.strongest[i].isExact ? " =" : " ≈",
            ],
            ["td", textIfKnown(products, texts.strongest[i].product)],
          ]),
      ),
      others > 0 && [
        "tr",
        ["th", { scope: "row", colspan: 2 }, ARITHMETIC.together(others)],
        ["td", textIfKnown(products, texts.rests[shown.length])],
      ],
    ],
    [
      "tfoot",
      [
        "tr",
        ["th", { scope: "row", colspan: 2 }, ARITHMETIC.all(count)],
        ["td", textIfKnown(summed, addPlusSign(texts.sum))],
      ],
      [
        "tr",
        ["th", { scope: "row", colspan: 2 }, ARITHMETIC.bias],
        ["td", textIfKnown(biased, addPlusSign(texts.bias))],
      ],
    ],
  ];
}

/**
 * The terms of a large filter, and the sum of all its other products, as they are written in its sum.
 * @param {StepTexts} texts @param {Term[]} shown @returns {Pick<StepTexts, "strongest" | "rests">}
 */
function writeLargeFilter({ channels, sum, isSumExact }, shown) {
  const strongest = shown.map(({ source: [c, row, col] }) => {
    const { values, weights, products } = channels[c];
    return { value: values[row][col], weight: weights[row][col], product: products[row][col], isExact: isSumExact };
  });
  const rest = subtractTexts(
    sum,
    strongest.map(({ product }) => product),
  );
  return { strongest, rests: shown.map(() => "").concat(rest) };
}

/**
 * What is left of a written sum without some of its terms, with a sign, in the decimals and power of ten of the terms.
 * @param {string} sum @param {string[]} terms
 */
function subtractTexts(sum, terms) {
  const parts = [sum, ...terms].map((text) => text.replace(/^−/, "-").split("e"));
  const power = parts.find(([, exponent]) => exponent !== undefined)?.[1];
  const decimals = Math.max(...parts.map(([mantissa]) => mantissa.split(".")[1]?.length ?? 0));
  const [total, ...numbers] = parts.map(([mantissa]) => Number(mantissa));
  const left = numbers.reduce((left, number) => left - number, total).toFixed(Math.min(decimals, 20));
  if (Number(left) === 0) return "0";
  return addPlusSign(useMinusSign(left) + (power === undefined ? "" : `e${power}`));
}

/** The map, row and column of a term's value. @param {Frame} frame @param {Term} term */
function placeInInput({ kind, rows, columns }, { source: [map, row, col] }) {
  return kind === "conv" ? [map, rows[row], columns[col]] : [map, row, col];
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
  const dark = isDark(document.body);
  const largestOf = (/** @type {Float32Array} */ values) =>
    values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const ownScale = (/** @type {Float32Array} */ values) => signedScale(largestOf(values), dark);
  const colors = mapColors(before, 0, view.colors, "layer", photoRange(trace), dark);
  const rangeText = (/** @type {Scale} */ scale) =>
    scale.kind === "signed" ? `±${shortNumber(scale.hi)}` : `${shortNumber(scale.lo)} … ${shortNumber(scale.hi)}`;
  const [inputs, weighted, multiplied] = [
    colors.kind === "signed" ? ownScale(input) : colors,
    weightScale(weights, dark),
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
    const [row, col] = cellInMosaic(stage, placeInMaps(n, height, width));
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

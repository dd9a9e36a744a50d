/**
 * One filter at two places of a picture, side by side: window and filter, the products that are not 0, and their sum.
 * `app/render/views/two_places_drawing.py` writes the same.
 */

import { frameAt } from "convoscope/pure/frame/frame.js";
import { firstUnwrittenPosition } from "convoscope/pure/frame/view-model.js";
import { mapColors, photoRange, weightScale } from "convoscope/pure/maps/palette.js";
import { EQUATION } from "convoscope/pure/strings/tab-strings.js";
import { endLine, isKnown, listProducts } from "convoscope/pure/tabs/equation/weighted-equation.js";
import { cellTexts, drawCells } from "convoscope/pure/tabs/volume/volume-slices.js";
import { readFilter, shownValue } from "convoscope/pure/text/amounts.js";
import { bracketNegative } from "convoscope/pure/text/number-text.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {EquationStep} from "convoscope/pure/tabs/equation/equation-view.js" */
/** @import {Product} from "convoscope/pure/tabs/equation/weighted-equation.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The letters of the two places, also on the maps. */
export const PLACES = ["A", "B"];
/** Of more products that are not 0 none is written. */
const MOST_WRITTEN = 30;
/** From this width on the places stand side by side, in fonts; between them, and between window and filter. */
const [SIDE_BY_SIDE, BETWEEN, GAP] = [34, 2, 1.6];
/** The largest and the smallest cell, in fonts and CSS pixels, and how many lines of text a place has beside its cells. */
const [LARGEST_CELL, SMALLEST_CELL, LINES] = [2, 4, 7];

/**
 * The steps of both places in reading order: of one whose cell is not computed yet only its window is known. One alone where the View
 * names no second place, or the stage has no cells to choose from.
 * @param {Trace} trace @param {View} view @param {Frame} frame @returns {Frame[]}
 */
export function framesOfPlaces(trace, view, frame) {
  const stage = trace.stages[frame.stage];
  const [, rows, columns] = stage.shape;
  if (!view.second || stage.kind !== "conv" || rows * columns < 2) return [frame];
  const at = /** @type {[number, number]} */ ([
    Math.min(view.second[0], rows - 1),
    Math.min(view.second[1], columns - 1),
  ]);
  const ahead = view.ghost ? null : firstUnwrittenPosition(trace, view);
  const isToCome = ahead !== null && at[0] * columns + at[1] >= ahead;
  const beat = isToCome ? "window" : frame.beats[frame.beats.length - 1];
  const other = frameAt(trace, { stage: frame.stage, map: frame.map, at, beat });
  const isFirst = at[0] * columns + at[1] < frame.row * columns + frame.col;
  return isFirst ? [other, frame] : [frame, other];
}

/** @param {EquationStep[]} steps @param {View} view @returns {Description} */
export function twoPlaces(steps, view) {
  const { size } = steps[0];
  const isBeside = size.width >= SIDE_BY_SIDE * size.text;
  const width = isBeside ? size.width / 2 - BETWEEN * size.text : size.width;
  const height = isBeside ? size.height : size.height / 2;
  return [
    "div",
    { class: `two-places${isBeside ? " is-beside" : ""}` },
    ...steps.map((step, n) => describePlace(step, PLACES[n], view, { width, height })),
  ];
}

/**
 * @param {EquationStep} step @param {string} letter @param {View} view @param {{width: number, height: number}} room
 * @returns {Description}
 */
function describePlace(step, letter, view, room) {
  const { row, col, beat } = step.frame;
  const sum = listProducts(step);
  const [channels, rows, columns] = sum.shape;
  const all = [...Array(sum.count).keys()].map((n) =>
    sum.at(Math.floor(n / (rows * columns)), Math.floor(n / columns) % rows, n % columns),
  );
  const written = all.filter((product) => product !== null && !product.isZero);
  const isMultiplied = beat !== "window";
  return [
    "section",
    { class: "place", "aria-label": EQUATION.place(letter, row, col) },
    ["p", { class: "place-name" }, EQUATION.place(letter, row, col)],
    channels === 1 && drawWindow(step, view, room),
    isMultiplied &&
      written.length > 0 && [
        "p",
        { class: "products-of-place mono" },
        ...writeTerms(written, isKnown(step) ? step.texts.sum : ""),
      ],
    isMultiplied && ["p", { class: "small muted" }, sayZeros(written.length, sum.count)],
    ["div", { class: "math-line" }, ...endLine(step, sum)],
  ];
}

/** How many products are 0. @param {number} written how many are not @param {number} all */
function sayZeros(written, all) {
  if (written === all) return EQUATION.noneZero(all);
  return written ? EQUATION.someZero(all - written, all) : EQUATION.allZero(all);
}

/** @param {(Product | null)[]} products @param {string} sum @returns {(Description | string)[]} */
function writeTerms(products, sum) {
  if (products.length > MOST_WRITTEN) return [EQUATION.manyProducts(products.length)];
  const terms = products.flatMap((product, n) => {
    const { weight, value } = /** @type {Product} */ (product);
    return /** @type {Description[]} */ ([
      [
        "span",
        { class: "one-product" },
        n ? "+ " : "",
        ["span", { class: "is-filter" }, bracketNegative(weight)],
        "·",
        ["span", { class: "is-input" }, bracketNegative(value)],
      ],
    ]);
  });
  return [...terms.flatMap((term) => [term, " "]), sum && `= ${sum}`];
}

/**
 * The window and the filter side by side, as cells with their numbers where these can be read.
 * @param {EquationStep} step @param {View} view @param {{width: number, height: number}} room @returns {Description | false}
 */
function drawWindow({ trace, stage, frame, size }, view, room) {
  const before = trace.stages[stage.reads[0]];
  const [read] = frame.channels;
  if (!read?.weights) return false;
  const { text } = size;
  const [rows, columns] = [frame.rows.length, frame.columns.length];
  const cell = Math.floor(
    Math.min(
      (room.width - (GAP + 1) * text) / (2 * columns),
      (room.height - LINES * 1.5 * text) / rows,
      LARGEST_CELL * text,
    ),
  );
  if (cell < SMALLEST_CELL) return false;
  const [width, height] = [2 * columns * cell + GAP * text + 2, rows * cell + 2];
  const values = mapColors(before, read.channel, view.colors, view.scope, photoRange(trace));
  const flat = Float32Array.from(read.weights.flat());
  const weights = weightScale(flat);
  const { cellDivisor } = readFilter(stage, before, frame);
  const slice = (/** @type {number} */ x) => ({ x, y: 1, rows, columns, cell });
  const inputCell = (/** @type {number} */ r, /** @type {number} */ c) => {
    const value = read.values[r][c] ?? 0;
    const texts = cellTexts(shownValue(before, value));
    return read.padded[r][c]
      ? { texts, kind: /** @type {const} */ ("padded") }
      : { texts, fill: values.fill(value), ink: values.ink(value) };
  };
  const filterCell = (/** @type {number} */ r, /** @type {number} */ c) => {
    const weight = flat[r * columns + c];
    return { texts: cellTexts(weight / cellDivisor), fill: weights.fill(weight), ink: weights.ink(weight) };
  };
  const sign = { x: 1 + columns * cell + (GAP * text) / 2, y: height / 2 + text * 0.35, class: "middle" };
  return [
    "div",
    { class: "volume-slices", style: { width: `${width}px`, height: `${height}px` } },
    [
      "svg",
      { width, height, viewBox: `0 0 ${width} ${height}`, "font-size": text, "aria-hidden": true },
      drawCells(slice(1), "input", inputCell, text),
      ["text", sign, "×"],
      drawCells(slice(1 + columns * cell + GAP * text), "filter", filterCell, text),
    ],
  ];
}

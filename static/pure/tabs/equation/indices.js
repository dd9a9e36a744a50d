/** The indices of a law: which cell of its input a tap of the window reads, in letters, with numbers, at a place. */

import { row } from "convoscope/pure/tabs/equation/math.js";

/** @import {Axis, Stage} from "convoscope/pure/types.js" */
/** @import {Math as Part} from "convoscope/pure/tabs/equation/math.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @typedef {"rows" | "columns"} AxisName */
/** The letters of an axis of the output and of the window. */
const [PLACES, TAPS] = [
  { rows: "r", columns: "c" },
  { rows: "i", columns: "j" },
];

/** What tells the options of rows and columns apart, where they differ. */
const SIDES = { rows: "₁", columns: "₂" };

/** The letters of the options of a window, by the property of its axis. */
const OPTION_LETTERS = /** @type {const} */ ({ kernel: "F", stride: "S", before: "P", dilation: "D" });

/**
 * The letter of an option; with the axis where rows and columns differ.
 * @param {Stage} stage @param {AxisName} name @param {keyof typeof OPTION_LETTERS} option @returns {Description}
 */
export function letterOf(stage, name, option) {
  const letter = OPTION_LETTERS[option];
  return optionOf(stage.rows, option) === optionOf(stage.columns, option)
    ? ["mi", letter]
    : ["mi", `${letter}${SIDES[name]}`];
}

/** @param {Axis | null} axis @param {keyof typeof OPTION_LETTERS} option */
function optionOf(axis, option) {
  if (option === "before" && axis?.transposed) return axis.transposed.crop;
  return axis?.[option] ?? 0;
}

/** Whether rows and columns have other options. @param {Stage} stage */
export function isUneven({ rows, columns }) {
  return /** @type {(keyof typeof OPTION_LETTERS)[]} */ (Object.keys(OPTION_LETTERS)).some(
    (option) => optionOf(rows, option) !== optionOf(columns, option),
  );
}

/** What the letters of a law stand for here: F = 3, S = 1, P = 1, D = 1. @param {Stage} stage @returns {Part[][]} */
export function letterValues(stage) {
  return /** @type {(keyof typeof OPTION_LETTERS)[]} */ (Object.keys(OPTION_LETTERS)).flatMap((option) => {
    const [down, across] = [optionOf(stage.rows, option), optionOf(stage.columns, option)];
    const names = /** @type {AxisName[]} */ (down === across ? ["rows"] : ["rows", "columns"]);
    return names.map((name) => [letterOf(stage, name, option), "=", String(optionOf(stage[name], option))]);
  });
}

/**
 * The index along an axis in letters alone: r·S − P + i·D; of a turned filter r·S − P + (F − 1 − i)·D; of a transposed
 * convolution (r + P − i·D)/S.
 * @param {Stage} stage @param {AxisName} name @returns {Part[]}
 */
export function indexInLetters(stage, name) {
  const [place, tap] = [PLACES[name], TAPS[name]];
  const letter = (/** @type {keyof typeof OPTION_LETTERS} */ option) => letterOf(stage, name, option);
  if (stage[name]?.transposed)
    return ["(", place, "+", letter("before"), "−", tap, "·", letter("dilation"), ")", "/", letter("stride")];
  const read = stage.flip ? ["(", letter("kernel"), "−", "1", "−", tap, ")"] : [tap];
  return [place, "·", letter("stride"), "−", letter("before"), "+", ...read, "·", letter("dilation")];
}

/**
 * The same with the options of this layer, without those that change nothing: 2·r − 1 + i. At a place the row or column
 * is a number, too: 3 + i.
 * @param {Stage} stage @param {AxisName} name @param {number} [at] @returns {Part[]}
 */
export function indexInNumbers(stage, name, at) {
  const axis = /** @type {Axis} */ (stage[name]);
  const { kernel, stride, dilation, before, transposed } = axis;
  const tap = scaled(TAPS[name], dilation);
  if (transposed) {
    const sum = at === undefined ? [PLACES[name], ...shifted(transposed.crop)] : [signedText(at + transposed.crop)];
    const cell = kernel > 1 ? [...sum, "−", ...tap] : sum;
    return stride > 1 ? ["(", ...cell, ")", "/", String(stride)] : cell;
  }
  const start =
    at === undefined ? [...scaled(PLACES[name], stride), ...shifted(-before)] : [signedText(at * stride - before)];
  if (kernel === 1) return start;
  if (!stage.flip) return [...start, "+", ...tap];
  const turned = /** @type {Part[]} */ (["(", String(kernel - 1), "−", TAPS[name], ")"]);
  return [...start, "+", ...turned, ...(dilation > 1 ? /** @type {Part[]} */ (["·", String(dilation)]) : [])];
}

/** @param {string} letter @param {number} by @returns {Part[]} */
function scaled(letter, by) {
  return by > 1 ? [letter, "·", String(by)] : [letter];
}

/** What is added, nothing for 0. @param {number} by @returns {Part[]} */
function shifted(by) {
  if (!by) return [];
  return [by < 0 ? "−" : "+", String(Math.abs(by))];
}

/** A whole number as text. @param {number} value @returns {string} */
export function signedText(value) {
  return String(value).replace("-", "−");
}

/** Whether x is read at r − i, c − j: the convolution of the books. @param {Stage} stage */
export function isMirrored({ flip, rows, columns }) {
  return Boolean(flip) && [rows, columns].every((axis) => axis && isPlain(axis));
}

/** @param {Axis} axis */
function isPlain({ stride, dilation, before, kernel }) {
  return stride === 1 && dilation === 1 && before === kernel - 1;
}

/** The last value of an index that counts from 0: F − 1. @param {Part} count @returns {Description} */
export function lastOf(count) {
  return row(count, "−", "1");
}

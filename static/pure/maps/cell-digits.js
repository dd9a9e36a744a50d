/**
 * Which numbers stand in the cells of a map. Each cell is decided for itself: its number is shown where it can be read,
 * and rounded to three and then to two significant digits before it is left out. Python's
 * `app/render/figure_content/cell_digits.py` decides the same for the picture of a figure.
 */

import { shownValue } from "convoscope/pure/text/amounts.js";
import { floorLog10, percentText, shortNumber, useMinusSign } from "convoscope/pure/text/number-text.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/** The smallest and the largest font of a number in a cell, CSS pixels. */
export const SMALLEST_DIGITS = 12;
const LARGEST_DIGITS = 34;
/** A map of more cells is looked at as a picture: it shows no numbers, however large its cells are. */
const MOST_CELLS_WITH_DIGITS = 400;
/** The smallest cell that has a number, CSS pixels. */
const SMALLEST_CELL = 26;
/** The font of one line, and of each of three lines, in sides of a cell. */
const HEIGHT_OF_LINE = 0.48;
const HEIGHT_OF_THREE = 0.4;
/** The font of three lines in a large cell, in sides of it, and the font below which it does not fall for that. */
const COMFORTABLE_THREE = 0.28;
const COMFORTABLE_DIGITS = 14;
/** The part of a cell's side that a line may fill: where there is a choice, and at most. */
const AIRY_WIDTH = 0.86;
const WIDTH = 0.92;
/** The width of a character in fonts. */
const CHARACTER = 0.6;
/** From one line to the next, in fonts: digits have no descenders. */
export const LINE_PITCH = 0.86;
/** From here on a whole number is also written with a power of ten. */
const LARGEST_WRITTEN = 1e5;

/**
 * The digits of a map at one size of its cells.
 * @typedef {object} MapDigits
 * @property {number} size of the font, CSS pixels
 * @property {(string[] | null)[]} lines of each cell, row by row; null where none can be read
 */

/**
 * The texts of a value, from the exact one to the shortest one; each is shorter than the one before.
 * @param {Stage} stage @param {number} value @returns {string[]}
 */
export function valueTexts(stage, value) {
  return stage.kind === "softmax" ? shareTexts(value) : numberTexts(shownValue(stage, value));
}

/**
 * The texts of a number: three significant digits where it is not whole, then without decimals that three and two
 * digits do not need. Digits before the point are never rounded away; a long whole number ends as "1.2e6".
 * @param {number} value @returns {string[]}
 */
export function numberTexts(value) {
  const exact = shortNumber(value);
  if (!Number.isFinite(value) || value === 0) return [exact];
  return keepShorter([exact, roundedText(value, 3), roundedText(value, 2), powerText(value)]);
}

/** @param {number} share @returns {string[]} */
function shareTexts(share) {
  const percent = Math.round(share * 100);
  const whole = share > 0 && share < 0.01 ? "< 1 %" : share < 1 && share >= 0.995 ? "> 99 %" : `${percent} %`;
  return keepShorter([percentText(share), Number.isNaN(share) ? "?" : whole]);
}

/**
 * The lines of a cell that can be read in it: for each value its most exact text that fits; null where one has none.
 * @param {string[][]} values the texts of each value, the most exact first
 * @param {number} cell side of the cell @param {number} smallest font
 * @returns {string[] | null}
 */
export function linesInCell(values, cell, smallest = SMALLEST_DIGITS) {
  const zoom = smallest / SMALLEST_DIGITS;
  if (cell < SMALLEST_CELL * zoom || fontForHeight(cell, values.length) < smallest) return null;
  const fits = (/** @type {string} */ text, /** @type {number} */ part) =>
    text.length * CHARACTER * smallest <= part * cell;
  const lines = values.map(
    (texts) => texts.find((text) => fits(text, AIRY_WIDTH)) ?? texts.find((text) => fits(text, WIDTH)),
  );
  return lines.every((line) => line !== undefined) ? /** @type {string[]} */ (lines) : null;
}

/**
 * The font of lines of `longest` characters in a cell: there is air beside them, unless their font would be too small.
 * @param {number} cell @param {number} longest @param {number} count of lines @param {number} zoom
 */
export function digitSize(cell, longest, count, zoom = 1) {
  const [airy, wide] = [AIRY_WIDTH, WIDTH].map((part) => (cell * part) / (Math.max(longest, 1) * CHARACTER));
  const least = [COMFORTABLE_DIGITS, SMALLEST_DIGITS].find((size) => wide >= size * zoom) ?? 0;
  const high = fontForHeight(cell, count);
  const comfortable = count > 1 ? Math.max(COMFORTABLE_DIGITS * zoom, COMFORTABLE_THREE * cell) : high;
  return Math.min(high, comfortable, Math.max(airy, least * zoom), LARGEST_DIGITS * zoom);
}

/**
 * The smallest cell in which lines of `longest` characters have a font of this size.
 * @param {number} size @param {number} longest @param {number} count of lines
 */
export function cellForDigits(size, longest, count) {
  return Math.max(SMALLEST_CELL, size / fontForHeight(1, count), (size * CHARACTER * longest) / WIDTH);
}

/**
 * The digits of a whole map: one font, and for each cell its lines.
 * @param {{rows: number, columns: number, cell: number, zoom: number}} layout
 * @param {((row: number, col: number) => string[][]) | null} texts of the values in a cell; null where nothing is known
 * @param {number} [most] a map of more cells has no digits
 * @returns {MapDigits | null} null where no cell has a number
 */
export function mapDigits({ rows, columns, cell, zoom }, texts, most = MOST_CELLS_WITH_DIGITS) {
  const smallest = SMALLEST_DIGITS * zoom;
  if (!texts || rows * columns > most || cell < SMALLEST_CELL * zoom) return null;
  const lines = Array.from({ length: rows * columns }, (_, i) => {
    const values = texts(Math.floor(i / columns), i % columns);
    return linesInCell(values, cell, COMFORTABLE_DIGITS * zoom) ?? linesInCell(values, cell, smallest);
  });
  const shown = lines.flatMap((cellLines) => cellLines ?? []);
  if (!shown.length) return null;
  const count = lines.find((cellLines) => cellLines !== null)?.length ?? 1;
  return { size: digitSize(cell, Math.max(...shown.map(({ length }) => length)), count, zoom), lines };
}

/** @param {number} cell @param {number} count of lines */
function fontForHeight(cell, count) {
  return cell * (count > 1 ? HEIGHT_OF_THREE : HEIGHT_OF_LINE);
}

/**
 * A number with so many significant digits, and all those before the point.
 * @param {number} value @param {number} digits @returns {string}
 */
function roundedText(value, digits) {
  const exponent = floorLog10(Math.abs(value));
  if (exponent < -4 || exponent >= 15) return powerText(value, digits);
  const text = value.toFixed(Math.max(0, digits - 1 - exponent));
  return useMinusSign(text.includes(".") ? text.replace(/\.?0+$/, "") : text);
}

/**
 * A very large or very small number with a power of ten, another one rounded.
 * @param {number} value @param {number} digits @returns {string}
 */
function powerText(value, digits = 2) {
  const size = Math.abs(value);
  if (size < LARGEST_WRITTEN && size >= 1e-4) return roundedText(value, digits);
  const text = value.toExponential(digits - 1).replace("+", "");
  return useMinusSign(text.replace(/\.?0+e/, "e"));
}

/** @param {string[]} texts */
function keepShorter(texts) {
  return texts.filter((text, i) => texts.slice(0, i).every((before) => before.length > text.length));
}

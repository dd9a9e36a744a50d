/**
 * A sheet to draw on: the typed planes of a picture, of which a stroke changes the cells that it inks. Ink is a large
 * number and paper is 0, so that 255 is white on black, as the digits were that a network for digits learned from.
 * Cells that a stroke does not reach keep their text.
 */

import { inkOfStroke } from "convoscope/pure/link/drawing/stroke.js";

/** @import {PenPoint} from "convoscope/pure/link/drawing/stroke.js" */
/** @import {Scene, Stage} from "convoscope/pure/types.js" */
/** @typedef {{planes: string[][][], divisor: number}} Sheet all planes of one size */
/** @typedef {{points: PenPoint[], erases: boolean}} Stroke */

/** Of a new sheet, as of the digits of MNIST. */
export const NEW_SIDE = 28;
/** Cells on a side of typed numbers. */
export const MOST_SIDE = 64;
const WHITE = 255;
/** A sheet whose numbers are no pixels is inked with its largest number; one of these is. */
const LEAST_WHITE = 128;
/** Decimals of ink where it is no pixel. */
const DECIMALS = 2;

/** An empty sheet. @param {number} [rows] @param {number} [columns] @returns {Sheet} */
export function blankSheet(rows = NEW_SIDE, columns = NEW_SIDE) {
  return { planes: [Array.from({ length: rows }, () => Array.from({ length: columns }, () => "0"))], divisor: 1 };
}

/** The typed numbers of a scene as a sheet; null for another picture. @param {Scene} scene @returns {Sheet | null} */
export function sheetOf({ image }) {
  return "planes" in image ? /** @type {Sheet} */ (/** @type {unknown} */ (image)) : null;
}

/**
 * The cells of the input as a sheet; null where they are missing, are too many, or have no 1 or 3 channels.
 * @param {Pick<Stage, "shape" | "output">} input @returns {Sheet | null}
 */
export function sheetOfPicture({ shape: [channels, rows, columns], output }) {
  if (!output || ![1, 3].includes(channels) || Math.max(rows, columns) > MOST_SIDE) return null;
  const write = (/** @type {number} */ at) => String(Number(output[at].toFixed(DECIMALS)));
  const planes = Array.from({ length: channels }, (_, c) =>
    Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, n) => write((c * rows + r) * columns + n)),
    ),
  );
  return { planes, divisor: 1 };
}

/** (rows, columns). @param {Sheet} sheet @returns {[number, number]} */
export function sizeOf({ planes }) {
  return [planes[0].length, planes[0][0].length];
}

/** Whether all cells are 0. @param {Sheet} sheet */
export function isBlank({ planes }) {
  return planes.flat(2).every((text) => Number.parseFloat(text) === 0);
}

/** The number of full ink: 255 on pixels and on an empty sheet, else the largest number. @param {Sheet} sheet */
export function fullInk({ planes }) {
  const most = planes.flat(2).reduce((largest, text) => Math.max(largest, readText(text)), 0);
  return most > 0 && most < LEAST_WHITE ? most : WHITE;
}

/**
 * A sheet after a stroke. A pen raises a cell to its share of the ink, an eraser takes its share away from the cell.
 * @param {Sheet} sheet @param {Stroke} stroke @param {number} ink @returns {Sheet}
 */
export function drawStroke(sheet, { points, erases }, ink) {
  const [rows, columns] = sizeOf(sheet);
  const inked = inkOfStroke(points, rows, columns);
  const after = (/** @type {string} */ text, /** @type {number} */ share) => {
    const value = readText(text);
    const next = erases ? value * (1 - share) : Math.max(value, ink * share);
    return next === value ? text : writeInk(next, ink);
  };
  const planes = sheet.planes.map((plane) =>
    plane.map((line, row) =>
      line.map((text, col) => {
        const share = inked[row * columns + col];
        return share > 0 ? after(text, share) : text;
      }),
    ),
  );
  return { ...sheet, planes };
}

/** The value of a number as it is written, `1/3` too. @param {string} text */
function readText(text) {
  const [top, bottom = "1"] = text.split("/");
  return Number(top) / Number(bottom);
}

/** Pixels are whole. @param {number} value @param {number} ink */
function writeInk(value, ink) {
  return ink >= LEAST_WHITE ? String(Math.round(value)) : String(Number(value.toFixed(DECIMALS)));
}

/**
 * The picture of a sheet, a pixel a cell: 0 and less is black, full ink is white; three planes are red, green and blue.
 * @param {Sheet} sheet @param {number} ink @returns {Uint8ClampedArray<ArrayBuffer>} RGBA
 */
export function paintSheet({ planes }, ink) {
  const [rows, columns] = sizeOf({ planes, divisor: 1 });
  const rgba = new Uint8ClampedArray(4 * rows * columns).fill(WHITE);
  const colors = [0, 1, 2].map((color) => planes[planes.length === 3 ? color : 0].flat());
  for (let at = 0; at < rows * columns; at++)
    for (const color of [0, 1, 2]) rgba[4 * at + color] = (WHITE * readText(colors[color][at])) / ink;
  return rgba;
}

/**
 * The cells of a sheet as bytes, of the kind that a link carries behind "#picture="; null where its numbers are no
 * pixels of one channel.
 * @param {Sheet} sheet @returns {import("convoscope/pure/files/picture-in-link.js").PixelCells | null}
 */
export function pixelsOf({ planes, divisor }) {
  const numbers = planes[0].flat().map(Number);
  const isPixel = (/** @type {number} */ number) => Number.isInteger(number) && number >= 0 && number <= WHITE;
  if (planes.length !== 1 || divisor !== 1 || !numbers.every(isPixel)) return null;
  return { rows: planes[0].length, columns: planes[0][0].length, channels: 1, bytes: Uint8Array.from(numbers) };
}

/** A sheet of pixels. @param {{rows: number, columns: number, bytes: Uint8Array}} cells @returns {Sheet} */
export function sheetOfPixels({ rows, columns, bytes }) {
  const line = (/** @type {number} */ row) => Array.from(bytes.subarray(row * columns, (row + 1) * columns), String);
  return { planes: [Array.from({ length: rows }, (_, row) => line(row))], divisor: 1 };
}

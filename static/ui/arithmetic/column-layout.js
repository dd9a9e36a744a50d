/**
 * The tables of a step in the column between the maps: how high and how wide their cells are.
 *
 * All of it follows from the shape of the step, from the longest texts of its stage and from the size of the figure, so
 * that no step moves anything. The first paint of the Lab computes the same in `page.css`.
 */

import { digitWidth } from "convoscope/ui/arithmetic/number-table.js";

/** @import {TableShape} from "convoscope/ui/arithmetic/table-layout.js" */

/** Up to this many channels have bars; the others share one more. */
export const MOST_BARS = 8;
/** Width of the narrowest column, in pixels: the sum and the texts around it have room. */
export const NARROWEST_COLUMN = 168;
/** The same for a figure that is read from afar, before zooming. */
export const NARROWEST_AFAR = 126;
/** Width that three lines of three tables need. */
export const LINES_WIDTH = 392;
/** Width that three high tables beside each other need. */
export const BESIDE_WIDTH = 378;
/** Tables with more rows stand beside each other. */
const MOST_STACKED_ROWS = 8;
/** Tables with more rows have less space between their cells. */
const MOST_AIRY_ROWS = 4;
/** Cells of this side and above have digits of 13 pixels where they are as many, others of 12. */
const [SMALLEST_AIRY_CELL, AIRY_DIGITS, CLOSE_DIGITS] = [20, 13, 12];
/** The side of the largest cell, in pixels, and the same in heights of the figure up to the largest of all. */
const [LARGEST_CELL, LARGEST_PART, LARGEST_OF_ALL] = [46, 0.066, 60];
/** Height of a sum with the texts around it, of a bar, and of a caption with the border of its table. */
const [RESULT_HEIGHT, BAR_HEIGHT, TABLE_EXTRA] = [110, 22, 31];
/** Up to this many channels have bars below each other; of more, two stand in a line. */
const MOST_SINGLE_BARS = 4;
/** The narrowest and the highest cell in lines of three tables, and the space beside these tables. */
const [NARROWEST_IN_LINE, HIGHEST_IN_LINE, BESIDE_LINE] = [22, 28, 97];
/** The space that two signs need between tables. */
const SIGNS = 60;
/**
 * The same for a figure that is read from afar, before zooming. A sum in a narrow column has four lines of text around
 * it, in a wide one three; `digits` are the smallest that the last row can read, and the largest.
 */
const AFAR = { cell: 60, result: 116, wideResult: 100, table: 24, bar: 16, digits: [11.3, 22] };
/** A lower figure that is read from afar does not name its tables, in pixels. */
const LEAST_NAMED = 372;
/** The part of a cell's height that its digits fill from afar. */
const DIGITS_AFAR = 0.76;

/**
 * Cells of one height, and of a width for window, filter and products. `gap` is the space between them.
 * @typedef {{side: number, wides: number[], gap: number}} ColumnCells
 */

/** Whether tables are so high that they stand beside each other. @param {TableShape} shape */
export function standBeside({ kind, rows }) {
  return kind === "alone" && rows > MOST_STACKED_ROWS;
}

/** Whether the bars of so many channels stand in pairs. @param {number} channels */
export function pairBars(channels) {
  return channels > MOST_SINGLE_BARS;
}

/** The lines of the bars: of many channels, the last line is for those without one. @param {number} channels */
export function countBarLines(channels) {
  if (!pairBars(channels)) return channels;
  return Math.ceil(Math.min(channels, MOST_BARS) / 2) + (channels > MOST_BARS ? 1 : 0);
}

/**
 * @param {TableShape} shape
 * @param {number[]} characters of the longest text of window, filter and products, in this order
 * @param {{width: number, height: number, zoom?: number, result?: number, extra?: number, bar?: number}} room the widest
 * column, and the height of the figure, in pixels; `zoom` is above 1 if it is read from afar; a stylesheet may say how
 * high a result, the rest of a table and a bar are
 * @returns {ColumnCells}
 */
export function columnCells(shape, characters, room) {
  const { width, height, zoom = 1, result = RESULT_HEIGHT, extra = TABLE_EXTRA, bar = BAR_HEIGHT } = room;
  if (zoom > 1) return columnCellsAfar(shape, characters, { width, height, zoom });
  const { kind, rows, columns, listed, channels, bars, isNamed } = shape;
  const gap = rows > MOST_AIRY_ROWS ? 1 : 2;
  const below = result + (bars ? bar * countBarLines(channels) : 0) + (isNamed ? 20 : 0);
  const border = 4 + gap + columns * gap;
  if (kind === "lines") {
    const scale = Math.max(1, width / LINES_WIDTH);
    const high = (height - below - 12 * listed.length) / (listed.length * rows) - gap;
    const wides = characters.map((count) =>
      Math.floor(Math.max(digitWidth(count, CLOSE_DIGITS), NARROWEST_IN_LINE) * scale),
    );
    return {
      side: clampCell(Math.min(HIGHEST_IN_LINE * scale, high)),
      wides: fitWidths(wides, (width - BESIDE_LINE - 3 * border) / columns),
      gap,
    };
  }
  const largest = Math.min(Math.max(LARGEST_CELL, height * LARGEST_PART), LARGEST_OF_ALL);
  const isBeside = standBeside(shape);
  const down = isBeside || kind !== "alone" ? 1 : 3;
  const high = (height - below - down * (extra + gap)) / (down * rows) - gap;
  const across = isBeside ? (width - SIGNS - 3 * border) / 3 / columns : (width - border) / columns;
  const side = clampCell(Math.min(largest, high, across));
  const digits = side < SMALLEST_AIRY_CELL ? CLOSE_DIGITS : AIRY_DIGITS;
  const wanted = characters.map((count) => Math.max(digitWidth(count, digits), side));
  const wides = isBeside
    ? fitWidths(wanted, 3 * across)
    : wanted.map((wide) => Math.max(Math.min(wide, Math.floor(across)), side));
  return { side, wides, gap };
}

/**
 * Large digits first: cells are as wide as these need, up to the width of the column.
 * @param {TableShape} shape @param {number[]} characters @param {{width: number, height: number, zoom: number}} room
 * @returns {ColumnCells}
 */
function columnCellsAfar({ kind, rows, columns, listed, channels, bars, isNamed }, characters, room) {
  const { width, height, zoom } = room;
  const gap = rows > MOST_AIRY_ROWS ? 1 : 2;
  const isInLine = kind === "lines";
  const texts = zoom * (columns > MOST_AIRY_ROWS ? AFAR.wideResult : AFAR.result);
  const below = texts + zoom * ((bars ? AFAR.bar * countBarLines(channels) : 0) + (isNamed ? AFAR.bar : 0));
  const down = isInLine ? listed.length : kind === "alone" ? 3 : 1;
  const high =
    (height - below - down * zoom * (isInLine || height < LEAST_NAMED ? 8 : AFAR.table)) / (down * rows) - gap;
  const side = clampCell(Math.min(AFAR.cell * zoom, high, width / columns - gap));
  const [least, most] = AFAR.digits.map((digits) => digits * zoom);
  const digits = Math.min(Math.max(side * DIGITS_AFAR, least), most);
  const across = (width - (isInLine ? BESIDE_LINE : 5) * zoom - gap) / columns - gap;
  const wanted = characters.map((count) => Math.max(digitWidth(count, digits), isInLine ? 0 : side));
  const wides = isInLine ? fitWidths(wanted, across) : wanted.map((wide) => Math.min(wide, Math.floor(across)));
  return { side, wides, gap };
}

/**
 * The widths, or as much narrower as it needs for their sum.
 * @param {number[]} wides @param {number} most
 */
function fitWidths(wides, most) {
  const all = wides.reduce((sum, wide) => sum + wide, 0);
  return all <= most ? wides : wides.map((wide) => clampCell((wide * most) / all));
}

/** @param {number} side */
function clampCell(side) {
  return Math.max(3, Math.floor(side));
}

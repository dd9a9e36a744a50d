/** A table of numbers that is built once and then only filled. */

import { numberTexts } from "convoscope/pure/maps/cell-digits.js";
import { build, setText } from "convoscope/ui/dom.js";

/** @import {FrameChannel} from "convoscope/pure/types.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */

/** Smaller digits are hidden: only the colors are shown, and a title has the number. */
const SMALLEST_DIGITS = 12;
/** The same in small frames, where a stylesheet says so, and as a part of the size from afar. */
const PART_FROM_AFAR = 0.75;
/** Smaller cells touch each other, as the pixels of a picture. */
const SMALLEST_SEPARATE_CELL = 8;
const LARGEST_DIGITS = 15;
/** The width of a digit, by its size. */
const DIGIT_WIDTH = 0.605;
/** The part of a cell's height that digits may fill: where there is a choice, and at most. */
const [AIRY_HEIGHT, HEIGHT] = [0.46, 0.93];
/** The same from afar. */
const HEIGHT_AFAR = 0.82;
/** The same if a figure is read from afar, before zooming. */
const LARGEST_DIGITS_AFAR = 22;

/**
 * `shown` is the content of each cell, to skip unchanged ones, `texts` what a cell can show: its number, and shorter forms
 * of it. `longest` is the length of the longest number. `digits` is the size of all digits, `smallest` the least that can
 * be read, both in pixels.
 * @typedef {{kind: string, table: HTMLTableElement, cells: HTMLTableCellElement[], longest: number, shown: string[],
 * texts: string[][], side: number, wide: number, zoom: number, digits: number, smallest: number}} Grid
 */

/**
 * @param {{rows: number, columns: number}} shape @param {string} name @param {string} label @param {number} [plane]
 * @returns {Grid}
 */
export function createGrid({ rows, columns }, name, label, plane) {
  const line = () =>
    /** @type {import("convoscope/ui/dom.js").Description} */ ([
      "tr",
      ...Array.from({ length: columns }, () => ["td"]),
    ]);
  const table = /** @type {HTMLTableElement} */ (
    build([
      "table",
      { class: `grid ${name}`, "aria-label": label, "data-plane": plane },
      ["tbody", ...Array.from({ length: rows }, line)],
    ])
  );
  return {
    kind: name,
    table,
    cells: [...table.querySelectorAll("td")],
    longest: 1,
    shown: [],
    texts: [],
    side: 32,
    wide: 32,
    zoom: 1,
    digits: 0,
    smallest: SMALLEST_DIGITS,
  };
}

/**
 * Sets the height and the width of the cells, and the zoom of the digits.
 * @param {Grid} grid @param {number} side @param {number} wide @param {number} zoom
 */
export function sizeGrid(grid, side, wide, zoom) {
  const smallest = Number(getComputedStyle(grid.table).getPropertyValue("--least-digits")) || SMALLEST_DIGITS;
  Object.assign(grid, { side, wide, zoom, smallest: smallest * Math.max(1, PART_FROM_AFAR * zoom) });
  grid.table.classList.toggle("dense", side < SMALLEST_SEPARATE_CELL);
  if (wide !== side) grid.table.style.setProperty("--wide", `${wide}px`);
  else grid.table.style.removeProperty("--wide");
}

/**
 * @param {Grid} grid @param {(number | null)[][]} values @param {string[][]} texts @param {Scale} scale
 * @param {FrameChannel} [channel] @param {(row: number, col: number) => boolean} [isChosen]
 */
export function fillGrid(grid, values, texts, scale, channel, isChosen) {
  const columns = values[0].length;
  let longest = grid.longest;
  grid.cells.forEach((cell, i) => {
    const [r, c] = [Math.floor(i / columns), i % columns];
    const value = values[r][c];
    const padded = channel ? channel.padded[r][c] : false;
    const marked = isChosen ? isChosen(r, c) : false;
    const text = texts[r]?.[c] ?? "";
    const key = `${value} ${text} ${padded} ${marked} ${scale.kind}${scale.hi}`;
    if (grid.shown[i] === key) return;
    grid.shown[i] = key;
    longest = Math.max(longest, text.length);
    setText(cell, text);
    grid.texts[i] = shorterTexts(text);
    if (grid.digits) fitCell(grid, i);
    cell.style.backgroundColor = padded ? "transparent" : scale.fill(value ?? 0);
    cell.style.color = padded ? "" : scale.ink(value ?? 0);
    cell.classList.toggle("padded", padded);
    cell.classList.toggle("chosen", marked);
  });
  if (longest === grid.longest && grid.digits) return;
  grid.longest = longest;
  fitDigits(grid);
}

/**
 * The width of a cell in which a text has digits of this size.
 * @param {number} length of the text @param {number} digits
 */
export function digitWidth(length, digits) {
  return Math.ceil(length * DIGIT_WIDTH * digits) + 1;
}

/**
 * Sets the size of the digits by the longest text and the size of the cells, and decides for each cell what it shows: its
 * number, rounded to three or two significant digits where it is too long, or nothing.
 * @param {Grid} grid
 */
export function fitDigits(grid) {
  const { table, side, wide, zoom, longest, smallest } = grid;
  const high = zoom > 1 ? side * HEIGHT_AFAR : Math.max(side * AIRY_HEIGHT, Math.min(smallest, side * HEIGHT));
  const most = Math.min(zoom > 1 ? LARGEST_DIGITS_AFAR * zoom : LARGEST_DIGITS, high);
  grid.digits = Math.max(Math.min(most, (wide - 1) / (longest * DIGIT_WIDTH)), Math.min(smallest, most));
  table.classList.toggle("blank", grid.digits < smallest - 0.05);
  table.style.setProperty("--digits", `${grid.digits}px`);
  for (let i = 0; i < grid.cells.length; i++) fitCell(grid, i);
}

/**
 * Shows the most exact text that a cell has room for. A shorter one stands in an attribute: the content of the cell is
 * always its number, for screen readers; a title says it where it cannot be read.
 * @param {Grid} grid @param {number} i
 */
function fitCell({ table, cells, texts, wide, digits }, i) {
  const [cell, all] = [cells[i], texts[i] ?? []];
  const isBlank = table.classList.contains("blank");
  const fits = (/** @type {string} */ text) => text.length * DIGIT_WIDTH * digits <= wide - 0.5;
  const shown = isBlank ? "" : (all.find(fits) ?? "");
  const isWhole = shown === all[0];
  if (isWhole) delete cell.dataset.short;
  else cell.dataset.short = shown;
  cell.title = isWhole ? "" : (all[0] ?? "");
  if (isWhole) cell.removeAttribute("title");
}

/**
 * A written number and its shorter forms: with three and with two significant digits, with the sign as it was.
 * @param {string} text @returns {string[]}
 */
function shorterTexts(text) {
  const value = Number(text.replace("−", "-"));
  if (!text || Number.isNaN(value)) return [text];
  const sign = text.startsWith("+") ? "+" : "";
  const shorter = [...numberTexts(value), powerText(value)].map((form) => sign + form);
  return [text, ...shorter.filter((form) => form.length < text.length)];
}

/** A number with one or two digits and a power of ten, where its decimals begin with zeros. @param {number} value */
function powerText(value) {
  const [mantissa, power] = value.toExponential(1).split("e");
  return `${mantissa.replace(".0", "")}e${power.replace("+", "")}`.replaceAll("-", "−");
}

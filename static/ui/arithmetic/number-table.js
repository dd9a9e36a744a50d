/** A table of numbers that is built once and then only filled. */

import { build, setText } from "convoscope/ui/dom.js";

/** @import {FrameChannel} from "convoscope/pure/types.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */

/** Smaller digits are hidden: only the colors are shown. */
const SMALLEST_DIGITS = 8.5;
/** Smaller cells touch each other, as the pixels of a picture. */
const SMALLEST_SEPARATE_CELL = 8;
const LARGEST_DIGITS = 15;
/** The width of a digit, by its size. */
const DIGIT_WIDTH = 0.605;
/** The same if a figure is read from afar, before zooming. */
const LARGEST_DIGITS_AFAR = 22;

/**
 * `shown` is the content of each cell, to skip unchanged ones.
 * @typedef {{kind: string, table: HTMLTableElement, cells: HTMLTableCellElement[], longest: number, shown: string[], side: number,
 * wide: number, zoom: number}} Grid
 */

/** @param {{rows: number, columns: number}} shape @param {string} name @param {string} label @returns {Grid} */
export function createGrid({ rows, columns }, name, label) {
  const line = () =>
    /** @type {import("convoscope/ui/dom.js").Description} */ ([
      "tr",
      ...Array.from({ length: columns }, () => ["td"]),
    ]);
  const table = /** @type {HTMLTableElement} */ (
    build(["table", { class: `grid ${name}`, "aria-label": label }, ["tbody", ...Array.from({ length: rows }, line)]])
  );
  return {
    kind: name,
    table,
    cells: [...table.querySelectorAll("td")],
    longest: 1,
    shown: [],
    side: 32,
    wide: 32,
    zoom: 1,
  };
}

/**
 * Sets the height and the width of the cells, and the zoom of the digits.
 * @param {Grid} grid @param {number} side @param {number} wide @param {number} zoom
 */
export function sizeGrid(grid, side, wide, zoom) {
  Object.assign(grid, { side, wide, zoom });
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
    cell.style.backgroundColor = padded ? "transparent" : scale.fill(value ?? 0);
    cell.style.color = padded ? "" : scale.ink(value ?? 0);
    cell.classList.toggle("padded", padded);
    cell.classList.toggle("chosen", marked);
  });
  if (longest === grid.longest && grid.table.style.getPropertyValue("--digits")) return;
  grid.longest = longest;
  fitDigits(grid);
}

/**
 * The width of a cell in which a text has digits of this size.
 * @param {number} length of the text @param {number} digits
 */
export function widthForDigits(length, digits) {
  return Math.ceil(length * DIGIT_WIDTH * digits) + 1;
}

/** Sets the size of the digits by the longest text and the size of the cells. @param {Grid} grid */
export function fitDigits({ table, side, wide, zoom, longest }) {
  const digits = Math.min(
    zoom > 1 ? LARGEST_DIGITS_AFAR * zoom : LARGEST_DIGITS,
    zoom > 1 ? side * 0.56 : Math.max(side * 0.46, Math.min(12, side * 0.66)),
    (wide - 1) / (longest * DIGIT_WIDTH),
  );
  table.classList.toggle("blank", digits < SMALLEST_DIGITS * Math.max(1, 0.75 * zoom));
  table.style.setProperty("--digits", `${digits}px`);
}

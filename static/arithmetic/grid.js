/** A table of numbers that is built once and then only re-filled. */

import { shortNumber } from "convoscope/caption.js";
import { build, say } from "convoscope/dom.js";
import { cssColor, inkOn } from "convoscope/palette.js";

/** @import {FrameChannel} from "convoscope/types.js" */
/** @import {Scale} from "convoscope/palette.js" */

/** Smaller digits than this cannot be read: the colors alone are shown. */
const SMALLEST_DIGITS = 8.5;

/** `shown` is what each cell shows, so that an unchanged one costs nothing. @typedef {{table: HTMLTableElement, cells: HTMLTableCellElement[], longest: number, shown: string[]}} Grid */

/** @param {{rows: number, columns: number}} shape @param {string} name @param {string} label @returns {Grid} */
export function newGrid({ rows, columns }, name, label) {
  const line = () => /** @type {import("convoscope/dom.js").Description} */ (["tr", ...Array.from({ length: columns }, () => ["td"])]);
  const table = /** @type {HTMLTableElement} */ (build(["table", { class: `grid ${name}`, "aria-label": label }, ["tbody", ...Array.from({ length: rows }, line)]]));
  return { table, cells: [...table.querySelectorAll("td")], longest: 1, shown: [] };
}

/**
 * @param {Grid} grid @param {(number | null)[][]} values @param {Scale} scale @param {(text: string) => string} shape
 * @param {FrameChannel} [channel] @param {(row: number, col: number) => boolean} [chosen]
 */
export function showGrid(grid, values, scale, shape, channel, chosen) {
  const columns = values[0].length;
  let longest = grid.longest;
  grid.cells.forEach((cell, i) => {
    const [r, c] = [Math.floor(i / columns), i % columns];
    const value = values[r][c];
    const padded = channel ? channel.padded[r][c] : false;
    const here = chosen ? chosen(r, c) : false;
    const key = `${value} ${padded} ${here} ${scale.kind}${scale.hi}`;
    if (grid.shown[i] === key) return;
    grid.shown[i] = key;
    const text = value === null ? "" : shape(shortNumber(value));
    longest = Math.max(longest, text.length);
    say(cell, text);
    const color = scale.color(value ?? 0);
    cell.style.backgroundColor = padded ? "transparent" : cssColor(color);
    cell.style.color = padded ? "" : inkOn(color);
    cell.classList.toggle("padded", padded);
    cell.classList.toggle("chosen", here);
  });
  if (longest === grid.longest && grid.table.style.getPropertyValue("--digits")) return;
  grid.longest = longest;
  const side = Number(grid.table.dataset.cell);
  const digits = Math.min(15, side * 0.46, (side - 1) / (longest * 0.605));
  grid.table.classList.toggle("blank", digits < SMALLEST_DIGITS);
  grid.table.style.setProperty("--digits", `${digits}px`);
}

/** With a plus where it is positive. @param {string} text */
export function plus(text) {
  return /^[\d.]*[1-9]/.test(text) ? `+${text}` : text;
}

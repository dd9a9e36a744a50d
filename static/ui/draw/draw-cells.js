/** The still layer of a map: cells, digits, padding, unread cells, stops and rulers. */

import { digitSize, linesInCell, SMALLEST_DIGITS } from "convoscope/pure/maps/cell-digits.js";
import { CELL_PIXELS, edgeOf } from "convoscope/pure/maps/layout.js";
import { addLine, blockRect, hatch, setDigitFont, writeCell } from "convoscope/ui/draw/brush.js";
import { paintThumbnail } from "convoscope/ui/draw/thumbnail.js";

/** The largest font of the values in the padding, CSS pixels: they are less than those of the map. */
const LARGEST_PADDING = 15;

/** The size of the digits of rulers, in pixels. */
const RULER_DIGITS = 12;

/** @import {ThemeColors, StillLayer} from "convoscope/ui/draw/brush.js" */
/** @import {MapDigits} from "convoscope/pure/maps/cell-digits.js" */

/**
 * @param {CanvasRenderingContext2D} context @param {StillLayer} picture @param {MapDigits | null} digits
 * @param {ThemeColors} colors
 */
export function paintStillLayer(context, picture, digits, colors) {
  context.clearRect(0, 0, picture.width, picture.height);
  paintPadding(context, picture, colors);
  paintCells(context, picture);
  if (picture.gone) hatch(context, picture.layout.cells, colors.edge);
  paintDigits(context, picture, digits);
  paintOutOfRange(context, picture);
  paintUnread(context, picture, colors);
  paintStops(context, picture, colors);
  paintRulers(context, picture, colors);
}

/** @param {CanvasRenderingContext2D} context @param {StillLayer} picture */
function paintCells(context, { layout, rgba, dpr }) {
  const { rows, columns, cells, cell } = layout;
  if (!rgba) return;
  const small = document.createElement("canvas");
  paintThumbnail(small, rows, columns, rgba);
  // Without smoothing, cells have the edges of the layout only if each has a whole number of pixels.
  const isWhole = Number.isInteger(Math.round(cell * dpr * 1e6) / 1e6);
  context.imageSmoothingEnabled = layout.image && !isWhole;
  context.imageSmoothingQuality = "high";
  const picture = layout.image || isWhole ? small : stretchCells(small, layout);
  context.drawImage(picture, cells.x, cells.y, cells.width, cells.height);
  if (cell < 14 * layout.zoom) return;
  // Whole device pixels: a line across the edge between two of them would be two faint ones.
  const pixels = Math.round(dpr);
  const aside = (pixels % 2) / 2 / dpr;
  context.strokeStyle = "rgb(128 128 128 / 22%)";
  context.lineWidth = pixels / dpr;
  context.beginPath();
  for (let row = 1; row < rows; row++) {
    const y = edgeOf(cells.y, row, layout) + aside;
    addLine(context, cells.x, y, cells.x + cells.width, y);
  }
  for (let col = 1; col < columns; col++) {
    const x = edgeOf(cells.x, col, layout) + aside;
    addLine(context, x, cells.y, x, cells.y + cells.height);
  }
  context.stroke();
}

/**
 * A picture of one pixel per cell with all its device pixels: each cell from its edge to the next one.
 * @param {HTMLCanvasElement} small @param {StillLayer["layout"]} layout
 */
function stretchCells(small, layout) {
  const { rows, columns, cells, dpr } = layout;
  const [width, height] = [cells.width, cells.height].map((length) => Math.round(length * dpr));
  const [wide, whole] = [createCanvas(width, rows), createCanvas(width, height)];
  const pixel = (/** @type {number} */ start, /** @type {number} */ index) =>
    Math.round((edgeOf(start, index, layout) - start) * dpr);
  for (let col = 0; col < columns; col++) {
    const [from, to] = [pixel(cells.x, col), pixel(cells.x, col + 1)];
    wide.context.drawImage(small, col, 0, 1, rows, from, 0, to - from, rows);
  }
  for (let row = 0; row < rows; row++) {
    const [from, to] = [pixel(cells.y, row), pixel(cells.y, row + 1)];
    whole.context.drawImage(wide.canvas, 0, row, width, 1, 0, from, width, to - from);
  }
  return whole.canvas;
}

/** @param {number} width @param {number} height */
function createCanvas(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingEnabled = false;
  return { canvas, context };
}

/**
 * @param {CanvasRenderingContext2D} context @param {StillLayer} picture @param {MapDigits | null} digits
 */
function paintDigits(context, { layout, rgba }, digits) {
  const { columns, cells, cell } = layout;
  if (!digits || !rgba) return;
  setDigitFont(context, digits.size);
  for (const [i, lines] of digits.lines.entries()) {
    const middle = { x: cells.x + ((i % columns) + 0.5) * cell, y: cells.y + (Math.floor(i / columns) + 0.5) * cell };
    if (lines) writeCell(context, lines, digits.size, middle, rgba, i);
  }
}

/**
 * The padding around the map: hatched, with the value of each cell.
 * @param {CanvasRenderingContext2D} context @param {StillLayer} picture @param {ThemeColors} colors
 */
function paintPadding(context, { layout, padding }, colors) {
  const { whole, cell, rows, columns } = layout;
  const [top, bottom, left, right] = layout.padding;
  if (!(top || bottom || left || right)) return;
  hatch(context, whole, colors.edge);
  const smallest = SMALLEST_DIGITS * layout.zoom;
  if (!linesInCell([["0"]], cell, smallest)) return;
  setDigitFont(context, Math.min(digitSize(cell, 3, 1, layout.zoom), LARGEST_PADDING * layout.zoom));
  context.fillStyle = colors.muted;
  for (let row = -top; row < rows + bottom; row++) {
    for (let col = -left; col < columns + right; col++) {
      if (row >= 0 && row < rows && col >= 0 && col < columns) continue;
      const [x, y] = [whole.x + (col + left + 0.5) * cell, whole.y + (row + top + 0.5) * cell];
      const shown = padding(row, col);
      if (linesInCell([[shown]], cell, smallest)) context.fillText(shown, x, y);
    }
  }
}

/**
 * Cells that no window reads: faint and crossed out.
 * @param {CanvasRenderingContext2D} context @param {StillLayer} picture @param {ThemeColors} colors
 */
function paintUnread(context, { layout, unread }, colors) {
  const { cells, cell, rows, columns } = layout;
  const blocks = [
    ...unread.rows.map((row) => ({ row, col: 0, rows: 1, columns })),
    ...unread.columns.map((col) => ({ row: 0, col, rows, columns: 1 })),
  ];
  for (const block of blocks) {
    const [x, y, width, height] = blockRect(layout, block);
    context.fillStyle = colors.surface;
    context.globalAlpha = 0.66;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 0.8;
    context.strokeStyle = colors.edge;
    context.lineWidth = 1;
    context.beginPath();
    for (let i = 0; i < Math.max(block.rows, block.columns); i++) {
      const [left, top] = block.rows === 1 ? [x + i * cell, y] : [x, y + i * cell];
      if (left >= cells.x + cells.width || top >= cells.y + cells.height) break;
      addLine(context, left + 2, top + 2, left + cell - 2, top + cell - 2);
      addLine(context, left + cell - 2, top + 2, left + 2, top + cell - 2);
    }
    context.stroke();
    context.globalAlpha = 1;
  }
}

/**
 * Marks the values of a picture below black or above white: a blue or red corner.
 * @param {CanvasRenderingContext2D} context @param {StillLayer} picture
 */
function paintOutOfRange(context, { layout, beyond, dpr }) {
  const { cells, cell, columns } = layout;
  if (!beyond || cell * dpr < CELL_PIXELS) return;
  const size = Math.max(cell * 0.45, 2 / dpr);
  beyond.forEach((mark, i) => {
    if (!mark) return;
    const [x, y] = [cells.x + (i % columns) * cell, cells.y + Math.floor(i / columns) * cell];
    context.fillStyle = mark === 1 ? "#2166ac" : "#b2182b";
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + size, y);
    context.lineTo(x, y + size);
    context.fill();
  });
}

/** @param {CanvasRenderingContext2D} context @param {StillLayer} picture @param {ThemeColors} colors */
function paintStops(context, { layout, stops }, colors) {
  const size = Math.max(2, Math.min(5, layout.cell * 0.3));
  for (const { row, col } of stops) {
    const [x, y] = blockRect(layout, { row, col, rows: 1, columns: 1 });
    context.fillStyle = colors.surface;
    context.fillRect(x, y, size + 1, size + 1);
    context.fillStyle = "#0072b2";
    context.fillRect(x, y, size, size);
  }
}

/** @param {CanvasRenderingContext2D} context @param {StillLayer} picture @param {ThemeColors} colors */
function paintRulers(context, { layout, width }, colors) {
  context.font = `${RULER_DIGITS * layout.zoom}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace`;
  context.fillStyle = colors.muted;
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  for (const { index, at } of layout.ticks.columns) {
    const text = String(index);
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(at, width - half), layout.whole.y - 4 * layout.zoom); // the last one is not cut off
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { index, at } of layout.ticks.rows) {
    const text = String(index);
    const space = (text.length > 2 ? 1 : 4) * layout.zoom;
    context.fillText(text, layout.whole.x - space, at, layout.whole.x - space);
  }
}

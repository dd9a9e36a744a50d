/** Types and small drawing functions of both layers of a map. */

import { LINE_PITCH } from "convoscope/pure/maps/cell-digits.js";
import { rectOfBlock } from "convoscope/pure/maps/layout.js";
import { textColorOn } from "convoscope/pure/maps/palette.js";

/** @import {MapLayout} from "convoscope/pure/maps/layout.js" */

/**
 * The content of the still layer of one map.
 * @typedef {object} StillLayer
 * @property {MapLayout} layout
 * @property {number} width of the box, CSS pixels
 * @property {number} height
 * @property {number} dpr
 * @property {Uint8ClampedArray<ArrayBuffer> | null} rgba four bytes per cell; null if there is nothing to show yet
 * @property {((row: number, col: number) => string[][]) | null} texts of the values in a cell, the most exact first; null
 * where the numbers are not known
 * @property {number} [mostDigits] a map of more cells has no digits; left out, as many as can be taken in
 * @property {(row: number, col: number) => string} padding text of a padding cell
 * @property {{rows: number[], columns: number[]}} unread
 * @property {Uint8Array | null} beyond for each cell 1 below, 2 above the scale
 * @property {{row: number, col: number}[]} stops top left cells of the positions of the window
 * @property {boolean} gone whether to hatch the whole map: its picture is deleted
 */

/** @typedef {{row: number, col: number, rows: number, columns: number}} Block cells, top left and size */

/**
 * @typedef {object} Mark
 * @property {"outline" | "fill" | "ahead" | "ghost" | "question" | "dots"} kind
 * @property {Block} [block]
 * @property {string} [color]
 * @property {number} [from] first position that is still ahead
 * @property {string} [text] what stands in the cells ahead
 * @property {[number, number][]} [cells]
 * @property {(context: CanvasRenderingContext2D, still: StillLayer, colors: ThemeColors) => void} [paint] in place of the
 * painter of its kind
 */

/** @typedef {{ink: string, muted: string, surface: string, edge: string}} ThemeColors */

/** @param {MapLayout} layout @param {Block} block @returns {[number, number, number, number]} */
export function blockRect(layout, block) {
  const { x, y, width, height } = rectOfBlock(layout, block);
  return [x, y, width, height];
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} toX @param {number} toY
 */
export function addLine(context, x, y, toX, toY) {
  context.moveTo(x, y);
  context.lineTo(toX, toY);
}

/** @param {CanvasRenderingContext2D} context @param {number} size */
export function setDigitFont(context, size) {
  context.font = `${size}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
}

/**
 * Writes the lines of a cell around its middle, in the ink that its color asks for.
 * @param {CanvasRenderingContext2D} context @param {string[]} lines @param {number} size of the font
 * @param {{x: number, y: number}} middle @param {Uint8ClampedArray} rgba of the map @param {number} index of the cell
 */
export function writeCell(context, lines, size, { x, y }, rgba, index) {
  context.fillStyle = textColorOn([rgba[index * 4], rgba[index * 4 + 1], rgba[index * 4 + 2]]);
  for (const [i, line] of lines.entries())
    context.fillText(line, x, y + (i - (lines.length - 1) / 2) * LINE_PITCH * size);
}

/**
 * @param {CanvasRenderingContext2D} context @param {{x: number, y: number, width: number, height: number}} rect
 * @param {string} color
 */
export function hatch(context, rect, color) {
  strokeDiagonals(context, [rect.x, rect.y, rect.width, rect.height], { color, opacity: 0.38, step: 6, leans: 1 });
}

/**
 * Hatches cells to come: wider and fainter than padding, and leaning to the other side.
 * @param {CanvasRenderingContext2D} context @param {[number, number, number, number]} block @param {string} color
 */
export function hatchLightly(context, block, color) {
  strokeDiagonals(context, block, { color, opacity: 0.3, step: 9, leans: -1 });
}

/** @param {number} cell @param {number} zoom */
function outlineWidth(cell, zoom) {
  return (cell >= 7 ? 2 : 1.5) * zoom;
}

/**
 * An outline around cells. At the right and lower edge of the canvas, where it would be cut off, it lies on the cells.
 * @param {CanvasRenderingContext2D} context @param {{x: number, y: number, width: number, height: number}} rect
 * @param {string} color @param {MapLayout} layout
 */
export function outlineCells(context, { x, y, width, height }, color, layout) {
  const { cell, zoom, dpr } = layout;
  const wide = outlineWidth(cell, zoom);
  const [right, bottom] = [context.canvas.width, context.canvas.height].map((side) => side / dpr - wide);
  strokeOutline(
    context,
    { x, y, width: Math.min(width, right - x), height: Math.min(height, bottom - y) },
    color,
    layout,
  );
}

/**
 * An outline around a rectangle that can be seen on every color.
 * @param {CanvasRenderingContext2D} context @param {{x: number, y: number, width: number, height: number}} rect
 * @param {string} color @param {MapLayout} layout
 */
export function strokeOutline(context, { x, y, width, height }, color, { cell, zoom, dpr }) {
  const wide = outlineWidth(cell, zoom);
  const grow = Math.max(0, (5 / dpr - width) / 2);
  for (const [inset, ink, thick] of /** @type {[number, string, number][]} */ ([
    [wide * 1.5, "#ffffff", wide],
    [wide * 0.5, color, wide],
    [-wide * 0.25, "rgb(255 255 255 / 85%)", wide * 0.5],
  ])) {
    context.strokeStyle = ink;
    context.lineWidth = thick;
    context.strokeRect(x - inset - grow, y - inset - grow, width + 2 * (inset + grow), height + 2 * (inset + grow));
  }
}

/**
 * Diagonal lines in a rectangle; those of neighboring rectangles continue each other.
 * @param {CanvasRenderingContext2D} context @param {[number, number, number, number]} block
 * @param {{color: string, opacity: number, step: number, leans: 1 | -1, width?: number}} look `leans` 1 to the right,
 * −1 to the left
 */
export function strokeDiagonals(context, [left, top, wide, high], { color, opacity, step, leans, width = 1 }) {
  context.save();
  context.beginPath();
  context.rect(left, top, wide, high);
  context.clip();
  context.strokeStyle = color;
  context.globalAlpha = opacity;
  context.lineWidth = width;
  context.beginPath();
  const bottom = top + high;
  const first = leans > 0 ? left + top : left - bottom;
  for (let c = Math.floor(first / step) * step; c < first + step + wide + high; c += step) {
    if (leans > 0) addLine(context, c - bottom, bottom, c - top, top);
    else addLine(context, c + bottom, bottom, c + top, top);
  }
  context.stroke();
  context.restore();
}

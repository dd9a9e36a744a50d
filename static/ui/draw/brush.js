/** Types and small drawing functions of both layers of a map. */

/** @import {MapLayout} from "convoscope/pure/maps/layout.js" */

/**
 * The content of the still layer of one map.
 * @typedef {object} StillLayer
 * @property {MapLayout} layout
 * @property {number} width of the box, CSS pixels
 * @property {number} height
 * @property {number} dpr
 * @property {Uint8ClampedArray<ArrayBuffer> | null} rgba four bytes per cell; null if there is nothing to show yet
 * @property {((row: number, col: number) => {text: string, ink: string}) | null} digits
 * @property {number} longest characters of the longest text in a cell
 * @property {(row: number, col: number) => string} padding text of a padding cell
 * @property {{rows: number[], columns: number[]}} unread
 * @property {Uint8Array | null} beyond for each cell 1 below, 2 above the scale
 * @property {{row: number, col: number}[]} stops top left cells of the positions of the window
 * @property {boolean} gone whether to hatch the whole map: its picture is deleted
 */

/** @typedef {{row: number, col: number, rows: number, columns: number}} Block cells, top left and size */

/**
 * @typedef {object} Mark
 * @property {"outline" | "fill" | "ahead" | "question" | "dots"} kind
 * @property {Block} [block]
 * @property {string} [color]
 * @property {number} [from] first position that is still ahead
 * @property {[number, number][]} [cells]
 */

/** @typedef {{ink: string, muted: string, surface: string, edge: string}} ThemeColors */

/** @param {MapLayout} layout @param {Block} block @returns {[number, number, number, number]} */
export function blockRect({ cells, cell }, { row, col, rows, columns }) {
  return [cells.x + col * cell, cells.y + row * cell, columns * cell, rows * cell];
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
 * @param {CanvasRenderingContext2D} context @param {{x: number, y: number, width: number, height: number}} rect
 * @param {string} color
 */
export function hatch(context, rect, color) {
  context.save();
  context.beginPath();
  context.rect(rect.x, rect.y, rect.width, rect.height);
  context.clip();
  context.strokeStyle = color;
  context.globalAlpha = 0.38;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = rect.x - rect.height; x < rect.x + rect.width; x += 6)
    addLine(context, x, rect.y + rect.height, x + rect.height, rect.y);
  context.stroke();
  context.restore();
}

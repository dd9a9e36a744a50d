/** The lens: some cells of a map, enlarged, with their numbers. */

import { digitSize, linesInCell, SMALLEST_DIGITS } from "convoscope/pure/maps/cell-digits.js";
import { hatch, setDigitFont, writeCell } from "convoscope/ui/draw/brush.js";
import { readThemeColors } from "convoscope/ui/draw/draw.js";

/** @import {Block, StillLayer} from "convoscope/ui/draw/brush.js" */

/**
 * @typedef {object} LoupePicture
 * @property {StillLayer} still the map
 * @property {Block} block the cells that are shown
 * @property {number} cell side of a cell, CSS pixels
 * @property {number} zoom of a figure that is read from afar
 * @property {(row: number, col: number) => boolean} isKnown whether a cell has been computed
 * @property {{block: Block, color: string, isThin: boolean}[]} outlines of the window and of the cell in focus
 */

/** @param {HTMLCanvasElement} canvas @param {LoupePicture} picture */
export function paintLoupe(canvas, { still, block, cell, zoom, isKnown, outlines }) {
  const { rgba, texts, dpr } = still;
  const [width, height] = [block.columns * cell, block.rows * cell];
  [canvas.width, canvas.height] = [Math.round(width * dpr), Math.round(height * dpr)];
  [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  const colors = readThemeColors(canvas);
  context.fillStyle = colors.surface;
  context.fillRect(0, 0, width, height);
  /** @type {{index: number, lines: string[], middle: {x: number, y: number}}[]} */
  const written = [];
  for (let r = 0; r < block.rows; r++) {
    for (let c = 0; c < block.columns; c++) {
      const [row, col] = [block.row + r, block.col + c];
      const index = row * still.layout.columns + col;
      const rect = { x: c * cell, y: r * cell, width: cell, height: cell };
      if (!rgba || !isKnown(row, col)) {
        hatch(context, rect, colors.edge);
        continue;
      }
      context.fillStyle = `rgb(${rgba[index * 4]} ${rgba[index * 4 + 1]} ${rgba[index * 4 + 2]})`;
      context.fillRect(rect.x, rect.y, cell, cell);
      context.strokeStyle = "rgb(128 128 128 / 22%)";
      context.strokeRect(rect.x, rect.y, cell, cell);
      const lines = texts ? linesInCell(texts(row, col), cell, SMALLEST_DIGITS * zoom) : null;
      if (lines) written.push({ index, lines, middle: { x: rect.x + cell / 2, y: rect.y + cell / 2 } });
    }
  }
  const longest = Math.max(1, ...written.flatMap(({ lines }) => lines.map(({ length }) => length)));
  const size = digitSize(cell, longest, written[0]?.lines.length ?? 1, zoom);
  setDigitFont(context, size);
  for (const { index, lines, middle } of written)
    writeCell(context, lines, size, middle, /** @type {Uint8ClampedArray} */ (rgba), index);
  for (const outline of outlines) paintLoupeOutline(context, block, cell, outline);
}

/**
 * @param {CanvasRenderingContext2D} context @param {Block} shown @param {number} cell
 * @param {LoupePicture["outlines"][number]} outline
 */
function paintLoupeOutline(context, shown, cell, { block, color, isThin }) {
  const [x, y] = [(block.col - shown.col) * cell, (block.row - shown.row) * cell];
  const lines = /** @type {[number, number, string][]} */ (
    isThin
      ? [[1, 2, color]]
      : [
          [-1, 3, color], // around the cell: its number has all of it
          [1, 1.5, "#ffffff"],
        ]
  );
  for (const [inset, wide, ink] of lines) {
    context.strokeStyle = ink;
    context.lineWidth = wide;
    context.strokeRect(x + inset, y + inset, block.columns * cell - 2 * inset, block.rows * cell - 2 * inset);
  }
}

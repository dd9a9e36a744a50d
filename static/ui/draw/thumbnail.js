/** A small picture of a map: one pixel per cell. */

import { weightScale } from "convoscope/pure/maps/palette.js";
import { strokeDiagonals } from "convoscope/ui/draw/brush.js";

/** How many lines hatch a thumbnail, and how thick they are, in parts of its side. */
const [LINES, THICKNESS] = [6, 1 / 38];

/**
 * Paints a small picture of a map, one pixel per cell, which CSS enlarges; cells to come are hatched and empty.
 * @param {HTMLCanvasElement} canvas @param {number} rows @param {number} columns
 * @param {Uint8ClampedArray<ArrayBuffer>} rgba
 * @param {number} [written] how many cells are painted, in reading order; left out, all
 */
export function paintThumbnail(canvas, rows, columns, rgba, written = rows * columns) {
  if (canvas.width !== columns) canvas.width = columns; // setting the same width would clear the canvas
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext("2d");
  context?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  if (written >= rows * columns) return;
  const [row, col] = [Math.floor(written / columns), written % columns];
  const side = Math.max(rows, columns);
  const look = { color: "#808080", opacity: 0.5, step: side / LINES, leans: /** @type {const} */ (-1) };
  for (const block of /** @type {[number, number, number, number][]} */ ([
    [col, row, columns - col, 1],
    [0, row + 1, columns, rows - row - 1],
  ])) {
    context?.clearRect(...block);
    if (context) strokeDiagonals(context, block, { ...look, width: side * THICKNESS });
  }
}

/**
 * Paints a slice of a filter on the scale of the whole filter.
 * @param {HTMLCanvasElement} canvas @param {Float32Array} weights of all `maps` filters of a layer
 * @param {{maps: number, map: number, slice: number, rows: number, columns: number}} place @param {boolean} dark
 */
export function paintSlice(canvas, weights, { maps, map, slice, rows, columns }, dark) {
  const [count, size] = [weights.length / maps, rows * columns];
  const filter = weights.subarray(map * count, (map + 1) * count);
  const cells = filter.subarray(slice * size, (slice + 1) * size);
  paintThumbnail(canvas, rows, columns, weightScale(filter, dark).rgba(cells));
}

/** Paints a canvas with the picture of another. @param {HTMLCanvasElement} from @param {HTMLCanvasElement} to */
export function copyPicture(from, to) {
  [to.width, to.height] = [from.width, from.height];
  to.getContext("2d")?.drawImage(from, 0, 0);
}

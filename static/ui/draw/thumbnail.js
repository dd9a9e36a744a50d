/** A small picture of a map: one pixel per cell. */

/**
 * Paints a small picture of a map, one pixel per cell; CSS enlarges it.
 * @param {HTMLCanvasElement} canvas @param {number} rows @param {number} columns
 * @param {Uint8ClampedArray<ArrayBuffer>} rgba
 */
export function paintThumbnail(canvas, rows, columns, rgba) {
  if (canvas.width !== columns) canvas.width = columns; // setting the same width would clear the canvas
  if (canvas.height !== rows) canvas.height = rows;
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
}

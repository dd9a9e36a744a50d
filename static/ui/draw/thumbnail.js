/** A small picture of a map: one pixel a cell. */

/**
 * A small picture of a map, one pixel a cell, enlarged by the page.
 * @param {HTMLCanvasElement} canvas @param {number} rows @param {number} columns
 * @param {Uint8ClampedArray<ArrayBuffer>} rgba
 */
export function paintThumbnail(canvas, rows, columns, rgba) {
  if (canvas.width !== columns) canvas.width = columns; // saying it again would clear it and make it anew
  if (canvas.height !== rows) canvas.height = rows;
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
}

/** A small picture of a map: one pixel a cell. */

/**
 * A small picture of a map, one pixel a cell, enlarged by the page.
 * @param {HTMLCanvasElement} canvas @param {number} rows @param {number} columns @param {Uint8ClampedArray<ArrayBuffer>} rgba
 */
export function paintThumbnail(canvas, rows, columns, rgba) {
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
}

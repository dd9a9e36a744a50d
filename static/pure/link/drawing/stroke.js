/**
 * A stroke of a round pen on a sheet of cells: a cell is as inked as the part of it that lies under the pen, measured
 * along the distance from its middle to the path. `trace` in tests/drawings.py is the same for a pen of one width.
 */

/** A place of the pen in cells, from the upper left corner of the sheet, and its width there in cells. */
/** @typedef {{row: number, col: number, width: number}} PenPoint */

/** A pen whose middle is this much beyond its radius from the middle of a cell does not ink it. */
const SOFT_EDGE = 0.5;

/**
 * The share of each cell that a stroke inks, from 0 to 1, row by row; a single point is a dot.
 * @param {PenPoint[]} points @param {number} rows @param {number} columns @returns {Float64Array}
 */
export function inkOfStroke(points, rows, columns) {
  const ink = new Float64Array(rows * columns);
  for (let n = 0; n < points.length; n++) inkSegment(ink, [rows, columns], points[Math.max(0, n - 1)], points[n]);
  return ink;
}

/**
 * Raises the ink of the cells that a straight part of a stroke inks.
 * @param {Float64Array} ink @param {[rows: number, columns: number]} size @param {PenPoint} from @param {PenPoint} to
 */
function inkSegment(ink, [rows, columns], from, to) {
  const [down, along] = [to.row - from.row, to.col - from.col];
  const squared = down * down + along * along;
  const reach = Math.max(from.width, to.width) / 2 + SOFT_EDGE;
  const [top, bottom] = cellsWithin(from.row, to.row, reach, rows);
  const [left, right] = cellsWithin(from.col, to.col, reach, columns);
  for (let row = top; row < bottom; row++)
    for (let col = left; col < right; col++) {
      const [y, x] = [row + 0.5 - from.row, col + 0.5 - from.col];
      const share = squared ? Math.min(Math.max((y * down + x * along) / squared, 0), 1) : 0;
      const radius = (from.width + (to.width - from.width) * share) / 2;
      const covered = radius + SOFT_EDGE - Math.hypot(y - share * down, x - share * along);
      const at = row * columns + col;
      ink[at] = Math.max(ink[at], Math.min(covered, 1));
    }
}

/**
 * The cells of an axis that lie within reach of a part of it: the first, and the one after the last.
 * @param {number} from @param {number} to @param {number} reach @param {number} size @returns {[number, number]}
 */
function cellsWithin(from, to, reach, size) {
  const clamp = (/** @type {number} */ cell) => Math.min(Math.max(cell, 0), size);
  return [clamp(Math.floor(Math.min(from, to) - reach)), clamp(Math.ceil(Math.max(from, to) + reach))];
}

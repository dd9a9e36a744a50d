/** Cells of a map, and the patch of the picture that each is computed from. */

/** @import {Axis, Stage} from "convoscope/pure/types.js" */
/**
 * @typedef {{rows: {first: number, length: number, parts: number}, columns: {first: number, length: number, parts:
 * number}, inverted: boolean}} Preparation the geometry of a stage's preprocessing
 */
/**
 * @typedef {{row: number, col: number, rows: number, columns: number}} Box cells, top left and size; it may hang over
 * an edge
 */

/**
 * The cell of the largest value among those that read no padding; among all where each reads some.
 * @param {ArrayLike<number>} values @param {Stage} stage @returns {[number, number]}
 */
export function strongestPlace(values, stage) {
  const columns = stage.shape[2];
  const [down, across] = [
    positionsWithoutPadding(stage.rows, stage.shape[1]),
    positionsWithoutPadding(stage.columns, columns),
  ];
  let best = -1;
  for (const row of down) {
    for (const col of across) if (best < 0 || values[row * columns + col] > values[best]) best = row * columns + col;
  }
  return [Math.floor(best / columns), best % columns];
}

/**
 * The positions of a window that read no padding; all positions where there are none.
 * @param {Axis | null} axis @param {number} count
 */
function positionsWithoutPadding(axis, count) {
  const all = Array.from({ length: count }, (_, position) => position);
  if (!axis) return all;
  const free = all.filter((position) => {
    const start = position * axis.stride - axis.before;
    return start >= 0 && start + (axis.kernel - 1) * axis.dilation < axis.size;
  });
  return free.length ? free : all;
}

/**
 * A cell clamped to a map of that size.
 * @param {[number, number]} place @param {number} rows @param {number} columns
 * @returns {[number, number]}
 */
export function clampPlace([row, col], rows, columns) {
  return [Math.min(Math.max(row, 0), rows - 1), Math.min(Math.max(col, 0), columns - 1)];
}

/**
 * The cells that the window reads at a position.
 * @param {Stage} stage @param {[number, number]} place @returns {Box}
 */
export function windowAt(stage, [row, col]) {
  const [down, across] = [stage.rows, stage.columns];
  if (!down || !across) return { row, col, rows: 1, columns: 1 };
  return {
    row: row * down.stride - down.before,
    col: col * across.stride - across.before,
    rows: (down.kernel - 1) * down.dilation + 1,
    columns: (across.kernel - 1) * across.dilation + 1,
  };
}

/**
 * A box of the preprocessed picture as a box of the picture: preprocessing crops and averages.
 * @param {Box} box @param {Preparation | undefined} prepare @returns {Box}
 */
export function boxBeforePreparation(box, prepare) {
  if (!prepare) return box;
  const [down, across] = [prepare.rows, prepare.columns].map(({ length, parts }) => length / parts);
  return {
    row: prepare.rows.first + box.row * down,
    col: prepare.columns.first + box.col * across,
    rows: box.rows * down,
    columns: box.columns * across,
  };
}

/** A box in whole cells. @param {Box} box @returns {Box} */
export function roundBox({ row, col, rows, columns }) {
  return {
    row: Math.floor(row + 1e-6),
    col: Math.floor(col + 1e-6),
    rows: Math.max(1, Math.round(rows)),
    columns: Math.max(1, Math.round(columns)),
  };
}

/**
 * A box as styles in percent of a map, clipped to the map.
 * @param {Box} box @param {number} rows @param {number} columns
 */
export function boxStyle({ row, col, rows: high, columns: wide }, rows, columns) {
  const [top, left] = [Math.max(0, row), Math.max(0, col)];
  const [bottom, right] = [Math.min(rows, row + high), Math.min(columns, col + wide)];
  const percent = (/** @type {number} */ part, /** @type {number} */ whole) => `${((100 * part) / whole).toFixed(3)}%`;
  return {
    top: percent(top, rows),
    left: percent(left, columns),
    height: percent(bottom - top, rows),
    width: percent(right - left, columns),
  };
}

/**
 * The pixels of a box of a picture; black outside of it.
 * @param {Uint8ClampedArray} image @param {number} rows @param {number} columns @param {Box} box
 */
export function cropPatch(image, rows, columns, box) {
  const patch = new Uint8ClampedArray(box.rows * box.columns * 4);
  for (let r = 0; r < box.rows; r++) {
    for (let c = 0; c < box.columns; c++) {
      const [y, x] = [box.row + r, box.col + c];
      const to = (r * box.columns + c) * 4;
      if (y >= 0 && x >= 0 && y < rows && x < columns)
        patch.set(image.subarray((y * columns + x) * 4, (y * columns + x) * 4 + 4), to);
      else patch[to + 3] = 255;
    }
  }
  return patch;
}

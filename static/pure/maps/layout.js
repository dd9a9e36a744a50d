/**
 * The layout of the two maps: one cell size for input and output, so that a stride or a pool visibly shrinks a map.
 *
 * Each map has a box of its own and starts at the top left, after its rulers. All lengths are CSS pixels from the box's
 * corner; cells fall on device pixels. For every cell, cellAt(centerOf(rect(cell))) is the cell.
 */

/** @import {MapName, Rect} from "convoscope/pure/types.js" */

export const RULER_LEFT = 22;
export const RULER_TOP = 16;

/** Below this many device pixels a cell, the map is drawn as one image. */
export const CELL_PIXELS = 3;
/** The largest side of a cell. */
export const LARGEST_CELL = 96;
const TICK_STEPS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const TICK_ROOM = 48;
const EVERY_TICK_ROOM = 20;

/** @typedef {[top: number, bottom: number, left: number, right: number]} Sides */

/**
 * @typedef {object} MapRequest
 * @property {number} rows
 * @property {number} columns
 * @property {Sides} [padding] cells of padding drawn around the map
 * @property {number} [width] of the map's box, where it differs from the figure's
 * @property {number} [height]
 */

/** @typedef {{index: number, at: number}} Tick `at` is the center of its row or column */

/**
 * @typedef {object} MapLayout
 * @property {number} rows
 * @property {number} columns
 * @property {Sides} padding
 * @property {number} cell side of a cell
 * @property {boolean} image whether its cells are too small, so that it is drawn as one image
 * @property {Rect} cells the map without its padding
 * @property {Rect} whole the map with its padding
 * @property {number} zoom the factor of rulers and outlines
 * @property {{rows: Tick[], columns: Tick[]}} ticks
 */

/**
 * @typedef {object} FigureLayout
 * @property {MapLayout} input
 * @property {MapLayout} output
 */

/**
 * @param {{width: number, height: number, dpr: number, input: MapRequest, output: MapRequest, fit?: boolean, zoom?:
 * number}} request
 * `width` and `height` are those of each map's box, `fit` gives each map a cell size of its own, `zoom` enlarges the
 * rulers
 * @returns {FigureLayout}
 */
export function figureLayout({ width, height, dpr, input, output, fit = false, zoom = 1 }) {
  const [first, second] = [input, output].map((map) => largestCell({ width, height, ...map }, zoom));
  const smaller = Math.min(first, second);
  return {
    input: mapLayout(input, snapToPixels(fit ? first : smaller, dpr, zoom), dpr, zoom),
    output: mapLayout(output, snapToPixels(fit ? second : smaller, dpr, zoom), dpr, zoom),
  };
}

/**
 * The rectangle of a cell; a negative row or column lies in the padding.
 * @param {FigureLayout} layout @param {MapName} map @param {number} row @param {number} col
 * @returns {Rect}
 */
export function rect(layout, map, row, col) {
  const { cells, cell } = layout[map];
  return { x: cells.x + col * cell, y: cells.y + row * cell, width: cell, height: cell };
}

/**
 * The rectangle of several rows and columns.
 * @param {FigureLayout} layout @param {MapName} map @param {number[]} rows @param {number[]} columns
 * @returns {Rect}
 */
export function rectOf(layout, map, rows, columns) {
  const { x, y, width } = rect(layout, map, rows[0], columns[0]);
  const [down, across] = [rows[rows.length - 1] - rows[0], columns[columns.length - 1] - columns[0]];
  return { x, y, width: (across + 1) * width, height: (down + 1) * width };
}

/**
 * The cell under a point, those of the padding included; null outside.
 * @param {FigureLayout} layout @param {MapName} map @param {number} x @param {number} y
 * @returns {{row: number, col: number} | null}
 */
export function cellAt(layout, map, x, y) {
  const {
    cells,
    cell,
    rows,
    columns,
    padding: [top, bottom, left, right],
  } = layout[map];
  const [row, col] = [Math.floor((y - cells.y) / cell), Math.floor((x - cells.x) / cell)];
  const inside = row >= -top && row < rows + bottom && col >= -left && col < columns + right;
  return inside ? { row, col } : null;
}

/** The middle of a rectangle. @param {Rect} rect */
export function centerOf({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/**
 * The largest cell side that fits a box, not yet in whole pixels.
 * @param {MapRequest & {width: number, height: number}} map @param {number} zoom
 */
function largestCell({ rows, columns, padding = [0, 0, 0, 0], width, height }, zoom) {
  const [top, bottom, left, right] = padding;
  const across = (width - RULER_LEFT * zoom) / (columns + left + right);
  const down = (height - RULER_TOP * zoom) / (rows + top + bottom);
  return Math.max(Math.min(across, down), 2 ** -8);
}

/**
 * A cell side in whole device pixels. Where cells are too small to be drawn, the side stays and the map fills its box.
 * @param {number} cell @param {number} dpr @param {number} zoom
 */
function snapToPixels(cell, dpr, zoom) {
  const pixels = cell * dpr;
  // The tolerance keeps 320 / 32 from becoming 9 device pixels.
  return pixels < CELL_PIXELS ? cell : Math.floor(Math.min(pixels, LARGEST_CELL * zoom * dpr) + 1e-6) / dpr;
}

/** @param {MapRequest} map @param {number} cell @param {number} dpr @param {number} zoom @returns {MapLayout} */
function mapLayout({ rows, columns, padding = [0, 0, 0, 0] }, cell, dpr, zoom) {
  const [top, bottom, left, right] = padding;
  const [x, y] = [RULER_LEFT, RULER_TOP].map((ruler) => Math.floor(ruler * zoom * dpr) / dpr);
  const cells = { x: x + left * cell, y: y + top * cell, width: columns * cell, height: rows * cell };
  return {
    rows,
    columns,
    padding,
    cell,
    image: cell * dpr < CELL_PIXELS,
    cells,
    whole: { x, y, width: (left + columns + right) * cell, height: (top + rows + bottom) * cell },
    zoom,
    ticks: { rows: ticks(rows, cells.y, cell, zoom), columns: ticks(columns, cells.x, cell, zoom) },
  };
}

/** @param {number} count @param {number} start @param {number} cell @param {number} zoom @returns {Tick[]} */
function ticks(count, start, cell, zoom) {
  const step =
    cell >= EVERY_TICK_ROOM * zoom ? 1 : (TICK_STEPS.find((cells) => cells * cell >= TICK_ROOM * zoom) ?? 1024);
  const indices = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
  return indices.map((index) => ({ index, at: start + (index + 0.5) * cell }));
}

/**
 * The layout of the two maps: one cell size for input and output, so that a stride or a pool visibly shrinks a map.
 *
 * Each map has a box of its own and starts at the top left, after its rulers. All lengths are CSS pixels from the box's
 * corner. The side of a cell is any length; the edges of the cells are rounded down to device pixels one by one, so that some
 * cells are a pixel wider than others. For every cell, cellAt(centerOf(rect(cell))) is the cell.
 */

/** @import {MapName, Rect} from "convoscope/pure/types.js" */

export const RULER_LEFT = 22;
export const RULER_TOP = 16;

/** Below this many device pixels a cell, the map is drawn as one image. */
export const CELL_PIXELS = 3;
/** The largest side of a cell. */
export const LARGEST_CELL = 96;
/** Where a figure is read from afar: cells below this have no numbers. All lengths before zooming. */
const CELL_WITH_NUMBER = 18;
/** A map of such cells is enlarged up to this side there, with cells up to this one. */
const [LEAST_SIDE, LEAST_CELL] = [100, 48];
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
 * @property {number} cell side of a cell, before its edges are rounded
 * @property {number} dpr device pixels per CSS pixel
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
    input: mapLayout(input, Math.min(fit ? first : smaller, LARGEST_CELL * zoom), dpr, zoom),
    output: mapLayout(
      output,
      Math.min(fit ? second : Math.max(smaller, leastCell(output, smaller, second, zoom)), LARGEST_CELL * zoom),
      dpr,
      zoom,
    ),
  };
}

/**
 * The least cell of an output that is read from afar: a small map without numbers would be a dot.
 * @param {MapRequest} map @param {number} cell of the input @param {number} most the largest that fits @param {number} zoom
 */
function leastCell({ rows, columns }, cell, most, zoom) {
  if (zoom === 1 || cell >= CELL_WITH_NUMBER * zoom) return 0;
  return Math.min((LEAST_SIDE * zoom) / Math.max(rows, columns), LEAST_CELL * zoom, most);
}

/**
 * The widths of the boxes of both maps, in proportion to the maps, and never wider than the maps at their largest. A map
 * that would be narrower than its texts gets the room that they need, and the other map the rest.
 * @param {{width: number, height: number, input: MapRequest, output: MapRequest, least: [input: number, output: number],
 * zoom?: number}} request `width` of both boxes together, `least` the narrowest boxes
 * @returns {[input: number, output: number]}
 */
export function boxWidths({ width, height, input, output, least, zoom = 1 }) {
  const ruler = RULER_LEFT * zoom;
  const [across, down] = [input, output].reduce(
    ([columns, rows], map) => [columns + drawnSize(map).columns, Math.max(rows, drawnSize(map).rows)],
    [0, 0],
  );
  const highest = Math.min((height - RULER_TOP * zoom) / down, LARGEST_CELL * zoom);
  const wish = (/** @type {number} */ cell) =>
    [input, output].map((map, i) => Math.max(ruler + drawnSize(map).columns * cell, least[i]));
  const cell = Math.min((width - 2 * ruler) / across, highest);
  const [first, second] = wish(cell);
  const over = first + second - width;
  if (over <= 1e-6) return [first, second];
  const isInputNarrow = ruler + drawnSize(input).columns * cell < least[0];
  return isInputNarrow ? [first, Math.max(second - over, 0)] : [Math.max(first - over, 0), second];
}

/** The rows and columns of a map with its padding. @param {MapRequest} map */
function drawnSize({ rows, columns, padding: [top, bottom, left, right] = [0, 0, 0, 0] }) {
  return { rows: top + rows + bottom, columns: left + columns + right };
}

/**
 * Where a row or column begins: on a device pixel, unless the map is drawn as one image.
 * @param {number} start of the map @param {number} index @param {{cell: number, dpr: number, image: boolean}} layout
 */
export function edgeOf(start, index, { cell, dpr, image }) {
  const exact = start + index * cell;
  return image ? exact : Math.floor(exact * dpr + 1e-6) / dpr;
}

/**
 * The rectangle of a block of cells; a negative row or column lies in the padding.
 * @param {MapLayout} layout @param {{row: number, col: number, rows: number, columns: number}} block
 * @returns {Rect}
 */
export function rectOfBlock(layout, { row, col, rows, columns }) {
  const [x, y] = [edgeOf(layout.cells.x, col, layout), edgeOf(layout.cells.y, row, layout)];
  const [right, bottom] = [edgeOf(layout.cells.x, col + columns, layout), edgeOf(layout.cells.y, row + rows, layout)];
  return { x, y, width: right - x, height: bottom - y };
}

/**
 * The rectangle of a cell.
 * @param {FigureLayout} layout @param {MapName} map @param {number} row @param {number} col
 * @returns {Rect}
 */
export function rect(layout, map, row, col) {
  return rectOfBlock(layout[map], { row, col, rows: 1, columns: 1 });
}

/**
 * The rectangle of several rows and columns.
 * @param {FigureLayout} layout @param {MapName} map @param {number[]} rows @param {number[]} columns
 * @returns {Rect}
 */
export function rectOf(layout, map, rows, columns) {
  const [down, across] = [rows[rows.length - 1] - rows[0], columns[columns.length - 1] - columns[0]];
  return rectOfBlock(layout[map], { row: rows[0], col: columns[0], rows: down + 1, columns: across + 1 });
}

/**
 * The cell under a point, those of the padding included; null outside.
 * @param {FigureLayout} layout @param {MapName} map @param {number} x @param {number} y
 * @returns {{row: number, col: number} | null}
 */
export function cellAt(layout, map, x, y) {
  const {
    cells,
    rows,
    columns,
    padding: [top, bottom, left, right],
  } = layout[map];
  const [row, col] = [indexAt(cells.y, y, layout[map]), indexAt(cells.x, x, layout[map])];
  const inside = row >= -top && row < rows + bottom && col >= -left && col < columns + right;
  return inside ? { row, col } : null;
}

/**
 * The row or column at a length.
 * @param {number} start of the map @param {number} at @param {MapLayout} layout
 */
function indexAt(start, at, layout) {
  const near = Math.floor((at - start) / layout.cell);
  if (at < edgeOf(start, near, layout)) return near - 1;
  return at < edgeOf(start, near + 1, layout) ? near : near + 1;
}

/** The middle of a rectangle. @param {Rect} rect */
export function centerOf({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/**
 * The largest cell side that fits a box, not yet in whole pixels.
 * @param {MapRequest & {width: number, height: number}} map @param {number} zoom
 */
function largestCell({ width, height, ...map }, zoom) {
  const { rows, columns } = drawnSize(map);
  const across = (width - RULER_LEFT * zoom) / columns;
  const down = (height - RULER_TOP * zoom) / rows;
  return Math.max(Math.min(across, down), 2 ** -8);
}

/** @param {MapRequest} map @param {number} cell @param {number} dpr @param {number} zoom @returns {MapLayout} */
function mapLayout({ rows, columns, padding = [0, 0, 0, 0] }, cell, dpr, zoom) {
  const [top, bottom, left, right] = padding;
  const [x, y] = [RULER_LEFT, RULER_TOP].map((ruler) => Math.floor(ruler * zoom * dpr) / dpr);
  const size = { cell, dpr, image: cell * dpr < CELL_PIXELS };
  const [firstX, firstY] = [edgeOf(x, left, size), edgeOf(y, top, size)];
  const span = (/** @type {number} */ start, /** @type {number} */ from, /** @type {number} */ to) =>
    edgeOf(start, to, size) - edgeOf(start, from, size);
  const cells = { x: firstX, y: firstY, width: span(firstX, 0, columns), height: span(firstY, 0, rows) };
  const whole = {
    x: edgeOf(firstX, -left, size),
    y: edgeOf(firstY, -top, size),
    width: span(firstX, -left, columns + right),
    height: span(firstY, -top, rows + bottom),
  };
  return {
    rows,
    columns,
    padding,
    ...size,
    cells,
    whole,
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

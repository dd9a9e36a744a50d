/**
 * Where the slices of a volume lie: pixels, for the room that there is. One cell size for input and output; filters have
 * larger cells where those are too small for numbers.
 */

import { layoutSmall } from "convoscope/pure/tabs/volume/small-filters.js";

/** @import {Parts} from "convoscope/pure/tabs/volume/volume-parts.js" */
/** @import {SmallFilters} from "convoscope/pure/tabs/volume/small-filters.js" */

/** @typedef {{x: number, y: number, cell: number, rows: number, columns: number}} Slice its upper left corner */
/**
 * @typedef {object} VolumeLayout
 * @property {number} width
 * @property {number} height
 * @property {number} text the font of its texts
 * @property {Slice[]} inputs one for each channel
 * @property {Slice[]} windows of each channel, in numbers, where the cells of the input are too small for them
 * @property {Slice[][]} filters of each filter one for each channel
 * @property {{x: number, y: number}[]} names of the filters: where their text begins
 * @property {{x: number, y: number}[]} ends of the filters: where bias and result begin
 * @property {SmallFilters | null} small the filters as small pictures, where not all are open
 * @property {Slice[]} outputs
 * @property {Slice[]} afters of the activation behind each output slice
 * @property {{x: number, y: number, width: number, line: number, text: number, count: number}} vector the depth column;
 * `count`: how many numbers have room
 */

/**
 * @typedef {"columns" | "rows" | "columns-above" | "rows-above"} Arrangement channels side by side or as rows; with
 * -above the output lies below them, else beside
 */

const ARRANGEMENTS = /** @type {const} */ (["columns", "rows", "columns-above", "rows-above"]);
/** Cells of this side and above are as large as they need to be. */
const LARGEST = 44;
/** Parts of the font: the height of a line, and the space between two slices. */
const [LINE, GAP] = [1.35, 0.9];
/** Parts of the font: a filter's name, its bias and result; a number of the depth column, and its name. */
const [NAME, END, NUMBER, NUMBER_NAME] = [2.6, 6.2, 5.2, 2.5];
/** The numbers of one place of the input are so many times larger: they are what its volume is about. */
const LARGE_NUMBERS = 1.6;
/** Parts of the font: cells of filters and of small maps with room for numbers. */
const [FILTER_CELL, WINDOW_CELL, SMALL_MAP_CELL] = [1.4, 2.15, 2.3];
/** Output slices one below the other; more stand beside these. */
const MOST_IN_COLUMN = 4;
/** Between an output slice and what its activation makes of it, in fonts: an arrow. */
const ARROW = 1.6;
/** Filters of longer sides have no larger cells than the input. */
const LONGEST_KERNEL = 7;

/** The smallest cell with a number of one digit, in fonts. */
export const CELL_WITH_DIGIT = 1.25;
/** Slices with at most so many cells on a side always have numbers; the longest side of others is at least so long. */
export const FEW_CELLS = 9;
const SMALLEST_SIDE = 48;

/**
 * The layout with the largest cells that fit; without one the smallest, which scrolls.
 * @param {Parts} parts @param {{width: number, height: number, text: number}} room `height` 0 for any
 * @param {boolean} withWindows whether windows have a picture of their own where the slices have no numbers
 * @param {number} [smallScale] how much larger the small filters are than they have to be
 * @returns {VolumeLayout}
 */
export function layoutVolume(parts, { width, height, text }, withWindows, smallScale = 1) {
  const most = height || Infinity;
  const longest = Math.max(parts.padding.rows, parts.padding.columns, parts.stage.shape[1], parts.stage.shape[2]);
  const smallest = longest <= FEW_CELLS ? text * CELL_WITH_DIGIT : Math.min(text, SMALLEST_SIDE / longest);
  const sides = ARRANGEMENTS.flatMap((arrangement) =>
    (parts.small.length ? [false, true] : [false]).map((smallBelow) => ({ arrangement, smallBelow })),
  );
  const make = (/** @type {number} */ cell, /** @type {(typeof sides)[number]} */ { arrangement, smallBelow }) =>
    arrange(parts, arrangement, cell, { text, width, withWindows, smallScale, smallBelow });
  const [withDigits, without] = listCells(LARGEST * (text / 12), smallest, text * CELL_WITH_DIGIT);
  /** @type {VolumeLayout[]} */
  const low = [];
  for (const cells of [withDigits, without].filter(({ length }) => length > 0)) {
    /** @type {VolumeLayout | null} */
    let best = null;
    let first = cells.length;
    for (const side of sides) {
      // larger cells need more room: halving finds the largest that fit, here among those larger than the ones found
      for (let [from, to] = [0, first]; from < to; ) {
        const middle = (from + to) >> 1;
        const made = make(cells[middle], side);
        if (made.width <= width && made.height <= most) [to, best, first] = [middle, made, middle];
        else from = middle + 1;
      }
    }
    if (best) return best;
    low.push(...sides.map((side) => make(cells[cells.length - 1], side)));
  }
  const narrow = low.filter((one) => one.width <= width);
  if (!narrow.length) return make(smallest, { arrangement: "rows-above", smallBelow: true });
  return narrow.reduce((one, other) => (other.height < one.height ? other : one));
}

/**
 * The sides of cells that are tried, the largest first: those with room for a digit, and the others.
 * @param {number} largest @param {number} smallest @param {number} withDigit @returns {[number[], number[]]}
 */
function listCells(largest, smallest, withDigit) {
  const cells = [];
  for (let cell = largest; cell >= smallest; cell = cell > 8 ? cell - 0.5 : cell * 0.95) cells.push(cell);
  return [cells.filter((cell) => cell >= withDigit), cells.filter((cell) => cell < withDigit)];
}

/**
 * What an arrangement needs beside its cells: the font, the width of the room, and how the small filters are drawn.
 * @typedef {{text: number, width: number, withWindows: boolean, smallScale: number, smallBelow: boolean}} ArrangeOptions
 */

/**
 * @param {Parts} parts @param {Arrangement} arrangement @param {number} cell @param {ArrangeOptions} options
 * @returns {VolumeLayout}
 */
function arrange(parts, arrangement, cell, { text, width, withWindows, smallScale, smallBelow }) {
  const { stage, channels, filters, maps, padding, kernel, after } = parts;
  const [line, gap] = [text * LINE, text * GAP];
  const [, rows, columns] = stage.shape;
  const [high, wide] = kernel;
  const hasDigits = cell >= text * CELL_WITH_DIGIT;
  const isLong = Math.max(high, wide) > LONGEST_KERNEL;
  const hasWindows = withWindows && filters.length > 0 && !hasDigits && high * wide > 1 && !isLong;
  const filterCell = isLong ? cell : Math.max(cell, text * (hasWindows ? WINDOW_CELL : FILTER_CELL));
  const outputCell = Math.max(cell, Math.max(rows, columns) <= 3 ? text * SMALL_MAP_CELL : 0);
  const plane = { cell, rows: padding.rows, columns: padding.columns };
  const filter = { cell: filterCell, rows: high, columns: wide };
  const [planeWidth, planeHeight] = [plane.columns * cell, plane.rows * cell];
  const [filterWidth, filterHeight] = [wide * filterCell, high * filterCell];
  /** @type {Pick<VolumeLayout, "inputs" | "windows" | "filters" | "names" | "ends">} */
  const drawn = { inputs: [], windows: [], filters: filters.map(() => []), names: [], ends: [] };
  let [right, bottom] = [0, 0];
  if (arrangement.startsWith("rows")) {
    const rowHeight = Math.max(planeHeight, filters.length ? filterHeight + 2 * line : 0) + line;
    const slot = Math.max(filterWidth, text * END) + gap;
    const first = planeWidth + 2 * gap + (hasWindows ? filterWidth + gap : 0);
    channels.forEach((_, c) => {
      const y = line + c * rowHeight;
      drawn.inputs.push({ ...plane, x: line, y });
      if (hasWindows) drawn.windows.push({ ...filter, x: line + planeWidth + gap, y: y + line });
      filters.forEach((_, k) => drawn.filters[k].push({ ...filter, x: line + first + k * slot, y: y + line }));
    });
    const end = line + channels.length * rowHeight;
    filters.forEach((_, k) => {
      drawn.names.push({ x: line + first + k * slot, y: 0 });
      drawn.ends.push({ x: line + first + k * slot, y: end });
    });
    right = channels.length ? line + (filters.length ? first + filters.length * slot : planeWidth + 2 * gap) : 0;
    bottom = end + (filters.length ? 2 * line : 0);
  } else {
    const name = filters.length ? text * NAME : 0;
    const slot = Math.max(planeWidth, filterWidth, text * 3) + gap;
    channels.forEach((_, c) =>
      drawn.inputs.push({ ...plane, x: name + c * slot + (slot - gap - planeWidth) / 2, y: line }),
    );
    let y = channels.length ? line + planeHeight + gap : 0;
    const x = (/** @type {number} */ c) => name + c * slot + (slot - gap - filterWidth) / 2;
    if (hasWindows) {
      channels.forEach((_, c) => drawn.windows.push({ ...filter, x: x(c), y }));
      y += filterHeight + gap;
    }
    filters.forEach((_, k) => {
      channels.forEach((_, c) => drawn.filters[k].push({ ...filter, x: x(c), y }));
      drawn.names.push({ x: 0, y: y + filterHeight / 2 - line / 2 });
      drawn.ends.push({ x: name + channels.length * slot, y: y + Math.max(0, filterHeight / 2 - line) });
      y += Math.max(filterHeight, 2 * line) + line + gap / 2;
    });
    right = name + channels.length * slot + (filters.length ? text * END : 0) + gap;
    bottom = y;
  }
  /** @type {SmallFilters | null} */
  let small = null;
  if (parts.small.length) {
    small = smallBelow
      ? layoutSmall(parts, { x: 0, y: bottom + gap, text, scale: smallScale, width })
      : layoutSmall(parts, { x: right + gap, y: 0, text, scale: smallScale, height: bottom });
    right = smallBelow ? Math.max(right, small.width + gap) : right + 2 * gap + small.width;
    bottom = Math.max(bottom, (smallBelow ? bottom + gap : 0) + small.height);
  }
  const output = { cell: outputCell, rows, columns };
  const [outputWidth, outputHeight] = [columns * outputCell, rows * outputCell];
  const large = stage.index === 0 ? LARGE_NUMBERS : 1;
  const column = { width: text * NUMBER * large, line: line * 1.1 * large, text: text * large };
  const beside = text * NUMBER_NAME * large + (after ? column.width : 0);
  const pair = after ? outputWidth + ARROW * text : 0;
  const putBehind = (/** @type {Slice[]} */ slices) =>
    after ? slices.map((slice) => ({ ...slice, x: slice.x + pair })) : [];
  if (arrangement.endsWith("above") || !channels.length) {
    const y = (channels.length ? bottom + line : line) + line * 0.2;
    const slot = Math.max(outputWidth, text * 3) + pair + gap;
    const outputs = maps.map((_, k) => ({ ...output, x: k * slot, y }));
    const count = fitLines(stage.shape[0], Math.max(outputHeight, column.line * 8), column.line);
    const x = maps.length * slot + gap;
    return {
      ...drawn,
      text,
      small,
      outputs,
      afters: putBehind(outputs),
      vector: { ...column, x, y: y + (after ? line : 0), count },
      width: Math.max(right, x + column.width + beside),
      height: y + Math.max(outputHeight, count * column.line) + line,
    };
  }
  const each = outputHeight + line + gap * 0.6;
  const perColumn = Math.min(maps.length, Math.max(1, Math.floor((bottom + gap) / each)), MOST_IN_COLUMN);
  const stacks = Math.ceil(maps.length / perColumn);
  const slot = Math.max(outputWidth, text * 3) + pair + gap;
  const outputs = maps.map((_, k) => ({
    ...output,
    x: right + Math.floor(k / perColumn) * slot,
    y: line + (k % perColumn) * each,
  }));
  const x = right + stacks * slot + gap;
  const tall = Math.max(bottom, perColumn * each);
  const count = fitLines(stage.shape[0], tall - 2.4 * line, column.line);
  return {
    ...drawn,
    text,
    small,
    outputs,
    afters: putBehind(outputs),
    vector: { ...column, x, y: line * (after ? 2.2 : 1.2), count },
    width: x + column.width + beside,
    height: tall + line * 0.4,
  };
}

/** @param {number} all @param {number} height @param {number} line */
function fitLines(all, height, line) {
  return Math.min(all, Math.max(4, Math.floor(height / line)));
}

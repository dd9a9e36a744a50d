/**
 * Which cut of a picture shows the most numbers worth looking at: the block of cells in which the filter of the chain
 * finds most contrast, as large as its digits can be read on both maps.
 */

import { hasCapability, readOf } from "convoscope/pure/frame/stage.js";
import { linesInCell, valueTexts } from "convoscope/pure/maps/cell-digits.js";
import { mapValues } from "convoscope/pure/maps/palette.js";

/** @import {Axis, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {Block} from "convoscope/ui/draw/brush.js" */

/** Cells on each side of a cut. */
const FEWEST = 8;
const MOST = 12;
/** The font of the digits in a cut, CSS pixels. */
const FONT = 14;
/** Contrasts that differ by less than this share are equal: a difference of rounding decides nothing. */
const SLACK = 1e-9;

/**
 * A block of cells of the picture, and the cells of the stage that is shown which it alone decides.
 * @typedef {{input: Block, output: {row: number, col: number}}} TellingCut
 */

/** Why a picture has no cut. @typedef {"network" | "small" | "fixed" | "changed" | "large-filters"} NoCut */

/**
 * The most telling cut for a view, or why there is none.
 * @param {Trace} trace @param {View} view
 * @param {(inputCells: number, outputCells: number) => number} cellSide the side of a cell on the screen, CSS pixels, for
 * maps of so many cells on each side, padding included
 * @returns {TellingCut | NoCut}
 */
export function findTellingCut(trace, view, cellSide) {
  const reason = whyNoCut(trace);
  if (reason) return reason;
  const [input] = trace.stages;
  const [, rows, columns] = input.shape;
  const shown = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
  const least = Math.max(FEWEST, fewestCells(trace, shown));
  if (least > Math.max(MOST, FEWEST)) return "large-filters";
  for (let side = MOST; side >= least; side--) {
    const [high, wide] = [Math.min(side, rows), Math.min(side, columns)];
    const block = contrastyBlock(trace, view, high, wide);
    const cell = cellSide(...shownCells(trace, shown, side));
    if (side > least && !canBeRead(trace, view, shown, block, cell)) continue;
    return { input: block, output: firstCellAfter(trace, shown.index, block) };
  }
  return "large-filters";
}

/**
 * Why a picture cannot be cut for its numbers; null where it can.
 * @param {Trace} trace @returns {NoCut | null}
 */
export function whyNoCut({ scene, stages }) {
  const [{ shape, image }] = stages;
  if (scene.layers.some(({ op }) => op === "model")) return "network";
  if (shape[1] <= MOST && shape[2] <= MOST) return "small";
  if (!image?.cut || !image.stored) return "fixed";
  return scene.adjust ? "changed" : null;
}

/**
 * The block of cells whose values have most contrast: the largest sum of their variances. Where none has more than the
 * one in the middle, that one, else the first in reading order.
 * @param {Float32Array[]} planes @param {number} rows @param {number} columns of each plane
 * @param {number} high rows of the block @param {number} wide its columns
 * @returns {{row: number, col: number}}
 */
export function mostContrastyBlock(planes, rows, columns, high, wide) {
  const tables = planes.map((plane) => squareTables(plane, rows, columns));
  return placeOfMost(rows - high, columns - wide, (row, col) =>
    tables.reduce((sum, table) => sum + spread(table, columns, { row, col, rows: high, columns: wide }), 0),
  );
}

/**
 * The place with the largest contrast; the middle one where no other has more.
 * @param {number} lastRow @param {number} lastCol @param {(row: number, col: number) => number} contrast
 */
function placeOfMost(lastRow, lastCol, contrast) {
  let best = { row: lastRow >> 1, col: lastCol >> 1 };
  let most = contrast(best.row, best.col);
  for (let row = 0; row <= lastRow; row++) {
    for (let col = 0; col <= lastCol; col++) {
      const found = contrast(row, col);
      if (found > most * (1 + SLACK) + SLACK) [best, most] = [{ row, col }, found];
    }
  }
  return best;
}

/**
 * The block of the picture in which the first filter of the chain finds most contrast; without a filter, in which the
 * picture has most.
 * @param {Trace} trace @param {View} view @param {number} high @param {number} wide
 * @returns {Block}
 */
function contrastyBlock(trace, view, high, wide) {
  const [input] = trace.stages;
  const [, rows, columns] = input.shape;
  const filter = trace.stages.find((stage) => hasCapability(stage, "filters") && stage.rows && stage.columns);
  const index = filter?.index ?? 0;
  const read = (/** @type {number} */ first, /** @type {number} */ count, /** @type {"rows" | "columns"} */ axis) =>
    decidedCells(trace, index, axis, first, count);
  const [down, across] = [read(0, high, "rows"), read(0, wide, "columns")];
  const size = { row: 0, col: 0, rows: high, columns: wide };
  if (!filter || down.count < 1 || across.count < 1) {
    const planes = Array.from({ length: input.shape[0] }, (_, channel) => mapValues(input, channel));
    return { ...size, ...mostContrastyBlock(planes, rows, columns, high, wide) };
  }
  const map = view.stage === index ? Math.min(view.map, filter.shape[0] - 1) : 0;
  const table = squareTables(mapValues(filter, map), filter.shape[1], filter.shape[2]);
  const best = placeOfMost(rows - high, columns - wide, (row, col) => {
    const [r, c] = [read(row, high, "rows"), read(col, wide, "columns")];
    return spread(table, filter.shape[2], { row: r.first, col: c.first, rows: r.count, columns: c.count });
  });
  return { ...size, ...best };
}

/**
 * The cells of a stage along one axis that read nothing but so many cells of the picture.
 * @param {Trace} trace @param {number} index of the stage @param {"rows" | "columns"} axis
 * @param {number} first @param {number} count of the cells of the picture
 * @returns {{first: number, count: number}}
 */
function decidedCells(trace, index, axis, first, count) {
  const ends = [{ from: first, to: first + count - 1 }];
  for (const stage of trace.stages.slice(1, index + 1)) {
    const read = stage.reads.map((one) => ends[one]);
    const [from, to] = [Math.max(...read.map((one) => one.from)), Math.min(...read.map((one) => one.to))];
    const window = stage[axis];
    ends.push(window ? decide(window, from, to) : { from, to });
  }
  return { first: ends[index].from, count: ends[index].to - ends[index].from + 1 };
}

/**
 * The cells of a window's output that read nothing but these cells of its input.
 * @param {Axis} window @param {number} from @param {number} to
 */
function decide({ kernel, dilation, stride, before, positions, transposed }, from, to) {
  const reach = (kernel - 1) * dilation + 1;
  if (transposed)
    return {
      from: from > 0 ? Math.max(0, (from - 1) * stride + reach - transposed.crop) : 0,
      to: Math.min((to + 1) * stride - 1 - transposed.crop, positions - 1),
    };
  return {
    from: Math.ceil((from + before) / stride),
    to: Math.min(Math.floor((to + before - reach + 1) / stride), positions - 1),
  };
}

/**
 * The cell of a stage that becomes its first one when the picture is cut; it lies between two cells where a stride does
 * not divide the cut.
 * @param {Trace} trace @param {number} index @param {Block} block
 */
function firstCellAfter(trace, index, { row, col }) {
  const places = [{ row, col }];
  const step = (/** @type {Axis | null} */ axis) => (axis?.transposed ? 1 / axis.stride : (axis?.stride ?? 1));
  for (const { reads, rows, columns } of trace.stages.slice(1, index + 1)) {
    const before = places[reads[0]];
    places.push({ row: before.row / step(rows), col: before.col / step(columns) });
  }
  return places[index];
}

/**
 * Cells on each side of the two maps that a stage shows of a square picture: its input with padding, its output.
 * @param {Trace} trace @param {Stage} shown @param {number} side of the picture
 * @returns {[number, number]}
 */
function shownCells(trace, shown, side) {
  const { index } = readOf(trace, shown);
  const before = Math.max(sizeAt(trace, index, side, "rows"), sizeAt(trace, index, side, "columns"));
  const after = Math.max(sizeAt(trace, shown.index, side, "rows"), sizeAt(trace, shown.index, side, "columns"));
  const around = (/** @type {Axis | null} */ axis) => (axis ? axis.before + axis.after : 0);
  return [before + Math.max(around(shown.rows), around(shown.columns)), after];
}

/**
 * The size of a stage along one axis if the picture had so many cells; below 1 where a window does not fit.
 * @param {Trace} trace @param {number} index @param {number} side @param {"rows" | "columns"} axis
 */
function sizeAt(trace, index, side, axis) {
  const sizes = [side];
  for (const stage of trace.stages.slice(1, index + 1)) {
    const read = stage.reads.map((one) => sizes[one]);
    const size = Math.min(...read) < 1 ? 0 : Math.max(...read);
    const window = stage[axis];
    if (!window || size < 1) {
      sizes.push(size);
      continue;
    }
    const reach = (window.kernel - 1) * window.dilation + 1;
    const room = size + window.before + window.after - reach;
    if (stage.op.startsWith("global")) sizes.push(1);
    else if (window.transposed) sizes.push(window.positions + (size - window.size) * window.stride);
    else sizes.push(room < 0 ? 0 : Math.floor(room / window.stride) + 1);
  }
  return sizes[index];
}

/**
 * The fewest cells on each side with which every layer has a position, and the stage that is shown has two rows.
 * @param {Trace} trace @param {Stage} shown
 */
function fewestCells(trace, shown) {
  const wanted = Math.min(2, shown.shape[1], shown.shape[2]);
  for (let side = 1; side <= MOST; side++) {
    const isEnough = /** @type {const} */ (["rows", "columns"]).every(
      (axis) =>
        trace.stages.every(({ index }) => sizeAt(trace, index, side, axis) >= 1) &&
        sizeAt(trace, shown.index, side, axis) >= wanted,
    );
    if (isEnough) return side;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Whether all numbers of a cut can be read on both maps. Padding makes other numbers at the edges: then those of the
 * whole map count.
 * @param {Trace} trace @param {View} view @param {Stage} shown @param {Block} block @param {number} cell
 */
function canBeRead(trace, view, shown, block, cell) {
  const stages = shown.index > 0 ? [readOf(trace, shown, view.map), shown] : [shown];
  return stages.every((stage) => {
    const isInput = stage.index === 0;
    const lines = isInput && stage.shape[0] === 3 ? 3 : 1;
    const map = stage === shown ? Math.min(view.map, stage.shape[0] - 1) : 0;
    const isPadded = trace.stages.slice(1, stage.index + 1).some(({ rows }) => rows && rows.before + rows.after > 0);
    const [down, across] = [
      decidedCells(trace, stage.index, "rows", block.row, block.rows),
      decidedCells(trace, stage.index, "columns", block.col, block.columns),
    ];
    const values = mapValues(stage, map);
    return values.every((value, i) => {
      const [row, col] = [Math.floor(i / stage.shape[2]), i % stage.shape[2]];
      const isInside = isPadded || (isWithin(row, down.first, down.count) && isWithin(col, across.first, across.count));
      return !isInside || linesInCell(Array(lines).fill(valueTexts(stage, value)), cell, FONT) !== null;
    });
  });
}

/** @param {number} at @param {number} first @param {number} count */
function isWithin(at, first, count) {
  return at >= first && at < first + count;
}

/**
 * Sums of the values, and of their squares, above and left of each corner of a cell.
 * @param {Float32Array} plane @param {number} rows @param {number} columns
 */
function squareTables(plane, rows, columns) {
  const across = columns + 1;
  const [sums, squares] = [new Float64Array((rows + 1) * across), new Float64Array((rows + 1) * across)];
  for (let row = 1; row <= rows; row++) {
    for (let col = 1; col <= columns; col++) {
      const value = plane[(row - 1) * columns + col - 1];
      const [at, above] = [row * across + col, (row - 1) * across + col];
      sums[at] = value + sums[at - 1] + sums[above] - sums[above - 1];
      squares[at] = value * value + squares[at - 1] + squares[above] - squares[above - 1];
    }
  }
  return { sums, squares };
}

/**
 * The variance of the values of a block, times their number.
 * @param {{sums: Float64Array, squares: Float64Array}} tables @param {number} columns of the plane @param {Block} block
 */
function spread({ sums, squares }, columns, { row, col, rows, columns: wide }) {
  const across = columns + 1;
  const [top, bottom] = [row * across + col, (row + rows) * across + col];
  const total = (/** @type {Float64Array} */ table) =>
    table[bottom + wide] - table[bottom] - table[top + wide] + table[top];
  const sum = total(sums);
  return Math.max(0, total(squares) - (sum * sum) / (rows * wide));
}

/**
 * The pixels of a block of cells: a crop in which a cell keeps its size.
 * @param {Stage} input the stage of the picture @param {Block} block
 * @returns {[top: number, left: number, height: number, width: number]}
 */
export function cropOfBlock({ shape, image }, block) {
  const [top, left, height, width] = image?.cut ?? [0, 0, shape[1], shape[2]];
  const [down, across] = [height / shape[1], width / shape[2]];
  const [first, start] = [Math.round(top + block.row * down), Math.round(left + block.col * across)];
  return [
    first,
    start,
    Math.max(1, Math.round(top + (block.row + block.rows) * down) - first),
    Math.max(1, Math.round(left + (block.col + block.columns) * across) - start),
  ];
}

/**
 * Rows and columns in the proportions of a crop; the longer side has `cells` cells.
 * @param {[top: number, left: number, height: number, width: number]} crop @param {number} cells
 * @returns {[number, number]}
 */
export function sizeForBox([, , height, width], cells) {
  const longest = Math.max(height, width);
  return [Math.max(1, Math.round((cells * height) / longest)), Math.max(1, Math.round((cells * width) / longest))];
}

/**
 * Rows and columns that a crop gives of a size in a link: cells are never smaller than a pixel.
 * @param {[top: number, left: number, height: number, width: number]} crop @param {[number, number]} size
 * @returns {[number, number]}
 */
export function croppedSize([, , height, width], [rows, columns]) {
  return [Math.min(rows, height), Math.min(columns, width)];
}

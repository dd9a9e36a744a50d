/**
 * The cells of the input that one cell of a stage depends on, the same as in Python's `core/explain/receptive_box.py`;
 * tests/golden/answers.json holds both.
 */

import { hasCapability, partOf } from "convoscope/pure/frame/stage.js";
import { range, tapsOf } from "convoscope/pure/frame/window.js";

/** @import {Axis, Span, Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {[first: number, last: number]} Interval both included */

/** The map of a box that spans several. */
const ALL_MAPS = -1;
/** @typedef {{rows: Interval, columns: Interval, map: number}} Box */

/**
 * The box around the input cells that can influence a cell, on all paths back; padding is left out.
 * @param {Trace} trace @param {{stage: number, map: number, row: number, col: number}} cell
 * @returns {{top: number, left: number, height: number, width: number}}
 */
export function receptiveBox(trace, cell) {
  const { rows, columns } = boxesBack(trace, cell)[0];
  return { top: rows[0], left: columns[0], height: rows[1] - rows[0] + 1, width: columns[1] - columns[0] + 1 };
}

/**
 * The boxes of all stages on the ways back from a cell, by the number of the stage.
 * @param {Trace} trace @param {{stage: number, map: number, row: number, col: number}} cell
 */
export function boxesBack(trace, { stage, map, row, col }) {
  /** @type {Box[]} */
  const boxes = [];
  boxes[stage] = { rows: [row, row], columns: [col, col], map };
  for (let index = stage; index > 0; index--) {
    if (!boxes[index]) continue;
    for (const [read, box] of stepBack(trace, trace.stages[index], boxes[index]))
      boxes[read] = boxes[read] ? unite(boxes[read], box) : box;
  }
  return boxes;
}

/** @param {Box} one @param {Box} other @returns {Box} */
function unite(one, other) {
  const around = (/** @type {"rows" | "columns"} */ axis) =>
    /** @type {Interval} */ ([Math.min(one[axis][0], other[axis][0]), Math.max(one[axis][1], other[axis][1])]);
  return { rows: around("rows"), columns: around("columns"), map: one.map === other.map ? one.map : ALL_MAPS };
}

/**
 * Each stage that a box of a stage is made from, and the box there.
 * @param {Trace} trace @param {Stage} stage @param {Box} box @returns {[number, Box][]}
 */
export function stepBack(trace, stage, { rows, columns, map }) {
  if (stage.starts && map !== ALL_MAPS) {
    const part = partOf(stage, map);
    return [[stage.reads[part], { rows, columns, map: map - stage.starts[part] }]];
  }
  return stage.reads.map((read) => {
    const [, height, width] = trace.stages[read].shape;
    const isFlattened = stage.kind === "flatten";
    if (isFlattened && map !== ALL_MAPS) {
      const place = map % (height * width);
      const [row, col] = [Math.floor(place / width), place % width];
      return [read, { rows: [row, row], columns: [col, col], map: Math.floor(map / (height * width)) }];
    }
    const own = hasCapability(stage, "map_by_map") ? map : ALL_MAPS;
    if (hasCapability(stage, "reads_all") || isFlattened || (stage.kind === "join" && height * width === 1))
      return [read, { rows: [0, height - 1], columns: [0, width - 1], map: own }];
    return [
      read,
      { rows: readAxis(stage, "rows", rows, height), columns: readAxis(stage, "columns", columns, width), map: own },
    ];
  });
}

/** @param {Stage} stage @param {"rows" | "columns"} name @param {Interval} cells @param {number} size */
function readAxis(stage, name, [first, last], size) {
  if (stage.own?.readAxis) return stage.own.readAxis(stage, name, [first, last]);
  const by = stage.by?.[name === "rows" ? 0 : 1];
  if (by !== undefined) return keepInside(first - by, last - by, size);
  const span = stage.prepare?.[name];
  if (span) return readSpan(span, first, last);
  const axis = stage[name];
  return axis ? readWindows(axis, stage.padding_mode, first, last) : /** @type {Interval} */ ([first, last]);
}

/** @param {Axis} axis @param {string | undefined} mode @param {number} from @param {number} to @returns {Interval} */
function readWindows(axis, mode, from, to) {
  if (axis.transposed) return readSources(axis, from, to);
  let first = from * axis.stride - axis.before;
  let last = to * axis.stride - axis.before + (axis.kernel - 1) * axis.dilation;
  if (mode === "circular" && (first < 0 || last >= axis.size)) return [0, axis.size - 1];
  if (mode === "reflect") [first, last] = [Math.min(first, 2 * (axis.size - 1) - last), Math.max(last, -first)];
  if (mode === undefined || mode === "zeros") {
    // The first and the last cell inside, of the windows at both ends.
    const { stride, dilation, size } = axis;
    const inside = (/** @type {number} */ cell) => cell + Math.ceil(Math.max(-cell, 0) / dilation) * dilation;
    const near = Array.from({ length: Math.min(dilation, to - from + 1) }, (_, by) => by * stride);
    first = Math.min(...near.map((by) => inside(first + by)));
    last = size - 1 - Math.min(...near.map((by) => inside(size - 1 - last + by)));
  }
  return keepInside(first, last, axis.size);
}

/** The input cells of a transposed convolution. @param {Axis} axis @param {number} from @param {number} to @returns {Interval} */
function readSources(axis, from, to) {
  const taps = range(to - from + 1).flatMap((i) => tapsOf(axis, from + i));
  const reached = taps.filter(([, tap]) => tap >= 0);
  const cells = (reached.length ? reached : taps).map(([cell]) => cell);
  return [Math.min(...cells), Math.max(...cells)];
}

/** The cells that equal parts of a span overlap. @param {Span} span @param {number} from @param {number} to @returns {Interval} */
export function readSpan({ first, length, parts }, from, to) {
  return [first + Math.floor((from * length) / parts), first + Math.ceil(((to + 1) * length) / parts) - 1];
}

/** @param {number} first @param {number} last @param {number} size @returns {Interval} */
function keepInside(first, last, size) {
  return [Math.min(Math.max(first, 0), size - 1), Math.max(Math.min(last, size - 1), 0)];
}

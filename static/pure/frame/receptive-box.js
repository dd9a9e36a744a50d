/**
 * The cells of the input that one cell of a stage depends on, the same as in Python's `core/explain/receptive_box.py`;
 * tests/golden/answers.json holds both.
 */

import { hasCapability } from "convoscope/pure/frame/stage.js";

/** @import {Axis, Span, Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {[first: number, last: number]} Interval both included */

/**
 * The box of input cells that can influence a cell; padding is left out.
 * @param {Trace} trace @param {{stage: number, map: number, row: number, col: number}} cell
 * @returns {{top: number, left: number, height: number, width: number}}
 */
export function receptiveBox(trace, cell) {
  let { map } = cell;
  /** @type {[Interval, Interval]} */
  let box = [
    [cell.row, cell.row],
    [cell.col, cell.col],
  ];
  for (let index = cell.stage; index > 0; index--) {
    const [stage, [, height, width]] = [trace.stages[index], trace.stages[index - 1].shape];
    if (hasCapability(stage, "reads_all") || (stage.kind === "flatten" && map < 0)) {
      box = [
        [0, height - 1],
        [0, width - 1],
      ];
      map = -1;
    } else if (stage.kind === "flatten") {
      const place = map % (height * width);
      const [row, col] = [Math.floor(place / width), place % width];
      box = [
        [row, row],
        [col, col],
      ];
      map = Math.floor(map / (height * width));
    } else {
      box = [readAxis(stage, "rows", box[0], height), readAxis(stage, "columns", box[1], width)];
      if (!hasCapability(stage, "map_by_map")) map = -1;
    }
  }
  const [rows, columns] = box;
  return { top: rows[0], left: columns[0], height: rows[1] - rows[0] + 1, width: columns[1] - columns[0] + 1 };
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
  let first = from * axis.stride - axis.before;
  let last = to * axis.stride - axis.before + (axis.kernel - 1) * axis.dilation;
  if (mode === "circular" && (first < 0 || last >= axis.size)) return [0, axis.size - 1];
  if (mode === "reflect") [first, last] = [Math.min(first, 2 * (axis.size - 1) - last), Math.max(last, -first)];
  if (mode === undefined || mode === "zeros") {
    const [over, under] = [Math.max(-first, 0), Math.max(last - axis.size + 1, 0)];
    first += Math.ceil(over / axis.dilation) * axis.dilation; // the first cell inside
    last -= Math.ceil(under / axis.dilation) * axis.dilation;
  }
  return keepInside(first, last, axis.size);
}

/** The cells that equal parts of a span overlap. @param {Span} span @param {number} from @param {number} to @returns {Interval} */
function readSpan({ first, length, parts }, from, to) {
  return [first + Math.floor((from * length) / parts), first + Math.ceil(((to + 1) * length) / parts) - 1];
}

/** @param {number} first @param {number} last @param {number} size @returns {Interval} */
function keepInside(first, last, size) {
  return [Math.min(Math.max(first, 0), size - 1), Math.max(Math.min(last, size - 1), 0)];
}

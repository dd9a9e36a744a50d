/**
 * The receptive field of a cell, stage by stage: the boxes that the cell is made from, back to the picture;
 * `app/core/views/field.py` is the same in Python, and tests/golden/fields.json holds both.
 */

import { boxesBack, readSpan, stepBack } from "convoscope/pure/frame/receptive-box.js";
import { hasCapability } from "convoscope/pure/frame/stage.js";
import { range } from "convoscope/pure/frame/window.js";

/** @import {Axis, Span, Stage, Trace} from "convoscope/pure/types.js" */
/** @import {Interval} from "convoscope/pure/frame/receptive-box.js" */
/** @typedef {{stage: number, map: number, row: number, col: number}} Place */

/**
 * The box of a stage that a cell is made from: `rows` and `columns` as the windows lie, also where that is outside of the
 * maps; `inside` those of the cells that count. `map` is −1 where several maps count. `isBound` says that paths of several
 * lengths lead here, so that the box is the most that counts.
 * @typedef {object} FieldBox
 * @property {number} stage
 * @property {number} map
 * @property {Interval} rows
 * @property {Interval} columns
 * @property {{rows: Interval, columns: Interval}} inside
 * @property {boolean} isBound
 * @property {boolean} isLimited whether a layer reads everything: from there on a box holds what there is
 */

/**
 * What one layer adds to the size of the field along an axis, (`window` − 1) · `jump`: the length of its window, gaps
 * included, and how far neighbors in its input lie apart in the picture.
 * @typedef {{window: number, jump: number}} FieldTerm
 */

/**
 * The boxes of the stages on the ways back from a cell, its own first, the input last.
 * @param {Trace} trace @param {Place} cell
 */
export function fieldOf(trace, cell) {
  const inside = boxesBack(trace, cell);
  const [rows, columns] = [
    /** @type {Interval} */ ([cell.row, cell.row]),
    /** @type {Interval} */ ([cell.col, cell.col]),
  ];
  /** @type {FieldBox[]} */
  const found = [];
  found[cell.stage] = {
    stage: cell.stage,
    map: cell.map,
    rows,
    columns,
    inside: { rows, columns },
    isBound: false,
    isLimited: false,
  };
  for (let index = cell.stage; index > 0; index--) {
    if (!found[index]) continue;
    for (const [read, box] of stepBack(trace, trace.stages[index], inside[index])) {
      const isLimited = found[index].isLimited || readsEverything(trace.stages[index]);
      const made = {
        ...(isLimited
          ? { rows: box.rows, columns: box.columns }
          : stepAlongWindows(trace, trace.stages[index], found[index], read, box)),
        stage: read,
        isLimited,
        map: inside[read].map,
        inside: { rows: inside[read].rows, columns: inside[read].columns },
        isBound: found[index].isBound,
      };
      found[read] = found[read] ? unite(found[read], made) : made;
    }
  }
  return found.filter(Boolean).reverse();
}

/** Rows and columns of a box as the windows lie. @param {FieldBox} box @returns {[number, number]} */
export function sizeOf({ rows, columns }) {
  return [rows[1] - rows[0] + 1, columns[1] - columns[0] + 1];
}

/**
 * The boxes of a field that are worth a picture: its ends, and each that a layer makes another size of.
 * @param {Trace} trace @param {FieldBox[]} field
 */
export function shownBoxes(trace, field) {
  const byStage = new Map(field.map((box) => [box.stage, box]));
  const wanted = new Set([field[0].stage, 0]);
  for (const box of field)
    for (const read of trace.stages[box.stage].reads) {
      const source = byStage.get(read);
      if (source && String(sizeOf(source)) !== String(sizeOf(box))) wanted.add(read);
    }
  const shown = field.filter(({ stage }) => wanted.has(stage));
  const [before, input] = shown.slice(-2);
  const isTwice = shown.length > 2 && String(sizeOf(before)) === String(sizeOf(input)); // a preprocessing that copies
  return isTwice ? [...shown.slice(0, -2), input] : shown;
}

/** Whether each cell reads all that there is. @param {Stage} stage */
function readsEverything(stage) {
  const [, rows, columns] = stage.shape;
  return hasCapability(stage, "reads_all") || (stage.rows !== null && rows * columns === 1);
}

/**
 * What each layer adds to the size of a field along an axis, the first layer first; null where no such sum gives it: paths
 * join, or a layer reads everything or does not slide.
 * @param {Trace} trace @param {FieldBox[]} field @param {0 | 1} axis the rows, or the columns
 * @returns {FieldTerm[] | null}
 */
export function termsOf(trace, field, axis) {
  /** @type {FieldTerm[]} */
  const terms = [];
  for (const { stage: index } of field.slice(0, -1).reverse()) {
    const stage = trace.stages[index];
    const along = stage[axis ? "columns" : "rows"];
    if (stage.reads.length > 1 || hasCapability(stage, "reads_all")) return null;
    if (!along) {
      const span = stage.prepare?.[axis ? "columns" : "rows"];
      if (!hasCapability(stage, "keeps_shape") && !(span && isWholeCells(span))) return null;
    } else if (lengthOf(along) > 1) {
      const jump = trace.stages[stage.reads[0]].jump[axis];
      if (!Number.isInteger(jump)) return null;
      terms.push({ window: lengthOf(along), jump });
    }
  }
  return terms;
}

/**
 * The row and column of the input where the field of the first cell of a stage begins.
 * @param {Trace} trace @param {number} stage
 */
export function firstOf(trace, stage) {
  const field = fieldOf(trace, { stage, map: 0, row: 0, col: 0 });
  const { rows, columns } = field[field.length - 1];
  return /** @type {[number, number]} */ ([rows[0], columns[0]]);
}

/**
 * How many paths lead from each cell of the input's box to a cell, through one map of each stage: `counts` row by row, of
 * the box as the windows lie. A cell in a padding has paths, too.
 * @param {Trace} trace @param {FieldBox[]} field
 * @returns {Float64Array}
 */
export function countPaths(trace, field) {
  const byStage = new Map(field.map((box) => [box.stage, { box, counts: new Float64Array(areaOf(box)) }]));
  const start = /** @type {{counts: Float64Array}} */ (byStage.get(field[0].stage));
  start.counts[0] = 1;
  for (const { stage: index } of field) {
    if (index === 0) continue;
    const [stage, from] = [trace.stages[index], byStage.get(index)];
    if (!from) continue;
    const reads = stepBack(trace, stage, { ...from.box.inside, map: from.box.map });
    for (const [read] of reads) addPaths(stage, from, byStage.get(read));
  }
  return byStage.get(0)?.counts ?? start.counts;
}

/** @typedef {{box: FieldBox, counts: Float64Array}} Counted */

/** Adds the paths through one layer. @param {Stage} stage @param {Counted} from @param {Counted | undefined} to */
function addPaths(stage, from, to) {
  if (!to) return;
  const [[, width], [high, wide]] = [sizeOf(from.box), sizeOf(to.box)];
  from.counts.forEach((count, n) => {
    if (!count) return;
    const [row, col] = [from.box.rows[0] + Math.floor(n / width), from.box.columns[0] + (n % width)];
    for (const r of cellsRead(stage, "rows", row, to.box.rows))
      for (const c of cellsRead(stage, "columns", col, to.box.columns)) {
        const [down, across] = [r - to.box.rows[0], c - to.box.columns[0]];
        if (down >= 0 && across >= 0 && down < high && across < wide) to.counts[down * wide + across] += count;
      }
  });
}

/**
 * The rows or columns that one of a stage reads.
 * @param {Stage} stage @param {"rows" | "columns"} name @param {number} at @param {Interval} box
 */
function cellsRead(stage, name, at, [first, last]) {
  const axis = stage[name];
  const by = stage.by?.[name === "rows" ? 0 : 1];
  if (by !== undefined) return [at - by];
  const span = stage.prepare?.[name];
  if (span) [first, last] = readSpan(span, at, at);
  if (axis) return cellsOfWindow(axis, at);
  if (hasCapability(stage, "keeps_shape") || stage.kind === "join") return [at];
  if (stage.own?.readAxis) {
    if (at < 0 || at >= stage.shape[name === "rows" ? 1 : 2]) return []; // a padding that follows
    [first, last] = stage.own.readAxis(stage, name, [at, at]);
  }
  return range(last - first + 1).map((i) => first + i); // without a window it reads all
}

/** The cells that a window reads, or that reach a cell, also outside of the maps. @param {Axis} axis @param {number} at */
function cellsOfWindow({ kernel, stride, before, dilation, transposed }, at) {
  const cells = range(kernel).map((tap) =>
    transposed ? (at + transposed.crop - tap * dilation) / stride : at * stride - before + tap * dilation,
  );
  return cells.filter(Number.isInteger);
}

/** @param {FieldBox} box */
function areaOf(box) {
  const [rows, columns] = sizeOf(box);
  return rows * columns;
}

/**
 * The box of a stage that is read, as the windows lie; that of the cells inside where no window slides.
 * @param {Trace} trace @param {Stage} stage @param {FieldBox} box @param {number} read
 * @param {{rows: Interval, columns: Interval}} inside
 * @returns {{rows: Interval, columns: Interval}}
 */
function stepAlongWindows(trace, stage, { rows, columns }, read, inside) {
  const [, height, width] = trace.stages[read].shape;
  if (stage.kind === "flatten") return { rows: inside.rows, columns: inside.columns };
  if (stage.rows && stage.columns)
    return { rows: slideBack(stage.rows, rows), columns: slideBack(stage.columns, columns) };
  if (stage.prepare)
    return { rows: readSpan(stage.prepare.rows, ...rows), columns: readSpan(stage.prepare.columns, ...columns) };
  if (stage.by) {
    const [down, right] = stage.by;
    return { rows: [rows[0] - down, rows[1] - down], columns: [columns[0] - right, columns[1] - right] };
  }
  const isOne = height * width === 1;
  const staysInPlace = hasCapability(stage, "keeps_shape") || stage.kind === "join";
  return staysInPlace && !isOne ? { rows, columns } : { rows: inside.rows, columns: inside.columns };
}

/** The cells that windows cover, or that reach cells. @param {Axis} axis @param {Interval} cells @returns {Interval} */
function slideBack(axis, [first, last]) {
  const { stride, before, transposed } = axis;
  if (!transposed) return [first * stride - before, last * stride - before + lengthOf(axis) - 1];
  const reaching = range(last - first + 1).flatMap((i) => cellsOfWindow(axis, first + i));
  if (!reaching.length) reaching.push(Math.floor((last + transposed.crop) / stride));
  return [Math.min(...reaching), Math.max(...reaching)];
}

/** Whether each part of a span is one of its cells. @param {Span} span */
function isWholeCells({ length, parts }) {
  return length === parts;
}

/** The length of a window, gaps included; the most cells that reach one cell. @param {Axis} axis */
function lengthOf({ kernel, dilation, stride, transposed }) {
  const reach = (kernel - 1) * dilation;
  return (transposed ? Math.floor(reach / stride) : reach) + 1;
}

/** @param {FieldBox} one @param {FieldBox} other @returns {FieldBox} */
function unite(one, other) {
  const around = (/** @type {"rows" | "columns"} */ axis) =>
    /** @type {Interval} */ ([Math.min(one[axis][0], other[axis][0]), Math.max(one[axis][1], other[axis][1])]);
  const [rows, columns] = [around("rows"), around("columns")];
  const isNested = [one, other].some((box) => String([box.rows, box.columns]) === String([rows, columns]));
  return { ...one, rows, columns, isBound: one.isBound || other.isBound || !isNested };
}

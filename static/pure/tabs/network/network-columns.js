/**
 * A network as columns from the picture to the scores: which stages share a column, which columns a column reads, and
 * which of its maps are drawn.
 */

import { beforeFlattening, hasCapability } from "convoscope/pure/frame/stage.js";
import { range } from "convoscope/pure/frame/window.js";

/** @import {Stage, Trace} from "convoscope/pure/types.js" */

/**
 * A column of the network. `picture`: the input, with a preprocessing that keeps its cells. `maps`: stages with maps.
 * `values`: a line of single numbers. `scores`: the numbers that the network ends with.
 * @typedef {object} NetworkColumn
 * @property {"picture" | "maps" | "values" | "scores"} kind
 * @property {number[]} stages all that share the column, in their order
 * @property {number} shown the stage whose maps are drawn: the last of them
 * @property {number} depth the place of the column: one more than the deepest that it reads
 * @property {number[]} reads the columns that it reads
 * @property {number} [repeats] how many columns were folded into this one
 * @property {[number, number, number] | null} template where each number compares the whole picture with weights of its own:
 * the shape of these weights as a picture, its template
 */

/**
 * The columns of a network, in the order of their stages. A stage shares the column of the one that it reads, where nothing
 * else reads that one, if it changes each map by itself and keeps its shape, as an activation does; a preprocessing
 * belongs to its picture, a flattening to the layer behind it, and softmax to the scores.
 * @param {Trace} trace
 * @param {ReadonlySet<number>} [opened] the first stages of columns that are open: each of their stages has its own
 * @returns {NetworkColumn[]}
 */
export function columnsOf(trace, opened = new Set()) {
  const { stages } = trace;
  const readers = countReaders(trace);
  /** @type {NetworkColumn[]} */
  const columns = [];
  /** @type {number[]} the column of each stage */
  const columnOf = [];
  /** @type {number[]} */
  let waiting = [];
  for (const stage of stages) {
    const isWaiting = stage.kind === "flatten" && readers[stage.index] === 1;
    if (isWaiting) {
      waiting.push(stage.index);
      columnOf[stage.index] = columnOf[stage.reads[0]];
      continue;
    }
    const read = stage.reads.length === 1 ? stages[stage.reads[0]] : null;
    const before = read && columns[columnOf[read.index]];
    const isOpen = before && opened.has(before.stages[0]);
    if (read && before && !isOpen && before.shown === read.index && readers[read.index] === 1 && joins(stage, read)) {
      before.stages.push(stage.index);
      before.shown = stage.index;
      columnOf[stage.index] = columns.indexOf(before);
      continue;
    }
    const reads = [...new Set(stage.reads.map((index) => columnOf[index]))];
    columnOf[stage.index] = columns.length;
    columns.push({
      kind: kindOf(stage),
      stages: [...waiting.filter((index) => stage.reads.includes(index)), stage.index],
      shown: stage.index,
      depth: reads.length ? Math.max(...reads.map((index) => columns[index].depth)) + 1 : 0,
      reads,
      template: templateShape(trace, stage, reads.length === 1 ? columns[reads[0]] : null),
    });
    waiting = waiting.filter((index) => !stage.reads.includes(index));
  }
  const last = columns[columns.length - 1];
  const { shape } = stages[last.shown];
  if (last.kind === "values" && shape[0] > 1) last.kind = "scores";
  for (const column of columns) if (column.kind === "values" && column.template) column.kind = "maps";
  return columns;
}

/** @param {Trace} trace @param {Stage} stage @param {NetworkColumn | null} read @returns {[number, number, number] | null} */
function templateShape(trace, stage, read) {
  if (stage.kind !== "linear" || read?.kind !== "picture" || !stage.weight) return null;
  const { shape } = beforeFlattening(trace, stage);
  return shape[1] * shape[2] > 1 ? shape : null;
}

/** The shape of what a column draws: of templates these, else of its maps. @param {Trace} trace @param {NetworkColumn} column */
export function drawnShape({ stages }, { shown, template }) {
  return template ?? stages[shown].shape;
}

/** How many stages read each. @param {Trace} trace */
function countReaders({ stages }) {
  const counts = stages.map(() => 0);
  for (const { reads } of stages) for (const index of new Set(reads)) counts[index] += 1;
  return counts;
}

/** Whether a stage shares the column of the one that it reads. @param {Stage} stage @param {Stage} read */
function joins(stage, read) {
  if (stage.kind === "softmax") return read.shape[1] * read.shape[2] === 1;
  const isSameShape = String(stage.shape) === String(read.shape);
  if (stage.kind === "prepare") return read.kind === "input" && isSameShape;
  return isSameShape && read.kind !== "input" && hasCapability(stage, "map_by_map") && !stage.rows;
}

/** @param {Stage} stage @returns {NetworkColumn["kind"]} */
function kindOf({ kind, shape }) {
  if (kind === "input") return "picture";
  return shape[1] * shape[2] === 1 ? "values" : "maps";
}

/**
 * The stage of a column that has weights, or the one that does the work: what a cell of the column is computed by.
 * @param {Trace} trace @param {NetworkColumn} column
 */
export function workOf(trace, column) {
  const first = column.stages.find((index) => trace.stages[index].kind !== "flatten");
  return trace.stages[first ?? column.shown];
}

/** The column that a stage stands in. @param {NetworkColumn[]} columns @param {number} stage */
export function columnOfStage(columns, stage) {
  const found = columns.find(({ stages }) => stages.includes(stage));
  return found ?? columns[columns.length - 1];
}

/** How strong a map is: its largest magnitude. @param {Stage} stage @param {number} map */
export function strengthOf({ ranges }, map) {
  const [least, most] = ranges[map];
  return Math.max(Math.abs(least), Math.abs(most));
}

/**
 * The maps that are drawn, by their numbers: all where there is room, else the strongest, of equal ones the first; a column
 * that changes each map by itself draws the maps of the column before it. `chosen` is always among them.
 * @param {Trace} trace @param {NetworkColumn[]} columns
 * @param {number[]} room how many maps each column has room for
 * @param {{stage: number, map: number} | null} chosen
 * @returns {number[][]} of each column
 */
export function drawnMaps(trace, columns, room, chosen) {
  /** @type {number[][]} */
  const drawn = [];
  const chosenColumn = chosen ? columns.indexOf(columnOfStage(columns, chosen.stage)) : -1;
  columns.forEach((column, n) => {
    const stage = trace.stages[column.shown];
    const count = stage.shape[0];
    const work = workOf(trace, column);
    const before = column.reads.length === 1 ? drawn[column.reads[0]] : null;
    const isMapByMap = hasCapability(work, "map_by_map") && before !== null && columns[column.reads[0]].kind === "maps";
    const taken =
      count <= room[n]
        ? range(count)
        : isMapByMap && before.length <= room[n]
          ? before
          : listByStrength(stage)
              .slice(0, room[n])
              .sort((a, b) => a - b);
    drawn.push(n === chosenColumn && chosen && taken.length < count ? withMap(stage, taken, chosen.map) : taken);
  });
  return drawn;
}

/** The maps of a stage with the strongest first, of equal ones the first. @param {Stage} stage */
export function listByStrength(stage) {
  return range(stage.shape[0]).sort((a, b) => strengthOf(stage, b) - strengthOf(stage, a) || a - b);
}

/** The maps with one more in place of the weakest. @param {Stage} stage @param {number[]} maps @param {number} map */
function withMap(stage, maps, map) {
  if (maps.includes(map) || !maps.length) return maps;
  const weakest = maps.reduce((least, one) => (strengthOf(stage, one) < strengthOf(stage, least) ? one : least));
  return [...maps.filter((one) => one !== weakest), map].sort((a, b) => a - b);
}

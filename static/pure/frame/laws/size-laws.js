/** Padding and upsampling: layers that make maps of another size of the same numbers. */

import { multiplyByWeights, range, readWindow, sourceIndex, windowOf } from "convoscope/pure/frame/window.js";
import { LAWS } from "convoscope/pure/strings/arithmetic-strings.js";
import { part } from "convoscope/pure/text/formula.js";
import { bracketNegative } from "convoscope/pure/text/number-text.js";
import { writeShares } from "convoscope/pure/text/weighted-texts.js";
import { writeSingle } from "convoscope/pure/text/window-texts.js";

/** @import {Axis, OwnLaw, Stage} from "convoscope/pure/types.js" */
/** @typedef {[first: number, last: number]} Interval both included */

/** Roundings of a sum of four shares. */
const ROUNDINGS = 12;
/** A step that reads more cells than that says how many. */
const MOST_LISTED_CELLS = 16 * 16;

/** Cells around each map: copies of its own, or one value. @type {OwnLaw} */
export const PAD = {
  explain({ stage, input, map, row, col }) {
    const { rows, columns } = windowOf(stage, row, col);
    const patch = readWindow(input, map, rows, columns, stage.law.mode, () => stage.law.value);
    const value = patch.values[0][0] ?? 0;
    return { rows, columns, channels: [{ ...patch, sum: value }], sum: value, result: value };
  },
  before(_, { channels: [channel] }) {
    const source = channel?.sources[0][0];
    if (!source) return LAWS.padding;
    return (channel.padded[0][0] ? LAWS.paddingFrom : LAWS.copied)(...source);
  },
  left: (_, __, { sum }) => [part(sum, "input", [0, 0, 0])],
  readers(stage, [row, col]) {
    const along = (/** @type {Axis | null} */ axis, /** @type {number} */ index) =>
      axis
        ? range(axis.positions).filter((place) => sourceIndex(place - axis.before, axis.size, stage.law.mode) === index)
        : [];
    return { rows: along(stage.rows, row), columns: along(stage.columns, col) };
  },
  readAxis(stage, name, [from, to]) {
    const axis = /** @type {Axis} */ (stage[name]);
    const cells = range(to - from + 1).map((i) => sourceIndex(from + i - axis.before, axis.size, stage.law.mode));
    const known = cells.filter((cell) => cell >= 0);
    const nearest = from < axis.before ? 0 : axis.size - 1;
    return known.length ? [Math.min(...known), Math.max(...known)] : [nearest, nearest];
  },
};

/**
 * The cells that a new cell reads along an axis, and the share of each.
 * @param {Stage} stage @param {0 | 1} axis @param {number} place
 */
function readAlong({ law, input_shape }, axis, place) {
  const factor = law.factor[axis];
  if (law.mode === "nearest") return { cells: [Math.floor(place / factor)], shares: [1] };
  const parts = Math.max(0, 2 * place + 1 - factor);
  const first = Math.floor(parts / (2 * factor));
  const share = (parts % (2 * factor)) / (2 * factor);
  const isCopy = share === 0 || first + 1 >= (input_shape?.[axis + 1] ?? 0);
  return isCopy ? { cells: [first], shares: [1] } : { cells: [first, first + 1], shares: [1 - share, share] };
}

/**
 * A layer whose cells are shares of cells: those that a new cell reads along an axis, and the share of each.
 * @param {(stage: Stage, axis: 0 | 1, place: number) => {cells: number[], shares: number[]}} readAlong
 * @param {(stage: Stage, map: number) => number} outside the value of what lies outside of the input
 * @returns {OwnLaw}
 */
const sharing = (readAlong, outside) => ({
  explain({ stage, input, map, row, col }) {
    const [down, across] = [readAlong(stage, 0, row), readAlong(stage, 1, col)];
    const [rows, columns] = [down.cells, across.cells];
    const patch = readWindow(input, map, rows, columns, "zeros", () => outside(stage, map));
    const shares = down.shares.flatMap((high) => across.shares.map((wide) => high * wide));
    const copied = { ...patch, sum: patch.values[0][0] ?? 0 };
    const channel = shares.length > 1 ? multiplyByWeights(patch, shares, 0) : copied;
    const size = Math.max(...patch.values.flat().map((value) => Math.abs(value ?? 0)));
    const channels = shares.length > MOST_LISTED_CELLS ? [] : [channel];
    return { rows, columns, channels, sum: channel.sum, result: channel.sum, size, terms: shares.length + ROUNDINGS };
  },
  before(_, { rows, columns, channels: [channel] }) {
    if (rows.length * columns.length > 1) return LAWS.shares(rows.length * columns.length);
    return channel?.sources[0][0] ? LAWS.copied(rows[0], columns[0]) : LAWS.padding;
  },
  write: (stage, before, frame) =>
    frame.channels[0]?.weights ? writeShares(stage, before, frame) : writeSingle(stage, before, frame),
  left(_, __, { channels: [channel], sum }) {
    const { values, weights } = channel ?? { values: [], weights: [] };
    if (!weights.length) return [part(sum, "input", [0, 0, 0])];
    return values.flatMap((line, row) =>
      line.flatMap((text, col) => [
        ...(row + col ? [part(" + ")] : []),
        part(row + col ? bracketNegative(text) : text, "input", [0, row, col]),
        part("·"),
        part(weights[row][col], "filter", [0, row, col]),
      ]),
    );
  },
  readers(stage, [row, col]) {
    const along = (/** @type {0 | 1} */ axis, /** @type {number} */ index) =>
      range(stage.shape[axis + 1]).filter((place) => readAlong(stage, axis, place).cells.includes(index));
    return { rows: along(0, row), columns: along(1, col) };
  },
  readAxis(stage, name, [from, to]) {
    const axis = name === "rows" ? 0 : 1;
    const last = (stage.input_shape?.[axis + 1] ?? 1) - 1;
    const ends = [
      readAlong(stage, axis, from).cells[0],
      /** @type {number} */ (readAlong(stage, axis, to).cells.at(-1)),
    ];
    return [Math.min(Math.max(ends[0], 0), last), Math.max(Math.min(ends[1], last), 0)];
  },
});

/** Each cell becomes several: copies, or shares of the nearest ones. */
export const UPSAMPLE = sharing(readAlong, () => 0);

/** A drawing that is scaled and moved; what lies outside of the page is paper. */
export const CENTER = sharing(
  ({ law: { starts, length, box } }, axis, place) => {
    const start = starts[axis] + place * length;
    const first = Math.floor(start / box);
    const cells = range(Math.ceil((start + length) / box) - first).map((i) => first + i);
    const covered = cells.map((cell) => Math.min(start + length, (cell + 1) * box) - Math.max(start, cell * box));
    return { cells, shares: covered.map((one) => one / length) };
  },
  ({ law }, map) => law.paper[map],
);

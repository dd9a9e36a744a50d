/**
 * What a signal is drawn of: the line of its input with its padding, the lines of its output, and the wires between them.
 * A signal is a map of one row; a line of the output is a map, or all outputs of a fully connected layer.
 */

import { channelsOf, hasCapability } from "convoscope/pure/frame/stage.js";
import { inputStageOf, MOST_OPEN } from "convoscope/pure/frame/view-model.js";
import { range, tapsOf } from "convoscope/pure/frame/window.js";
import { paddingText } from "convoscope/pure/maps/map-cells.js";
import { mapValues } from "convoscope/pure/maps/palette.js";
import { listStory } from "convoscope/pure/story/story.js";
import { around, firstChannelOf } from "convoscope/pure/tabs/sharing/wires.js";
import { shownValue } from "convoscope/pure/text/amounts.js";

/** @import {Axis, Frame, Stage, Trace, View} from "convoscope/pure/types.js" */

/** @typedef {{cell: number, tap: number}} Tap an input cell, which may lie in the padding, and the weight that it meets */

/**
 * A line of the output.
 * @typedef {object} OutputLine
 * @property {number} map the map of the line; of a fully connected layer that of the step
 * @property {number} count of its circles
 * @property {(index: number) => [map: number, col: number]} placeOf
 */

/**
 * @typedef {object} SignalParts
 * @property {Stage} stage
 * @property {Stage | null} before null for the input, whose line is then that of the stage
 * @property {number} channel of the input line
 * @property {number} size how many numbers the input line has
 * @property {[first: number, last: number]} ends of the input line with its padding; cells of the padding lie outside of
 * 0 … size − 1
 * @property {OutputLine[]} lines
 * @property {number} here the index of the step in its line
 * @property {boolean} hasWeights
 * @property {number} taps weights of a neuron
 * @property {(map: number, col: number) => Tap[]} tapsOf the wires of a neuron
 * @property {(map: number, col: number) => number} centerOf a neuron: the middle of its window, in input cells
 * @property {number} spacing between neighboring neurons, in input cells
 * @property {(cell: number) => string} outside the text of a cell of the padding
 */

/**
 * Whether a stage is drawn as a signal: one row of numbers, made of one row of several.
 * @param {Trace} trace @param {Frame} frame
 */
export function hasSignal(trace, frame) {
  const stage = trace.stages[frame.stage];
  const before = inputStageOf(trace, stage, frame.map);
  if (!before) return isLine(stage);
  if (!isLine(before)) return false;
  if (stage.kind === "linear") return before.shape[0] === 1 && stage.weight !== null;
  if (stage.shape[1] !== 1) return false;
  if (stage.kind === "conv") return channelsOf(stage) === 1 && stage.rows?.kernel === 1 && stage.weight !== null;
  return stage.kind === "pool" ? stage.columns !== null : isMapByMap(stage);
}

/** Whether maps are rows of several numbers. @param {Stage} stage */
export function isLine({ shape: [, rows, columns] }) {
  return rows === 1 && columns > 1;
}

/** Whether each cell is made of the one at the same place. @param {Stage} stage */
function isMapByMap(stage) {
  return stage.kind === "pointwise" || (hasCapability(stage, "one_place") && hasCapability(stage, "map_by_map"));
}

/** @param {Trace} trace @param {Frame} frame @returns {SignalParts} */
export function partsOf(trace, frame) {
  const stage = trace.stages[frame.stage];
  const before = inputStageOf(trace, stage, frame.map);
  const isFull = stage.kind === "linear";
  const isConv = stage.kind === "conv";
  const channel = !before ? frame.map : isConv ? firstChannelOf(stage, frame.map) : isFull ? 0 : frame.map;
  const size = (before ?? stage).shape[2];
  const axis = isConv || stage.kind === "pool" ? stage.columns : null;
  const isTransposed = Boolean(axis?.transposed);
  const [left, right] = axis && !isTransposed ? [Math.max(0, axis.before), Math.max(0, axis.after)] : [0, 0];
  const ends = /** @type {[number, number]} */ ([-left, size - 1 + right]);
  const [maps, , columns] = stage.shape;
  /** @type {OutputLine[]} */
  const lines = !before
    ? []
    : isFull
      ? [{ map: frame.map, count: maps, placeOf: (index) => [index, 0] }]
      : shownMaps(stage, frame).map((map) => ({ map, count: columns, placeOf: (index) => [map, index] }));
  const taps = isFull ? size : (axis?.kernel ?? 1);
  const outside = before && axis ? paddingText(stage, before, channel) : () => "";
  return {
    stage,
    before,
    channel,
    size,
    ends,
    lines,
    here: isFull ? frame.map : frame.col,
    hasWeights: isConv || isFull,
    taps,
    tapsOf: (_, col) =>
      isFull
        ? range(size).map((cell) => ({ cell, tap: cell }))
        : axis
          ? tapsOf(axis, col).flatMap(([cell, tap]) => (tap < 0 ? [] : [{ cell, tap }]))
          : [{ cell: col, tap: 0 }],
    centerOf: (map, col) => {
      if (isFull) return ((map + 0.5) / maps) * size - 0.5;
      return axis ? centerAlong(axis, col) : col;
    },
    spacing: isFull ? size / maps : axis ? (isTransposed ? 1 / axis.stride : axis.stride) : 1,
    outside: (cell) => outside(0, cell),
  };
}

/** The maps that are drawn: all of few filters, else the one of the step. @param {Stage} stage @param {Frame} frame */
function shownMaps({ kind, shape: [maps] }, { map }) {
  return kind === "conv" && maps <= MOST_OPEN ? range(maps) : [map];
}

/**
 * The middle of the window of a position; of a transposed convolution, of the cells that could reach it.
 * @param {Axis} axis @param {number} col
 */
function centerAlong({ kernel, stride, dilation, before, transposed }, col) {
  const half = ((kernel - 1) * dilation) / 2;
  return transposed ? (col + transposed.crop - half) / stride : col * stride - before + half;
}

/**
 * The input cells that are drawn as circles: all where they fit, else as many as fit around the window.
 * @param {SignalParts} parts @param {Tap[]} taps of the step @param {number} most
 * @returns {[first: number, last: number]}
 */
export function shownCells({ ends: [first, last] }, taps, most) {
  const all = last - first + 1;
  if (all <= most) return [first, last];
  const read = taps.map(({ cell }) => cell);
  const [low, high] = [Math.min(...read), Math.max(...read)];
  const count = Math.max(most, high - low + 1);
  const shown = around(Math.round((low + high) / 2), all, count, first);
  return [shown[0], shown[shown.length - 1]];
}

/** The value of a cell of a map as it is shown. @param {Stage} stage @param {number} map @param {number} col */
export function valueAt(stage, map, col) {
  return shownValue(stage, mapValues(stage, map)[col]);
}

/** Whether the pictures of all neurons and of their counts are there: where weights slide along. @param {SignalParts} parts */
export function canCompare({ stage, hasWeights }) {
  return hasWeights && stage.kind === "conv" && !stage.columns?.transposed;
}

/**
 * Whether all neurons are shown: chosen, or told by a press of a story that shows the whole map.
 * @param {Trace} trace @param {View} view @param {Frame} frame
 */
export function showsAll(trace, view, frame) {
  const told = view.story === null ? null : listStory(trace, frame.stage)[view.story - 1];
  return view.neuron === "map" || (Boolean(view.isWhole) && /_(maps?|end)$/.test(told?.line ?? ""));
}

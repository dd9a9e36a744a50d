/** What a volume is drawn of: which channels, filters and maps, and what is known of them at a step. */

import { frameAt } from "convoscope/pure/frame/frame.js";
import { channelsOf } from "convoscope/pure/frame/stage.js";
import { inputStageOf, MOST_OPEN } from "convoscope/pure/frame/view-model.js";
import { range } from "convoscope/pure/frame/window.js";
import { countWritten } from "convoscope/pure/frame/written.js";
import { VOLUME } from "convoscope/pure/strings/tab-strings.js";
import { around, firstChannelOf } from "convoscope/pure/tabs/sharing/wires.js";
import { numberText, useMinusSign } from "convoscope/pure/text/number-text.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */

/**
 * The parts of a volume: indices of the slices that are drawn.
 * @typedef {object} Parts
 * @property {Stage} stage
 * @property {Stage | null} before null for the input
 * @property {number[]} channels of the input
 * @property {number[]} filters by the number of their maps; empty where the layer has none
 * @property {number[]} small the filters that are small pictures between the volumes: where not all are open
 * @property {number[]} slices of a filter that a small picture has
 * @property {Stage | null} after the activation that follows, drawn beside the output where all filters are open
 * @property {number[]} maps of the output
 * @property {{top: number, left: number, rows: number, columns: number}} padding cells before the first row and column,
 * and the size of a padded slice
 * @property {[rows: number, columns: number]} kernel of a filter slice; 0 without filters
 */

/** Whether the filters of a stage are drawn. @param {Stage} stage */
export function hasFilterSlices({ kind, weight, rows }) {
  return kind === "conv" && weight !== null && rows !== null;
}

/** Whether the window of a stage is one place in all channels. @param {Stage} stage */
export function looksAtOnePlace(stage) {
  return hasFilterSlices(stage) && stage.rows?.kernel === 1 && stage.columns?.kernel === 1;
}

/** The bias of a filter: "+ b2 = 3". @param {Stage} stage @param {number} map */
export function biasOf({ bias_text, bias }, map) {
  return VOLUME.bias(map, useMinusSign(bias_text?.[map] ?? "") || numberText(bias?.[map] ?? 0));
}

/**
 * The activation that reads a stage next; null where another layer follows, or its numbers are not there.
 * @param {Trace} trace @param {Stage} stage @returns {Stage | null}
 */
function activationAfter({ stages }, { index }) {
  const next = stages[index + 1];
  const isNext = next?.kind === "pointwise" && next.reads.length === 1 && next.reads[0] === index;
  return isNext && next.output ? next : null;
}

/**
 * The parts of a step with at most `most` slices on each side and `mostSmall` small filters; those around the one in focus
 * are drawn.
 * @param {Trace} trace @param {Frame} frame @param {number} most @param {number} mostSmall @returns {Parts}
 */
export function partsOf(trace, frame, most, mostSmall) {
  const stage = trace.stages[frame.stage];
  const before = inputStageOf(trace, stage, frame.map);
  const hasFilters = hasFilterSlices(stage);
  const [maps] = stage.shape;
  const count = before?.shape[0] ?? 0;
  const first = hasFilters ? firstChannelOf(stage, frame.map) : Math.min(frame.channels[0]?.channel ?? 0, count - 1);
  const isOpen = maps <= MOST_OPEN;
  const channels = before ? (count <= most ? range(count) : around(first, count, most)) : [];
  const own = hasFilters ? channelsOf(stage) : 0;
  return {
    stage,
    before,
    channels,
    filters: hasFilters ? (isOpen ? range(maps) : [frame.map]) : [],
    small: hasFilters && !isOpen ? around(frame.map, maps, mostSmall) : [],
    slices: channels.map((channel) => channel - first).filter((slice) => slice >= 0 && slice < own),
    after: hasFilters && isOpen ? activationAfter(trace, stage) : null,
    maps: around(frame.map, maps, most),
    padding: paddingOf(stage, before),
    kernel: hasFilters ? [stage.rows?.kernel ?? 0, stage.columns?.kernel ?? 0] : [0, 0],
  };
}

/** @param {Stage} stage @param {Stage | null} before @returns {Parts["padding"]} */
function paddingOf({ rows, columns }, before) {
  const [, height, width] = before?.shape ?? [0, 0, 0];
  const isPadded = rows && columns && !rows.transposed;
  const [top, bottom] = isPadded ? [Math.max(0, rows.before), Math.max(0, rows.after)] : [0, 0];
  const [left, right] = isPadded ? [Math.max(0, columns.before), Math.max(0, columns.after)] : [0, 0];
  return { top, left, rows: top + height + bottom, columns: left + width + right };
}

/**
 * How many cells of a map are written, in reading order. Where all filters are drawn they are finished one after another
 * at each place; a story finishes the map of one filter before the next. While a cell is asked for, only its own map is
 * known.
 * @param {Trace} trace @param {View} view @param {Frame} frame @param {number} map
 */
export function writtenOf(trace, view, frame, map) {
  const { stage: index, map: now, row, col } = frame;
  const stage = trace.stages[index];
  const [maps, rows, columns] = stage.shape;
  const all = rows * columns;
  if (view.predict === "cell" && map !== now) return 0;
  if (view.ghost || view.isWhole || index === 0) return all;
  const place = row * columns + col;
  const shown = { ...view, stage: index, at: /** @type {[number, number]} */ ([row, col]), beat: frame.beat };
  const here = all === 1 ? (isKnown(frame) ? 1 : 0) : countWritten(trace, shown)[index];
  if (map === now || !hasFilterSlices(stage)) return here;
  if (view.story !== null) return map < now ? all : 0;
  if (maps > MOST_OPEN) return here;
  return map < now ? place + 1 : place;
}

/** Whether the result of the step is known at its beat. @param {Frame} frame */
function isKnown({ beat, beats }) {
  const end = beats.includes("bias") ? "bias" : "sum";
  return beats.indexOf(beat) >= beats.indexOf(end);
}

/**
 * Whether the number of a map at the place of the step is known: that of the chosen map at its beat; those of the others
 * with it, or where all filters are drawn, once the filter is finished.
 * @param {Trace} trace @param {View} view @param {Frame} frame @param {number} map
 */
export function isResultKnown(trace, view, frame, map) {
  const stage = trace.stages[frame.stage];
  const isOneByOne = hasFilterSlices(stage) && stage.shape[0] <= MOST_OPEN && map !== frame.map;
  const place = frame.row * stage.shape[2] + frame.col;
  return (!isOneByOne && isKnown(frame)) || writtenOf(trace, view, frame, map) > place;
}

/**
 * Whether the number that the activation behind the layer makes of a map's number at the place of the step is known: once
 * that is written.
 * @param {Trace} trace @param {View} view @param {Frame} frame @param {number} map
 */
export function isAfterKnown(trace, view, frame, map) {
  const place = frame.row * trace.stages[frame.stage].shape[2] + frame.col;
  return writtenOf(trace, view, frame, map) > place;
}

/**
 * How far a filter is at the place of the step: its beat, or "" for one to come.
 * @param {Trace} trace @param {View} view @param {Frame} frame @param {number} map
 */
export function beatOfMap(trace, view, frame, map) {
  if (map === frame.map) return frame.beat;
  return isResultKnown(trace, view, frame, map) ? "write" : "";
}

/** The step of another map at the same place, complete. @param {Trace} trace @param {Frame} frame @param {number} map */
export function frameOfMap(trace, frame, map) {
  return map === frame.map
    ? frame
    : frameAt(trace, { stage: frame.stage, map, at: [frame.row, frame.col], beat: "write" });
}

/**
 * Figures in lock-step: which place and which beat each of several figures shows, when one of them is stepped or pointed
 * at. Pure functions of what the figures show; no place is moved to where a figure has one.
 */

import { frameAt } from "convoscope/pure/frame/frame.js";
import { beatsOf } from "convoscope/pure/frame/stage.js";
import { cellInMap, explainPointer, stageOf, stageOfMap } from "convoscope/pure/frame/view-model.js";

/** @import {Cell, Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {MapName} from "convoscope/pure/frame/view-model.js" */

/** One of the figures: its numbers, and which stage and map of them it shows. @typedef {{trace: Trace, view: View}} Shown */
/**
 * Where all figures are. With `isWhole` all cells are written. `pointed` is the cell under the pointer, on the input or
 * the output of any of them.
 * @typedef {{at: Cell, beat: string, isWhole: boolean, pointed: {map: MapName, row: number, col: number} | null}} Place
 */
/**
 * What one figure shows of a place: a step, with the cells that read the cell pointed at; `frame` is null where the
 * figure has no such cell, and `missing` says on which map of which size. `ahead` is the first position that is not
 * written, null where all are.
 * @typedef {object} StepShown
 * @property {Frame | null} frame
 * @property {{rows: number[], columns: number[]} | null} readers
 * @property {string | null} text
 * @property {{map: MapName, row: number, col: number, rows: number, columns: number} | null} missing
 * @property {number | null} ahead
 */

/** The order of beats in all kinds of steps. */
const ORDER = ["window", "channel", "products", "sum", "bias", "write"];

/** The rows and columns of all places that any of the stages has. @param {Stage[]} stages */
export function commonGrid(stages) {
  return {
    rows: Math.max(...stages.map(({ shape }) => shape[1])),
    columns: Math.max(...stages.map(({ shape }) => shape[2])),
  };
}

/** The beats that any of the stages has, in their order. @param {Stage[]} stages */
export function commonBeats(stages) {
  return [...new Set(stages.flatMap((stage) => beatsOf(stage)))].sort((one, other) => rankOf(one) - rankOf(other));
}

/**
 * The beat of a stage at a beat that all share: its last one that is not later, so that no figure is ahead of another.
 * @param {Stage} stage @param {string} beat
 */
export function beatIn(stage, beat) {
  const beats = beatsOf(stage);
  const reached = beats.filter((own) => rankOf(own) <= rankOf(beat));
  return reached[reached.length - 1] ?? beats[0];
}

/** Whether the maps of a stage have this cell. @param {Stage} stage @param {Cell} cell */
export function hasCell({ shape: [, rows, columns] }, [row, col]) {
  return row < rows && col < columns;
}

/**
 * The first position of a stage that is not written when all figures are at a place; null where all are.
 * @param {Stage} stage @param {Pick<Place, "at" | "isWhole">} place
 */
export function aheadAt({ index, shape: [, rows, columns] }, { at: [row, col], isWhole }) {
  const written = row * columns + Math.min(col + 1, columns);
  return isWhole || index === 0 || written >= rows * columns ? null : written;
}

/** What a figure shows when all are at a place. @param {Shown} figure @param {Place} place @returns {StepShown} */
export function stepAt(figure, place) {
  const { trace } = figure;
  const stage = stageOf(trace, figure.view);
  const ahead = aheadAt(stage, place);
  const here = hasCell(stage, place.at);
  const view = {
    ...figure.view,
    at: here ? place.at : null,
    beat: beatIn(stage, place.beat),
    isWhole: ahead === null,
    pin: null,
    story: null,
  };
  const none = { frame: null, readers: null, text: null, missing: null, ahead };
  if (place.pointed) {
    const cell = cellInMap(trace, view, place.pointed.map, place.pointed);
    if (!cell) return { ...none, missing: missingIn(trace, view, place.pointed) };
    const seen = here || ahead === null ? view : { ...view, at: lastWritten(stage, ahead) };
    return { ...none, ...explainPointer(trace, seen, cell) };
  }
  const [row, col] = place.at;
  if (!here) return { ...none, missing: missingIn(trace, view, { map: "output", row, col }) };
  return { ...none, frame: frameAt(trace, view) };
}

/** The cell before the first that is not written. @param {Stage} stage @param {number} ahead @returns {Cell} */
function lastWritten({ shape: [, , columns] }, ahead) {
  const last = Math.max(ahead - 1, 0);
  return [Math.floor(last / columns), last % columns];
}

/**
 * A cell that a map of the figure does not have, and the size of that map.
 * @param {Trace} trace @param {View} view @param {{map: MapName, row: number, col: number}} cell
 */
function missingIn(trace, view, { map, row, col }) {
  const [, rows, columns] = stageOfMap(trace, view, map).shape;
  return { map, row, col, rows, columns };
}

/** @param {string} beat */
function rankOf(beat) {
  const [kind, channel = "0"] = beat.split("-");
  return ORDER.indexOf(kind) + Number(channel) / 1000;
}

/**
 * What a figure reads: the stage, the channel shown of it, and the stage that reads it.
 * @typedef {{before: Stage, channel: number, stage: Stage}} ReadMap
 */

/**
 * Whether two figures show the same numbers as their input, and go over them with the same windows.
 * @param {ReadMap} one @param {ReadMap} other
 */
export function isSameInput(one, other) {
  const windows = (/** @type {ReadMap} */ { stage }) => JSON.stringify([stage.rows, stage.columns]);
  const [a, b] = [one.before.output, other.before.output];
  return (
    one.channel === other.channel &&
    String(one.before.shape) === String(other.before.shape) &&
    windows(one) === windows(other) &&
    a !== null &&
    b !== null &&
    a.every((value, i) => value === b[i])
  );
}

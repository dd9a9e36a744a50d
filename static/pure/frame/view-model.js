/**
 * A View on a Trace: the stage that is shown, the step on its path, and what is shown for the pointer. Pure functions,
 * without the page.
 */

import { openingStage } from "convoscope/pure/frame/answer.js";
import { beatsOf, focusOf, frameAt, placeOf, positionOf, positionsOf, readersOf } from "convoscope/pure/frame/frame.js";
import { readOf } from "convoscope/pure/frame/stage.js";
import * as timeline from "convoscope/pure/frame/timeline.js";
import { PAGE } from "convoscope/pure/strings/strings.js";

/** @import {Cell, Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {Action} from "convoscope/pure/keys.js" */

/** @typedef {"input" | "output"} MapName */
/** @typedef {{map: MapName, row: number, col: number}} MapCell of one of the two maps */
/** @typedef {{frame: Frame, readers: {rows: number[], columns: number[]} | null, text: string | null}} PointerInfo */

/** A View that is at no press of a story. */
const NO_STORY = { story: null, isBetween: false, isWhole: false };
/** Up to so many filters a volume draws all of them, each with its sums; of more the chosen one is open. */
export const MOST_OPEN = 4;
/** The keys of a View that a press of a story gives. */
const PLACE_KEYS = /** @type {const} */ (["stage", "map", "at", "beat", "story"]);

/** Whether the open view takes the place of the figure, as each does while presenting. @param {View} view */
export function takesStage(view) {
  return takesPage(view) || (view.tab !== "" && (view.big || view.present));
}

/** Whether the open view is of the whole network, and the figure is not beside it. @param {View} view */
export function takesPage({ tab }) {
  return tab === "network" || tab === "occlusion";
}

/**
 * A change of a View: one that says where to look leaves the story that was told, and one of an equation's form the
 * press of the view, unless it names one.
 * @param {Partial<View>} change
 */
export function leaveStory(change) {
  if ("detail" in change) change = { press: null, ...change };
  return PLACE_KEYS.some((name) => name in change) ? { ...NO_STORY, ...change } : change;
}

/** The stage that is shown. @param {Trace} trace @param {View} view @returns {Stage} */
export function stageOf(trace, view) {
  return trace.stages[Math.min(view.stage, trace.stages.length - 1)];
}

/**
 * The stage that a map of a stage is made from, the first of several; null for the input.
 * @param {Trace} trace @param {Stage} stage @param {number} [map] @returns {Stage | null}
 */
export function inputStageOf(trace, stage, map) {
  return stage.index > 0 ? readOf(trace, stage, map) : null;
}

/**
 * 1 where a stage is made from another one, whose map then becomes its input, −1 the other way round; 0 for a jump.
 * @param {Trace} trace @param {number} from @param {number} to
 */
export function stepsBetween({ stages }, from, to) {
  return stages[to]?.reads[0] === from ? 1 : stages[from]?.reads[0] === to ? -1 : 0;
}

/**
 * The path through a stage: the stops that an author chose, or else every position. Volumes and signals of few filters go
 * through all of them at each position, with beats such as "sum.1".
 * @param {Stage} stage @param {View} view
 * @returns {timeline.Path}
 */
export function pathOf(stage, view) {
  const own = beatsOf(stage);
  const beats = walksFilters(stage, view)
    ? [...Array(stage.shape[0]).keys()].flatMap((map) => own.map((beat) => `${beat}.${map}`))
    : own;
  return { positions: positionsOf(stage), beats, stops: stopPositions(stage, view) };
}

/** Whether steps finish one filter at a place before the next one begins. @param {Stage} stage @param {View} view */
function walksFilters({ kind, shape }, { volume, signal }) {
  return (volume || signal) && kind === "conv" && shape[0] <= MOST_OPEN;
}

/**
 * The author's stops as positions of a stage, each once; those outside its map are clamped to it.
 * @param {Stage} stage @param {View} view
 */
export function stopPositions(stage, { stops }) {
  return [...new Set(stops.map((stop) => positionOf(stage, ...nearestCell(stop, stage.shape))))];
}

/** The author's words at the stop that a View shows; "" where there are none. @param {Trace} trace @param {View} view */
export function noteOf(trace, view) {
  const stage = stageOf(trace, view);
  const { position } = stepOf(trace, view);
  const isHere = (/** @type {Cell} */ stop) => positionOf(stage, ...nearestCell(stop, stage.shape)) === position;
  return view.notes.find((note, n) => note && view.stops[n] && isHere(view.stops[n])) ?? "";
}

/** @param {Cell} cell @param {[number, number, number]} shape @returns {Cell} */
function nearestCell([row, col], [, rows, columns]) {
  return [Math.min(row, rows - 1), Math.min(col, columns - 1)];
}

/** @param {Stage} stage */
export function lastBeatOf(stage) {
  const beats = beatsOf(stage);
  return beats[beats.length - 1];
}

/** The step on the path that a View shows. @param {Trace} trace @param {View} view @returns {timeline.PathStep} */
export function stepOf(trace, view) {
  const { map, row, col, beat } = focusOf(trace, view);
  const stage = stageOf(trace, view);
  return { position: positionOf(stage, row, col), beat: walksFilters(stage, view) ? `${beat}.${map}` : beat };
}

/**
 * The View at another step.
 * @param {View} view @param {Stage} stage @param {timeline.PathStep} to @param {Cell | null} pin
 * @returns {View}
 */
export function viewAtStep(view, stage, to, pin) {
  const [beat, map = view.map] = to.beat.split(".");
  return { ...view, map: +map, at: placeOf(stage, to.position), beat, pin, ...NO_STORY };
}

/**
 * The change of a View that goes to another stage: its salient map, or else the first map.
 * @param {Trace} trace @param {number} stage
 * @returns {Partial<View> & {stage: number}}
 */
export function viewOnArrival(trace, stage) {
  return { stage, map: trace.stages[stage].salient_map ?? 0, at: null };
}

/**
 * A change of a View, with the salient map of another stage where the change names no map.
 * @param {Partial<View>} change @param {Trace} trace @returns {Partial<View>}
 */
export function addSalientMap(change, trace) {
  const map = "map" in change || change.stage === undefined ? null : trace.stages[change.stage]?.salient_map;
  return map === undefined || map === null ? change : { ...change, map };
}

/**
 * A View with the nearest stage, map and cells that a Trace has, as `fit_view` of the server finds them; one without a
 * stage shows the one that the figure opens on, one without a map the salient one, one without a cell starts at the
 * first stop.
 * @param {View} view @param {Trace} trace
 * @returns {View}
 */
export function fitView(view, trace) {
  const stage = Math.min(view.stage ?? openingStage(trace), trace.stages.length - 1);
  const { shape, salient_map: salient } = trace.stages[stage];
  const [at, pin] = [view.at ?? view.stops[0] ?? null, view.pin].map((cell) => cell && nearestCell(cell, shape));
  const story = view.stops.length ? null : view.story; // an author's stops take the place of a story
  return { ...view, story, stage, map: Math.min(view.map ?? salient ?? 0, shape[0] - 1), at, pin };
}

/** The first position that is not written yet; null where all are. @param {Trace} trace @param {View} view */
export function firstUnwrittenPosition(trace, view) {
  const stage = stageOf(trace, view);
  const next = stepOf(trace, view).position + 1;
  return stage.index > 0 && !view.isWhole && next < positionsOf(stage).count ? next : null;
}

/**
 * The step after an action of the keyboard; null for an action that does not step.
 * @param {Action} action @param {timeline.Path} path @param {timeline.PathStep} now
 * @returns {timeline.PathStep | null}
 */
export function stepAfterAction(action, path, now) {
  switch (action) {
    case "next":
      return timeline.nextPosition(path, now);
    case "previous":
      return timeline.previousPosition(path, now);
    case "down":
      return timeline.nextRow(path, now);
    case "up":
      return timeline.previousRow(path, now);
    case "beat":
    case "next-beat":
      return timeline.nextBeat(path, now);
    case "previous-beat":
      return timeline.previousBeat(path, now);
    case "next-stop":
      return lastBeatAt(timeline.nextPosition(path, now), path);
    case "previous-stop":
      return lastBeatAt(timeline.previousPosition(path, now), path);
    case "first":
      return timeline.first(path);
    case "last":
      return timeline.last(path);
    default:
      return null;
  }
}

/**
 * The last beat at a step's position: one press of a clicker shows one stop complete.
 * @param {timeline.PathStep} to @param {timeline.Path} path
 * @returns {timeline.PathStep}
 */
function lastBeatAt({ position }, path) {
  return { position, beat: timeline.last(path).beat };
}

/**
 * The cell where it lies in its map; null in the padding and outside.
 * @param {Trace} trace @param {View} view @param {MapName} map @param {{row: number, col: number} | null} place
 * @returns {MapCell | null}
 */
export function cellInMap(trace, view, map, place) {
  if (!place) return null;
  const [, rows, columns] = stageOfMap(trace, view, map).shape;
  const inside = place.row >= 0 && place.col >= 0 && place.row < rows && place.col < columns;
  return inside ? { map, ...place } : null;
}

/**
 * The stage whose maps are shown on one side of the figure.
 * @param {Trace} trace @param {View} view @param {MapName} map
 */
export function stageOfMap(trace, view, map) {
  const stage = stageOf(trace, view);
  return map === "output" ? stage : (inputStageOf(trace, stage, view.map) ?? stage);
}

/**
 * What is shown for a cell under the pointer: the step that computes an output cell, or the steps that read an input
 * cell. Of a cell to come only the window is shown, of the cell in focus what its beat shows.
 * @param {Trace} trace @param {View} view @param {MapCell} place @returns {PointerInfo}
 */
export function explainPointer(trace, view, { map, row, col }) {
  const stage = stageOf(trace, view);
  const now = stepOf(trace, view);
  const isToCome = (/** @type {Cell} */ at) =>
    !view.ghost && !view.isWhole && stage.index > 0 && positionOf(stage, ...at) > now.position;
  const step = (/** @type {Cell} */ at) => {
    const isNow = !view.ghost && positionOf(stage, ...at) === now.position;
    return frameAt(trace, { ...view, at, beat: isToCome(at) ? "window" : isNow ? view.beat : lastBeatOf(stage) });
  };
  if (map === "output")
    return { frame: step([row, col]), readers: null, text: isToCome([row, col]) ? PAGE.toCome(row, col) : null };
  const readers = readersOf(trace, stage.index, [row, col]);
  const [rows, columns] = [readers.rows, readers.columns];
  if (!rows.length || !columns.length)
    return { frame: frameAt(trace, view), readers: null, text: PAGE.unread(row, col) };
  return {
    frame: step([rows[rows.length >> 1], columns[columns.length >> 1]]),
    readers,
    text: PAGE.readBy(row, col, rows.length * columns.length),
  };
}

/**
 * The channel in focus, counted within the channels that one filter reads.
 * @param {Stage} stage @param {number | null} plane
 */
export function channelInFocus(stage, plane) {
  if (plane === null) return 0;
  if (stage.kind === "prepare") return plane;
  if (!stage.weight) return 0;
  return plane % ((stage.input_shape?.[0] ?? 1) / (stage.groups ?? 1));
}

/**
 * The stages whose numbers must be requested, because only previews of them are here.
 * @param {Trace} trace @param {View} view
 */
export function missingStages(trace, view) {
  const stage = stageOf(trace, view);
  const shown = [...new Set(stage.reads), stage.index].map((index) => trace.stages[index]);
  return shown.some((one) => one.output === null) ? shown.map(({ index }) => index) : [];
}

/** The walk through the stories of all stages: from one press of a clicker to the next, by hand or with a clock. */

import { addTimes, quickSegments } from "convoscope/pure/story/playback-plan.js";
import { listStory } from "convoscope/pure/story/story.js";

/** @import {Cell, Trace, View} from "convoscope/pure/types.js" */
/** @import {Segment} from "convoscope/pure/story/playback-plan.js" */
/** @import {PathStep, PlaybackPlan} from "convoscope/pure/frame/timeline.js" */

/**
 * What a press changes of a View. While playing goes from one press to the next, `isBetween` holds.
 * @typedef {Pick<View, "stage" | "map" | "at" | "beat" | "story" | "isWhole" | "isBetween" | "pin">} StoryPlace
 */

/** Seconds that one press is shown at tempo 1, and those for a row and for all rows. */
const PRESS_SECONDS = 1.4;
const ROW_SECONDS = 3;
const MAP_SECONDS = 5.5;
/** Presses before which a clock shows the cells between theirs and the one before. @type {Record<string, number>} */
const FILLING = {
  conv_row: ROW_SECONDS,
  conv_map: MAP_SECONDS,
  pool_row: ROW_SECONDS,
  pool_map: MAP_SECONDS,
  pointwise_map: MAP_SECONDS,
};

/**
 * The place of a press of a stage's story; the nearest one that it has.
 * @param {Trace} trace @param {number} stage @param {number} press from 1 on @returns {StoryPlace}
 */
export function placeOfPress(trace, stage, press) {
  const steps = listStory(trace, stage);
  const story = Math.min(Math.max(press, 1), steps.length);
  const { map, cell, beat, isWhole } = steps[story - 1];
  return { stage, map, at: cell, beat, story, isWhole, isBetween: false, pin: null };
}

/**
 * The place after one press, forward or back; null at both ends of the chain. A view that is at no press goes to the
 * first one of its stage, backward to the end of the stage before.
 * @param {Trace} trace @param {View} view @param {1 | -1} by @returns {StoryPlace | null}
 */
export function placeAfterPress(trace, { stage, story, isBetween }, by) {
  const count = listStory(trace, stage).length;
  const to = story === null ? (by > 0 ? 1 : 0) : isBetween && by > 0 ? story : story + by;
  if (to >= 1 && to <= count) return placeOfPress(trace, stage, to);
  const next = stage + by;
  if (next < 0 || next >= trace.stages.length) return null;
  return placeOfPress(trace, next, by > 0 ? 1 : listStory(trace, next).length);
}

/**
 * The rest of a stage's story with a clock; after its last press the whole story.
 * @param {Trace} trace @param {View} view @param {number} tempo @returns {PlaybackPlan}
 */
export function planStory(trace, view, tempo) {
  const { stage, isBetween } = view;
  const steps = listStory(trace, stage);
  const [, rows, columns] = trace.stages[stage].shape;
  const positionOf = (/** @type {Cell} */ [row, col]) => row * columns + col;
  const isAtEnd = !isBetween && view.story === steps.length;
  const now = isAtEnd ? 1 : Math.min(view.story ?? 1, steps.length);
  /** @type {Segment[]} */
  const parts = [];
  for (let press = now; press <= steps.length; press++) {
    const { line, cell, beat } = steps[press - 1];
    const isFirst = press === now;
    const from = isFirst ? (isBetween && view.at ? view.at : cell) : steps[press - 2].cell;
    if (FILLING[line] && (!isFirst || isBetween)) {
      const path = { positions: { rows, columns }, beats: ["write"] };
      const fill = quickSegments(path, positionOf(from) + 1, positionOf(cell) - 1, FILLING[line]).parts;
      parts.push(...fill.map((part) => ({ ...part, steps: part.steps.map((step) => ({ ...step, press })) })));
    }
    const shown = { position: positionOf(cell), beat, press, isPress: true };
    parts.push({ steps: [shown], each: isFirst && !isBetween ? 0 : PRESS_SECONDS });
  }
  const stops = addTimes(parts, tempo > 0 ? tempo : 1);
  return { duration: stops[stops.length - 1].time, stops, skips: 1 };
}

/**
 * The place of a step of a plan.
 * @param {Trace} trace @param {number} stage @param {PathStep} step @returns {StoryPlace}
 */
export function placeOfStep(trace, stage, { position, press = 1, isPress }) {
  const place = placeOfPress(trace, stage, press);
  if (isPress) return place;
  const columns = trace.stages[stage].shape[2];
  return { ...place, at: [Math.floor(position / columns), position % columns], isWhole: false, isBetween: true };
}

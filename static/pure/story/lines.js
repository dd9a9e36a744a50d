/** The line of words of a press of a story, and its counter. */

import { frameAt } from "convoscope/pure/frame/frame.js";
import { channelsOf, planeOf, positionsOf, readerOf, readOf } from "convoscope/pure/frame/stage.js";
import { listStory } from "convoscope/pure/story/story.js";
import { verbatim } from "convoscope/pure/strings/language.js";
import { STORY, STORY_COUNTER } from "convoscope/pure/strings/story-strings.js";
import { resultParts } from "convoscope/pure/text/caption.js";
import { numberText, percentText, signedNumber, useMinusSign } from "convoscope/pure/text/number-text.js";

/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */

/** Rows of fewer cells are filled too soon for a word about it. */
const LONG_ROW = 8;

/**
 * The line of the press that a View shows, or what happens on the way there; "" if it is at none.
 * @param {Trace} trace @param {View} view
 */
export function writeStoryLine(trace, view) {
  const step = view.story === null ? null : listStory(trace, view.stage)[view.story - 1];
  if (!step) return "";
  if (view.isBetween) return trace.stages[view.stage].shape[2] < LONG_ROW ? "" : STORY_COUNTER.thenFaster;
  return STORY[step.line](/** @type {any} */ (collectFacts(trace, view)));
}

/** "conv 3/12"; "" if the View is at no press. @param {Trace} trace @param {View} view */
export function writeStoryCount(trace, view) {
  if (view.story === null) return "";
  const { op } = trace.stages[view.stage];
  const count = listStory(trace, view.stage).length;
  return STORY_COUNTER.counter(op, view.story, count);
}

/** @param {Trace} trace @param {View} view */
function collectFacts(trace, view) {
  const stage = trace.stages[view.stage];
  const before = readOf(trace, stage, view.map);
  const frame = frameAt(trace, { ...view, beat: "write" });
  const [maps, rows, columns] = stage.shape;
  const source = frame.channels[0]?.values[0]?.[0] ?? NaN;
  const { kernel: high = rows, stride = 1 } = stage.rows ?? {};
  const { kernel: wide = columns, stride: across = stride } = stage.columns ?? {};
  const channels = channelsOf(stage);
  const isSigned = (stage.ranges?.[view.map]?.[0] ?? 0) < 0;
  const write = isSigned ? signedNumber : numberText;
  const next = readerOf(trace, view.stage);
  return {
    terms: verbatim(frame.kind === "join" ? resultParts(trace, frame).before : ""),
    name: verbatim(stage.title),
    next: verbatim(next?.title ?? ""),
    value: stage.kind === "softmax" ? percentText(frame.value) : write(frame.value),
    source: (source < 0 ? signedNumber : numberText)(source),
    size: `${high} × ${wide}`,
    bias: useMinusSign(stage.bias_text?.[view.map] ?? numberText(frame.bias)),
    weights: countText(high * wide * channels),
    channels,
    stride: stride === across ? String(stride) : `${stride} × ${across}`,
    maps,
    map: view.map + 1,
    rows,
    columns,
    cells: countText(rows * columns),
    values: countText(maps * rows * columns),
    parameters: countText(stage.parameters / maps),
    inputs: countText(
      stage.kind === "linear" ? (stage.input_shape ?? [0, 0, 0]).reduce((a, b) => a * b) : positionsOf(before).count,
    ),
    isNegative: frame.value < 0,
    isKept: frame.value === source,
    zeros: shareOfZeros(stage),
    pool: stage.pool ?? "max",
    winner: verbatim(stage.classes?.[view.map] ?? ""),
  };
}

/** @param {number} count */
function countText(count) {
  return count.toLocaleString("en");
}

/** The share of the first map's cells that are 0, as a text; "" if there is none. @param {Stage} stage */
function shareOfZeros(stage) {
  const plane = planeOf(stage, 0) ?? new Float32Array();
  const count = plane.filter((value) => value === 0).length;
  return count ? percentText(count / plane.length) : "";
}

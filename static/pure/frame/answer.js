/**
 * The answer of a chain that ends in shares or scores of classes, and the stage that a figure opens on: the same as in
 * Python's `core/explain/answer.py`; tests/golden/answers.json holds both.
 */

import { mapValues } from "convoscope/pure/maps/palette.js";

/** @import {Trace} from "convoscope/pure/types.js" */
/** @typedef {{map: number, name: string, value: number}} ClassValue `name` is "" where the class has none */
/** @typedef {{stage: number, isShare: boolean, classes: ClassValue[]}} Answer the highest class first */

/** So many classes an answer names. */
const MOST_NAMED = 3;
const FIRST_LAYER = 1;

/**
 * The answer of softmax over single numbers, or of scores whose classes are named; else null.
 * @param {Trace} trace @returns {Answer | null}
 */
export function findAnswer(trace) {
  const stage = trace.stages[trace.stages.length - 1];
  const [maps, rows, columns] = stage.shape;
  const isShare = stage.kind === "softmax";
  if (maps < 2 || rows * columns > 1 || !(isShare || stage.classes?.length)) return null;
  const values = Array.from({ length: maps }, (_, map) => ({
    map,
    name: stage.classes?.[map] ?? "",
    value: mapValues(stage, map)[0],
  }));
  const classes = values.sort((a, b) => b.value - a.value).slice(0, MOST_NAMED);
  return { stage: stage.index, isShare, classes };
}

/**
 * The stage that a link without `stage` opens on: the answer of a trained network, else the first layer.
 * @param {Trace} trace @returns {number}
 */
export function openingStage(trace) {
  const answer = trace.scene.layers.some(({ op }) => op === "model") ? findAnswer(trace) : null;
  return answer?.stage ?? Math.min(FIRST_LAYER, trace.stages.length - 1);
}

/**
 * The answer of a chain that ends in shares or scores of classes, and the stage and the view that a link opens on: the
 * same as in Python's `core/explain/answer.py`; tests/golden/answers.json holds both.
 */

import { mapValues } from "convoscope/pure/maps/palette.js";

/** @import {Trace, View} from "convoscope/pure/types.js" */
/** @typedef {{map: number, name: string, value: number}} ClassValue `name` is "" where the class has none */
/** @typedef {{stage: number, isShare: boolean, classes: ClassValue[]}} Answer the highest class first */

/** So many classes an answer names. */
const MOST_NAMED = 3;
const FIRST_LAYER = 1;
/** The keys of a link that name a place in the figure, or a view or a picture of it. */
const FIGURE_KEYS = /** @type {const} */ ([
  ...["stage", "map", "at", "beat", "story", "pin", "second", "stops"],
  ...["tab", "letters", "volume", "table", "weights", "signal", "sweep", "predict"],
]);
/** What these keys are in a View that says nothing of them, as texts. */
const UNSAID = ["", "false", "sum"];

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
  const answer = hasNetwork(trace) ? findAnswer(trace) : null;
  return answer?.stage ?? Math.min(FIRST_LAYER, trace.stages.length - 1);
}

/**
 * The view that a link opens: the one that it names; the whole network where a chain has a `model` layer and the link
 * says none of FIGURE_KEYS; else "", the figure.
 * @param {Trace} trace @param {View} view @returns {string}
 */
export function openingTab(trace, view) {
  const saysNothing = FIGURE_KEYS.every((key) => UNSAID.includes(String(view[key] ?? "")));
  return saysNothing && hasNetwork(trace) ? "network" : view.tab;
}

/** Whether a chain has a whole trained network as a layer. @param {Trace} trace */
export function hasNetwork({ scene }) {
  return scene.layers.some(({ op }) => op === "model");
}

/**
 * The story of a stage: what each press of a clicker shows, from the first window to the whole map.
 *
 * `app/core/explain/story.py` is the same in Python, and tests/golden/stories.json holds both.
 */

import { beatsOf, hasCapability, planeOf, readOf } from "convoscope/pure/frame/stage.js";

/** @import {Cell, Stage, Trace} from "convoscope/pure/types.js" */

/**
 * One press: the map, the cell and the beat that it shows, and the code of its line of words. With `isWhole` the whole
 * map is written, else the cells up to this one.
 * @typedef {{line: string, map: number, cell: Cell, beat: string, isWhole: boolean}} StoryStep
 */

/** The stories of a Trace that were asked for; each frame of playing asks for one. @type {WeakMap<Trace, StoryStep[][]>} */
const knownStories = new WeakMap();

/**
 * The presses that tell a stage, at least one. None shows what the one before it showed, so that small maps have fewer.
 * The map is the winner of scores and shares, else the first.
 * @param {Trace} trace @param {number} index @returns {StoryStep[]}
 */
export function listStory(trace, index) {
  const stories = knownStories.get(trace) ?? [];
  knownStories.set(trace, stories);
  stories[index] ??= tellStage(trace, index);
  return stories[index];
}

/** @param {Trace} trace @param {number} index @returns {StoryStep[]} */
function tellStage(trace, index) {
  const stage = trace.stages[index];
  const map = stage.salient_map ?? 0;
  const isFunction = hasCapability(stage, "one_place") && hasCapability(stage, "map_by_map");
  switch (isFunction ? "pointwise" : stage.kind) {
    case "conv":
      if (stage.rows?.transposed) return dropRepeated(tellTransposed(stage));
      return dropRepeated(tellConvolution(stage));
    case "pool":
      return dropRepeated(tellPooling(stage));
    case "pointwise":
      return dropRepeated(tellActivation(stage, readOf(trace, stage)));
    case "linear":
      return ["products", "bias", "write"].map((beat) => step(`linear_${beat}`, map, [0, 0], beat));
    case "softmax":
      return ["products", "sum", "write"].map((beat) => step(`softmax_${beat}`, map, [0, 0], beat));
    case "join":
      return dropRepeated([
        step("join_window", map, [0, 0], "window"),
        step("join_write", map, [0, 0], "write"),
        atEnd("join_map", map, stage),
      ]);
    case "input":
      return [step("input", map, [0, 0], "write")];
    default:
      return dropRepeated([step("other_window", map, [0, 0], "window"), atEnd("other_map", map, stage)]);
  }
}

/**
 * @param {string} line @param {number} map @param {Cell} cell @param {string} beat @param {boolean} [isWhole]
 * @returns {StoryStep}
 */
function step(line, map, cell, beat, isWhole = false) {
  return { line, map, cell, beat, isWhole };
}

/** The last cell of a map, written, with all before it. @param {string} line @param {number} map @param {Stage} stage */
function atEnd(line, map, { shape: [, rows, columns] }) {
  return step(line, map, [rows - 1, columns - 1], "write", true);
}

/** @param {Stage} stage @returns {StoryStep[]} */
function tellConvolution(stage) {
  const [maps, rows, columns] = stage.shape;
  const beats = beatsOf(stage);
  const products = beats[beats.indexOf("sum") - 1];
  const isSingle = rows * columns === 1;
  /** @type {Cell} */
  const second = columns > 1 ? [0, 1] : [1, 0];
  return [
    step("conv_window", 0, [0, 0], "window"),
    step("conv_products", 0, [0, 0], products),
    step("conv_sum", 0, [0, 0], beats.includes("bias") ? "bias" : "sum"),
    step("conv_written", 0, [0, 0], "write"),
    ...(isSingle ? [] : [step("conv_next", 0, second, products), step("conv_next_written", 0, second, "write")]),
    ...(isSingle ? [] : [step("conv_row", 0, [0, columns - 1], "write")]),
    ...(rows > 1 && columns > 1 ? [step("conv_next_row", 0, [1, 0], "write")] : []),
    ...(isSingle ? [] : [atEnd("conv_map", 0, stage)]),
    ...(maps > 2 ? [atEnd("conv_other_map", 1, stage)] : []),
    ...(maps > 1 ? [atEnd("conv_all_maps", maps - 1, stage)] : []),
    ...(isSingle ? [] : [step("conv_highest", 0, findExtreme(stage, 1), "write", true)]),
    ...(isSingle ? [] : [step("conv_lowest", 0, findExtreme(stage, -1), "write", true)]),
    atEnd("conv_end", 0, stage),
  ];
}

/** @param {Stage} stage @returns {StoryStep[]} */
function tellTransposed(stage) {
  const beats = beatsOf(stage);
  return [
    step("transposed_products", 0, [0, 0], beats[beats.indexOf("sum") - 1]),
    step("transposed_written", 0, [0, 0], "write"),
    atEnd("transposed_map", 0, stage),
  ];
}

/** @param {Stage} stage @returns {StoryStep[]} */
function tellPooling(stage) {
  return [
    step("pool_window", 0, [0, 0], "window"),
    step("pool_result", 0, [0, 0], "write"),
    step("pool_row", 0, [0, stage.shape[2] - 1], "write"),
    atEnd("pool_map", 0, stage),
  ];
}

/** @param {Stage} stage @param {Stage} before @returns {StoryStep[]} */
function tellActivation(stage, before) {
  return [
    step("pointwise_low", 0, findExtreme(before, -1), "write"),
    step("pointwise_high", 0, findExtreme(before, 1), "write"),
    atEnd("pointwise_map", 0, stage),
  ];
}

/**
 * The first of the highest or lowest cells of the first map; while its numbers are not here, the salient one.
 * @param {Stage} stage @param {1 | -1} sign @returns {Cell}
 */
function findExtreme(stage, sign) {
  const plane = planeOf(stage, 0);
  if (!plane) return stage.telling?.[0] ?? [0, 0];
  let best = 0;
  for (let at = 1; at < plane.length; at++) if (sign * plane[at] > sign * plane[best]) best = at;
  const columns = stage.shape[2];
  return [Math.floor(best / columns), best % columns];
}

/**
 * Leaves out each step that shows what the one before it showed, but for the last, which ends the story.
 * @param {StoryStep[]} steps
 */
function dropRepeated(steps) {
  const shown = steps.map(({ map, cell, beat }) => [map, cell, beat].join());
  return steps.filter(({ line }, n) => line === "conv_end" || shown[n] !== shown[n - 1]);
}

/** Other numbers for a small typed layer: whole ones of the same shapes, from a seed that follows from the present ones. */

import { filtersOf } from "convoscope/pure/scene-edits.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, Stage, Trace} from "convoscope/pure/types.js" */

/** A link stays short: more numbers are not written into it. */
const MOST_NUMBERS = 400;

/** Whether a layer has typed or drawn filters over a typed input of few numbers. @param {Trace} trace @param {Stage} stage */
export function hasOtherNumbers({ scene, stages }, stage) {
  const { layer, kind, weight, rows } = stage;
  if (kind !== "conv" || layer === null || !weight || rows?.transposed || scene.batch || !("planes" in scene.image))
    return false;
  const filters = filtersOf(scene.layers[layer]);
  const isOwn = filters.length > 0 && filters.every((filter) => "planes" in filter || "random" in filter);
  return isOwn && (stages[0].output?.length ?? Infinity) + weight.length <= MOST_NUMBERS;
}

/**
 * The edit that writes other numbers: 0 to 2 in the input, −1 to 1 in the filters, 0 or 1 as biases where the layer has
 * any.
 * @param {Trace} trace @param {Stage} stage @returns {Edit}
 */
export function writeOtherNumbers({ stages }, stage) {
  const draw = createGenerator([...(stages[0].output ?? []), ...(stage.weight ?? []), ...(stage.bias ?? [])]);
  const planes = (
    /** @type {number} */ count,
    /** @type {number} */ rows,
    /** @type {number} */ columns,
    /** @type {number} */ least,
  ) =>
    Array.from({ length: count }, () =>
      Array.from({ length: rows }, () => Array.from({ length: columns }, () => String(least + draw(3)))),
    );
  const [maps] = stage.shape;
  const [high, wide] = [stage.rows?.kernel ?? 1, stage.columns?.kernel ?? 1];
  const slices = (stage.weight?.length ?? 0) / maps / high / wide;
  const image = { planes: planes(...stages[0].shape, 0), divisor: 1 };
  const filters = Array.from({ length: maps }, () => ({ planes: planes(slices, high, wide, -1), divisor: 1 }));
  const biases = Array.from({ length: maps }, () => String(draw(2)));
  const index = /** @type {number} */ (stage.layer);
  return (/** @type {Scene} */ scene) => {
    const layer = scene.layers[index];
    const { seed: _, divisor: __, ...options } = layer.options;
    const bias = "bias" in options ? { bias: biases } : {};
    return {
      ...scene,
      image,
      layers: scene.layers.with(index, { ...layer, filters, options: { ...options, ...bias } }),
    };
  };
}

/**
 * Whole numbers below a bound, the same for the same numbers: a hash of these seeds Mulberry32 (Ettinger, 2017).
 * @param {number[]} numbers @returns {(bound: number) => number}
 */
function createGenerator(numbers) {
  let state = numbers.reduce(
    (hash, number) => Math.imul(hash ^ Math.round(number * 1000), 0x01000193) >>> 0,
    0x811c9dc5,
  );
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * bound);
  };
}

/** The feature maps of one picture: of the trained filters and of moments of the film. */

import { hasCapability } from "convoscope/pure/frame/stage.js";

/** @import {Stage, Trace} from "convoscope/pure/types.js" */

/** The most numbers of maps that are cached; about 60 MB. */
export const CACHED_NUMBERS = 15e6;

/**
 * Feature maps of a bank or of one of its filters; `indices` are the filters.
 * @typedef {{stage: Stage, values: Float32Array, indices: number[]}} FeatureMaps
 */

/**
 * The maps in a Trace of picture, preprocessing and filters.
 * @param {Trace} trace @param {number[]} indices
 * @returns {FeatureMaps | null}
 */
export function mapsOf(trace, indices) {
  const stage = trace.stages[2];
  if (!stage?.output || !hasCapability(stage, "filters")) return null;
  const values = stage.output.slice();
  const { output: _, weight: __, bytes: ___, ...meta } = stage;
  return { stage: { ...meta, output: null, weight: null, bytes: null }, values, indices };
}

/** One filter's map. @param {FeatureMaps | null} maps @param {number} index @returns {Float32Array | null} */
export function mapOf(maps, index) {
  const at = maps ? maps.indices.indexOf(index) : -1;
  if (!maps || at < 0) return null;
  const cells = maps.stage.shape[1] * maps.stage.shape[2];
  return maps.values.subarray(at * cells, (at + 1) * cells);
}

/**
 * The largest magnitude in one filter's map or in all, of the cells that read no padding.
 * @param {FeatureMaps | null} maps @param {number} [index]
 */
export function mapRange(maps, index) {
  const ranges = maps?.stage.ranges ?? [];
  const chosen =
    index === undefined ? ranges : ranges.slice(maps?.indices.indexOf(index), (maps?.indices.indexOf(index) ?? 0) + 1);
  return Math.max(0, ...chosen.flat().map(Math.abs));
}

/** A cache of the maps that were used last. */
export function createMapCache() {
  /** @type {Map<string, FeatureMaps>} */
  const kept = new Map();
  let size = 0;
  return {
    /** @param {string} key */
    get: (key) => kept.get(key) ?? null,
    /** @param {string} key @param {FeatureMaps} maps */
    put(key, maps) {
      size += maps.values.length - (kept.get(key)?.values.length ?? 0);
      kept.delete(key);
      kept.set(key, maps);
      for (const [old, { values }] of kept) {
        if (size <= CACHED_NUMBERS || old === key) break;
        kept.delete(old);
        size -= values.length;
      }
    },
  };
}

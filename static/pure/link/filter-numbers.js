/** The numbers of one filter of a layer as texts, and the edit that writes others in their place. */

import { parseFraction } from "convoscope/pure/link/view.js";
import { appliedPlanes, expandRandomFilters, filtersOf, parseNumber, setFilter } from "convoscope/pure/scene-edits.js";

/** @import {Edit, Filter, Planes} from "convoscope/pure/scene-edits.js" */
/** @import {Kernel, Scene, Stage, View} from "convoscope/pure/types.js" */

/**
 * @typedef {object} EditedFilter
 * @property {number} index of the layer
 * @property {number} chosen index of the filter in the layer
 * @property {Filter} filter
 * @property {number} map the current map
 */

/** The filter of a map. @param {Scene} scene @param {number} index of the layer @param {number} map @returns {EditedFilter} */
export function filterOfMap(scene, index, map) {
  const filters = expandRandomFilters(filtersOf(scene.layers[index]));
  const chosen = map % filters.length;
  return { index, chosen, filter: filters[chosen], map };
}

/**
 * A filter's numbers, in their original notation if they were typed.
 * @param {Stage} stage @param {EditedFilter} edited @param {Kernel[]} kernels
 * @returns {Planes}
 */
export function filterPlanes(stage, { filter, chosen, map }, kernels) {
  if ("planes" in filter) return filter;
  const kernel = "kernel" in filter && kernels.find((row) => row.name === filter.kernel);
  if (kernel) return { planes: kernel.planes, divisor: kernel.divisor };
  return appliedPlanes(stage, "model" in filter ? map : chosen);
}

/** How many planes a filter can have: one for each channel that it reads. @param {Stage} stage */
export function filterDepth(stage) {
  return (stage.input_shape?.[0] ?? 1) / (stage.groups ?? 1);
}

/**
 * Writes a filter as numbers, and what to show then: a learned layer becomes this one filter.
 * @param {Stage} stage @param {EditedFilter} edited @param {Planes} numbers
 * @returns {{edit: Edit, view: Partial<View> | undefined}}
 */
export function writeNumbers(stage, { index, chosen, filter, map }, numbers) {
  return {
    edit: setFilter(index, chosen, numbers, impliedOptions(stage, filter, map)),
    view: "model" in filter ? { map: 0 } : undefined,
  };
}

/**
 * Options that a filter sets implicitly: the groups of a classic filter on color images, and the training options of
 * a learned filter.
 * @param {Stage} stage @param {Filter} filter @param {number} map
 */
export function impliedOptions(stage, filter, map) {
  const [rows, columns] = [stage.rows, stage.columns];
  /** @type {Record<string, unknown>} */
  const kept = (stage.groups ?? 1) > 1 ? { groups: stage.groups } : {};
  if (!("model" in filter) || !rows || !columns) return kept;
  if (rows.transposed) return kept;
  const padding = [rows.before, rows.after, columns.before, columns.after];
  const bias = parseNumber(Number(stage.bias?.[map] ?? 0).toFixed(6)) ?? "0";
  return { ...kept, stride: [rows.stride, columns.stride], padding, bias, dilation: [rows.dilation, columns.dilation] };
}

/** The largest number that can be typed. */
const LARGEST = 1e6;

/**
 * By how much one step changes a number: by 1, or by a decimal where the numbers around it are small decimals. A step of
 * a fraction changes its numerator.
 * @param {string} text @param {string[]} texts of all numbers around it
 */
export function stepUnit(text, texts) {
  const largest = texts.reduce((most, one) => Math.max(most, Math.abs(parseFraction(one))), 0);
  const isDecimal = texts.some((one) => one.includes(".")) && (text.includes(".") || largest < 1);
  if (!isDecimal || !largest) return 1;
  return Math.min(1, 10 ** (Math.floor(Math.log10(largest)) - 1));
}

/**
 * A number some steps further, in the notation it has.
 * @param {string} text as links write it @param {number} by steps @param {number} unit of one step
 */
export function stepNumber(text, by, unit) {
  const [top, bottom] = text.split("/");
  const step = bottom ? 1 : unit;
  const decimals = Math.max(top.split(".")[1]?.length ?? 0, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const most = LARGEST * Number(bottom ?? 1);
  const value = Math.min(Math.max(Number(top) + by * step, -most), most).toFixed(Math.min(decimals, 100));
  const short = value.includes(".") ? value.replace(/\.?0+$/, "") : value;
  return (Number(short) === 0 ? "0" : short) + (bottom ? `/${bottom}` : "");
}

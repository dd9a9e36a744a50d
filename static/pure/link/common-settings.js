/**
 * Common settings of a convolution: filter size F, stride S and padding P together, with the size of the map that each
 * gives; and links of the same picture under filters of several sizes.
 */

import { changeLayer, drawnFilter, drawnSize, expandRandomFilters, filtersOf } from "convoscope/pure/scene-edits.js";

/** @import {Edit, Filter} from "convoscope/pure/scene-edits.js" */
/** @import {Axis, Scene, Stage, Trace} from "convoscope/pure/types.js" */

/** @typedef {[top: number, bottom: number, left: number, right: number]} Sides */

/**
 * @typedef {object} CommonSetting
 * @property {string} name F/S/P as lectures write it: 3/1/1
 * @property {number} filter
 * @property {number} stride
 * @property {Sides} padding
 * @property {[number, number] | null} size rows and columns of the map, null where the window does not fit
 * @property {boolean} isNow whether the layer has it
 * @property {boolean} isRandom whether the filters become random ones, since theirs have another size
 */

/** F, S and P; null is what fits. @type {[number, number, number | null][]} */
const SETTINGS = [
  [3, 1, 1],
  [5, 1, 2],
  [5, 2, null],
  [1, 1, 0],
];
/** The longest links of figures side by side, together. */
const MOST_CHARACTERS = 24_000;
/** Filter sizes that are shown together, and the most cells of a side on which their padding can be seen. */
const [SIZES, MOST_CELLS] = [[3, 5, 7], 16];

/**
 * The common settings of a layer; none where its filters are trained and their size is fixed.
 * @param {Stage} stage of a convolution @param {Scene} scene @returns {CommonSetting[]}
 */
export function commonSettings({ rows, columns, layer }, scene) {
  if (!rows || !columns || rows.transposed || layer === null) return [];
  const filters = filtersOf(scene.layers[layer]);
  if (filters.some((filter) => "model" in filter)) return [];
  const isDrawn = filters.every((filter) => drawnSize(filter));
  return SETTINGS.map(([filter, stride, padding]) => {
    const ends = [rows, columns].map((axis) =>
      padding === null ? fittingPadding(axis, filter, stride) : [padding, padding],
    );
    const sides = /** @type {Sides} */ (ends.flat());
    const size = [rows, columns].map((axis, n) => countPositions(axis, filter, stride, ends[n]));
    return {
      name: [filter, stride, padding ?? "?"].join("/"),
      filter,
      stride,
      padding: sides,
      size: Math.min(...size) > 0 ? /** @type {[number, number]} */ (size) : null,
      isNow: [rows, columns].every(
        (axis, n) =>
          String([axis.kernel, axis.stride, axis.before, axis.after]) === String([filter, stride, ...ends[n]]),
      ),
      isRandom: !isDrawn && (rows.kernel !== filter || columns.kernel !== filter),
    };
  });
}

/**
 * The padding before and after, nearest to the middle, with which ⌈N/S⌉ windows fit exactly.
 * @param {Axis} axis @param {number} filter @param {number} stride @returns {[number, number]}
 */
function fittingPadding({ size, dilation }, filter, stride) {
  const covered = (Math.ceil(size / stride) - 1) * stride + dilation * (filter - 1) + 1;
  const whole = Math.max(0, covered - size);
  return [Math.floor(whole / 2), Math.ceil(whole / 2)];
}

/** @param {Axis} axis @param {number} filter @param {number} stride @param {number[]} padding */
function countPositions({ size, dilation }, filter, stride, [before, after]) {
  const room = before + size + after - dilation * (filter - 1) - 1;
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/**
 * Gives a layer a common setting. It keeps the number of its filters, and the filters themselves where their size stays;
 * others become random ones.
 * @param {number} index of the layer @param {CommonSetting} setting @param {number} seed of random filters @returns {Edit}
 */
export function useSetting(index, { filter, stride, padding, isRandom }, seed) {
  return changeLayer(index, (layer) => {
    const { stride: _, padding: __, ...kept } = layer.options;
    const options = {
      ...kept,
      ...(stride > 1 ? { stride: [stride, stride] } : {}),
      ...(padding.some((side) => side > 0) ? { padding } : {}),
    };
    const filters = filtersOf(layer);
    if (!isRandom) return { ...layer, filters: resizeDrawn(filters, filter), options };
    return {
      ...layer,
      filters: [drawnFilter("random", expandRandomFilters(filters).length, filter, filter)],
      options: { ...options, seed: layer.options.seed ?? seed },
    };
  });
}

/** Drawn filters of another size; all others stay. @param {Filter[]} filters @param {number} side @returns {Filter[]} */
function resizeDrawn(filters, side) {
  return filters.map((filter) => {
    const drawn = drawnSize(filter);
    return drawn ? drawnFilter(drawn.kind, drawn.size[0], side, side) : filter;
  });
}

/**
 * The query of a page with the picture under means of 3 × 3, 5 × 5 and 7 × 7 cells, padded by (F − 1)/2 so that all maps
 * have its size, with the window in the corner. The picture has few cells, so that the padding can be seen. "" where the
 * figures are too long for a link.
 * @param {Trace} trace @param {Stage} stage of a convolution
 */
export function sizesQuery({ scene, stages }, stage) {
  const index = /** @type {number} */ (stage.layer);
  const readsPicture = stage.reads[0] === 0 && !("planes" in scene.image || "random" in scene.image);
  const isColor = stages[stage.reads[0]].colors === "photo";
  const shrink = Math.max(1, Math.max(...scene.size) / MOST_CELLS);
  const size = scene.size.map((side) => Math.max(1, Math.round(side / shrink)));
  const figures = SIZES.map((side) => {
    const row = Array(side).fill(1);
    const layer = {
      op: "conv",
      filters: [{ planes: [Array(side).fill(row)], divisor: side * side }],
      options: { padding: Array(4).fill((side - 1) / 2), ...(isColor ? { groups: 3 } : {}) },
    };
    const from = scene.layers[index].options.from;
    if (from !== undefined) Object.assign(layer.options, { from });
    const layers = [...scene.layers.slice(0, index), layer];
    const link = { ...scene, ...(readsPicture ? { size } : {}), layers };
    return `scene=${encodeURIComponent(JSON.stringify(link))}&stage=${stage.index}`;
  });
  const query = `${figures.map((link, n) => `${"abc"[n]}=${encodeURIComponent(link)}`).join("&")}&at=0,0`;
  return figures.join("").length <= MOST_CHARACTERS ? query : "";
}

/**
 * Edits of how filters read the channels of their input: all channels together, or each channel alone.
 *
 * Filters that keep the brightness, such as sharpen and blur, are used on a color picture as photo editors do: on each
 * channel alone, so that it stays a color picture. All others read the channels together.
 */

import {
  changeLayer,
  drawnFilter,
  drawnSize,
  expandRandomFilters,
  filtersOf,
  findOperation,
  isShapeAlone,
  mergeRandomFilters,
  setFilter,
} from "convoscope/pure/scene-edits.js";

/** @import {Edit, Filter} from "convoscope/pure/scene-edits.js" */
/** @import {Kernel, PageTables, Scene, SceneLayer} from "convoscope/pure/types.js" */

/** @typedef {Pick<PageTables, "operations" | "kernels">} Tables */

/**
 * How a layer reads its input: the groups that its channels are split into, and how many they are.
 * @typedef {{groups: number, channels: number}} Reading
 */

/** Whether all filters are classic ones that sum to 1. @param {Filter[]} filters @param {Kernel[]} kernels */
export function keepBrightness(filters, kernels) {
  return filters.every(
    (filter) => "kernel" in filter && kernels.find(({ name }) => name === filter.kernel)?.show === "photo",
  );
}

/**
 * Whether all filters have one plane or are drawn: one with a plane for each channel cannot read channels alone.
 * @param {Filter[]} filters
 */
export function canReadAlone(filters) {
  return filters.every(
    (filter) => "kernel" in filter || drawnSize(filter) || ("planes" in filter && filter.planes.length === 1),
  );
}

/**
 * Splits the channels of a layer into groups. Biases of single maps stay with their filters; a shape alone gets as many
 * filters as the groups can share.
 * @param {number} index @param {number} groups @param {number} [before] the groups so far
 * @returns {Edit}
 */
export function setGroups(index, groups, before = 1) {
  return changeLayer(index, (layer) => {
    const { bias } = layer.options;
    const filters = filtersOf(layer);
    if (isShapeAlone(filters))
      return { ...layer, filters: shareShape(filters, groups), options: { ...layer.options, groups } };
    if (!Array.isArray(bias)) return { ...layer, options: { ...layer.options, groups } };
    const own = bias.slice(0, bias.length / before);
    return { ...layer, options: { ...layer.options, groups, bias: Array.from({ length: groups }, () => own).flat() } };
  });
}

/** A shape whose filters can be split into groups. @param {Filter[]} filters @param {number} groups */
function shareShape(filters, groups) {
  const [count, rows, columns] = drawnSize(mergeRandomFilters(filters)[0])?.size ?? [1, 1, 1];
  return [drawnFilter("shape", Math.ceil(count / groups) * groups, rows, columns)];
}

/**
 * The groups of a layer after one of its filters becomes a classic one. They change where the layer begins or ceases to
 * keep the brightness of a color picture; a choice that was made by hand stays.
 * @param {SceneLayer} layer @param {number} at @param {string} kernel @param {Reading} reading @param {boolean} isColor
 * @param {Kernel[]} kernels
 */
export function groupsAfterChoice(layer, at, kernel, { groups, channels }, isColor, kernels) {
  const filters = expandRandomFilters(filtersOf(layer));
  const [was, is] = [filters, filters.with(at, { kernel })].map((all) => keepBrightness(all, kernels));
  if (!isColor || was === is) return groups;
  return is ? channels : groups === channels ? 1 : groups;
}

/**
 * Replaces a filter by a classic one, which reads the channels in so many groups.
 * @param {number} index @param {number} at @param {string} kernel @param {number} groups @param {Reading} reading
 * @returns {Edit}
 */
export function chooseKernel(index, at, kernel, groups, reading) {
  const choose = setFilter(index, at, { kernel });
  const split = reading.channels > 1 ? setGroups(index, groups, reading.groups) : (/** @type {Scene} */ scene) => scene;
  return (scene) => choose(split(scene));
}

/**
 * The scene after an edit that may have changed the channels of its picture, with groups that fit: layers that read
 * each channel alone go on to do so, and those that keep the brightness begin to where the picture becomes a color
 * picture.
 * @param {Scene} before @param {Scene} after @param {Tables} tables @returns {Scene}
 */
export function fitGroups(before, after, tables) {
  const [from, to] = [countChannels(before), countChannels(after)];
  if (from === to || before.layers !== after.layers) return after;
  let scene = after;
  for (const [index, layer] of after.layers.entries()) {
    const filters = filtersOf(layer);
    if (!filters.length) {
      const { capabilities } = findOperation(tables, layer.op);
      if (!capabilities.includes("map_by_map") && !capabilities.includes("keeps_shape")) break;
      continue;
    }
    const groups = Number(layer.options.groups ?? 1);
    const isAlone = (from > 1 && groups === from) || (from === 1 && keepBrightness(filters, tables.kernels));
    if (groups > 1 || isAlone) scene = setGroups(index, isAlone ? to : 1, groups)(scene);
    if (to === 1 && scene.layers[index].options.groups === 1) scene = dropGroups(index)(scene);
    if (!isAlone || expandRandomFilters(filters).length > 1) break;
  }
  return scene;
}

/** @param {number} index @returns {Edit} */
function dropGroups(index) {
  return changeLayer(index, (layer) => {
    const { groups, ...options } = layer.options;
    return { ...layer, options };
  });
}

/** The channels of a scene's picture. @param {Scene} scene */
function countChannels({ image, channels }) {
  if (Array.isArray(image.random)) return image.random[0];
  return Array.isArray(image.planes) ? image.planes.length : channels === "rgb" ? 3 : 1;
}

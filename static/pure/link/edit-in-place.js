/**
 * Numbers that can be edited where they are shown: the weights of a filter and the cells of a typed picture. Each is read
 * from a scene and written into one, so that an edit follows another that is not computed yet.
 */

import { stageOf } from "convoscope/pure/frame/view-model.js";
import { filterDepth, filterOfMap, filterPlanes, writeNumbers } from "convoscope/pure/link/filter-numbers.js";
import { editItem, sceneOfItem, shownImage } from "convoscope/pure/link/picture-stack.js";
import { changeScene, findOperation } from "convoscope/pure/scene-edits.js";

/** @import {Edit, Planes} from "convoscope/pure/scene-edits.js" */
/** @import {PageTables, Scene, Stage, Trace, View} from "convoscope/pure/types.js" */

/** @typedef {[channel: number, row: number, column: number]} NumberPlace */

/**
 * @typedef {object} EditableNumbers
 * @property {(scene: Scene) => string[][][]} read
 * @property {(place: NumberPlace, text: string) => Edit} write
 * @property {Partial<View>} [view] what is shown after the first edit
 */

/**
 * The layer whose filter can be edited; null where the stage has none, or where the link does not let anybody edit it.
 * @param {Trace} trace @param {View} view @param {Pick<PageTables, "operations">} tables @returns {number | null}
 */
export function layerWithWeights(trace, view, tables) {
  const { layer, weight, rows } = stageOf(trace, view);
  const scene = trace.scene.layers;
  // Of a transposed convolution the figure shows some of the weights, in another order.
  if (layer === null || !weight || rows?.transposed || !isOpen(view, "inspector")) return null;
  return findOperation(tables, scene[layer].op).capabilities.includes("filters") ? layer : null;
}

/**
 * The map whose cells are typed numbers that can be edited; null where the figure shows none.
 * @param {Trace} trace @param {View} view @returns {"input" | "output" | null}
 */
export function mapOfNumbers(trace, view) {
  const { index } = stageOf(trace, view);
  const { image, adjust } = sceneOfItem(trace.scene);
  // What the figure shows of a picture that is changed on purpose is not what was typed.
  if (index > 1 || !("planes" in image) || adjust || !isOpen(view, "image")) return null;
  return index === 0 ? "output" : "input";
}

/** Whether a part may be used, and the figure is not made for looking. @param {View} view @param {string} part */
function isOpen({ lock, hide, present }, part) {
  return !present && ![...lock, ...hide].includes(part);
}

/**
 * The weights of a map as they are shown: a turned filter is turned.
 * @param {Trace} trace @param {View} view @param {number} layer @param {PageTables} tables @returns {EditableNumbers}
 */
export function weightsOf(trace, view, layer, tables) {
  const stage = stageOf(trace, view);
  const numbersIn = (/** @type {Scene} */ scene) => {
    const edited = filterOfMap(scene, layer, view.map);
    return { edited, numbers: filterPlanes(stage, edited, tables.kernels) };
  };
  return {
    read: (scene) => planesOfChannels(numbersIn(scene).numbers, stage).map((plane) => asShown(plane, stage)),
    write: (place, text) => (scene) => {
      const { edited, numbers } = numbersIn(scene);
      const all = planesOfChannels(numbers, stage).map((plane) => asShown(plane, stage));
      const planes = replaceNumber(all, place, text).map((plane) => asShown(plane, stage));
      return writeNumbers(stage, edited, { planes, divisor: numbers.divisor }).edit(scene);
    },
    view: writeNumbers(stage, numbersIn(trace.scene).edited, { planes: [], divisor: 1 }).view,
  };
}

/** One plane for each channel: a single one is used for all of them. @param {Planes} numbers @param {Stage} stage */
function planesOfChannels({ planes }, stage) {
  const depth = filterDepth(stage);
  return planes.length === depth ? planes : Array.from({ length: depth }, (_, i) => planes[i] ?? planes[0]);
}

/** A plane in the order of the table, and back. @param {string[][]} plane @param {Stage} stage */
function asShown(plane, stage) {
  return stage.flip ? plane.map((line) => line.toReversed()).toReversed() : plane;
}

/** The cells of a typed picture. @returns {EditableNumbers} */
export function cellsOfPicture() {
  const numbersIn = (/** @type {Scene} */ scene) => /** @type {Planes} */ (/** @type {unknown} */ (shownImage(scene)));
  return {
    read: (scene) => numbersIn(scene).planes,
    write: (place, text) =>
      editItem((scene) => {
        const { planes, divisor } = numbersIn({ ...scene, batch: undefined, item: 0 });
        return changeScene({ image: { planes: replaceNumber(planes, place, text), divisor } })(scene);
      }),
  };
}

/**
 * Numbers with one of them replaced. Where all of a filter's planes were one, the others stay as they are.
 * @param {string[][][]} planes @param {NumberPlace} place @param {string} text
 */
function replaceNumber(planes, [channel, row, col], text) {
  const plane = planes[channel];
  return planes.with(channel, plane.with(row, plane[row].with(col, text)));
}

/**
 * The scene that shows an uploaded picture first: the whole of it, in color where it has colors. Filters that keep the
 * brightness go on to make a photo of it.
 */

import { editItem } from "convoscope/pure/link/picture-stack.js";
import { sizeForBox } from "convoscope/pure/maps/telling-cut.js";
import { fitGroups } from "convoscope/ui/controls/layer/channel-edits.js";

/** @import {PageTables, Scene} from "convoscope/pure/types.js" */
/** @import {Stored} from "convoscope/features/upload/upload.js" */

/** Cells on the longer side. */
const CELLS = 64;
/** A picture of no more pixels on each side is shown as it is: there is no part to choose. */
const WHOLE_SIDE = 16;

/**
 * The scenes to try in turn: the first that the layers accept is shown.
 * @param {Scene} scene of the figure @param {Stored} stored @param {Pick<PageTables, "networks" | "operations" | "kernels">} tables
 * @returns {[Scene, ...Scene[]]}
 */
export function scenesOfUpload(scene, stored, tables) {
  const { image, height, width, colored } = stored;
  // A picture of a stack is cut as the others are.
  if (scene.batch) return [editItem((shown) => ({ ...shown, image: { upload: image } }))(scene)];
  const cells = Math.min(CELLS, Math.max(height, width));
  const shown = { ...scene, image: { upload: image }, size: sizeForBox([0, 0, height, width], cells), crop: null };
  const gray = { ...shown, channels: /** @type {const} */ ("gray") };
  const first = colored && !needsGray(scene, tables) ? { ...shown, channels: /** @type {const} */ ("rgb") } : shown;
  const others = first.channels === "rgb" && scene.channels === "gray" ? [gray] : [];
  const fit = (/** @type {Scene} */ one) => fitGroups(scene, one, tables);
  return [fit(first), ...others.map(fit), { ...first, layers: [] }];
}

/** Whether there is a part of the picture to choose. @param {Stored} stored */
export function hasParts({ height, width }) {
  return Math.max(height, width) > WHOLE_SIDE;
}

/** Whether a network in the chain was trained on gray pictures. @param {Scene} scene @param {Pick<PageTables, "networks">} tables */
function needsGray({ layers }, { networks }) {
  return layers.some(({ op, head }) => op === "model" && networks.some(({ name, rgb }) => name === head && !rgb));
}

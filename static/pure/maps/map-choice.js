/**
 * Which of a stage's maps is shown, and in which colors; app/core/channel_choice.py chooses the same, and
 * tests/golden/channels.json holds both.
 */

import { partOf } from "convoscope/pure/frame/stage.js";
import { mapImage, photoImage } from "convoscope/pure/maps/palette.js";

/** @import {Stage, View} from "convoscope/pure/types.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */

/**
 * The input channel that is shown beside a stage's map.
 * @param {Stage} stage @param {number} map @param {Stage} before
 */
export function inputChannel(stage, map, before) {
  const kind = stage.kind;
  const channels = before.shape[0];
  if (kind === "flatten") return Math.floor(map / (before.shape[1] * before.shape[2]));
  if (kind === "linear") return 0;
  if (kind !== "conv") return Math.min(map - (stage.starts?.[partOf(stage, map)] ?? 0), channels - 1);
  const groups = stage.groups ?? 1;
  return Math.floor(map / (stage.shape[0] / groups)) * (channels / groups);
}

/** Whether a stage's three maps are shown as one color picture. @param {Stage} stage @param {View} view */
export function isColorPicture(stage, view) {
  return stage.shape[0] === 3 && (view.colors === "photo" || (view.colors === "auto" && stage.colors === "photo"));
}

/**
 * The picture of a map on its scale, one pixel a cell; `whole`: three maps as one color picture.
 * @param {Stage} stage @param {number} map @param {boolean} whole @param {Scale} colors
 */
export function mapPicture(stage, map, whole, colors) {
  return whole ? photoImage(stage, [colors.lo, colors.hi]) : mapImage(stage, map, colors);
}

/**
 * Filters as pictures: 0 is mid-gray, the scale is symmetric around it, and all channels share it.
 */

import { grayScale, signedScale } from "convoscope/pure/maps/palette.js";
import { isDark } from "convoscope/ui/dom.js";

/** @typedef {Uint8ClampedArray<ArrayBuffer>} Pixels */

/**
 * The filters of one layer. Values are (K, C, h, w), row by row.
 * @typedef {{values: ArrayLike<number> & {subarray: Function}, shape: [number, number, number, number]}} Bank
 */

/**
 * The numbers of one filter, or of one of its channels.
 * @param {Bank} bank @param {number} index @param {number} [channel]
 * @returns {Float32Array}
 */
export function filterValues({ values, shape: [, channels, rows, columns] }, index, channel) {
  const cells = rows * columns;
  const from = index * channels * cells + (channel ?? 0) * cells;
  return /** @type {Float32Array} */ (values.subarray(from, from + (channel === undefined ? channels : 1) * cells));
}

/** The largest magnitude. @param {ArrayLike<number>} values */
export function largestMagnitude(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/**
 * A filter as RGBA bytes: its three channels as red, green and blue, or else their mean as gray.
 * @param {Bank} bank @param {number} index @param {number} range the magnitude of black (negative) and white (positive)
 * @returns {Pixels}
 */
export function filterImage(bank, index, range) {
  const [, channels, rows, columns] = bank.shape;
  const planes = Array.from({ length: channels }, (_, channel) => filterValues(bank, index, channel));
  const shown = channels === 3 ? planes : [0, 1, 2].map(() => (channels === 1 ? planes[0] : mean(planes)));
  const image = new Uint8ClampedArray(rows * columns * 4).fill(255);
  const step = 127.5 / (range || 1);
  for (const [part, plane] of shown.entries()) {
    for (let i = 0; i < plane.length; i++) image[i * 4 + part] = 127.5 + plane[i] * step;
  }
  return image;
}

/**
 * One channel in gray.
 * @param {Bank} bank @param {number} index @param {number} channel @param {number} range
 * @returns {Pixels}
 */
export function channelImage(bank, index, channel, range) {
  return channelScale(range).rgba(filterValues(bank, index, channel));
}

/** The gray scale of one channel, mid-gray at 0. @param {number} range */
export function channelScale(range) {
  return grayScale(-(range || 1), range || 1);
}

/** A feature map in blue and red. @param {Float32Array} values @param {number} range @returns {Pixels} */
export function signedMapImage(values, range) {
  return signedScale(range, isDark(document.body)).rgba(values);
}

/** A row of colors for a legend. @param {"gray" | "signed"} kind @returns {Pixels} */
export function legendImage(kind) {
  const values = Float32Array.from({ length: 256 }, (_, i) => i / 127.5 - 1);
  return kind === "gray" ? channelScale(1).rgba(values) : signedMapImage(values, 1);
}

/** @param {Float32Array[]} planes */
function mean(planes) {
  return Float32Array.from(planes[0], (_, i) => planes.reduce((sum, plane) => sum + plane[i], 0) / planes.length);
}

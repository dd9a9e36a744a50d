/** What each input channel adds to the sum of one cell: the widths and colors of its wires. */

import { beforeFlattening, planeOf } from "convoscope/pure/frame/frame.js";
import { channelsOf, readOf } from "convoscope/pure/frame/stage.js";
import { firstChannelOf, sourcesOf } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Cell, Stage, Trace} from "convoscope/pure/types.js" */

/**
 * What one channel adds to a sum, and its share of it, sum / Σ |sums|, which is below 0 where the sum is; `isSilent` where
 * all that the cell reads of the channel is 0. `channel` counts the maps that stand before a flattening.
 * @typedef {{channel: number, sum: number, share: number, isSilent: boolean}} ChannelShare
 */

/**
 * The shares of all channels that a cell reads, in their order; [] where there are no weights or numbers. The bias is none
 * of them.
 * @param {Trace} trace @param {Stage} stage a layer with weights @param {number} map @param {Cell} at
 * @returns {ChannelShare[]}
 */
export function sharesOf(trace, stage, map, [row, col]) {
  const { weight } = stage;
  const input = readOf(trace, stage, map);
  const values = input.output;
  if (!weight || !values || (stage.kind !== "conv" && stage.kind !== "linear")) return [];
  const sources = sourcesOf(stage, map, row, col);
  const [first, perChannel] = channelSpan(trace, stage, map, sources.length);
  const offset = map * sources.length;
  const count = sources.length / perChannel;
  /** @type {ChannelShare[]} */
  const shares = [];
  for (let c = 0; c < count; c++) {
    let [sum, isSilent] = [0, true];
    for (let n = c * perChannel; n < (c + 1) * perChannel; n++) {
      if (sources[n] < 0) continue;
      const value = values[sources[n]];
      if (value !== 0) isSilent = false;
      sum += value * weight[offset + n];
    }
    shares.push({ channel: first + c, sum, share: 0, isSilent });
  }
  const all = shares.reduce((size, { sum }) => size + Math.abs(sum), 0);
  for (const one of shares) one.share = all ? one.sum / all : 0;
  return shares;
}

/**
 * The first channel that a map reads, and how many weights of a cell belong to each channel.
 * @param {Trace} trace @param {Stage} stage @param {number} map @param {number} weights of one cell
 * @returns {[number, number]}
 */
function channelSpan(trace, stage, map, weights) {
  if (stage.kind !== "linear") return [firstChannelOf(stage, map), weights / channelsOf(stage)];
  const [channels] = beforeFlattening(trace, stage).shape;
  return [0, weights / channels];
}

/** Whether a map has any number but 0, as far as its numbers or their range are known. @param {Stage} stage @param {number} map */
export function isSilentMap(stage, map) {
  const plane = planeOf(stage, map);
  return plane ? plane.every((value) => value === 0) : stage.ranges[map].every((end) => end === 0);
}

/** What the channels that a step reads are called: R, G and B of a color picture, else channel 1, channel 2 … */

import { readOf } from "convoscope/pure/frame/stage.js";
import { PAGE } from "convoscope/pure/strings/strings.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */

/** The channels of a step by their names: "R" or "channel 1". @param {Trace} trace @param {Frame} frame */
export function channelNames(trace, frame) {
  const read = readOf(trace, trace.stages[frame.stage], frame.map);
  return frame.channels.map(({ channel }) => PAGE.channelOf(read, channel));
}

/** The channels of a step where there is little room: "R" or "1". @param {Trace} trace @param {Frame} frame */
export function channelTags(trace, frame) {
  const read = readOf(trace, trace.stages[frame.stage], frame.map);
  return frame.channels.map(({ channel }) => PAGE.plane(read, channel));
}

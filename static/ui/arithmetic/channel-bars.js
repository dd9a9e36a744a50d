/** One bar per channel, if there are too many for tables. */

import { signedScale } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { MOST_BARS } from "convoscope/ui/arithmetic/table-layout.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {Frame, StepTexts} from "convoscope/pure/types.js" */

/**
 * Shows one bar per channel; the channels beyond MOST_BARS share the last one.
 * @param {HTMLElement} host @param {Frame} frame @param {StepTexts} texts @param {boolean} isShown
 * @param {string[]} names of the channels
 */
export function showBars(host, frame, texts, isShown, names) {
  host.hidden = !isShown;
  if (host.hidden) return;
  const listed = frame.channels.slice(0, MOST_BARS);
  const rest = frame.channels.slice(MOST_BARS).reduce((sum, channel) => sum + channel.sum, 0);
  const largest = Math.max(...listed.map((channel) => Math.abs(channel.sum)), Math.abs(rest), 1e-9);
  const lines = listed.map((channel, i) => buildBar(names[i], channel.sum, texts.channels[i].sum, largest));
  if (frame.channels.length > MOST_BARS)
    lines.push(buildBar(PAGE.moreChannels(frame.channels.length - MOST_BARS), rest, texts.channelRest, largest));
  fill(host, ...lines.flat());
}

/** @param {string} label @param {number} value @param {string} text @param {number} largest */
function buildBar(label, value, text, largest) {
  const share = (Math.abs(value) / largest) * 50;
  const color = signedScale(1).fill(Math.sign(value) * 0.8);
  const style = { width: `${share}%`, left: `${value < 0 ? 50 - share : 50}%`, background: color };
  return [build(["span", label]), build(["span", { class: "track" }, ["i", { style }]]), build(["span", text])];
}

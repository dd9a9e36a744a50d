/** One bar per channel, if there are too many for tables: the largest sums first, to both sides of 0. */

import { signedScale } from "convoscope/pure/maps/palette.js";
import { CAPTION, PAGE } from "convoscope/pure/strings/strings.js";
import { MOST_EXACT_CHANNELS, orderChannels } from "convoscope/pure/text/written-sum.js";
import { pairBars } from "convoscope/ui/arithmetic/column-layout.js";
import { isMultiplied } from "convoscope/ui/arithmetic/table-layout.js";
import { build, fill, setText } from "convoscope/ui/dom.js";

/** @import {Frame, StepTexts} from "convoscope/pure/types.js" */
/**
 * `channel` is null for the rest; a bar whose products are still to come is not known.
 * @typedef {{label: string, value: number, text: string, channel: number | null, isKnown: boolean}} Bar
 */

/** How far a bar's color is from that of 0. */
const STRENGTH = 0.8;

/**
 * Shows one bar per channel; the smallest of many share the last one. A click on a bar chooses its channel.
 * @param {HTMLElement} host @param {Frame} frame @param {StepTexts} texts
 * @param {{names: string[], chosen: number | null, onChannel: (channel: number) => void} | null} channels their names,
 * and the place of the one that is shown; null where there are no bars
 */
export function showBars(host, frame, texts, channels) {
  host.hidden = !channels;
  if (!channels) return;
  host.classList.toggle("in-pairs", pairBars(frame.channels.length));
  const { names, chosen, onChannel } = channels;
  const bars = listBars(frame, texts, names);
  if (host.childElementCount !== bars.length) fill(host, ...bars.map(({ channel }) => buildRow(channel === null)));
  const largest = Math.max(...bars.map(({ value }) => Math.abs(value)), 1e-9);
  bars.forEach(({ label, value, text, channel, isKnown }, i) => {
    const row = /** @type {HTMLElement} */ (host.children[i]);
    const [name, track, number] = row.children;
    setText(name, label);
    setText(number, isKnown ? text : CAPTION.waiting);
    const share = isKnown ? (Math.abs(value) / largest) * 50 : 0;
    const { style } = /** @type {HTMLElement} */ (track.firstElementChild);
    style.width = `${share}%`;
    style.left = `${value < 0 ? 50 - share : 50}%`;
    style.background = signedScale(1).fill(Math.sign(value) * STRENGTH);
    if (channel === null) return;
    row.title = PAGE.showChannel(label);
    row.setAttribute("aria-pressed", String(channel === chosen));
    row.onclick = () => onChannel(frame.channels[channel].channel);
  });
}

/** @param {Frame} frame @param {StepTexts} texts @param {string[]} names @returns {Bar[]} */
function listBars(frame, texts, names) {
  const { channels } = frame;
  const sums = channels.map(({ sum }) => sum);
  const order = orderChannels(sums);
  const bars = order.slice(0, MOST_EXACT_CHANNELS).map((channel) => ({
    label: names[channel],
    value: sums[channel],
    text: texts.channels[channel].sum,
    channel,
    isKnown: isMultiplied(frame, channel),
  }));
  const rest = order.slice(MOST_EXACT_CHANNELS);
  const value = rest.reduce((all, channel) => all + sums[channel], 0);
  const isKnown = rest.every((channel) => isMultiplied(frame, channel));
  const more = { label: PAGE.moreChannels(rest.length), value, text: texts.channelRest, channel: null, isKnown };
  return rest.length ? [...bars, more] : bars;
}

/** @param {boolean} isRest */
function buildRow(isRest) {
  return build([
    isRest ? "div" : "button",
    { type: isRest ? null : "button", class: "bar" },
    ["span"],
    ["span", { class: "track" }, ["i"]],
    ["span"],
  ]);
}

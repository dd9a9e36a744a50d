/** The choice beside the number of filters: they read all channels together, or each channel alone. */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { canReadAlone, keepBrightness } from "convoscope/ui/controls/layer/channel-edits.js";

/** @import {Filter} from "convoscope/pure/scene-edits.js" */
/** @import {Kernel, Stage} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * The two choices and a line that says what the current one does; nothing for an input of one channel. Other numbers of
 * groups are among the further options.
 * @param {Stage} stage @param {Filter[]} filters
 * @param {{isColor: boolean, kernels: Kernel[], onGroups: (groups: number) => void}} context
 * @returns {Description[]}
 */
export function channelRows(stage, filters, { isColor, kernels, onGroups }) {
  const [channels, groups] = [stage.input_shape?.[0] ?? 1, stage.groups ?? 1];
  if (channels === 1) return [];
  const canBeAlone = canReadAlone(filters);
  const choice = (/** @type {number} */ value, /** @type {string} */ name, /** @type {string} */ text) =>
    /** @type {Description} */ ([
      "button",
      {
        type: "button",
        "aria-pressed": String(groups === value),
        "data-key": `channels-${name}`,
        disabled: value === channels && !canBeAlone,
        onclick: () => onGroups(value),
      },
      text,
    ]);
  const keepsColors = isColor && keepBrightness(filters, kernels);
  return [
    [
      "div",
      { class: "channel-choice", "data-part": "channel-choice" },
      [
        "div",
        { class: "choices", role: "group", "aria-label": CONTROLS.readsChannels },
        choice(1, "together", CONTROLS.channelsTogether),
        choice(channels, "alone", CONTROLS.channelsAlone),
      ],
      ["p", { class: "small muted" }, describeReading(channels, groups, canBeAlone, keepsColors)],
    ],
  ];
}

/** @param {number} channels @param {number} groups @param {boolean} canBeAlone @param {boolean} keepsColors */
function describeReading(channels, groups, canBeAlone, keepsColors) {
  if (groups === channels) return keepsColors ? CONTROLS.aloneInColor : CONTROLS.aloneReads(channels);
  if (groups > 1) return CONTROLS.groupReads(channels / groups, channels);
  return canBeAlone ? CONTROLS.togetherReads(channels) : CONTROLS.planesRead(channels);
}

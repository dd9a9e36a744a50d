/** Common settings of a convolution, one click each, with the size of the map that they give. */

import { commonSettings, sizesQuery, useSetting } from "convoscope/pure/link/common-settings.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Of random filters that take the place of others. */
const SEED = 1;
/** Sizes with more digits have two columns instead of four. */
const LONG_SIZE = 5;

/**
 * The settings as buttons; nothing for trained filters, whose size is fixed.
 * @param {Trace} trace @param {Stage} stage @param {number} index of the layer @param {(edit: Edit) => void} onEdit
 * @returns {Description[]}
 */
export function commonRows(trace, stage, index, onEdit) {
  const settings = commonSettings(stage, trace.scene);
  if (!settings.length) return [];
  const sizes = sizesQuery(trace, stage);
  const buttons = settings.map(
    (setting) =>
      /** @type {Description} */ ([
        "button",
        {
          type: "button",
          "data-key": `common-${setting.name}`,
          "data-common": setting.name,
          "aria-pressed": String(setting.isNow),
          "aria-label": CONTROLS.commonSetting(setting),
          title: CONTROLS.commonSetting(setting),
          disabled: setting.size === null,
          onclick: () => !setting.isNow && onEdit(useSetting(index, setting, SEED)),
        },
        ["b", setting.name],
        ["span", setting.size ? CONTROLS.commonSize(...setting.size) : "–"],
      ]),
  );
  const isWide = settings.some(({ size }) => size && `${size[0]}${size[1]}`.length > LONG_SIZE);
  return [
    [
      "div",
      { class: "common-settings", "data-part": "common-settings" },
      ["p", { class: "small muted" }, CONTROLS.commonTitle],
      [
        "div",
        { class: isWide ? "choices is-wide" : "choices", role: "group", "aria-label": CONTROLS.common },
        ...buttons,
      ],
      settings.some(({ isRandom }) => isRandom) && ["p", { class: "small muted" }, CONTROLS.commonRandom],
      sizes !== "" && [
        "a",
        {
          class: "link",
          "data-part": "sizes-together",
          "data-key": "sizes-together",
          href: siteAddress(`/compare?${sizes}`),
          title: CONTROLS.sizesTogetherHelp,
        },
        CONTROLS.sizesTogether,
      ],
    ],
  ];
}

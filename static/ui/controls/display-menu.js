/**
 * Display options of the figure: colors, scale, stops, fit. They come from the link's option table and need no request.
 */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { optionRow } from "convoscope/ui/controls/option-control.js";
import { fill, findPart } from "convoscope/ui/dom.js";

/** @import {Option, PageTables, Stage, View} from "convoscope/pure/types.js" */

const DISPLAY_OPTIONS = [
  "colors",
  "scope",
  "marks",
  "ghost",
  "fit",
  "volume",
  "table",
  "weights",
  "signal",
  "index",
  "shapes",
];

/**
 * @param {HTMLElement} root @param {PageTables} tables
 * @param {{onView: (view: Partial<View>) => void, onTeach: () => void}} events
 */
export function createDisplayMenu(root, tables, { onView, onTeach }) {
  const host = findPart(root, "display");
  if (!host) return { show() {} };
  const options = /** @type {Option[]} */ (
    tables.view.filter((/** @type {Option} */ option) => DISPLAY_OPTIONS.includes(option.name))
  );
  let builtKey = "";
  return {
    /** @param {View} view @param {Stage} stage */
    show(view, stage) {
      const values = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (view));
      const key = JSON.stringify(DISPLAY_OPTIONS.map((name) => values[name]));
      if (key === builtKey) return;
      builtKey = key;
      const rows = options.flatMap((option) => [
        optionRow({
          option,
          value: values[option.name],
          stage,
          onChange: (value) => onView({ [option.name]: value ?? option.default }),
        }),
        /** @type {import("convoscope/ui/dom.js").Description} */ (["p", { class: "small muted" }, option.help]),
      ]);
      fill(host, ...rows, [
        "button",
        {
          type: "button",
          class: "link",
          "data-part": "display-teach",
          onclick: () => {
            host.hidePopover();
            onTeach();
          },
        },
        CONTROLS.teach,
      ]);
    },
  };
}

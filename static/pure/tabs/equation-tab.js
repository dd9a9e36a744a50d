/** The step as an equation: in letters, then with the cell's numbers. */

import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { equationParts } from "convoscope/pure/text/caption.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @import {Part} from "convoscope/pure/text/caption.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {Trace} trace @param {Frame} frame @returns {Description} */
export function equationView(trace, frame) {
  const stage = trace.stages[frame.stage];
  return [
    "div",
    { class: "equation mono" },
    ["p", { class: "muted" }, TABS.law(stage, frame)],
    ["p", ...equationParts(trace, frame).map(segment)],
  ];
}

/** @param {Part} part @returns {Description} */
function segment({ text, role }) {
  return ["span", { class: role === "plain" || role === "bias" ? null : `is-${role}` }, text];
}

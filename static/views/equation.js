/** The step as one line of mathematics: in letters, then with this place's numbers. */

import { equationParts } from "convoscope/caption.js";
import { VIEWS } from "convoscope/strings/views.js";

/** @import {Frame, Trace} from "convoscope/types.js" */
/** @import {Part} from "convoscope/caption.js" */
/** @typedef {import("convoscope/dom.js").Description} Description */

/** @param {Trace} trace @param {Frame} frame @returns {Description} */
export function equationView(trace, frame) {
  const stage = trace.stages[frame.stage];
  return ["div", { class: "equation mono" },
    ["p", { class: "muted" }, VIEWS.law(stage, frame)],
    ["p", ...equationParts(trace, frame).map(segment)]];
}

/** @param {Part} part @returns {Description} */
function segment({ text, role }) {
  return ["span", { class: role === "plain" || role === "bias" ? null : `is-${role}` }, text];
}

/** The place of the view “Why cat?” in its panel; `ui/viewer/view/occlusion/` fills it when it is opened. */

import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { findScores } from "convoscope/pure/tabs/network/occlusion/final-scores.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The square is dragged, then it slides: one press. @param {Trace} trace */
export function occlusionPresses(trace) {
  return findScores(trace) ? 1 : 0;
}

/** @param {Trace} trace @param {Frame} _frame @param {ViewContext} context @returns {Description} */
export function occlusionView(trace, _frame, { view }) {
  if (!findScores(trace)) return ["p", { class: "muted" }, TABS.noScores];
  if (view.predict) return ["p", { class: "muted" }, TABS.scoresHidden];
  return ["div", { class: "occlusion", "data-part": "occlusion" }];
}

/** The equation of a step, or with letters the windows of a layer and their lines. */

import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { LETTERS_PRESSES, lettersView } from "convoscope/pure/tabs/sharing/letters-view.js";
import { frameOfView, letterButtons, lettersSwitch, optionsOf } from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { valuesOf } from "convoscope/pure/tabs/sharing/values.js";
import { hasWires, shownInputs } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {(trace: Trace, frame: Frame, context: ViewContext) => Description} Draw */

/**
 * A view of an equation that letters can take the place of.
 * @param {Draw} equation @returns {Draw}
 */
export function inLettersOr(equation) {
  return (trace, frame, context) => {
    const stage = trace.stages[frame.stage];
    if (stage.kind !== "conv" || !hasWires(stage)) return equation(trace, frame, context);
    const { letters } = context.view;
    const bar = /** @type {Description} */ (["div", { class: "view-bar" }, lettersSwitch(letters)]);
    if (!letters) return frameOfView(context, bar, equation(trace, frame, context));
    if (!frame.hasNumbers) return ["p", { class: "muted" }, SHARING.onTheWay];
    const options = optionsOf(context);
    return frameOfView(
      context,
      [
        "div",
        { class: "view-head" },
        bar,
        letterButtons(valuesOf(trace, frame, options), options, shownInputs(stage, frame)),
      ],
      lettersView(trace, frame, options, context.press),
    );
  };
}

/** @param {Trace} trace @param {Frame} frame @param {View} view */
export function letterPresses(trace, frame, view) {
  return view.letters && trace.stages[frame.stage].kind === "conv" ? LETTERS_PRESSES : 0;
}

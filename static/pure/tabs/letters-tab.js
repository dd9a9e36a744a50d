/** The equation of a step, or with letters the windows of a layer and their lines. */

import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { EQUATION_PRESSES, pressOfForm } from "convoscope/pure/tabs/equation/equation-form.js";
import { equationView } from "convoscope/pure/tabs/equation/equation-view.js";
import { LETTERS_PRESSES, lettersView } from "convoscope/pure/tabs/sharing/letters-view.js";
import { frameOfView, letterButtons, lettersSwitch, optionsOf } from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { valuesOf } from "convoscope/pure/tabs/sharing/values.js";
import { hasWires, shownInputs } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Description} */
export function equationOrLetters(trace, frame, context) {
  const stage = trace.stages[frame.stage];
  const { letters } = context.view;
  if (!isInLetters(context.view, stage)) return equationView(trace, frame, context);
  if (!frame.hasNumbers) return ["p", { class: "muted" }, SHARING.onTheWay];
  const options = optionsOf(context);
  return frameOfView(
    context,
    [
      "div",
      { class: "view-head" },
      ["div", { class: "view-bar" }, lettersSwitch(letters)],
      letterButtons(valuesOf(trace, frame, options), options, shownInputs(stage, frame)),
    ],
    lettersView(trace, frame, options, context.press),
  );
}

/** @param {Trace} trace @param {Frame} frame @param {View} view */
export function equationPresses(trace, frame, view) {
  return isInLetters(view, trace.stages[frame.stage]) ? LETTERS_PRESSES : EQUATION_PRESSES;
}

/**
 * The press that a View of an equation is at, where its form says it.
 * @param {View} view @param {Stage} stage @returns {number | null}
 */
export function equationPress(view, stage) {
  return isInLetters(view, stage) ? null : pressOfForm(view, stage);
}

/** Whether windows in letters take the place of the equation. @param {View} view @param {Stage} stage */
export function isInLetters({ letters }, stage) {
  return letters && stage.kind === "conv" && hasWires(stage);
}

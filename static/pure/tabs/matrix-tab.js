/** The layer as a matrix: the filter as one big matrix, or its windows as rows. */

import { SHARING, TABS } from "convoscope/pure/strings/tab-strings.js";
import {
  choices,
  frameOfView,
  letterButtons,
  lettersSwitch,
  optionsOf,
} from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { valuesOf } from "convoscope/pure/tabs/sharing/values.js";
import { MATRIX_PRESSES, weightsMatrix } from "convoscope/pure/tabs/sharing/weights-matrix.js";
import { windowsMatrix } from "convoscope/pure/tabs/sharing/windows-matrix.js";
import { hasWires, isTransposed, shownInputs } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Description} */
export function matrixView(trace, frame, context) {
  const { view, press } = context;
  const stage = trace.stages[frame.stage];
  if (!hasWires(stage)) return ["p", { class: "muted" }, TABS.noMatrix];
  if (!frame.hasNumbers) return ["p", { class: "muted" }, SHARING.onTheWay];
  const isOne = hasOneMatrix(stage);
  const kind = isOne ? "weights" : view.matrix;
  const options = optionsOf(context);
  return frameOfView(
    context,
    [
      "div",
      { class: "view-bar" },
      !isOne && choices("matrix", kind, SHARING.matrixKinds, SHARING.matrixChoice),
      lettersSwitch(view.letters),
    ],
    view.letters && letterButtons(valuesOf(trace, frame, options), options, shownInputs(stage, frame)),
    kind === "windows" ? windowsMatrix(trace, frame, options) : weightsMatrix(trace, frame, options, press),
  );
}

/** @param {Trace} trace @param {Frame} frame @param {View} view */
export function matrixPresses(trace, frame, view) {
  const stage = trace.stages[frame.stage];
  return hasWires(stage) && (view.matrix === "weights" || hasOneMatrix(stage)) ? MATRIX_PRESSES : 0;
}

/** Whether a layer has no windows that are rows. @param {Stage} stage */
function hasOneMatrix(stage) {
  return stage.kind === "linear" || isTransposed(stage);
}

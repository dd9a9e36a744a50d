/** The step as a neuron: alone, among those with the same weights, counted, and beside those at the same place. */

import { SHARING, TABS } from "convoscope/pure/strings/tab-strings.js";
import { neuronColumn } from "convoscope/pure/tabs/sharing/neuron-column.js";
import { MAP_PRESSES, neuronMap } from "convoscope/pure/tabs/sharing/neuron-map.js";
import { neuronWires } from "convoscope/pure/tabs/sharing/neuron-wires.js";
import {
  choices,
  frameOfView,
  letterButtons,
  lettersSwitch,
  optionsOf,
} from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { valuesOf } from "convoscope/pure/tabs/sharing/values.js";
import { weightCounts } from "convoscope/pure/tabs/sharing/weight-counts.js";
import { hasWires, shownInputs } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @import {SharingOptions} from "convoscope/pure/tabs/sharing/values.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @type {Record<string, (trace: Trace, frame: Frame, options: SharingOptions, press?: number) => Description>} */
const PICTURES = { one: neuronWires, map: neuronMap, full: weightCounts, column: neuronColumn };

/** @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Description} */
export function neuronView(trace, frame, context) {
  const { view, press } = context;
  const stage = trace.stages[frame.stage];
  if (!hasWires(stage)) return ["p", { class: "muted" }, TABS.noNeuron];
  if (!frame.hasNumbers) return ["p", { class: "muted" }, SHARING.onTheWay];
  const options = optionsOf(context);
  const hasValues = view.neuron === "one" || view.neuron === "map";
  return frameOfView(
    context,
    [
      "div",
      { class: "view-bar" },
      choices("neuron", view.neuron, SHARING.neuronKinds, SHARING.neuronChoice),
      hasValues && lettersSwitch(view.letters),
    ],
    hasValues && view.letters && letterButtons(valuesOf(trace, frame, options), options, shownInputs(stage, frame)),
    PICTURES[view.neuron](trace, frame, options, press),
  );
}

/** @param {Trace} trace @param {Frame} frame @param {View} view */
export function neuronPresses(trace, frame, view) {
  return hasWires(trace.stages[frame.stage]) && view.neuron === "map" ? MAP_PRESSES : 0;
}

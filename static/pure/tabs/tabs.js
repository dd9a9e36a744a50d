/** The views by the names of their tabs: pure functions from (trace, frame) to a description of elements. */

import { codeView } from "convoscope/pure/tabs/code-tab.js";
import { equationView } from "convoscope/pure/tabs/equation-tab.js";
import { matrixView } from "convoscope/pure/tabs/matrix-tab.js";
import { neuronView } from "convoscope/pure/tabs/neuron-tab.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @type {Record<string, (trace: Trace, frame: Frame) => Description>} */
const VIEWS = { equation: equationView, neuron: neuronView, matrix: matrixView, code: codeView };

/** @param {string} tab @param {Trace} trace @param {Frame} frame @returns {Description} */
export function viewOf(tab, trace, frame) {
  return VIEWS[tab](trace, frame);
}

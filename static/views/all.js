/** The views by the names of their tabs. Each makes a description of (trace, frame); none touches the page. */

import { codeView } from "convoscope/views/code.js";
import { equationView } from "convoscope/views/equation.js";
import { matrixView } from "convoscope/views/matrix.js";
import { neuronView } from "convoscope/views/neuron.js";

/** @import {Frame, Trace} from "convoscope/types.js" */
/** @typedef {import("convoscope/dom.js").Description} Description */

/** @type {Record<string, (trace: Trace, frame: Frame) => Description>} */
const VIEWS = { equation: equationView, neuron: neuronView, matrix: matrixView, code: codeView };

/** @param {string} tab @param {Trace} trace @param {Frame} frame @returns {Description} */
export function viewOf(tab, trace, frame) {
  return VIEWS[tab](trace, frame);
}

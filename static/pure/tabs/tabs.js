/**
 * The views by the names of their tabs: pure functions from (trace, frame, dataAddress) to a description of elements.
 */

import { codeView } from "convoscope/pure/tabs/code-tab.js";
import { equationView } from "convoscope/pure/tabs/equation-tab.js";
import { matrixView } from "convoscope/pure/tabs/matrix-tab.js";
import { neuronView } from "convoscope/pure/tabs/neuron-tab.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @typedef {(query: string) => string} DataAddress the address of /api/trace with a query */

/** @type {Record<string, (trace: Trace, frame: Frame, dataAddress?: DataAddress) => Description>} */
const VIEWS = { equation: equationView, neuron: neuronView, matrix: matrixView, code: codeView };

/**
 * @param {string} tab @param {Trace} trace @param {Frame} frame
 * @param {DataAddress} [dataAddress] left out, there is no server
 * @returns {Description}
 */
export function viewOf(tab, trace, frame, dataAddress) {
  return VIEWS[tab](trace, frame, dataAddress);
}

/**
 * The views by the names of their tabs: pure functions from (trace, frame, context) to a description of elements. They
 * fetch nothing.
 *
 * Attributes in a description connect it with the figure (`ui/viewer/view/view-panel.js`): a click on `data-go`
 * "stage,map,row,column" goes there, one on `data-set` "key=value" chooses keys of the View; pointing at `data-weight`
 * "row,column" lights that weight in the figure, and a weight that is lit there has the class `lit` here; a canvas with
 * `data-thumb` "stage,map" is painted with that map, "stage,-1" with the color picture, its cells to come empty; a text
 * with `data-copy` has a button that copies it; a click on `data-fold` "open" or "folded" unfolds or folds a long sum,
 * one on `data-letter` "A" turns that letter into its number, and an element with `data-picture` "matrix" takes the
 * picture of the big matrix.
 */

import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { codeView } from "convoscope/pure/tabs/code/code-tab.js";
import { viewAtForm } from "convoscope/pure/tabs/equation/equation-form.js";
import { fieldPresses, fieldView } from "convoscope/pure/tabs/field/field-tab.js";
import { FUNCTION_PRESSES, functionView } from "convoscope/pure/tabs/function-tab.js";
import { equationOrLetters, equationPress, equationPresses } from "convoscope/pure/tabs/letters-tab.js";
import { matrixPresses, matrixView } from "convoscope/pure/tabs/matrix-tab.js";
import { networkPresses, networkView } from "convoscope/pure/tabs/network/network-view.js";
import { occlusionPresses, occlusionView } from "convoscope/pure/tabs/network/occlusion/occlusion-tab.js";
import { neuronPresses, neuronView } from "convoscope/pure/tabs/neuron-tab.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @typedef {(query: string) => string} DataAddress the address of /api/trace with a query */

/**
 * What a view needs beside the Trace and the step: the View, the presses of its explanation that were made, and the inside
 * of the panel in CSS pixels, with the least size of its letters. Without a server there is no `dataAddress`.
 * @typedef {object} ViewContext
 * @property {View} view
 * @property {number} press from 0, its question, to the number of its presses: all of it
 * @property {number} presses how many there are
 * @property {{width: number, height: number, text: number}} size
 * @property {number} [written] how many cells of the map are known
 * @property {ReadonlySet<string>} [turned] letters that show their number; "*" is all of them
 * @property {boolean} [isOpen] whether somebody unfolded a long sum, or folded it
 * @property {ReadonlySet<number>} [opened] the first stages of columns of the network that are open
 * @property {number[]} [scores] the classes in the order of their bars in the network; left out, the largest first
 * @property {number[] | null} [before] the shares of all classes before the picture was changed on purpose
 * @property {DataAddress} [dataAddress]
 */

/**
 * A view: what it shows, and how many presses its explanation has; left out, it shows all at once.
 * @typedef {object} ViewKind
 * @property {(trace: Trace, frame: Frame, context: ViewContext) => Description} draw
 * @property {(trace: Trace, frame: Frame, view: View) => number} [presses]
 * @property {(view: View, stage: Stage) => number | null} [pressOf] the press where another key of the View says it
 * @property {(press: number) => Partial<View>} [viewAt] how that key says a press
 */

/** @type {Record<string, ViewKind>} */
const VIEWS = {
  equation: { draw: equationOrLetters, presses: equationPresses, pressOf: equationPress, viewAt: viewAtForm },
  neuron: { draw: neuronView, presses: neuronPresses },
  matrix: { draw: matrixView, presses: matrixPresses },
  field: { draw: fieldView, presses: fieldPresses },
  function: { draw: functionView, presses: () => FUNCTION_PRESSES },
  code: { draw: codeView },
  network: { draw: networkView, presses: networkPresses },
  occlusion: { draw: occlusionView, presses: occlusionPresses },
};

/**
 * What a view shows of a step; where the operation has none, the sentence why. `app/core/views/view_table.py` says so.
 * @param {string} tab @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Description}
 */
export function viewOf(tab, trace, frame, context) {
  const missing = missingIn(tab, trace, frame);
  if (!missing) return VIEWS[tab].draw(trace, frame, context);
  const isPool = trace.stages[frame.stage].family === "pooling" && tab !== "function";
  return ["p", { class: "muted" }, isPool ? `${TABS.instead[missing]} ${TABS.poolLaw}` : TABS.instead[missing]];
}

/** How many presses explain a step in the open view. @param {View} view @param {Trace} trace @param {Frame} frame */
export function pressesOf(view, trace, frame) {
  return missingIn(view.tab, trace, frame) ? 0 : (VIEWS[view.tab]?.presses?.(trace, frame, view) ?? 0);
}

/**
 * The presses of the open view, and the one that it is at: without a press in the View, after all of them.
 * @param {View} view @param {Trace} trace @param {Frame} frame @returns {{all: number, now: number}}
 */
export function pressOf(view, trace, frame) {
  const all = pressesOf(view, trace, frame);
  const now = all && VIEWS[view.tab].pressOf?.(view, trace.stages[frame.stage]);
  return { all, now: Math.min(now ?? view.press ?? all, all) };
}

/**
 * What the View becomes by a press. A view whose presses another key says is not asked for a press of its own.
 * @param {View} view @param {Trace} trace @param {Frame} frame @param {number} press @returns {Partial<View>}
 */
export function viewAtPress(view, trace, frame, press) {
  const { pressOf: say, viewAt } = VIEWS[view.tab];
  if (viewAt && say?.(view, trace.stages[frame.stage]) !== null) return viewAt(press);
  return { press: press === pressesOf(view, trace, frame) ? null : press };
}

/** Whether a sentence stands in place of a view. @param {string} tab @param {Trace} trace @param {Frame} frame */
export function isMissing(tab, trace, frame) {
  return Boolean(missingIn(tab, trace, frame));
}

/** @param {string} tab @param {Trace} trace @param {Frame} frame */
function missingIn(tab, trace, frame) {
  return trace.stages[frame.stage].missing?.[tab];
}

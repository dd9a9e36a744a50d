/**
 * The form of an equation: its law, the law with the indices of a place, its numbers, or the product of two vectors.
 *
 * The first three follow each other by presses: press 0 is the law, 1 the indices, 2 the numbers. `detail` of a View is
 * the form where no press is named. Python's `app/core/views/equation_form.py` has the same rule.
 */

/** @import {Stage, View} from "convoscope/pure/types.js" */
/** @typedef {"law" | "indices" | "numbers" | "vectors"} Form */

/** @type {Form[]} */
const BY_PRESS = ["law", "indices", "numbers"];

/** How many presses lead from the law to the numbers. */
export const EQUATION_PRESSES = BY_PRESS.length - 1;

/** The form that a View shows of a stage. @param {Pick<View, "press" | "detail">} view @param {Stage} stage @returns {Form} */
export function formOf({ press, detail }, stage) {
  const form = /** @type {Form} */ (press === null ? detail : BY_PRESS[Math.min(press, EQUATION_PRESSES)]);
  return form === "vectors" && !hasVectors(stage) ? "numbers" : form;
}

/** The presses of the form that a View shows. @param {View} view @param {Stage} stage */
export function pressOfForm(view, stage) {
  const press = BY_PRESS.indexOf(formOf(view, stage));
  return press < 0 ? EQUATION_PRESSES : press;
}

/** What a View becomes by a press. @param {number} press @returns {Partial<View>} */
export function viewAtForm(press) {
  return { detail: BY_PRESS[press], press: null };
}

/** The forms of a stage's equation. @param {Stage} stage @returns {Form[]} */
export function formsOf(stage) {
  return hasVectors(stage) ? [...BY_PRESS, "vectors"] : BY_PRESS;
}

/** Whether a cell is a weighted sum: weights times inputs. @param {Stage} stage */
function hasVectors({ kind }) {
  return kind === "conv" || kind === "linear";
}

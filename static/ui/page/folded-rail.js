/** Folds the rail of settings before the first figure is drawn, if it was folded when the page was last open. */

/** The key of the browser's storage; links never carry it. */
export const FOLDED_KEY = "convoscope-rail";

/** @param {HTMLElement} root */
export function foldRail(root) {
  if (localStorage.getItem(FOLDED_KEY) === "folded") root.dataset.rail = "folded";
}

/** The room of what stands in place of the maps, and the least size of its letters. */

/** @import {View} from "convoscope/pure/types.js" */

/** The least size of letters: on a page, in a narrow frame, and in parts of the height of a screen that is read from afar. */
const [LEAST_TEXT, NARROW_TEXT, TEXT_AFAR] = [12, 10, 1 / 39];
/** A frame of less width, in CSS pixels, is narrow. */
export const NARROW = 400;

/**
 * The inside of a host in CSS pixels; a height of 0 is as much as its contents need.
 * @param {HTMLElement} root @param {HTMLElement} host @param {View} view
 */
export function measureStage(root, host, view) {
  const style = getComputedStyle(host);
  const inside = (/** @type {string[]} */ ...sides) =>
    sides.reduce((sum, side) => sum + parseFloat(style.getPropertyValue(side)), 0);
  const isFixed = style.flexGrow !== "0";
  return {
    width: Math.floor(host.clientWidth - inside("padding-left", "padding-right")),
    height: isFixed ? Math.floor(host.clientHeight - inside("padding-top", "padding-bottom")) : 0,
    text: measureText(view, window.innerWidth < NARROW && root.classList.contains("embed")),
  };
}

/**
 * The least size of letters in CSS pixels: on a page, in a narrow frame, and on a screen that is read from afar.
 * @param {View} view @param {boolean} [isNarrow] whether it is a narrow frame
 */
export function measureText(view, isNarrow = false) {
  const afar = view.present ? Math.min(window.innerHeight, 1.4 * window.innerWidth) * TEXT_AFAR : 0;
  return Math.max(isNarrow ? NARROW_TEXT : LEAST_TEXT, Math.ceil(afar));
}

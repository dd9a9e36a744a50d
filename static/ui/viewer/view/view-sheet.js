/**
 * The sheet of the open view. It lies over the lower part of the figure, which keeps its size and moves up as far as the
 * window and the cell in focus would be covered.
 */

import { findPart } from "convoscope/ui/dom.js";

/** @import {Frame} from "convoscope/pure/types.js" */
/** @typedef {ReturnType<typeof import("convoscope/ui/figure/figure.js").createFigure>} Figure */

/** Space that stays free above the sheet and below the upper edge of the figure, in pixels. */
const MARGIN = 12;

/** @param {HTMLElement} root @param {Figure} figure @param {() => void} onClose */
export function createViewSheet(root, figure, onClose) {
  const [sheet, panel, area] = ["view-sheet", "panel", "figure-area"].map((name) => findPart(root, name));
  const moved = findPart(root, "figure");
  /** @type {Frame | null} */
  let shown = null;
  /** How far up the figure is, in its own pixels. */
  let distanceNow = 0;

  findPart(root, "close-view")?.addEventListener("click", close);
  document.addEventListener("keydown", (event) => closesSheet(event) && close(), true);
  if (panel) new ResizeObserver(() => move()).observe(panel);

  /** @param {KeyboardEvent} event */
  function closesSheet(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !sheet?.checkVisibility()) return false;
    if (document.querySelector("dialog[open], :popover-open, .side.open, .edit-number:not([hidden])")) return false;
    event.preventDefault();
    return true;
  }

  function close() {
    const opener = /** @type {HTMLElement | null} */ (root.querySelector('[data-tab][aria-expanded="true"]'));
    const hadFocus = sheet?.contains(document.activeElement);
    onClose();
    if (hadFocus) opener?.focus({ preventScroll: true });
  }

  /** Moves the figure as little as shows window and cell above the sheet. */
  function move() {
    if (!moved || !panel) return;
    const isBeside = panel.hidden || root.hasAttribute("data-big");
    const by = isBeside || !shown || !sheet?.checkVisibility() ? 0 : Math.round(distance(shown, moved));
    if (by === distanceNow) return;
    distanceNow = by;
    moved.style.setProperty("translate", by ? `0 ${-by}px` : "none");
  }

  /**
   * How far up the figure has to be: its way so far, or the nearest one that shows the marks.
   * @param {Frame} frame @param {HTMLElement} moved
   */
  function distance({ rows, columns, row, col }, moved) {
    const [own, top, bottom] = [moved.getBoundingClientRect(), topOf(area), topOf(sheet?.firstElementChild)];
    const scale = own.width / moved.offsetWidth || 1; // above 1 if the whole figure is enlarged
    const marks = [figure.rectOf("input", rows, columns), figure.rectOf("output", [row], [col])];
    const seen = marks.filter((mark) => mark !== null && mark.height > 0).map((mark) => /** @type {DOMRect} */ (mark));
    if (!seen.length || !bottom) return distanceNow;
    // Where the marks are while the figure is not moved; it may be on its way.
    const rest = top + moved.offsetTop * scale - own.top;
    const highest = Math.min(...seen.map((mark) => mark.top)) + rest;
    const lowest = Math.max(...seen.map((mark) => mark.bottom)) + rest;
    const [least, most] = [lowest - (bottom - MARGIN), highest - (Math.max(top, 0) + MARGIN)];
    return Math.max(0, Math.min(Math.max(distanceNow, least / scale), most / scale));
  }

  return {
    /** @param {Frame} frame the step that is shown */
    follow(frame) {
      shown = frame;
      move();
    },
  };
}

/** The upper edge of an element in the window; 0 without one. @param {Element | null | undefined} element */
function topOf(element) {
  return element?.getBoundingClientRect().top ?? 0;
}

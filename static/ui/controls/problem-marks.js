/**
 * Marks why an edit was refused where it matters: beside the control that was used, and at the card of the layer that does
 * not fit any more. The marks float or stand in the settings, so that the figure does not move.
 */

import { build, findPart } from "convoscope/ui/dom.js";

/** @import {Problem, Trace, View} from "convoscope/pure/types.js" */

/** Pixels between a card and the sentence below it. */
const GAP = 6;
/** The parts of the settings that a sentence can stand behind. */
const ROWS = "[data-field], .row, .tray, .choices, .links";

/** @param {HTMLElement} root */
export function createProblemMarks(root) {
  const side = findPart(root, "side");
  /** The control that was used last. @type {Element | null} */
  let used = null;
  /** The control, the sentences, and what ends the marks. @type {(() => void)[]} */
  let endings = [];
  for (const type of ["change", "click"])
    side?.addEventListener(
      type,
      ({ target }) => {
        if (target instanceof Element) used = target;
      },
      true,
    );

  /**
   * @param {Problem} problem @param {boolean} isShownLayer whether the settings are those of its layer
   * @returns {boolean} whether there is a control to mark
   */
  function markControl({ field, message }, isShownLayer) {
    const cause = used?.isConnected && side?.contains(used) ? used.closest(ROWS) : null;
    const row = isShownLayer ? side?.querySelector(`[data-field="${CSS.escape(field)}"]`) : cause;
    if (!row) return false;
    const input = row.querySelector("input, select");
    input?.setAttribute("aria-invalid", "true");
    const error = build(["p", { class: "field-error", role: "alert" }, message]);
    row.after(error);
    endings.push(() => {
      input?.removeAttribute("aria-invalid");
      error.remove();
    });
    return true;
  }

  /** @param {HTMLElement} card @param {string} message */
  function markCard(card, message) {
    const note = build(["p", { class: "card-error", id: "card-error", onclick: clear }, message]);
    const place = () => {
      const { left, bottom } = card.getBoundingClientRect();
      const most = Math.max(GAP, window.innerWidth - note.offsetWidth - GAP);
      note.style.left = `${Math.min(Math.max(left, GAP), most)}px`;
      note.style.top = `${bottom + GAP}px`;
    };
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    card.classList.add("misfit");
    card.setAttribute("aria-describedby", note.id);
    (findPart(root, "main") ?? root).append(note);
    place();
    const listening = new AbortController();
    addEventListener("scroll", place, { capture: true, signal: listening.signal });
    addEventListener("resize", place, { signal: listening.signal });
    endings.push(() => {
      listening.abort();
      card.classList.remove("misfit");
      card.removeAttribute("aria-describedby");
      note.remove();
    });
  }

  function clear() {
    for (const end of endings) end();
    endings = [];
  }

  return {
    /**
     * Marks what a problem is about. Returns whether its sentence stands beside a control.
     * @param {Problem} problem @param {Trace} trace that is shown @param {View} view
     */
    mark(problem, trace, view) {
      const stage = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
      const isShownLayer = (problem.layer ?? stage.layer) === stage.layer;
      const index = trace.stages.findIndex(({ layer }) => layer === problem.layer);
      const card = index < 1 ? null : findPart(root, "strip")?.querySelectorAll(".stage")[index];
      if (card && !isShownLayer) markCard(/** @type {HTMLElement} */ (card), problem.message);
      return markControl(problem, isShownLayer);
    },
    clear,
  };
}

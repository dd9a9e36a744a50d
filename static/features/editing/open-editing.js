/**
 * Offers to edit numbers where they are shown: names the weights for screen readers and gives the hints. The code that
 * edits is loaded when somebody points at a filter or a typed picture, or goes there with the keyboard.
 */

import { layerWithWeights, mapOfNumbers } from "convoscope/pure/edit-in-place.js";
import { EDIT } from "convoscope/pure/strings/edit-strings.js";
import { isTouched } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {PageTables, Trace, View} from "convoscope/pure/types.js" */
/** @import {EditingEvents, Viewer} from "convoscope/features/editing/editing.js" */

/** @param {HTMLElement} root @param {PageTables} tables @param {Viewer} viewer @param {EditingEvents} events */
export function createEditOpener(root, tables, viewer, events) {
  /** @type {ReturnType<typeof import("convoscope/features/editing/editing.js").createEditing> | null} */
  let editing = null;
  let isLoading = false;
  /** What somebody wanted to edit while the code was loading. @type {(() => void) | null} */
  let wanted = null;
  /** @type {Trace | null} */
  let trace = null;
  /** Whether the weights can be edited, and the map whose cells can. */
  let [hasWeights, map] = [false, /** @type {"input" | "output" | null} */ (null)];

  async function load() {
    isLoading = true;
    const loading = Promise.all([import("convoscope/features/editing/editing.js"), loadStylesheet("edit")]);
    const loaded = await loading.catch(() => null);
    isLoading = false; // one that cannot be loaded is tried again at the next movement
    if (!loaded) return;
    editing = loaded[0].createEditing(root, tables, viewer, events);
    if (trace) editing.show(trace);
    wanted?.();
  }

  /** @param {Event} event */
  function loadFor({ target }) {
    if (editing || isLoading || !(target instanceof Element)) return;
    const isWeight = hasWeights && target.closest(".of-filter");
    if (isWeight || (map && target.closest(`[data-part="${map}-maps"]`))) load();
  }
  for (const name of ["pointerover", "focusin"]) root.addEventListener(name, loadFor);
  root.addEventListener("click", (event) => /** @type {PointerEvent} */ (event).pointerType !== "touch" && want(event));
  root.addEventListener("keydown", (event) => event.key === "Enter" && want(event));
  root.addEventListener("dblclick", (event) => want(event, new MouseEvent("dblclick", event)));

  /**
   * Keeps what somebody did until the code is here.
   * @param {Event} event @param {Event} [again] the event for the cell of a picture
   */
  function want({ target }, again) {
    if (editing || !isLoading || !(target instanceof Element)) return;
    const key = target.closest(".of-filter td")?.getAttribute("data-key");
    if (key) wanted = () => /** @type {HTMLElement | null} */ (root.querySelector(`[data-key="${key}"]`))?.click();
    else if (again) wanted = () => target.dispatchEvent(again);
  }

  /** Gives the weights names that say how to change them, as often as their tables are built. */
  function nameWeights() {
    for (const table of /** @type {NodeListOf<HTMLTableElement>} */ (root.querySelectorAll(".of-filter[role=grid]"))) {
      table.setAttribute("aria-readonly", String(!hasWeights));
      for (const cell of table.querySelectorAll("td")) {
        const row = /** @type {HTMLTableRowElement} */ (cell.parentElement).rowIndex;
        cell.ariaLabel = hasWeights ? EDIT.weightToChange(row, cell.cellIndex, cell.textContent ?? "") : null;
      }
    }
  }

  viewer.editWith({
    handleStep() {
      nameWeights();
      editing?.place();
    },
    hint(isWeight) {
      const touch = isTouched();
      if (editing?.isOpen()) return touch ? EDIT.openHintForTouch : EDIT.openHint;
      if (isWeight && hasWeights) return touch ? EDIT.weightHintForTouch : EDIT.weightHint;
      if (!isWeight && map && viewer.view().pin) return touch ? EDIT.cellHintForTouch : EDIT.cellHint;
      return "";
    },
  });

  return {
    /** @param {Trace} next @param {View} view */
    show(next, view) {
      trace = next;
      hasWeights = layerWithWeights(next, view, tables) !== null;
      map = mapOfNumbers(next, view);
      nameWeights();
      editing?.show(next);
    },
  };
}

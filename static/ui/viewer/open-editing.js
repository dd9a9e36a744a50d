/**
 * Offers to edit numbers where they are shown: names the weights for screen readers and gives the hints. The code that
 * edits is loaded when somebody points at a filter or a typed picture, or goes there with the keyboard.
 */

import { layerWithWeights, mapOfNumbers } from "convoscope/pure/link/edit-in-place.js";
import { EDIT } from "convoscope/pure/strings/control-strings.js";
import { isTouched } from "convoscope/ui/dom.js";

/** @import {PageTables, Trace, View} from "convoscope/pure/types.js" */
/** @import {EditingEvents, Viewer} from "convoscope/features/editing/editing.js" */

/**
 * @param {HTMLElement} root @param {PageTables} tables @param {Viewer} viewer @param {EditingEvents} events
 * @param {() => Promise<typeof import("convoscope/features/editing/editing.js")>} loadEditing
 */
export function createEditOpener(root, tables, viewer, events, loadEditing) {
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
    const loaded = await loadEditing().catch(() => null);
    isLoading = false; // one that cannot be loaded is tried again at the next movement
    const act = wanted;
    wanted = null;
    if (!loaded) return;
    editing = loaded.createEditing(root, tables, viewer, events);
    if (trace) editing.show(trace);
    act?.();
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
        const name = hasWeights ? EDIT.weightToChange(row, cell.cellIndex, cell.textContent ?? "") : null;
        if (cell.ariaLabel !== name) cell.ariaLabel = name;
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

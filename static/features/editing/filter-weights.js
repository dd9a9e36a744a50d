/** Opens and drags the weights of the filter in its table. */

import { listenDrags } from "convoscope/features/editing/vertical-drag.js";
import { EDIT } from "convoscope/pure/strings/control-strings.js";
import { isFocusByPointer } from "convoscope/ui/dom.js";

/** @import {EditableNumbers} from "convoscope/pure/link/edit-in-place.js" */
/** @import {MakeNumber, Viewer} from "convoscope/features/editing/editing.js" */
/** @import {Weight} from "convoscope/ui/arithmetic/filter-pointer.js" */
/** @import {EditedNumber} from "convoscope/features/editing/number-field.js" */

/** Keys that open a weight with its number, and those that begin another one. */
const [OPENS, BEGINS] = [/^(Enter|F2)$/, /^[-\d.,]$/];

/**
 * @param {HTMLElement} terms
 * @param {{viewer: Viewer, field: ReturnType<typeof import("convoscope/features/editing/number-field.js").createNumberField>,
 * makeNumber: MakeNumber, numbersOfFilter: () => EditableNumbers | null}} parts
 */
export function listenWeights(terms, { viewer, field, makeNumber, numbersOfFilter }) {
  const weights = () => /** @type {HTMLTableCellElement[]} */ ([...terms.querySelectorAll(".of-filter td")]);

  /** @param {EventTarget | null} target @returns {HTMLTableCellElement | null} */
  function weightAt(target) {
    return target instanceof Element ? target.closest(".of-filter td") : null;
  }

  /** @param {HTMLTableCellElement} cell @returns {Weight} */
  function weightOf({ parentElement, cellIndex, dataset }) {
    return [/** @type {HTMLTableRowElement} */ (parentElement).rowIndex, cellIndex, String(dataset.key)];
  }

  /** @param {HTMLTableCellElement} cell @returns {EditedNumber | null} null where it cannot be edited */
  function numberOf(cell) {
    const numbers = numbersOfFilter();
    const table = /** @type {HTMLTableElement} */ (cell.closest("table"));
    if (!numbers) return null;
    const [row, col, key] = weightOf(cell);
    const current = () => weights().find(({ dataset }) => dataset.key === key); // tables are built again
    return makeNumber(numbers, [Number(table.dataset.plane), row, col], {
      name: EDIT.weight(table.getAttribute("aria-label") ?? "", row, col),
      rect: () => current()?.getBoundingClientRect() ?? null,
      focusCell: () => current()?.focus({ preventScroll: true }),
      neighbor(by) {
        const all = weights();
        const next = all[all.findIndex(({ dataset }) => dataset.key === key) + by];
        return next ? numberOf(next) : null;
      },
      onOpen() {
        viewer.stop();
        viewer.holdWeight([row, col, key]);
      },
      onClose: () => viewer.holdWeight(null),
    });
  }

  listenDrags(terms, ({ target, pointerType }) => {
    const cell = weightAt(target);
    // A finger scrolls the page, unless it has chosen the weight before.
    if (!cell || !numbersOfFilter() || (pointerType !== "mouse" && !cell.classList.contains("lit"))) return null;
    let last = 0;
    return {
      start() {
        const number = numberOf(cell);
        if (number) field.show(number);
      },
      move(steps) {
        field.step(steps - last);
        last = steps;
      },
      end() {
        field.close();
        if (pointerType !== "mouse") viewer.holdWeight(null, weightOf(cell)); // the finger goes on with it
      },
    };
  });
  terms.addEventListener(
    "click",
    (event) => {
      const cell = weightAt(event.target);
      const { pointerType } = /** @type {PointerEvent} */ (event);
      const isChosen = !["touch", "pen"].includes(pointerType) || cell?.classList.contains("lit");
      const number = cell && isChosen && numberOf(cell);
      if (!number) return;
      event.stopPropagation();
      field.open(number);
    },
    true,
  );
  terms.addEventListener("keydown", (event) => {
    const cell = weightAt(event.target);
    const { key, ctrlKey, altKey, metaKey } = event;
    const begins = BEGINS.test(key) && !isFocusByPointer();
    if (!cell || ctrlKey || altKey || metaKey || !(OPENS.test(key) || begins)) return;
    const number = numberOf(cell);
    if (!number) return;
    event.preventDefault();
    event.stopPropagation();
    field.open(number, begins ? key : "");
  });
}

/**
 * Points at the weights of a filter table: with the mouse, with a finger, and with the keyboard. The table is a grid in
 * the sense of ARIA: Tab goes to one of its cells, arrows go from cell to cell.
 */

import { isFocusByPointer } from "convoscope/ui/dom.js";

/** @import {Grid} from "convoscope/ui/arithmetic/number-table.js" */

/** @typedef {[row: number, column: number, key: string]} Weight `key` is the data-key of its cell */

/**
 * @callback OnWeight
 * @param {Weight | null} weight null where no weight is pointed at
 * @param {boolean} byKey whether the keyboard chose it
 * @returns {void}
 */

/** How far a key goes among `columns` cells a row. @type {Record<string, (columns: number) => number>} */
const MOVES = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
};

/** @param {Grid[]} filters @param {number} columns @param {OnWeight} onWeight */
export function listenWeights(filters, columns, onWeight) {
  for (const [i, { table, cells }] of filters.entries()) {
    table.setAttribute("role", "grid");
    for (const [n, cell] of cells.entries()) {
      cell.tabIndex = n === 0 ? 0 : -1;
      cell.dataset.key = `weight-${i}-${n}`; // keeps the focus when the tables are built again
    }
    const weightOf = (/** @type {number} */ n) =>
      /** @type {Weight} */ ([Math.floor(n / columns), n % columns, cells[n].dataset.key]);
    listenPointer(table, cells, weightOf, onWeight);
    listenKeys(table, cells, columns, weightOf, onWeight);
  }
}

/**
 * A mouse points at the cell below it. A finger chooses a cell, until it touches the cell again or something else.
 * @param {HTMLElement} table @param {HTMLElement[]} cells @param {(n: number) => Weight} weightOf @param {OnWeight} onWeight
 */
function listenPointer(table, cells, weightOf, onWeight) {
  table.addEventListener("pointerover", (event) => {
    const n = indexOf(cells, event.target);
    if (event.pointerType === "mouse") onWeight(n < 0 ? null : weightOf(n), false);
  });
  table.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && onWeight(null, false));
  table.addEventListener("click", (event) => {
    const n = indexOf(cells, event.target);
    if (n < 0 || /** @type {PointerEvent} */ (event).pointerType === "mouse") return;
    const isAgain = cells[n].classList.contains("lit");
    onWeight(isAgain ? null : weightOf(n), false);
    if (!isAgain) clearAtNextTouch(onWeight);
  });
}

/** Clears the choice where something but a weight is touched. @param {OnWeight} onWeight */
function clearAtNextTouch(onWeight) {
  const listening = new AbortController();
  document.addEventListener(
    "pointerdown",
    (event) => {
      if (event.target instanceof Element && event.target.closest(".of-filter")) return;
      listening.abort();
      onWeight(null, false);
    },
    { signal: listening.signal },
  );
}

/**
 * @param {HTMLElement} table @param {HTMLElement[]} cells @param {number} columns @param {(n: number) => Weight} weightOf
 * @param {OnWeight} onWeight
 */
function listenKeys(table, cells, columns, weightOf, onWeight) {
  table.addEventListener("focusin", (event) => {
    const n = indexOf(cells, event.target);
    if (n < 0 || !cells[n].matches(":focus-visible")) return;
    for (const cell of cells) cell.tabIndex = cell === cells[n] ? 0 : -1;
    onWeight(weightOf(n), true);
  });
  table.addEventListener("focusout", () => onWeight(null, true));
  table.addEventListener("keydown", (event) => {
    const n = indexOf(cells, event.target);
    const to = targetOf(event, n, columns, cells.length);
    if (n < 0 || to === null || isFocusByPointer()) return;
    event.preventDefault(); // arrows move the window elsewhere
    if (event.key === "Escape") cells[n].blur();
    else cells[to].focus();
  });
}

/**
 * The cell that a key leads to; the same one at an edge; null for other keys.
 * @param {KeyboardEvent} event @param {number} n @param {number} columns @param {number} count
 */
function targetOf({ key, ctrlKey, altKey, metaKey, shiftKey }, n, columns, count) {
  if (ctrlKey || altKey || metaKey || shiftKey) return null;
  if (key === "Escape") return n;
  const first = n - (n % columns);
  if (key === "Home") return first;
  if (key === "End") return first + columns - 1;
  const move = MOVES[key]?.(columns);
  if (move === undefined) return null;
  const to = n + move;
  const isInTable = Math.abs(move) === 1 && columns > 1 ? to >= first && to < first + columns : to >= 0 && to < count;
  return isInTable ? to : n;
}

/** @param {HTMLElement[]} cells @param {EventTarget | null} target */
function indexOf(cells, target) {
  return target instanceof HTMLElement ? cells.indexOf(/** @type {HTMLElement} */ (target.closest("td"))) : -1;
}

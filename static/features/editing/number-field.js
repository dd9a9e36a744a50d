/** A field for one number, exactly over the cell that shows it. */

import { listenDrags } from "convoscope/features/editing/vertical-drag.js";
import { stepNumber } from "convoscope/pure/link/filter-numbers.js";
import { parseNumber } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { keypad } from "convoscope/ui/controls/number-grid.js";
import { build, isFocusByPointer, isTouched } from "convoscope/ui/dom.js";

/**
 * A number that is edited.
 * @typedef {object} EditedNumber
 * @property {string} name
 * @property {boolean} [isInput] whether it is a cell of the input, not a weight
 * @property {string} text as links write it
 * @property {number} unit of one step
 * @property {() => DOMRect | null} rect of its cell, in pixels of the viewport; null where it is shown no longer
 * @property {(text: string) => void} onChange
 * @property {() => void} onTakeBack
 * @property {() => void} onOpen
 * @property {() => void} onClose
 * @property {(sentence: string) => void} onRefuse the field was left with something that is no number
 * @property {(by: 1 | -1) => EditedNumber | null} neighbor
 * @property {() => void} focusCell
 */

/** What a turn of the wheel has to move for one step, in pixels. */
const WHEEL_STEP = 50;
/** Steps of an arrow key with Shift. */
const LARGE_STEP = 10;
/** Digits in large cells: their part of the height, and the largest, in pixels. */
const [LARGE_DIGITS, LARGEST_DIGITS] = [0.4, 24];
/** The height of a field over a small cell, in pixels. */
const LEAST_HEIGHT = 24;
/** Space between a field and the edge of its host, in pixels. */
const MARGIN = 4;
/** The start of a number: somebody is still typing. */
const BEGINNING = /^[-+\u2212\u2013]?\d*[.,]?\d*(e[-+\u2212]?\d*|\/\d*)?$/i;

/** @param {HTMLElement} host the positioned element that it is laid over */
export function createNumberField(host) {
  const problem = build(["p", { class: "field-error", role: "alert", id: "edit-problem" }]);
  const input = /** @type {HTMLInputElement} */ (
    build([
      "input",
      {
        inputmode: "decimal",
        autocomplete: "off",
        spellcheck: "false",
        "aria-describedby": "edit-problem",
        "data-part": "edit-number",
      },
    ])
  );
  const below = build(["div", keypad(() => input), problem]);
  const box = build(["div", { class: "edit-number", hidden: true }, input, below]);
  /** @type {EditedNumber | null} */
  let edited = null;
  /** The number as it was shown last: what differs was typed. */
  let shown = "";
  let wheel = 0;

  /** @param {string} text */
  function setNumber(text) {
    shown = text;
    input.value = text.replace("-", "−");
    showProblem("");
  }

  /** @param {string} sentence */
  function showProblem(sentence) {
    problem.textContent = sentence;
    input.setAttribute("aria-invalid", String(sentence !== ""));
    place();
  }

  /** Changes the number by steps. @param {number} by */
  function step(by) {
    if (!edited) return;
    setNumber(stepNumber(parseNumber(input.value) ?? shown, by, edited.unit));
    edited.onChange(shown);
  }

  /** Takes what was typed. @returns {boolean} whether it is a number */
  function commit() {
    const number = parseNumber(input.value);
    if (number === null) {
      showProblem(CONTROLS.notANumber(input.value));
      return false;
    }
    if (number !== shown) {
      setNumber(number);
      edited?.onChange(number);
    }
    return true;
  }

  /** Lays the field over its cell; closes it where the cell is gone. */
  function place() {
    if (!edited) return;
    const rect = edited.rect();
    if (!rect) return close();
    const around = host.getBoundingClientRect();
    const keepInside = (/** @type {number} */ left, /** @type {number} */ width) =>
      Math.max(MARGIN, Math.min(left, around.width - width - MARGIN));
    input.style.fontSize = `${Math.min(Math.max(rect.height * LARGE_DIGITS, isTouched() ? 16 : 15), LARGEST_DIGITS)}px`;
    const [width, height] = [Math.max(rect.width, measureText(input)), Math.max(rect.height, LEAST_HEIGHT)];
    const left = keepInside(rect.left + (rect.width - width) / 2 - around.left, width);
    box.style.left = `${left + host.scrollLeft}px`;
    box.style.top = `${rect.top + (rect.height - height) / 2 - around.top + host.scrollTop}px`;
    input.style.width = `${width}px`;
    input.style.height = `${height}px`;
    below.style.left = `${keepInside(left, below.offsetWidth) - left}px`;
    box.classList.toggle("above", rect.bottom + below.offsetHeight + 2 * MARGIN > around.bottom);
  }

  function close() {
    const before = edited;
    edited = null;
    box.hidden = true;
    before?.onClose();
  }

  /** Closes the field. Its cell has the focus again, unless a mouse or a finger opened the field. */
  function leave() {
    const before = edited;
    close();
    if (isFocusByPointer()) input.blur();
    else before?.focusCell();
  }

  /** @param {KeyboardEvent} event */
  function handleKey(event) {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || !edited) return;
    const { key, shiftKey } = event;
    if (key === "ArrowUp" || key === "ArrowDown") {
      event.preventDefault();
      step((key === "ArrowUp" ? 1 : -1) * (shiftKey ? LARGE_STEP : 1));
    } else if (key === "Enter") {
      event.preventDefault();
      if (commit()) leave();
    } else if (key === "Escape") {
      event.preventDefault();
      edited.onTakeBack();
      leave();
    } else if (key === " ") {
      event.preventDefault();
      if (!commit()) return;
      leave();
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", event)); // no number has one: the figure goes on
    } else if (key === "Tab") {
      if (!commit()) return event.preventDefault();
      const next = edited.neighbor(shiftKey ? -1 : 1);
      if (!next) return leave(); // and on from the cell
      event.preventDefault();
      open(next);
    }
  }

  /** @param {EditedNumber} next */
  function show(next) {
    if (edited) close();
    edited = next;
    if (!box.isConnected) host.append(box);
    box.hidden = false;
    box.classList.toggle("of-input", next.isInput === true);
    input.setAttribute("aria-label", next.name);
    setNumber(next.text);
    next.onOpen();
  }

  /** @param {EditedNumber} next @param {string} [typed] a first character that takes the place of the number */
  function open(next, typed = "") {
    show(next);
    input.focus({ preventScroll: true });
    if (typed) input.value = typed;
    else input.select();
  }

  input.addEventListener("keydown", handleKey);
  input.addEventListener("input", () => {
    showProblem(BEGINNING.test(input.value.trim()) ? "" : CONTROLS.notANumber(input.value));
  });
  input.addEventListener("blur", () => {
    if (!edited) return;
    const { onRefuse } = edited;
    const isNumber = commit();
    const sentence = problem.textContent ?? "";
    close();
    if (!isNumber) onRefuse(sentence);
  });
  box.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      wheel += event.deltaY;
      if (Math.abs(wheel) < WHEEL_STEP) return;
      step(wheel < 0 ? 1 : -1);
      wheel = 0;
    },
    { passive: false },
  );
  listenDrags(box, ({ target }) => {
    if (target !== input) return null;
    let last = 0;
    return {
      start: () => input.setSelectionRange(input.value.length, input.value.length),
      move(steps) {
        step(steps - last);
        last = steps;
      },
      end() {},
    };
  });

  return {
    open,
    /** Shows a number that is dragged; it takes no focus. */
    show,
    step,
    place,
    close,
    isOpen: () => edited !== null,
  };
}

/** The width that a field's text needs. @param {HTMLInputElement} input */
function measureText(input) {
  return (input.value.length + 0.8) * parseFloat(getComputedStyle(input).fontSize) * 0.61;
}

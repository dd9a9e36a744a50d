/** A field for one number, exactly over the cell that shows it. */

import { listenDrags } from "convoscope/features/editing/vertical-drag.js";
import { stepNumber } from "convoscope/pure/filter-numbers.js";
import { parseNumber } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { keypad } from "convoscope/ui/controls/number-grid.js";
import { build } from "convoscope/ui/dom.js";

/**
 * A number that is edited.
 * @typedef {object} EditedNumber
 * @property {string} name
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
  const box = build([
    "div",
    { class: "edit-number", hidden: true },
    input,
    build(["div", keypad(() => input), problem]),
  ]);
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
    place();
  }

  /** @param {string} sentence */
  function showProblem(sentence) {
    problem.textContent = sentence;
    input.setAttribute("aria-invalid", String(sentence !== ""));
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
    const width = Math.max(rect.width, measureText(input));
    const left = Math.min(
      Math.max(rect.left + (rect.width - width) / 2 - around.left, MARGIN),
      around.width - width - MARGIN,
    );
    box.style.left = `${left + host.scrollLeft}px`;
    box.style.top = `${rect.top - around.top + host.scrollTop}px`;
    input.style.width = `${width}px`;
    input.style.height = `${rect.height}px`;
    box.classList.toggle("at-end", left > around.width / 2);
  }

  function close() {
    const before = edited;
    edited = null;
    box.hidden = true;
    before?.onClose();
  }

  /** Closes the field and gives the focus back to its cell. */
  function leave() {
    const before = edited;
    close();
    before?.focusCell();
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
    place();
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
  return (input.value.length + 1.5) * parseFloat(getComputedStyle(input).fontSize) * 0.61;
}

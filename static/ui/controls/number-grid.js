/**
 * A grid of number inputs for filters and images. It accepts decimals, fractions and pasted grids; its keypad adds the
 * keys that phones' number pads lack.
 */

import { parseNumber, resizePlane } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { createPasting, isBlock, preloadParser } from "convoscope/ui/controls/paste-numbers.js";
import { build } from "convoscope/ui/dom.js";

/** @typedef {ReturnType<typeof createNumberInputs>} NumberInputs */

/** The controls for typing numbers, loaded when they are first needed. */
export function createNumberInputs() {
  return { numberGrid, sizeFields, pasting: createPasting() };
}

/**
 * @param {object} options
 * @param {string[][]} options.plane
 * @param {string} options.name what the cells belong to, for their labels
 * @param {string} options.key
 * @param {(plane: string[][]) => void} options.onChange
 * @param {(text: string, row: number, col: number) => Promise<string>} options.onBlock applies a pasted block of
 * numbers; resolves to an error message, empty on success
 * @returns {HTMLElement}
 */
function numberGrid({ plane, name, key, onChange, onBlock }) {
  const columns = plane[0].length;
  const error = build(["p", { class: "field-error", role: "alert" }]);
  /** @type {HTMLInputElement[]} */
  const inputs = plane.flatMap((line, row) => line.map((text, col) => createCell(text, row, col)));
  const longest = Math.max(2, ...plane.flat().map((text) => text.length));
  const grid = build([
    "div",
    {
      class: "typed",
      role: "group",
      "aria-label": name,
      style: { "--columns": columns, "--width": `${Math.max(columns < 8 ? 27 : 24, Math.ceil(longest * 7.6) + 2)}px` },
    },
    ...inputs,
  ]);
  return build([
    "div",
    { class: "typed-box" },
    grid,
    keypad(() => /** @type {HTMLInputElement | null} */ (grid.querySelector("input.last"))),
    error,
  ]);

  /** @param {string} text @param {number} row @param {number} col */
  function createCell(text, row, col) {
    const input = /** @type {HTMLInputElement} */ (
      build([
        "input",
        {
          value: text.replace("-", "−"),
          inputmode: "decimal",
          autocomplete: "off",
          spellcheck: "false",
          "data-key": `${key}-${row}-${col}`,
          "aria-label": CONTROLS.typedCell(name, row, col),
        },
      ])
    );
    input.addEventListener("focus", () => {
      for (const other of inputs) other.classList.toggle("last", other === input);
      input.select();
      preloadParser();
    });
    input.addEventListener("input", () => commit(input, row, col));
    input.addEventListener("keydown", (event) => moveFocus(event, row, col));
    input.addEventListener("paste", (event) => pasteBlock(event, row, col));
    return input;
  }

  /** @param {HTMLInputElement} input @param {number} row @param {number} col */
  function commit(input, row, col) {
    const number = parseNumber(input.value);
    input.setAttribute("aria-invalid", String(number === null));
    error.textContent = number === null ? CONTROLS.notANumber(input.value) : "";
    if (number !== null && number !== plane[row][col]) {
      plane = plane.with(row, plane[row].with(col, number));
      onChange(plane);
    }
  }

  /** Moves the focus with the arrow keys. @param {KeyboardEvent} event @param {number} row @param {number} col */
  function moveFocus(event, row, col) {
    const by = /** @type {Record<string, [number, number]>} */ ({ ArrowDown: [1, 0], Enter: [1, 0], ArrowUp: [-1, 0] })[
      event.key
    ];
    event.stopPropagation();
    if (!by) return;
    const to = inputs[(row + by[0]) * columns + col + by[1]];
    if (to) {
      event.preventDefault();
      to.focus();
    }
  }

  /** @param {ClipboardEvent} event @param {number} row @param {number} col */
  async function pasteBlock(event, row, col) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isBlock(text)) return;
    event.preventDefault();
    error.textContent = await onBlock(text, row, col);
  }
}

/** Buttons for the keys that phones' number pads lack. @param {() => HTMLInputElement | null} target */
export function keypad(target) {
  const keys = ["−", ".", "/"].map(
    (sign) =>
      /** @type {import("convoscope/ui/dom.js").Description} */ ([
        "button",
        {
          type: "button",
          class: "button",
          "aria-label": CONTROLS.sign(sign),
          onpointerdown: (/** @type {Event} */ event) => event.preventDefault(),
          onclick: () => insertSign(target(), sign),
        },
        sign,
      ]),
  );
  return build(["div", { class: "keypad", role: "group", "aria-label": CONTROLS.keypad }, ...keys]);
}

/** @param {HTMLInputElement | null} input @param {string} sign */
function insertSign(input, sign) {
  if (!input) return;
  const text = input.value.replace("-", "−");
  if (sign === "−") input.value = text.startsWith("−") ? text.slice(1) : `−${text}`;
  else if (!text.includes(sign)) input.value = `${text}${sign}`;
  input.focus();
  input.setSelectionRange(input.value.length, input.value.length);
  input.dispatchEvent(new Event("input"));
}

/**
 * Two fields for a grid's numbers of rows and columns.
 * @param {string[][]} plane @param {[number, number]} most @param {string} key
 * @param {(plane: string[][]) => void} onChange
 */
function sizeFields(plane, most, key, onChange) {
  const field = (
    /** @type {string} */ label,
    /** @type {number} */ value,
    /** @type {number} */ limit,
    /** @type {(n: number) => string[][]} */ make,
  ) =>
    build([
      "label",
      { class: "sized" },
      label,
      [
        "input",
        {
          class: "field",
          type: "number",
          min: 1,
          max: limit,
          value,
          "data-key": `${key}-${label}`,
          onchange: (/** @type {Event} */ event) => {
            const input = /** @type {HTMLInputElement} */ (event.target);
            const n = Number(input.value);
            const fits = Number.isInteger(n) && n >= 1 && n <= limit;
            input.setAttribute("aria-invalid", String(!fits));
            input.setCustomValidity(fits ? "" : CONTROLS.between(1, limit));
            input.reportValidity();
            if (fits) onChange(make(n));
          },
        },
      ],
    ]);
  const [rows, columns] = [plane.length, plane[0].length];
  return build([
    "div",
    { class: "row" },
    field(CONTROLS.rows, rows, most[0], (n) => resizePlane(plane, n, columns)),
    field(CONTROLS.columns, columns, most[1], (n) => resizePlane(plane, rows, n)),
  ]);
}

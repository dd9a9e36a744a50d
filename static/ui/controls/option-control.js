/**
 * Builds the control of one option from the option table: a label with an explanation, and an input for its kind.
 */

import { parseNumber } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { build } from "convoscope/ui/dom.js";

/** @import {Option, Stage} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * @typedef {object} OptionSetting
 * @property {Option} option
 * @property {unknown} value the value in the scene; undefined for the default
 * @property {unknown} [resolved] the effective default here
 * @property {Stage | null} stage
 * @property {(value: unknown) => void} onChange undefined restores the default
 */

/** @param {OptionSetting} setting @returns {Description} */
export function optionRow(setting) {
  const make = CONTROL_OF_KIND[setting.option.kind] ?? textField;
  return ["div", { class: "row", "data-field": setting.option.name }, labelButton(setting), make(setting)];
}

/** @param {OptionSetting} setting @returns {Description} */
function labelButton({ option, stage, onChange }) {
  const words = option.letter
    ? [`${option.label} `, /** @type {Description} */ (["b", option.letter])]
    : [option.label];
  return [
    "button",
    {
      type: "button",
      class: "label",
      "aria-haspopup": "dialog",
      onclick: (/** @type {Event} */ event) =>
        showExplanation(/** @type {HTMLElement} */ (event.currentTarget), option, stage, onChange),
    },
    ...words,
  ];
}

/**
 * Loads the explanations on the first click on a label, then opens one.
 * @param {HTMLElement} label @param {Option} option @param {Stage | null} stage @param {(value: unknown) => void} onTry
 */
async function showExplanation(label, option, stage, onTry) {
  const { openExplanation } = await import("convoscope/ui/controls/explanation.js");
  if (label.isConnected) openExplanation(label, option, stage, onTry);
}

/** @type {Record<string, (setting: OptionSetting) => Description>} */
const CONTROL_OF_KIND = {
  whole: stepper,
  pair: stepper,
  padding: paddingControl,
  flag: checkbox,
  word: selectMenu,
  number: textField,
  numbers: textField,
  shift: textField,
};

/** @param {OptionSetting} setting */
function currentValue({ option, value, resolved }) {
  return value ?? resolved ?? option.default;
}

/** @param {OptionSetting} setting @returns {Description} */
function stepper(setting) {
  const { option, onChange } = setting;
  const now = currentValue(setting);
  const step = option.step ?? 1;
  const by = (/** @type {number} */ change) => () => {
    const next = Array.isArray(now) ? now.map((side) => Number(side) + change) : Number(now) + change;
    const sides = Array.isArray(next) ? next : [next];
    if (sides.every((side) => side >= option.least && side <= option.most)) onChange(next);
  };
  const least = Array.isArray(now) ? Math.min(...now.map(Number)) : Number(now);
  const most = Array.isArray(now) ? Math.max(...now.map(Number)) : Number(now);
  return [
    "span",
    { class: "stepper" },
    [
      "button",
      {
        type: "button",
        "aria-label": CONTROLS.less(option.label),
        disabled: least <= option.least,
        "data-key": `${option.name}-less`,
        onclick: by(-step),
      },
      "−",
    ],
    ["input", textAttributes(setting, formatPair(now), (text) => readValue(option, text))],
    [
      "button",
      {
        type: "button",
        "aria-label": CONTROLS.more(option.label),
        disabled: most >= option.most,
        "data-key": `${option.name}-more`,
        onclick: by(step),
      },
      "+",
    ],
  ];
}

/** @param {OptionSetting} setting @returns {Description} */
function paddingControl(setting) {
  const { option, onChange } = setting;
  const now = currentValue(setting);
  const isLine = setting.stage?.input_shape?.[1] === 1;
  const names = option.choices.filter((name) => name === now || (name === "causal" ? isLine : name !== "full"));
  const sides = Array.isArray(now) ? now.map(Number) : paddingSides(setting.stage);
  const step = (/** @type {number} */ change) => () => onChange(sides.map((side) => Math.max(0, side + change)));
  return [
    "span",
    { class: "together" },
    [
      "span",
      { class: "choices", role: "group", "aria-label": option.label },
      ...names.map(
        (name) =>
          /** @type {Description} */ ([
            "button",
            {
              type: "button",
              "aria-pressed": String(now === name),
              "data-key": `padding-${name}`,
              onclick: () => onChange(name),
            },
            CONTROLS.choice(name),
          ]),
      ),
    ],
    [
      "span",
      { class: "stepper small-stepper" },
      [
        "button",
        {
          type: "button",
          "aria-label": CONTROLS.less(option.label),
          disabled: Math.max(...sides) === 0,
          "data-key": "padding-less",
          onclick: step(-1),
        },
        "−",
      ],
      ["input", textAttributes(setting, formatSides(sides), (text) => readPadding(setting.option, text))],
      [
        "button",
        { type: "button", "aria-label": CONTROLS.more(option.label), "data-key": "padding-more", onclick: step(1) },
        "+",
      ],
    ],
  ];
}

/** @param {Stage | null} stage */
function paddingSides(stage) {
  const [rows, columns] = [stage?.rows, stage?.columns];
  return rows && columns ? [rows.before, rows.after, columns.before, columns.after] : [0, 0, 0, 0];
}

/** @param {OptionSetting} setting @returns {Description} */
function checkbox(setting) {
  const { option, onChange } = setting;
  return [
    "input",
    {
      type: "checkbox",
      class: "tick",
      checked: Boolean(currentValue(setting)),
      "aria-label": option.label,
      "data-key": option.name,
      onchange: (/** @type {Event} */ event) => onChange(/** @type {HTMLInputElement} */ (event.target).checked),
    },
  ];
}

/** @param {OptionSetting} setting @returns {Description} */
function selectMenu(setting) {
  const { option, onChange } = setting;
  const now = currentValue(setting);
  return [
    "select",
    {
      class: "field",
      "aria-label": option.label,
      "data-key": option.name,
      onchange: (/** @type {Event} */ event) => onChange(/** @type {HTMLSelectElement} */ (event.target).value),
    },
    ...option.choices.map(
      (choice) =>
        /** @type {Description} */ (["option", { value: choice, selected: choice === now }, CONTROLS.choice(choice)]),
    ),
  ];
}

/** @param {OptionSetting} setting @returns {Description} */
function textField(setting) {
  const now = currentValue(setting);
  const text =
    setting.option.kind === "shift" ? formatPair(now) : Array.isArray(now) ? now.join(", ") : String(now ?? "");
  return [
    "input",
    {
      ...textAttributes(setting, text.replaceAll("-", "−"), (typed) => readValue(setting.option, typed)),
      class: "field",
    },
  ];
}

/**
 * Attributes of a text field that reports readable values, and marks unreadable text as invalid without clearing it.
 * @param {OptionSetting} setting @param {string} text
 * @param {(text: string) => unknown} read undefined if it cannot be read
 */
function textAttributes({ option, onChange }, text, read) {
  return {
    value: text,
    "aria-label": option.label,
    "data-key": option.name,
    autocomplete: "off",
    spellcheck: "false",
    onkeydown: (/** @type {KeyboardEvent} */ event) =>
      event.key === "Enter" && /** @type {HTMLElement} */ (event.target).blur(),
    onchange: (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const value = read(input.value);
      input.setAttribute("aria-invalid", String(value === undefined));
      input.setCustomValidity(value === undefined ? CONTROLS.cannotRead(option, input.value) : "");
      if (value === undefined) input.reportValidity();
      else onChange(value);
    },
  };
}

/** @param {Option} option @param {string} text @returns {unknown} */
function readValue(option, text) {
  const plain = text.trim().replaceAll("−", "-");
  if (option.kind === "numbers" || option.kind === "number") return readNumbers(plain);
  const sides = plain.split(/\s*[x×,;]\s*/).map((side) => (/^-?\d{1,9}$/.test(side) ? Number(side) : NaN));
  if (sides.length > 2 || sides.some((side) => !(side >= option.least && side <= option.most))) return undefined;
  if (sides.some((side) => side % (option.step ?? 1))) return undefined;
  if (option.kind === "whole") return sides.length === 1 ? sides[0] : undefined;
  return [sides[0], sides[sides.length - 1]];
}

/** @param {string} text */
function readNumbers(text) {
  const numbers = text
    .replace(/^\(|\)$/g, "")
    .split(/\s*[,;]\s+|\s+|;|,(?=-?\d+,)/)
    .filter(Boolean)
    .map(parseNumber);
  if (!numbers.length || numbers.includes(null)) return undefined;
  return numbers.length === 1 ? numbers[0] : numbers;
}

/** @param {Option} option @param {string} text @returns {unknown} */
function readPadding(option, text) {
  const plain = text.trim().toLowerCase();
  if (option.choices.includes(plain)) return plain;
  const sides = plain
    .replace(/^\(|\)$/g, "")
    .split(/\s*[x×,;]\s*|\s+/)
    .map((side) => (/^\d{1,9}$/.test(side) ? Number(side) : NaN));
  if (sides.some((side) => !(side >= option.least && side <= option.most))) return undefined;
  if (sides.length === 1) return [sides[0], sides[0], sides[0], sides[0]];
  if (sides.length === 2) return [sides[0], sides[0], sides[1], sides[1]];
  return sides.length === 4 ? sides : undefined;
}

/** @param {unknown} value */
function formatPair(value) {
  if (!Array.isArray(value)) return String(value ?? "");
  return value[0] === value[1] ? String(value[0]) : `${value[0]} × ${value[1]}`;
}

/** @param {number[]} sides */
function formatSides([top, bottom, left, right]) {
  if (top === bottom && left === right) return top === left ? String(top) : `${top} × ${left}`;
  return `${top},${bottom},${left},${right}`;
}

/**
 * A button with only an icon.
 * @param {string} label @param {string} sign @param {() => void} onclick @param {boolean} [disabled]
 */
export function iconButton(label, sign, onclick, disabled = false) {
  return build([
    "button",
    { type: "button", class: "icon", "aria-label": label, title: label, disabled, "data-key": label, onclick },
    sign,
  ]);
}

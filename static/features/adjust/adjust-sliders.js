/** The sliders and buttons that change a picture on purpose. Each drag of a slider is one step of the history. */

import { adjustBy, adjustmentOf, readNumber, writeNumber } from "convoscope/features/adjust/adjustments.js";
import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { build } from "convoscope/ui/dom.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Option, Trace} from "convoscope/pure/types.js" */
/** @typedef {(edit: Edit, gesture: object) => void} ChangePicture */

/**
 * @typedef {object} SliderKind
 * @property {string} name of the adjustment
 * @property {number} [part] of a pair: 0 for rows, 1 for columns
 * @property {number} step
 * @property {number} [most] where a slider ends before the limit of the adjustment
 */

/** @type {SliderKind[]} */
const SLIDERS = [
  { name: "brightness", step: 0.05, most: 2 },
  { name: "contrast", step: 0.05, most: 2 },
  { name: "turn", step: 1 },
  { name: "shift", part: 0, step: 1 },
  { name: "shift", part: 1, step: 1 },
  { name: "noise", step: 1 },
];

/** Names of the adjustments that have a slider here, and of the buttons that mirror. */
const ALL = [...SLIDERS.map(({ name }) => name), "flip"];

/** @param {Option[]} options @param {ChangePicture} change @param {string[]} [names] the adjustments that are offered */
export function createAdjustSliders(options, change, names = ALL) {
  const kinds = SLIDERS.filter(({ name }) => names.includes(name));
  const rows = kinds.map((kind) => createSlider(kind, findOption(options, kind.name), change));
  const flips = names.includes("flip") ? [createFlipButtons(findOption(options, "flip"), change)] : [];
  const all = [...rows, ...flips];
  return {
    elements: all.map(({ element }) => element),
    /** @param {Trace} trace */
    show(trace) {
      for (const row of all) row.show(trace);
    },
  };
}

/** @param {Option[]} options @param {string} name */
export function findOption(options, name) {
  return /** @type {Option} */ (options.find((option) => option.name === name));
}

/** @param {SliderKind} kind @param {Option} option @param {ChangePicture} change */
function createSlider({ name, part, step, most = Infinity }, option, change) {
  const key = part === undefined ? name : `${name}-${part ? "columns" : "rows"}`;
  const label = part === undefined ? option.label : ADJUST.shift(part);
  /** One drag, until the slider is let go. */
  let gesture = {};
  /** @type {Trace | null} */
  let shown = null;
  const slider = /** @type {HTMLInputElement} */ (
    build(["input", { type: "range", step, "aria-label": label, "data-adjust": key, oninput: drag, onchange: rest }])
  );
  const field = /** @type {HTMLInputElement} */ (
    build([
      "input",
      {
        type: "number",
        class: "field",
        step: "any",
        min: option.least,
        max: option.most,
        "aria-label": ADJUST.exactly(label),
        "data-adjust-field": key,
        onchange: type,
      },
    ])
  );
  const element = build(["label", { class: "adjust-row", title: option.help }, ["span", label], slider, field]);

  function drag() {
    send(slider.valueAsNumber);
    field.value = slider.value;
  }

  function rest() {
    gesture = {};
  }

  function type() {
    const isValid = field.value !== "" && field.checkValidity() && (part === undefined || isWhole(field.valueAsNumber));
    field.setAttribute("aria-invalid", String(!isValid));
    if (!isValid) field.reportValidity();
    else send(field.valueAsNumber);
    rest();
  }

  /** @param {number} value */
  function send(value) {
    if (part === undefined) return change(adjustBy(option, writeNumber(value)), gesture);
    change((scene) => {
      const pair = [...adjustmentOf(scene, option)];
      pair[part] = value;
      return adjustBy(option, pair)(scene);
    }, gesture);
  }

  return {
    element,
    /** @param {Trace} trace */
    show(trace) {
      const isSame = shown?.scene.adjust === trace.scene.adjust && shown !== null;
      shown = trace;
      const given = adjustmentOf(trace.scene, option);
      const value = part === undefined ? readNumber(given) : given[part];
      const side = part === undefined ? most : trace.stages[0].shape[1 + part];
      slider.min = String(Math.min(value, Math.max(option.least, -side)));
      slider.max = String(Math.max(value, Math.min(option.most, side)));
      if (!isSame || document.activeElement !== slider) slider.value = String(value);
      if (document.activeElement !== field || !field.matches("[aria-invalid=true]")) field.value = writeNumber(value);
    },
  };
}

/** @param {number} value */
function isWhole(value) {
  return Number.isInteger(value);
}

/** Two buttons that mirror the picture. @param {Option} option @param {ChangePicture} change */
function createFlipButtons(option, change) {
  let now = "";
  const buttons = ["h", "v"].map((side) =>
    build([
      "button",
      {
        type: "button",
        "aria-pressed": "false",
        "aria-label": ADJUST.flipHelp(side),
        "data-flip": side,
        onclick: () => {
          const sides = ["h", "v"].filter((one) => now.includes(one) !== (one === side)).join("");
          change(adjustBy(option, sides), {});
        },
      },
      ADJUST.flip(side),
    ]),
  );
  return {
    element: build(["div", { class: "choices wide", role: "group", "aria-label": option.label }, ...buttons]),
    /** @param {Trace} trace */
    show(trace) {
      now = String(adjustmentOf(trace.scene, option));
      for (const button of buttons)
        button.setAttribute("aria-pressed", String(now.includes(String(button.dataset.flip))));
    },
  };
}

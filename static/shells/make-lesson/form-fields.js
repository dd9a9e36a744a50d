/** The fields of the form of a lesson: each writes into one key of a value. */

import { build } from "convoscope/ui/dom.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {{onChange: () => void, onShape: (focused?: string) => void, onRemove: (index: number) => void}} Events */

/**
 * A line or a text area.
 * @param {string} label @param {any} value @param {string} name of the key in `value`
 * @param {{key: string, onChange: () => void, rows?: number, help?: string, of?: (text: string) => string}} options
 * `key` is that of the field on the page, `of` changes what was written before it is kept
 * @returns {HTMLElement}
 */
export function textField(label, value, name, { key, onChange, rows = 0, help = "", of = (text) => text }) {
  const attributes = {
    class: "field",
    "data-key": key,
    oninput: (/** @type {Event} */ event) => {
      value[name] = of(/** @type {HTMLInputElement} */ (event.target).value);
      onChange();
    },
  };
  const field = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (
    build(rows ? ["textarea", { ...attributes, rows }] : ["input", attributes])
  );
  field.value = value[name];
  return build(["label", { class: "make-field" }, ["span", label], field, help && ["small", { class: "muted" }, help]]);
}

/**
 * Names in one line, with a mark between them.
 * @param {string} label @param {any} value @param {string} name
 * @param {{key: string, onChange: () => void, mark: string, help: string}} options
 */
export function listField(label, value, name, { key, onChange, mark, help }) {
  const shown = { line: value[name].join(`${mark} `) };
  const keep = () => {
    value[name] = shown.line
      .split(mark)
      .map((/** @type {string} */ part) => part.trim())
      .filter(Boolean);
    onChange();
  };
  return textField(label, shown, "line", { key, help, onChange: keep });
}

/**
 * A list of choices.
 * @param {string} label @param {[value: string, words: string][]} choices @param {string} chosen
 * @param {string} key @param {(value: string) => void} onChoose
 */
export function choiceField(label, choices, chosen, key, onChoose) {
  const options = choices.map(
    ([value, words]) => /** @type {Description} */ (["option", { value, selected: value === chosen }, words]),
  );
  const onchange = (/** @type {Event} */ event) => onChoose(/** @type {HTMLSelectElement} */ (event.target).value);
  return build([
    "label",
    { class: "make-field" },
    ["span", label],
    ["select", { class: "field", "data-key": key, onchange }, ...options],
  ]);
}

/** @param {string} words @param {string} key @param {() => void} onclick @param {Record<string, any>} [more] */
export function pushButton(words, key, onclick, more = {}) {
  return build(["button", { type: "button", class: "button", "data-key": key, onclick, ...more }, words]);
}

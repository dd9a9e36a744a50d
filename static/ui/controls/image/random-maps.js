/** The controls of a random input: how many maps, of which size, and the seed of their numbers. */

import { changeScene } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, Stage, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {(edit: Edit, view?: Partial<View>) => void} OnEdit */

const MOST_MAPS = 65536;
const MOST_SEED = 999999999;

/**
 * The maps and the seed of a random input; null for other images.
 * @param {Scene} scene @returns {{random: [number, number, number], seed: number} | null}
 */
export function randomMaps(scene) {
  return "random" in scene.image ? /** @type {any} */ (scene.image) : null;
}

/**
 * Four fields, and a button that turns the middle of the first map into typed numbers.
 * @param {{random: [number, number, number], seed: number}} maps @param {Stage} input
 * @param {{side: number, onEdit: OnEdit, onType: () => void}} context `side`: the most cells on a side
 * @returns {Description[]}
 */
export function randomMapRows({ random, seed }, input, { side, onEdit, onType }) {
  const write = (/** @type {number[]} */ size, /** @type {number} */ by) =>
    onEdit(changeScene({ image: { random: size, seed: by } }), { at: null });
  const sized = (/** @type {number} */ at, /** @type {string} */ label, /** @type {number} */ most) =>
    numberField(label, random[at], 1, most, (value) => write(random.with(at, value), seed));
  return [
    ["p", ["b", input.image?.title ?? ""]],
    [
      "div",
      { class: "row" },
      sized(0, CONTROLS.maps, MOST_MAPS),
      numberField(CONTROLS.seed, seed, 0, MOST_SEED, (value) => write(random, value)),
    ],
    ["div", { class: "row" }, sized(1, CONTROLS.rows, side), sized(2, CONTROLS.columns, side)],
    ["p", { class: "small muted" }, CONTROLS.randomMapsHelp],
    linkButton("type-numbers", CONTROLS.typeNumbers, onType),
  ];
}

/**
 * The button that replaces typed numbers by random maps of their size.
 * @param {string[][][]} planes @param {OnEdit} onEdit @returns {Description}
 */
export function randomMapsButton(planes, onEdit) {
  const random = [planes.length, planes[0].length, planes[0][0].length];
  return linkButton("random-maps", CONTROLS.randomMaps, () =>
    onEdit(changeScene({ image: { random, seed: 1 } }), { at: null }),
  );
}

/** @param {string} key @param {string} label @param {() => void} onclick @returns {Description} */
function linkButton(key, label, onclick) {
  return ["div", { class: "links" }, ["button", { type: "button", class: "link", "data-key": key, onclick }, label]];
}

/**
 * @param {string} label @param {number} value @param {number} least @param {number} most
 * @param {(value: number) => void} onValue
 * @returns {Description}
 */
export function numberField(label, value, least, most, onValue) {
  return [
    "label",
    { class: "sized" },
    label,
    [
      "input",
      {
        class: "field",
        type: "number",
        min: least,
        max: most,
        value,
        "data-key": `random-${label}`,
        onchange: (/** @type {Event} */ event) => {
          const input = /** @type {HTMLInputElement} */ (event.target);
          const number = Number(input.value);
          const fits = input.value !== "" && Number.isInteger(number) && number >= least && number <= most;
          input.setAttribute("aria-invalid", String(!fits));
          input.setCustomValidity(fits ? "" : CONTROLS.between(least, most));
          input.reportValidity();
          if (fits) onValue(number);
        },
      },
    ],
  ];
}

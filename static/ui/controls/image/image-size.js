/** The image's size, crop and color. */

import { changeScene } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Cells per side for "See the numbers" and "See the effect". */
const NUMBERS_SIDE = 16;
const EFFECT_SIDE = 256;
/** The value of the menu while the picture is smaller than the size that was chosen. */
const SHOWN_SIZE = "shown";

/**
 * @param {HTMLElement} root @param {Record<string, any>} tables
 * @param {(edit: Edit, view?: Partial<View>) => void} onEdit
 */
export function createImageSize(root, tables, onEdit) {
  /** @param {Trace} trace */
  async function chooseCrop(trace) {
    const { openCropDialog } = await import("convoscope/ui/controls/image/crop.js");
    if (!document.querySelector("dialog[open]"))
      openCropDialog(root, trace, tables, (crop, size) => onEdit(changeScene({ crop, size }), { at: null }));
  }

  /** @param {Trace} trace @param {() => View} view returns the current view @returns {Description[]} */
  return (trace, view) => {
    const { scene } = trace;
    const [, rows, columns] = trace.stages[0].shape;
    const size = scene.size[0] === scene.size[1] ? String(scene.size[0]) : scene.size.join("x");
    const shown = rows === columns ? String(rows) : `${rows}x${columns}`;
    const isSmaller = shown !== size; // the picture has fewer pixels, and is not enlarged
    const others = tables.sizes.map(String).includes(size) ? tables.sizes : [...tables.sizes, size];
    const sizes = isSmaller ? [SHOWN_SIZE, ...others] : others;
    const selected = isSmaller ? SHOWN_SIZE : size;
    const resize = (/** @type {string} */ text) =>
      onEdit(changeScene({ size: parseSize(text) }), viewForSize(view(), trace, parseSize(text)));
    return [
      [
        "div",
        { class: "choices wide", role: "group", "aria-label": CONTROLS.zoom },
        [
          "button",
          {
            type: "button",
            "aria-pressed": String(Math.max(rows, columns) > 64),
            "data-key": "effect",
            "data-part": "effect",
            onclick: () =>
              onEdit(changeScene({ size: [EFFECT_SIDE, EFFECT_SIDE], crop: null }), {
                at: [65535, 65535],
                beat: "write",
              }),
          },
          CONTROLS.seeEffect,
        ],
        [
          "button",
          {
            type: "button",
            "aria-pressed": String(Math.max(rows, columns) <= NUMBERS_SIDE),
            "data-key": "numbers",
            "data-part": "numbers",
            onclick: () => onEdit(changeScene(cropAroundWindow(trace, view())), { at: null, beat: "sum" }),
          },
          CONTROLS.seeNumbers,
        ],
      ],
      [
        "div",
        { class: "row" },
        [
          "select",
          {
            class: "field",
            "aria-label": CONTROLS.cells,
            "data-key": "size",
            "data-part": "size",
            onchange: (/** @type {Event} */ event) => resize(/** @type {HTMLSelectElement} */ (event.target).value),
          },
          ...sizes.map(
            (/** @type {any} */ value) =>
              /** @type {Description} */ ([
                "option",
                { value: String(value), selected: String(value) === selected, disabled: value === SHOWN_SIZE },
                formatSize(value === SHOWN_SIZE ? shown : String(value)),
              ]),
          ),
        ],
        [
          "button",
          {
            type: "button",
            class: "link small",
            "data-key": "crop",
            "data-part": "choose-crop",
            onclick: () => chooseCrop(trace),
          },
          CONTROLS.chooseCrop,
        ],
        [
          "span",
          { class: "choices", role: "group", "aria-label": CONTROLS.colors },
          .../** @type {const} */ (["gray", "rgb"]).map(
            (channels) =>
              /** @type {Description} */ ([
                "button",
                {
                  type: "button",
                  "aria-pressed": String(scene.channels === channels),
                  "data-key": channels,
                  "data-channels": channels,
                  onclick: () => onEdit(changeScene({ channels }), { map: 0 }),
                },
                CONTROLS.channels(channels),
              ]),
          ),
        ],
      ],
    ];
  };
}

/** @param {string} text @returns {[number, number]} */
function parseSize(text) {
  const [rows, columns = rows] = text.split("x").map(Number);
  return [rows, columns];
}

/** @param {string} text */
function formatSize(text) {
  return parseSize(text).join(" × ");
}

/**
 * The view with its position scaled to another size.
 * @param {View} view @param {Trace} trace @param {[number, number]} size
 * @returns {Partial<View>}
 */
function viewForSize(view, trace, [rows, columns]) {
  if (!view.at) return {};
  const [, before, across] = trace.stages[0].shape;
  return { at: [Math.floor((view.at[0] * rows) / before), Math.floor((view.at[1] * columns) / across)] };
}

/**
 * A small crop around the window; cells keep their size in pixels.
 * @param {Trace} trace @param {View} view
 * @returns {Partial<Scene>}
 */
function cropAroundWindow(trace, view) {
  const [input] = trace.stages;
  const [, rows, columns] = input.shape;
  const [top, left, height, width] = input.image?.cut ?? [0, 0, rows, columns];
  const stage = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
  const at = view.at ?? stage.telling[view.map] ?? [0, 0];
  const [down, right] = [height / rows, width / columns];
  const middle = [(at[0] * rows) / stage.shape[1], (at[1] * columns) / stage.shape[2]];
  const side = [Math.min(NUMBERS_SIDE, rows), Math.min(NUMBERS_SIDE, columns)];
  const start = middle.map((cell, axis) =>
    Math.min(Math.max(0, Math.round(cell - side[axis] / 2)), [rows, columns][axis] - side[axis]),
  );
  const crop = [top + start[0] * down, left + start[1] * right, side[0] * down, side[1] * right].map(Math.round);
  return {
    size: [side[0], side[1]],
    crop: /** @type {[number, number, number, number]} */ (
      crop.map((value, i) => (i > 1 ? Math.max(1, value) : value))
    ),
  };
}

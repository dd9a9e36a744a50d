/** The image's size, crop and color. */

import { changeScene } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {PageTables, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The value of the menu while the picture is smaller than the size that was chosen. */
const SHOWN_SIZE = "shown";

/** @typedef {import("convoscope/ui/controls/image/crop.js").CropEvents["onPreview"]} ComputePreview */

/**
 * @param {HTMLElement} root @param {PageTables} tables
 * @param {(edit: Edit, view?: Partial<View>) => void} onEdit @param {ComputePreview} [onPreview]
 */
export function createImageSize(root, tables, onEdit, onPreview) {
  /** @param {Trace} trace @param {View} view */
  async function chooseCrop(trace, view) {
    const { openCropDialog } = await import("convoscope/ui/controls/image/crop.js");
    await openCropDialog(root, trace, view, tables, {
      onChoose: (crop, size) => onEdit(changeScene({ crop, size }), { at: null }),
      onPreview: onPreview ?? (async () => ""),
    });
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
            onclick: () => chooseCrop(trace, view()),
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

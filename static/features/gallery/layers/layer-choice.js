/** The choice among the layers with filters of a model: buttons side by side, a menu where there are many. */

import { GALLERY } from "convoscope/pure/strings/gallery-strings.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {FilterLayer} from "convoscope/features/gallery/gallery-state.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** More layers are a menu. */
const MOST_BUTTONS = 6;

/** @param {HTMLElement} host @param {(layer: string) => void} onLayer */
export function createLayerChoice(host, onLayer) {
  return {
    /** Shows the layers; one alone is no choice. @param {FilterLayer[]} layers @param {string} chosen */
    show(layers, chosen) {
      host.hidden = layers.length < 2;
      if (host.hidden) fill(host);
      else if (layers.length > MOST_BUTTONS) fill(host, menu(layers, chosen, onLayer));
      else fill(host, buttons(layers, chosen, onLayer));
    },
  };
}

/** @param {FilterLayer[]} layers @param {string} chosen @param {(layer: string) => void} onLayer @returns {Description} */
function buttons(layers, chosen, onLayer) {
  return [
    "span",
    { class: "choices", role: "group", "aria-label": GALLERY.layers },
    ...layers.map(
      ({ name }) =>
        /** @type {Description} */ ([
          "button",
          {
            type: "button",
            translate: "no",
            "aria-pressed": String(name === chosen),
            "data-key": `layer-${name}`,
            onclick: () => onLayer(name),
          },
          name,
        ]),
    ),
  ];
}

/** @param {FilterLayer[]} layers @param {string} chosen @param {(layer: string) => void} onLayer */
function menu(layers, chosen, onLayer) {
  const select = /** @type {HTMLSelectElement} */ (
    build([
      "select",
      {
        class: "field",
        "data-key": "layer-menu",
        "aria-label": GALLERY.layers,
        onchange: () => onLayer(select.value),
      },
      ...layerOptions(layers, chosen),
    ])
  );
  return select;
}

/**
 * The options of a menu of layers: their names and the shapes of their weights.
 * @param {{name: string, shape: number[]}[]} layers @param {string} chosen @returns {Description[]}
 */
export function layerOptions(layers, chosen) {
  return layers.map(({ name, shape }) => [
    "option",
    { value: name, selected: name === chosen },
    GALLERY.layerOption(name, shape),
  ]);
}

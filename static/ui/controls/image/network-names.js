/** An offer to name the picture with a trained network, and a word where the network was trained on other pictures. */

import { useNetwork } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";

/** @import {Network, PageTables, Scene, View} from "convoscope/pure/types.js" */
/** @import {OnEdit} from "convoscope/ui/controls/stage-strip.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The view of a network that is new: its answer. */
const OPENING = /** @type {Partial<View>} */ (/** @type {unknown} */ ({ stage: null, map: null, at: null }));
const DIGIT = /^\d$/;

/**
 * A row of buttons, one for each network.
 * @param {Scene} scene @param {Network[]} networks @param {OnEdit} onEdit
 * @returns {Description[]} empty where there are no networks
 */
export function describeNetworks(scene, networks, onEdit) {
  if (!networks.length) return [];
  const current = findNetwork(scene, networks);
  return [
    [
      "div",
      { class: "networks", role: "group", "aria-label": CONTROLS.nameItWith, "data-part": "networks" },
      ["b", { class: "small" }, CONTROLS.nameItWith],
      ...networks.map(
        (row) =>
          /** @type {Description} */ ([
            "button",
            {
              type: "button",
              class: "chip",
              translate: "no",
              "data-network": row.name,
              "data-key": `network-${row.name}`,
              "aria-pressed": String(row === current),
              title: CONTROLS.knows(row.title, row.names),
              onclick: () => onEdit(useNetwork(row), OPENING),
            },
            row.title,
          ]),
      ),
    ],
  ];
}

/**
 * What to say where the network of a scene was not trained on pictures like its own; null where it was, and where there
 * is no network.
 * @param {Scene} scene @param {PageTables} tables @returns {string | null}
 */
export function warnOfPicture(scene, { networks, samples }) {
  const network = findNetwork(scene, networks);
  if (!network) return null;
  const sample = samples.find(({ name }) => name === scene.image.sample);
  const isKnown =
    sample?.kind === "digit"
      ? network.names.every((name) => DIGIT.test(name))
      : network.names.includes(sample?.name ?? "");
  return isKnown ? null : CONTROLS.namesAnything(network.title, network.names);
}

/** The network that is all of a scene's layers. @param {Scene} scene @param {Network[]} networks */
function findNetwork({ layers }, networks) {
  const named = layers.find(({ op }) => op === "model")?.head;
  return networks.find(({ name }) => name === named) ?? null;
}

/**
 * The order in which a clicker goes through the pictures of sharing. Neuron: this one, those of its map, the counts, those
 * at one place. In letters: the windows and lines, the neurons, the matrix.
 */

/** @import {View} from "convoscope/pure/types.js" */
/** @typedef {Pick<View, "tab" | "neuron" | "matrix">} Picture */

const NEURONS = ["one", "map", "full", "column"];
/** @type {Picture[]} */
const IN_LETTERS = [
  { tab: "equation", neuron: "map", matrix: "weights" },
  { tab: "neuron", neuron: "map", matrix: "weights" },
  { tab: "matrix", neuron: "map", matrix: "weights" },
];

/**
 * The picture after or before the one that is open, from its first press or after its last one; null at an end.
 * @param {View} view @param {1 | -1} by @returns {Partial<View> | null}
 */
export function pictureAfter({ tab, neuron, letters }, by) {
  const press = by > 0 ? 0 : null;
  if (letters) {
    const at = IN_LETTERS.findIndex((picture) => picture.tab === tab);
    const next = at < 0 ? undefined : IN_LETTERS[at + by];
    return next ? { ...next, press } : null;
  }
  const next = tab === "neuron" ? NEURONS[NEURONS.indexOf(neuron) + by] : undefined;
  return next ? { neuron: next, press: next === "map" ? press : null } : null; // the others have no presses
}

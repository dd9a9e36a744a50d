/** A file of weights on the device, of which the description and one layer can be taken without reading the rest. */

import { describeSafetensors } from "convoscope/features/upload/weights/safetensors.js";
import { describeZip } from "convoscope/features/upload/weights/zipped-weights.js";

/**
 * A layer that could be shown, as the server lists it.
 * @typedef {{name: string, shape: number[], array: string, remark: string, parts: string[]}} ListedLayer
 */

/**
 * `description` is a file of the same kind that may lack all numbers, `only` gives one in which those of a layer are;
 * the other layers are still described there, since they tell how this one is to be read. Where the parts of the layer
 * are not known, `only` gives the file itself.
 * @typedef {{description: Blob, extractLayer: (layer: ListedLayer) => Promise<Blob>}} WeightsDescription
 */

/**
 * Null for a file of which nothing can be taken by itself. @param {Blob} file @returns {Promise<WeightsDescription |
 * null>}
 * @throws {RangeError} for an archive that is cut off or damaged
 */
export async function describeWeights(file) {
  const start = await file.slice(0, 2).text();
  return start === "PK" ? describeZip(file) : describeSafetensors(file);
}

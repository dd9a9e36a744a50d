/** A file of weights on the device: its headers, and one layer, without reading the rest. */

import { describeSafetensors } from "convoscope/features/upload/weights/safetensors.js";
import { describeZip } from "convoscope/features/upload/weights/zipped-weights.js";

/**
 * A layer that could be shown, as the server lists it.
 * @typedef {{name: string, shape: number[], array: string, remark: string, parts: string[]}} ListedLayer
 */

/**
 * `description` is a file of the same kind that may lack all numbers, `extractLayer` gives one with the numbers of a
 * layer and the headers of all others, which tell how to read it. Where the parts of the layer are not known, it gives
 * the file itself.
 * @typedef {{description: Blob, extractLayer: (layer: ListedLayer) => Promise<Blob>}} WeightsDescription
 */

/**
 * Null for a kind of file that can only be read as a whole.
 * @param {Blob} file @returns {Promise<WeightsDescription | null>}
 * @throws {RangeError} for an archive that is truncated or damaged
 */
export async function describeWeights(file) {
  const start = await file.slice(0, 2).text();
  return start === "PK" ? describeZip(file) : describeSafetensors(file);
}

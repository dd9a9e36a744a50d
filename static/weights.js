/**
 * Weights on their way to the server: of a safetensors file the description and the first layer alone leave the device.
 * Other kinds of file go as a whole, if they are small.
 */

import { build } from "convoscope/dom.js";
import { SECONDS_TO_BRING, fetchSite } from "convoscope/site.js";
import { PAGE } from "convoscope/strings.js";
import { WEIGHTS } from "convoscope/strings/wall.js";
import { Refused } from "convoscope/upload.js";

/** @typedef {{dtype: string, shape: number[], data_offsets: [number, number]}} Entry */
/** @typedef {{weights: string, layer: string, model: Record<string, any>}} Brought */

const KINDS = ".safetensors,.npz,.pt,.pth,.onnx";
/** No description is longer; a file that says so is another kind of file. */
const MOST_HEADER = 8_000_000;
const USUAL_SIDE = 15;
const PICTURE_CHANNELS = 4;

/** A button that opens a file. @param {(file: File) => void} onFile @returns {HTMLElement} */
export function createWeightsButton(onFile) {
  const choose = /** @type {HTMLInputElement} */ (build(["input", { type: "file", accept: KINDS, hidden: true, "data-part": "weights-file", onchange: () => {
    const [file] = choose.files ?? [];
    choose.value = "";
    if (file) onFile(file);
  } }]));
  return build(["section", { "data-part": "weights" }, choose,
    ["button", { type: "button", class: "button", title: WEIGHTS.help, "data-key": "open-weights", onclick: () => choose.click() }, WEIGHTS.open]]);
}

/**
 * Sends the first layer of a file. @param {File} file @param {number} most bytes that the server takes @returns {Promise<Brought>}
 * @throws {Refused} with a sentence
 */
export async function bringWeights(file, most) {
  const sent = await firstLayerOf(file);
  if (sent.size > most) throw new Refused(WEIGHTS.tooLarge(sent.size, most));
  const answer = await fetchSite(`/api/weights?title=${encodeURIComponent(file.name)}`, {
    method: "POST",
    body: sent,
    headers: { "Content-Type": "application/octet-stream" },
    seconds: SECONDS_TO_BRING,
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.detail ?? body.title ?? PAGE.uploadFailed(answer.status));
  return body;
}

/** A safetensors file that holds the first layer alone; the file itself where that cannot be told. @param {Blob} file @returns {Promise<Blob>} */
export async function firstLayerOf(file) {
  const head = await file.slice(0, 8).arrayBuffer();
  const length = head.byteLength === 8 ? Number(new DataView(head).getBigUint64(0, true)) : Infinity;
  if (length > Math.min(MOST_HEADER, file.size - 8)) return file;
  const chosen = chosenOf(await file.slice(8, 8 + length).text());
  if (!chosen.length) return file;
  /** @type {Record<string, Entry>} */
  const header = {};
  const parts = [];
  let start = 0;
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of chosen) {
    header[name] = { dtype, shape, data_offsets: [start, start + to - from] };
    parts.push(file.slice(8 + length + from, 8 + length + to));
    start += to - from;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = new DataView(new ArrayBuffer(8));
  size.setBigUint64(0, BigInt(text.length), true);
  return new Blob([size.buffer, text, ...parts]);
}

/** The first convolution of a picture and what may be its bias; nothing where the text is no description. @param {string} text @returns {[string, Entry][]} */
function chosenOf(text) {
  try {
    const entries = /** @type {[string, Entry][]} */ (Object.entries(JSON.parse(text)).filter(([name]) => name !== "__metadata__"));
    const reading = entries.filter(([, { shape }]) => isFiltersLast(shape) || shape.length === 4 && shape[1] >= 1 && shape[1] <= PICTURE_CHANNELS && Math.max(shape[2], shape[3]) <= USUAL_SIDE);
    // Filters of one channel may be a deeper layer's, one for each map; where others read colors, those come first.
    const first = reading.find(([, { shape }]) => isFiltersLast(shape) || shape[1] > 1 || shape[0] === 3) ?? reading[0] ?? entries.find(([, { shape }]) => shape.length === 4);
    if (!first) return [];
    const bias = entries.find(([name, { shape }]) => name === first[0].replace(/(weight|kernel)$/, "bias") && shape.length === 1);
    return bias ? [first, bias] : [first];
  } catch {
    return [];
  }
}

/** Whether axes are (h, w, C, K), as TensorFlow has them: a square filter of 1 or 3 channels. @param {number[]} shape */
function isFiltersLast(shape) {
  const [rows, columns, channels, filters] = shape;
  return shape.length === 4 && rows === columns && rows <= USUAL_SIDE && (channels === 1 || channels === 3) && filters >= 4;
}

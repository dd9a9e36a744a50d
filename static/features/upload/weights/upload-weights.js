/**
 * Weights on their way to the server: of safetensors and zip archives (.npz, PyTorch's .pt and .pth) the descriptions
 * and one layer alone leave the device, however large the file. Other kinds of file go as a whole, if they are small.
 */

import { UploadError } from "convoscope/features/upload/upload.js";
import { WEIGHTS } from "convoscope/pure/strings/gallery-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, part, say } from "convoscope/ui/dom.js";
import { fetchSite, SECONDS_TO_BRING } from "convoscope/ui/site/site.js";

/** @import {WeightsDescription, ListedLayer} from "convoscope/features/upload/weights/weights-file.js" */
/**
 * A file that is open in this page.
 * @typedef {{file: File, described: WeightsDescription | null, layers: ListedLayer[]}} OpenedWeights
 */
/**
 * A layer that the server keeps now, as a model.
 * @typedef {{opened: OpenedWeights, layer: string, model: Record<string, any>}} UploadedLayer
 */
/**
 * How a file travels: bytes that the server takes, what gives it up, where progress is said.
 * @typedef {{most: number, signal: AbortSignal, say: (words: string) => void}} Transfer
 */

/** What browsers say of a file that is no longer as it was when it was chosen. */
const UNREADABLE_NAMES = ["NotReadableError", "NotFoundError"];
const FILE_TYPES = ".safetensors,.npz,.pt,.pth,.onnx";

/**
 * A button that opens a file, and what is said while one travels.
 * @param {(file: File) => void} onFile @returns {HTMLElement}
 */
export function createWeightsButton(onFile) {
  const onchange = () => {
    const [file] = choose.files ?? [];
    choose.value = "";
    if (file) onFile(file);
  };
  const attributes = { type: "file", accept: FILE_TYPES, hidden: true, "data-part": "weights-file", onchange };
  const choose = /** @type {HTMLInputElement} */ (build(["input", attributes]));
  const opens = { "data-key": "open-weights", title: WEIGHTS.help, onclick: () => choose.click() };
  return build([
    "section",
    { "data-part": "weights" },
    choose,
    ["button", { type: "button", class: "button", ...opens }, WEIGHTS.open],
    ["p", { class: "small muted", role: "status", "data-part": "weights-progress" }],
    ["button", { type: "button", class: "link small", hidden: true, "data-part": "weights-cancel" }, WEIGHTS.cancel],
  ]);
}

/**
 * Lets one file travel at a time: another one, or the button, gives up the one before, which comes to null.
 * @param {HTMLElement} section from `createWeightsButton` @param {number} most bytes that the server takes
 */
export function createTransfer(section, most) {
  const [words, cancel] = [part(section, "weights-progress"), part(section, "weights-cancel")];
  /** @type {AbortController | null} */
  let now = null;
  cancel.addEventListener("click", () => now?.abort());

  /** @template T @param {(way: Transfer) => Promise<T>} work @returns {Promise<T | null>} */
  return async (work) => {
    now?.abort();
    const mine = new AbortController();
    now = mine;
    cancel.hidden = false;
    try {
      return await work({
        most,
        signal: mine.signal,
        say: (text) => {
          if (now === mine) say(words, text);
        },
      });
    } catch (problem) {
      if (mine.signal.aborted) return null;
      throw problem;
    } finally {
      if (now === mine) {
        now = null;
        say(words, "");
        cancel.hidden = true;
      }
    }
  };
}

/**
 * Asks the server which layers a file has, where that can be told without sending the numbers.
 * @param {File} file @param {Transfer} way @returns {Promise<OpenedWeights>} @throws {UploadError} with a sentence
 */
export async function openWeights(file, way) {
  way.say(WEIGHTS.reading(file.name));
  const { describeWeights } = await import("convoscope/features/upload/weights/weights-file.js");
  const described = await readFromDevice(() => describeWeights(file)).catch((problem) => {
    if (file.size > way.most || !(problem instanceof UploadError)) throw problem;
    return null; // the server says what is wrong with it
  });
  const layers = described ? (await post("/api/weights/layers", file, described.description, way)).layers : [];
  return { file, described, layers };
}

/**
 * Sends one layer. @param {OpenedWeights} opened @param {string | null} name null for the likeliest @param {Transfer}
 * way
 * @returns {Promise<UploadedLayer>} @throws {UploadError} with a sentence
 */
export async function uploadLayer(opened, name, way) {
  const { file, described, layers } = opened;
  const layer = layers.find((one) => one.name === name) ?? layers[0];
  const sent = described ? await readFromDevice(() => described.extractLayer(layer)) : file;
  const asked = described ? layer.name : name;
  const query = `title=${encodeURIComponent(file.name)}${asked ? `&layer=${encodeURIComponent(asked)}` : ""}`;
  const answer = await post(`/api/weights?${query}`, file, sent, way);
  if (described) return { opened, layer: layer.name, model: answer.model };
  return { opened: { ...opened, layers: answer.layers }, layer: answer.layer, model: answer.model };
}

/**
 * @param {string} path @param {File} file @param {Blob} sent what of it @param {Transfer} way @returns {Promise<any>}
 */
async function post(path, file, sent, way) {
  if (sent.size > way.most) throw new UploadError(WEIGHTS.tooLarge(sent.size, way.most));
  const body = await readFromDevice(() => sent.arrayBuffer());
  way.say(WEIGHTS.sending(body.byteLength, file.size));
  const headers = { "Content-Type": "application/octet-stream" };
  const options = { method: "POST", body, headers, signal: way.signal, seconds: SECONDS_TO_BRING };
  const answer = await fetchSite(path, options);
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new UploadError(told.detail ?? told.title ?? PAGE.uploadFailed(answer.status));
  return told;
}

/**
 * What is read from a file on this device. @template T @param {() => Promise<T>} read @returns {Promise<T>}
 * @throws {UploadError} with a sentence
 */
async function readFromDevice(read) {
  try {
    return await read();
  } catch (problem) {
    if (problem instanceof RangeError) throw new UploadError(WEIGHTS.damaged);
    if (problem instanceof DOMException && UNREADABLE_NAMES.includes(problem.name))
      throw new UploadError(WEIGHTS.changed);
    throw problem;
  }
}

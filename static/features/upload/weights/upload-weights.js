/**
 * Uploads weights: of safetensors and zip archives (.npz, PyTorch's .pt and .pth) only the headers and one layer,
 * however large the file is; other kinds of file as a whole, up to the limit.
 */

import { UploadError } from "convoscope/features/upload/upload.js";
import { WEIGHTS } from "convoscope/pure/strings/gallery-strings.js";
import { UPLOAD } from "convoscope/pure/strings/upload-strings.js";
import { build, getPart, setText } from "convoscope/ui/dom.js";
import { fetchSite, UPLOAD_TIMEOUT_SECONDS } from "convoscope/ui/site/site.js";

/** @import {WeightsDescription, ListedLayer} from "convoscope/features/upload/weights/weights-file.js" */
/**
 * A file that is open in this page.
 * @typedef {{file: File, described: WeightsDescription | null, layers: ListedLayer[]}} OpenedWeights
 */
/**
 * A layer that was uploaded as a model.
 * @typedef {{opened: OpenedWeights, layer: string, model: Record<string, any>}} UploadedLayer
 */
/**
 * The transfer of a file: the limit in bytes, a signal that aborts it, and a function that shows progress.
 * @typedef {{most: number, signal: AbortSignal, say: (words: string) => void}} Transfer
 */

/** The names of errors for a file that has changed since it was chosen. */
const UNREADABLE_NAMES = ["NotReadableError", "NotFoundError"];
const FILE_TYPES = ".safetensors,.npz,.pt,.pth,.onnx";

/**
 * A button that opens a file, with progress and a cancel button.
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
 * Runs one transfer at a time: another one, or the cancel button, aborts the current one, which then gives null.
 * @param {HTMLElement} section from `createWeightsButton` @param {number} most bytes of an upload
 */
export function createTransfer(section, most) {
  const [words, cancel] = [getPart(section, "weights-progress"), getPart(section, "weights-cancel")];
  /** @type {AbortController | null} */
  let now = null;
  cancel.addEventListener("click", () => now?.abort());

  /** @template T @param {(transfer: Transfer) => Promise<T>} work @returns {Promise<T | null>} */
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
          if (now === mine) setText(words, text);
        },
      });
    } catch (problem) {
      if (mine.signal.aborted) return null;
      throw problem;
    } finally {
      if (now === mine) {
        now = null;
        setText(words, "");
        cancel.hidden = true;
      }
    }
  };
}

/**
 * Asks the server for the layers of a file, where that is possible without its numbers.
 * @param {File} file @param {Transfer} transfer @returns {Promise<OpenedWeights>} @throws {UploadError} with a sentence
 */
export async function openWeights(file, transfer) {
  transfer.say(WEIGHTS.reading(file.name));
  const { describeWeights } = await import("convoscope/features/upload/weights/weights-file.js");
  const described = await readFromDevice(() => describeWeights(file)).catch((problem) => {
    if (file.size > transfer.most || !(problem instanceof UploadError)) throw problem;
    return null; // the server's message tells more
  });
  const layers = described ? (await post("/api/weights/layers", file, described.description, transfer)).layers : [];
  return { file, described, layers };
}

/**
 * Uploads one layer. @param {OpenedWeights} opened @param {string | null} name null for the most likely one
 * @param {Transfer} transfer
 * @returns {Promise<UploadedLayer>} @throws {UploadError} with a sentence
 */
export async function uploadLayer(opened, name, transfer) {
  const { file, described, layers } = opened;
  const layer = layers.find((one) => one.name === name) ?? layers[0];
  const sent = described ? await readFromDevice(() => described.extractLayer(layer)) : file;
  const requested = described ? layer.name : name;
  const query = `title=${encodeURIComponent(file.name)}${requested ? `&layer=${encodeURIComponent(requested)}` : ""}`;
  const answer = await post(`/api/weights?${query}`, file, sent, transfer);
  if (described) return { opened, layer: layer.name, model: answer.model };
  return { opened: { ...opened, layers: answer.layers }, layer: answer.layer, model: answer.model };
}

/**
 * @param {string} path @param {File} file @param {Blob} sent the part to be sent @param {Transfer} transfer @returns
 * {Promise<any>}
 */
async function post(path, file, sent, transfer) {
  if (sent.size > transfer.most) throw new UploadError(WEIGHTS.tooLarge(sent.size, transfer.most));
  const body = await readFromDevice(() => sent.arrayBuffer());
  transfer.say(WEIGHTS.sending(body.byteLength, file.size));
  const headers = { "Content-Type": "application/octet-stream" };
  const options = { method: "POST", body, headers, signal: transfer.signal, seconds: UPLOAD_TIMEOUT_SECONDS };
  const answer = await fetchSite(path, options);
  const answered = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new UploadError(answered.detail ?? answered.title ?? UPLOAD.uploadFailed(answer.status));
  return answered;
}

/**
 * Reads from a file on this device. @template T @param {() => Promise<T>} read @returns {Promise<T>}
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

/**
 * Weights on their way to the server: of safetensors and zip archives (.npz, PyTorch's .pt and .pth) the descriptions
 * and one layer alone leave the device, however large the file. Other kinds of file go as a whole, if they are small.
 */

import { Refused } from "convoscope/features/upload/upload.js";
import { WEIGHTS } from "convoscope/pure/strings/gallery-strings.js";
import { UPLOAD } from "convoscope/pure/strings/upload-strings.js";
import { build, part, say } from "convoscope/ui/dom.js";
import { fetchSite, SECONDS_TO_BRING } from "convoscope/ui/site/site.js";

/** @import {Described, Layer} from "convoscope/features/upload/weights/weights-file.js" */
/** A file that is open in this page. @typedef {{file: File, described: Described | null, layers: Layer[]}} Opened */
/**
 * A layer that the server keeps now, as a model.
 * @typedef {{opened: Opened, layer: string, model: Record<string, any>}} Brought
 */
/**
 * How a file travels: bytes that the server takes, what gives it up, where progress is said.
 * @typedef {{most: number, signal: AbortSignal, say: (words: string) => void}} Way
 */

/** What browsers say of a file that is no longer as it was when it was chosen. */
const CHANGED = ["NotReadableError", "NotFoundError"];
const KINDS = ".safetensors,.npz,.pt,.pth,.onnx";

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
  const attributes = { type: "file", accept: KINDS, hidden: true, "data-part": "weights-file", onchange };
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
export function createTravel(section, most) {
  const [words, cancel] = [part(section, "weights-progress"), part(section, "weights-cancel")];
  /** @type {AbortController | null} */
  let now = null;
  cancel.addEventListener("click", () => now?.abort());

  /** @template T @param {(way: Way) => Promise<T>} work @returns {Promise<T | null>} */
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
 * @param {File} file @param {Way} way @returns {Promise<Opened>} @throws {Refused} with a sentence
 */
export async function openWeights(file, way) {
  way.say(WEIGHTS.reading(file.name));
  const { describe } = await import("convoscope/features/upload/weights/weights-file.js");
  const described = await onDevice(() => describe(file)).catch((problem) => {
    if (file.size > way.most || !(problem instanceof Refused)) throw problem;
    return null; // the server says what is wrong with it
  });
  const layers = described ? (await post("/api/weights/layers", file, described.description, way)).layers : [];
  return { file, described, layers };
}

/**
 * Sends one layer. @param {Opened} opened @param {string | null} name null for the likeliest @param {Way} way
 * @returns {Promise<Brought>} @throws {Refused} with a sentence
 */
export async function bringLayer(opened, name, way) {
  const { file, described, layers } = opened;
  const layer = layers.find((one) => one.name === name) ?? layers[0];
  const sent = described ? await onDevice(() => described.only(layer)) : file;
  const asked = described ? layer.name : name;
  const query = `title=${encodeURIComponent(file.name)}${asked ? `&layer=${encodeURIComponent(asked)}` : ""}`;
  const answer = await post(`/api/weights?${query}`, file, sent, way);
  if (described) return { opened, layer: layer.name, model: answer.model };
  return { opened: { ...opened, layers: answer.layers }, layer: answer.layer, model: answer.model };
}

/** @param {string} path @param {File} file @param {Blob} sent what of it @param {Way} way @returns {Promise<any>} */
async function post(path, file, sent, way) {
  if (sent.size > way.most) throw new Refused(WEIGHTS.tooLarge(sent.size, way.most));
  const body = await onDevice(() => sent.arrayBuffer());
  way.say(WEIGHTS.sending(body.byteLength, file.size));
  const headers = { "Content-Type": "application/octet-stream" };
  const options = { method: "POST", body, headers, signal: way.signal, seconds: SECONDS_TO_BRING };
  const answer = await fetchSite(path, options);
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(told.detail ?? told.title ?? UPLOAD.uploadFailed(answer.status));
  return told;
}

/**
 * What is read from a file on this device. @template T @param {() => Promise<T>} read @returns {Promise<T>}
 * @throws {Refused} with a sentence
 */
async function onDevice(read) {
  try {
    return await read();
  } catch (problem) {
    if (problem instanceof RangeError) throw new Refused(WEIGHTS.damaged);
    if (problem instanceof DOMException && CHANGED.includes(problem.name)) throw new Refused(WEIGHTS.changed);
    throw problem;
  }
}

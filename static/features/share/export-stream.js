/** Asks the server for a file, and reads the stream in which it tells its progress. */

import { EXPORT } from "convoscope/pure/strings/on-demand/export-strings.js";
import { fetchSite } from "convoscope/ui/site/site.js";

/** Longer than any server lets a file take. */
const MOST_SECONDS = 3600;

/** @typedef {{done: number, all: number}} Progress */
/** @typedef {{headers: Map<string, string>, body: Uint8Array}} Part */

/**
 * The file of an address. Throws an Error with a sentence.
 * @param {string} path with its query @param {AbortSignal} signal @param {(progress: Progress) => void} onProgress
 * @returns {Promise<File>}
 */
export async function fetchExport(path, signal, onProgress) {
  const answer = await ask(`${path}&progress=1`, signal);
  const boundary = /boundary=(\w+)/.exec(answer.headers.get("Content-Type") ?? "")?.[1] ?? "";
  for await (const { headers, body } of readParts(answer, boundary)) {
    const type = headers.get("content-type") ?? "";
    const name = /filename="([^"]+)"/.exec(headers.get("content-disposition") ?? "")?.[1];
    if (name) return new File([/** @type {BlobPart} */ (body)], name, { type });
    const said = JSON.parse(new TextDecoder().decode(body));
    if (headers.has("status")) throw new Error(said.detail);
    onProgress(said);
  }
  throw new Error(EXPORT.unreachable);
}

/**
 * What a film would be. Throws an Error with a sentence.
 * @param {string} path @param {AbortSignal} signal
 * @returns {Promise<{frames: number, seconds: number, bytes: number, first: string, middle: string}>}
 */
export async function fetchEstimate(path, signal) {
  return (await ask(`${path}&estimate=1`, signal)).json();
}

/** @param {string} path @param {AbortSignal} signal */
async function ask(path, signal) {
  let answer;
  try {
    answer = await fetchSite(path, { signal, seconds: MOST_SECONDS });
  } catch (problem) {
    throw signal.aborted ? problem : new Error(EXPORT.unreachable);
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  throw new Error(said.detail ?? EXPORT.unreachable);
}

/**
 * The parts of a multipart stream, each with its length in its head.
 * @param {Response} answer @param {string} boundary @returns {AsyncGenerator<Part>}
 */
async function* readParts(answer, boundary) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
  let held = new Uint8Array();
  /** Waits until so many bytes are here; false at the end. @param {() => number} needed */
  const fill = async (needed) => {
    for (let count = needed(); count < 0 || held.length < count; count = needed()) {
      const { done, value } = await reader.read();
      if (done) return false;
      const joined = new Uint8Array(held.length + value.length);
      joined.set(held);
      joined.set(value, held.length);
      held = joined;
    }
    return true;
  };
  for (;;) {
    let end = -1;
    const isWhole = await fill(() => {
      end = findHeadEnd(held);
      return end;
    });
    if (!isWhole) return;
    const lines = new TextDecoder().decode(held.subarray(0, end)).split("\r\n");
    if (!lines[0].startsWith(`--${boundary}`)) return;
    const headers = new Map(
      lines
        .filter((line) => line.includes(": "))
        .map((line) => [line.slice(0, line.indexOf(": ")).toLowerCase(), line.slice(line.indexOf(": ") + 2)]),
    );
    const length = Number(headers.get("content-length"));
    if (!(await fill(() => end + length + 2))) return;
    yield { headers, body: held.slice(end, end + length) };
    held = held.slice(end + length + 2);
  }
}

/** Where the head of a part ends; -1 if it is not here yet. @param {Uint8Array} bytes */
function findHeadEnd(bytes) {
  for (let i = 3; i < bytes.length; i++)
    if (bytes[i] === 10 && bytes[i - 1] === 13 && bytes[i - 2] === 10 && bytes[i - 3] === 13) return i + 1;
  return -1;
}

/** Receives Traces and tells apart what can go wrong: no answer, an answer that cannot be read, a fault in drawing. */

import { readTrace } from "convoscope/pure/protocol/wire.js";
import { PAGE } from "convoscope/pure/strings/strings.js";

/** @import {Trace} from "convoscope/pure/types.js" */

/**
 * A response with its whole body; `bytes` is null for a refusal.
 * @typedef {{answer: Response, bytes: ArrayBuffer | null}} Received
 */

/**
 * Waits for a response and its body; null where the server cannot be reached or the connection ends too early.
 * @param {Promise<Response>} request @returns {Promise<Received | null>}
 */
export async function receive(request) {
  try {
    const answer = await request;
    return { answer, bytes: answer.ok ? await answer.arrayBuffer() : null };
  } catch {
    return null;
  }
}

/**
 * Reads a Trace and draws it. Returns the sentence for the user where that fails, else "". A fault in drawing is also
 * reported to the browser, as one that nobody catches.
 * @param {ArrayBuffer} bytes @param {(trace: Trace) => void} draw @returns {string}
 */
export function drawTrace(bytes, draw) {
  /** @type {Trace} */
  let trace;
  try {
    trace = readTrace(bytes);
  } catch (problem) {
    return /** @type {Error} */ (problem).message;
  }
  try {
    draw(trace);
    return "";
  } catch (problem) {
    reportError(problem);
    return PAGE.notDrawn;
  }
}

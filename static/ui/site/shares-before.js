/**
 * The shares of classes before a picture was changed on purpose: of the server's trace of the unchanged picture, or those
 * that a file has brought along.
 */

import { readTrace } from "convoscope/pure/protocol/wire.js";
import { hasAnswers, sharesOf } from "convoscope/pure/tabs/response/answers-before.js";

/** @import {Trace} from "convoscope/pure/types.js" */
/** Gets a file of this server; rejects with a sentence. @typedef {(path: string) => Promise<Blob>} GetFile */
/** @typedef {ReturnType<typeof createSharesBefore>} SharesBefore */

/**
 * @param {GetFile | undefined} getFile left out where there is no server
 * @param {number[] | undefined} carried what a file has brought along
 * @param {() => void} onCome the shares are here
 */
export function createSharesBefore(getFile, carried, onCome) {
  /** The picture and network of the answer before. */
  let asked = "";
  /** @type {number[] | string | null} */
  let before = null;
  /** The change for which the server gave no answer; another one asks again. @type {Trace | null} */
  let failed = null;

  /** @param {GetFile} getFile @param {string} wanted @param {Trace} trace */
  async function ask(getFile, wanted, trace) {
    const last = trace.stages.length - 1;
    let found;
    try {
      const file = await getFile(`/api/trace?scene=${encodeURIComponent(wanted)}&stages=${last}`);
      found = sharesOf(readTrace(await file.arrayBuffer()).stages[last]);
    } catch (problem) {
      found = /** @type {Error} */ (problem).message;
    }
    if (wanted !== asked) return;
    failed = typeof found === "string" ? trace : null;
    before = found;
    onCome();
  }

  return {
    /**
     * The shares before; a sentence where there are none, null until they are here and of a picture that is as it was.
     * @param {Trace} trace
     */
    of(trace) {
      if (!hasAnswers(trace)) return null;
      const wanted = JSON.stringify({ ...trace.scene, adjust: null });
      if (wanted === asked && (!failed || failed === trace)) return before;
      [asked, failed] = [wanted, null];
      before = getFile ? null : (carried ?? null);
      if (getFile) ask(getFile, wanted, trace);
      return before;
    },
  };
}

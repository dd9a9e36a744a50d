/** Loads the code of steps that few figures have, and gives it to the Traces that need it. */

import { hasCapability } from "convoscope/pure/frame/stage.js";

/** @import {Trace} from "convoscope/pure/types.js" */

/** @type {typeof import("convoscope/pure/laws/layer-laws.js") | null} */
let laws = null;

/** Loads the code; whether it is here. What cannot be loaded is tried again with the next call. */
export async function loadLaws() {
  laws ??= await import("convoscope/pure/laws/layer-laws.js").catch(() => null);
  return laws !== null;
}

/** Gives the code to the stages of a Trace that need it; false where it has to be loaded first. @param {Trace} trace */
export function completeTrace(trace) {
  if (!trace.stages.some((stage) => hasCapability(stage, "own_law") && !stage.own)) return true;
  laws?.attachLaws(trace);
  return laws !== null;
}

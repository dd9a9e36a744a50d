/** Loads the code of steps that few figures have, for the Traces that need it. */

import { hasCapability } from "convoscope/pure/frame/stage.js";

/** @import {Trace} from "convoscope/pure/types.js" */

/** Whether steps of a Trace cannot be explained yet. @param {Trace} trace */
export function isIncomplete(trace) {
  return trace.stages.some((stage) => hasCapability(stage, "own_law") && !stage.own);
}

/** Loads the code and gives it to the stages; whether it is there. @param {Trace} trace @returns {Promise<boolean>} */
export async function completeTrace(trace) {
  const loaded = await import("convoscope/pure/laws/layer-laws.js").catch(() => null);
  loaded?.attachLaws(trace);
  return loaded !== null;
}

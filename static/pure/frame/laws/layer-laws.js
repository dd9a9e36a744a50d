/**
 * The steps of layers with numbers of their own, as in Python's `core/layers/`. A page loads them with the first figure
 * that has such a layer.
 */

import { BATCH_NORM, DROPOUT } from "convoscope/pure/frame/laws/cell-laws.js";
import { LOCAL_RESPONSE, MEAN, SOFTMAX } from "convoscope/pure/frame/laws/channel-laws.js";
import { CENTER, PAD, UPSAMPLE } from "convoscope/pure/frame/laws/size-laws.js";
import { hasCapability } from "convoscope/pure/frame/stage.js";
import { part } from "convoscope/pure/text/formula.js";

/** @import {OwnLaw, Trace} from "convoscope/pure/types.js" */

/** By the name of the operation. @type {Record<string, OwnLaw>} */
const LAWS = {
  batchnorm: BATCH_NORM,
  center: CENTER,
  dropout: DROPOUT,
  lrn: LOCAL_RESPONSE,
  mean: MEAN,
  pad: PAD,
  softmax: SOFTMAX,
  upsample: UPSAMPLE,
};

/** Gives each stage of a Trace the code of its steps, where it has a law of its own. @param {Trace} trace */
export function attachLaws(trace) {
  for (const stage of trace.stages) if (hasCapability(stage, "own_law")) stage.own = withLeftSide(LAWS[stage.op]);
}

/**
 * A law with the left side of its equation: where it has none, what stands before the result.
 * @param {OwnLaw} law @returns {OwnLaw}
 */
function withLeftSide(law) {
  const { before } = law;
  /** @type {OwnLaw["left"]} */
  const left = (stage, frame, texts) => [part(before?.(stage, frame, texts) ?? "", "input", [0, 0, 0])];
  return { left, ...law };
}

/**
 * The steps of layers with numbers of their own, as in Python's `core/layers/`. A page loads them with the first figure
 * that has such a layer.
 */

import { BATCH_NORM, DROPOUT } from "convoscope/pure/laws/cell-laws.js";
import { LOCAL_RESPONSE, MEAN } from "convoscope/pure/laws/channel-laws.js";
import { PAD, UPSAMPLE } from "convoscope/pure/laws/size-laws.js";

/** @import {OwnLaw, Trace} from "convoscope/pure/types.js" */

/** By the name of the operation. @type {Record<string, OwnLaw>} */
const LAWS = {
  batchnorm: BATCH_NORM,
  dropout: DROPOUT,
  lrn: LOCAL_RESPONSE,
  mean: MEAN,
  pad: PAD,
  upsample: UPSAMPLE,
};

/** Gives each stage of a Trace the code of its steps, where it has a law of its own. @param {Trace} trace */
export function attachLaws(trace) {
  for (const stage of trace.stages) stage.own = LAWS[stage.op];
}

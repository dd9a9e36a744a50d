/** The function of one number that a stage computes of each cell: of an activation, or of a batch norm for each map. */

import { activate } from "convoscope/pure/frame/activations.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/** @param {Stage} stage @param {number} map @returns {(x: number) => number} */
export function curveOf(stage, map) {
  if (stage.kind !== "batchnorm") return (x) => activate(stage, x);
  const { mean, var: variance, weight, bias, eps } = stage.law;
  return (x) => ((x - mean[map]) / Math.sqrt(variance[map] + eps)) * weight[map] + bias[map];
}

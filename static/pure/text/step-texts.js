/**
 * All numbers of one step as texts, written together so that they add up: the products to the sum of their channel,
 * these to the sum; sum ÷ divisor + bias + rounding is the result. Python's `app/core/writing/` writes the same.
 */

import { readOf } from "convoscope/pure/frame/stage.js";
import { writePreprocessing, writeWeightedSum } from "convoscope/pure/text/weighted-texts.js";
import { writeJoin, writePooling, writeSingle, writeSoftmax } from "convoscope/pure/text/window-texts.js";

/** @import {Frame, Kind, Stage, StepTexts, Trace} from "convoscope/pure/types.js" */

/** @type {Partial<Record<Kind, (stage: Stage, before: Stage, frame: Frame) => Partial<StepTexts>>>} */
const WRITERS = {
  conv: writeWeightedSum,
  linear: writeWeightedSum,
  prepare: writePreprocessing,
  pool: writePooling,
  softmax: writeSoftmax,
};

/** @type {StepTexts} */
const EMPTY = {
  channels: [],
  channelRest: "",
  sum: "",
  isSumExact: true,
  divisor: "",
  quotient: "",
  isQuotientExact: true,
  bias: "",
  biasWritten: "",
  rounding: "",
  result: "",
  isResultExact: true,
  strongest: [],
  rests: [],
  largest: "",
  powers: [],
  shares: [],
};

/** The texts of a step; empty where its numbers have not arrived. @param {Trace} trace @param {Frame} frame */
export function writeStep(trace, frame) {
  if (!frame.hasNumbers) return EMPTY;
  const stage = trace.stages[frame.stage];
  if (frame.joined.length > 1) return { ...EMPTY, ...writeJoin(trace, stage, frame) };
  return {
    ...EMPTY,
    ...(stage.own?.write ?? WRITERS[frame.kind] ?? writeSingle)(stage, readOf(trace, stage, frame.map), frame),
  };
}

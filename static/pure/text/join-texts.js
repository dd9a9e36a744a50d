/** The texts of joins: a sum whose terms add up as they are written, or a product. */

import { readAmount, roundToMultiple } from "convoscope/pure/text/amounts.js";
import { isWrittenInFull, writeUnits, ZERO } from "convoscope/pure/text/decimals.js";
import { addPlusSign, isTextFull, numberText } from "convoscope/pure/text/number-text.js";
import { writeEnds } from "convoscope/pure/text/weighted-texts.js";
import { writeSum } from "convoscope/pure/text/written-sum.js";

/** @import {Frame, Stage, StepTexts, Trace} from "convoscope/pure/types.js" */

/** A join of several stages. @param {Trace} trace @param {Stage} stage @param {Frame} frame @returns {Partial<StepTexts>} */
export function writeJoin(trace, stage, frame) {
  const terms = frame.channels.map(({ sum }, i) => readAmount(trace.stages[frame.joined[i]], sum));
  const result = readAmount(stage, frame.result);
  const tables = (/** @type {string[]} */ texts, /** @type {(text: string) => string} */ write) =>
    texts.map((text) => ({ values: [[text]], weights: [], products: [], sum: write(text) }));
  if (stage.op === "mul") {
    const isFull = terms.every(({ value, isExact }) => isExact && isTextFull(value));
    const isExact = isFull || terms.some(({ value, isExact }) => isExact && value === 0);
    const text = numberText(result.value);
    const isResultExact = isExact && isTextFull(result.value);
    const channels = tables(
      terms.map(({ value }) => numberText(value)),
      () => "",
    );
    return { channels, sum: text, isSumExact: isResultExact, result: text, isResultExact };
  }
  const sum = terms.reduce((all, { value }) => all + value, 0);
  const { denominator } = stage;
  const total = denominator
    ? { value: roundToMultiple(sum, denominator), isExact: true }
    : { value: sum, isExact: result.isExact };
  const sums = writeSum({
    channels: [terms],
    total,
    divisor: 1,
    bias: ZERO,
    result,
    isFree: [terms.map(() => true)],
  });
  const { bias, quotient, isQuotientExact, ...ends } = writeEnds(sums, ZERO, "", result, 1);
  const texts = terms.map((term, i) => writeUnits(sums.terms[0][i], sums.format, isWrittenInFull(term, sums.format)));
  return { ...ends, channels: tables(texts, addPlusSign) };
}

/** The total while numbers arrive one after another, with the digits in which they are written. */

import { addPlusSign, useMinusSign } from "convoscope/pure/text/number-text.js";

/** @import {Frame, Stage, StepTexts} from "convoscope/pure/types.js" */

/**
 * What the sum of a step counts: the subtotals of several channels, or else the products, or the numbers themselves; and
 * its bias, with a sign.
 * @param {Stage} stage @param {Frame} frame @param {StepTexts} texts
 */
export function countSum(stage, frame, { channels, bias }) {
  if (!channels.length) return { totals: [], bias: "" };
  const [{ products, values }] = channels;
  const terms = channels.length > 1 ? channels.map(({ sum }) => sum) : (products.length ? products : values).flat();
  const isSigned = stage.colors === "signed" && !stage.photo_maps?.includes(frame.map) && frame.channels.length === 1;
  return {
    totals: runningTotals(terms, isSigned),
    bias: bias.startsWith("−") ? `− ${bias.slice(1)}` : `+ ${bias}`,
  };
}

/** A number as decimals write it, with its sign. */
const DECIMAL = /^[+−]?\d+(\.\d+)?$/;

/**
 * The totals after the first number, the first two, … as texts; empty where one is not written in decimals.
 * @param {string[]} terms as they are written @param {boolean} isSigned whether a positive total has a plus
 * @returns {string[]}
 */
export function runningTotals(terms, isSigned) {
  if (!terms.every((term) => DECIMAL.test(term))) return [];
  const decimals = Math.max(0, ...terms.map((term) => term.split(".")[1]?.length ?? 0));
  let units = 0;
  return terms.map((term) => {
    units += Math.round(Number(term.replace("−", "-")) * 10 ** decimals);
    const text = useMinusSign((units / 10 ** decimals).toFixed(decimals));
    return isSigned ? addPlusSign(text) : text;
  });
}

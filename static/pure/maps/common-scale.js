/** One color scale for maps side by side, by the rules of `merge_scales` in app/core/trace/color_scale.py. */

import { grayScale, positiveScale, signedScale } from "convoscope/pure/maps/palette.js";

/** @import {Scale} from "convoscope/pure/maps/palette.js" */

/**
 * Gray scales make a gray one from the lowest black to the highest white. All others, also with gray ones among them, end
 * at the largest magnitude of any end; the scale is signed where one of them reaches below 0.
 * @param {Pick<Scale, "kind" | "lo" | "hi">[]} scales at least one @param {boolean} [isDark] whether the page is dark
 * @returns {Scale}
 */
export function commonScale(scales, isDark) {
  const [lo, hi] = [Math.min(...scales.map(({ lo }) => lo)), Math.max(...scales.map(({ hi }) => hi))];
  if (scales.every(({ kind }) => kind === "gray")) return grayScale(lo, hi);
  return (lo < 0 ? signedScale : positiveScale)(Math.max(Math.abs(lo), Math.abs(hi)), isDark);
}

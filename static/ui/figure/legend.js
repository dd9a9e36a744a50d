/** The bar below a map: which color stands for which number. */

import { RULER_LEFT } from "convoscope/pure/maps/layout.js";
import { mapValues } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { shortNumber } from "convoscope/pure/text/caption.js";
import { part, say } from "convoscope/ui/dom.js";
import { paintLegend } from "convoscope/ui/draw/draw.js";

/** @import {Stage} from "convoscope/pure/types.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */

/** No legend is narrower than this. */
const SMALLEST_WIDTH = 150;

/** A value so little beyond an end, as a share of the whole, is rounding: a preview's numbers are 1/255 coarse. */
const ROUNDING_SHARE = 0.004;

/**
 * As wide as its map, where that leaves room. The scale is taken from cells that read no padding: where others lie
 * beyond its ends, the end says so.
 * @param {HTMLElement} root @param {"input" | "output"} name @param {Stage} stage @param {number} map
 * @param {Scale} colors @param {number} width
 */
export function showLegend(root, name, stage, map, colors, width) {
  const host = part(root, `${name}-legend`);
  host.style.maxWidth = `${Math.max(width, SMALLEST_WIDTH) + RULER_LEFT}px`;
  const [low, bar, high] = [...host.children];
  const ramp = Float32Array.from({ length: 256 }, (_, i) => colors.lo + ((colors.hi - colors.lo) * i) / 255);
  paintLegend(/** @type {HTMLCanvasElement} */ (bar), colors.rgba(ramp));
  const [least, most] = rangeOf(mapValues(stage, map));
  const slack = ROUNDING_SHARE * (colors.hi - colors.lo);
  const [below, above] = [least < colors.lo - slack, most > colors.hi + slack];
  say(low, (below ? "≤ " : "") + signedText(colors.lo, colors.kind));
  say(high, (above ? "≥ " : "") + signedText(colors.hi, colors.kind));
  const beyond = [below && least, above && most]
    .filter((value) => value !== false)
    .map((value) => signedText(value, colors.kind));
  host.title = [PAGE.legend(stage, colors.kind), beyond.length && PAGE.beyond(beyond)].filter(Boolean).join(" ");
}

/** @param {Float32Array} values */
function rangeOf(values) {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

/** @param {number} value @param {string} kind */
function signedText(value, kind) {
  return (kind === "signed" && value > 0 ? "+" : "") + shortNumber(value);
}

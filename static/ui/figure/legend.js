/** The color bar below a map. */

import { RULER_LEFT } from "convoscope/pure/maps/layout.js";
import { mapValues } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { shortNumber } from "convoscope/pure/text/caption.js";
import { getPart, setText } from "convoscope/ui/dom.js";
import { paintLegend } from "convoscope/ui/draw/draw.js";

/** @import {Stage} from "convoscope/pure/types.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */

/** Smallest width of a legend, in pixels. */
const SMALLEST_WIDTH = 150;

/** A value beyond an end by less than this share of the range is rounding: previews have steps of 1/255. */
const ROUNDING_SHARE = 0.004;

/**
 * Shows the legend as wide as its map. The scale comes from cells that read no padding: if other cells are beyond its
 * ends, the labels show ≤ or ≥.
 * @param {HTMLElement} root @param {"input" | "output"} name @param {Stage} stage @param {number} map
 * @param {Scale} colors @param {number} width
 */
export function showLegend(root, name, stage, map, colors, width) {
  const host = getPart(root, `${name}-legend`);
  host.style.maxWidth = `${Math.max(width, SMALLEST_WIDTH) + RULER_LEFT}px`;
  const [low, bar, high] = [...host.children];
  const ramp = Float32Array.from({ length: 256 }, (_, i) => colors.lo + ((colors.hi - colors.lo) * i) / 255);
  paintLegend(/** @type {HTMLCanvasElement} */ (bar), colors.rgba(ramp));
  const [least, most] = rangeOf(mapValues(stage, map));
  const slack = ROUNDING_SHARE * (colors.hi - colors.lo);
  const [below, above] = [least < colors.lo - slack, most > colors.hi + slack];
  setText(low, (below ? "≤ " : "") + signedText(colors.lo, colors.kind));
  setText(high, (above ? "≥ " : "") + signedText(colors.hi, colors.kind));
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

/** The bar below a map: which color stands for which number. */

import { shortNumber } from "convoscope/caption.js";
import { part, say } from "convoscope/dom.js";
import { paintLegend } from "convoscope/draw.js";
import { RULER_LEFT } from "convoscope/layout.js";
import { PAGE } from "convoscope/strings.js";

/** @import {Stage} from "convoscope/types.js" */
/** @import {Scale} from "convoscope/palette.js" */

/** No legend is narrower than this. */
const LEGEND = 150;

/** As wide as its map, where that leaves room. @param {HTMLElement} root @param {"input" | "output"} name @param {Stage} stage @param {Scale} colors @param {number} width */
export function legend(root, name, stage, colors, width) {
  const host = part(root, `${name}-legend`);
  host.style.maxWidth = `${Math.max(width, LEGEND) + RULER_LEFT}px`;
  const [low, bar, high] = [...host.children];
  const ramp = Float32Array.from({ length: 256 }, (_, i) => colors.lo + ((colors.hi - colors.lo) * i) / 255);
  paintLegend(/** @type {HTMLCanvasElement} */ (bar), colors.rgba(ramp));
  say(low, signed(colors.lo, colors.kind));
  say(high, signed(colors.hi, colors.kind));
  host.title = PAGE.legend(stage, colors.kind);
}

/** @param {number} value @param {string} kind */
function signed(value, kind) {
  return (kind === "signed" && value > 0 ? "+" : "") + shortNumber(value);
}

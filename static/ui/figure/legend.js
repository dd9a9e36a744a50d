/** The color bar below a map. */

import { RULER_LEFT } from "convoscope/pure/maps/layout.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { shortValue } from "convoscope/pure/text/percent.js";
import { getPart, setText } from "convoscope/ui/dom.js";
import { paintLegend } from "convoscope/ui/draw/draw.js";

/** @import {Stage} from "convoscope/pure/types.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */

/** Smallest width of a legend, in pixels. */
const SMALLEST_WIDTH = 150;

/**
 * Shows the legend as wide as its map. Where a cell is beyond an end of the scale, as in a photo, its label shows ≤ or ≥.
 * @param {HTMLElement} root @param {"input" | "output"} name @param {Stage} stage
 * @param {number | null} map null for the maps of a color picture together
 * @param {Scale} colors @param {number} width
 * @param {boolean} isComplete whether all cells are shown; else nothing is said of cells beyond the scale
 */
export function showLegend(root, name, stage, map, colors, width, isComplete) {
  const host = getPart(root, `${name}-legend`);
  host.style.maxWidth = `${Math.max(width, SMALLEST_WIDTH) + RULER_LEFT}px`;
  const [low, bar, high] = [...host.children];
  const ramp = Float32Array.from({ length: 256 }, (_, i) => colors.lo + ((colors.hi - colors.lo) * i) / 255);
  paintLegend(/** @type {HTMLCanvasElement} */ (bar), colors.rgba(ramp));
  const ends = (map === null ? stage.ranges : [stage.ranges[map]]).flat();
  const { below, above } = isComplete ? colors.beyond(ends) : { below: 0, above: 0 };
  const endText = (/** @type {number} */ value) => legendText(stage, value, colors.kind);
  setText(low, (below ? "≤ " : "") + endText(colors.lo));
  setText(high, (above ? "≥ " : "") + endText(colors.hi));
  const beyond = [...(below ? [Math.min(...ends)] : []), ...(above ? [Math.max(...ends)] : [])].map(endText);
  host.title = [PAGE.legend(stage, colors.kind), beyond.length && PAGE.beyond(beyond)].filter(Boolean).join(" ");
}

/** @param {Stage} stage @param {number} value @param {string} kind */
function legendText(stage, value, kind) {
  if (stage.kind === "softmax" && value === 0) return "0 %"; // the end of the scale, not a share too small to be written
  const isSigned = kind !== "gray" && stage.kind !== "softmax";
  return (isSigned && value > 0 ? "+" : "") + shortValue(stage, value);
}

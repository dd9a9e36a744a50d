/** Wires from circles to circles in identity colors, each with the name of its weight; the bias has a wire of its own. */

import { identityLine, inBothThemes } from "convoscope/pure/tabs/sharing/identity-colors.js";

/** @import {SignalLayout} from "convoscope/pure/tabs/signal/signal-layout.js" */
/** @import {SignalNames} from "convoscope/pure/tabs/signal/signal-names.js" */
/** @import {SignalParts} from "convoscope/pure/tabs/signal/signal-parts.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Parts of the font: the width of a label, the height above a circle where it may begin, where the bias ends beside one. */
const [LABEL, CLEAR, BIAS_ENDS] = [0.68, 1.1, 1.35];

/**
 * The color of a weight among all of the filters that are drawn.
 * @param {SignalParts} parts @param {number} map @param {number} tap
 */
export function colorOf({ stage, taps }, map, tap) {
  const filters = stage.kind === "conv" && stage.shape[0] <= 4 ? stage.shape[0] : 1;
  return inBothThemes(identityLine, (filters > 1 ? map * taps : 0) + tap, filters * taps);
}

/**
 * The wires of one neuron.
 * @param {SignalParts} parts @param {SignalLayout} layout @param {SignalNames} names
 * @param {{map: number, col: number, line: number, isStrong: boolean, isLabeled: boolean}} neuron
 * @returns {{lines: Description[], labels: Description[]}}
 */
export function drawNeuron(parts, layout, names, { map, col, line, isStrong, isLabeled }) {
  const { text, radius, input } = layout;
  const [first, last] = layout.cells;
  const end = { x: layout.x(parts.centerOf(map, col)), y: layout.lines[line].circles + radius };
  const taps = parts.tapsOf(map, col).filter(({ cell }) => cell >= first && cell <= last);
  const reach = Math.max(1, parts.taps * (parts.stage.columns?.dilation ?? 1));
  const top = input.circles - radius;
  const long = top - end.y;
  const part = Math.max(1 / reach, (CLEAR * text) / long);
  /** @type {Record<"lines" | "labels", Description[]>} */
  const { lines, labels } = { lines: [], labels: [] };
  for (const { cell, tap } of taps) {
    const x = layout.x(cell);
    const isPadded = cell < 0 || cell >= parts.size;
    const color = parts.hasWeights ? colorOf(parts, map, tap) : "var(--pooling)";
    lines.push([
      "line",
      {
        x1: x,
        y1: top,
        x2: end.x,
        y2: end.y,
        class: `wire${isStrong ? " is-here" : ""}${isPadded ? " is-padded" : ""}`,
        style: { stroke: color },
        "data-tap": tap,
      },
    ]);
    if (!isLabeled || !parts.hasWeights) continue;
    const at = Math.min(0.5, part);
    labels.push([
      "text",
      {
        x: x + (end.x - x) * at,
        y: top - long * at + text * 0.35,
        class: `tag${isStrong ? " is-here" : ""}`,
        style: { fill: color },
      },
      names.weight(map, tap),
    ]);
  }
  const isCrowded =
    BIAS_ENDS * text + 0.72 * radius > layout.pitch * parts.spacing - names.output(map, col).length * 0.31 * text;
  const bias = isCrowded ? "" : names.bias(map);
  if (parts.hasWeights) lines.push(...drawBias(layout, bias, end, line, isStrong));
  return { lines, labels };
}

/**
 * The wire of the bias: it comes from no input.
 * @param {SignalLayout} layout @param {string} name @param {{x: number}} end @param {number} line @param {boolean} isStrong
 * @returns {Description[]}
 */
function drawBias({ radius, text, lines }, name, { x }, line, isStrong) {
  const y = lines[line].circles;
  const from = { x: x + radius * 0.72, y: y - radius * 0.72 };
  const to = { x: from.x + text * 0.55, y: from.y - text * 0.55 };
  return [
    ["line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: `wire of-bias${isStrong ? " is-here" : ""}` }],
    ...(name
      ? [/** @type {Description} */ (["text", { x: to.x + text * 0.1, y: to.y + text * 0.1, class: "bias" }, name])]
      : []),
  ];
}

/**
 * Whether the names of all wires have room beside each other.
 * @param {SignalParts} parts @param {SignalLayout} layout @param {string} longest
 */
export function hasRoomForTags({ taps, stage }, { pitch, text }, longest) {
  return pitch / Math.max(1, taps) >= longest.length * LABEL * text && (stage.columns?.dilation ?? 1) === 1;
}

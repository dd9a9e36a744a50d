/** The filter of a convolution of two signals: g as it stands, and g turned, which moves along under x. */

import { range } from "convoscope/pure/frame/window.js";
import { weightScale } from "convoscope/pure/maps/palette.js";
import { SIGNAL } from "convoscope/pure/strings/tab-strings.js";
import { circleTexts, drawCircles } from "convoscope/pure/tabs/signal/signal-circles.js";
import { readFilter } from "convoscope/pure/text/amounts.js";

/** @import {Frame} from "convoscope/pure/types.js" */
/** @import {Circle} from "convoscope/pure/tabs/signal/signal-circles.js" */
/** @import {SignalLayout} from "convoscope/pure/tabs/signal/signal-layout.js" */
/** @import {SignalNames} from "convoscope/pure/tabs/signal/signal-names.js" */
/** @import {SignalParts} from "convoscope/pure/tabs/signal/signal-parts.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The height of a name below a circle, and the width of a character, in fonts. */
const [NAME, CHARACTER] = [1.1, 0.6];

/**
 * @param {SignalParts} parts @param {SignalLayout} layout @param {SignalNames} names @param {Frame} frame
 * @returns {Description[]}
 */
export function drawFilterRows(parts, layout, names, frame) {
  const { stage, before, taps } = parts;
  if (!layout.filter || !before || !stage.weight) return [];
  const { text, radius, pitch, cells } = layout;
  const weights = stage.weight.subarray(frame.map * taps, (frame.map + 1) * taps);
  const { cellDivisor } = readFilter(stage, before, frame);
  const colors = weightScale(weights);
  const { turned, standing: start } = layout.filter;
  const spot = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ tap) =>
    /** @type {Circle} */ ({
      x,
      y,
      role: "filter",
      kind: "",
      texts: circleTexts(weights[tap] / cellDivisor),
      fill: colors.fill(weights[tap]),
      ink: colors.ink(weights[tap]),
      name: names.weight(frame.map, tap),
      nameY: y + radius + NAME * text,
    });
  const moving = parts
    .tapsOf(frame.map, frame.col)
    .filter(({ cell }) => cell >= cells[0] && cell <= cells[1])
    .map(({ cell, tap }) => spot(layout.x(cell), turned, tap));
  const standing = range(taps)
    .map((n) => spot(start.x + n * pitch, start.y, taps - 1 - n))
    .filter(({ x }) => x + radius <= layout.width);
  const beside = (/** @type {Circle[]} */ row, /** @type {string} */ label) => {
    const [left, right] = [row[0].x - radius, row[row.length - 1].x + radius];
    const isRight = right + text * (0.6 + label.length * CHARACTER) <= layout.width;
    return /** @type {Description} */ ([
      "text",
      {
        x: isRight ? right + text * 0.6 : left - text * 0.6,
        y: row[0].y + text * 0.35,
        class: `aside is-filter${isRight ? "" : " at-end"}`,
      },
      label,
    ]);
  };
  /** Above a row that has no room beside it. @param {Circle[]} row @param {string} label @returns {Description} */
  const above = (row, label) => [
    "text",
    { x: row[0].x - radius, y: row[0].y - radius - text * 0.5, class: "aside is-filter" },
    label,
  ];
  if (!moving.length) return [];
  const stands = SIGNAL.asItStands(names.letters.weight);
  return [
    ...drawCircles(moving, radius, text, pitch),
    beside(moving, SIGNAL.turned(names.letters.weight)),
    ...drawCircles(standing, radius, text, pitch),
    start.y === turned ? above(standing, stands) : beside(standing, stands),
  ];
}

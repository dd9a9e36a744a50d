/** The depth column of a volume: the numbers of all maps at one place, and the line through the slices that leads there. */

import { isColorStage } from "convoscope/pure/frame/stage.js";
import { cssColor, grayScale, mapColors, mapValues, photoRange } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { VOLUME } from "convoscope/pure/strings/tab-strings.js";
import { writeOutput } from "convoscope/pure/tabs/sharing/values.js";
import { around } from "convoscope/pure/tabs/sharing/wires.js";
import { isAfterKnown, isResultKnown } from "convoscope/pure/tabs/volume/volume-parts.js";
import { shownValue } from "convoscope/pure/text/amounts.js";

/** @import {Stage} from "convoscope/pure/types.js" */
/** @import {Drawn} from "convoscope/pure/tabs/volume/volume-view.js" */
/** @import {Slice, VolumeLayout} from "convoscope/pure/tabs/volume/volume-layout.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * The numbers of all maps at the place of the step, beside each what the activation makes of it, with a line through the
 * slices.
 * @param {Drawn} drawn @returns {Description[]}
 */
export function drawColumn({ trace, view, frame, parts: { stage, after }, layout }) {
  const [count] = stage.shape;
  if (count < 2) return [];
  const { x, width, line, text: font, count: most } = layout.vector;
  const shown = around(frame.map, count, most);
  const through = layout.outputs.map((slice) => placeIn(slice, frame));
  const stacks = inStacks(through, layout);
  const last = layout.outputs[layout.outputs.length - 1];
  const long = shown.length * line;
  const middle = last.y + (last.rows * last.cell) / 2;
  const y = Math.max(layout.vector.y, Math.min(middle - long / 2, layout.height - long - 2 * line));
  const end = [x - layout.text * 0.6, Math.max(y, Math.min(through[through.length - 1][1], y + long))];
  const role = stage.index === 0 ? "input" : "output";
  const wide = after ? 2 * width : width;
  /** @param {Stage} one @param {number} map @param {boolean} known @param {number} left @param {number} top */
  const number = (one, map, known, left, top) => {
    const place = frame.row * one.shape[2] + frame.col;
    const value = shownValue(one, mapValues(one, map)[place]);
    const colors = mapColors(one, map, view.colors, view.scope, photoRange(trace));
    const go = [stage.index, map, frame.row, frame.col].join();
    const box = { x: left, y: top, width, height: line, "data-go": go };
    const middle = { x: left + width / 2, y: top + line * 0.5 + font * 0.35 };
    return /** @type {Description[]} */ (
      known
        ? [
            ["rect", { ...box, class: "cell", style: { fill: colors.fill(value) } }],
            [
              "text",
              { ...middle, class: "digit", "font-size": font, style: { fill: colors.ink(value) } },
              writeOutput(trace, one.index, [map, frame.row, frame.col]),
            ],
          ]
        : [
            ["rect", { ...box, class: "cell is-to-come" }],
            ["path", { class: "hatch", d: `M${left} ${top + line}L${left + width} ${top}` }],
            ["text", { ...middle, class: "digit" }, ""],
          ]
    );
  };
  /** The color that red, green and blue make, below their numbers. @returns {Description[]} */
  const drawPixel = () => {
    const numbers = Float32Array.from(
      [0, 1, 2],
      (map) => mapValues(stage, map)[frame.row * stage.shape[2] + frame.col],
    );
    const ends = stage.picture_scale ?? stage.scale ?? photoRange(trace);
    const [red, green, blue] = grayScale(...ends)
      .rgba(numbers)
      .filter((_, n) => n % 4 === 0);
    const box = { x, y: y + long + line * 0.35, width, height: line };
    return [["rect", { ...box, class: "cell pixel", style: { fill: cssColor([red, green, blue]) } }]];
  };
  return [
    ...stacks.slice(0, -1).map((points) => drawThrough(points, role)),
    drawThrough([...stacks[stacks.length - 1], end], role),
    [
      "text",
      { x: x - 4, y: y - layout.text * (after ? 1.85 : 0.5), class: "name" },
      VOLUME.column(frame.row, frame.col),
    ],
    ...(after
      ? [
          /** @type {Description} */ ([
            "text",
            { x: x + width + 4, y: y - layout.text * 0.5, class: "name is-output" },
            after.title,
          ]),
        ]
      : []),
    ...shown.flatMap((map, n) => {
      const top = y + n * line;
      return /** @type {Description[]} */ ([
        ...number(stage, map, isResultKnown(trace, view, frame, map), x, top),
        ...(after ? number(after, map, isAfterKnown(trace, view, frame, map), x + width, top) : []),
        [
          "text",
          { x: x + wide + 8, y: top + line * 0.5 + font * 0.35, class: "name", "font-size": font },
          stage.index === 0 ? PAGE.plane(stage, map) : String(map),
        ],
        ...(map === frame.map ? [["rect", { x, y: top, width: wide, height: line, class: `place of-${role}` }]] : []),
      ]);
    }),
    ["path", { class: "bracket", d: bracket(x, y, wide, long) }],
    ...(isColorStage(stage) && stage.index === 0 && view.colors === "auto" ? drawPixel() : []),
    ...(count > shown.length
      ? [
          /** @type {Description} */ ([
            "text",
            { x, y: y + long + layout.text * 1.3, class: "small" },
            VOLUME.drawn(shown.length, count),
          ]),
        ]
      : []),
  ];
}

/**
 * Points of slices that stand beside each other in several columns, column by column; those of one row together.
 * @param {number[][]} points @param {VolumeLayout} layout
 */
function inStacks(points, { outputs }) {
  const isRow = outputs.every(({ y }) => y === outputs[0].y);
  if (isRow) return [points];
  const lefts = [...new Set(outputs.map(({ x }) => x))];
  return lefts.map((left) => points.filter((_, n) => outputs[n].x === left));
}

/**
 * The middle of the cell of a step in a slice, and how far it is from there to its edge.
 * @param {Slice} slice @param {{row: number, col: number}} place
 */
export function placeIn({ x, y, cell }, { row, col }) {
  return [x + (col + 0.5) * cell, y + (row + 0.5) * cell, cell / 2];
}

/**
 * A line through slices, from the edge of a cell to that of the next: their numbers stay free.
 * @param {number[][]} points x, y, and how far the line keeps away @param {string} role @returns {Description}
 */
export function drawThrough(points, role) {
  const parts = points.slice(1).map(([toX, toY, before = 0], n) => {
    const [x, y, after = 0] = points[n];
    const far = Math.hypot(toX - x, toY - y) || 1;
    const at = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ by) =>
      (from + ((to - from) * by) / far).toFixed(1);
    return `M${at(x, toX, after)} ${at(y, toY, after)}L${at(toX, x, before)} ${at(toY, y, before)}`;
  });
  return ["path", { d: parts.join(""), class: `through of-${role}` }];
}

/** Square brackets around a column. @param {number} x @param {number} y @param {number} width @param {number} height */
function bracket(x, y, width, height) {
  const [left, right] = [x - 4, x + width + 4];
  return `M${left + 5} ${y - 2}H${left}V${y + height + 2}H${left + 5}M${right - 5} ${y - 2}H${right}V${y + height + 2}H${right - 5}`;
}

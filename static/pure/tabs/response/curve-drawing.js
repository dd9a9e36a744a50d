/** The response of a cell while the picture is turned or shifted as a curve, with the point of now and two sentences. */

import { SWEEP } from "convoscope/pure/strings/tab-strings.js";
import { numberText, shortNumber } from "convoscope/pure/text/number-text.js";

/** @import {Responses, SweptCell} from "convoscope/pure/tabs/response/swept-cell.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** Pixels: of the drawing, and of its letters. @typedef {{width: number, height: number, text: number}} CurveSize */

/** Which cell it is: “ReLU, row 3, column 4”. @param {Pick<SweptCell, "stage" | "map" | "at">} cell */
export function nameCell({ stage, map, at }) {
  const [, rows, columns] = stage.shape;
  const name = stage.labels?.[map] ?? "";
  return rows * columns === 1 ? SWEEP.ofMap(stage.title, name) : SWEEP.of(stage.title, name, at);
}

/**
 * The name of the cell, its curve, and its sentences.
 * @param {Responses} curve @param {SweptCell} cell @param {CurveSize} size @returns {Description[]}
 */
export function describeCurve({ values, responses }, cell, { width, height, text: points }) {
  const { kind, now, value } = cell;
  const [left, right, top, bottom] = [points / 2, points / 2, points * 1.5, points * 1.7];
  const known = Number.isFinite(value) ? [value] : [];
  const [low, high] = [Math.min(...responses, ...known, 0), Math.max(...responses, ...known, 0)];
  const [first, last] = [values[0], values[values.length - 1]];
  const x = (/** @type {number} */ given) => left + ((given - first) / (last - first || 1)) * (width - left - right);
  const y = (/** @type {number} */ given) => top + ((high - given) / (high - low || 1)) * (height - top - bottom);
  const line = values.map((given, i) => `${x(given).toFixed(1)},${y(responses[i]).toFixed(1)}`).join(" ");
  const most = responses.indexOf(Math.max(...responses));
  const least = responses.indexOf(Math.min(...responses));
  const sentence = SWEEP.ends(
    numberText(responses[most]),
    SWEEP.value(kind, values[most]),
    numberText(responses[least]),
    SWEEP.value(kind, values[least]),
  );
  const atNow = Number.isFinite(value) ? SWEEP.now(SWEEP.value(kind, now), numberText(value)) : "";
  const isInside = now >= first && now <= last && Number.isFinite(value);
  const text = (
    /** @type {number} */ at,
    /** @type {number} */ down,
    /** @type {string} */ end,
    /** @type {string} */ said,
  ) => /** @type {Description} */ (["text", { x: at, y: down, "text-anchor": end, "font-size": points }, said]);
  const foot = height - points * 0.4;
  return [
    ["p", { class: "small", "data-part": "sweep-cell" }, nameCell(cell)],
    [
      "svg",
      { viewBox: `0 0 ${width} ${height}`, class: "sweep-curve", role: "img", "aria-label": `${sentence} ${atNow}` },
      ["line", { class: "sweep-axis", x1: left, x2: width - right, y1: y(0), y2: y(0) }],
      ["polyline", { class: "sweep-line", points: line }],
      ...(isInside
        ? [
            /** @type {Description} */ ([
              "line",
              { class: "sweep-drop", x1: x(now), x2: x(now), y1: y(value), y2: y(0) },
            ]),
            /** @type {Description} */ ([
              "circle",
              { class: "sweep-now", cx: x(now), cy: y(value), r: points * 0.375 },
            ]),
          ]
        : []),
      text(left, points, "start", shortNumber(high)),
      text(left, foot, "start", SWEEP.value(kind, first)),
      text(width / 2, foot, "middle", SWEEP.value(kind, (first + last) / 2)),
      text(width - right, foot, "end", SWEEP.value(kind, last)),
    ],
    ["p", { class: "small", role: "status", "data-part": "sweep-now" }, atNow],
    ["p", { class: "small muted", "data-part": "sweep-ends" }, sentence],
  ];
}

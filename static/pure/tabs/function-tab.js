/**
 * An activation as the curve of its function, with the point of the cell in focus and a rug of all cells of the map. Its
 * presses: the curve, the point with its drop line, the rug.
 */

import { planeOf, readOf } from "convoscope/pure/frame/stage.js";
import { CURVE } from "convoscope/pure/strings/tab-strings.js";
import { curveOf } from "convoscope/pure/tabs/response/curves.js";
import { numberText, shareText } from "convoscope/pure/text/number-text.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/**
 * @typedef {object} Plot
 * @property {(value: number) => number} x
 * @property {(value: number) => number} y
 * @property {number} left
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 */

export const FUNCTION_PRESSES = 2;
/** Points of the curve, and steps of the rug. */
const [POINTS, STEPS] = [241, 120];
/** The part of an axis that is free at each end, the height of the rug, the most of the plot in heights. */
const [MARGIN, RUG, MOST_WIDE] = [0.06, 16, 2.1];
/** Ticks of an axis at most. */
const MOST_TICKS = 6;

/** @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Description} */
export function functionView(trace, frame, { press, size }) {
  const stage = trace.stages[frame.stage];
  const before = readOf(trace, stage, frame.map);
  const [inputs, outputs] = [planeOf(before, frame.map), planeOf(stage, frame.map)];
  if (!inputs || !outputs || !frame.hasNumbers) return ["p", { class: "muted" }, CURVE.waiting];
  const curve = curveOf(stage, frame.map);
  const x = inputs[frame.row * stage.shape[2] + frame.col];
  const isKnown = frame.beat !== "window";
  const line = size.text * 1.5;
  const isWide = size.width > 2.2 * size.height;
  const height = Math.max(140, size.height - (isWide ? 0 : line * 4.5));
  const width = Math.min(size.width, height * MOST_WIDE, 900);
  const plot = layOut(curve, inputs, { width, height, text: size.text });
  const showsPoint = press > 0;
  const point = showsPoint ? CURVE.point(numberText(x), isKnown ? numberText(frame.value) : "?") : "";
  return [
    "div",
    { class: isWide ? "function-view beside" : "function-view", style: { "font-size": `${size.text}px` } },
    ["p", ["b", stage.title], ["span", { class: "mono is-output" }, ` y = ${stage.formula || CURVE.line}`]],
    [
      "svg",
      { viewBox: `0 0 ${width} ${height}`, width, height, role: "group" },
      press > 1 && [
        "g",
        { role: "group", "data-rove": "", "aria-label": CURVE.cells },
        ...drawRug(plot, inputs, frame, stage),
      ],
      [
        "g",
        { role: "img", "aria-label": CURVE.alt(stage.title, point) },
        ...drawAxes(plot, size.text),
        ["polyline", { points: pointsOf(curve, plot), class: "curve" }],
        ...(showsPoint ? drawPoint(plot, x, isKnown ? frame.value : null, size.text) : []),
      ],
    ],
    showsPoint && ["p", { class: "mono" }, point],
    press > 1 && ["p", writeShares(stage, inputs, outputs)],
  ];
}

/**
 * The scales of a plot: all inputs of the map and 0, and what the function makes of them.
 * @param {(x: number) => number} curve @param {Float32Array} inputs @param {{width: number, height: number, text: number}} size
 * @returns {Plot & {ends: [number, number], high: [number, number]}}
 */
function layOut(curve, inputs, { width, height, text }) {
  const ends = spread(extremes(inputs));
  const values = sampled(ends).map(curve);
  const high = spread(extremes(values));
  const [left, right, top, bottom] = [text * 4.2, width - text, text, height - RUG - text * 2];
  const scale =
    (/** @type {[number, number]} */ [from, to], /** @type {number} */ at, /** @type {number} */ end) =>
    (/** @type {number} */ value) =>
      at + ((value - from) / (to - from)) * (end - at);
  return { x: scale(ends, left, right), y: scale(high, bottom, top), left, right, top, bottom, ends, high };
}

/** The lowest and the highest of some numbers and 0. @param {Iterable<number>} values @returns {[number, number]} */
function extremes(values) {
  let [low, high] = [0, 0];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}

/** @param {[number, number]} ends @returns {[number, number]} */
function spread([low, high]) {
  const free = (high - low || 2) * MARGIN;
  return low === high ? [low - 1, high + 1] : [low - free, high + free];
}

/** Numbers along an axis, 0 among them. @param {[number, number]} ends */
function sampled([low, high]) {
  const steps = Array.from({ length: POINTS }, (_, i) => low + ((high - low) * i) / (POINTS - 1));
  return low < 0 && high > 0 ? [...steps, 0].sort((a, b) => a - b) : steps;
}

/** @param {(x: number) => number} curve @param {ReturnType<typeof layOut>} plot */
function pointsOf(curve, plot) {
  return sampled(plot.ends)
    .map((x) => `${plot.x(x).toFixed(1)},${plot.y(curve(x)).toFixed(1)}`)
    .join(" ");
}

/** Round numbers along an axis. @param {[number, number]} ends */
function ticksOf([low, high]) {
  const rough = (high - low) / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const [first, last] = [Math.ceil(low / step), Math.floor(high / step)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

/** @param {ReturnType<typeof layOut>} plot @param {number} text @returns {Description[]} */
function drawAxes(plot, text) {
  const [zeroX, zeroY] = [plot.x(0), plot.y(0)];
  return [
    ...ticksOf(plot.ends).flatMap((value) => [
      /** @type {Description} */ ([
        "line",
        { x1: plot.x(value), x2: plot.x(value), y1: plot.top, y2: plot.bottom, class: "grid-line" },
      ]),
      /** @type {Description} */ ([
        "text",
        { x: plot.x(value), y: plot.bottom + RUG + text * 1.1, "font-size": text, class: "middle" },
        numberText(value),
      ]),
    ]),
    ...ticksOf(plot.high).flatMap((value) => [
      /** @type {Description} */ ([
        "line",
        { x1: plot.left, x2: plot.right, y1: plot.y(value), y2: plot.y(value), class: "grid-line" },
      ]),
      /** @type {Description} */ ([
        "text",
        { x: plot.left - 5, y: plot.y(value) + text * 0.35, "font-size": text, class: "at-end" },
        numberText(value),
      ]),
    ]),
    ["line", { x1: plot.left, x2: plot.right, y1: zeroY, y2: zeroY, class: "axis" }],
    ["line", { x1: zeroX, x2: zeroX, y1: plot.top, y2: plot.bottom, class: "axis" }],
    ["text", { x: plot.right, y: zeroY - 5, "font-size": text, class: "at-end is-input" }, "x"],
    ["text", { x: zeroX + 6, y: plot.top + text * 0.8, "font-size": text, class: "is-output" }, "y"],
  ];
}

/**
 * The cells of the map below the axis: darker where more of them are. A click on some goes to the first of them.
 * @param {ReturnType<typeof layOut>} plot @param {Float32Array} inputs @param {Frame} frame @param {Stage} stage @returns {Description[]}
 */
function drawRug(plot, inputs, frame, stage) {
  const width = (plot.right - plot.left) / STEPS;
  /** @type {{count: number, first: number}[]} */
  const steps = [];
  inputs.forEach((value, cell) => {
    const step = Math.min(STEPS - 1, Math.max(0, Math.floor((plot.x(value) - plot.left) / width)));
    steps[step] ??= { count: 0, first: cell };
    steps[step].count++;
  });
  const most = Math.max(...steps.filter(Boolean).map(({ count }) => count));
  return steps.flatMap(({ count, first }, step) => {
    const x = plot.left + step * width;
    const isBelow = x + width / 2 < plot.x(0);
    const [row, col] = [Math.floor(first / stage.shape[2]), first % stage.shape[2]];
    return [
      [
        "rect",
        {
          x,
          y: plot.bottom + 2,
          width: Math.max(1, width - 0.4),
          height: RUG - 3,
          opacity: (0.22 + 0.78 * Math.sqrt(count / most)).toFixed(2),
          class: isBelow ? "rug is-below" : "rug",
          "data-go": [frame.stage, frame.map, row, col].join(),
          "data-key": `rug-${step}`,
          role: "button",
          "aria-label": CURVE.rug(count, numberText(inputs[first])),
        },
      ],
    ];
  });
}

/**
 * The point of the cell, with lines to both axes.
 * @param {Plot} plot @param {number} x @param {number | null} y @param {number} text @returns {Description[]}
 */
function drawPoint(plot, x, y, text) {
  const [at, zero] = [plot.x(x), plot.y(0)];
  if (y === null)
    return [
      ["line", { x1: at, x2: at, y1: plot.bottom + RUG, y2: zero, class: "drop" }],
      ["circle", { cx: at, cy: zero, r: 5, class: "of-input" }],
      ["text", { x: at + 8, y: zero - 8, "font-size": text * 1.3 }, "?"],
    ];
  return [
    ["line", { x1: at, x2: at, y1: plot.bottom + RUG, y2: plot.y(y), class: "drop" }],
    ["line", { x1: at, x2: plot.left, y1: plot.y(y), y2: plot.y(y), class: "drop" }],
    ["circle", { cx: at, cy: plot.bottom + RUG / 2, r: 4, class: "of-input" }],
    ["circle", { cx: plot.left, cy: plot.y(y), r: 4, class: "of-output" }],
    ["circle", { cx: at, cy: plot.y(y), r: 6, class: "of-output" }],
  ];
}

/**
 * What becomes of all cells of the map.
 * @param {Stage} stage @param {Float32Array} inputs @param {Float32Array} outputs
 */
function writeShares(stage, inputs, outputs) {
  const share = (/** @type {Float32Array} */ values, /** @type {(value: number) => boolean} */ holds) =>
    values.filter(holds).length / values.length;
  const said = (/** @type {number} */ part) => (part === 0 ? CURVE.none : shareText(part));
  const { least, most, never_zero } = stage.values;
  const sentences = [];
  if (!never_zero && least === 0 && stage.op !== "abs")
    sentences.push(CURVE.becomeZero(said(share(outputs, (value) => value === 0))));
  else sentences.push(CURVE.areBelow(said(share(inputs, (value) => value < 0))));
  if (most !== null && !never_zero && stage.op !== "tanh")
    sentences.push(CURVE.become(said(share(outputs, (value) => value === most)), numberText(most)));
  return CURVE.ofCells(inputs.length, sentences.join(", "));
}

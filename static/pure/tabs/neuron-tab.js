/** The step as a neuron: its inputs, weights, sum and output. */

import { cssColor, signedScale, weightColors } from "convoscope/pure/maps/palette.js";
import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { numberText, resultParts, shortNumber } from "convoscope/pure/text/caption.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The most wires that are drawn: those of the strongest terms. */
const WIRES = 27;
const [WIDTH, WEIGHT_X, DOT_X, SUM_X, OUT_X] = [720, 92, 190, 430, 500];
/** Characters of a line below the output. */
const LINE_LENGTH = 28;

/** @param {Trace} trace @param {Frame} frame @returns {Description} */
export function neuronView(trace, frame) {
  const terms = termsOf(frame);
  if (!terms.length) return ["p", { class: "muted" }, TABS.noNeuron];
  const strongest = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, WIRES);
  const drawn = terms.filter((term) => strongest.includes(term));
  const gap = drawn.length > 14 ? 15 : 20;
  const height = Math.max(120, drawn.length * gap + 16);
  const middle = height / 2;
  const stage = trace.stages[frame.stage];
  const colors = stage.weight ? weightColors(stage, frame.map) : signedScale(1);
  const { value, after } = resultParts(trace, { ...frame, beat: "write" });
  return [
    "div",
    { class: "neuron" },
    [
      "svg",
      { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": TABS.neuronAlt(terms.length, value) },
      ...drawn.flatMap((term, i) => wire(term, 16 + i * gap, middle, colors)),
      ["line", { x1: SUM_X + 24, y1: middle, x2: OUT_X - 10, y2: middle, class: "wire" }],
      ["circle", { cx: SUM_X, cy: middle, r: 24, class: "body" }],
      ["text", { x: SUM_X, y: middle + 6, class: "sigma" }, "Σ"],
      ["text", { x: SUM_X, y: middle + 42, class: "small" }, TABS.bias(numberText(frame.bias))],
      ["text", { x: OUT_X, y: middle + 7, class: "out" }, value],
      ...linesOf(after, LINE_LENGTH).map(
        (line, i) =>
          /** @type {Description} */ (["text", { x: OUT_X, y: middle + 30 + 15 * i, class: "small at-start" }, line]),
      ),
    ],
    ...(terms.length > drawn.length
      ? [/** @type {Description} */ (["p", { class: "small muted" }, TABS.moreWires(terms.length - drawn.length)])]
      : []),
  ];
}

/** A text in lines of at most `length` characters, broken between words. @param {string} text @param {number} length */
function linesOf(text, length) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= length) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** @typedef {{value: number, weight: number, product: number, channel: number}} Term */

/** @param {Frame} frame @returns {Term[]} */
function termsOf(frame) {
  return frame.channels.flatMap(({ channel, values, weights, products }) =>
    weights && products
      ? values.flatMap((line, r) =>
          line.map((value, c) => ({ value: value ?? 0, weight: weights[r][c], product: products[r][c], channel })),
        )
      : [],
  );
}

/**
 * @param {Term} term @param {number} y @param {number} middle
 * @param {import("convoscope/pure/maps/palette.js").Scale} colors
 * @returns {Description[]}
 */
function wire({ value, weight }, y, middle, colors) {
  const strength = 0.6 + 3.4 * Math.min(1, Math.abs(weight) / (colors.hi || 1));
  return [
    [
      "line",
      {
        x1: DOT_X + 6,
        y1: y,
        x2: SUM_X - 24,
        y2: middle,
        class: "wire",
        stroke: cssColor(colors.color(weight)),
        "stroke-width": strength.toFixed(1),
        style: {
          stroke:
            weight === 0
              ? "var(--hairline)"
              : cssColor(colors.color(Math.sign(weight) * Math.max(Math.abs(weight), colors.hi * 0.45))),
        },
      },
    ],
    ["circle", { cx: DOT_X, cy: y, r: 5, class: "dot" }],
    ["text", { x: WEIGHT_X - 8, y: y + 4, class: "value" }, shortNumber(value)],
    ["text", { x: WEIGHT_X, y: y + 4, class: "weight" }, `× ${shortNumber(weight)}`],
  ];
}

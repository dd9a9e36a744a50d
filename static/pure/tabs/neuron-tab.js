/** The step as a neuron: its inputs, weights, sum and output. */

import { signedScale, weightColors } from "convoscope/pure/maps/palette.js";
import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { resultParts } from "convoscope/pure/text/caption.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

/** @import {Frame, StepTexts, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The most wires that are drawn: those of the strongest terms. */
const WIRES = 27;
const [WIDTH, WEIGHT_X, DOT_X, SUM_X, OUT_X] = [720, 92, 190, 430, 500];
/** Characters of a line below the output. */
const LINE_LENGTH = 28;

/** @param {Trace} trace @param {Frame} frame @returns {Description} */
export function neuronView(trace, frame) {
  const texts = writeStep(trace, frame);
  const terms = termsOf(frame, texts);
  if (!terms.length) return ["p", { class: "muted" }, TABS.noNeuron];
  const strongest = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, WIRES);
  const drawn = terms.filter((term) => strongest.includes(term));
  const others = drawn.length < terms.length ? 0 : countInputs(frame) - drawn.length;
  const lines = drawn.length + (others ? 1 : 0);
  const gap = lines > 14 ? 15 : 20;
  const height = Math.max(120, lines * gap + 16);
  const middle = height / 2;
  const stage = trace.stages[frame.stage];
  const colors = stage.weight ? weightColors(stage, frame.map) : signedScale(1);
  const { value, after } = resultParts(trace, { ...frame, beat: "write" });
  return [
    "div",
    { class: "neuron" },
    [
      "svg",
      { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": TABS.neuronAlt(countInputs(frame), value) },
      ...drawn.flatMap((term, i) => wire(term, 16 + i * gap, middle, colors)),
      ...(others ? wireOfOthers(others, texts.rests[drawn.length], 16 + drawn.length * gap, middle) : []),
      ["line", { x1: SUM_X + 24, y1: middle, x2: OUT_X - 10, y2: middle, class: "wire" }],
      ["circle", { cx: SUM_X, cy: middle, r: 24, class: "body" }],
      ["text", { x: SUM_X, y: middle + 6, class: "sigma" }, "Σ"],
      ["text", { x: SUM_X, y: middle + 42, class: "small" }, divisorText(texts) + TABS.bias(texts.bias)],
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

/** @typedef {{text: string, weightText: string, weight: number, product: number}} Term */

/**
 * The inputs of a neuron with their weights: all of a convolution, the largest products of a long sum.
 * @param {Frame} frame @param {StepTexts} texts @returns {Term[]}
 */
function termsOf(frame, texts) {
  if (frame.kind !== "conv" && frame.kind !== "linear") return [];
  if (!frame.channels.length)
    return frame.strongest.map(({ weight, product }, i) => {
      const { value: text, weight: weightText } = texts.strongest[i];
      return { text, weightText, weight, product };
    });
  return frame.channels.flatMap(({ weights, products }, i) => {
    const { values, weights: written } = texts.channels[i];
    return values.flatMap((line, r) =>
      line.map((text, c) => ({
        text,
        weightText: written[r][c],
        weight: weights?.[r][c] ?? 0,
        product: products?.[r][c] ?? 0,
      })),
    );
  });
}

/** How many values a neuron reads. @param {Frame} frame */
function countInputs({ channels, rows, columns, strongest, rest }) {
  return channels.length ? channels.length * rows.length * columns.length : strongest.length + (rest?.count ?? 0);
}

/** @param {StepTexts} texts */
function divisorText({ divisor }) {
  return divisor ? `÷ ${divisor} + ` : "";
}

/**
 * @param {Term} term @param {number} y @param {number} middle
 * @param {import("convoscope/pure/maps/palette.js").Scale} colors
 * @returns {Description[]}
 */
function wire({ text, weightText, weight }, y, middle, colors) {
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
        "stroke-width": strength.toFixed(1),
        style: {
          stroke:
            weight === 0
              ? "var(--hairline)"
              : colors.fill(Math.sign(weight) * Math.max(Math.abs(weight), colors.hi * 0.45)),
        },
      },
    ],
    ["circle", { cx: DOT_X, cy: y, r: 5, class: "dot" }],
    ["text", { x: WEIGHT_X - 8, y: y + 4, class: "value" }, text],
    ["text", { x: WEIGHT_X, y: y + 4, class: "weight" }, `× ${weightText}`],
  ];
}

/** @param {number} count @param {string} sum @param {number} y @param {number} middle @returns {Description[]} */
function wireOfOthers(count, sum, y, middle) {
  return [
    ["line", { x1: DOT_X + 6, y1: y, x2: SUM_X - 24, y2: middle, class: "wire", "stroke-dasharray": "3 4" }],
    ["text", { x: WEIGHT_X - 8, y: y + 4, class: "value" }, TABS.otherInputs(count)],
    ["text", { x: WEIGHT_X, y: y + 4, class: "weight" }, sum],
  ];
}

/** The texts of the views Equation, Neuron, Matrix and Code, loaded with them. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** @import {Axis, Frame, Stage} from "convoscope/pure/types.js" */

/** The input cell that a tap reads: r·2 − 1 + i. @param {string} place @param {string} tap @param {Axis | null} axis */
function indexText(place, tap, axis) {
  const { stride = 1, before = 0, dilation = 1 } = axis ?? {};
  return (
    `${place}${stride > 1 ? `·${stride}` : ""}${before ? ` − ${before}` : ""} + ` +
    `${tap}${dilation > 1 ? `·${dilation}` : ""}`
  );
}

const POOLED = { max: "the largest", min: "the smallest", avg: "the mean", l2: "the root of the sum of squares" };

/** The law of each kind of step, in letters. @type {Record<string, (stage: Stage) => string>} */
const LAWS = {
  conv: ({ rows, columns }) =>
    verbatim(
      `y[k, r, c] = Σ w[k, ch, i, j] · x[ch, ${indexText("r", "i", rows)}, ${indexText("c", "j", columns)}] + b[k]`,
    ),
  pool: ({ pool, rows, columns }) =>
    `${verbatim("y[k, r, c] =")} ${POOLED[pool ?? "max"]} of ${rows?.kernel} × ${columns?.kernel} cells ` +
    `from row ${verbatim(`r·${rows?.stride}`)}, column ${verbatim(`c·${columns?.stride}`)}`,
  pointwise: ({ title, formula }) => `${verbatim(`y = ${formula || `${title}(x)`}`)}, cell by cell`,
  softmax: () =>
    `${verbatim("y = e^x / Σ e^x")} over all cells; the largest x is subtracted from each x first, which changes no share`,
  shift: ({ by }) => verbatim(`y[k, r, c] = x[k, r − ${by?.[0]}, c − ${by?.[1]}]`),
  flatten: () => "map by map, row by row",
  linear: () => `${verbatim("y[k] = Σ w[k, n] · x[n] + b[k]")}, over all ${verbatim("n")}`,
  prepare: ({ prepare }) =>
    `${verbatim(`y = (x${prepare?.white === 1 ? "" : ` / ${prepare?.white}`}`)} − mean) / ` +
    `deviation${prepare?.inverted ? `, ${verbatim(`x = ${prepare.white}`)} − the picture` : ""}`,
  input: () => "the picture as numbers",
};

export const TABS = inLanguage({
  /** @param {Stage} stage @param {Frame} frame */
  law: (stage, frame) => LAWS[frame.kind]?.(stage) ?? "",
  /** @param {string} bias */
  bias: (bias) => `bias ${bias}`,
  noNeuron:
    "Only a convolution is a neuron with weights. Choose one in the strip; a window of more than 16 × 16 cells " +
    "is not drawn.",
  /** @param {number} terms @param {string} value */
  neuronAlt: (terms, value) =>
    `A neuron with ${terms} inputs, each with its weight; their sum and the bias give ${value}.`,
  /** @param {number} count */
  moreWires: (count) => `Not drawn: ${count} more ${count === 1 ? "wire" : "wires"}, the weakest ones here.`,
  noMatrix:
    "Only a convolution is one matrix product. Choose one in the strip; a window of more than 16 × 16 cells is " +
    "not written out.",
  /** @param {number} rows @param {number} columns */
  matrixLaw: (rows, columns) =>
    `Every position of the window is a row of ${columns} numbers, the filter a column of ${columns}: ${rows} rows ` +
    "times one column give the whole map at once.",
  matrixTitle: "Rows around this place",
  place: "row, col",
  windowAsRow: "window, written as a row",
  timesFilter: "row · filter + bias",
  codeTitle: "The same layer in PyTorch, then as plain loops.",
  loopsComment: "# the same, written out: for each filter k and each channel c",
  noCode: "# no code for this stage",
  areaComment: "# PyTorch counts a partly covered cell as a whole one",
});

/** The texts of the views, loaded with them. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** @import {FieldTerm} from "convoscope/pure/tabs/field/field-boxes.js" */
/** @import {Axis, Frame, Stage} from "convoscope/pure/types.js" */

/**
 * The input cell that a tap reads: r·2 − 1 + i; of a turned filter r·2 − 1 + (2 − i).
 * @param {string} place @param {string} tap @param {Axis | null} axis @param {boolean} [isTurned]
 */
function indexText(place, tap, axis, isTurned = false) {
  const { stride = 1, before = 0, dilation = 1, kernel = 1 } = axis ?? {};
  const read = isTurned ? `(${kernel - 1} − ${tap})` : tap;
  return (
    `${place}${stride > 1 ? `·${stride}` : ""}${before ? ` − ${before}` : ""} + ` +
    `${read}${dilation > 1 ? `·${dilation}` : ""}`
  );
}

/** The law of a convolution, with the terms of the sum as the filter is written. @param {Stage} stage */
function convolutionLaw({ rows, columns, flip = false, groups = 1, input_shape }) {
  const channels = (input_shape?.[0] ?? 1) / groups;
  const cell = `${indexText("r", "i", rows, flip)}, ${indexText("c", "j", columns, flip)}`;
  const law = verbatim(`y[k, r, c] = b[k] + Σ ${flip ? "g" : "w"}[k, ch, i, j] · x[ch, ${cell}]`);
  const range =
    groups > 1
      ? `over ${verbatim("i, j")} and the ${channels === 1 ? "channel" : `${channels} channels`} of its group`
      : `over ${verbatim("ch, i, j")}`;
  const turned = "is the filter as it was written, and the figure shows it turned by 180°";
  return `${law}, ${range}${flip ? `; ${verbatim("g")} ${turned}` : ""}`;
}

const POOLED = { max: "the largest", min: "the smallest", avg: "the mean", l2: "the root of the sum of squares" };

/** The law of each kind of step, in letters. @type {Record<string, (stage: Stage) => string>} */
const LAWS = {
  conv: convolutionLaw,
  pool: ({ pool, rows, columns }) =>
    `${verbatim("y[k, r, c] =")} ${POOLED[pool ?? "max"]} of ${rows?.kernel} × ${columns?.kernel} cells ` +
    `from row ${verbatim(`r·${rows?.stride}`)}, column ${verbatim(`c·${columns?.stride}`)}`,
  pointwise: ({ title, formula }) => `${verbatim(`y = ${formula || `${title}(x)`}`)}, cell by cell`,
  softmax: ({ capabilities }) =>
    `${verbatim("y = e^x / Σ e^x")} over ` +
    `${capabilities?.includes("reads_all") === false ? "the channels of each place" : "all cells"}; ` +
    "the largest x is subtracted from each x first, which changes no share",
  shift: ({ by }) => verbatim(`y[k, r, c] = x[k, r − ${by?.[0]}, c − ${by?.[1]}]`),
  flatten: () => "map by map, row by row",
  linear: () => `${verbatim("y[k] = b[k] + Σ w[k, n] · x[n]")}, over all ${verbatim("n")}`,
  prepare: ({ prepare }) =>
    `${verbatim(`y = (x${prepare?.white === 1 ? "" : ` / ${prepare?.white}`}`)} − mean) / ` +
    `deviation${prepare?.inverted ? `, ${verbatim(`x = ${prepare.white}`)} − the picture` : ""}`,
  join: ({ op, reads, starts }) =>
    op === "concat"
      ? verbatim(reads.map((_, n) => `y[k] = ${n ? `x${n + 1}[k − ${starts?.[n]}]` : "x[k]"}`).join("; "))
      : `${verbatim(`y = ${reads.map((_, n) => (n ? `x${n + 1}` : "x")).join(op === "add" ? " + " : " · ")}`)}, cell by cell`,
  input: () => "the picture as numbers",
  batchnorm: () => `${verbatim("y = (x − μ) / √(σ² + ε) · γ + β")}, with numbers for each channel`,
  dropout: ({ law: { train, p } }) =>
    train
      ? `${verbatim(`y = x / (1 − ${p})`)} where a value is kept, else 0`
      : `${verbatim("y = x")}: nothing is dropped in prediction`,
  lrn: ({ law: { size, alpha, beta, k } }) =>
    `${verbatim(`y[c] = x[c] / (${k} + ${alpha}/${size} · Σ x[c′]²)^${beta}`)}, over ${size} channels around ${verbatim("c")}`,
  mean: ({ input_shape }) => `${verbatim(`y[r, c] = Σ x[k, r, c] / ${input_shape?.[0]}`)}, over all ${verbatim("k")}`,
  pad: ({ rows, columns, law: { mode, value } }) =>
    `${verbatim(`y[k, r, c] = x[k, r − ${rows?.before}, c − ${columns?.before}]`)}, around it ` +
    (mode === "zeros" ? verbatim(String(value).replace("-", "−")) : "copies of its cells"),
  upsample: ({ law: { factor, mode } }) =>
    mode === "nearest"
      ? verbatim(`y[k, r, c] = x[k, ⌊r/${factor[0]}⌋, ⌊c/${factor[1]}⌋]`)
      : `shares of the cells around row ${verbatim(`(r + ½)/${factor[0]} − ½`)}, column ${verbatim(`(c + ½)/${factor[1]} − ½`)}`,
};

export const TABS = inLanguage({
  /** @param {Stage} stage @param {Frame} frame */
  law: (stage, frame) => LAWS[frame.kind]?.(stage) ?? "",
  enlarge: "Enlarge this view",
  shrink: "Make this view smaller",
  pressBack: "One press back in this view",
  pressOn: "One press on in this view",
  /** @param {number} press @param {number} count */
  pressCount: (press, count) => `${press} of ${count}`,
  /** Why a view shows nothing, by the reason that the stage gives. @type {Record<string, string>} */
  instead: {
    input: "The picture is computed from nothing. Choose a layer in the strip.",
    no_neuron:
      "This layer has no weights, so its cells are drawn as no neurons. Choose a convolution or a fully connected " +
      "layer in the strip.",
    no_matrix:
      "This layer has no weights to be written as a matrix. Choose a convolution or a fully connected layer in the strip.",
    many_inputs: "Each cell is a sum of many inputs, so that no curve over one number gives it. Choose an activation.",
    pooled: "Each cell is made from a whole window, so that no curve over one number gives it. Choose an activation.",
    shares: "Each share depends on all values, so that no curve over one number gives it. Choose another activation.",
    joined: "Each cell is made from several stages, so that no curve over one number gives it. Choose an activation.",
    moved: "This layer moves or repeats cells and changes no number. Choose an activation.",
    chance: "What becomes of a cell is left to chance, so that no curve gives it. Choose an activation.",
    neighbours:
      "Each cell depends on its neighbours too, so that no curve over one number gives it. Choose an activation.",
  },
  /** @param {string} bias */
  bias: (bias) => `bias ${bias}`,
  noNeuron: "A window of more than 16 × 16 cells is not drawn wire by wire.",
  /** @param {number} terms @param {string} value */
  neuronAlt: (terms, value) =>
    `A neuron with ${terms} inputs, each with its weight; their sum and the bias give ${value}.`,
  /** The wire of all inputs that have none of their own. @param {number} count */
  otherInputs: (count) => `${count} others`,
  /** @param {number} count */
  moreWires: (count) => `Not drawn: ${count} more ${count === 1 ? "wire" : "wires"}, the weakest ones here.`,
  noMatrix:
    "Only a convolution or a fully connected layer is one matrix product. Choose one in the strip; a window of more " +
    "than 16 × 16 cells is not written out.",
  /** @param {number} outputs @param {number} inputs */
  linearLaw: (outputs, inputs) =>
    `Every output has a row of ${inputs} weights, the input is a column of ${inputs} numbers, map by map and row by ` +
    `row: ${outputs} ${outputs === 1 ? "row" : "rows"} times one column give all outputs at once.`,
  output: "output",
  weightsAsRow: "weights, one row for each output",
  timesInput: "row · input + bias",
  inputAsColumn: "input, a column",
  /** @param {number} rows @param {number} columns */
  matrixLaw: (rows, columns) =>
    `Every position of the window is a row of ${columns} numbers, the filter a column of ${columns}: ${rows} rows ` +
    "times one column give the whole map at once.",
  matrixTitle: "Rows around this place",
  place: "row, col",
  windowAsRow: "window, written as a row",
  timesFilter: "row · filter + bias",
  codeTitle: "This stage as a program that computes these numbers.",
  /** @param {string} file @param {string} path */
  codeFile: (file, path) =>
    `It reads the numbers of the figure from ${file}, which ${path} of a Lab sends for this link.`,
});

// --- the receptive field ---

const WORDS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];

/** @param {number} rows @param {number} columns */
function sizeOf(rows, columns) {
  return verbatim(`${rows} × ${columns}`);
}

/** Where a field begins along an axis. @param {number} first @param {string} side */
function startOf(first, side) {
  if (first === 0) return `at the ${side} edge`;
  return first < 0 ? `${-first} px outside the ${side} edge` : `${first} px from the ${side} edge`;
}

/** @param {FieldTerm[]} terms */
function sumOfTerms(terms) {
  const total = 1 + terms.reduce((sum, { window, jump }) => sum + (window - 1) * jump, 0);
  const [{ window } = { window: 1 }] = terms;
  const isAlike = terms.length > 1 && terms.every((term) => term.window === window && term.jump === 1);
  if (isAlike) return verbatim(`1 + L·(F − 1) = 1 + ${terms.length}·(${window} − 1) = ${total}`);
  const written = terms.map((term) => `(${term.window} − 1)·${term.jump}`);
  return `${verbatim("1 + Σ (F − 1)·")}jump ${verbatim(`= ${["1", ...written].join(" + ")} = ${total}`)}`;
}

export const FIELD = inLanguage({
  /** @param {string} title @param {number} row @param {number} col */
  question: (title, row, col) => `Which part of the picture can influence row ${row}, column ${col} of “${title}”?`,
  /** @param {string} title */
  questionOfValue: (title) => `Which part of the picture can influence this value of “${title}”?`,
  stages: "The stages, from the picture to the cell in focus",
  /** @param {number} rows @param {number} columns */
  size: (rows, columns) => sizeOf(rows, columns),
  /** @param {number} count */
  values: (count) => `${count} values`,
  /** @param {string} size */
  atMost: (size) => `at most ${size}`,
  /** @param {string} size */
  whole: (size) => `all ${size}`,
  all: "all",
  /** @param {string} title @param {string} size */
  window: (title, size) => `One layer back: its window in “${title}”, ${size} cells.`,
  /** @param {string} title @param {string} size */
  further: (title, size) => `One more: ${size} cells of “${title}”.`,
  /** @param {string} size */
  inPicture: (size) => `Its receptive field in the picture: ${size} px.`,
  wholePicture: "It can see the whole picture.",
  /** @param {number} down @param {number} across */
  apart: (down, across) =>
    down === across
      ? `Neighbours’ windows lie ${down} px apart.`
      : `Neighbours’ windows lie ${down} px apart down, ${across} px across.`,
  /** @param {number} top @param {number} left */
  starts: (top, left) =>
    top === left && top === 0
      ? "The first begins at the corner of the picture."
      : `The first begins ${startOf(top, "upper")} and ${startOf(left, "left")}.`,
  /** @param {FieldTerm[]} terms */
  formula: (terms) => sumOfTerms(terms),
  /** @param {string} formula */
  alongRows: (formula) => `Rows: ${formula}`,
  /** @param {string} formula */
  alongColumns: (formula) => `Columns: ${formula}`,
  union: "Paths of several lengths lead back: the box lies around all of them.",
  /** @param {number} count @param {number} side @param {number} sum */
  seeAsMuch: (count, side, sum) =>
    `${WORDS[count] ?? count} layers of ${sizeOf(side, side)} see as much as one of ${sizeOf(sum, sum)}, with ` +
    `${(WORDS[count - 1] ?? `${count - 1}`).toLowerCase()} more ReLU${count === 2 ? "" : "s"} between them. ` +
    "Weights for C channels in and out, without biases:",
  /** @param {number} count @param {number} side */
  layers: (count, side) => `${count} × (${sizeOf(side, side)})`,
  /** @param {number} sum */
  oneLayer: (sum) => `1 × (${sizeOf(sum, sum)})`,
  shade: "Shade by paths",
  /** @param {number} most @param {number} least */
  paths: (most, least) => `At most ${most} paths lead from a cell to this one, at least ${least}; fewer paths, dimmer.`,
  tableTitle: "What the cell is made from, stage by stage",
  tableHead: ["stage", "size", "rows", "columns"],
});

// --- the curve of a function ---

export const CURVE = inLanguage({
  waiting: "The numbers of this stage are on their way.",
  line: "(x − mean) / √(variance + ε) · gain + shift",
  /** @param {string} x @param {string} y */
  point: (x, y) => verbatim(`x = ${x}, y = ${y}`),
  /** @param {string} title @param {string} point */
  alt: (title, point) => `The curve of ${title}${point && `, with the point of this cell: ${point}`}.`,
  none: "none",
  /** @param {string} share */
  becomeZero: (share) => `${share} become 0`,
  /** @param {string} share */
  areBelow: (share) => `${share} are below 0`,
  /** @param {string} share @param {string} value */
  become: (share, value) => `${share} become ${value}`,
  /** @param {number} count @param {string} sentences */
  ofCells: (count, sentences) => `Of the ${count} ${count === 1 ? "cell" : "cells"} of this map ${sentences}.`,
});

/**
 * The equations of layers that make a cell of one cell, or of the same cell of several stages: activations, norms, joins,
 * and all that moves or copies cells.
 */

import { isKept } from "convoscope/pure/frame/laws/cell-laws.js";
import { EQUATION } from "convoscope/pure/strings/tab-strings.js";
import { activationOf, letterArgument, numberArgument } from "convoscope/pure/tabs/equation/activation-math.js";
import { signedText } from "convoscope/pure/tabs/equation/indices.js";
import {
  enclosed,
  factor,
  fraction,
  math,
  name,
  number,
  power,
  root,
  row,
  sumOver,
  withIndices,
  words,
} from "convoscope/pure/tabs/equation/math.js";
import { termsTable } from "convoscope/pure/tabs/equation/terms-table.js";
import { input, isKnown, output, outputIndices } from "convoscope/pure/tabs/equation/weighted-equation.js";
import { numberText } from "convoscope/pure/text/number-text.js";
import { endOf } from "convoscope/pure/text/step-equation.js";

/** @import {Frame, Stage, StepTexts} from "convoscope/pure/types.js" */
/** @import {EquationStep, Line} from "convoscope/pure/tabs/equation/equation-view.js" */
/** @import {Math as Part} from "convoscope/pure/tabs/equation/math.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {(Part[] | false)[]} Indices */

/** A line that ends with the result. @param {EquationStep} step @param {...Part} left @returns {Line} */
export function resultLine(step, ...left) {
  const known = isKnown(step);
  const { frame, texts, stage } = step;
  return {
    math: [
      math(output(outputIndices(stage, frame)), "=", ...left),
      math(
        known ? signOf(texts, endOf(frame, texts).sign) : "=",
        known ? number(texts.result, "output") : words(EQUATION.unknown),
      ),
    ],
  };
}

/** The sign before a result; a bound such as "< 0.1 %" has one of its own. @param {StepTexts} texts @param {string} sign */
export function signOf({ result }, sign) {
  return /^[<>]/.test(result) ? "" : sign;
}

/** y = … for every cell, or for one. @param {Stage} stage @param {Frame | undefined} frame @param {...Part} parts @returns {Line} */
function lineOf(stage, frame, ...parts) {
  return { math: [math(output(outputIndices(stage, frame)), "=", ...parts)] };
}

/** The input cell at the same place. @param {Stage} stage @param {Frame} [frame] */
function sameCell(stage, frame) {
  return input(outputIndices(stage, frame));
}

// --- activations ---

/** @param {EquationStep} step @returns {Line[]} */
export function activationLaw({ stage }) {
  return [{ math: [math(name("y", "output"), "=", activationOf(stage, letterArgument(name("x", "input"))))] }];
}

/** @param {EquationStep} step @returns {Line[]} */
export function activationIndices({ stage, frame }) {
  return [lineOf(stage, frame, activationOf(stage, letterArgument(sameCell(stage, frame))))];
}

/** @param {EquationStep} step @returns {Line[]} */
export function activationNumbers(step) {
  return [resultLine(step, activationOf(step.stage, numberArgument(step.texts.sum)))];
}

// --- batch norm ---

/** @param {Part} x @param {[Part, Part, Part, Part, Part]} letters @returns {Part[]} */
function normalized(x, [mean, variance, eps, gain, shift]) {
  return [fraction(row(x, "−", mean), root(variance, "+", eps)), "·", gain, "+", shift];
}

/** @param {Stage} stage @param {Part | false} map @returns {[Part, Part, Part, Part, Part]} */
function normLetters(stage, map) {
  const of = (/** @type {string} */ letter) => withIndices(letter, [stage.shape[0] > 1 && map ? [map] : false]);
  return [of("μ"), power(of("σ"), "2"), "ε", of("γ"), of("β")];
}

/** @param {EquationStep} step @returns {Line[]} */
export function normLaw({ stage }) {
  return [lineOf(stage, undefined, ...normalized(sameCell(stage), normLetters(stage, "k"))), { note: EQUATION.norm }];
}

/** @param {EquationStep} step @returns {Line[]} */
export function normIndices({ stage, frame }) {
  const letters = normLetters(stage, String(frame.map));
  return [lineOf(stage, frame, ...normalized(sameCell(stage, frame), letters))];
}

/** @param {EquationStep} step @returns {Line[]} */
export function normNumbers(step) {
  const { stage, frame, texts } = step;
  const of = (/** @type {string} */ key) => factor(numberText(stage.law[key][frame.map]));
  const eps = factor(numberText(stage.law.eps));
  const numbers = /** @type {[Part, Part, Part, Part, Part]} */ ([
    of("mean"),
    of("var"),
    eps,
    of("weight"),
    of("bias"),
  ]);
  return [resultLine(step, ...normalized(factor(texts.sum, "input"), numbers))];
}

// --- dropout ---

/** @param {Part} x @param {Part} p */
const scaledUp = (x, p) => fraction(x, row("1", "−", p));

/** @param {EquationStep} step @returns {Line[]} */
export function dropoutLaw({ stage }) {
  const x = sameCell(stage);
  if (!stage.law.train) return [lineOf(stage, undefined, x), { note: EQUATION.notDropped }];
  return [
    lineOf(stage, undefined, scaledUp(x, "p"), words(EQUATION.whereKept)),
    { math: [math("p", "=", numberText(stage.law.p))], isNote: true },
  ];
}

/** @param {EquationStep} step @returns {Line[]} */
export function dropoutIndices({ stage, frame }) {
  const x = sameCell(stage, frame);
  if (!stage.law.train) return [lineOf(stage, frame, x)];
  return isKept(stage, frame)
    ? [lineOf(stage, frame, scaledUp(x, "p")), { note: EQUATION.kept }]
    : [lineOf(stage, frame, x, "·", "0"), { note: EQUATION.dropped }];
}

/** @param {EquationStep} step @returns {Line[]} */
export function dropoutNumbers(step) {
  const { stage, frame, texts } = step;
  if (!stage.law.train) return [resultLine(step, number(texts.sum, "input")), { note: EQUATION.notDropped }];
  return isKept(stage, frame)
    ? [resultLine(step, scaledUp(number(texts.sum, "input"), numberText(stage.law.p))), { note: EQUATION.kept }]
    : [resultLine(step, factor(texts.sum, "input"), "·", "0"), { note: EQUATION.dropped }];
}

// --- cells that move, or are copied ---

/** The place that a cell is copied from, in letters. @param {Stage} stage @returns {Indices} */
function copiedFrom(stage) {
  const { op, shape, input_shape, by = [0, 0], law, rows, columns } = stage;
  const map = shape[0] > 1 && ["k"];
  const less = (/** @type {string} */ letter, /** @type {number} */ count) =>
    count ? [letter, count > 0 ? "−" : "+", String(Math.abs(count))] : [letter];
  if (op === "shift") return [map, less("r", by?.[0] ?? 0), less("c", by?.[1] ?? 0)];
  if (op === "pad") return [map, less("r", rows?.before ?? 0), less("c", columns?.before ?? 0)];
  if (op === "upsample") {
    const part = (/** @type {string} */ letter, /** @type {number} */ by) =>
      by > 1 ? ["⌊", letter, "/", String(by), "⌋"] : [letter];
    return [map, part("r", law.factor[0]), part("c", law.factor[1])];
  }
  const [channels, height, width] = input_shape ?? [1, 1, 1];
  const rest = width > 1 ? row("⌊", "k", "/", String(width), "⌋") : "k";
  return [
    channels > 1 && ["⌊", "k", "/", String(height * width), "⌋"],
    height > 1 && [rest, "mod", String(height)],
    width > 1 && ["k", "mod", String(width)],
  ];
}

/** The cell that is read, where there is one. @param {EquationStep} step @returns {Part | null} */
function readCell({ stage, frame }) {
  const [channels] = stage.input_shape ?? [1];
  const [channel] = frame.channels;
  const source = channel ? channel.sources[0][0] : null;
  if (!channel || !source) return null;
  return input([channels > 1 && [String(channel.channel)], [signedText(source[0])], [signedText(source[1])]]);
}

/** @param {EquationStep} step @returns {Line[]} */
export function copyLaw({ stage }) {
  if (stage.law?.mode === "bilinear") return bilinearLaw(stage);
  const note = stage.op === "flatten" ? EQUATION.flat : stage.op === "upsample" ? "" : outsideNote(stage);
  const { rows, columns } = stage;
  const isAround = stage.op === "shift" || [rows, columns].some((axis) => axis && axis.before + axis.after > 0);
  return [
    lineOf(stage, undefined, input(copiedFrom(stage))),
    ...(note && (isAround || stage.op === "flatten") ? [{ note }] : []),
  ];
}

/** What stands outside of the input. @param {Stage} stage */
function outsideNote({ op, law }) {
  if (op === "pad" && law.mode === "zeros") return EQUATION.padded(signedText(law.value));
  if (op === "center") return EQUATION.paper;
  return EQUATION.outside[op === "pad" ? law.mode : "zeros"];
}

/** @param {EquationStep} step @returns {Line[]} */
export function copyIndices(step) {
  const { stage, frame } = step;
  if (frame.channels[0]?.weights) return sharesOf(step, false);
  const read = readCell(step);
  const isOutside = frame.channels[0]?.padded[0][0];
  const note = isOutside ? [{ note: outsideNote(stage), isOutside: true }] : [];
  return [lineOf(stage, frame, read ?? number(step.texts.sum)), ...note];
}

/** @param {EquationStep} step @returns {Line[]} */
export function copyNumbers(step) {
  const { stage, frame } = step;
  if (frame.channels[0]?.weights) return sharesOf(step, true);
  const known = isKnown(step) || frame.kind === "input";
  const isOutside = frame.channels[0]?.padded[0][0];
  const note = isOutside ? [{ note: outsideNote(stage), isOutside: true }] : [];
  const read = readCell(step);
  return [
    {
      math: [
        math(output(outputIndices(stage, frame)), "=", ...(read ? [read, "="] : [])),
        math(known ? number(step.texts.result, "output") : words(EQUATION.unknown)),
      ],
    },
    ...note,
  ];
}

/** Shares of the nearest cells, with what the letters mean. @param {Stage} stage @returns {Line[]} */
function bilinearLaw(stage) {
  const [down, across] = stage.law.factor;
  const start = (/** @type {string} */ letter, /** @type {number} */ by) => [
    withIndices(letter, [["0"]]),
    "+",
    letter === "r" ? "a" : "b",
    "=",
    fraction(row(letter, "+", "½"), String(by)),
    "−",
    "½",
  ];
  const shares = (/** @type {string} */ letter) => withIndices(letter === "i" ? "a" : "b", [[letter]]);
  const map = stage.shape[0] > 1 && ["k"];
  return [
    {
      math: [
        math(output(outputIndices(stage)), "=", sumOver("i", "0", "1"), sumOver("j", "0", "1")),
        math(
          shares("i"),
          "·",
          shares("j"),
          "·",
          input([map, [withIndices("r", [["0"]]), "+", "i"], [withIndices("c", [["0"]]), "+", "j"]]),
        ),
      ],
    },
    { math: [math(...start("r", down), ","), math(...start("c", across))], isNote: true },
    {
      math: [
        math(withIndices("a", [["0"]]), "=", "1", "−", "a", ",", withIndices("a", [["1"]]), "=", "a", ","),
        math(withIndices("b", [["0"]]), "=", "1", "−", "b", ",", withIndices("b", [["1"]]), "=", "b"),
      ],
      isNote: true,
    },
    { note: EQUATION.shares },
  ];
}

/** Shares of the cells below a square, with where it begins. @param {EquationStep} step @returns {Line[]} */
export function centeredLaw({ stage }) {
  const { starts, length, box } = stage.law;
  const start = (/** @type {string} */ letter, /** @type {number} */ by) => [
    withIndices(letter, [["0"]]),
    "=",
    fraction(row(String(length), "·", letter, by < 0 ? "−" : "+", String(Math.abs(by))), String(box)),
  ];
  const shares = [withIndices("a", [["i"]]), "·", withIndices("b", [["j"]]), "·"];
  const size = numberText(length / box);
  const map = stage.shape[0] > 1 && ["k"];
  return [
    {
      math: [
        math(
          output(outputIndices(stage)),
          "=",
          sumOver("i", "⌊r₀⌋", `⌈r₀ + ${size}⌉ − 1`),
          sumOver("j", "⌊c₀⌋", `⌈c₀ + ${size}⌉ − 1`),
        ),
        math(...shares, input([map, ["i"], ["j"]])),
      ],
    },
    { math: [math(...start("r", starts[0]), ","), math(...start("c", starts[1]))], isNote: true },
    { note: EQUATION.covered(size) },
    { note: EQUATION.paper },
  ];
}

/** A weighted sum of few cells. @param {EquationStep} step @param {boolean} hasNumbers @returns {Line[]} */
function sharesOf(step, hasNumbers) {
  const { stage, frame, texts } = step;
  const map = (stage.input_shape?.[0] ?? 1) > 1 && [String(frame.map)];
  const rows = frame.rows.map((_, i) => i);
  const columns = frame.columns.map((_, j) => j);
  const table = termsTable({ rows, columns }, (i, j) => ({
    parts: [
      factor(texts.channels[0]?.weights[i][j] ?? "", "filter"),
      "·",
      hasNumbers
        ? factor(texts.channels[0]?.values[i][j] ?? "", "input")
        : input([map, [String(frame.rows[i])], [String(frame.columns[j])]]),
    ],
    isZero: frame.channels[0]?.products?.[i]?.[j] === 0,
  }));
  return hasNumbers ? [resultLine(step, enclosed(table))] : [lineOf(stage, frame, enclosed(table))];
}

// --- joins ---

/** @param {Stage} stage @param {Frame} [frame] @returns {Part[]} */
function joinedCells(stage, frame) {
  const isProduct = stage.op === "mul";
  return stage.reads.flatMap((read, i) => {
    const cell = cellOfStage(read, outputIndices(stage, frame));
    return i ? [isProduct ? "·" : "+", cell] : [cell];
  });
}

/**
 * A cell of one of several stages: x with its indices below and the number of the stage above.
 * @param {number} stage @param {Indices} indices @returns {Description}
 */
function cellOfStage(stage, indices) {
  const [x, number] = [name("x", "input"), row("(", String(stage), ")")];
  const shown = indices.filter((index) => index !== false);
  if (!shown.length) return power(x, number);
  return ["msubsup", x, row(...shown.flatMap((index, i) => (i ? [",", ...index] : index))), number];
}

/** @param {EquationStep} step @returns {Line[]} */
export function joinLaw({ stage }) {
  if (stage.op !== "concat") return [lineOf(stage, undefined, ...joinedCells(stage)), { note: EQUATION.joined }];
  const { reads, starts = [], shape } = stage;
  return [
    ...reads.map((read, i) => {
      const map = starts[i] ? ["k", "−", String(starts[i])] : ["k"];
      const cell = cellOfStage(read, [map, ["r"], ["c"]]);
      const range = row(String(starts[i]), "≤", "k", "<", String(starts[i + 1] ?? shape[0]));
      return { math: [math(output([["k"], ["r"], ["c"]]), "=", cell), math(words(EQUATION.for), range)] };
    }),
    { note: EQUATION.joined },
  ];
}

/** @param {EquationStep} step @returns {Line[]} */
export function joinIndices({ stage, frame }) {
  if (stage.op !== "concat") return [lineOf(stage, frame, ...joinedCells(stage, frame)), { note: EQUATION.joined }];
  const place = [[String(frame.channels[0]?.channel ?? 0)], [String(frame.row)], [String(frame.col)]];
  return [lineOf(stage, frame, cellOfStage(frame.joined[0] ?? stage.reads[0], place)), { note: EQUATION.joined }];
}

/** @param {EquationStep} step @returns {Line[]} */
export function joinNumbers(step) {
  const { stage, texts } = step;
  const terms = texts.channels.flatMap(({ values: [[text]] }, i) => [
    ...(i ? [stage.op === "mul" ? "·" : "+"] : []),
    factor(text, "input"),
  ]);
  return [resultLine(step, ...terms)];
}

// --- preprocessing ---

/** @param {Stage} stage @param {Part} x @param {Part} mean @param {Part} deviation @returns {Part} */
function prepared({ prepare }, x, mean, deviation) {
  const white = prepare?.white ?? 1;
  const read = prepare?.inverted ? row(String(white), "−", x) : x;
  const scaled = white === 1 ? read : fraction(read, String(white));
  return fraction(row(scaled, "−", mean), deviation);
}

/** @param {EquationStep} step @returns {Line[]} */
export function preparedLaw({ stage }) {
  const map = stage.shape[0] > 1 && [/** @type {Part} */ ("k")];
  const [mean, deviation] = [withIndices("μ", [map]), withIndices("σ", [map])];
  return [lineOf(stage, undefined, prepared(stage, sameCell(stage), mean, deviation)), { note: EQUATION.prepared }];
}

/** @param {EquationStep} step @returns {Line[]} */
export function preparedIndices({ stage, frame }) {
  const map = stage.shape[0] > 1 && [/** @type {Part} */ (String(frame.map))];
  const [mean, deviation] = [withIndices("μ", [map]), withIndices("σ", [map])];
  return [lineOf(stage, frame, prepared(stage, sameCell(stage, frame), mean, deviation)), { note: EQUATION.prepared }];
}

/** @param {EquationStep} step @returns {Line[]} */
export function preparedNumbers(step) {
  const { stage, frame, texts } = step;
  const law = /** @type {NonNullable<Stage["prepare"]>} */ (stage.prepare);
  const text = (/** @type {number} */ value) => String(value).replace("-", "−");
  const [mean, deviation] = [text(law.mean[frame.map]), text(law.std[frame.map])];
  return [resultLine(step, prepared(stage, factor(texts.sum, "input"), factor(mean), number(deviation)))];
}

// --- the picture ---

/** @param {EquationStep} step @returns {Line[]} */
export function pictureLaw({ stage }) {
  return [{ math: [math(input(outputIndices(stage)))] }, { note: EQUATION.picture }];
}

/** @param {EquationStep} step @returns {Line[]} */
export function pictureIndices({ stage, frame }) {
  return [{ math: [math(input(outputIndices(stage, frame)))] }, { note: EQUATION.picture }];
}

/** @param {EquationStep} step @returns {Line[]} */
export function pictureNumbers({ stage, frame, texts }) {
  return [
    {
      math: [math(input(outputIndices(stage, frame)), texts.isResultExact ? "=" : "≈", number(texts.result, "input"))],
    },
    { note: EQUATION.picture },
  ];
}

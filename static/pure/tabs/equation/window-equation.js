/** The equation of a pooling: the largest, the smallest, the mean or the root of squares of a window, or of channels. */

import { EQUATION } from "convoscope/pure/strings/tab-strings.js";
import {
  indexInLetters,
  indexInNumbers,
  isUneven,
  lastOf,
  letterOf,
  letterValues,
  signedText,
} from "convoscope/pure/tabs/equation/indices.js";
import {
  enclosed,
  factor,
  fraction,
  math,
  number,
  over,
  power,
  root,
  sumOver,
  words,
} from "convoscope/pure/tabs/equation/math.js";
import { foldSum, termsTable } from "convoscope/pure/tabs/equation/terms-table.js";
import { input, isKnown, output, outputIndices } from "convoscope/pure/tabs/equation/weighted-equation.js";
import { endOf } from "convoscope/pure/text/step-equation.js";

/** @import {Axis, Frame, Stage} from "convoscope/pure/types.js" */
/** @import {EquationStep, Line} from "convoscope/pure/tabs/equation/equation-view.js" */
/** @import {Folding, Term} from "convoscope/pure/tabs/equation/terms-table.js" */
/** @import {Math as Part} from "convoscope/pure/tabs/equation/math.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {EquationStep} step @returns {Line[]} */
export function pooledLaw({ stage }) {
  const read = input([["k"], indexInLetters(stage, "rows"), indexInLetters(stage, "columns")]);
  const ends = /** @type {[Part, Part]} */ ([
    lastOf(letterOf(stage, "rows", "kernel")),
    lastOf(letterOf(stage, "columns", "kernel")),
  ]);
  const letters = letterValues(stage).map((value, i, all) => math(...value, i < all.length - 1 && ","));
  return [
    { math: [math(output([["k"], ["r"], ["c"]]), "="), ...pooled(stage, ends, read, "n")] },
    { math: letters, isNote: true },
    ...(isUneven(stage) ? [{ note: EQUATION.uneven }] : []),
    ...lineOfLayer(stage),
    ...notesOf(stage),
  ];
}

/** The law with the options of the layer, at a place with its numbers. @param {Stage} stage @param {Frame} [frame] @returns {Line[]} */
function lineOfLayer(stage, frame) {
  const { rows, columns } = /** @type {{rows: Axis, columns: Axis}} */ (stage);
  const map = (stage.input_shape?.[0] ?? 1) > 1 && [frame ? String(frame.map) : "k"];
  const read = input([map, indexInNumbers(stage, "rows", frame?.row), indexInNumbers(stage, "columns", frame?.col)]);
  const ends = /** @type {[string, string]} */ ([String(rows.kernel - 1), String(columns.kernel - 1)]);
  const count = frame?.hasNumbers && frame.count ? String(frame.count) : "n";
  return [{ math: [math(output(outputIndices(stage, frame)), "="), ...pooled(stage, ends, read, count)] }];
}

/**
 * What a pooling makes of the cells of its window, with their range.
 * @param {Stage} stage @param {[Part, Part]} ends @param {Part} read @param {string} count @returns {Description[]}
 */
function pooled({ pool }, ends, read, count) {
  const sums = [sumOver("i", "0", ends[0]), sumOver("j", "0", ends[1])];
  if (pool === "avg") return [math(fraction("1", count), ...sums, read)];
  if (pool === "l2") return [math(root(...sums, power(read, "2")))];
  const range = ["0", "≤", "i", "≤", ends[0], ",", "0", "≤", "j", "≤", ends[1]];
  return [math(over(pool ?? "max", ...range), read)];
}

/** @param {Stage} stage @returns {Line[]} */
function notesOf(stage) {
  const { pool, rows, columns } = stage;
  const goesOut = [rows, columns].some((axis) => axis && axis.before + axis.after + axis.overhang > 0);
  if (pool === "avg") return [{ note: EQUATION.dividedBy(divisionOf(stage)) }];
  return goesOut ? [{ note: EQUATION.onlyInside, isOutside: true }] : [];
}

/** @param {Stage} stage @returns {"given" | "padded" | "inside"} */
function divisionOf({ divisor_override, count_include_pad = true }) {
  return divisor_override ? "given" : count_include_pad ? "padded" : "inside";
}

/** @param {EquationStep} step @returns {Line[]} */
export function pooledIndices(step) {
  const { stage, frame } = step;
  const isMany = (stage.input_shape?.[0] ?? 1) > 1;
  const folding = foldOf(step, 3 + String(stage.input_shape?.[1]).length);
  const term = (/** @type {number} */ i, /** @type {number} */ j) => {
    const indices = [isMany && [String(frame.map)], [signedText(frame.rows[i])], [signedText(frame.columns[j])]];
    const read = input(/** @type {Part[][]} */ (indices));
    return cellOf(step, i, j, [stage.pool === "l2" ? power(read, "2") : read]);
  };
  return [
    ...lineOfLayer(stage, frame),
    { math: [math("="), ...writeCells(step, folding, term)] },
    { fold: folding, count: frame.rows.length * frame.columns.length },
    ...notesOf(stage),
  ];
}

/** @param {EquationStep} step @returns {Line[]} */
export function pooledNumbers(step) {
  const { stage, frame, texts } = step;
  const cells = texts.channels[0]?.values ?? [];
  const characters = cells.flat().reduce((longest, text) => Math.max(longest, text.length), 1);
  const folding = foldOf(step, characters + 1);
  const squares = stage.pool === "l2";
  const term = (/** @type {number} */ i, /** @type {number} */ j) => {
    const text = cells[i]?.[j] ?? "";
    const written = squares ? power(factor(text, "input"), "2") : factor(text, "input");
    return cellOf(step, i, j, [text ? written : words(EQUATION.outsideCell)]);
  };
  const known = isKnown(step);
  const { sign } = endOf(frame, texts);
  const total =
    stage.pool === "avg" ? fraction(known ? texts.sum : "?", String(frame.count)) : root(known ? texts.sum : "?");
  const left = math(output(outputIndices(stage, frame)), "=");
  const isReduced = stage.pool === "avg" || squares;
  const start = cells.length
    ? [left, ...writeCells(step, folding, term)]
    : [left, math(words(EQUATION.cellsOf(stage.pool ?? "max", frame.rows.length * frame.columns.length)))];
  return [
    { math: start },
    {
      math: [
        ...(isReduced ? [math(texts.isSumExact ? "=" : "≈", total)] : []),
        math(known ? sign : "=", known ? number(texts.result, "output") : words(EQUATION.unknown)),
      ],
    },
    ...(cells.length ? [{ fold: folding, count: frame.rows.length * frame.columns.length }] : []),
    ...notesOf(stage),
  ];
}

/**
 * The cells of the window within what is made of them.
 * @param {EquationStep} step @param {Folding} folding @param {(i: number, j: number) => Term} term
 * @returns {Description[]}
 */
function writeCells({ stage, frame }, folding, term) {
  const isCompared = stage.pool === "max" || stage.pool === "min";
  const table = termsTable(folding, term, isCompared ? "," : "+");
  if (stage.pool === "avg") return [math(fraction("1", frame.hasNumbers ? String(frame.count) : "n"), enclosed(table))];
  if (stage.pool === "l2") return [math(root(table))];
  return [math(stage.pool ?? "max", enclosed(table))];
}

/**
 * A cell of the window: whether it lies outside, and whether it is the one that was chosen.
 * @param {EquationStep} step @param {number} i @param {number} j @param {Part[]} parts @returns {Term}
 */
function cellOf(step, i, j, parts) {
  const { stage, frame } = step;
  const [, height, width] = stage.input_shape ?? [1, 1, 1];
  const [r, c] = [frame.rows[i], frame.columns[j]];
  const isChosen = isKnown(step) && frame.chosen?.[1] === r && frame.chosen[2] === c;
  return { parts, isOutside: r < 0 || r >= height || c < 0 || c >= width, isChosen };
}

/** @param {EquationStep} step @param {number} characters */
function foldOf({ frame, size, isOpen }, characters) {
  const shape = /** @type {[number, number, number]} */ ([1, frame.rows.length, frame.columns.length]);
  return foldSum(shape, { characters, width: size.width, text: size.text }, isOpen);
}

// --- the mean of the channels ---

/** @param {EquationStep} step @returns {Line[]} */
export function meanLaw({ stage }) {
  const count = String(stage.input_shape?.[0] ?? 1);
  const law = (/** @type {Part} */ last, /** @type {string} */ by, /** @type {(Part[] | false)[]} */ place) => [
    math(output(place), "=", fraction("1", by), sumOver("k", "0", last), input([["k"], ...place])),
  ];
  return [
    { math: law(lastOf("C"), "C", [["r"], ["c"]]) },
    { math: [math("C", "=", count)], isNote: true },
    { math: law(String(Number(count) - 1), count, outputIndices(stage)) },
  ];
}

/** @param {EquationStep} step @returns {Line[]} */
export function meanIndices({ stage, frame }) {
  const count = stage.input_shape?.[0] ?? 1;
  const place = [[String(frame.row)], [String(frame.col)]];
  const cells = { rows: [0], columns: Array.from({ length: count }, (_, k) => k) };
  const folding = foldSum([1, 1, count], { characters: 5, width: 0, text: 12 }, false);
  const table = termsTable({ ...cells, ...(count > 8 ? folding : {}) }, (_, k) => ({
    parts: [input([[String(k)], ...place])],
  }));
  return [
    {
      math: [
        math(output(outputIndices(stage, frame)), "=", fraction("1", String(count))),
        math(sumOver("k", "0", String(count - 1)), input([["k"], ...place])),
      ],
    },
    { math: [math("=", fraction("1", String(count)), enclosed(table))] },
  ];
}

/** @param {EquationStep} step @returns {Line[]} */
export function meanNumbers(step) {
  const { stage, frame, texts } = step;
  const values = texts.channels.map(({ values: [[text]] }) => text);
  const columns = Math.min(values.length, 8);
  const known = isKnown(step);
  const shape = /** @type {[number, number, number]} */ ([1, Math.ceil(values.length / columns), columns]);
  const { size, isOpen } = step;
  const folding = foldSum(shape, { characters: 5, width: size.width, text: size.text }, isOpen);
  const table = termsTable(folding, (i, j) => {
    const text = values[i * columns + j];
    return text === undefined ? null : { parts: [factor(text, "input")], isZero: text === "0" };
  });
  const count = String(frame.count ?? values.length);
  return [
    { math: [math(output(outputIndices(stage, frame)), "=", fraction("1", count), enclosed(table))] },
    {
      math: [
        math(texts.isSumExact ? "=" : "≈", fraction(known ? texts.sum : "?", count)),
        math(known ? endOf(frame, texts).sign : "=", known ? number(texts.result, "output") : words(EQUATION.unknown)),
      ],
    },
    { fold: folding, count: values.length },
  ];
}

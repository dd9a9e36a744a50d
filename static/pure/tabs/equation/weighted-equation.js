/** The equation of a weighted sum: a convolution, a transposed one, a fully connected layer. */

import { channelsOf } from "convoscope/pure/frame/stage.js";
import { tapsOf } from "convoscope/pure/frame/window.js";
import { EQUATION } from "convoscope/pure/strings/tab-strings.js";
import {
  indexInLetters,
  indexInNumbers,
  isMirrored,
  isUneven,
  lastOf,
  letterOf,
  letterValues,
  signedText,
} from "convoscope/pure/tabs/equation/indices.js";
import {
  addUp,
  enclosed,
  factor,
  fraction,
  math,
  name,
  number,
  row,
  sumOver,
  withIndices,
  words,
} from "convoscope/pure/tabs/equation/math.js";
import { foldSum, termsTable } from "convoscope/pure/tabs/equation/terms-table.js";
import { endOf, roundedTerms } from "convoscope/pure/text/step-equation.js";

/** @import {Axis, Cell, Frame, Stage} from "convoscope/pure/types.js" */
/** @import {EquationStep, Line} from "convoscope/pure/tabs/equation/equation-view.js" */
/** @import {Folding, Term} from "convoscope/pure/tabs/equation/terms-table.js" */
/** @import {Math as Part} from "convoscope/pure/tabs/equation/math.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** How many terms of a long list of inputs stand in a row. */
const PER_ROW = 8;
/** The beats at which a sum is known. */
const KNOWN_BEATS = ["sum", "bias", "write"];

/**
 * A product of a weighted sum: where it stands, its indices and its texts.
 * @typedef {object} Product
 * @property {string} value
 * @property {string} weight
 * @property {string} product
 * @property {(Part[] | false)[]} weightIndices
 * @property {(Part[] | false)[]} valueIndices
 * @property {string | null} key
 * @property {boolean} isZero
 * @property {boolean} isOutside
 */

/** @param {EquationStep} step @returns {Line[]} */
export function weightedLaw({ stage }) {
  return stage.kind === "linear" ? linearLaw(stage) : convolutionLaw(stage);
}

/** @param {Stage} stage @returns {Line[]} */
function linearLaw(stage) {
  const [maps, count] = [stage.shape[0], inputsOf(stage)];
  const law = (/** @type {Part} */ last, /** @type {Part[] | false} */ k) => [
    math(output([k]), "=", withIndices("b", [k]), "+"),
    math(sumOver("n", "0", last), withIndices(name("w", "filter"), [k, ["n"]]), "·", input([["n"]])),
  ];
  return [
    { math: law(lastOf("N"), ["k"]) },
    {
      math: [
        math(
          ...listed([
            ["N", "=", String(count)],
            ["K", "=", String(maps)],
          ]),
        ),
      ],
      isNote: true,
    },
    { math: law(String(count - 1), maps > 1 && ["k"]), note: isFlat(stage) ? "" : EQUATION.order },
  ];
}

/** @param {Stage} stage @returns {Line[]} */
function convolutionLaw(stage) {
  const { groups = 1, shape, input_shape: [channels] = [1] } = /** @type {{input_shape: number[]} & Stage} */ (stage);
  const isTransposed = Boolean(stage.rows?.transposed);
  const weight = name(stage.flip ? "g" : "w", "filter");
  const own = groups > 1 ? row("C", "/", "G") : "C";
  const channel = groups > 1 ? ["⌊", "k", "·", "G", "/", "K", "⌋", "·", "C", "/", "G", "+", "ch"] : ["ch"];
  const inLetters = [
    math(output([["k"], ["r"], ["c"]]), "=", withIndices("b", [["k"]]), "+"),
    math(
      sumOver("ch", "0", lastOf(own)),
      sumOver("i", "0", lastOf(letterOf(stage, "rows", "kernel"))),
      sumOver("j", "0", lastOf(letterOf(stage, "columns", "kernel"))),
    ),
    math(
      withIndices(weight, [["k"], ["ch"], ["i"], ["j"]]),
      "·",
      input([channel, indexInLetters(stage, "rows"), indexInLetters(stage, "columns")]),
    ),
  ];
  const counts = [
    ["K", "=", String(shape[0])],
    ["C", "=", String(channels)],
  ];
  if (groups > 1) counts.push(["G", "=", String(groups)]);
  return [
    { math: inLetters },
    { math: listed([...counts, ...letterValues(stage)]).map((part) => math(part)), isNote: true },
    ...(isUneven(stage) ? [{ note: EQUATION.uneven }] : []),
    { math: lawWithNumbers(stage), note: isTransposed ? EQUATION.reached : "" },
    ...(isMirrored(stage)
      ? [{ math: [math("=", row(...lawWithNumbers(stage, undefined, true)))], note: EQUATION.mirrored }]
      : []),
    ...notesOf(stage),
  ];
}

/**
 * The law with the options of the layer; at a place with its map, row and column.
 * @param {Stage} stage @param {Frame} [frame] @param {boolean} [mirrored] whether x[r − i, c − j] alone is written
 * @returns {Description[]}
 */
function lawWithNumbers(stage, frame, mirrored = false) {
  const { rows, columns } = /** @type {{rows: Axis, columns: Axis}} */ (stage);
  const own = channelsOf(stage);
  const [k, r, c] = frame ? [frame.map, frame.row, frame.col] : [undefined, undefined, undefined];
  const weight = name(stage.flip ? "g" : "w", "filter");
  const map = stage.shape[0] > 1 && [k === undefined ? "k" : String(k)];
  const product = row(
    withIndices(weight, [map, own > 1 && ["ch"], rows.kernel > 1 && ["i"], columns.kernel > 1 && ["j"]]),
    "·",
    mirrored
      ? input([channelIndex(stage, k), ["r", "−", "i"], ["c", "−", "j"]])
      : input([channelIndex(stage, k), indexInNumbers(stage, "rows", r), indexInNumbers(stage, "columns", c)]),
  );
  const sums = [
    own > 1 && sumOver("ch", "0", String(own - 1)),
    rows.kernel > 1 && sumOver("i", "0", String(rows.kernel - 1)),
    columns.kernel > 1 && sumOver("j", "0", String(columns.kernel - 1)),
  ].filter((sum) => sum !== false);
  if (mirrored) return [row(withIndices("b", [map]), "+", ...sums, product)];
  return [
    math(output(outputIndices(stage, frame)), "=", withIndices("b", [map]), "+"),
    ...(sums.length ? [math(...sums)] : []),
    math(product),
  ];
}

/**
 * The input channel that a channel of the filter reads: that of its group.
 * @param {Stage} stage @param {number} [map] @returns {Part[] | false}
 */
function channelIndex(stage, map) {
  const { groups = 1, shape, input_shape } = stage;
  const own = channelsOf(stage);
  if (input_shape?.[0] === 1) return false;
  if (groups === 1) return ["ch"];
  const each = shape[0] / groups;
  if (map !== undefined) {
    const first = Math.floor(map / each) * own;
    if (own === 1) return [String(first)];
    return first ? [String(first), "+", "ch"] : ["ch"];
  }
  /** @type {Part[]} */
  const group = each === 1 ? ["k"] : ["⌊", "k", "/", String(each), "⌋"];
  return own === 1 ? group : [...group, "·", String(own), "+", "ch"];
}

/** @param {EquationStep} step @returns {Line[]} */
export function weightedIndices(step) {
  const { stage, frame } = step;
  const sum = listProducts(step);
  const folding = foldOf(step, sum, 2 + longestIndex(stage));
  const head =
    stage.kind === "linear"
      ? [
          math(output(outputIndices(stage, frame)), "=", bias(step), "+"),
          math(
            sumOver("n", "0", String(inputsOf(stage) - 1)),
            withIndices(name("w", "filter"), [stage.shape[0] > 1 && [String(frame.map)], ["n"]]),
            "·",
            input([["n"]]),
          ),
        ]
      : lawWithNumbers(stage, frame);
  const weight = name(stage.flip ? "g" : "w", "filter");
  const termAt = (/** @type {Product} */ product) => [
    withIndices(weight, product.weightIndices),
    "·",
    input(product.valueIndices),
  ];
  return [
    { math: head },
    ...sum.slices(folding, (c) => [
      math(...(sum.labels.length ? [] : ["="]), enclosed(tableOf(sum, folding, c, termAt, false))),
      ...(sum.labels.length ? [] : [math("+", bias(step))]),
    ]),
    ...(sum.labels.length
      ? [{ math: [math(output(outputIndices(stage, frame)), "=", ...sumOfSlices(sum), "+", bias(step))] }]
      : []),
    { fold: folding, count: sum.count },
    ...notesOf(stage),
  ];
}

/** The sums of the channels by their names, of many their sign. @param {ProductSum} sum @returns {Part[]} */
function sumOfSlices({ labels }) {
  if (labels.length > 8) return [words(EQUATION.channelSums(labels.length))];
  return labels.flatMap((label, i) => [...(i ? ["+"] : []), words(label)]);
}

/** @param {EquationStep} step @returns {Line[]} */
export function weightedNumbers(step) {
  const { texts, stage, frame } = step;
  const sum = listProducts(step);
  const folding = foldOf(step, sum, longestTerm(sum));
  const isLong = texts.strongest.length > 0 && (sum.isUnlisted || (folding.isFolded && sum.isFlat));
  const known = isKnown(step);
  const isRounded = !texts.isSumExact;
  const showsProducts = isRounded && !isLong && frame.beat !== "window" && !(sum.isFlat && texts.strongest.length);
  const factors = (/** @type {Product} */ { weight, value }) => [factor(weight, "filter"), "·", factor(value, "input")];
  const products = (/** @type {Product} */ { product }) => [factor(product.replace("+", ""))];
  const lines = isLong
    ? longLines(step)
    : sum.slices(folding, (c) => {
        const total = sum.isFlat ? texts.sum : (texts.channels[c]?.sum.replace("+", "") ?? "");
        const isSumKnown = sum.isFlat ? known : isSliceKnown(step, c);
        return [
          math(enclosed(tableOf(sum, folding, c, factors))),
          ...(showsProducts ? [math("≈", enclosed(tableOf(sum, folding, c, products)))] : []),
          math(isRounded && !showsProducts ? "≈" : "=", isSumKnown ? number(total) : words(EQUATION.unknown)),
        ];
      });
  return [
    ...lines,
    { math: endLine(step, sum) },
    { fold: folding, count: sum.count },
    ...(sum.hasOutside ? [{ note: EQUATION.outside[stage.padding_mode ?? "zeros"], isOutside: true }] : []),
  ];
}

/** The strongest terms of a long sum, and the sum of the others. @param {EquationStep} step @returns {Line[]} */
function longLines(step) {
  const { texts, frame } = step;
  const rest = texts.rests[texts.strongest.length] ?? "";
  const term = (/** @type {number} */ i) => {
    const { value, weight, product } = texts.strongest[i];
    const isExact = texts.strongest[i].isExact;
    /** @type {Part[]} */
    const parts = [factor(weight, "filter"), "·", factor(value, "input"), isExact ? "=" : "≈"];
    return { parts: [...parts, number(product.replace("+", ""))], isZero: frame.strongest[i].product === 0 };
  };
  const table = termsTable({ rows: texts.strongest.map((_, i) => i), columns: [0] }, term, "");
  return [
    { note: EQUATION.strongest(texts.strongest.length) },
    { math: [math(table)] },
    {
      math: [math(words(EQUATION.others(frame.rest?.count ?? 0)), "=", isKnown(step) ? rest.replace("+", "") : "?")],
    },
  ];
}

/**
 * The sums together: ÷ divisor, + b, and what that is.
 * @param {EquationStep} step @param {ProductSum} sum @returns {Description[]}
 */
export function endLine(step, sum) {
  const { texts, frame, stage } = step;
  const known = isKnown(step);
  const { sign, rounding } = endOf(frame, texts);
  const isRounded = !texts.isSumExact;
  const written = (!isRounded && texts.biasWritten) || texts.bias;
  const terms = !known
    ? openTerms(step, sum)
    : sum.isFlat || sum.labels.length < 2
      ? [texts.sum]
      : roundedTerms(texts, frame);
  const added = terms.some((term) => /[^−+.\de]/.test(term)) ? row(...mixed(terms)) : addUp(terms);
  const total = texts.divisor ? fraction(added, number(texts.divisor, "filter")) : added;
  return [
    math(output(outputIndices(stage, frame)), "=", total, "+", factor(written || "0")),
    math(
      known ? sign : "=",
      known ? number(texts.result, "output") : words(EQUATION.unknown),
      ...(known && rounding ? [words(` (${EQUATION.rounded(rounding)})`)] : []),
    ),
  ];
}

/** Terms of which some are words: 12 others. @param {string[]} terms @returns {Part[]} */
function mixed(terms) {
  return terms.flatMap((term, i) => {
    const isLess = i > 0 && term.startsWith("−");
    const text = isLess ? term.slice(1) : term;
    const sign = i ? [isLess ? "−" : "+"] : [];
    return [...sign, /^−?[\d.e−]+$/.test(text) ? number(text) : words(text)];
  });
}

/**
 * The sums of the channels that are known at this beat, and the names of the others.
 * @param {EquationStep} step @param {ProductSum} sum @returns {string[]}
 */
function openTerms(step, sum) {
  if (sum.labels.length < 2) return ["Σ"];
  if (sum.labels.length > 8) return [EQUATION.channelSums(sum.labels.length)];
  return sum.labels.map((label, c) =>
    isSliceKnown(step, c) ? (step.texts.channels[c]?.sum.replace("+", "") ?? label) : label,
  );
}

/** Whether the sum is known at this beat. @param {EquationStep} step */
export function isKnown({ frame }) {
  return frame.hasNumbers && KNOWN_BEATS.includes(frame.beat);
}

/** @param {EquationStep} step @param {number} channel */
function isSliceKnown(step, channel) {
  const { beat } = step.frame;
  return isKnown(step) || (beat.startsWith("channel-") && channel <= Number(beat.slice(8)));
}

/**
 * The products of a step in the shape of the filter.
 * @typedef {object} ProductSum
 * @property {[channels: number, rows: number, columns: number]} shape
 * @property {number} count
 * @property {boolean} isFlat whether a list of inputs is broken into rows
 * @property {boolean} isUnlisted whether the numbers of single terms are not known
 * @property {boolean} hasOutside
 * @property {string[]} labels of the channels; none where one slice stands for all
 * @property {(channel: number, row: number, column: number) => Product | null} at null behind the last of a list
 * @property {(folding: Folding, write: (channel: number) => Description[]) => Line[]} slices a line for each channel
 */

/** @param {EquationStep} step @returns {ProductSum} */
export function listProducts(step) {
  return step.stage.kind === "linear" ? listLinear(step) : listWindow(step);
}

/** @param {EquationStep} step @returns {ProductSum} */
function listWindow(step) {
  const { stage, frame, texts } = step;
  const { rows, columns } = /** @type {{rows: Axis, columns: Axis}} */ (stage);
  const own = channelsOf(stage);
  const [downs, overs] = [tapsOf(rows, frame.row), tapsOf(columns, frame.col)];
  const first = Math.floor(frame.map / (stage.shape[0] / (stage.groups ?? 1))) * own;
  const isMany = (stage.input_shape?.[0] ?? 1) > 1;
  const [, height, width] = stage.input_shape ?? [1, 1, 1];
  /** @param {number} c @param {number} i @param {number} j @returns {Product} */
  const at = (c, i, j) => {
    const channel = frame.channels[c];
    const [[line, tapDown], [column, tapOver]] = [downs[i], overs[j]];
    const [down, over] = stage.flip ? [rows.kernel - 1 - tapDown, columns.kernel - 1 - tapOver] : [tapDown, tapOver];
    const isOutside = line < 0 || line >= height || column < 0 || column >= width;
    const source = /** @type {Cell | null | undefined} */ (channel?.sources[i]?.[j]);
    const [r, q] = isOutside && source ? source : [line, column];
    return {
      value: texts.channels[c]?.values[i][j] ?? "",
      weight: texts.channels[c]?.weights[i][j] ?? "",
      product: texts.channels[c]?.products[i][j] ?? "",
      weightIndices: [
        stage.shape[0] > 1 && [String(frame.map)],
        own > 1 && [String(c)],
        rows.kernel > 1 && [signedText(down)],
        columns.kernel > 1 && [signedText(over)],
      ],
      valueIndices: [isMany && [String(first + c)], [signedText(r)], [signedText(q)]],
      key: [tapDown, tapOver].join(),
      isZero: channel?.products?.[i]?.[j] === 0,
      isOutside,
    };
  };
  const labels = own > 1 ? step.channelNames : [];
  const isPadded = [
    [rows, downs, height],
    [columns, overs, width],
  ].some(([, taps, size]) =>
    /** @type {[number, number][]} */ (taps).some(([cell]) => cell < 0 || cell >= /** @type {number} */ (size)),
  );
  return {
    shape: [own, downs.length, overs.length],
    count: own * downs.length * overs.length,
    isFlat: false,
    isUnlisted: false,
    hasOutside: isPadded,
    labels,
    at,
    slices: (folding, write) => writeSlices(folding, labels, write),
  };
}

/** @param {EquationStep} step @returns {ProductSum} */
function listLinear(step) {
  const { stage, frame, texts } = step;
  const [channels, height, width] = /** @type {[number, number, number]} */ (stage.input_shape);
  const count = inputsOf(stage);
  const isFlatList = height * width === 1;
  const across = isFlatList ? Math.min(PER_ROW, count) : width;
  /** @type {[number, number, number]} */
  const shape = isFlatList ? [1, Math.ceil(count / across), across] : [channels, height, width];
  /** @param {number} c @param {number} i @param {number} j @returns {Product | null} */
  const at = (c, i, j) => {
    const n = isFlatList ? i * across + j : (c * height + i) * width + j;
    if (n >= count) return null;
    const [slice, r, q] = isFlatList ? [n, 0, 0] : [c, i, j];
    return {
      value: texts.channels[slice]?.values[r][q] ?? "",
      weight: texts.channels[slice]?.weights[r][q] ?? "",
      product: texts.channels[slice]?.products[r][q] ?? "",
      weightIndices: [stage.shape[0] > 1 && [String(frame.map)], [String(n)]],
      valueIndices: [[String(n)]],
      key: null,
      isZero: frame.channels[slice]?.products?.[r]?.[q] === 0,
      isOutside: false,
    };
  };
  const labels = !isFlatList && channels > 1 ? step.channelNames : [];
  return {
    shape,
    count,
    isFlat: isFlatList || (texts.strongest.length > 0 && channels > 3),
    isUnlisted: frame.hasNumbers && !frame.channels.length,
    hasOutside: false,
    labels: labels.length ? labels : [],
    at,
    slices: (folding, write) => writeSlices(folding, labels, write),
  };
}

/**
 * A line for each channel that is shown.
 * @param {Folding} folding @param {string[]} labels @param {(channel: number) => Description[]} write @returns {Line[]}
 */
function writeSlices({ channels }, labels, write) {
  return channels.map((c) =>
    c < 0
      ? { note: EQUATION.moreChannels(labels.length - channels.length + 1) }
      : { label: labels[c] ?? "", math: write(c), isSlice: true },
  );
}

/**
 * @param {ProductSum} sum @param {Folding} folding @param {number} c
 * @param {(product: Product) => Part[]} write @param {boolean} [mutes] whether terms that add nothing are muted
 */
function tableOf(sum, folding, c, write, mutes = true) {
  return termsTable(folding, (i, j) => {
    const product = sum.at(c, i, j);
    if (!product) return null;
    const { key, isZero, isOutside } = product;
    return /** @type {Term} */ ({ parts: write(product), weight: key, isZero: mutes && isZero, isOutside });
  });
}

/** @param {EquationStep} step @param {ProductSum} sum @param {number} characters */
function foldOf({ size, isOpen, texts }, { shape, isUnlisted }, characters) {
  const folding = foldSum(shape, { characters, width: size.width, text: size.text }, isUnlisted ? false : isOpen);
  return isUnlisted || (texts.strongest.length > 0 && !texts.channels.length)
    ? { ...folding, canTurn: false }
    : folding;
}

/** The characters of the longest product. @param {ProductSum} sum */
function longestTerm({ at, shape: [channels, rows, columns] }) {
  const few = (/** @type {number} */ side) => [...new Set([0, side >> 1, side - 1])];
  const lengths = few(channels).flatMap((c) =>
    few(rows).flatMap((i) =>
      few(columns).map((j) => (at(c, i, j)?.value.length ?? 0) + (at(c, i, j)?.weight.length ?? 0)),
    ),
  );
  return Math.max(1, ...lengths) + 2;
}

/** @param {Stage} stage */
function longestIndex({ shape, input_shape }) {
  return 3 + String(shape[0]).length + String(input_shape?.[1] ?? 1).length;
}

/** The notes of a law: what lies outside, what is turned. @param {Stage} stage @returns {Line[]} */
function notesOf({ rows, columns, padding_mode = "zeros", flip }) {
  const isPadded = [rows, columns].some((axis) => axis && !axis.transposed && axis.before + axis.after > 0);
  return [
    ...(isPadded ? [{ note: EQUATION.outside[padding_mode], isOutside: true }] : []),
    ...(flip ? [{ note: EQUATION.turned }] : []),
  ];
}

/** @param {EquationStep} step @returns {Description} */
function bias({ stage, frame }) {
  return withIndices("b", [stage.shape[0] > 1 && [String(frame.map)]]);
}

/** @param {(Part[] | false)[]} indices */
export function output(indices) {
  return withIndices(name("y", "output"), indices);
}

/** @param {(Part[] | false)[]} indices */
export function input(indices) {
  return withIndices(name("x", "input"), indices);
}

/**
 * Map, row and column of a cell of the output, without those that have one value.
 * @param {Stage} stage @param {Frame} [frame] @returns {(Part[] | false)[]}
 */
export function outputIndices({ shape }, frame) {
  const [maps, rows, columns] = shape;
  const isPlane = rows * columns > 1;
  return [
    maps > 1 && [frame ? String(frame.map) : "k"],
    isPlane && [frame ? String(frame.row) : "r"],
    isPlane && [frame ? String(frame.col) : "c"],
  ];
}

/** Parts with commas between them. @param {Part[][]} lists @returns {Description[]} */
function listed(lists) {
  return lists.map((list, i) => row(...list, i < lists.length - 1 && ","));
}

/** @param {Stage} stage */
function inputsOf({ input_shape }) {
  return (input_shape ?? [1]).reduce((all, side) => all * side, 1);
}

/** @param {Stage} stage */
function isFlat({ input_shape }) {
  return (input_shape?.[1] ?? 1) * (input_shape?.[2] ?? 1) === 1;
}

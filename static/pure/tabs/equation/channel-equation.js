/** The equations of softmax and of the local response norm: a cell and all that it is divided by. */

import { EQUATION } from "convoscope/pure/strings/tab-strings.js";
import { resultLine, signOf } from "convoscope/pure/tabs/equation/cell-equation.js";
import {
  enclosed,
  factor,
  fenced,
  fraction,
  math,
  name,
  number,
  power,
  row,
  sumOver,
  words,
} from "convoscope/pure/tabs/equation/math.js";
import { foldSum, termsTable } from "convoscope/pure/tabs/equation/terms-table.js";
import { input, isKnown, output, outputIndices } from "convoscope/pure/tabs/equation/weighted-equation.js";
import { numberText } from "convoscope/pure/text/number-text.js";
import { powerText } from "convoscope/pure/text/step-equation.js";

/** @import {Frame, Stage} from "convoscope/pure/types.js" */
/** @import {EquationStep, Line} from "convoscope/pure/tabs/equation/equation-view.js" */
/** @import {Math as Part} from "convoscope/pure/tabs/equation/math.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** How many terms stand in a row. */
const PER_ROW = 5;

/** Whether the shares are those of the channels at one place. @param {Stage} stage */
function isPerPlace({ capabilities }) {
  return !capabilities.includes("reads_all");
}

// --- softmax ---

/** e to the power of a value less the largest. @param {Part} x */
const powerOf = (x) => power("e", row(x, "−", "m"));

/**
 * The sum below the fraction: over all values, or over the channels of a place.
 * @param {Stage} stage @param {Frame} [frame] @returns {Description}
 */
function allPowers(stage, frame) {
  const [maps, rows, columns] = stage.shape;
  const place = outputIndices(stage, frame).slice(1);
  if (isPerPlace(stage)) return row(sumOver("n", "0", String(maps - 1)), powerOf(input([["n"], ...place])));
  const last = String(maps * rows * columns - 1);
  return row(sumOver("n", "0", last), powerOf(input([["n"]])));
}

/** @param {EquationStep} step @returns {Line[]} */
export function softmaxLaw({ stage }) {
  return softmaxOf(stage);
}

/** @param {EquationStep} step @returns {Line[]} */
export function softmaxIndices({ stage, frame }) {
  return softmaxOf(stage, frame);
}

/** @param {Stage} stage @param {Frame} [frame] @returns {Line[]} */
function softmaxOf(stage, frame) {
  const cell = outputIndices(stage, frame);
  return [
    { math: [math(output(cell), "=", fraction(powerOf(input(cell)), allPowers(stage, frame)))] },
    { note: isPerPlace(stage) ? EQUATION.largestOfPlace : EQUATION.largestOfAll },
  ];
}

/** @param {EquationStep} step @returns {Line[]} */
export function softmaxNumbers(step) {
  const { stage, frame, texts } = step;
  const index = frame.channels.findIndex(({ channel }) => channel === frame.map);
  const score = texts.channels[index]?.values[frame.row]?.[frame.col] ?? texts.channels[index]?.values[0]?.[0];
  const known = isKnown(step);
  const powers = texts.powers.length > 1 && frame.beat !== "window" ? texts.powers : [];
  const columns = Math.min(PER_ROW, powers.length);
  const shape = /** @type {[number, number, number]} */ ([1, Math.ceil(powers.length / columns) || 1, columns]);
  const folding = foldSum(shape, { characters: 6, width: step.size.width, text: step.size.text }, step.isOpen);
  const own = powerText(frame, texts);
  const exponent = row(score === undefined ? name("x", "input") : number(score, "input"), "−", factor(texts.largest));
  const all = row(sumOver("n", "0", String(stage.shape.reduce((a, b) => a * b, 1) - 1)), powerOf(input([["n"]])));
  const table = termsTable(folding, (i, j) => {
    const text = powers[i * columns + j];
    return text === undefined ? null : { parts: [text], isChosen: i * columns + j === index };
  });
  return [
    {
      math: [
        math(
          output(outputIndices(stage, frame)),
          "=",
          fraction(power("e", exponent), isPerPlace(stage) ? allPowers(stage, frame) : all),
        ),
        ...(powers.length ? [math("≈", fraction(own, enclosed(table)))] : []),
        ...(known ? [math("≈", fraction(own, texts.sum))] : []),
        math(
          known ? signOf(texts, texts.isResultExact ? "=" : "≈") : "=",
          known ? number(texts.result, "output") : words(EQUATION.unknown),
        ),
      ],
    },
    { math: [math("m", "=", texts.largest)], isNote: true },
    ...(powers.length ? [{ fold: folding, count: powers.length }] : []),
    { note: isPerPlace(stage) ? EQUATION.largestOfPlace : EQUATION.largestOfAll },
  ];
}

// --- the local response norm ---

/**
 * The channels around one, with the ends of the maps.
 * @param {Stage} stage @param {number} [map] @returns {[Part, Part]}
 */
function around({ law, shape }, map) {
  const [below, above] = [Math.floor(law.size / 2), Math.ceil(law.size / 2) - 1];
  if (map !== undefined) return [String(Math.max(0, map - below)), String(Math.min(shape[0] - 1, map + above))];
  const first = row("max", "(", "0", ",", "k", "−", String(below), ")");
  const last = row("min", "(", String(shape[0] - 1), ",", "k", "+", String(above), ")");
  return [first, last];
}

/** @param {Stage} stage @param {Frame} [frame] @returns {Line[]} */
function normOf(stage, frame) {
  const [, ...place] = outputIndices(stage, frame);
  const map = stage.shape[0] > 1 && [/** @type {Part} */ (frame ? String(frame.map) : "k")];
  const [first, last] = around(stage, frame?.map);
  const squares = row(sumOver("n", first, last), power(row("(", input([["n"], ...place]), ")"), "2"));
  const base = fenced(row("κ", "+", fraction("α", "N"), squares));
  return [
    { math: [math(output(outputIndices(stage, frame)), "=", fraction(input([map, ...place]), power(base, "β")))] },
  ];
}

/** What the letters stand for. @param {Stage} stage @returns {Line} */
function lettersOfNorm({ law: { size, alpha, beta, k } }) {
  const values = /** @type {[string, number][]} */ ([
    ["N", size],
    ["α", alpha],
    ["β", beta],
    ["κ", k],
  ]);
  return {
    math: values.map(([letter, value], i) => math(letter, "=", numberText(value), i < values.length - 1 && ",")),
    isNote: true,
  };
}

/** @param {EquationStep} step @returns {Line[]} */
export function responseLaw({ stage }) {
  return [...normOf(stage), lettersOfNorm(stage), { note: EQUATION.response }];
}

/** @param {EquationStep} step @returns {Line[]} */
export function responseIndices({ stage, frame }) {
  return [...normOf(stage, frame), lettersOfNorm(stage)];
}

/** @param {EquationStep} step @returns {Line[]} */
export function responseNumbers(step) {
  const { stage, frame, texts } = step;
  const { size, alpha, beta, k } = stage.law;
  const numbers = texts.channels.map(({ values: [[text]] }) => text);
  const own = numbers[frame.channels.findIndex(({ channel }) => channel === frame.map)] ?? "0";
  const columns = Math.min(PER_ROW, numbers.length);
  const shape = /** @type {[number, number, number]} */ ([1, Math.ceil(numbers.length / columns), columns]);
  const folding = foldSum(shape, { characters: 6, width: step.size.width, text: step.size.text }, step.isOpen);
  const table = termsTable(folding, (i, j) => {
    const text = numbers[i * columns + j];
    return text === undefined ? null : { parts: [power(factor(text, "input"), "2")], isZero: text === "0" };
  });
  const base = row(numberText(k), "+", fraction(numberText(alpha), String(size)), "·", enclosed(table));
  return [
    resultLine(step, fraction(number(own, "input"), power(fenced(base), numberText(beta)))),
    { fold: folding, count: numbers.length },
  ];
}

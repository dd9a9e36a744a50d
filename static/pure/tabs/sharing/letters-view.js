/**
 * A layer in letters: the window at each place of the map, each with its line, and the lines together. A letter turns
 * into its number where it stands.
 */

import { range } from "convoscope/pure/frame/window.js";
import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { lettersEquation } from "convoscope/pure/tabs/equation/letters-equation.js";
import { rowButton } from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { bracketedElement, valueElement, valuesOf } from "convoscope/pure/tabs/sharing/values.js";
import {
  cellOfInput,
  countWeights,
  firstChannelOf,
  NO_CELL,
  NO_WIRE,
  sourcesOf,
} from "convoscope/pure/tabs/sharing/wires.js";
import { sizeSentence } from "convoscope/pure/text/output-size.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @import {SharingOptions, Values} from "convoscope/pure/tabs/sharing/values.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {import("convoscope/ui/dom.js").Content} Content */

/** All windows of a layer in letters are shown; of another one, so many from this one on. */
const MOST_WINDOWS = 4;
/** The most terms of a line; of a longer one the first and the last. */
const MOST_TERMS = 9;
/** The most rows and columns of a window's picture. */
const MOST_CELLS = 12;

/** The presses of the view: the windows, each with its line, the lines together. */
export const LETTERS_PRESSES = 2;

/**
 * @param {Trace} trace @param {Frame} frame @param {SharingOptions} options @param {number} [press] of LETTERS_PRESSES
 * @returns {Description}
 */
export function lettersView(trace, frame, options, press = LETTERS_PRESSES) {
  const values = valuesOf(trace, frame, { ...options, letters: true });
  const { names, stage } = values;
  const rows = shownRows(values);
  return [
    "div",
    { class: "letters" },
    !names.areLetters && ["p", { class: "small muted" }, SHARING.lettersLimit],
    ["div", { class: "letter-windows", "data-rove": "" }, ...rows.map((row) => windowOf(values, row, press > 0))],
    ...(press < LETTERS_PRESSES
      ? []
      : /** @type {Description[]} */ ([
          ["div", { class: "letters-head" }, ["h3", SHARING.linesTogether], ...sizeLinesOf(stage)],
          [
            "div",
            { class: "matrix-scroll", tabindex: 0, role: "region", "aria-label": SHARING.linesTogether },
            ["table", { class: "letter-lines mono" }, ["tbody", ...rows.map((row) => alignedLine(values, row))]],
          ],
          ...equationLines(values),
        ])),
  ];
}

/** The equation of the step, its products as the filter stands. @param {Values} values @returns {Description[]} */
function equationLines(values) {
  const equation = lettersEquation(values);
  return equation ? [["h3", SHARING.asFilterStands], equation] : [];
}

/** The size of the map, in letters and in numbers. @param {Stage} stage @returns {Description[]} */
function sizeLinesOf({ rows, columns }) {
  if (!rows || !columns) return [];
  const [down, across] = [sizeSentence(rows), sizeSentence(columns)];
  const lines = down === across ? [down] : [SHARING.rowsSize(down), SHARING.columnsSize(across)];
  return lines.map((line) => ["p", { class: "mono muted" }, line]);
}

/** The rows whose windows are shown. @param {Values} values */
function shownRows({ names, rows, here }) {
  const count = names.areLetters ? rows : Math.min(rows, MOST_WINDOWS);
  const start = Math.min(names.areLetters ? 0 : here, rows - count);
  return range(count).map((i) => start + i);
}

/**
 * The picture with the window at one place, and its line.
 * @param {Values} values @param {number} row @param {boolean} hasLine @returns {Description}
 */
function windowOf(values, row, hasLine) {
  const { stage, here, names } = values;
  const sources = sourcesOf(stage, ...values.placeOf(row));
  return [
    "figure",
    { class: row === here ? "letter-window here" : "letter-window" },
    ["figcaption", rowButton(values, row, SHARING.windowOfResult(names.output(row)), "window")],
    gridOf(values, row, sources),
    hasLine && ["p", { class: "mono letter-line" }, ...lineOf(values, row, sources)],
  ];
}

/**
 * The input with the cells of the window, each with its weight; of a large input the surroundings of the window.
 * @param {Values} values @param {number} row @param {Int32Array} sources @returns {Description}
 */
function gridOf(values, row, sources) {
  const { stage, frame, names } = values;
  const [, height, width] = /** @type {[number, number, number]} */ (stage.input_shape);
  const first = firstChannelOf(stage, frame.map);
  const inside = [...sources].filter((cell) => cell >= 0 && cellOfInput(stage, cell)[0] === first);
  const places = inside.map((cell) => cellOfInput(stage, cell));
  const across = (/** @type {number} */ axis, /** @type {number} */ size) => {
    const [low, high] = [
      Math.min(...places.map((place) => place[axis])),
      Math.max(...places.map((place) => place[axis])),
    ];
    const start = size <= MOST_CELLS ? 0 : Math.max(0, Math.min(low - 1, size - MOST_CELLS));
    const end = size <= MOST_CELLS ? size : Math.min(size, Math.max(high + 2, start + 1), start + MOST_CELLS);
    return range(end - start).map((i) => start + i);
  };
  if (!places.length) return ["p", { class: "small muted" }, SHARING.outsideWholly];
  const columns = across(2, width);
  const grid = /** @type {Description} */ ([
    "table",
    { class: "letter-grid mono" },
    [
      "tbody",
      ...across(1, height).map(
        (r) =>
          /** @type {Description} */ ([
            "tr",
            ...columns.map((c) => {
              const index = (first * height + r) * width + c;
              const weights = [...sources.keys()].filter((n) => sources[n] === index);
              return /** @type {Description} */ ([
                "td",
                { class: weights.length ? "in-window" : null },
                valueElement(values, "input", index),
                ...weights.map((n) => /** @type {Description} */ (["sub", "×", valueElement(values, "weight", n)])),
              ]);
            }),
          ]),
      ),
    ],
  ]);
  if (names.areLetters) return grid;
  const name = SHARING.windowOfResult(names.output(row));
  return ["div", { class: "matrix-scroll", tabindex: 0, role: "region", "aria-label": name }, grid];
}

/** The terms that are written, by weight; −1 for those left out. @param {Values} values */
function shownTerms({ stage }) {
  const count = countWeights(stage);
  if (count <= MOST_TERMS) return range(count);
  return [0, 1, 2, -1, count - 1];
}

/**
 * A term: the weight and its input.
 * @param {Values} values @param {Int32Array} sources @param {number} n @returns {Content[]}
 */
function termOf(values, sources, n) {
  if (n < 0) return ["…"];
  if (sources[n] === NO_WIRE) return [];
  // Two letters stand side by side, numbers have a dot between them.
  const areLetters = isName(values, values.weight(n), values.names.weight(n)) && sources[n] !== NO_CELL;
  const isBoth = areLetters && isName(values, values.input(sources[n]), values.names.input(sources[n]));
  return [bracketedElement(values, "weight", n), isBoth ? "" : "·", bracketedElement(values, "input", sources[n])];
}

/** @param {Values} values @param {string} text @param {string} name */
function isName({ letters }, text, name) {
  return letters && text === name;
}

/**
 * αA + βB + γD + δE + b = P.
 * @param {Values} values @param {number} row @param {Int32Array} sources @returns {Content[]}
 */
function lineOf(values, row, sources) {
  const shown = shownTerms(values).filter((n) => sources[n] !== NO_WIRE);
  const terms = shown.flatMap((n, i) => [i > 0 ? " + " : "", ...termOf(values, sources, n)]);
  if (!terms.length) terms.push("0");
  return [
    ...before(values),
    ...terms,
    after(values),
    " + ",
    bracketedElement(values, "bias", 0),
    " = ",
    valueElement(values, "output", row),
  ];
}

/**
 * The line with each term below the same weight's term of the others.
 * @param {Values} values @param {number} row @returns {Description}
 */
function alignedLine(values, row) {
  const sources = sourcesOf(values.stage, ...values.placeOf(row));
  const terms = shownTerms(values);
  const first = terms.findIndex((n) => sources[n] !== NO_WIRE);
  return [
    "tr",
    { class: row === values.here ? "here" : null },
    ...terms.flatMap((n, i) => [
      i > 0 && /** @type {Description} */ (["td", i <= first || sources[n] === NO_WIRE ? "" : "+"]),
      /** @type {Description} */ ([
        "td",
        ...(i === 0 ? before(values) : []),
        ...termOf(values, sources, n),
        i === terms.length - 1 && after(values),
      ]),
    ]),
    ["td", "+"],
    ["td", bracketedElement(values, "bias", 0)],
    ["td", "="],
    ["td", valueElement(values, "output", row)],
  ];
}

/** A parenthesis before a sum that is divided. @param {Values} values @returns {Content[]} */
function before({ divisor }) {
  return divisor ? ["("] : [];
}

/** @param {Values} values */
function after({ divisor }) {
  return divisor ? `) ÷ ${divisor}` : "";
}

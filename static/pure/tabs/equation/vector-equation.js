/** A weighted sum as the product of two vectors, w and x: the window and the filter, each read row by row. */

import { beforeFlattening } from "convoscope/pure/frame/stage.js";
import { EQUATION } from "convoscope/pure/strings/tab-strings.js";
import {
  addUp,
  enclosed,
  factor,
  fraction,
  math,
  name,
  number,
  power,
  row,
  words,
} from "convoscope/pure/tabs/equation/math.js";
import { isKnown, listProducts, output, outputIndices } from "convoscope/pure/tabs/equation/weighted-equation.js";
import { endOf } from "convoscope/pure/text/step-equation.js";

/** @import {EquationStep, Line} from "convoscope/pure/tabs/equation/equation-view.js" */
/** @import {Product} from "convoscope/pure/tabs/equation/weighted-equation.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Up to so many entries a vector is written whole; of a longer one the first and the last. */
const [MOST_ENTRIES, FIRST_ENTRIES] = [12, 4];
/** How wide a character of an entry is, and the space between two, in parts of the size of letters. */
const [CHARACTER, BETWEEN] = [0.7, 1.2];

/** Of more channels no pictures are drawn; their largest width, between two, and the part of the height of a view. */
const [MOST_PICTURES, LARGEST_PICTURE, GAP, ROWS_OF_PICTURES] = [4, 160, 8, 4.2];

/** @param {EquationStep} step @returns {Line[]} */
export function vectorLines(step) {
  const { texts, frame, stage, size } = step;
  const sum = listProducts(step);
  const [w, x] = [bold("w", "filter"), bold("x", "input")];
  const product = row(power(w, name("T")), x);
  const y = output(outputIndices(stage, frame));
  const known = isKnown(step);
  const { sign, rounding } = endOf(frame, texts);
  const isRounded = !texts.isSumExact;
  const bias = factor((!isRounded && texts.biasWritten) || texts.bias || "0");
  const divided = (/** @type {Description} */ part) =>
    texts.divisor ? fraction(part, number(texts.divisor, "filter")) : part;
  const entries = entriesOf(sum);
  const longest = Math.max(...entries.map((entry) => (entry ? entry.weight.length : 1)));
  const isRow = entries.length * (longest * CHARACTER + BETWEEN) * size.text * 1.2 < 0.7 * size.width;
  const columnOfWeights = column(entries, ({ weight }) => number(weight, "filter"));
  const weights = isRow
    ? enclosed(
        line(entries, ({ weight }) => number(weight, "filter")),
        "square",
      )
    : power(enclosed(columnOfWeights, "square"), name("T"));
  const inputs = enclosed(
    column(entries, ({ value }) => number(value, "input")),
    "square",
  );
  return [
    { math: [math(y, "=", divided(product), "+", name("b"))] },
    { note: EQUATION.vectors(sum.count) },
    ...(sum.isUnlisted
      ? [{ math: picturesOf(step) }, { note: EQUATION.tooLong }]
      : [
          {
            math: [math(row(power(w, name("T")), "=", weights)), math(row(x, "=", inputs))],
          },
        ]),
    {
      math: [math(product, isRounded ? "≈" : "=", known ? number(texts.sum) : words(EQUATION.unknown))],
    },
    {
      math: [
        math(y, "=", known ? divided(addUp([texts.sum])) : divided(product), "+", bias),
        math(known ? sign : "=", known ? number(texts.result, "output") : words(EQUATION.unknown)),
        ...(known && rounding ? [math(words(`(${EQUATION.rounded(rounding)})`))] : []),
      ],
    },
  ];
}

/**
 * Two vectors that are too long to be written, as pictures of the maps that they are read from: the weights of this output
 * and the input, channel by channel.
 * @param {EquationStep} step @returns {Description[]}
 */
function picturesOf({ trace, stage, frame, size }) {
  const before = beforeFlattening(trace, stage);
  const [channels, rows, columns] = before.shape;
  if (channels > MOST_PICTURES || Math.min(rows, columns) < 2) return [];
  const width = Math.floor(
    Math.min(LARGEST_PICTURE, (0.8 * size.width) / channels - GAP, size.height / ROWS_OF_PICTURES),
  );
  const pictures = (/** @type {"data-thumb" | "data-weights"} */ kind, /** @type {number} */ index) =>
    [...Array(channels).keys()].map(
      (channel) =>
        /** @type {Description} */ ([
          "canvas",
          {
            [kind]: kind === "data-thumb" ? [index, channel].join() : [index, frame.map, channel, rows, columns].join(),
            class: "vector-picture",
            style: { width: `${width}px`, height: `${Math.round((width * rows) / columns)}px` },
            "aria-hidden": true,
          },
        ]),
    );
  const line = (/** @type {Description} */ letter, /** @type {Description[]} */ drawn) =>
    /** @type {Description} */ (["div", { class: "vector-pictures" }, math(letter, "="), ...drawn]);
  return [
    line(bold("w", "filter"), pictures("data-weights", stage.index)),
    line(bold("x", "input"), pictures("data-thumb", before.index)),
  ];
}

/** A letter of a vector. @param {string} letter @param {"filter" | "input"} role @returns {Description} */
function bold(letter, role) {
  return ["mi", { class: `bold-letter is-${role}` }, letter];
}

/**
 * The entries that are written, null for those left out.
 * @param {import("convoscope/pure/tabs/equation/weighted-equation.js").ProductSum} sum @returns {(Product | null)[]}
 */
function entriesOf({ shape: [, rows, columns], count, at }) {
  const entry = (/** @type {number} */ n) =>
    at(Math.floor(n / (rows * columns)), Math.floor(n / columns) % rows, n % columns);
  const all = (/** @type {number} */ length) => Array.from({ length }, (_, n) => entry(n));
  if (count <= MOST_ENTRIES) return all(count);
  return [...all(FIRST_ENTRIES), null, entry(count - 1)];
}

/** @param {(Product | null)[]} entries @param {(entry: Product) => Description} write @returns {Description} */
function column(entries, write) {
  return [
    "mtable",
    { class: "vector-table" },
    ...entries.map((entry) => /** @type {Description} */ (["mtr", cellOf(entry, write, "⋮")])),
  ];
}

/** @param {(Product | null)[]} entries @param {(entry: Product) => Description} write @returns {Description} */
function line(entries, write) {
  return ["mtable", { class: "vector-table" }, ["mtr", ...entries.map((entry) => cellOf(entry, write, "⋯"))]];
}

/**
 * @param {Product | null} entry @param {(entry: Product) => Description} write @param {string} dots
 * @returns {Description}
 */
function cellOf(entry, write, dots) {
  if (!entry) return ["mtd", ["mo", dots]];
  const classes = [entry.isZero && "zero", entry.isOutside && "outside"].filter(Boolean).join(" ");
  return ["mtd", { class: classes || null, "data-weight": entry.key }, write(entry)];
}

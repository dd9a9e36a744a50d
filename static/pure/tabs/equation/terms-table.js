/**
 * Terms as they lie in a window: a table with the rows and columns of the filter, one for each channel. A large one is
 * folded: its corners stand for the others, until it is unfolded.
 */

import { partOf, row } from "convoscope/pure/tabs/equation/math.js";

/** @import {Math as Part} from "convoscope/pure/tabs/equation/math.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {import("convoscope/ui/dom.js").Content} Content */

/** In place of the indices that are left out. */
export const GAP = -1;
/** Up to so many rows, columns or channels none is left out. */
const MOST_FOLDED = 4;
/** Of more terms a sum is folded at first. */
const MOST_OPEN = 75;
/** Of so many terms, if there is room for them, it is not folded at all. */
const MOST_PLAIN = 16;
/** Of more terms it cannot be unfolded. */
const MOST_WRITTEN = 1024;
/** How wide a character is, the signs between two terms, and what stands around all, in parts of the size of letters. */
const [CHARACTER, BETWEEN, AROUND] = [0.5, 1.6, 6];

/**
 * A term of a sum.
 * @typedef {object} Term
 * @property {Part[]} parts
 * @property {string | null} [weight] as `data-weight` names it
 * @property {boolean} [isZero] it adds nothing
 * @property {boolean} [isOutside] its cell lies outside of the input
 * @property {boolean} [isChosen] the largest or the smallest
 */

/**
 * The shape of a long sum, and whether it is folded.
 * @typedef {object} Folding
 * @property {number[]} channels that are shown, GAP between them
 * @property {number[]} rows
 * @property {number[]} columns
 * @property {boolean} isFolded whether some are left out
 * @property {boolean} canTurn whether it can be folded, or unfolded
 */

/**
 * What is shown of a sum.
 * @param {[channels: number, rows: number, columns: number]} shape
 * @param {{characters: number, width: number, text: number}} room how long a term is, and the room
 * @param {boolean | undefined} isOpen what somebody chose
 * @returns {Folding}
 */
export function foldSum(shape, { characters, width, text }, isOpen) {
  const [channels, rows, columns] = shape;
  const count = channels * rows * columns;
  const wide = (columns * (characters * CHARACTER + BETWEEN) + AROUND) * text * 1.3;
  const isSmall = shape.every((side) => side <= MOST_FOLDED);
  const opens = count <= MOST_WRITTEN && (isOpen ?? (count <= MOST_OPEN && wide <= width));
  const isFolded = !isSmall && !opens;
  const shown = (/** @type {number} */ side) =>
    isFolded && side > MOST_FOLDED ? [0, 1, GAP, side - 1] : Array.from({ length: side }, (_, index) => index);
  return {
    channels: shown(channels),
    rows: shown(rows),
    columns: shown(columns),
    isFolded,
    canTurn: !isSmall && count <= MOST_WRITTEN && (count > MOST_PLAIN || wide > width),
  };
}

/**
 * The terms of one channel in the shape of the filter.
 * @param {Pick<Folding, "rows" | "columns">} folding
 * @param {(row: number, column: number) => Term | null} termAt
 * @param {string} between what stands between two terms: +, or a comma after one
 * @returns {Description}
 */
export function termsTable({ rows, columns }, termAt, between = "+") {
  const last = [rows[rows.length - 1], columns[columns.length - 1]].join();
  return [
    "mtable",
    { class: "sum-table" },
    ...rows.map(
      (r, y) =>
        /** @type {Description} */ ([
          "mtr",
          ...columns.map((c, x) => {
            if (r === GAP || c === GAP) return dots(r, c);
            const term = termAt(r, c);
            return term ? cellOf(term, between, x + y === 0, [r, c].join() === last) : ["mtd"];
          }),
        ]),
    ),
  ];
}

/** @param {Term} term @param {string} between @param {boolean} isFirst @param {boolean} isLast @returns {Description} */
function cellOf({ parts, weight = null, isZero, isOutside, isChosen }, between, isFirst, isLast) {
  // The first term has no sign, and room for one: below it the others stand behind theirs.
  const isBehindRoom = between === "+" && isFirst;
  const classes = [isZero && "zero", isOutside && "outside", isChosen && "chosen", isBehindRoom && "first"];
  const before = between === "+" && !isFirst ? [/** @type {Description} */ (["mo", { form: "infix" }, "+"])] : [];
  const after = between === "," && !isLast ? [partOf(",")] : [];
  return [
    "mtd",
    { class: classes.filter(Boolean).join(" ") || null, "data-weight": weight },
    ["mrow", ...before, row(...parts), ...after],
  ];
}

/** @param {number} r @param {number} c @returns {Description} */
function dots(r, c) {
  return ["mtd", ["mo", r === GAP ? (c === GAP ? "⋱" : "⋮") : "⋯"]];
}

/**
 * The button that folds or unfolds a sum.
 * @param {Folding} folding @param {string} label @returns {Description | false}
 */
export function foldButton({ isFolded, canTurn }, label) {
  return (
    canTurn && [
      "button",
      {
        type: "button",
        class: "button fold-sum",
        "data-fold": isFolded ? "open" : "folded",
        "data-key": "fold-sum",
        "aria-expanded": String(!isFolded),
      },
      label,
    ]
  );
}

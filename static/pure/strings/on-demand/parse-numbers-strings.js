/** The texts on pasted numbers: why they cannot be read, and what was assumed. Loaded with the parser. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

const NUMBERS = "Whole numbers, decimals like 0.5, 1e-3 and fractions like 1/9 can be read, up to a million.";

export const PARSE_NUMBERS = inLanguage({
  /** @param {string} where @param {string} text */
  notANumber: (where, text) => `${where} has “${shortened(text)}”, which is not a number. ${NUMBERS}`,
  /** @param {string} where */
  emptyPlace: (where) => `${where} has an empty place between two commas.`,
  /** @param {string} where @param {number} count @param {string} first @param {number} expected */
  ragged: (where, count, first, expected) =>
    `${where} has ${numbers(count)}, and ${first} has ${expected}. All rows must have the same length.`,
  /** @param {number} plane @param {number} rows @param {number} expected */
  raggedPlane: (plane, rows, expected) =>
    `Plane ${plane} has ${rows} rows, and plane 1 has ${expected}. All planes must have the same number of rows.`,
  nothing: "There are no numbers in this text.",
  /** @param {number} count @param {number} most */
  tooLong: (count, most) => `This text has ${count} characters; the limit is ${most}.`,
  ellipsis:
    "“...” stands for numbers that were left out. Print all of them; np.set_printoptions(threshold=10**6) does so.",
  /** @param {string} text */
  textBefore: (text) => `The text “${shortened(text)}” before the numbers cannot be read. Paste only the numbers.`,
  /** @param {string} text */
  textAfter: (text) => `The text “${shortened(text)}” after the numbers cannot be read. Paste only the numbers.`,
  /** @param {string} bracket */
  notClosed: (bracket) => `A “${bracket}” is not closed: a part of the numbers may be missing.`,
  /** @param {string} opened @param {string} closed */
  wrongBracket: (opened, closed) => `A “${opened}” is closed by “${closed}”.`,
  /** @param {string} text */
  besideBracket: (text) =>
    `“${shortened(text)}” is beside a bracket. Either every row has brackets of its own, or none has.`,
  tooNested: "These numbers are in more brackets than those of any filter or picture.",
  uneven: "Some numbers are in more brackets than others.",
  /** @param {number[]} shape */
  tooDeep: (shape) => `These are ${shape.join(" × ")} numbers; the limit is one grid, or one for each channel.`,
  /** @param {number} planes @param {number[]} counts */
  planes: (planes, counts) =>
    `These are ${planes} planes of numbers; ${listed(counts)} ${counts.join() === "1" ? "fits" : "fit"} here.`,
  /** @param {number} plane counted from 1, 0 where there is one alone @param {number} row counted from 1 */
  row: (plane, row) => (plane ? `Row ${row} of plane ${plane}` : `Row ${row}`),
  /** The first row inside a sentence. @param {boolean} inPlane whether there are several planes */
  firstRow: (inPlane) => (inPlane ? "row 1 of plane 1" : "row 1"),

  // What was assumed.
  /** @param {string} text */
  decimalCommas: (text) => `Commas were read as decimal commas: ${text} is ${text.replace(",", ".")}.`,
  commasSeparate: "Commas were read as separators of numbers. For decimals, write points.",
  oneRow: "Semicolons were read as separators of columns, so this is one row. In brackets it is a column.",
  /** @param {number} count */
  emptyCells: (count) => `${count === 1 ? "One empty cell is" : `${count} empty cells are`} 0.`,
  linesAreRows: "Each line was read as a row.",
  wrapped: "The lines were read as one row, wrapped over several lines.",
  channelsLast: "The last of the three sizes was read as the channels.",
  /** @param {number} count */
  rounded: (count) => `${count === 1 ? "One number is" : `${count} numbers are`} rounded, to 32 characters.`,
});

/** @param {number} count */
function numbers(count) {
  return `${count} ${count === 1 ? "number" : "numbers"}`;
}

/** @param {string} text */
function shortened(text) {
  return verbatim(text.length > 24 ? `${text.slice(0, 23)}…` : text);
}

/** @param {number[]} counts */
function listed(counts) {
  return counts.length === 1 ? String(counts[0]) : `${counts.slice(0, -1).join(", ")} or ${counts[counts.length - 1]}`;
}

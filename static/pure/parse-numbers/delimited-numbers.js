/**
 * Numbers in lines without brackets: CSV, European CSV, spreadsheets, typed numbers.
 *
 * A comma may separate two numbers or be a decimal comma, and a semicolon may separate columns or rows. The possible
 * formats are tried in order, the likeliest first; the first that gives a rectangular grid of numbers is used, with a
 * note where another one fits too.
 */

import { ParseError } from "convoscope/pure/parse-numbers/parse-error.js";
import { parseNumber } from "convoscope/pure/scene-edits.js";
import { PARSE_NUMBERS } from "convoscope/pure/strings/on-demand/parse-numbers-strings.js";

/**
 * @typedef {object} LineFormat
 * @property {(line: string) => string[][]} split gives the rows of a line
 * @property {boolean} hasDecimalCommas whether commas belong to numbers
 */
/** @typedef {{rows: string[][], notes: string[]}} Rows the cells as they were written */

/** @param {string} text */
const splitAtCommas = (text) => text.trim().split(/\s*,\s*|\s+/);

/** @type {LineFormat} */
const TABS = { split: (line) => [line.split("\t")], hasDecimalCommas: true };
/** @type {LineFormat} */
const COLUMNS = { split: (line) => [line.split(";")], hasDecimalCommas: true };
/** @type {LineFormat} */
const ROWS = { split: (line) => line.split(";").map(splitAtCommas), hasDecimalCommas: false };
/** @type {LineFormat} */
const COMMAS = { split: (line) => [splitAtCommas(line)], hasDecimalCommas: false };
/** @type {LineFormat} */
const SPACES = { split: (line) => [line.trim().split(/\s+/)], hasDecimalCommas: true };

/** Decimals with a comma that cannot be two numbers: −0,5 and 1,05. */
const CERTAIN_DECIMAL = /-0,\d|(?:^|[^\d,.])(?:0|[1-9]\d*),0\d/;

/** A comma without a digit on both sides. */
const BARE_COMMA = /(?:^|\D),|,(?:\D|$)/;

/** @param {string} text @returns {Rows} @throws {ParseError} */
export function parseLines(text) {
  const lines = linesOf(text);
  const formats = formatsOf(lines);
  const found = formats.map((format) => splitLines(lines, format));
  const chosen = found.findIndex((one) => !(one instanceof ParseError));
  if (chosen < 0) throw found[0];
  const isAmbiguous = found.some((one, i) => i !== chosen && !(one instanceof ParseError));
  const rows = /** @type {string[][]} */ (found[chosen]);
  return { rows, notes: notesOf(rows, lines, formats[chosen], isAmbiguous) };
}

/** The lines that are not empty, without a separator at their end. @param {string} text */
function linesOf(text) {
  const lines = text.split("\n").filter((line) => line.trim() || line.includes("\t"));
  return lines.map((line) => {
    const trimmed = line.trim();
    if (line.includes("\t")) return trimmed.endsWith(";") ? trimmed.slice(0, -1) : line;
    return /[;,]$/.test(trimmed) ? trimmed.slice(0, -1).trimEnd() : trimmed;
  });
}

/** @param {string[]} lines @returns {LineFormat[]} the likeliest first */
function formatsOf(lines) {
  const text = lines.join("\n");
  if (text.includes("\t")) return [TABS];
  const isDecimal = CERTAIN_DECIMAL.test(text);
  if (text.includes(";")) {
    if (!text.split(/[;\n]/).some((part) => splitAtCommas(part).length > 1)) return [COLUMNS];
    return isDecimal || lines.length > 1 ? [COLUMNS, ROWS] : [ROWS, COLUMNS];
  }
  if (!text.includes(",")) return [SPACES];
  const hasSpaces = lines.some((line) => /\d\s+[-+.\d]/.test(line)) && !lines.some((line) => /,\s|\s,/.test(line));
  return isDecimal || hasSpaces ? [SPACES, COMMAS] : [COMMAS, SPACES];
}

/**
 * The cells of all lines in a format, where they are a rectangular grid of numbers.
 * @param {string[]} lines @param {LineFormat} format @returns {string[][] | ParseError}
 */
function splitLines(lines, { split }) {
  const rows = dropEmptyColumns(lines.flatMap(split).map((row) => row.map((cell) => cell.trim())));
  for (const [r, row] of rows.entries()) {
    const wrong = row.find((cell) => cell && (parseNumber(cell) === null || BARE_COMMA.test(cell)));
    if (!wrong) continue;
    return new ParseError(
      wrong.includes("...") ? PARSE_NUMBERS.ellipsis : PARSE_NUMBERS.notANumber(PARSE_NUMBERS.row(0, r + 1), wrong),
    );
  }
  const ragged = rows.findIndex((row) => row.length !== rows[0].length);
  if (ragged < 0) return rows;
  return new ParseError(
    PARSE_NUMBERS.ragged(PARSE_NUMBERS.row(0, ragged + 1), rows[ragged].length, "row 1", rows[0].length),
  );
}

/**
 * Drops the columns at the end that are empty in every row.
 * @param {string[][]} rows @returns {string[][]}
 */
function dropEmptyColumns(rows) {
  const width = rows.reduce((most, row) => Math.max(most, row.findLastIndex(Boolean) + 1), 1);
  return rows.map((row) => row.slice(0, width));
}

/**
 * @param {string[][]} rows @param {string[]} lines @param {LineFormat} format
 * @param {boolean} isAmbiguous whether another format fits too
 */
function notesOf(rows, lines, format, isAmbiguous) {
  const decimal = format.hasDecimalCommas && rows.flat().find((cell) => cell.includes(","));
  const empty = rows.flat().filter((cell) => !cell).length;
  return [
    decimal && PARSE_NUMBERS.decimalCommas(decimal),
    !format.hasDecimalCommas && isAmbiguous && PARSE_NUMBERS.commasSeparate,
    format === COLUMNS && lines.length === 1 && !decimal && PARSE_NUMBERS.oneRow,
    empty && PARSE_NUMBERS.emptyCells(empty),
  ].filter((note) => typeof note === "string");
}

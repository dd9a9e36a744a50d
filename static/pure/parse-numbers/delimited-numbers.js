/**
 * Numbers in lines without brackets: CSV, European CSV, spreadsheets, what is typed.
 *
 * A comma may stand between two numbers or within one, and a semicolon between columns or rows. The readings that a
 * text can have are tried in order, the likeliest first; the first that gives a whole grid of numbers is taken, and it
 * is said where another would have done as well. A comma is a decimal comma only where nothing else can be meant.
 */

import { ParseError } from "convoscope/pure/parse-numbers/parse-error.js";
import { parseNumber } from "convoscope/pure/scene-edits.js";
import { PARSE_NUMBERS } from "convoscope/pure/strings/parse-numbers-strings.js";

/**
 * @typedef {object} LineFormat
 * @property {(line: string) => string[][]} split the rows of a line
 * @property {boolean} hasDecimalCommas commas belong to numbers
 */
/** @typedef {{rows: string[][], notes: string[]}} Rows cells as they were written */

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

/** What nobody writes but as a decimal: −0,5 and 1,05. */
const SURELY_DECIMAL = /-0,\d|(?:^|[^\d,.])(?:0|[1-9]\d*),0\d/;

/** A comma that belongs to no number. */
const BARE_COMMA = /(?:^|\D),|,(?:\D|$)/;

/** @param {string} text @returns {Rows} @throws {ParseError} */
export function parseLines(text) {
  const lines = linesOf(text);
  const readings = formatsOf(lines);
  const found = readings.map((reading) => splitLines(lines, reading));
  const taken = found.findIndex((one) => !(one instanceof ParseError));
  if (taken < 0) throw found[0];
  const other = found.some((one, i) => i !== taken && !(one instanceof ParseError));
  const rows = /** @type {string[][]} */ (found[taken]);
  return { rows, notes: notesOf(rows, lines, readings[taken], other) };
}

/** Lines with something in them, without the sign that ends each. @param {string} text */
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
  const surely = SURELY_DECIMAL.test(text);
  if (text.includes(";")) {
    if (!text.split(/[;\n]/).some((part) => splitAtCommas(part).length > 1)) return [COLUMNS];
    return surely || lines.length > 1 ? [COLUMNS, ROWS] : [ROWS, COLUMNS];
  }
  if (!text.includes(",")) return [SPACES];
  const spaced = lines.some((line) => /\d\s+[-+.\d]/.test(line)) && !lines.some((line) => /,\s|\s,/.test(line));
  return surely || spaced ? [SPACES, COMMAS] : [COMMAS, SPACES];
}

/**
 * The cells, if they are a whole grid of numbers.
 * @param {string[]} lines @param {LineFormat} reading @returns {string[][] | ParseError}
 */
function splitLines(lines, { split }) {
  const rows = dropEmptyColumns(lines.flatMap(split).map((row) => row.map((cell) => cell.trim())));
  for (const [r, row] of rows.entries()) {
    const wrong = row.find((cell) => cell && (parseNumber(cell) === null || BARE_COMMA.test(cell)));
    if (!wrong) continue;
    return new ParseError(
      wrong.includes("...") ? PARSE_NUMBERS.cutShort : PARSE_NUMBERS.noNumber(PARSE_NUMBERS.row(0, r + 1), wrong),
    );
  }
  const ragged = rows.findIndex((row) => row.length !== rows[0].length);
  if (ragged < 0) return rows;
  return new ParseError(
    PARSE_NUMBERS.ragged(PARSE_NUMBERS.row(0, ragged + 1), rows[ragged].length, "row 1", rows[0].length),
  );
}

/**
 * Columns at the end that are empty in every row are nothing but separators.
 * @param {string[][]} rows @returns {string[][]}
 */
function dropEmptyColumns(rows) {
  const width = rows.reduce((most, row) => Math.max(most, row.findLastIndex(Boolean) + 1), 1);
  return rows.map((row) => row.slice(0, width));
}

/**
 * @param {string[][]} rows @param {string[]} lines @param {LineFormat} reading
 * @param {boolean} other whether another reading would do
 */
function notesOf(rows, lines, reading, other) {
  const decimal = reading.hasDecimalCommas && rows.flat().find((cell) => cell.includes(","));
  const empty = rows.flat().filter((cell) => !cell).length;
  return [
    decimal && PARSE_NUMBERS.decimalCommas(decimal),
    !reading.hasDecimalCommas && other && PARSE_NUMBERS.commasSeparate,
    reading === COLUMNS && lines.length === 1 && !decimal && PARSE_NUMBERS.oneRow,
    empty && PARSE_NUMBERS.emptyCells(empty),
  ].filter((note) => typeof note === "string");
}

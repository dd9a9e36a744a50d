/**
 * Numbers in lines without brackets: CSV, European CSV, spreadsheets, what is typed.
 *
 * A comma may stand between two numbers or within one, and a semicolon between columns or rows. The readings that a
 * text can have are tried in order, the likeliest first; the first that gives a whole grid of numbers is taken, and it
 * is said where another would have done as well. A comma is a decimal comma only where nothing else can be meant.
 */

import { Unreadable } from "convoscope/pure/parse-numbers/parse-error.js";
import { typedNumber } from "convoscope/pure/scene-edits.js";
import { PASTED } from "convoscope/pure/strings/parse-numbers-strings.js";

/**
 * @typedef {object} Reading
 * @property {(line: string) => string[][]} cut the rows of a line
 * @property {boolean} decimals commas belong to numbers
 */
/** @typedef {{rows: string[][], notes: string[]}} Rows cells as they were written */

/** @param {string} text */
const atCommas = (text) => text.trim().split(/\s*,\s*|\s+/);

/** @type {Reading} */
const TABS = { cut: (line) => [line.split("\t")], decimals: true };
/** @type {Reading} */
const COLUMNS = { cut: (line) => [line.split(";")], decimals: true };
/** @type {Reading} */
const ROWS = { cut: (line) => line.split(";").map(atCommas), decimals: false };
/** @type {Reading} */
const COMMAS = { cut: (line) => [atCommas(line)], decimals: false };
/** @type {Reading} */
const SPACES = { cut: (line) => [line.trim().split(/\s+/)], decimals: true };

/** What nobody writes but as a decimal: −0,5 and 1,05. */
const SURELY_DECIMAL = /-0,\d|(?:^|[^\d,.])(?:0|[1-9]\d*),0\d/;

/** A comma that belongs to no number. */
const BARE_COMMA = /(?:^|\D),|,(?:\D|$)/;

/** @param {string} text @returns {Rows} @throws {Unreadable} */
export function readLines(text) {
  const lines = linesOf(text);
  const readings = readingsOf(lines);
  const found = readings.map((reading) => tried(lines, reading));
  const taken = found.findIndex((one) => !(one instanceof Unreadable));
  if (taken < 0) throw found[0];
  const other = found.some((one, i) => i !== taken && !(one instanceof Unreadable));
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

/** @param {string[]} lines @returns {Reading[]} the likeliest first */
function readingsOf(lines) {
  const text = lines.join("\n");
  if (text.includes("\t")) return [TABS];
  const surely = SURELY_DECIMAL.test(text);
  if (text.includes(";")) {
    if (!text.split(/[;\n]/).some((part) => atCommas(part).length > 1)) return [COLUMNS];
    return surely || lines.length > 1 ? [COLUMNS, ROWS] : [ROWS, COLUMNS];
  }
  if (!text.includes(",")) return [SPACES];
  const spaced = lines.some((line) => /\d\s+[-+.\d]/.test(line)) && !lines.some((line) => /,\s|\s,/.test(line));
  return surely || spaced ? [SPACES, COMMAS] : [COMMAS, SPACES];
}

/**
 * The cells, if they are a whole grid of numbers.
 * @param {string[]} lines @param {Reading} reading @returns {string[][] | Unreadable}
 */
function tried(lines, { cut }) {
  const rows = withoutEmptyColumns(lines.flatMap(cut).map((row) => row.map((cell) => cell.trim())));
  for (const [r, row] of rows.entries()) {
    const wrong = row.find((cell) => cell && (typedNumber(cell) === null || BARE_COMMA.test(cell)));
    if (!wrong) continue;
    return new Unreadable(wrong.includes("...") ? PASTED.cutShort : PASTED.noNumber(PASTED.row(0, r + 1), wrong));
  }
  const ragged = rows.findIndex((row) => row.length !== rows[0].length);
  if (ragged < 0) return rows;
  return new Unreadable(PASTED.ragged(PASTED.row(0, ragged + 1), rows[ragged].length, "row 1", rows[0].length));
}

/**
 * Columns at the end that are empty in every row are nothing but separators.
 * @param {string[][]} rows @returns {string[][]}
 */
function withoutEmptyColumns(rows) {
  const width = rows.reduce((most, row) => Math.max(most, row.findLastIndex(Boolean) + 1), 1);
  return rows.map((row) => row.slice(0, width));
}

/**
 * @param {string[][]} rows @param {string[]} lines @param {Reading} reading
 * @param {boolean} other whether another reading would do
 */
function notesOf(rows, lines, reading, other) {
  const decimal = reading.decimals && rows.flat().find((cell) => cell.includes(","));
  const empty = rows.flat().filter((cell) => !cell).length;
  return [
    decimal && PASTED.decimalCommas(decimal),
    !reading.decimals && other && PASTED.commasSeparate,
    reading === COLUMNS && lines.length === 1 && !decimal && PASTED.oneRow,
    empty && PASTED.emptyCells(empty),
  ].filter((note) => typeof note === "string");
}

/**
 * Parses pasted numbers: the output of programs and tables becomes grids of numbers in the form of links.
 *
 * An assumption about ambiguous text becomes a note, text that cannot be read an error; no number is left out.
 */

import { hasBrackets, parseBrackets } from "convoscope/pure/parse-numbers/bracketed-numbers.js";
import { parseLines } from "convoscope/pure/parse-numbers/delimited-numbers.js";
import { findQuotedDecimal, normalizeText } from "convoscope/pure/parse-numbers/normalize-text.js";
import { ParseError } from "convoscope/pure/parse-numbers/parse-error.js";
import { parseNumber } from "convoscope/pure/scene-edits.js";
import { PARSE_NUMBERS } from "convoscope/pure/strings/on-demand/parse-numbers-strings.js";

/** @import {Nested} from "convoscope/pure/parse-numbers/bracketed-numbers.js" */
/** @typedef {{planes: string[][][], notes: string[]}} ParsedNumbers */

const LONGEST_TEXT = 1_000_000;
/** The server's limit. */
const LONGEST_NUMBER = 32;

/**
 * @param {string} text
 * @param {number[]} counts how many grids are allowed: one, or one for each channel
 * @returns {ParsedNumbers | {error: string}}
 */
export function parseNumbers(text, counts) {
  try {
    if (text.length > LONGEST_TEXT) throw new ParseError(PARSE_NUMBERS.tooLong(text.length, LONGEST_TEXT));
    const plain = normalizeText(text);
    if (!plain.trim()) throw new ParseError(PARSE_NUMBERS.nothing);
    const { planes, notes } = hasBrackets(plain) ? parseBracketed(plain, counts) : parseDelimited(plain);
    const quoted = findQuotedDecimal(text);
    return { planes, notes: quoted ? [PARSE_NUMBERS.decimalCommas(quoted), ...notes] : notes };
  } catch (reason) {
    if (reason instanceof ParseError) return { error: reason.message };
    throw reason;
  }
}

/** @param {string} text @returns {ParsedNumbers} @throws {ParseError} */
function parseDelimited(text) {
  const named = /^\s*[A-Za-z_]\w*\s*=(?=\s*[-+.\d])/.exec(text);
  const { rows, notes } = parseLines(named ? text.slice(named[0].length) : text);
  return normalizePlanes([rows.map((row) => row.map((cell) => cell || "0"))], 1, notes);
}

/** @param {string} text @param {number[]} counts @returns {ParsedNumbers} @throws {ParseError} */
function parseBracketed(text, counts) {
  const { nested, divisor, notes } = parseBrackets(text);
  const planes = planesOf(nested);
  checkRectangular(planes);
  if (counts.includes(planes.length)) return normalizePlanes(planes, divisor, notes);
  if (!counts.includes(planes[0][0].length)) throw new ParseError(PARSE_NUMBERS.planes(planes.length, counts));
  const turned = planes[0][0].map((_, channel) => planes.map((row) => row.map((cell) => cell[channel])));
  return normalizePlanes(turned, divisor, [...notes, PARSE_NUMBERS.channelsLast]);
}

/** Nested lists as planes of rows. @param {Nested[]} nested @returns {string[][][]} @throws {ParseError} */
function planesOf(nested) {
  const depths = new Set(depthsOf(nested));
  if (depths.size > 1) throw new ParseError(PARSE_NUMBERS.uneven);
  const [depth] = depths;
  if (!depth) throw new ParseError(PARSE_NUMBERS.nothing);
  let inner = /** @type {any[]} */ (nested);
  for (let left = depth; left > 3; left--) {
    if (inner.length > 1) throw new ParseError(PARSE_NUMBERS.tooDeep(shapeOf(inner)));
    [inner] = inner;
  }
  return depth >= 3 ? inner : depth === 2 ? [inner] : [[inner]];
}

/** The nesting depth of each number. @param {Nested[]} nested @returns {number[]} */
function depthsOf(nested) {
  const inside = (/** @type {Nested[]} */ one) => [...new Set(depthsOf(one))].map((depth) => depth + 1);
  return nested.flatMap((one) => (typeof one === "string" ? [1] : inside(one)));
}

/** @param {any} nested @returns {number[]} */
function shapeOf(nested) {
  return Array.isArray(nested) ? [nested.length, ...shapeOf(nested[0])] : [];
}

/** @param {string[][][]} planes @throws {ParseError} */
function checkRectangular(planes) {
  const [rows, columns] = [planes[0].length, planes[0][0].length];
  const first = PARSE_NUMBERS.firstRow(planes.length > 1);
  for (const [p, plane] of planes.entries()) {
    for (const [r, row] of plane.entries()) {
      if (row.length !== columns)
        throw new ParseError(PARSE_NUMBERS.ragged(rowName(planes, p, r), row.length, first, columns));
    }
    if (plane.length !== rows) throw new ParseError(PARSE_NUMBERS.raggedPlane(p + 1, plane.length, rows));
  }
}

/** @param {string[][][]} planes @param {number} p @param {number} r @returns {string} */
function rowName(planes, p, r) {
  return PARSE_NUMBERS.row(planes.length > 1 ? p + 1 : 0, r + 1);
}

/**
 * The planes divided, each number in the form of links.
 * @param {string[][][]} planes @param {number} divisor @param {string[]} notes @returns {ParsedNumbers} @throws
 * {ParseError}
 */
function normalizePlanes(planes, divisor, notes) {
  let rounded = 0;
  const finish = (/** @type {string} */ cell, /** @type {string} */ place) => {
    if (!cell) throw new ParseError(PARSE_NUMBERS.emptyPlace(place));
    const exact = parseNumber(cell);
    const whole = exact === null ? null : divideText(exact, divisor);
    const short = whole === null ? null : shortenNumber(whole);
    if (short === null) throw new ParseError(PARSE_NUMBERS.notANumber(place, cell));
    if (short.length < Number(whole?.length)) rounded++;
    return short;
  };
  const done = planes.map((plane, p) => plane.map((row, r) => row.map((cell) => finish(cell, rowName(planes, p, r)))));
  return { planes: done, notes: rounded ? [...notes, PARSE_NUMBERS.rounded(rounded)] : notes };
}

/** @param {string} number @param {number} by */
function divideText(number, by) {
  const [top, bottom = "1"] = number.split("/");
  if (Number(top) === 0) return "0";
  return by === 1 ? number : `${top}/${Number(bottom) * by}`;
}

/** A number rounded to the limit of characters; null where that is impossible. @param {string} number */
function shortenNumber(number) {
  if (number.length <= LONGEST_NUMBER) return number;
  const [whole, decimals] = number.split(".");
  if (decimals === undefined || number.includes("/")) return null;
  const kept = LONGEST_NUMBER - whole.length - 1;
  const digits = BigInt(decimals.slice(0, kept)) + (decimals[kept] >= "5" ? 1n : 0n);
  const text = String(digits).padStart(kept, "0");
  if (text.length > kept) return parseNumber(String(Number(number)));
  return digits === 0n && Number(whole) === 0 ? "0" : `${whole}.${text}`.replace(/0+$/, "").replace(/\.$/, "");
}

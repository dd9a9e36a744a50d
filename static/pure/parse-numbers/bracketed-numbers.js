/**
 * Numbers in brackets: Python's lists, what NumPy, PyTorch, TensorFlow and JAX print, MATLAB's matrices, C's braces,
 * and this house's own links. What stands around them may name a kind of number and divide all of them; anything else
 * is refused, since it might change the numbers.
 */

import { ParseError } from "convoscope/pure/parse-numbers/parse-error.js";
import { PARSE_NUMBERS } from "convoscope/pure/strings/parse-numbers-strings.js";

/** @typedef {any} Nested a number as it was written, or a list of such */
/** @typedef {{nested: Nested[], divisor: number, notes: string[]}} BracketedNumbers */
/**
 * @typedef {object} OpenBracket what stands in one pair of brackets
 * @property {string} open
 * @property {Nested[]} lists
 * @property {string[][]} rows as ";" ends them
 * @property {string[][]} lines as line ends do as well
 */

const CLOSES = /** @type {Record<string, string>} */ ({ "[": "]", "{": "}", "(": ")" });
const ASSIGNMENT = /^\s*(?:[A-Za-z_][\w:<>]*[\s*&]+){0,4}[A-Za-z_]\w*(?:\s*\[\s*\w*\s*\]){0,4}\s*=\s*/;
const FRACTION_BEFORE = /^\(?\s*1(?:\.0*)?\s*\/\s*(\d+)(?:\.0*)?\s*\)?\s*\.?\*?\s*(?=[[({A-Za-z])/;
const CALL_BEFORE = /^(?:Parameter containing:|<tf\.[^>]*?numpy=|[A-Za-z_][\w.]*\s*\()\s*/;
const DIVISOR_AFTER = /^\s*\.?(?:\/\s*|\*\s*\(?\s*1(?:\.0*)?\s*\/\s*)(\d+)(?:\.0*)?\s*\)?/;
/** What may stand behind: keywords, a kind of number, conversions that change no number, brackets that close. */
const IGNORED_AFTER = [
  /^\s*,\s*[A-Za-z_]\w*\s*=\s*(?:<[^>]*>|\([^()]*\)|[^,()\s]+)/,
  /^\s*,\s*["']?[A-Za-z][\w.]*["']?/,
  /^\s*\.(?:astype|float|double|half|to|cuda|cpu|numpy|copy|detach|clone|tolist)\([^()]*\)/,
  /^\s*[\])}>;,]/,
];
/** More sizes than any layer's weights have. */
const MOST_NESTED = 8;
/** NumPy breaks lines at 75 characters: lines of a matrix that is typed are shorter. */
const WRAPPED_LINE = 60;

/** Whether a text has brackets. @param {string} text */
export function hasBrackets(text) {
  return /[[{(]/.test(text);
}

/** @param {string} text @returns {BracketedNumbers} @throws {ParseError} */
export function parseBrackets(text) {
  if (text.includes("...")) throw new ParseError(PARSE_NUMBERS.cutShort);
  const named = ASSIGNMENT.exec(text);
  let rest = named ? text.slice(named[0].length) : text.trimStart();
  let divisor = 1;
  const inFront = () => FRACTION_BEFORE.exec(rest) ?? CALL_BEFORE.exec(rest);
  for (let found = inFront(); found; found = inFront()) {
    divisor *= Number(found[1] ?? 1);
    rest = rest.slice(found[0].length);
  }
  if (!(rest[0] in CLOSES)) throw new ParseError(PARSE_NUMBERS.inFront(rest.split(/[[{(]/)[0].trim()));
  const notes = /** @type {string[]} */ ([]);
  const { lists, end } = parseLists(rest, notes);
  divisor *= parseDivisorAfter(rest.slice(end));
  return { nested: lists.length === 1 && Array.isArray(lists[0]) ? lists[0] : lists, divisor, notes };
}

/** @param {string} text @returns {number} what all numbers are divided by @throws {ParseError} */
function parseDivisorAfter(text) {
  let rest = text;
  let divisor = 1;
  while (rest.trim()) {
    const by = DIVISOR_AFTER.exec(rest);
    const passed = by ?? IGNORED_AFTER.map((pattern) => pattern.exec(rest)).find(Boolean);
    if (!passed) throw new ParseError(PARSE_NUMBERS.behind(rest.trim()));
    divisor *= Number(by?.[1] ?? 1);
    rest = rest.slice(passed[0].length);
  }
  return divisor;
}

/**
 * Bracket after bracket, as long as another one follows.
 * @param {string} text that begins with a bracket @param {string[]} notes
 * @returns {{lists: Nested[], end: number}}
 * @throws {ParseError}
 */
function parseLists(text, notes) {
  /** @type {OpenBracket[]} */
  const frames = [openBracket("")];
  const pattern = /[[{(]|[\])}]|[;,\n]|[^\s,;()[\]{}]+/g;
  const wide = text.search(/\n|$/) > WRAPPED_LINE;
  let last = "";
  let end = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [sign] = found;
    if (frames.length === 1 && !(sign in CLOSES)) {
      if (sign === "," || sign === "\n" || sign === ";") continue;
      break; // what stands behind the numbers
    }
    const top = frames[frames.length - 1];
    if (sign in CLOSES && frames.length > MOST_NESTED) throw new ParseError(PARSE_NUMBERS.tooNested);
    if (sign in CLOSES) frames.push(openBracket(sign));
    else if (/[\])}]/.test(sign)) {
      if (CLOSES[top.open] !== sign) throw new ParseError(PARSE_NUMBERS.wrongBracket(top.open, sign));
      frames.pop();
      frames[frames.length - 1].lists.push(closeBracket(top, wide && frames.length === 1, frames.length === 1, notes));
      end = pattern.lastIndex;
    } else addToken(top, sign, last);
    if (sign !== "\n") last = sign;
  }
  if (frames.length > 1) throw new ParseError(PARSE_NUMBERS.notClosed(frames[frames.length - 1].open));
  return { lists: frames[0].lists, end };
}

/** @param {string} open @returns {OpenBracket} */
function openBracket(open) {
  return { lists: [], rows: [[]], lines: [[]], open };
}

/**
 * A number, or what stands between two.
 * @param {OpenBracket} frame @param {string} sign @param {string} before the sign before it
 */
function addToken(frame, sign, before) {
  if (sign === ";") frame.rows.push([]);
  if (sign === ";" || sign === "\n") frame.lines.push([]);
  const empty = sign === "," && (before === "," || before in CLOSES);
  if (sign === ";" || sign === "\n" || (sign === "," && !empty)) return;
  const number = empty ? "" : sign;
  frame.rows[frame.rows.length - 1].push(number);
  frame.lines[frame.lines.length - 1].push(number);
}

/**
 * What a bracket held. Lines within the outermost bracket are rows, unless one row was too long for its line.
 * @param {OpenBracket} frame @param {boolean} wide @param {boolean} outermost @param {string[]} notes @returns
 * {Nested[]}
 * @throws {ParseError}
 */
function closeBracket({ lists, rows, lines }, wide, outermost, notes) {
  const numbers = rows.flat();
  if (lists.length && numbers.length) throw new ParseError(PARSE_NUMBERS.mixed(numbers[0]));
  if (lists.length) return lists;
  const [bySigns, byLines] = [rows, lines].map((all) => all.filter((row) => row.length));
  if (!outermost || bySigns.length === byLines.length) return bySigns.length === 1 ? bySigns[0] : bySigns;
  const ragged = byLines.some((row) => row.length !== byLines[0].length);
  const wrapped = wide && ragged && bySigns.length === 1;
  notes.push(wrapped ? PARSE_NUMBERS.wrapped : PARSE_NUMBERS.linesAreRows);
  return wrapped ? bySigns[0] : byLines;
}

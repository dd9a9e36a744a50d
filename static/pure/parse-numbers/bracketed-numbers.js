/**
 * Numbers in brackets: Python's lists, the output of NumPy, PyTorch, TensorFlow and JAX, MATLAB's matrices, C's braces,
 * and Convoscope's links. The text around them may name a data type and a divisor of all numbers; other text is an
 * error, since it might change the numbers.
 */

import { ParseError } from "convoscope/pure/parse-numbers/parse-error.js";
import { PARSE_NUMBERS } from "convoscope/pure/strings/on-demand/parse-numbers-strings.js";

/** @typedef {any} Nested a number as it was written, or a list of Nested */
/** @typedef {{nested: Nested[], divisor: number, notes: string[]}} BracketedNumbers */
/**
 * @typedef {object} OpenBracket the contents of one pair of brackets
 * @property {string} open
 * @property {Nested[]} lists
 * @property {string[][]} rows divided at ";"
 * @property {string[][]} lines divided at ";" and at line ends
 */

const CLOSES = /** @type {Record<string, string>} */ ({ "[": "]", "{": "}", "(": ")" });
const ASSIGNMENT = /^\s*(?:[A-Za-z_][\w:<>]*[\s*&]+){0,4}[A-Za-z_]\w*(?:\s*\[\s*\w*\s*\]){0,4}\s*=\s*/;
const FRACTION_BEFORE = /^\(?\s*1(?:\.0*)?\s*\/\s*(\d+)(?:\.0*)?\s*\)?\s*\.?\*?\s*(?=[[({A-Za-z])/;
const CALL_BEFORE = /^(?:Parameter containing:|<tf\.[^>]*?numpy=|[A-Za-z_][\w.]*\s*\()\s*/;
const DIVISOR_AFTER = /^\s*\.?(?:\/\s*|\*\s*\(?\s*1(?:\.0*)?\s*\/\s*)(\d+)(?:\.0*)?\s*\)?/;
/** What may follow the numbers: keywords, a data type, conversions that change no number, closing brackets. */
const IGNORED_AFTER = [
  /^\s*,\s*[A-Za-z_]\w*\s*=\s*(?:<[^>]*>|\([^()]*\)|[^,()\s]+)/,
  /^\s*,\s*["']?[A-Za-z][\w.]*["']?/,
  /^\s*\.(?:astype|float|double|half|to|cuda|cpu|numpy|copy|detach|clone|tolist)\([^()]*\)/,
  /^\s*[\])}>;,]/,
];
/** The deepest nesting; a layer's weights have fewer dimensions. */
const MOST_NESTED = 8;
/** A line longer than this was wrapped: NumPy wraps at 75 characters, and typed rows are shorter. */
const WRAPPED_LINE = 60;

/** Whether a text has brackets. @param {string} text */
export function hasBrackets(text) {
  return /[[{(]/.test(text);
}

/** @param {string} text @returns {BracketedNumbers} @throws {ParseError} */
export function parseBrackets(text) {
  if (text.includes("...")) throw new ParseError(PARSE_NUMBERS.ellipsis);
  const named = ASSIGNMENT.exec(text);
  let rest = named ? text.slice(named[0].length) : text.trimStart();
  let divisor = 1;
  const matchBefore = () => FRACTION_BEFORE.exec(rest) ?? CALL_BEFORE.exec(rest);
  for (let found = matchBefore(); found; found = matchBefore()) {
    divisor *= Number(found[1] ?? 1);
    rest = rest.slice(found[0].length);
  }
  if (!(rest[0] in CLOSES)) throw new ParseError(PARSE_NUMBERS.textBefore(rest.split(/[[{(]/)[0].trim()));
  const notes = /** @type {string[]} */ ([]);
  const { lists, end } = parseLists(rest, notes);
  divisor *= parseDivisorAfter(rest.slice(end));
  return { nested: lists.length === 1 && Array.isArray(lists[0]) ? lists[0] : lists, divisor, notes };
}

/** @param {string} text @returns {number} the divisor of all numbers @throws {ParseError} */
function parseDivisorAfter(text) {
  let rest = text;
  let divisor = 1;
  while (rest.trim()) {
    const by = DIVISOR_AFTER.exec(rest);
    const passed = by ?? IGNORED_AFTER.map((pattern) => pattern.exec(rest)).find(Boolean);
    if (!passed) throw new ParseError(PARSE_NUMBERS.textAfter(rest.trim()));
    divisor *= Number(by?.[1] ?? 1);
    rest = rest.slice(passed[0].length);
  }
  return divisor;
}

/**
 * The lists of all brackets up to other text.
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
      break; // the text after the numbers
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
 * Adds a number or a separator to an open bracket.
 * @param {OpenBracket} frame @param {string} sign @param {string} before the token before it
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
 * The contents of a closed bracket. Lines in the outermost bracket are rows, unless one long row was wrapped.
 * @param {OpenBracket} frame @param {boolean} wide @param {boolean} outermost @param {string[]} notes @returns
 * {Nested[]}
 * @throws {ParseError}
 */
function closeBracket({ lists, rows, lines }, wide, outermost, notes) {
  const numbers = rows.flat();
  if (lists.length && numbers.length) throw new ParseError(PARSE_NUMBERS.besideBracket(numbers[0]));
  if (lists.length) return lists;
  const [bySemicolons, byLines] = [rows, lines].map((all) => all.filter((row) => row.length));
  if (!outermost || bySemicolons.length === byLines.length)
    return bySemicolons.length === 1 ? bySemicolons[0] : bySemicolons;
  const ragged = byLines.some((row) => row.length !== byLines[0].length);
  const wrapped = wide && ragged && bySemicolons.length === 1;
  notes.push(wrapped ? PARSE_NUMBERS.wrapped : PARSE_NUMBERS.linesAreRows);
  return wrapped ? bySemicolons[0] : byLines;
}

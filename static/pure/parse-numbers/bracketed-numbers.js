/**
 * Numbers in brackets: Python's lists, what NumPy, PyTorch, TensorFlow and JAX print, MATLAB's matrices, C's braces,
 * and this house's own links. What stands around them may name a kind of number and divide all of them; anything else
 * is refused, since it might change the numbers.
 */

import { Unreadable } from "convoscope/pure/parse-numbers/parse-error.js";
import { PASTED } from "convoscope/pure/strings/parse-numbers-strings.js";

/** @typedef {any} Nested a number as it was written, or a list of such */
/** @typedef {{nested: Nested[], divisor: number, notes: string[]}} Bracketed */
/**
 * @typedef {object} Frame what stands in one pair of brackets
 * @property {string} open
 * @property {Nested[]} lists
 * @property {string[][]} rows as ";" ends them
 * @property {string[][]} lines as line ends do as well
 */

const CLOSES = /** @type {Record<string, string>} */ ({ "[": "]", "{": "}", "(": ")" });
const NAMED = /^\s*(?:[A-Za-z_][\w:<>]*[\s*&]+){0,4}[A-Za-z_]\w*(?:\s*\[\s*\w*\s*\]){0,4}\s*=\s*/;
const DIVIDED_FIRST = /^\(?\s*1(?:\.0*)?\s*\/\s*(\d+)(?:\.0*)?\s*\)?\s*\.?\*?\s*(?=[[({A-Za-z])/;
const WRAPPED = /^(?:Parameter containing:|<tf\.[^>]*?numpy=|[A-Za-z_][\w.]*\s*\()\s*/;
const DIVIDED = /^\s*\.?(?:\/\s*|\*\s*\(?\s*1(?:\.0*)?\s*\/\s*)(\d+)(?:\.0*)?\s*\)?/;
/** What may stand behind: keywords, a kind of number, conversions that change no number, brackets that close. */
const PASSED = [
  /^\s*,\s*[A-Za-z_]\w*\s*=\s*(?:<[^>]*>|\([^()]*\)|[^,()\s]+)/,
  /^\s*,\s*["']?[A-Za-z][\w.]*["']?/,
  /^\s*\.(?:astype|float|double|half|to|cuda|cpu|numpy|copy|detach|clone|tolist)\([^()]*\)/,
  /^\s*[\])}>;,]/,
];
/** More sizes than any layer's weights have. */
const MOST_NESTED = 8;
/** NumPy breaks lines at 75 characters: lines of a matrix that is typed are shorter. */
const WIDE = 60;

/** Whether a text has brackets. @param {string} text */
export function hasBrackets(text) {
  return /[[{(]/.test(text);
}

/** @param {string} text @returns {Bracketed} @throws {Unreadable} */
export function readBrackets(text) {
  if (text.includes("...")) throw new Unreadable(PASTED.cutShort);
  const named = NAMED.exec(text);
  let rest = named ? text.slice(named[0].length) : text.trimStart();
  let divisor = 1;
  const inFront = () => DIVIDED_FIRST.exec(rest) ?? WRAPPED.exec(rest);
  for (let found = inFront(); found; found = inFront()) {
    divisor *= Number(found[1] ?? 1);
    rest = rest.slice(found[0].length);
  }
  if (!(rest[0] in CLOSES)) throw new Unreadable(PASTED.inFront(rest.split(/[[{(]/)[0].trim()));
  const notes = /** @type {string[]} */ ([]);
  const { lists, end } = listsOf(rest, notes);
  divisor *= divisorBehind(rest.slice(end));
  return { nested: lists.length === 1 && Array.isArray(lists[0]) ? lists[0] : lists, divisor, notes };
}

/** @param {string} text @returns {number} what all numbers are divided by @throws {Unreadable} */
function divisorBehind(text) {
  let rest = text;
  let divisor = 1;
  while (rest.trim()) {
    const by = DIVIDED.exec(rest);
    const passed = by ?? PASSED.map((pattern) => pattern.exec(rest)).find(Boolean);
    if (!passed) throw new Unreadable(PASTED.behind(rest.trim()));
    divisor *= Number(by?.[1] ?? 1);
    rest = rest.slice(passed[0].length);
  }
  return divisor;
}

/**
 * Bracket after bracket, as long as another one follows.
 * @param {string} text that begins with a bracket @param {string[]} notes
 * @returns {{lists: Nested[], end: number}}
 * @throws {Unreadable}
 */
function listsOf(text, notes) {
  /** @type {Frame[]} */
  const frames = [frameOf("")];
  const pattern = /[[{(]|[\])}]|[;,\n]|[^\s,;()[\]{}]+/g;
  const wide = text.search(/\n|$/) > WIDE;
  let last = "";
  let end = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [sign] = found;
    if (frames.length === 1 && !(sign in CLOSES)) {
      if (sign === "," || sign === "\n" || sign === ";") continue;
      break; // what stands behind the numbers
    }
    const top = frames[frames.length - 1];
    if (sign in CLOSES && frames.length > MOST_NESTED) throw new Unreadable(PASTED.tooNested);
    if (sign in CLOSES) frames.push(frameOf(sign));
    else if (/[\])}]/.test(sign)) {
      if (CLOSES[top.open] !== sign) throw new Unreadable(PASTED.wrongBracket(top.open, sign));
      frames.pop();
      frames[frames.length - 1].lists.push(closed(top, wide && frames.length === 1, frames.length === 1, notes));
      end = pattern.lastIndex;
    } else take(top, sign, last);
    if (sign !== "\n") last = sign;
  }
  if (frames.length > 1) throw new Unreadable(PASTED.notClosed(frames[frames.length - 1].open));
  return { lists: frames[0].lists, end };
}

/** @param {string} open @returns {Frame} */
function frameOf(open) {
  return { lists: [], rows: [[]], lines: [[]], open };
}

/**
 * A number, or what stands between two.
 * @param {Frame} frame @param {string} sign @param {string} before the sign before it
 */
function take(frame, sign, before) {
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
 * @param {Frame} frame @param {boolean} wide @param {boolean} outermost @param {string[]} notes @returns {Nested[]}
 * @throws {Unreadable}
 */
function closed({ lists, rows, lines }, wide, outermost, notes) {
  const numbers = rows.flat();
  if (lists.length && numbers.length) throw new Unreadable(PASTED.mixed(numbers[0]));
  if (lists.length) return lists;
  const [bySigns, byLines] = [rows, lines].map((all) => all.filter((row) => row.length));
  if (!outermost || bySigns.length === byLines.length) return bySigns.length === 1 ? bySigns[0] : bySigns;
  const ragged = byLines.some((row) => row.length !== byLines[0].length);
  const wrapped = wide && ragged && bySigns.length === 1;
  notes.push(wrapped ? PASTED.wrapped : PASTED.linesAreRows);
  return wrapped ? bySigns[0] : byLines;
}

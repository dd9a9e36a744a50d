/**
 * The part of a link that describes the View, by the server's option table.
 *
 * parseView(formatView(view)) is the view; parsing never throws; defaults are left out.
 */

import { hasNetwork, openingStage } from "convoscope/pure/frame/answer.js";

/** @import {Option, Trace, View} from "convoscope/pure/types.js" */

/** @typedef {{parse: (text: string, option: Option) => unknown, format: (value: any) => string}} ValueKind */

const WHOLE = /^-?\d+$/;
const NUMBER = /^\d+(\.\d+)?(\/0*[1-9]\d*)?$/;
const NUMBER_CHARACTERS = 32;
const MOST_CELLS = 64;
const UNTYPABLE =
  /[\x00-\x1f\x7f-\x9f\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const NAME = /^[a-z0-9_-]{1,64}(\/[a-z0-9_-]{1,64})?$/;
/** @type {Record<string, boolean>} */
const FLAGS = { 1: true, true: true, yes: true, on: true, 0: false, false: false, no: false, off: false };

/**
 * Each kind of value, parsed and formatted; `parse` returns undefined for a text that it cannot read.
 * @type {Record<string, ValueKind>}
 */
const KINDS = {
  whole: { parse: nearestWhole, format: String },
  number: { parse: (text, option) => (isNumber(text, option) ? text : undefined), format: String },
  text: { parse: (text) => [text, text.toLowerCase()].find((name) => NAME.test(name)), format: String },
  word: { parse: (text, option) => (option.choices.includes(text) ? text : undefined), format: String },
  flag: { parse: (text) => FLAGS[text.toLowerCase()], format: (value) => (value ? "1" : "0") },
  pair: {
    parse: (text, option) => nearestCell(text.includes("x") ? text.replace("x", ",") : `${text},${text}`, option),
    format: (value) => (value ? (value[0] === value[1] ? String(value[0]) : value.join("x")) : ""),
  },
  cell: { parse: nearestCell, format: (value) => (value ? value.join(",") : "") },
  cells: {
    parse: (text, option) =>
      text
        .split(";")
        .slice(0, MOST_CELLS)
        .map((cell) => nearestCell(cell, option))
        .filter(Boolean),
    format: (value) => value.map((/** @type {number[]} */ cell) => cell.join(",")).join(";"),
  },
  line: { parse: cleanLine, format: (value) => escapeLine(value) },
  lines: {
    parse: (text, option) =>
      withoutEmptyEnd(
        text
          .split(";")
          .slice(0, MOST_CELLS)
          .map((line) => cleanLine(line.replace(/%(25|3b)/gi, decodeURIComponent), option)),
      ),
    format: (value) => escapeLine(joinLines(value)),
  },
  words: {
    parse: (text, option) => option.choices.filter((choice) => text.split(",").includes(choice)),
    format: (value) => value.join(","),
  },
};

/**
 * The View in a query string; a key that is missing or cannot be read has its default.
 * @param {string} query with or without "?"; other keys are ignored
 * @param {Option[]} table
 * @returns {View}
 */
export function parseView(query, table) {
  const defaults = table.map((option) => [option.name, defaultOf(option)]);
  return withNotesOfStops(/** @type {View} */ ({ ...Object.fromEntries(defaults), ...parseChange(query, table) }));
}

/**
 * The View with at most as many lines of words as stops; these take the place of a story.
 * @template {Partial<View>} V @param {V} view @returns {V}
 */
function withNotesOfStops(view) {
  if (view.stops?.length) view = { ...view, story: null };
  return view.notes ? { ...view, notes: withoutEmptyEnd(view.notes.slice(0, view.stops?.length)) } : view;
}

/**
 * The keys of a View that a query string has and that can be read.
 * @param {string} query @param {Option[]} table
 * @returns {Partial<View>}
 */
export function parseChange(query, table) {
  const given = parsePairs(query);
  const old = given.get("stops") ?? ""; // `marks` was called `stops` before an author could choose stops
  if ((old === "0" || old === "1") && given.delete("stops") && !given.has("marks")) given.set("marks", old);
  const read = table.map((option) => [option.name, parseValue(option, given.get(option.name))]);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/**
 * The value of a text; undefined where it cannot be read.
 * @param {Option} option @param {string | undefined} text
 */
export function parseValue(option, text) {
  return text === undefined ? undefined : KINDS[option.kind].parse(text, option);
}

/** An option's default. @param {Option} option */
export function defaultOf(option) {
  return Array.isArray(option.default) ? [...option.default] : option.default;
}

/**
 * The View as a query string without its defaults, in the order of the table.
 * @param {View} view @param {Option[]} table
 * @param {{stage: number | null, map: number}} [opening] the stage and the map that a link without them opens on
 * @returns {string}
 */
export function formatView(view, table, opening) {
  const { story, isBetween } = view;
  const place = story && !isBetween ? { at: null, beat: undefined, map: undefined } : { story: null };
  const values = /** @type {Record<string, unknown>} */ ({ ...withNotesOfStops(view), ...place });
  const texts = table.map((option) => {
    const { format } = KINDS[option.kind];
    const standard = opening?.[/** @type {"stage" | "map"} */ (option.name)] ?? option.default;
    const value = values[option.name] ?? standard;
    return format(value) === format(standard) ? "" : `${option.name}=${format(value)}`;
  });
  return texts.filter(Boolean).join("&");
}

/**
 * The whole query of a link: the scene as the server wrote it, then the View. The figure of a network says its stage, so
 * that its link does not open the view of the network.
 * @param {string} sceneLink @param {View} view @param {Option[]} table
 * @param {Trace | null} [trace] left out, the link names stage and map
 * @returns {string}
 */
export function mergeQuery(sceneLink, view, table, trace) {
  const stage = trace ? openingStage(trace) : 0;
  const shown = trace?.stages[Math.min(view.stage ?? stage, trace.stages.length - 1)];
  const isSaid = trace && hasNetwork(trace) && !view.tab;
  const opening = shown ? { stage: isSaid ? null : stage, map: shown.salient_map ?? 0 } : undefined;
  return [sceneLink, formatView(view, table, opening)].filter(Boolean).join("&");
}

/** @param {string} text @param {Option} option @returns {number | undefined} */
function nearestWhole(text, option) {
  return WHOLE.test(text) ? Math.min(Math.max(Number(text), option.least), option.most) + 0 : undefined;
}

/** @param {string} text @param {Option} option @returns {[number, number] | undefined} */
function nearestCell(text, option) {
  const [row, col, ...more] = text.split(",").map((part) => nearestWhole(part, option));
  return row === undefined || col === undefined || more.length ? undefined : [row, col];
}

/**
 * A text in one line: control characters and lone surrogates become spaces.
 * @param {string} text @param {Option} option
 */
function cleanLine(text, option) {
  const clean = text.replace(UNTYPABLE, " ");
  return [...trimSpaces(clean)].slice(0, option.most).join("").replace(/ +$/, "");
}

/** @param {string[]} lines */
function withoutEmptyEnd(lines) {
  return lines.slice(0, lines.findLastIndex(Boolean) + 1);
}

/** Several lines as one text. @param {string[]} lines */
export function joinLines(lines) {
  return lines.map((line) => line.replace(/%(?=25|3b)|;/gi, encodeURIComponent)).join(";");
}

/** @param {string} text */
function trimSpaces(text) {
  return text.replace(/^ +| +$/g, "");
}

/** Percent-encodes only what is ambiguous in a query, as the server does. @param {string} text */
function escapeLine(text) {
  return encodeURIComponent(text).replace(/%(3B|2C|3A|40|2F|3D|2B|3F|24)/g, decodeURIComponent);
}

/** The value of a number in a link: 2, 0.5, 1/2. @param {string} text */
export function parseFraction(text) {
  const [top, bottom = "1"] = text.split("/");
  return Number(top) / Number(bottom);
}

/** @param {string} text @param {Option} option */
function isNumber(text, option) {
  if (!NUMBER.test(text) || text.length > NUMBER_CHARACTERS) return false;
  const value = parseFraction(text);
  return value <= option.most && (option.above ? value > option.least : value >= option.least);
}

/**
 * The keys and values of a query: split at "&", decoded once; "+" is a plus; of a repeated key the last one counts.
 * @param {string} query
 */
function parsePairs(query) {
  const parts = query
    .replace(/^\?/, "")
    .split("&")
    .filter((part) => part.includes("="));
  return new Map(
    parts.map((part) => {
      const middle = part.indexOf("=");
      return [decodePercent(part.slice(0, middle)), decodePercent(part.slice(middle + 1))];
    }),
  );
}

/** Percent signs that decode nothing stay as they are. @param {string} text */
function decodePercent(text) {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = run
      .split("%")
      .slice(1)
      .map((pair) => parseInt(pair, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}

/**
 * The part of a link that says how a figure is shown, from the same table as the server's.
 *
 * parseView(formatView(view)) is the view; parsing never throws; what is the default is left out.
 */

/** @import {Option, View} from "convoscope/types.js" */

/** @typedef {{parse: (text: string, option: Option) => unknown, format: (value: any) => string}} Kind */

const CELL = /^(\d+),(\d+)$/;
const WHOLE = /^\d+$/;
const NUMBER = /^\d+(\.\d+)?$/;
const NAME = /^[a-z0-9_-]+$/;

/** Each kind of value both ways; `parse` gives undefined for what it cannot read. @type {Record<string, Kind>} */
const KINDS = {
  whole: { parse: (text, option) => (WHOLE.test(text) ? bounded(Number(text), option) : undefined), format: String },
  number: { parse: (text, option) => (NUMBER.test(text) && bounded(Number(text), option) !== undefined ? text : undefined), format: String },
  text: { parse: (text) => (NAME.test(text) ? text : undefined), format: String },
  word: { parse: (text, option) => (option.choices.includes(text) ? text : undefined), format: String },
  flag: { parse: (text) => (text === "1" ? true : text === "0" ? false : undefined), format: (value) => (value ? "1" : "0") },
  cell: { parse: parseCell, format: (value) => (value ? value.join(",") : "") },
  words: {
    parse: (text, option) => option.choices.filter((choice) => text.split(",").includes(choice)),
    format: (value) => value.join(","),
  },
};

/**
 * The View in a query string; what is missing or cannot be read has its default.
 * @param {string} query with or without "?"; other keys are passed over
 * @param {Option[]} table
 * @returns {View}
 */
export function parseView(query, table) {
  const given = pairs(query);
  return /** @type {View} */ (Object.fromEntries(table.map((option) => [option.name, valueOf(option, given.get(option.name))])));
}

/**
 * The View as a query string without its defaults, in the order of the table.
 * @param {View} view @param {Option[]} table @returns {string}
 */
export function formatView(view, table) {
  const values = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (view));
  return table
    .map((option) => [option.name, KINDS[option.kind].format(values[option.name]), KINDS[option.kind].format(option.default)])
    .filter(([, text, standard]) => text !== standard)
    .map(([name, text]) => `${name}=${text}`)
    .join("&");
}

/**
 * The whole query of a link: the scene as the server wrote it, then the View.
 * @param {string} sceneLink @param {View} view @param {Option[]} table @returns {string}
 */
export function mergeQuery(sceneLink, view, table) {
  return [sceneLink, formatView(view, table)].filter(Boolean).join("&");
}

/** @param {Option} option @param {string | undefined} text */
function valueOf(option, text) {
  const value = text === undefined ? undefined : KINDS[option.kind].parse(text, option);
  const standard = Array.isArray(option.default) ? [...option.default] : option.default;
  return value === undefined ? standard : value;
}

/** @param {string} text @param {Option} option @returns {[number, number] | undefined} */
function parseCell(text, option) {
  const match = CELL.exec(text);
  const cell = match && [Number(match[1]), Number(match[2])];
  return cell && Math.max(...cell) <= option.most ? [cell[0], cell[1]] : undefined;
}

/** @param {number} value @param {Option} option */
function bounded(value, option) {
  return value >= option.least && value <= option.most ? value : undefined;
}

/** Split on "&" alone, decoded once; "+" is a plus; of a repeated key the last one counts. @param {string} query */
function pairs(query) {
  const parts = query.replace(/^\?/, "").split("&").filter((part) => part.includes("="));
  return new Map(parts.map((part) => {
    const cut = part.indexOf("=");
    return [decoded(part.slice(0, cut)), decoded(part.slice(cut + 1))];
  }));
}

/** Percent signs that decode nothing stay as they are. @param {string} text */
function decoded(text) {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = run.split("%").slice(1).map((pair) => parseInt(pair, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}

/**
 * Messages between a frame and the page around it: commands to the frame and events from it. Pure functions.
 *
 * Each is an object {convoscope: 1, type: …}. A message that is malformed, of another version or of another program is
 * null.
 */

import { defaultOf, joinLines, parseChange, parseValue } from "convoscope/pure/link/view.js";

/** @import {Frame, Option, Trace, View} from "convoscope/pure/types.js" */

export const VERSION = 1;
/** Events that are sent only to pages that listen to them. */
export const EVENTS = ["step", "end", "scenechange", "error", "key"];
const UNITS = ["position", "beat", "row"];
const MOST_CHARACTERS = 60_000;
const LARGEST_WHOLE = 10_000_000;

/**
 * @typedef {{type: "play" | "pause" | "getState"}} PlainCommand
 * @typedef {{type: "step", by: number, unit: string}} StepCommand
 * @typedef {{type: "seek", position: number | null, change: Partial<View> | null}} SeekCommand `change` null is the
 * step that the figure was opened at
 * @typedef {{type: "setScene", link: string}} SetSceneCommand
 * @typedef {{type: "setState", change: Partial<View>}} SetStateCommand
 * @typedef {{type: "listen", events: string[]}} ListenCommand
 * @typedef {(PlainCommand | StepCommand | SeekCommand | SetSceneCommand | SetStateCommand | ListenCommand) & {id?:
 * string | number}} Command
 * @typedef {Record<string, unknown>} Fields
 */

/** @type {Record<string, (fields: Fields, table: Option[]) => object | null>} */
const READERS = {
  play: () => ({}),
  pause: () => ({}),
  getState: () => ({}),
  step: ({ by = 1, unit = "position" }) =>
    isWhole(by, -LARGEST_WHOLE) && UNITS.includes(String(unit)) ? { by, unit } : null,
  seek: readSeek,
  setScene: ({ link }) => (isText(link) ? { link: link.replace(/^[^?]*\?/, "") } : null),
  setState: ({ state }, table) => {
    const change = parseState(state, table);
    return change && { change };
  },
  listen: ({ events }) => (Array.isArray(events) ? { events: EVENTS.filter((name) => events.includes(name)) } : null),
};

/**
 * The command in a message; null where it has none. It never throws.
 * @param {unknown} data @param {Option[]} table of the View
 * @returns {Command | null}
 */
export function parseMessage(data, table) {
  if (!isFields(data) || data.convoscope !== VERSION) return null;
  const { type, id } = data;
  if (typeof type !== "string" || !Object.hasOwn(READERS, type)) return null;
  const read = READERS[type](data, table);
  const named = isText(id, 100) || isWhole(id, -LARGEST_WHOLE) ? { id } : {};
  return read && /** @type {Command} */ ({ type, ...read, ...named });
}

/** A message to the page around the frame. @param {string} type @param {Fields} [fields] */
export function createMessage(type, fields = {}) {
  return { convoscope: VERSION, type, ...fields };
}

/**
 * The fields of a step event: cell, window and value.
 * @param {Frame} frame @param {Trace} trace
 */
export function stepFields({ stage, map, row, col, beat, channels, value }, trace) {
  const window = channels.map(({ channel, values }) => ({ channel, values }));
  return {
    stage,
    title: trace.stages[stage].title,
    map,
    row,
    col,
    beat,
    window,
    value: Number.isFinite(value) ? value : null,
  };
}

/**
 * The part of a View in a state, by the option table: unknown keys and values that cannot be read are left out, null is
 * the default. A state is a query string or an object.
 * @param {unknown} state @param {Option[]} table @returns {Partial<View> | null}
 */
function parseState(state, table) {
  if (isText(state)) return parseChange(state, table);
  if (!isFields(state)) return null;
  const given = table.filter(({ name }) => Object.hasOwn(state, name));
  const read = given.map((option) => [
    option.name,
    state[option.name] === null
      ? defaultOf(option)
      : parseValue(option, valueText(state[option.name], option.kind === "lines")),
  ]);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/** @param {Fields} fields @param {Option[]} table */
function readSeek({ position, at, beat, stage, map }, table) {
  const given = Object.entries({ at, beat, stage, map }).filter(([, value]) => value !== undefined);
  if (position !== undefined && !isWhole(position, 0)) return null;
  const change = parseState(Object.fromEntries(given), table) ?? {};
  if (Object.keys(change).length < given.length) return null;
  return { position: position ?? null, change: given.length || position !== undefined ? change : null };
}

/**
 * A value as a link writes it.
 * @param {unknown} value @param {boolean} isLines whether a list of texts is one of lines @returns {string | undefined}
 */
function valueText(value, isLines) {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number" || isText(value)) return String(value);
  if (!Array.isArray(value) || value.length > 100) return undefined;
  if (isLines && value.every((line) => isText(line, 1000))) return joinLines(value);
  const simple = (/** @type {unknown} */ part) => typeof part === "number" || isText(part, 100);
  if (value.every((part) => Array.isArray(part) && part.length < 3 && part.every(simple)))
    return value.map((part) => part.join(",")).join(";");
  return value.every(simple) ? value.join(",") : undefined;
}

/** @param {unknown} value @returns {value is Fields} */
function isFields(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value @param {number} [most] characters @returns {value is string} */
function isText(value, most = MOST_CHARACTERS) {
  return typeof value === "string" && value.length <= most;
}

/** @param {unknown} value @param {number} least @returns {value is number} */
function isWhole(value, least) {
  return (
    Number.isInteger(value) && /** @type {number} */ (value) >= least && /** @type {number} */ (value) <= LARGEST_WHOLE
  );
}

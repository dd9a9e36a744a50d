/** How a step is laid out: which channels get tables, and how large a cell may be. */

/** @import {Frame} from "convoscope/types.js" */

/** Up to so many channels every cell is shown; above, one bar a channel. */
export const FULL_CHANNELS = 3;
/** So many bars, the others folded into one. */
export const BARS = 8;

/** What is written out by a module of its own, loaded when it is first needed. @typedef {"shares" | "strongest"} Late */

/**
 * How a step is laid out. `listed` are the channels that get tables: all of a few, and of many the one that is looked at.
 * @typedef {{rows: number, columns: number, channels: number, listed: number[], weighted: boolean, shares: boolean, divisor: number, kind: "alone" | "lines" | "one" | "bare" | "long", late: Late | null}} Shape
 */

/** @param {Frame} frame @param {number} looked the channel looked at where there are many @returns {Shape} */
export function shapeOf(frame, looked) {
  const channels = frame.channels.length;
  const weighted = Boolean(frame.channels[0]?.weights);
  const listed = channels <= FULL_CHANNELS ? frame.channels.map((_, i) => i) : [Math.min(reachedChannel(frame) ?? looked, channels - 1)];
  const own = Math.max(0, frame.channels.findIndex(({ channel }) => channel === frame.map)); // softmax reads all maps
  const late = lateOf(frame);
  const kind = late ? "long" : !channels ? "bare" : !weighted ? "one" : channels === 1 ? "alone" : "lines";
  return { rows: frame.rows.length, columns: frame.columns.length, channels, listed: weighted || channels === 1 ? listed : [own], weighted, shares: frame.kind === "prepare", divisor: frame.divisor * frame.scale, kind, late };
}

/** Softmax of single scores, and long sums. @param {Frame} frame @returns {Late | null} */
function lateOf({ kind, channels, rows, columns, strongest }) {
  if (kind === "softmax") return channels.length > 1 && rows.length * columns.length === 1 ? "shares" : null;
  return strongest.length && (!channels.length || channels.length > FULL_CHANNELS) ? "strongest" : null;
}

/**
 * The room for a step. `below`: the sums stand below the maps, everything in one line. `share` is the tables' part of
 * the figure's height where a stylesheet gives them one, `spare` what else stands in the line, `line` the width of a border.
 * @typedef {{width: number, height: number, below: boolean, share?: number, spare?: number, line?: number}} Room
 */

/** @param {Shape} shape @param {Room} room */
export function cellSize({ rows, columns, listed, channels, kind }, { width, height, below, share = 0, spare: said, line = 2 }) {
  const across = { alone: below ? 3 : 2, lines: 3, one: 1, bare: 1, long: 1 }[kind];
  const down = kind === "lines" ? listed.length : kind === "alone" && !below ? 2 : 1;
  const spare = said ?? (below ? (width < 480 ? 56 : 250) : { lines: 92, alone: 50, one: 140, bare: 0, long: 0 }[kind]);
  const bars = channels > FULL_CHANNELS ? 20 * Math.min(channels, BARS + 1) : 0;
  const wide = (width - spare) / (across * columns) - line - (3 * line) / columns; // a border around a table, and between its cells
  if (share) return Math.max(3, Math.floor(Math.min(60, Math.max(22, height * 0.12), wide, (height * share - 4 * line * down - bars) / (down * rows) - line)));
  const high = ((below ? 170 : height) - 110 - bars - 26 * down) / (down * rows) - 2;
  return Math.max(3, Math.floor(Math.min(kind === "lines" ? 34 : 42 + Math.max(0, (width - 274) / 8), wide, below ? Math.max(high, 34) : high)));
}

/** The channel a step has come to; null where all are shown. @param {Frame} frame */
export function reachedChannel({ beat }) {
  return beat.startsWith("channel-") ? Number(beat.slice(8)) : null;
}

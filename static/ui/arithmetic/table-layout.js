/** The layout of a step: which channels get tables, and the size of a cell. */

import { writtenDivisor } from "convoscope/pure/text/amounts.js";
import { MOST_TABLES } from "convoscope/pure/text/weighted-texts.js";
import {
  BESIDE_WIDTH,
  LINES_WIDTH,
  MOST_BARS,
  NARROWEST_AFAR,
  pairBars,
  standBeside,
} from "convoscope/ui/arithmetic/column-layout.js";

/** @import {Frame} from "convoscope/pure/types.js" */

/** Side of the largest cell if a figure is read from afar, in pixels before zooming. */
const LARGEST_CELL = 60;
/** Filters with more weights a channel are pictures, with the strongest terms in numbers. */
const MOST_TABLE_CELLS = 7 * 7;
/** The same in a column that is read from afar, and the rows of the highest tables there that leave room for bars. */
const [MOST_TABLE_CELLS_AFAR, MOST_ROWS_WITH_BARS] = [5 * 5, 3];
/** The width of five cells with six digits each that are read from afar, and of sums in pairs, before zooming. */
const [FIVE_COLUMNS_AFAR, BARS_IN_PAIRS_AFAR] = [178, 152];
/** Longer rows or columns of weights are pictures, too. */
const MOST_TABLE_SIDE = 15;
/** Filters with more columns a channel have tables of one channel only. */
const MOST_COLUMNS_IN_LINE = 3;

/**
 * A table with a module of its own, which is loaded when it is first needed.
 * @typedef {"shares" | "strongest"} LazyTable
 */

/**
 * The layout of a step. `listed` are the channels that get tables: all of a few, of many the one in focus. `isNamed`: a
 * line below the tables says what is special about the filters. `isWide`: three pictures of all numbers stand beside each other.
 * @typedef {{rows: number, columns: number, channels: number, listed: number[], bars: boolean, weighted: boolean,
 * shares: boolean, divisor: number, kind: "alone" | "lines" | "one" | "bare" | "long", lazyTable: LazyTable | null,
 * isNamed?: boolean, isWide: boolean}} TableShape
 */

/**
 * @param {Frame} frame @param {number} focusedChannel the channel with tables if there are many
 * @param {number} [mostTables] up to this many channels all have tables
 * @param {boolean} [isColumnAfar] whether it is for the column of a figure that is read from afar
 * @returns {TableShape}
 */
export function tableShape(frame, focusedChannel, mostTables = MOST_TABLES, isColumnAfar = false) {
  const channels = frame.channels.length;
  const weighted = Boolean(frame.channels[0]?.weights);
  const listed =
    channels <= mostTables
      ? frame.channels.map((_, i) => i)
      : [Math.min(reachedChannel(frame) ?? focusedChannel, channels - 1)];
  const own = Math.max(
    0,
    frame.channels.findIndex(({ channel }) => channel === frame.map),
  ); // softmax reads all maps
  const lazyTable = lazyTableOf(frame, isColumnAfar ? MOST_TABLE_CELLS_AFAR : MOST_TABLE_CELLS);
  const kind = lazyTable ? "long" : !channels ? "bare" : !weighted ? "one" : channels === 1 ? "alone" : "lines";
  return {
    rows: frame.rows.length,
    columns: frame.columns.length,
    channels,
    bars: weighted && channels > mostTables && !(isColumnAfar && frame.rows.length > MOST_ROWS_WITH_BARS),
    listed: weighted || channels === 1 ? listed : [own],
    weighted,
    shares: ["prepare", "upsample", "center"].includes(frame.kind),
    divisor: writtenDivisor(frame),
    kind,
    lazyTable,
    isWide: frame.kind === "linear",
  };
}

/**
 * Up to how many channels all have tables: only small tables of whole numbers can be read in a line of three. Otherwise
 * one channel is open, and the others have a bar.
 * @param {Frame} frame @param {boolean} isExact whether its numbers are whole
 * @param {boolean} isColumnAfar in a column that is read from afar lines have room for single cells
 */
export function mostTables(frame, isExact, isColumnAfar) {
  if (isColumnAfar && frame.columns.length > 1) return 1;
  return frame.columns.length > MOST_COLUMNS_IN_LINE || !isExact ? 1 : MOST_TABLES;
}

/**
 * The lazy table of a step: for softmax of single scores, and for long sums.
 * @param {Frame} frame @param {number} mostCells of a table @returns {LazyTable | null}
 */
function lazyTableOf({ kind, channels, rows, columns, strongest }, mostCells) {
  const isLarge = rows.length * columns.length > mostCells || Math.max(rows.length, columns.length) > MOST_TABLE_SIDE;
  if (kind === "conv" && channels.length && isLarge) return "strongest";
  if (kind === "softmax") return channels.length > 1 && rows.length * columns.length === 1 ? "shares" : null;
  return strongest.length && (!channels.length || channels.length > MOST_TABLES) ? "strongest" : null;
}

/**
 * The space for a step. `below`: the tables are below the maps, all in one line. `share` is their part of the figure's
 * height, if a stylesheet sets one, `spare` the width of everything else in the line, `line` the width of a border.
 * `least` is the narrowest column, `tables` how many channels have tables at most, the heights are those of
 * `columnCells`. `zoom` is above 1 if the figure is read from afar; then `flat` puts window, filter and products in one
 * line.
 * @typedef {{width: number, height: number, below: boolean, share?: number, spare?: number, line?: number, flat?:
 * boolean, zoom?: number, stack?: boolean, least?: number, tables?: number, result?: number, extra?: number, bar?:
 * number}} TableRoom
 */

/**
 * The largest part of a figure's width for the arithmetic between the maps: the maps take the rest.
 * @param {TableShape} shape @param {number} width of the figure, less its padding @param {number} [zoom]
 */
export function columnRoom(shape, width, zoom = 1) {
  const { kind, columns, isWide, bars, channels } = shape;
  if (zoom > 1) {
    const part = kind === "long" ? 0.34 : kind === "lines" ? 0.3 : columns > 5 ? 0.27 : columns > 3 ? 0.22 : 0.18;
    const least = zoom * (columns < 4 ? NARROWEST_AFAR : columns < 6 ? FIVE_COLUMNS_AFAR : 0);
    return Math.max(width * part, least, bars && pairBars(channels) ? BARS_IN_PAIRS_AFAR * zoom : 0);
  }
  if (kind === "long") return Math.max(Math.min(336, width * 0.34), width * 0.26);
  if (kind === "lines") return Math.max(Math.min(LINES_WIDTH, width * 0.5), width * 0.29);
  if (isWide) return Math.min(370, width * 0.33);
  if (standBeside(shape) || columns > 7) return Math.max(Math.min(BESIDE_WIDTH, width * 0.4), width * 0.24);
  return columns > 3
    ? Math.max(Math.min(290, width * 0.3), width * 0.19)
    : Math.max(Math.min(204, width * 0.21), width * 0.15);
}

/** The side of a cell in pixels. @param {TableShape} shape @param {TableRoom} room */
export function cellSize(shape, room) {
  if ((room.zoom ?? 1) > 1) return cellSizeFromAfar(shape, room);
  const { rows, columns, listed, channels, kind } = shape;
  const { width, height, below, share = 0, spare: givenSpare, line = 2 } = room;
  const across = { alone: below ? 3 : 2, lines: 3, one: 1, bare: 1, long: 1 }[kind];
  const down = kind === "lines" ? listed.length : kind === "alone" && !below ? 2 : 1;
  const spare =
    givenSpare ?? (below ? (width < 480 ? 56 : 250) : { lines: 92, alone: 50, one: 140, bare: 0, long: 0 }[kind]);
  const bars = channels > MOST_TABLES ? 20 * Math.min(channels, MOST_BARS + 1) : 0;
  // A border around a table, and between its cells.
  const wide = (width - spare) / (across * columns) - line - (3 * line) / columns;
  if (share)
    return Math.max(
      3,
      Math.floor(
        Math.min(
          60,
          Math.max(22, height * 0.12),
          wide,
          (height * share - 4 * line * down - bars) / (down * rows) - line,
        ),
      ),
    );
  const name = shape.isNamed && kind === "lines" ? 20 : 0;
  const high = ((below ? 170 : height) - 110 - bars - name - 26 * down) / (down * rows) - 2;
  return Math.max(
    3,
    Math.floor(
      Math.min(kind === "lines" ? 34 : 42 + Math.max(0, (width - 274) / 8), wide, below ? Math.max(high, 34) : high),
    ),
  );
}

/** The same for a figure that is read from afar. @param {TableShape} shape @param {TableRoom} room */
function cellSizeFromAfar({ rows, columns, listed, channels, bars, kind }, { width, height, below, flat, zoom = 1 }) {
  const inLine = below || flat;
  const across = { alone: inLine ? 3 : 2, lines: 3, one: 1, bare: 1, long: 1 }[kind];
  const down = kind === "lines" ? listed.length : kind === "alone" && !inLine ? 2 : 1;
  const signs = { lines: 92, alone: flat ? 80 : 50, one: 140, bare: 0, long: 0 }[kind];
  const textHeight =
    (inLine ? 125 : 110) + (kind === "lines" ? 6 : 26) * down + (bars ? 20 * Math.min(channels, MOST_BARS + 1) : 0);
  const wide = (width - signs * zoom) / (across * columns) - 2 - 6 / columns;
  const high = (height * (below ? 0.48 : 1) - textHeight * zoom) / (down * rows) - 2;
  return Math.max(3, Math.floor(Math.min(LARGEST_CELL * zoom, wide, high)));
}

/**
 * Whether the products of a channel are known at a beat: of all channels after the beat of the window, one by one where
 * each has a beat of its own.
 * @param {Frame} frame @param {number} index of the channel
 */
export function isMultiplied(frame, index) {
  return frame.beat !== "window" && index <= (reachedChannel(frame) ?? Infinity);
}

/** The channel that a step has reached; null if all are shown. @param {Frame} frame */
export function reachedChannel({ beat }) {
  return beat.startsWith("channel-") ? Number(beat.slice(8)) : null;
}

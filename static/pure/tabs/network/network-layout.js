/**
 * Where a network lies: its columns from left to right with maps below each other, or, where there is little width, as a
 * list from top to bottom with maps beside each other. Pixels, for the room that there is.
 */

import { widthOfWords } from "convoscope/pure/tabs/network/column-names.js";
import { drawnMaps, drawnShape } from "convoscope/pure/tabs/network/network-columns.js";
import { MOST_SCORES } from "convoscope/pure/tabs/network/score-order.js";

/** @import {Rect, Trace} from "convoscope/pure/types.js" */
/** @import {NetworkColumn} from "convoscope/pure/tabs/network/network-columns.js" */

/** A map that is drawn, or a number of a line of values. @typedef {Rect & {map: number}} DrawnMap */

/**
 * A column where it is drawn. `title` is the box of its name and shape, `below` that of the count of maps drawn; a line of
 * values has one picture for all of them, `strip`.
 * @typedef {object} PlacedColumn
 * @property {NetworkColumn} column
 * @property {Rect} title
 * @property {Rect | null} below
 * @property {DrawnMap[]} maps
 * @property {Rect | null} strip
 */

/**
 * @typedef {object} NetworkLayout
 * @property {number} width
 * @property {number} height
 * @property {number} text the size of its letters
 * @property {boolean} isList whether the layers stand below each other
 * @property {PlacedColumn[]} columns
 */

/**
 * Sizes in letters: a line; the space between two maps; a line of values; the scores; the least pitch of a column, whose
 * words may need more.
 */
const [LINE, GAP, STRIP, SCORES, LEAST_PITCH] = [1.4, 0.5, 1.1, 14.5, 5];
/** The space between the words of two columns, in pixels. */
const WORD_SPACE = 8;
/** A view narrower than so many letters is a list. */
const LIST_WIDTH = 46;
/** The least heights of a score and of all that stands above and below the columns, in letters; of less a view is a list. */
const [LEAST_SCORE, AROUND] = [1.9, 11];
/** The fewest maps that a column should have room for. */
const FEWEST_MAPS = 3;
/** The most maps of a column, and the least side of one, in letters. */
const [MOST_MAPS, LEAST_SIDE] = [9, 3.2];
/** The part of a column that its maps take, the other is for wires, and the part of the width that the picture takes. */
const [MAP_SHARE, PICTURE_SHARE] = [0.62, 0.17];
/**
 * The largest side of a map where there are many, in letters; the part of the width that picture and scores have where
 * nothing is between.
 */
const [LARGEST_SIDE, ALONE_SHARE] = [9, 0.34];
/** The smallest maps of a network are drawn with this part of the side of its largest. */
const SMALLEST_SHARE = 0.6;
/** The least height of a name in a list, which a finger presses. */
const HEAD = 44;

/**
 * @param {Trace} trace @param {NetworkColumn[]} columns @param {{width: number, height: number, text: number}} size
 * @param {{stage: number, map: number} | null} chosen @param {boolean} asList @returns {NetworkLayout}
 */
export function layoutNetwork(trace, columns, size, chosen, asList) {
  return asList ? layoutList(trace, columns, size, chosen) : layoutColumns(trace, columns, size, chosen);
}

/**
 * Whether a network is a list in this room.
 * @param {NetworkColumn[]} columns @param {{width: number, height: number, text: number}} size
 */
export function isList(columns, { width, height, text }) {
  const rows = hasScores(columns) ? MOST_SCORES * LEAST_SCORE : FEWEST_MAPS * (LEAST_SIDE + GAP);
  return width < LIST_WIDTH * text || height < (rows + AROUND) * text;
}

/**
 * How many columns stand side by side in this room: no more than have space for their names.
 * @param {Trace} trace @param {NetworkColumn[]} columns @param {{width: number, text: number}} size
 */
export function mostColumns(trace, columns, { width, text }) {
  const scores = hasScores(columns) ? 1 : 0;
  const rest = width * (1 - PICTURE_SHARE) - scores * SCORES * text;
  return Math.max(3, 1 + scores + Math.floor(rest / leastPitch(trace, columns, text)));
}

/** Whether the last column is scores. @param {NetworkColumn[]} columns */
function hasScores(columns) {
  return columns[columns.length - 1].kind === "scores";
}

/** The least width of a column with its wires. @param {Trace} trace @param {NetworkColumn[]} columns @param {number} text */
function leastPitch(trace, columns, text) {
  return Math.max(LEAST_PITCH, STRIP + 3, widthOfWords(trace, columns)) * text + WORD_SPACE;
}

/**
 * @param {Trace} trace @param {NetworkColumn[]} columns @param {{width: number, height: number, text: number}} size
 * @param {{stage: number, map: number} | null} chosen @returns {NetworkLayout}
 */
function layoutColumns(trace, columns, { width: room, height, text }, chosen) {
  const line = text * LINE;
  const [top, bottom] = [3 * line + text * 0.4, 1.3 * line];
  const body = Math.max(LEAST_SIDE * text, height - top - bottom);
  const depths = Math.max(...columns.map(({ depth }) => depth)) + 1;
  const atDepth = Array.from({ length: depths }, (_, depth) => columns.filter((column) => column.depth === depth));
  const isLineOnly = (/** @type {NetworkColumn[]} */ group) => group.every(({ kind }) => kind === "values");
  const isAlone = columns.every(({ kind }) => kind === "picture" || kind === "scores");
  const fixed = isAlone
    ? [Math.min(room * ALONE_SHARE, body), room * ALONE_SHARE]
    : [Math.min(room * PICTURE_SHARE, body), hasScores(columns) ? SCORES * text : 0];
  const lines = atDepth.filter(isLineOnly).length;
  const linePitch = leastPitch(trace, columns, text);
  const width = Math.max(room, fixed[0] + fixed[1] + (isAlone ? 0 : depths - 1 - (fixed[1] ? 1 : 0)) * linePitch);
  const rest = width - fixed[0] - fixed[1] - lines * linePitch;
  const pitched = atDepth.filter((group) => group.some(({ kind }) => kind === "maps")).length;
  const pitch = pitched ? rest / pitched : 0;
  const widthOf = (/** @type {NetworkColumn[]} */ group) =>
    group.some(({ kind }) => kind === "picture")
      ? fixed[0]
      : group.some(({ kind }) => kind === "scores")
        ? fixed[1] + (pitched || lines ? 0 : rest)
        : isLineOnly(group)
          ? linePitch
          : pitch;
  const most = Math.max(1, Math.min(MOST_MAPS, Math.floor(body / ((LEAST_SIDE + GAP) * text))));
  const crowds = columns.map(({ depth }) => atDepth[depth].length);
  const maps = drawnMaps(
    trace,
    columns,
    columns.map(({ kind }, n) => (kind === "maps" ? Math.max(1, Math.floor(most / crowds[n])) : Infinity)),
    chosen,
  );
  const slots = body / Math.max(1, ...maps.map(({ length }, n) => (columns[n].kind === "maps" ? length : 0)));
  const largest = Math.min(
    pitch * MAP_SHARE,
    Math.max(LARGEST_SIDE * text, Math.min(slots - 2 * GAP * text, fixed[0])),
  );
  const longest = Math.max(
    1,
    ...columns.map((column) => (column.kind === "maps" ? sideOf(drawnShape(trace, column)) : 0)),
  );
  let x = 0;
  /** @type {number[]} */
  const starts = [];
  for (const group of atDepth) {
    starts.push(x);
    x += widthOf(group);
  }
  const placed = columns.map((column, n) => {
    const [count] = trace.stages[column.shown].shape;
    const shape = drawnShape(trace, column);
    const group = atDepth[column.depth];
    const place = group.indexOf(column);
    const wide = widthOf(group);
    const taken = group.length > 1 ? top + bottom : 0; // the names of those below, and their counts
    const own = { top: top + (place * body) / group.length, height: body / group.length - taken };
    const title = { x: starts[column.depth], y: own.top - top, width: wide, height: top - text * 0.4 };
    const middle = title.x + wide / 2;
    const below = { x: title.x, y: own.top + own.height + text * 0.2, width: wide, height: bottom - text * 0.2 };
    if (column.kind === "picture") {
      const box = fitInside(shape, wide * 0.94, own.height);
      const y = own.top + (own.height - box.height) / 2;
      const photo = { x: title.x, y, ...box, map: -1 };
      const said = { ...title, y: y - 2.2 * line, height: 2.1 * line, width: box.width };
      return { column, title: said, below: null, maps: [photo], strip: null };
    }
    if (column.kind === "values") {
      const strip = { x: middle - (STRIP * text) / 2, y: own.top, width: STRIP * text, height: own.height };
      return { column, title, below: null, maps: cellsOf(strip, count, maps[n]), strip };
    }
    if (column.kind === "scores") {
      const shown = countLines(count);
      const each = Math.min(body / shown, 4.4 * text);
      const left = pitched || lines ? title.x + 1.6 * text : title.x + wide - fixed[1] + 1.6 * text;
      const width = fixed[1] - 1.6 * text;
      const first = own.top + (own.height - shown * each) / 2;
      const bars = Array.from({ length: shown }, (_, row) => ({
        x: left,
        y: first + row * each,
        width,
        height: each,
        map: row,
      }));
      return {
        column,
        title: { ...title, x: left, width },
        below: { ...below, x: left, width },
        maps: bars,
        strip: null,
      };
    }
    const slot = Math.min(own.height / maps[n].length, largest + 2 * GAP * text);
    const side =
      Math.min(slot - GAP * text, largest) * (SMALLEST_SHARE + ((1 - SMALLEST_SHARE) * sideOf(shape)) / longest);
    const from = own.top + (own.height - maps[n].length * slot) / 2;
    const boxes = maps[n].map((map, row) => {
      const box = fitInside(shape, side, side);
      return { map, x: middle - box.width / 2, y: from + (row + 0.5) * slot - box.height / 2, ...box };
    });
    return { column, title, below: maps[n].length < count ? below : null, maps: boxes, strip: null };
  });
  return { width, height, text, isList: false, columns: placed };
}

/**
 * @param {Trace} trace @param {NetworkColumn[]} columns @param {{width: number, height: number, text: number}} size
 * @param {{stage: number, map: number} | null} chosen @returns {NetworkLayout}
 */
function layoutList(trace, columns, { width, text }, chosen) {
  const line = text * LINE;
  const head = Math.max(HEAD, line * 1.2);
  const side = Math.max(LEAST_SIDE * text, 44);
  const most = Math.max(1, Math.min(MOST_MAPS, Math.floor((width + GAP * text) / (side + GAP * text))));
  const maps = drawnMaps(
    trace,
    columns,
    columns.map(({ kind }) => (kind === "maps" ? most : Infinity)),
    chosen,
  );
  let y = 0;
  const placed = columns.map((column, n) => {
    const [count] = trace.stages[column.shown].shape;
    const shape = drawnShape(trace, column);
    const title = { x: 0, y, width, height: head };
    y += head;
    /** @type {PlacedColumn} */
    let made;
    if (column.kind === "picture") {
      const box = fitInside(shape, width * 0.6, 12 * text);
      made = { column, title, below: null, maps: [{ x: 0, y, ...box, map: -1 }], strip: null };
      y += box.height;
    } else if (column.kind === "values") {
      const strip = { x: 0, y, width, height: STRIP * text };
      made = { column, title, below: null, maps: cellsOf(strip, count, maps[n]), strip };
      y += strip.height;
    } else if (column.kind === "scores") {
      const shown = countLines(count);
      const each = Math.max(2.4 * line, 44);
      const bars = Array.from({ length: shown }, (_, row) => ({
        x: 0,
        y: y + row * each,
        width,
        height: each,
        map: row,
      }));
      y += shown * each;
      made = { column, title, below: { x: 0, y, width, height: 2 * line }, maps: bars, strip: null };
      y += 2 * line;
    } else {
      const boxes = maps[n].map((map, place) => {
        const box = fitInside(shape, side, side);
        return { map, x: place * (side + GAP * text) + (side - box.width) / 2, y: y + (side - box.height) / 2, ...box };
      });
      const below = maps[n].length < count ? title : null;
      made = { column, title, below, maps: boxes, strip: null };
      y += side;
    }
    y += 0.8 * line; // for wires, which pass behind the names
    return made;
  });
  return { width, height: y, text, isList: true, columns: placed };
}

/** How many lines scores take: the largest, and one for all others. @param {number} count */
function countLines(count) {
  return count > MOST_SCORES ? MOST_SCORES + 1 : count;
}

/** The longer side of maps, in cells. @param {[number, number, number]} shape */
function sideOf([, rows, columns]) {
  return Math.max(rows, columns);
}

/** @param {[number, number, number]} shape @param {number} width @param {number} height @returns {{width: number, height: number}} */
function fitInside([, rows, columns], width, height) {
  const cell = Math.min(width / columns, height / rows);
  return { width: cell * columns, height: cell * rows };
}

/**
 * The cells of a line of values, along its longer side.
 * @param {Rect} strip @param {number} count @param {number[]} maps @returns {DrawnMap[]}
 */
function cellsOf({ x, y, width, height }, count, maps) {
  return maps.map((map) =>
    height > width
      ? { map, x, y: y + (map * height) / count, width, height: height / count }
      : { map, x: x + (map * width) / count, y, width: width / count, height },
  );
}

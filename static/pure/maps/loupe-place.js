/**
 * Which cells the lens beside a map shows, and where it lies: it is cut at the map's edge, and covers the window and the
 * cell that it belongs to as little as it can.
 */

import { cellForDigits } from "convoscope/pure/maps/cell-digits.js";

/** @import {Rect} from "convoscope/pure/types.js" */
/** @import {Block} from "convoscope/ui/draw/brush.js" */

/** Cells on each side of the one in the middle. */
const RADIUS = 3;
/** The font of its numbers where there is room, and the sides of a cell between which it chooses, CSS pixels. */
const FONT = 13;
const SMALLEST_CELL = 30;
const SMALLEST_CELL_OF_THREE = 44;
const LARGEST_CELL = 50;
/** Between the lens and what it belongs to; a finger hides what is below it. */
const GAP = 12;
const GAP_OF_FINGER = 48;
/** Between the lens and the edge of the window. */
const MARGIN = 6;
/** What it costs to cover the cell and its window, compared with anything else. */
const COST_OF_OWN = 1000;

/**
 * The cells around one cell, cut at the edge of the map.
 * @param {{row: number, col: number}} place @param {number} rows @param {number} columns @returns {Block}
 */
export function loupeBlock({ row, col }, rows, columns) {
  const [top, left] = [Math.max(0, row - RADIUS), Math.max(0, col - RADIUS)];
  return {
    row: top,
    col: left,
    rows: Math.min(rows, row + RADIUS + 1) - top,
    columns: Math.min(columns, col + RADIUS + 1) - left,
  };
}

/**
 * The side of a cell of the lens: as large as its longest number asks for, and no larger than the page allows.
 * @param {number} longest characters of a line @param {number} lines of a cell
 * @param {number} most the width or height that the whole lens may have
 */
export function loupeCell(longest, lines, most) {
  const wanted = Math.ceil(cellForDigits(FONT, longest, lines));
  const even = Math.min(
    Math.max(wanted + (wanted % 2), lines > 1 ? SMALLEST_CELL_OF_THREE : SMALLEST_CELL),
    LARGEST_CELL,
  );
  return Math.min(even, Math.floor(most / (2 * RADIUS + 1)));
}

/**
 * The corner of the lens in the viewport: beside its window, where it covers least.
 * @param {{width: number, height: number}} size of the lens
 * @param {Rect} own the window and the cell together
 * @param {Rect[]} others what should stay in sight: the arithmetic, the cell on the other map
 * @param {{width: number, height: number}} page
 * @param {boolean} isTouch whether a finger lies on the cell
 * @returns {{x: number, y: number}}
 */
export function placeLoupe({ width, height }, own, others, page, isTouch) {
  const gap = isTouch ? GAP_OF_FINGER : GAP;
  const middle = { x: own.x + (own.width - width) / 2, y: own.y + (own.height - height) / 2 };
  const [right, left] = [own.x + own.width + gap, own.x - gap - width];
  const [above, below] = [own.y - gap - height, own.y + own.height + gap];
  const beside = [
    { x: right, y: middle.y },
    { x: left, y: middle.y },
  ];
  const along = [
    { x: middle.x, y: above },
    { x: middle.x, y: below },
  ];
  const corners = [above, below].flatMap((y) => [right, left].map((x) => ({ x, y })));
  const places = [...(isTouch ? [...along, ...beside] : [...beside, ...along]), ...corners].map(({ x, y }) => ({
    x: Math.min(Math.max(x, MARGIN), Math.max(MARGIN, page.width - width - MARGIN)),
    y: Math.min(Math.max(y, MARGIN), Math.max(MARGIN, page.height - height - MARGIN)),
  }));
  const costs = places.map((place) => {
    const lens = { ...place, width, height };
    return others.reduce((sum, other) => sum + sharedArea(lens, other), COST_OF_OWN * sharedArea(lens, own));
  });
  return places[costs.indexOf(Math.min(...costs))];
}

/** @param {Rect} one @param {Rect} other */
function sharedArea(one, other) {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, across) * Math.max(0, down);
}

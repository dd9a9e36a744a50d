/** Where the maps and the boxes of a receptive field lie: side by side, the picture first, in pixels of the panel. */

import { sizeOf } from "convoscope/pure/tabs/field/field-boxes.js";

/** @import {Rect, Trace} from "convoscope/pure/types.js" */
/** @import {FieldBox} from "convoscope/pure/tabs/field/field-boxes.js" */

/** How far a box is followed out of its map, in parts of the map's side. */
const MOST_OUTSIDE = 0.35;
/** A small map has at least this part of the side of the picture. */
const LEAST_SHARE = 0.4;
/** Between the maps; the narrowest column; a column of many values. */
const [LEAST_COLUMN, STRIP] = [44, 18];
/** The width of a name below a map, in sizes of letters. */
const NAME_WIDE = 5.5;
/** Room for the lines between the maps, on a wide panel and on a narrow one. */
const [GAP, NARROW_GAP, NARROW] = [30, 16, 520];
/** Sides of a map in the room of the sheet, and of a box so that it is seen. */
const [LEAST_SIDE, LEAST_BOX] = [64, 5];
/** The largest side of a cell of the picture. */
const MOST_CELL = 48;

/**
 * @typedef {object} FieldColumn
 * @property {FieldBox} box
 * @property {Rect} map where the map lies
 * @property {Rect} frame where it and what lies outside of it has room
 * @property {Rect} inside the cells that count
 * @property {Rect} whole the box as the windows lie, as far as there is room
 * @property {number} pitch room for its name
 * @property {boolean} isStrip whether the stage is a column of values
 */

/**
 * @param {Trace} trace @param {FieldBox[]} boxes the picture first
 * @param {{width: number, height: number}} room
 * @param {number} [text] the size of letters @returns {{width: number, height: number, columns: FieldColumn[]}}
 */
export function layOutField(trace, boxes, { width, height }, text = 0) {
  const plans = boxes.map((box) => planColumn(trace, box));
  const gap = width < NARROW ? NARROW_GAP : GAP;
  const gaps = gap * (boxes.length - 1);
  const least = Math.max(LEAST_COLUMN, Math.min(NAME_WIDE * text, (width - gaps) / boxes.length));
  const share = plans.reduce((sum, { wide, isStrip }) => sum + (isStrip ? 0 : wide), 0);
  const strips = plans.filter(({ isStrip }) => isStrip).length * least;
  const high = Math.max(...plans.map((plan) => plan.high));
  const wanted = Math.min((width - gaps - strips) / (share || 1), height / high, MOST_CELL * plans[0].across);
  const side = Math.max(Math.min(LEAST_SIDE, height / high), wanted);
  let left = 0;
  const columns = plans.map(({ box, across, down, isStrip, scale, extent }) => {
    const cell = isStrip ? 0 : (scale * side) / Math.max(across, down);
    const [wide, tall] = isStrip ? [STRIP, side * 0.7] : [extent.columns * cell, extent.rows * cell];
    const column = Math.max(wide, least);
    const frame = { x: left + (column - wide) / 2, y: (side * high - tall) / 2, width: wide, height: tall };
    const pitch = column + gap - 4;
    left += column + gap;
    if (isStrip) return { box, frame, map: frame, inside: frame, whole: frame, isStrip, pitch };
    const rect = (/** @type {[number, number]} */ rows, /** @type {[number, number]} */ columns) => ({
      x: frame.x + (columns[0] - extent.left) * cell,
      y: frame.y + (rows[0] - extent.top) * cell,
      width: (columns[1] - columns[0] + 1) * cell,
      height: (rows[1] - rows[0] + 1) * cell,
    });
    const map = rect([0, down - 1], [0, across - 1]);
    const whole = cut(rect(box.rows, box.columns), frame);
    const inside = grow(rect(box.inside.rows, box.inside.columns));
    return { box, frame, map, inside, whole: grow(whole), isStrip, pitch };
  });
  return { width: left - gap, height: side * high, columns };
}

/** @param {Trace} trace @param {FieldBox} box */
function planColumn(trace, box) {
  const [maps, down, across] = trace.stages[box.stage].shape;
  const [, rows, columns] = trace.stages[0].shape;
  const isStrip = maps > 1 && down * across === 1 && box.stage > 0;
  const scale = Math.max(LEAST_SHARE, Math.min(1, Math.max(down, across) / Math.max(rows, columns)));
  const outside = (/** @type {number} */ size) => Math.ceil(size * MOST_OUTSIDE);
  const top = Math.max(Math.min(0, box.rows[0]), -outside(down));
  const left = Math.max(Math.min(0, box.columns[0]), -outside(across));
  const bottom = Math.min(Math.max(down - 1, box.rows[1]), down - 1 + outside(down));
  const right = Math.min(Math.max(across - 1, box.columns[1]), across - 1 + outside(across));
  const extent = { top, left, rows: bottom - top + 1, columns: right - left + 1 };
  const cell = scale / Math.max(across, down);
  return {
    box,
    across,
    down,
    isStrip,
    scale,
    extent,
    wide: extent.columns * cell,
    high: isStrip ? 0.7 : extent.rows * cell,
  };
}

/** The part of a rectangle in another one. @param {Rect} one @param {Rect} frame @returns {Rect} */
function cut(one, frame) {
  const [x, y] = [Math.max(one.x, frame.x), Math.max(one.y, frame.y)];
  const [right, bottom] = [
    Math.min(one.x + one.width, frame.x + frame.width),
    Math.min(one.y + one.height, frame.y + frame.height),
  ];
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

/** A rectangle that is large enough to be seen. @param {Rect} rect @returns {Rect} */
function grow({ x, y, width, height }) {
  const [wide, high] = [Math.max(width, LEAST_BOX), Math.max(height, LEAST_BOX)];
  return { x: x - (wide - width) / 2, y: y - (high - height) / 2, width: wide, height: high };
}

/** Whether all of a box lies in its map. @param {FieldBox} box @param {Trace} trace */
export function liesInside(box, trace) {
  const [, down, across] = trace.stages[box.stage].shape;
  const [rows, columns] = sizeOf(box);
  return box.rows[0] >= 0 && box.columns[0] >= 0 && box.rows[0] + rows <= down && box.columns[0] + columns <= across;
}

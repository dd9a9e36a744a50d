/** What a link asks for on the moving layers: the weights in the cells of the window, and the letters of two places. */

import { rectOfBlock } from "convoscope/pure/maps/layout.js";
import { INPUT, OUTPUT } from "convoscope/pure/maps/marks.js";
import { weightFont } from "convoscope/pure/maps/more-marks.js";
import { framesOfPlaces, PLACES } from "convoscope/pure/tabs/equation/two-places.js";
import { blockRect, outlineCells, setDigitFont } from "convoscope/ui/draw/brush.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {Block, Mark, StillLayer, ThemeColors} from "convoscope/ui/draw/brush.js" */
/** @import {WeightInCell} from "convoscope/pure/maps/more-marks.js" */

/** The width of a character and the height of a label, in fonts; a label is so much wider than its text, in pixels. */
const [CHARACTER, HIGH, AROUND] = [0.6, 1.05, 3];
/** The font of the letter of a place in CSS pixels, and the side of its label in fonts. */
const [LETTER, LABEL] = [13, 1.3];
/** The filter's color, at the two edges of a label inside its cell. */
const FILTER = "#d55e00";

/** @param {WeightInCell[]} weights @returns {Mark} */
export function weightsMark(weights) {
  return {
    kind: "dots",
    paint: (context, { layout }, colors) => paintWeights(context, layout, weights, colors),
  };
}

/**
 * @param {CanvasRenderingContext2D} context @param {StillLayer["layout"]} layout @param {WeightInCell[]} weights
 * @param {ThemeColors} colors
 */
function paintWeights(context, layout, weights, colors) {
  const { cell: side, zoom } = layout;
  const texts = weights.map(({ text }) => text);
  const font = weightFont(texts, side, zoom);
  if (!font) return;
  setDigitFont(context, font);
  for (const { cell, text } of weights) {
    const [x, y, width, height] = blockRect(layout, { row: cell[0], col: cell[1], rows: 1, columns: 1 });
    const [wide, high] = [text.length * CHARACTER * font + AROUND * zoom, HIGH * font];
    const [left, top] = [x + width - wide, y + height - high];
    context.fillStyle = colors.surface;
    context.fillRect(left, top, wide, high);
    context.fillStyle = FILTER;
    context.fillRect(left, top, wide, zoom);
    context.fillRect(left, top, zoom, high);
    context.fillStyle = colors.ink;
    context.fillText(text, left + wide / 2 + zoom / 2, top + high / 2 + zoom);
  }
}

/**
 * The marks of two places: the other window and the other cell, each with its letter.
 * @param {Trace} trace @param {View} view @param {Frame} frame @returns {{window: Mark, cell: Mark}[]}
 */
export function placeMarks(trace, view, frame) {
  const frames = framesOfPlaces(trace, view, frame);
  if (frames.length < 2) return [];
  const isSame = frames[0].row === frames[1].row && frames[0].col === frames[1].col;
  return frames.map((one, n) => {
    const { rows, columns, row, col } = one;
    const [down, across] = [rows, columns].map((cells) => cells[cells.length - 1] - cells[0] + 1);
    const window = { row: rows[0], col: columns[0], rows: down, columns: across };
    const cell = { row, col, rows: 1, columns: 1 };
    return {
      window: lettered(window, PLACES[n], INPUT, one !== frame, isSame),
      cell: lettered(cell, PLACES[n], OUTPUT, one !== frame, isSame),
    };
  });
}

/**
 * A letter at the upper right corner of cells; of the other place with their outline. Where both places are the same,
 * their letters stand side by side.
 * @param {Block} block @param {string} letter @param {string} color @param {boolean} isOther @param {boolean} isSame
 * @returns {Mark}
 */
function lettered(block, letter, color, isOther, isSame) {
  return {
    kind: "outline",
    paint: (context, { layout }) => {
      const { x, y, width, height } = rectOfBlock(layout, block);
      if (isOther) outlineCells(context, { x, y, width, height }, color, layout);
      const font = LETTER * layout.zoom;
      const side = font * LABEL;
      // A label that would hide the number of a small cell stands above it, beside that of a neighbor.
      const isSmall = height < 2 * side;
      const isFirst = letter === PLACES[0];
      const atRight = x + width - (isSame && isFirst ? 2 : 1) * side;
      const left = isSmall && isSame ? (isFirst ? x : x + side) : isSmall && !isFirst ? x : atRight;
      const top = isSmall ? Math.max(y - side, 0) : y;
      setDigitFont(context, font);
      context.fillStyle = color;
      context.fillRect(left, top, side, side);
      context.fillStyle = "#fff";
      context.fillText(letter, left + side / 2, top + side / 2 + layout.zoom);
    },
  };
}

/** The weights in the corners of the cells of the window, on the moving layer of the input map. */

import { weightFont } from "convoscope/pure/maps/more-marks.js";
import { blockRect, setDigitFont } from "convoscope/ui/draw/brush.js";

/** @import {Mark, StillLayer, ThemeColors} from "convoscope/ui/draw/brush.js" */
/** @import {WeightInCell} from "convoscope/pure/maps/more-marks.js" */

/** The width of a character and the height of a label, in fonts; a label is so much wider than its text, in pixels. */
const [CHARACTER, HIGH, AROUND] = [0.6, 1.05, 3];
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

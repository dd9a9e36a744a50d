/**
 * Marks on the two maps that a link asks for beside those of the step: the weights in the cells of the window. They are
 * loaded when they are asked for.
 */

import { inputStageOf, stageOf } from "convoscope/pure/frame/view-model.js";
import { SMALLEST_DIGITS } from "convoscope/pure/maps/cell-digits.js";
import { inputChannel, isColorPicture } from "convoscope/pure/maps/map-choice.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

/** @import {Cell, Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {Hints} from "convoscope/pure/maps/marks.js" */

/** The side of the smallest cell that has its weight beside its number, and a comfortable font, in fonts and sides. */
const [LEAST_SIDE, PART] = [3.4, 0.26];
/** The largest font in smallest ones, the width of a character in fonts, and what stays free beside it, CSS pixels. */
const [LARGEST, CHARACTER, MARGIN] = [2, 0.6, 4];

/** @typedef {{cell: Cell, text: string}} WeightInCell */

/**
 * The weight of each cell of the window in the channel that the input map shows, as the table of the filter writes it;
 * none where a step multiplies no cells one by one, where three channels are one color picture, and where the window
 * moves. `app/render/figure/map_layout.py` draws the same.
 * @param {Trace} trace @param {View} view @param {number | null} chosenChannel @param {Frame} frame
 * @param {Pick<Hints, "lifted">} hints
 * @returns {WeightInCell[]}
 */
export function windowWeights(trace, view, chosenChannel, frame, { lifted }) {
  const stage = stageOf(trace, view);
  const before = inputStageOf(trace, stage, view.map);
  if (!view.weights || !before || lifted?.window || (chosenChannel === null && isColorPicture(before, view))) return [];
  if (stage.kind !== "conv" && stage.kind !== "linear") return [];
  const shown = chosenChannel ?? inputChannel(stage, view.map, before);
  const place = frame.channels.findIndex(({ channel }) => channel === shown);
  const weights = writeStep(trace, frame).channels[place]?.weights ?? [];
  return weights.flatMap((line, i) =>
    line.map((text, j) => ({
      cell: /** @type {Cell} */ ([frame.rows[i], frame.columns[j]]),
      text: `×${text}`,
    })),
  );
}

/**
 * The font of the weights in CSS pixels: all of them fit below the numbers of their cells; 0 where they do not.
 * @param {string[]} texts @param {number} cell side @param {number} zoom
 */
export function weightFont(texts, cell, zoom) {
  const smallest = SMALLEST_DIGITS * zoom;
  if (cell < LEAST_SIDE * smallest) return 0;
  const longest = Math.max(0, ...texts.map(({ length }) => length));
  const wide = (cell - MARGIN * zoom) / (longest * CHARACTER);
  const font = Math.min(Math.max(PART * cell, smallest), LARGEST * smallest, wide);
  return font < smallest ? 0 : font;
}

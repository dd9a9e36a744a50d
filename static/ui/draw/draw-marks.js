/** The moving layer of a map: the window, the cell, the cells that are not written yet. */

import { rectOfBlock } from "convoscope/pure/maps/layout.js";
import { blockRect, hatchLightly, outlineCells, setDigitFont } from "convoscope/ui/draw/brush.js";

/** The size of the smallest question mark, and of the smallest cell that has one, in pixels. */
const [SMALLEST_QUESTION, SMALLEST_CELL_WITH_QUESTION] = [12, 9.5];

/** @import {ThemeColors, Mark, StillLayer} from "convoscope/ui/draw/brush.js" */

/**
 * @type {Record<Mark["kind"], (context: CanvasRenderingContext2D, still: StillLayer, mark: Mark, colors: ThemeColors)
 * => void>}
 */
export const MARK_PAINTERS = {
  outline: paintOutline,
  fill: paintFill,
  ahead: paintAhead,
  ghost: paintGhost,
  question: paintQuestion,
  dots: paintDots,
};

/** @param {CanvasRenderingContext2D} context @param {StillLayer} still @param {Mark} mark */
function paintOutline(context, { layout }, { block, color }) {
  if (block) outlineCells(context, rectOfBlock(layout, block), color ?? "#000", layout);
}

/** @param {CanvasRenderingContext2D} context @param {StillLayer} still @param {Mark} mark */
function paintFill(context, { layout }, { block, color }) {
  if (!block) return;
  context.fillStyle = color ?? "#000";
  context.globalAlpha = 0.34;
  context.fillRect(...blockRect(layout, block));
  context.globalAlpha = 1;
}

/**
 * Covers every cell that is not written yet with hatching.
 * @param {CanvasRenderingContext2D} context @param {StillLayer} still @param {Mark} mark @param {ThemeColors} colors
 */
function paintAhead(context, { layout }, { from = 0 }, colors) {
  for (const block of blocksFrom(layout, from).map((block) => blockRect(layout, block))) {
    context.fillStyle = colors.surface;
    context.fillRect(...block);
    hatchLightly(context, block, colors.edge);
  }
}

/**
 * Fades every cell that is not written yet.
 * @param {CanvasRenderingContext2D} context @param {StillLayer} still @param {Mark} mark @param {ThemeColors} colors
 */
function paintGhost(context, { layout }, { from = 0 }, colors) {
  context.fillStyle = colors.surface;
  context.globalAlpha = 0.8;
  for (const block of blocksFrom(layout, from)) context.fillRect(...blockRect(layout, block));
  context.globalAlpha = 1;
}

/**
 * The cells from a position on as blocks: what is left of its row, then the full rows.
 * @param {StillLayer["layout"]} layout @param {number} from @returns {import("convoscope/ui/draw/brush.js").Block[]}
 */
function blocksFrom({ rows, columns }, from) {
  const [row, col] = [Math.floor(from / columns), from % columns];
  const next = col > 0 ? row + 1 : row;
  return [
    ...(col > 0 ? [{ row, col, rows: 1, columns: columns - col }] : []),
    ...(next < rows ? [{ row: next, col: 0, rows: rows - next, columns }] : []),
  ];
}

/**
 * @param {CanvasRenderingContext2D} context @param {StillLayer} still @param {Mark} mark @param {ThemeColors} colors
 */
function paintQuestion(context, { layout }, { block }, colors) {
  if (!block) return;
  const [x, y, width, height] = blockRect(layout, block);
  context.fillStyle = colors.surface;
  context.fillRect(x, y, width, height);
  if (width < SMALLEST_CELL_WITH_QUESTION * layout.zoom) return;
  setDigitFont(context, Math.max(Math.min(width * 0.8, 28), SMALLEST_QUESTION * layout.zoom));
  context.fillStyle = colors.ink;
  context.fillText("?", x + width / 2, y + height / 2 + 0.5);
}

/**
 * Outlines the cells that a dilated window reads.
 * @param {CanvasRenderingContext2D} context @param {StillLayer} still @param {Mark} mark
 */
function paintDots(context, { layout }, { cells = [], color }) {
  for (const [row, col] of cells) {
    const [x, y, width] = blockRect(layout, { row, col, rows: 1, columns: 1 });
    context.strokeStyle = color ?? "#000";
    context.lineWidth = Math.min(2, width / 3);
    context.strokeRect(x + 1, y + 1, width - 2, width - 2);
  }
}

/**
 * How figures stand side by side: in how many columns, the output beside or below its input, and the size of a cell, one
 * for all figures. Of all arrangements that fit, the one with the largest maps is taken.
 */

import { LARGEST_CELL, RULER_LEFT, RULER_TOP } from "convoscope/pure/maps/layout.js";

/** Rows and columns, with the padding that is drawn. @typedef {{rows: number, columns: number}} Extent */

/**
 * @typedef {object} ArrangementRequest
 * @property {number} width of all figures together, in CSS pixels
 * @property {number} height
 * @property {number} count of figures
 * @property {Extent | null} input the largest rows and the largest columns of all inputs; null where none is shown
 * @property {Extent} output the same of all outputs
 * @property {boolean} fit whether inputs and outputs have cell sizes of their own
 * @property {number} mostColumns of figures: one below the other in a narrow window
 * @property {number} zoom the factor of rulers and of the largest cell
 * @property {number} gap between two figures, and between the two maps of one
 * @property {number} least the narrowest box of a map
 * @property {number} besideFigure width of everything in a figure but its maps
 * @property {number} aroundFigure height of everything in a figure but its maps and their titles
 * @property {number} aroundMap height of the title of a map
 */

/**
 * @typedef {object} Arrangement
 * @property {number} columns
 * @property {boolean} isBeside whether the output stands beside its input, not below it
 * @property {{input: number, output: number}} cells sides of cells
 */

/** @param {ArrangementRequest} request @returns {Arrangement} */
export function arrangeFigures(request) {
  const candidates = [];
  for (let columns = Math.min(request.count, request.mostColumns); columns >= 1; columns--) {
    for (const isBeside of request.input ? [true, false] : [true])
      candidates.push({ columns, isBeside, cells: cellsOf(request, columns, isBeside) });
  }
  const area = (/** @type {Arrangement} */ { cells }) =>
    (request.input ? cells.input ** 2 * request.input.rows * request.input.columns : 0) +
    cells.output ** 2 * request.output.rows * request.output.columns;
  return candidates.reduce((best, next) => (area(next) > area(best) * 1.001 ? next : best));
}

/**
 * The largest cells in an arrangement.
 * @param {ArrangementRequest} request @param {number} columns @param {boolean} isBeside
 */
function cellsOf(request, columns, isBeside) {
  const { width, height, count, input, output, fit, zoom, gap, besideFigure, aroundFigure, aroundMap, least } = request;
  const lines = Math.ceil(count / columns);
  const [left, top] = [RULER_LEFT * zoom, RULER_TOP * zoom];
  const across = (width - (columns - 1) * gap) / columns - besideFigure;
  const down = (height - (lines - 1) * gap) / lines - aroundFigure;
  const boxes = input ? 2 : 1;
  const isTooNarrow = isBeside && across < boxes * least + (boxes - 1) * gap;
  const [wide, high] = isBeside
    ? [(across - (boxes - 1) * gap) / boxes - left, down - aroundMap - top]
    : [across - left, (down - gap) / 2 - aroundMap - top];
  const most = LARGEST_CELL * zoom;
  const limit = (/** @type {number} */ cell) => (isTooNarrow ? 2 ** -8 : Math.min(Math.max(cell, 2 ** -8), most));
  if (!input || fit) {
    const own = (/** @type {Extent} */ map) => limit(Math.min(wide / map.columns, high / map.rows));
    return { input: input ? own(input) : 0, output: own(output) };
  }
  const cell = isBeside
    ? limit(Math.min((2 * wide) / (input.columns + output.columns), high / Math.max(input.rows, output.rows)))
    : limit(Math.min(wide / Math.max(input.columns, output.columns), (2 * high) / (input.rows + output.rows)));
  return { input: cell, output: cell };
}

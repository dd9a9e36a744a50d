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
 * @property {boolean} [beside] whether each output stands beside its input; left out, the better of both
 * @property {boolean} shared whether one input stands for all, before the outputs, all in one line
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
 * @property {number} area of the two maps of a figure, in pixels
 * @property {boolean} isShared whether the input of the first figure stands for all
 */

/** @param {ArrangementRequest} request @returns {Arrangement} */
export function arrangeFigures(request) {
  /** @type {Arrangement[]} */
  const candidates = [];
  for (let columns = Math.min(request.count, request.mostColumns); columns >= 1; columns--) {
    const sides = request.beside === undefined ? [true, false] : [request.beside];
    for (const isBeside of request.input ? sides : [true])
      candidates.push(
        withArea(request, { columns, isBeside, cells: cellsOf(request, columns, isBeside), isShared: false }),
      );
  }
  if (request.shared && request.input && request.mostColumns >= request.count)
    candidates.push(
      withArea(request, { columns: request.count, isBeside: true, cells: cellsOfLine(request), isShared: true }),
    );
  return candidates.reduce((best, next) => (next.area > best.area * 1.001 ? next : best));
}

/** @param {ArrangementRequest} request @param {Omit<Arrangement, "area">} made @returns {Arrangement} */
function withArea({ input, output }, made) {
  const { cells } = made;
  const ofInput = input ? cells.input ** 2 * input.rows * input.columns : 0;
  return { ...made, area: ofInput + cells.output ** 2 * output.rows * output.columns };
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
  // Where one map is narrower than its title, the other has what is left.
  const beside = (across - gap - least - left) / Math.max(input.columns, output.columns);
  const both = (2 * wide) / (input.columns + output.columns);
  const isNarrow = left + both * Math.min(input.columns, output.columns) < least;
  const cell = isBeside
    ? limit(Math.min(both, isNarrow ? beside : both, high / Math.max(input.rows, output.rows)))
    : limit(Math.min(wide / Math.max(input.columns, output.columns), (2 * high) / (input.rows + output.rows)));
  return { input: cell, output: cell };
}

/**
 * The largest cells with one input for all figures, and their outputs beside it.
 * @param {ArrangementRequest} request
 */
function cellsOfLine({ width, height, count, input, output, fit, zoom, gap, besideFigure, aroundFigure, aroundMap }) {
  const first = /** @type {Extent} */ (input);
  const [left, top] = [RULER_LEFT * zoom, RULER_TOP * zoom];
  const wide = (width - count * (gap + besideFigure)) / (count + 1) - left;
  const high = height - aroundFigure - aroundMap - top;
  const limit = (/** @type {number} */ cell) => Math.min(Math.max(cell, 2 ** -8), LARGEST_CELL * zoom);
  const own = (/** @type {Extent} */ map) => limit(Math.min(wide / map.columns, high / map.rows));
  if (fit) return { input: own(first), output: own(output) };
  const cell = Math.min(own(first), own(output));
  return { input: cell, output: cell };
}

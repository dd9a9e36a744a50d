/**
 * The thin lines that join the arithmetic to both maps: from the window to its table, and from the sum to its cell.
 *
 * All lengths are CSS pixels from one corner. The line to the cell comes from below, where the cells are still empty, and
 * so it crosses no number.
 */

/** @import {Rect} from "convoscope/pure/types.js" */

/** Space between a line and what it passes or reaches. */
const CLEARANCE = 3;
/** Half the space between the arithmetic and the box of a map. */
const HALF_GAP = 6;

/** The two lines from the edges of a window to those of its table. @param {Rect} window @param {Rect} table */
export function windowLines(window, table) {
  const right = window.x + window.width;
  return [
    `M${at(right, window.y)}L${at(table.x, table.y)}`,
    `M${at(right, window.y + window.height)}L${at(table.x, table.y + table.height)}`,
  ].join("");
}

/**
 * The line from a sum to its cell: along the gap between the arithmetic and the map to the lower edge of the map, and
 * through the empty cells below the cell. To a cell in the last row it goes below the map.
 * @param {Rect} sum @param {Rect} cell @param {Rect} map the output without its rulers @param {number} box the left edge of
 * the output with its rulers
 */
export function sumLine(sum, cell, map, box) {
  const [startX, startY] = [sum.x + sum.width, sum.y + sum.height / 2];
  const [cellX, cellY] = [cell.x + cell.width / 2, cell.y + cell.height];
  const bottom = map.y + map.height;
  const isLastRow = cellY > bottom - 2 * CLEARANCE;
  const turnY = isLastRow ? bottom + CLEARANCE : bottom - CLEARANCE;
  const gapX = Math.max(box - HALF_GAP, startX);
  return [
    `M${at(startX, startY)}Q${at(gapX, startY)} ${at(gapX, (startY + turnY) / 2)}`,
    `Q${at(gapX, turnY)} ${at(Math.min(map.x, cellX), turnY)}`,
    isLastRow ? `L${at(cellX, turnY)}L${at(cellX, cellY)}` : `Q${at(cellX, turnY)} ${at(cellX, cellY + 1)}`,
  ].join("");
}

/** @param {number} x @param {number} y */
function at(x, y) {
  return `${Math.round(x * 2) / 2},${Math.round(y * 2) / 2}`;
}

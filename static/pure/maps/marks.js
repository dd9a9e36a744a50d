/** The marks on the two maps as values: the window, the cell in focus, cells not yet written, cells for the pointer. */

/** @import {Frame, Stage} from "convoscope/pure/types.js" */
/** @import {Mark} from "convoscope/ui/draw/brush.js" */

export const INPUT = "#0072b2";
export const OUTPUT = "#008060";
export const POOLING = "#9a4c95";
const FILTER = "#d55e00";

/**
 * Marks beside the step itself.
 * @typedef {object} Hints
 * @property {{rows: number[], columns: number[]} | null} readers output cells that read the input cell pointed at
 * @property {{rows: {start: number, step: number, count: number}, columns: {start: number, step: number, count:
 * number}} | null} weight
 * @property {number | null} ahead first position that is not written yet; null where all is shown
 * @property {boolean} ghost whether cells that are not written yet are shown faintly
 * @property {boolean} unknown whether the cell in focus shows a question mark
 * @property {Lifted | null} [lifted] what is drawn above the maps while it moves
 */

/**
 * What a motion draws in place of the maps: the outline of the window, that of the cell, the value of the cell, the line
 * from the sum to the cell.
 * @typedef {{window?: boolean, cell?: boolean, value?: boolean, line?: boolean}} Lifted
 */

/** @param {Frame} frame @param {Hints} hints @returns {Mark[]} */
export function inputMarks(frame, { weight, lifted }) {
  /** @type {Mark[]} */
  const marks = [];
  if (weight) marks.push(...weightMarks(weight));
  if (frame.kind === "input" || !frame.rows.length || lifted?.window) return marks;
  const [rows, columns] = [frame.rows, frame.columns];
  const block = {
    row: rows[0],
    col: columns[0],
    rows: rows[rows.length - 1] - rows[0] + 1,
    columns: columns[columns.length - 1] - columns[0] + 1,
  };
  const gaps = rows.length * columns.length < block.rows * block.columns;
  if (gaps)
    marks.push({
      kind: "dots",
      color: INPUT,
      cells: rows.flatMap((row) => columns.map((col) => /** @type {[number, number]} */ ([row, col]))),
    });
  marks.push({ kind: "outline", block, color: INPUT });
  if (frame.chosen && frame.beat !== "window")
    marks.push({
      kind: "outline",
      block: { row: frame.chosen[1], col: frame.chosen[2], rows: 1, columns: 1 },
      color: POOLING,
    });
  return marks;
}

/** @param {NonNullable<Hints["weight"]>} weight @returns {Mark[]} */
function weightMarks({ rows, columns }) {
  if (rows.step === 1 && columns.step === 1) {
    return [
      {
        kind: "fill",
        color: FILTER,
        block: { row: rows.start, col: columns.start, rows: rows.count, columns: columns.count },
      },
    ];
  }
  const cells = Array.from({ length: rows.count }, (_, i) => rows.start + i * rows.step).flatMap((row) =>
    Array.from(
      { length: columns.count },
      (_, j) => /** @type {[number, number]} */ ([row, columns.start + j * columns.step]),
    ),
  );
  return [{ kind: "dots", color: FILTER, cells: cells.slice(0, 2500) }];
}

/** @param {Stage} stage @param {Frame} frame @param {Hints} hints @returns {Mark[]} */
export function outputMarks(stage, frame, { readers, ahead, ghost, unknown, lifted }) {
  /** @type {Mark[]} */
  const marks = [];
  if (ahead !== null) marks.push({ kind: ghost ? "ghost" : "ahead", from: ahead });
  if (readers?.rows.length && readers.columns.length) {
    const [rows, columns] = [readers.rows, readers.columns];
    const block = {
      row: rows[0],
      col: columns[0],
      rows: rows[rows.length - 1] - rows[0] + 1,
      columns: columns[columns.length - 1] - columns[0] + 1,
    };
    marks.push({ kind: "fill", color: OUTPUT, block });
  }
  const cell = { row: frame.row, col: frame.col, rows: 1, columns: 1 };
  if (unknown || lifted?.value) marks.push({ kind: "question", block: cell });
  if (!lifted?.cell) marks.push({ kind: "outline", block: cell, color: stage.family === "pooling" ? POOLING : OUTPUT });
  return marks;
}

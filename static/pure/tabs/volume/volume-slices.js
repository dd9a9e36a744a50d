/** Slices as cells with numbers, or as pictures where cells are too small for them. */

import { numberTexts } from "convoscope/pure/maps/cell-digits.js";
import { CELL_WITH_DIGIT } from "convoscope/pure/tabs/volume/volume-layout.js";

/** @import {Slice} from "convoscope/pure/tabs/volume/volume-layout.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * A cell: its texts, the most exact first, and its colors. `kind` is "padded" for one of the padding, "to-come" for one
 * that is not computed yet.
 * @typedef {{texts: string[], fill?: string, ink?: string, kind?: "padded" | "to-come", go?: string}} SliceCell
 */

/** Slices of more cells are pictures. */
const MOST_CELLS = 400;
/** The width of a character, and the part of a cell that a line fills, in fonts and in cells. */
const [CHARACTER, WIDTH] = [0.61, 0.97];
/** The largest font of a number, in cells and in fonts of the page. */
const [OF_CELL, LARGEST] = [0.6, 1.5];

/** Whether a slice is a picture, without numbers. @param {Slice} slice @param {number} text the font of the page */
export function isPicture({ rows, columns, cell }, text) {
  return rows * columns > MOST_CELLS || cell < text * 0.5;
}

/**
 * The cells of a slice in SVG.
 * @param {Slice} slice @param {string} role input, filter or output
 * @param {(row: number, column: number) => SliceCell} cellAt @param {number} text
 * @returns {Description}
 */
export function drawCells(slice, role, cellAt, text) {
  const { x, y, rows, columns, cell } = slice;
  const cells = Array.from({ length: rows * columns }, (_, n) => cellAt(Math.floor(n / columns), n % columns));
  const hasDigits = cell >= text * CELL_WITH_DIGIT;
  const written = cells.map(({ texts }) => (hasDigits ? texts.find((one) => fits(one, cell, text)) : undefined) ?? "");
  const longest = Math.max(1, ...written.map(({ length }) => length));
  const size = Math.max(text, Math.min(cell * OF_CELL, (cell * WIDTH) / (CHARACTER * longest), text * LARGEST));
  const place = (/** @type {number} */ n) => [x + (n % columns) * cell, y + Math.floor(n / columns) * cell];
  const hatched = cells.flatMap(({ kind }, n) => (kind === "to-come" ? [place(n)] : []));
  return [
    "g",
    { class: `slice of-${role}` },
    ...cells.map(({ fill, kind, go }, n) => {
      const [left, top] = place(n);
      const look = fill ? { style: { fill } } : {};
      const goes = go ? { "data-go": go } : {};
      const name = `cell${kind ? ` is-${kind}` : ""}`;
      return /** @type {Description} */ ([
        "rect",
        { x: left, y: top, width: cell, height: cell, class: name, ...look, ...goes },
      ]);
    }),
    hatched.length > 0 && [
      "path",
      { class: "hatch", d: hatched.map(([left, top]) => `M${left} ${top + cell}L${left + cell} ${top}`).join("") },
    ],
    ...written.map((one, n) => {
      const [left, top] = place(n);
      const { ink, kind } = cells[n];
      return (
        one !== "" &&
        /** @type {Description} */ ([
          "text",
          {
            x: left + cell / 2,
            y: top + cell / 2 + size * 0.35,
            "font-size": size,
            class: `digit${kind ? ` is-${kind}` : ""}`,
            ...(ink && !kind ? { style: { fill: ink } } : {}),
          },
          one,
        ])
      );
    }),
    ["rect", { x, y, width: columns * cell, height: rows * cell, class: "edge" }],
  ];
}

/** The texts of a number for a cell. @param {number} value @param {string} [exact] @returns {string[]} */
export function cellTexts(value, exact) {
  const texts = numberTexts(value);
  return exact && exact.length < (texts[0]?.length ?? 0) ? [exact] : texts;
}

/** @param {string} one @param {number} cell @param {number} text */
function fits(one, cell, text) {
  return one.length * CHARACTER * text <= cell * WIDTH;
}

/**
 * A map as a picture, which `ui/viewer/view/volume-stage.js` paints.
 * @param {Slice} slice @param {{stage: number, map: number, written: number}} map
 * @param {{top: number, left: number, rows: number, columns: number}} [inside] the cells of the map in the slice
 * @returns {Description}
 */
export function drawPicture(
  { x, y, cell, rows, columns },
  { stage, map, written },
  inside = { top: 0, left: 0, rows, columns },
) {
  return [
    "canvas",
    {
      "data-slice": [stage, map, written].join(),
      "aria-hidden": true,
      style: {
        left: `${x + inside.left * cell}px`,
        top: `${y + inside.top * cell}px`,
        width: `${inside.columns * cell}px`,
        height: `${inside.rows * cell}px`,
      },
    },
  ];
}

/**
 * The outline of a slice that is a picture; `pick` says which cells a click on it chooses: stage, map, rows, columns.
 * @param {Slice} slice @param {string} role @param {number[]} [pick] @returns {Description}
 */
export function drawEdge({ x, y, cell, rows, columns }, role, pick) {
  return [
    "g",
    { class: `slice of-${role}` },
    ["rect", { x, y, width: columns * cell, height: rows * cell, class: "edge", "data-pick": pick?.join() }],
  ];
}

/**
 * The outline of cells in a slice.
 * @param {Slice} slice @param {[first: number, last: number]} rows @param {[first: number, last: number]} columns
 * @param {string} name @returns {Description[]}
 */
export function drawMark({ x, y, cell }, rows, columns, name) {
  const box = {
    x: x + columns[0] * cell,
    y: y + rows[0] * cell,
    width: (columns[1] - columns[0] + 1) * cell,
    height: (rows[1] - rows[0] + 1) * cell,
  };
  return [
    ["rect", { ...box, class: "halo" }],
    ["rect", { ...box, class: name }],
  ];
}

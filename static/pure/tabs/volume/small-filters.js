/**
 * All filters of a layer at once, as small pictures between the volumes: each a row of its slices, with name and bias.
 * One of them is open beside them.
 */

import { weightScale } from "convoscope/pure/maps/palette.js";
import { VOLUME } from "convoscope/pure/strings/tab-strings.js";
import { countWeights } from "convoscope/pure/tabs/sharing/wires.js";
import { biasOf } from "convoscope/pure/tabs/volume/volume-parts.js";

/** @import {Frame, Stage} from "convoscope/pure/types.js" */
/** @import {Parts} from "convoscope/pure/tabs/volume/volume-parts.js" */
/** @import {Slice} from "convoscope/pure/tabs/volume/volume-layout.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * Small filters in their room. A picture is a row of slices, one cell apart: its columns count the cells between them.
 * @typedef {object} SmallFilters
 * @property {number} x
 * @property {number} y the upper edge, that of the heading
 * @property {number} width
 * @property {number} height
 * @property {{map: number, x: number, y: number, end: number, picture: Slice}[]} filters where the text of each begins,
 * the middle of its line, where its bias begins, and its slices
 */

/** Parts of the font: a name, a cell, the height of a picture and its width at most, and the line of the heading. */
const [NAME, CELL, HIGH, WIDE, HEAD] = [2.7, 0.5, 1.7, 9, 1.5];
/** Parts of the font: the least height of a row, the space between two rows, and that between two columns. */
const [ROW, ROW_GAP, COLUMN_GAP] = [1.2, 0.6, 1.2];
/** The width of a character, in fonts. */
const CHARACTER = 0.61;
/** So many rows have room beside anything. */
const LEAST_ROWS = 6;

/**
 * The small filters of a step: in as many columns as the height asks for, or the width has room for.
 * @param {Parts} parts
 * @param {{x: number, y: number, text: number, scale: number, width?: number, height?: number}} room
 * @returns {SmallFilters}
 */
export function layoutSmall({ stage, small, slices, kernel: [high, wide] }, { x, y, text, scale, width, height = 0 }) {
  const across = slices.length * (wide + 1) - 1;
  const cell = text * scale * Math.min(CELL, HIGH / high, WIDE / across);
  const row = Math.max(high * cell, text * ROW) + text * ROW_GAP;
  const bias = Math.max(...small.map((map) => biasOf(stage, map).length)) * CHARACTER * text;
  const end = text * NAME + across * cell + text * 0.5;
  const slot = end + bias + text * COLUMN_GAP;
  const head = text * HEAD;
  const columns = width
    ? Math.min(small.length, Math.max(1, Math.floor((width + text * COLUMN_GAP) / slot)))
    : Math.ceil(small.length / Math.max(LEAST_ROWS, Math.floor((height - head) / row)));
  const rows = Math.ceil(small.length / columns);
  const filters = small.map((map, n) => {
    const [left, top] = [x + Math.floor(n / rows) * slot, y + head + (n % rows) * row];
    const picture = { x: left + text * NAME, y: top + (row - high * cell) / 2, cell, rows: high, columns: across };
    return { map, x: left, y: top + row / 2, end: left + end, picture };
  });
  return { x, y, width: Math.ceil(small.length / rows) * slot - text * COLUMN_GAP, height: head + rows * row, filters };
}

/**
 * The pictures, which `ui/viewer/view/volume-stage.js` paints.
 * @param {Parts} parts @param {SmallFilters} small @returns {Description[]}
 */
export function smallPictures({ stage, slices }, { filters }) {
  return filters.map(
    ({ map, picture: { x, y, cell, rows, columns } }) =>
      /** @type {Description} */ ([
        "canvas",
        {
          "data-filter-picture": [stage.index, map, ...slices].join(),
          "aria-hidden": true,
          style: { left: `${x}px`, top: `${y}px`, width: `${columns * cell}px`, height: `${rows * cell}px` },
        },
      ]),
  );
}

/**
 * What is around the pictures: heading, names, outlines and biases. A click on a filter opens it.
 * @param {Parts} parts @param {SmallFilters} small @param {Frame} frame @param {number} text @returns {Description[]}
 */
export function drawSmall({ stage, kernel: [high, wide] }, { x, y, filters }, frame, text) {
  const below = text * 0.35;
  return [
    [
      "text",
      { x, y: y + text, class: "small-filters", "font-weight": 650 },
      VOLUME.filtersDrawn(filters.length, stage.shape[0]),
    ],
    ...filters.map(({ map, x: left, y: middle, end, picture }) => {
      const { x, y, cell, columns } = picture;
      const isHere = map === frame.map;
      const box = { y: y - 1, height: high * cell + 2, class: "edge" };
      const edges = Array.from({ length: (columns + 1) / (wide + 1) }, (_, n) => {
        const from = x + n * (wide + 1) * cell;
        return /** @type {Description} */ (["rect", { ...box, x: from - 1, width: wide * cell + 2 }]);
      });
      const around = { x: left - 3, y: y - 4, width: end - left + text * 0.2, height: high * cell + 8 };
      return /** @type {Description} */ ([
        "g",
        { class: "slice of-filter small-filter", "data-small": map },
        ...edges,
        ["text", { x: left, y: middle + below, class: "name is-filter" }, VOLUME.filterName(map)],
        ["text", { x: end, y: middle + below, class: "is-filter" }, biasOf(stage, map)],
        isHere && ["rect", { ...around, class: "open" }],
        [
          "rect",
          {
            ...around,
            width: end - left + biasOf(stage, map).length * CHARACTER * text,
            class: "target",
            "data-go": [stage.index, map, frame.row, frame.col].join(),
          },
        ],
      ]);
    }),
  ];
}

/**
 * The slices of a filter beside each other, one cell apart, as an image: its size and its pixels; nothing between them.
 * @param {Stage} stage @param {number} map @param {number[]} slices @param {boolean} [isDark]
 */
export function filterImage(stage, map, slices, isDark) {
  const [high, wide] = [stage.rows?.kernel ?? 1, stage.columns?.kernel ?? 1];
  const count = countWeights(stage);
  const weights = stage.weight?.subarray(map * count, (map + 1) * count) ?? new Float32Array(count);
  const colored = weightScale(weights, isDark).rgba(weights);
  const columns = slices.length * (wide + 1) - 1;
  const rgba = new Uint8ClampedArray(high * columns * 4);
  slices.forEach((slice, n) => {
    for (let row = 0; row < high; row++) {
      const from = (slice * high + row) * wide;
      rgba.set(colored.subarray(from * 4, (from + wide) * 4), (row * columns + n * (wide + 1)) * 4);
    }
  });
  return { rows: high, columns, rgba };
}

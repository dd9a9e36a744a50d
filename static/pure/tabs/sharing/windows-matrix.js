/**
 * Convolution as computers do it (im2col): each window is a row, each filter a column, and each row times each column is
 * one number of one map.
 */

import { placeOf } from "convoscope/pure/frame/frame.js";
import { range } from "convoscope/pure/frame/window.js";
import { SHARING, TABS } from "convoscope/pure/strings/tab-strings.js";
import { rowButton } from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { valueElement, valuesOf, writeOutput } from "convoscope/pure/tabs/sharing/values.js";
import { around, countWeights, NO_CELL, sourcesOf } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @import {SharingOptions, Values} from "convoscope/pure/tabs/sharing/values.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Rows above and below the current one. */
const AROUND = 2;
/** Up to so many numbers of a window the filters stand as columns. */
const MOST_LINES = 12;
/** The most numbers of a window that are shown, and the most filters beside each other. */
const [MOST_TAPS, MOST_FILTERS, MOST_LAID_DOWN] = [27, 8, 4];
/** The least of each, however narrow the panel is. */
const [LEAST_TAPS, LEAST_FILTERS] = [4, 1];
/** Pixels at the size of letters of a page: a character, the edges of a cell, and the head of a row and of a result. */
const [CHARACTER, EDGES, HEAD, RESULT_HEAD] = [7.6, 15, 84, 94];

/** @param {Trace} trace @param {Frame} frame @param {SharingOptions} options @returns {Description} */
export function windowsMatrix(trace, frame, options) {
  const values = valuesOf(trace, frame, options);
  const { stage } = values;
  const { here, rows: count } = values;
  const inGroup = stage.shape[0] / (stage.groups ?? 1);
  const rows = around(here, count, 2 * AROUND + 1);
  const isLaidDown = countWeights(stage) > MOST_LINES;
  const { taps: tapCount, maps: mapCount } = countShown(values, rows, isLaidDown, options);
  const maps = around(frame.map, inGroup, mapCount, firstOfGroup(stage, frame.map));
  const taps = range(Math.min(countWeights(stage), tapCount));
  return [
    "div",
    { class: "matrix of-windows" },
    ["p", { class: "muted" }, SHARING.windowsLaw(count, countWeights(stage), inGroup, inGroup < stage.shape[0])],
    [
      "div",
      { class: "matrix-scroll", tabindex: 0, role: "region", "aria-label": TABS.matrixTitle },
      isLaidDown
        ? laidDown(trace, values, rows, here, maps, taps)
        : [
            "div",
            { class: "product mono" },
            windowsTable(values, rows, here, taps),
            ["span", { class: "sign" }, "·"],
            filtersTable(values, maps, taps),
            ["span", { class: "sign" }, values.divisor ? `÷ ${values.divisor} + b =` : "+ b ="],
            resultsTable(trace, values, rows, here, maps),
          ],
    ],
  ];
}

/**
 * How many numbers of a window and how many filters are shown: as many as fit beside the results.
 * @param {Values} values @param {number[]} rows @param {boolean} isLaidDown @param {SharingOptions} options
 */
function countShown(values, rows, isLaidDown, { width = Infinity, scale = 1 }) {
  const { stage } = values;
  const count = Math.min(countWeights(stage), MOST_TAPS);
  const written = rows.flatMap((row) =>
    [...sourcesOf(stage, ...values.placeOf(row))].slice(0, count).map((cell) => values.input(cell).length),
  );
  const weights = range(count).map((n) => values.weight(n).length);
  const wide = CHARACTER * Math.max(1, ...written, ...weights) + EDGES;
  const room = width / scale - HEAD;
  if (!isLaidDown) {
    const more = Math.floor((room - count * (wide - EDGES / 2) - HEAD) / (RESULT_HEAD + wide));
    return { taps: count, maps: Math.max(LEAST_FILTERS, Math.min(MOST_FILTERS, more)) };
  }
  const maps = Math.max(LEAST_FILTERS, Math.min(MOST_LAID_DOWN, Math.floor(room / 2.7 / RESULT_HEAD)));
  const fit = Math.floor((room - Math.min(maps, stage.shape[0]) * RESULT_HEAD) / wide);
  return { taps: Math.max(LEAST_TAPS, fit >= count ? count : Math.min(count, fit - 1)), maps };
}

/**
 * Windows and filters of many numbers in one table: each filter's column is laid down above the windows.
 * @param {Trace} trace @param {Values} values @param {number[]} rows @param {number} here @param {number[]} maps
 * @param {number[]} taps @returns {Description}
 */
function laidDown(trace, values, rows, here, maps, taps) {
  const { stage, frame } = values;
  const more = countWeights(stage) > taps.length;
  const dots = /** @type {Description | false} */ (more && ["td", "…"]);
  return [
    "table",
    { class: "matrix-table mono", "data-rove": "" },
    [
      "thead",
      [
        "tr",
        ["th", { scope: "col" }, TABS.place],
        ["th", { scope: "colgroup", colspan: taps.length + (more ? 1 : 0), class: "is-input" }, TABS.windowAsRow],
        ...maps.map((map) => mapHead(values, map, SHARING.timesFilterNumber(map), "of-result")),
      ],
    ],
    [
      "tbody",
      ...maps.map(
        (map) =>
          /** @type {Description} */ ([
            "tr",
            { class: map === frame.map ? "is-filter chosen" : "is-filter" },
            ["th", { scope: "row" }, SHARING.filterNumber(map)],
            ...taps.map((n) => weightCell(values, map, n)),
            dots,
          ]),
      ),
      ...rows.map(
        (position) =>
          /** @type {Description} */ ([
            "tr",
            { class: position === here ? "here" : null },
            ...windowCells(values, position, taps),
            dots,
            ...resultCells(trace, values, position, maps),
          ]),
      ),
    ],
    shownNote(values, maps),
  ];
}

/** How many of the maps are shown, where they are not all. @param {Values} values @param {number[]} maps */
function shownNote({ stage }, maps) {
  return /** @type {Description | false} */ (
    stage.shape[0] > maps.length && ["caption", { class: "muted" }, SHARING.columnsShown(maps.length, stage.shape[0])]
  );
}

/** The first map of a group. @param {Values["stage"]} stage @param {number} map */
function firstOfGroup({ shape, groups = 1 }, map) {
  const size = shape[0] / groups;
  return Math.floor(map / size) * size;
}

/** @param {Values} values @param {number[]} rows @param {number} here @param {number[]} taps @returns {Description} */
function windowsTable(values, rows, here, taps) {
  return [
    "table",
    { class: "matrix-table", "data-rove": "" },
    [
      "thead",
      [
        "tr",
        ["th", { scope: "col" }, TABS.place],
        ["th", { scope: "colgroup", colspan: taps.length, class: "is-input" }, TABS.windowAsRow],
      ],
    ],
    [
      "tbody",
      ...rows.map((position) => {
        return /** @type {Description} */ ([
          "tr",
          { class: position === here ? "here" : null },
          ...windowCells(values, position, taps),
        ]);
      }),
    ],
  ];
}

/**
 * The cells of a row: its place, and the numbers of its window.
 * @param {Values} values @param {number} position @param {number[]} taps @returns {Description[]}
 */
function windowCells(values, position, taps) {
  const { stage, letters, names } = values;
  const [map, row, col] = values.placeOf(position);
  const sources = sourcesOf(stage, map, row, col);
  return [
    ["th", { scope: "row" }, rowButton(values, position, letters ? names.output(position) : `${row}, ${col}`)],
    ...taps.map(
      (n) =>
        /** @type {Description} */ ([
          "td",
          { class: sources[n] === NO_CELL ? "faint" : null },
          valueElement(values, "input", sources[n]),
        ]),
    ),
  ];
}

/** @param {Values} values @param {number} map @param {number} n @returns {Description} */
function weightCell(values, map, n) {
  const isShown = map === values.frame.map;
  return [
    "td",
    { class: isShown ? "chosen" : null },
    isShown ? valueElement(values, "weight", n) : values.weightNumber(n, map),
  ];
}

/**
 * The results of a row, one for each map.
 * @param {Trace} trace @param {Values} values @param {number} position @param {number[]} maps @returns {Description[]}
 */
function resultCells(trace, values, position, maps) {
  const { stage, frame } = values;
  return maps.map((map) => {
    const isShown = map === frame.map;
    const known = values.outputNumber(position);
    if (values.letters && isShown) return ["td", { class: "is-output" }, valueElement(values, "output", position)];
    const text = isShown || !known ? known : writeOutput(trace, frame.stage, [map, ...placeOf(stage, position)]);
    return ["td", { class: text ? "is-output" : "is-output is-to-come" }, text];
  });
}

/**
 * The filters as columns.
 * @param {Values} values @param {number[]} maps @param {number[]} taps @returns {Description}
 */
function filtersTable(values, maps, taps) {
  return [
    "table",
    { class: "matrix-table", "aria-label": SHARING.filtersAsColumns },
    ["thead", ["tr", ...maps.map((map) => mapHead(values, map, SHARING.filterNumber(map)))]],
    [
      "tbody",
      ...taps.map((n) => /** @type {Description} */ (["tr", ...maps.map((map) => weightCell(values, map, n))])),
    ],
    shownNote(values, maps),
  ];
}

/** @param {Values} values @param {number} map @param {string} text @param {string} [kind] @returns {Description} */
function mapHead({ frame }, map, text, kind = "") {
  const name = ["is-filter", kind, map === frame.map ? "chosen" : ""].filter(Boolean).join(" ");
  return ["th", { scope: "col", class: name }, text];
}

/**
 * The products: a row for each window, a column for each map.
 * @param {Trace} trace @param {Values} values @param {number[]} rows @param {number} here @param {number[]} maps
 * @returns {Description}
 */
function resultsTable(trace, values, rows, here, maps) {
  return [
    "table",
    { class: "matrix-table", "aria-label": SHARING.results },
    ["thead", ["tr", ...maps.map((map) => mapHead(values, map, SHARING.mapNumber(map)))]],
    [
      "tbody",
      ...rows.map(
        (position) =>
          /** @type {Description} */ ([
            "tr",
            { class: position === here ? "here" : null },
            ...resultCells(trace, values, position, maps),
          ]),
      ),
    ],
  ];
}

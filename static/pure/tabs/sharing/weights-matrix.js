/**
 * The layer as one big matrix: a row for each neuron of the map, a column for each cell of the flattened input. The matrix
 * times the input, plus b, is the map. Small ones are tables with all numbers, large ones a picture with this step's row
 * in numbers.
 */

import { range } from "convoscope/pure/frame/window.js";
import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { identityFill, inBothThemes } from "convoscope/pure/tabs/sharing/identity-colors.js";
import { identityLegend, isShared, rowButton } from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { bracketedElement, goTo, roomOf, valueElement, valuesOf } from "convoscope/pure/tabs/sharing/values.js";
import {
  countCopies,
  countInputs,
  countWeights,
  matrixRow,
  NO_WIRE,
  sourcesOf,
  weightKey,
} from "convoscope/pure/tabs/sharing/wires.js";
import { bracketNegative } from "convoscope/pure/text/number-text.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @import {SharingOptions, Values} from "convoscope/pure/tabs/sharing/values.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The most rows and columns of a table. */
const MOST_LINES = 27;
/** Pixels at the size of letters of a page: a line of a table that is read from afar, and of what stands around it. */
const [LINE_AFAR, AROUND] = [20, 110];
/** The most wires of a row that are listed below a picture. */
const [MOST_ENTRIES, LEAST_ENTRIES] = [27, 4];
/** Pixels at the size of letters of a page: a character, the edges of a cell, the head of a row with the dots at its end. */
const [CHARACTER, EDGES, ROW_HEAD] = [7.6, 15, 110];

/** The presses: the structure, this step's row with its window, the product, plus b. */
export const MATRIX_PRESSES = 3;

/**
 * @param {Trace} trace @param {Frame} frame @param {SharingOptions} options @param {number} [press] of MATRIX_PRESSES
 * @returns {Description}
 */
export function weightsMatrix(trace, frame, options, press = MATRIX_PRESSES) {
  const values = valuesOf(trace, frame, options);
  const { stage } = values;
  const [rows, columns] = [values.rows, countInputs(stage)];
  const isTable = rows <= MOST_LINES && columns <= MOST_LINES && !isTooHigh(Math.max(rows, columns), options);
  return [
    "div",
    { class: "matrix of-weights" },
    ["p", { class: "muted" }, ...lawOf(values, rows, columns)],
    isTable ? productOf(values, rows, columns, press) : pictureOf(values, rows, columns, press, options),
    legendOf(values, options),
  ];
}

/** Whether a table would scroll where nobody can scroll it. @param {number} lines @param {SharingOptions} options */
function isTooHigh(lines, options) {
  const room = (options.scale ?? 1) > 1 ? roomOf(options) : undefined;
  return room !== undefined && (lines + 1) * LINE_AFAR + AROUND > room.height;
}

/** @param {Values} values @param {number} rows @param {number} columns @returns {string[]} */
function lawOf({ stage, frame, divisor }, rows, columns) {
  const wired = countWeights(stage);
  const shape = SHARING.matrixShape(rows, columns);
  const ofMaps = stage.kind === "conv" && stage.shape[0] > 1 ? [SHARING.matrixOfMap(frame.map, stage.shape[0])] : [];
  const isWhole = stage.kind === "conv" && rows === 1 && wired === columns;
  const ofFilter = isWhole ? SHARING.wholeFilterLaw(columns) : SHARING.bigMatrixLaw(wired, columns);
  const law = stage.kind === "linear" ? SHARING.linearLaw(columns) : ofFilter;
  const start = [shape, ...ofMaps].join(", ");
  return [[`${start}:`, law, ...(divisor ? [SHARING.sumsDivided(divisor)] : [])].join(" ")];
}

/**
 * The matrix times the column of the input, plus b, as tables.
 * @param {Values} values @param {number} rows @param {number} columns @param {number} press @returns {Description}
 */
function productOf(values, rows, columns, press) {
  const { stage } = values;
  const here = press > 0 ? values.here : -1;
  const entriesOf = (/** @type {number} */ row) => matrixRow(stage, ...values.placeOf(row));
  const window = press > 0 ? entriesOf(here) : new Map();
  const inputs = range(columns);
  const lines = range(rows);
  return [
    "div",
    { class: "matrix-scroll", tabindex: 0, role: "region", "aria-label": SHARING.bigMatrix },
    [
      "div",
      { class: "product mono" },
      [
        "table",
        { class: "matrix-table", "data-rove": "", "aria-label": SHARING.weightsTable },
        [
          "thead",
          [
            "tr",
            ["th", { scope: "col" }, SHARING.rowHead],
            ...inputs.map(
              (n) =>
                /** @type {Description} */ ([
                  "th",
                  { scope: "col", class: window.has(n) ? "is-input" : "faint" },
                  values.names.input(n),
                ]),
            ),
          ],
        ],
        ["tbody", ...lines.map((row) => matrixLine(values, row, here, entriesOf(row), inputs))],
      ],
      ...(press < 2
        ? []
        : /** @type {Description[]} */ ([
            ["span", { class: "sign" }, "·"],
            columnTable(
              SHARING.inputColumn,
              "x",
              inputs.map((n) => [
                "tr",
                { class: window.has(n) ? "here" : null },
                ["td", valueElement(values, "input", n)],
              ]),
            ),
          ])),
      ...(press < MATRIX_PRESSES
        ? []
        : /** @type {Description[]} */ ([
            [
              "span",
              { class: "sign" },
              values.divisor ? `÷ ${values.divisor} + ` : "+ ",
              bracketedElement(values, "bias", 0),
              " =",
            ],
            columnTable(
              SHARING.outputColumn,
              "y",
              lines.map((row) => ["tr", { class: row === here ? "here" : null }, outputCell(values, row)]),
            ),
          ])),
    ],
  ];
}

/**
 * @param {Values} values @param {number} row @param {number} here @param {Map<number, number[]>} entries
 * @param {number[]} inputs @returns {Description}
 */
function matrixLine(values, row, here, entries, inputs) {
  const { stage } = values;
  const count = countWeights(stage);
  const isOwn = stage.kind !== "linear" || row === here;
  return [
    "tr",
    { class: row === here ? "here" : null },
    ["th", { scope: "row" }, rowButton(values, row, values.names.output(row))],
    ...inputs.map((n) => {
      const weights = entries.get(n);
      if (!weights) return /** @type {Description} */ (["td", { class: "no-wire", title: SHARING.noWire }, "0"]);
      const color = isShared(stage) ? { "background-color": inBothThemes(identityFill, weights[0], count) } : {};
      return /** @type {Description} */ ([
        "td",
        { class: "wired", style: color },
        ...weights.flatMap((w, i) => [
          i > 0 && " + ",
          isOwn ? valueElement(values, "weight", w) : values.weightNumber(w, row),
        ]),
      ]);
    }),
  ];
}

/** @param {Values} values @param {number} row @returns {Description} */
function outputCell(values, row) {
  return values.output(row) === ""
    ? ["td", { class: "is-output is-to-come", title: SHARING.toCome }, ""]
    : ["td", { class: "is-output" }, valueElement(values, "output", row)];
}

/** @param {string} name @param {string} symbol @param {Description[]} lines @returns {Description} */
function columnTable(name, symbol, lines) {
  return [
    "table",
    { class: "matrix-table column", "aria-label": name },
    ["thead", ["tr", ["th", { scope: "col" }, symbol]]],
    ["tbody", ...lines],
  ];
}

/**
 * A picture of the structure, and this step's row in numbers.
 * @param {Values} values @param {number} rows @param {number} columns @param {number} press
 * @param {SharingOptions} options @returns {Description}
 */
function pictureOf(values, rows, columns, press, options) {
  const { here } = values;
  return [
    "div",
    [
      "div",
      { class: "matrix-place" },
      [
        "div",
        {
          class: "matrix-picture",
          "data-picture": "matrix",
          role: "img",
          "aria-label": SHARING.matrixAlt(rows, columns, here),
        },
      ],
      [
        "div",
        {
          class: "matrix-keys",
          "data-key": "matrix-rows",
          "data-rows": "",
          "data-go": goTo(values, here),
          tabindex: 0,
          role: "slider",
          "aria-orientation": "vertical",
          "aria-label": SHARING.chosenRow,
          "aria-valuemin": 0,
          "aria-valuemax": rows - 1,
          "aria-valuenow": here,
          "aria-valuetext": SHARING.rowOfMatrix(here),
        },
      ],
    ],
    press > 0 && rowInNumbers(values, press, options),
  ];
}

/**
 * As many wires of the row as fit, from the first one on.
 * @param {Values} values @param {number} press @param {SharingOptions} options @returns {Description}
 */
function rowInNumbers(values, press, { width = Infinity, scale = 1 }) {
  const { stage, frame, texts, here: row } = values;
  const sources = sourcesOf(stage, frame.map, frame.row, frame.col);
  const count = countWeights(stage);
  const wired = [...sources.keys()].filter((n) => sources[n] !== NO_WIRE);
  const lengths = wired
    .slice(0, MOST_ENTRIES)
    .flatMap((n) => [String(sources[n]), values.weight(n), values.input(sources[n])].map(({ length }) => length));
  const fit = Math.floor((width / scale - ROW_HEAD) / (CHARACTER * Math.max(1, ...lengths) + EDGES));
  const shown = wired.slice(0, Math.max(LEAST_ENTRIES, Math.min(MOST_ENTRIES, fit)));
  const more = wired.length > shown.length;
  const dots = /** @type {Description | false} */ (more && ["td", "…"]);
  return [
    "div",
    { class: "matrix-scroll", tabindex: 0, role: "region", "aria-label": SHARING.rowInNumbers(row) },
    [
      "table",
      { class: "matrix-table mono" },
      [
        "tbody",
        [
          "tr",
          ["th", { scope: "row" }, SHARING.columnOfMatrix],
          ...shown.map(
            (n) =>
              /** @type {Description} */ ([
                "td",
                { class: "faint" },
                sources[n] < 0 ? SHARING.outside : String(sources[n]),
              ]),
          ),
          dots,
        ],
        [
          "tr",
          { class: "is-filter" },
          ["th", { scope: "row" }, SHARING.rowOfMatrix(row)],
          ...shown.map(
            (n) =>
              /** @type {Description} */ ([
                "td",
                {
                  class: "wired",
                  "data-weight": weightKey(stage, n),
                  style: isShared(stage) ? { "background-color": inBothThemes(identityFill, n, count) } : {},
                },
                valueElement(values, "weight", n),
              ]),
          ),
          dots,
        ],
        press > 1 && [
          "tr",
          { class: "is-input" },
          ["th", { scope: "row" }, SHARING.timesInput],
          ...shown.map((n) => /** @type {Description} */ (["td", valueElement(values, "input", sources[n])])),
          dots,
        ],
      ],
    ],
    press > 2 && ["p", { class: "mono" }, sumLine(values, texts)],
  ];
}

/** What the row makes: the sum, divided, plus b. @param {Values} values @param {Values["texts"]} texts */
function sumLine(values, texts) {
  if (values.outputNumber(values.here) === "") return SHARING.rowSumWaiting;
  const divided = texts.divisor ? ` ÷ ${texts.divisor}` : "";
  const rounding = texts.rounding ? ` ${texts.rounding}` : "";
  return SHARING.rowSum(`${texts.sum}${divided} + ${bracketNegative(values.biasNumber)}${rounding} = ${texts.result}`);
}

/** @param {Values} values @param {SharingOptions} options @returns {Description} */
function legendOf(values, options) {
  const { stage } = values;
  if (!isShared(stage)) return ["p", { class: "muted" }, SHARING.eachItsOwn];
  const { least, most } = countCopies(stage);
  return [
    "div",
    { class: "matrix-legend" },
    [
      "p",
      { class: "matrix-key" },
      ["span", { class: "no-wire key" }, "0"],
      SHARING.noWire,
      ["span", { class: "wired key" }, values.names.weight(0)],
      SHARING.equalWeights(least, most),
    ],
    identityLegend(values, options),
  ];
}

/**
 * A layer as a matrix product. Convolution (im2col): each window is a row, the filter is the column, and each row times
 * the column is one number of the map. A fully connected layer: each output has a row of weights, the input is the
 * column.
 */

import { frameAt, placeOf, positionOf, positionsOf } from "convoscope/pure/frame/frame.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { shownValue } from "convoscope/pure/text/amounts.js";
import { numberText } from "convoscope/pure/text/number-text.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Rows above and below the current one. */
const AROUND = 2;
/** The most columns that are shown. */
const COLUMNS = 27;

/** @param {Trace} trace @param {Frame} frame @returns {Description} */
export function matrixView(trace, frame) {
  const stage = trace.stages[frame.stage];
  if (frame.kind === "linear" && stage.weight) return linearMatrix(trace, frame);
  if (stage.rows?.transposed) return ["p", { class: "muted" }, TABS.noTransposedMatrix];
  if (frame.kind !== "conv" || !frame.channels.length) return ["p", { class: "muted" }, TABS.noMatrix];
  const here = positionOf(stage, frame.row, frame.col);
  const { count } = positionsOf(stage);
  const first = Math.min(Math.max(0, here - AROUND), Math.max(0, count - 2 * AROUND - 1));
  const rows = Array.from({ length: Math.min(2 * AROUND + 1, count) }, (_, i) => first + i);
  const texts = writeStep(trace, frame);
  const weights = texts.channels.flatMap((channel) => channel.weights.flat());
  const shown = Math.min(weights.length, COLUMNS);
  return matrixTable(TABS.matrixLaw(count, weights.length), [
    [
      "thead",
      [
        "tr",
        ["th", { scope: "col" }, TABS.place],
        ["th", { scope: "colgroup", colspan: shown, class: "is-input" }, TABS.windowAsRow],
        weights.length > shown && ["th", "…"],
        ["th", { scope: "col", class: "is-output" }, TABS.timesFilter],
      ],
    ],
    [
      "tbody",
      [
        "tr",
        { class: "is-filter" },
        ["th", { scope: "row" }, texts.divisor ? PAGE.filterDivided(texts.divisor) : PAGE.filter],
        ...weights.slice(0, shown).map((w) => /** @type {Description} */ (["td", w])),
        weights.length > shown && ["td", "…"],
        ["td", ""],
      ],
      ...rows.map((position) => line(trace, frame, position, here, shown)),
    ],
  ]);
}

/** @param {Trace} trace @param {Frame} frame @returns {Description} */
function linearMatrix(trace, frame) {
  const stage = trace.stages[frame.stage];
  const before = trace.stages[stage.reads[0]];
  const [outputs, weight] = [stage.shape[0], /** @type {Float32Array} */ (stage.weight)];
  const inputs = weight.length / outputs;
  const shown = Math.min(inputs, COLUMNS);
  const first = Math.min(Math.max(0, frame.map - AROUND), Math.max(0, outputs - 2 * AROUND - 1));
  const rows = Array.from({ length: Math.min(2 * AROUND + 1, outputs) }, (_, i) => first + i);
  const cells = (/** @type {string[]} */ texts) => [
    ...texts.map((text) => /** @type {Description} */ (["td", text])),
    inputs > shown && /** @type {Description} */ (["td", "…"]),
  ];
  const values = Array.from((before.output ?? new Float32Array()).subarray(0, shown), (value) =>
    numberText(shownValue(before, value)),
  );
  return matrixTable(TABS.linearLaw(outputs, inputs), [
    [
      "thead",
      [
        "tr",
        ["th", { scope: "col" }, TABS.output],
        ["th", { scope: "colgroup", colspan: shown, class: "is-filter" }, TABS.weightsAsRow],
        inputs > shown && ["th", "…"],
        ["th", { scope: "col", class: "is-output" }, TABS.timesInput],
      ],
    ],
    [
      "tbody",
      ["tr", { class: "is-input" }, ["th", { scope: "row" }, TABS.inputAsColumn], ...cells(values), ["td", ""]],
      ...rows.map((k) => {
        const divisor = (stage.divisors?.[k] ?? 1) * (stage.scales?.[k] ?? 1);
        const weights = Array.from(weight.subarray(k * inputs, k * inputs + shown), (w) => numberText(w / divisor));
        const { result } = writeStep(trace, frameAt(trace, { stage: frame.stage, map: k, at: [0, 0], beat: "write" }));
        return /** @type {Description} */ ([
          "tr",
          { class: k === frame.map ? "here" : null },
          ["th", { scope: "row" }, String(k)],
          ...cells(weights),
          ["td", { class: "is-output" }, result],
        ]);
      }),
    ],
  ]);
}

/** @param {string} law @param {Description[]} parts @returns {Description} */
function matrixTable(law, parts) {
  return [
    "div",
    { class: "matrix" },
    ["p", { class: "muted" }, law],
    [
      "div",
      { class: "matrix-scroll", tabindex: 0, role: "region", "aria-label": TABS.matrixTitle },
      ["table", { class: "matrix-table mono" }, ...parts],
    ],
  ];
}

/**
 * @param {Trace} trace @param {Frame} frame @param {number} position @param {number} here @param {number} shown
 * @returns {Description}
 */
function line(trace, frame, position, here, shown) {
  const stage = trace.stages[frame.stage];
  const [row, col] = placeOf(stage, position);
  const step = frameAt(trace, { stage: frame.stage, map: frame.map, at: [row, col], beat: "write" });
  const texts = writeStep(trace, step);
  const values = texts.channels.flatMap((channel) => channel.values.flat());
  return [
    "tr",
    { class: position === here ? "here" : null },
    ["th", { scope: "row" }, `${row}, ${col}`],
    ...values.slice(0, shown).map((value) => /** @type {Description} */ (["td", value])),
    values.length > shown && ["td", "…"],
    ["td", { class: "is-output" }, texts.result],
  ];
}

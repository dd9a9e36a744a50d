/** The controls of a fully connected layer: its weights, its outputs, and the convolution that it equals. */

import {
  convolutionOf,
  foldRow,
  kindOfWeights,
  typedWeights,
  weightsOfLayer,
  whyNoConvolution,
  withOutputs,
} from "convoscope/pure/link/linear-layers.js";
import * as edits from "convoscope/pure/scene-edits.js";
import { CONTROLS, LINEAR } from "convoscope/pure/strings/control-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { optionRow } from "convoscope/ui/controls/option-control.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Weights} from "convoscope/pure/link/linear-layers.js" */
/** @import {PageTables, SceneLayer, Stage, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The most numbers that can be typed here: more are a matter for the API. */
const MOST_TYPED = 4096;
const MOST_TYPED_IN_ROW = 256;
const MOST_OUTPUTS = 65536;

/**
 * @param {PageTables} tables
 * @param {{onEdit: (edit: Edit, view?: Partial<View>) => void, onReady: () => void}} events `onReady`: the number
 * inputs are loaded
 */
export function createLinearControls(tables, { onEdit, onReady }) {
  /** @type {import("convoscope/ui/controls/number-grid.js").NumberInputs | null} */
  let numberInputs = null;

  async function loadNumberInputs() {
    const { createNumberInputs } = await import("convoscope/ui/controls/number-grid.js");
    numberInputs ??= createNumberInputs();
    onReady();
  }

  /**
   * @param {Stage} stage @param {SceneLayer} layer @param {{index: number, map: number, before: Stage}} place
   * @returns {Description[]}
   */
  function linearRows(stage, layer, { index, map, before }) {
    const weights = weightsOfLayer(layer);
    const kind = kindOfWeights(weights);
    const write = (/** @type {Weights} */ next) => onEdit(edits.setHead(index, next));
    const { sentence } = edits.findOperation(tables, layer.op);
    if (kind === "trained")
      return [
        ["p", { translate: "no" }, ["b", String(layer.head ?? "")]],
        ["p", { class: "small muted" }, sentence],
        ...convolutionRows(stage, layer, index),
      ];
    const count = stage.shape[0];
    const { filters } = tables.limits;
    const outputs = {
      name: "outputs",
      kind: "whole",
      default: 10,
      label: LINEAR.outputs,
      letter: "K",
      help: LINEAR.outputsHelp,
      least: 1,
      most: kind === "shape" ? MOST_OUTPUTS : filters,
      choices: [],
      more: false,
    };
    return [
      ["p", { class: "small muted" }, sentence],
      kindChoice(stage, layer, index),
      ["p", { class: "small muted" }, LINEAR.meanings[kind]],
      optionRow({
        option: outputs,
        value: count,
        stage,
        onChange: (value) => write(withOutputs(weights, Number(value))),
      }),
      ...(typeof weights === "object" && "rows" in weights ? rowEditor(weights, map, before, write) : []),
      ...convolutionRows(stage, layer, index),
    ];
  }

  /** Where the weights come from. @param {Stage} stage @param {SceneLayer} layer @param {number} index @returns {Description} */
  function kindChoice(stage, layer, index) {
    const [count, kind] = [stage.shape[0], kindOfWeights(weightsOfLayer(layer))];
    const { filters } = tables.limits;
    const numbers = stage.weight?.length ?? Number.POSITIVE_INFINITY;
    const choice = (
      /** @type {"shape" | "random" | "typed"} */ name,
      /** @type {boolean} */ isPossible,
      /** @type {() => Weights} */ make,
    ) =>
      /** @type {Description} */ ([
        "button",
        {
          type: "button",
          "aria-pressed": String(kind === name),
          "data-key": `weights-${name}`,
          disabled: !isPossible,
          onclick: () => onEdit(edits.setHead(index, make())),
        },
        LINEAR.kinds[name],
      ]);
    return [
      "div",
      { class: "choices wide", role: "group", "aria-label": LINEAR.weights },
      choice("shape", true, () => ({ shape: count })),
      choice("random", true, () => ({ random: Math.min(count, filters) })),
      choice("typed", count <= filters && numbers <= MOST_TYPED, () => typedWeights(stage)),
    ];
  }

  /**
   * The weights of one output as planes of its input; of more than can be typed none.
   * @param {{rows: string[][], divisor: number}} weights @param {number} map @param {Stage} before
   * @param {(weights: Weights) => void} write
   * @returns {Description[]}
   */
  function rowEditor(weights, map, before, write) {
    const row = weights.rows[map] ?? weights.rows[0];
    if (row.length > MOST_TYPED_IN_ROW) return [["p", { class: "small muted" }, LINEAR.tooMany(row.length)]];
    if (!numberInputs) {
      loadNumberInputs();
      return [];
    }
    const { numberGrid } = numberInputs;
    const planes = foldRow(row, before.shape);
    const change = (/** @type {number} */ channel, /** @type {string[][]} */ plane) =>
      write({ ...weights, rows: weights.rows.with(map, planes.with(channel, plane).flat(2)) });
    return [
      ["p", { class: "small muted" }, LINEAR.rowOf(map, weights.divisor)],
      [
        "div",
        { class: "editor", "data-part": "editor" },
        ...planes.map((plane, channel) =>
          numberGrid({
            plane,
            key: `row-${map}-${channel}`,
            name: planes.length > 1 ? PAGE.channelOf(before, channel) : LINEAR.weights,
            onChange: (next) => change(channel, next),
            onBlock: async () => CONTROLS.notANumber("…"),
          }),
        ),
      ],
    ];
  }

  /** @param {Stage} stage @param {SceneLayer} layer @param {number} index @returns {Description[]} */
  function convolutionRows(stage, layer, index) {
    const [channels, rows, columns] = stage.input_shape ?? [1, 1, 1];
    const limits = { kernel_side: tables.limits.kernel_side, filters: tables.limits.filters };
    const reason = whyNoConvolution(weightsOfLayer(layer), [channels, rows, columns], limits);
    const size = `${rows} × ${columns}`;
    return [
      [
        "p",
        { class: "small", "data-part": "same-as-convolution" },
        LINEAR.sameAs(stage.shape[0], size, channels, rows * columns > 1),
      ],
      reason
        ? [
            "p",
            { class: "small muted" },
            LINEAR.noButton(reason, reason === "deep" ? limits.filters : limits.kernel_side),
          ]
        : [
            "div",
            { class: "links" },
            [
              "button",
              {
                type: "button",
                class: "link",
                "data-key": "as-convolution",
                onclick: () => onEdit(edits.replaceLayer(index, convolutionOf(layer, [channels, rows, columns]))),
              },
              LINEAR.writeAsConvolution,
            ],
          ],
    ];
  }

  return { linearRows };
}

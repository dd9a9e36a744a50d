/**
 * The filters of a layer as a table of cards: matrix, picture, name and one line of words of each, beside the input that
 * they are laid on.
 */

import { inputStageOf } from "convoscope/pure/frame/view-model.js";
import { isColorPicture } from "convoscope/pure/maps/map-choice.js";
import { FILTER_TABLE } from "convoscope/pure/strings/tab-strings.js";
import { cardsOf, MOST_FILTERS } from "convoscope/pure/tabs/filter-table/filter-cards.js";
import { layoutTable } from "convoscope/pure/tabs/filter-table/filter-table-layout.js";
import { matrixTable } from "convoscope/pure/tabs/filter-table/matrix-table.js";
import { stageTitle } from "convoscope/pure/text/caption.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {FilterCard} from "convoscope/pure/tabs/filter-table/filter-cards.js" */
/** @import {TableLayout} from "convoscope/pure/tabs/filter-table/filter-table-layout.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * A canvas with `data-maps` "stage,map,…" is painted with that map, or with three maps as one color picture; one with
 * `data-weights` "map,slice" with the slice of a filter.
 * @param {Trace} trace @param {Frame} frame
 * @param {{view: View, size: {width: number, height: number, text: number}}} context a height of 0 is as much as it needs
 * @returns {Description}
 */
export function filterTable(trace, frame, { view, size }) {
  const stage = trace.stages[frame.stage];
  const before = inputStageOf(trace, stage, frame.map);
  if (!frame.hasNumbers || !before) return ["p", { class: "muted" }, FILTER_TABLE.onTheWay];
  const cards = cardsOf(stage, before);
  const layout = layoutTable(cards, size, view.present);
  const chosen = cards.find(({ maps }) => maps.includes(view.map))?.map;
  const drawn = cards.length === MOST_FILTERS && stage.shape[0] > MOST_FILTERS;
  return [
    "div",
    { class: "filter-cards", style: { "font-size": `${size.text}px`, "--columns": layout.columns } },
    [
      "ul",
      { "aria-label": FILTER_TABLE.list(stage.shape[0], stageTitle(trace, before.index)) },
      inputCard(trace, before, view, layout),
      ...cards.map((card) => filterCard(stage, card, layout, card.map === chosen)),
    ],
    drawn && ["p", { class: "muted" }, FILTER_TABLE.drawn(MOST_FILTERS, stage.shape[0])],
  ];
}

/**
 * The input in the colors that the figure gives it.
 * @param {Trace} trace @param {Stage} before @param {View} view @param {TableLayout} layout @returns {Description}
 */
function inputCard(trace, before, view, layout) {
  const title = stageTitle(trace, before.index);
  const maps = isColorPicture(before, view) ? [0, 1, 2] : [0];
  const [, rows, columns] = before.shape;
  return [
    "li",
    { class: "filter-card of-input" },
    ["p", ["b", { class: "is-input" }, title]],
    ["div", { class: "shown" }, picture(before, maps, title, layout)],
    ["p", { class: "words" }, FILTER_TABLE.size(rows, columns)],
  ];
}

/** @param {Stage} stage @param {FilterCard} card @param {TableLayout} layout @param {boolean} isChosen @returns {Description} */
function filterCard(stage, { map, maps, name, words, planes }, layout, isChosen) {
  const matrices = planes.map(
    ({ name: plane, matrix }, n) =>
      /** @type {Description} */ ([
        "div",
        plane !== "" && ["p", { class: "plane", "aria-hidden": "true" }, plane],
        layout.hasDigits
          ? matrixTable(matrix, name, plane)
          : [
              "canvas",
              {
                class: "weights",
                "data-weights": `${map},${n}`,
                role: "img",
                "aria-label": FILTER_TABLE.weightsOf(name),
              },
            ],
      ]),
  );
  return [
    "li",
    { class: isChosen ? "filter-card is-chosen" : "filter-card", "data-card": map },
    [
      "p",
      [
        "button",
        {
          type: "button",
          class: "choose",
          "data-map": map,
          "data-key": `filter-card-${map}`,
          "aria-pressed": String(isChosen),
          title: FILTER_TABLE.choose(name),
        },
        name,
      ],
    ],
    [
      "div",
      { class: layout.isBeside ? "shown" : "shown is-stacked" },
      ["div", { class: "matrices" }, ...matrices],
      picture(stage, maps, FILTER_TABLE.result(name), layout),
    ],
    words !== "" && ["p", { class: "words" }, words],
  ];
}

/** @param {Stage} stage @param {number[]} maps @param {string} label @param {TableLayout} layout @returns {Description} */
function picture({ index, shape: [, rows, columns] }, maps, label, { side }) {
  const scale = side / Math.max(rows, columns);
  return [
    "canvas",
    {
      "data-maps": [index, ...maps].join(),
      role: "img",
      "aria-label": label,
      style: { width: `${Math.round(columns * scale)}px`, height: `${Math.round(rows * scale)}px` },
    },
  ];
}

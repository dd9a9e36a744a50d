/** The menu of models, each with its card, and the display options. */

import { layerOptions } from "convoscope/features/gallery/layers/layer-choice.js";
import { GALLERY } from "convoscope/pure/strings/gallery-strings.js";
import { percentText } from "convoscope/pure/text/number-text.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {LayerChoice} from "convoscope/features/gallery/opened-weights.js" */
/** @import {GalleryState} from "convoscope/features/gallery/gallery-state.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {Record<string, any>} Model a row of /api/models */

/** Whether its filters are as large as the picture. @param {Model} model */
export function hasTemplates(model) {
  const size = model.prepare.size;
  return Boolean(size && model.shape[1] >= size[0] && model.shape[2] >= size[1]);
}

/** @param {HTMLElement} host @param {{onModel: (name: string) => void, onLayer: (name: string) => void}} events */
export function createModelMenu(host, { onModel, onLayer }) {
  const heading = host.querySelector("h2");
  return {
    /** @param {GalleryState} state */
    show({ tables, model, openedFiles, pendingLayer }) {
      const chosen = model.name;
      const choice = openedFiles.choice(chosen);
      fill(
        host,
        heading,
        ...openedFiles.rows(tables.models, chosen).map(
          (row) =>
            /** @type {Description} */ ([
              "button",
              {
                type: "button",
                class: "card",
                "data-model": row.name,
                "data-key": `model-${row.name}`,
                "aria-pressed": String(row.name === chosen),
                onclick: () => onModel(row.name),
              },
              ["b", { translate: "no" }, row.title],
              ["small", { class: "mono muted" }, GALLERY.card(row.filters, row.shape, hasTemplates(row))],
            ]),
        ),
        choice && layerSelect({ ...choice, layer: pendingLayer ?? choice.layer }, onLayer),
        card(model),
      );
    },
  };
}

/**
 * The menu of the layers of an opened file.
 * @param {LayerChoice} choice @param {(name: string) => void} onLayer
 * @returns {Description}
 */
function layerSelect({ layers, layer }, onLayer) {
  const remark = layers.find(({ name }) => name === layer)?.remark;
  const select = /** @type {HTMLSelectElement} */ (
    build([
      "select",
      {
        class: "field",
        id: "layer",
        "data-key": "layer",
        "data-part": "layer",
        "aria-describedby": remark ? "layer-remark" : null,
        onchange: () => onLayer(select.value),
      },
      ...layerOptions(layers, layer),
    ])
  );
  return [
    "div",
    { class: "layer-choice" },
    ["label", { for: "layer" }, GALLERY.layer],
    select,
    remark &&
      /** @type {Description} */ ([
        "p",
        { class: "small muted", id: "layer-remark", "data-part": "layer-remark" },
        remark,
      ]),
  ];
}

/** The model card: training data, recipe, accuracy. @param {Model} model @returns {Description} */
function card({ card: about }) {
  const rows = Object.entries(GALLERY.cardRows)
    .filter(([name]) => about[name])
    .flatMap(
      ([name, title]) =>
        /** @type {Description[]} */ ([
          ["dt", title],
          [
            "dd",
            name === "accuracy_on" ? GALLERY.accuracy(percentText(about.accuracy), about[name]) : String(about[name]),
          ],
        ]),
    );
  const parameters = about.parameters
    ? /** @type {Description[]} */ ([
        ["dt", GALLERY.parameters],
        ["dd", about.parameters.toLocaleString("en")],
      ])
    : [];
  return [
    "details",
    { class: "more", "data-part": "card" },
    ["summary", GALLERY.about],
    ["dl", { class: "about small" }, ...rows, ...parameters],
    ...(about.notes ?? []).map(
      (/** @type {string} */ note) => /** @type {Description} */ (["p", { class: "small muted" }, note]),
    ),
  ];
}

/** @typedef {{show: string, sort: string, scale: string, wall: string}} DisplayOptions */

/**
 * @param {HTMLElement} host @param {Record<string, any>[]} options the page's option table
 * @param {(change: Partial<DisplayOptions>) => void} onLooks
 */
export function createDisplayOptions(host, options, onLooks) {
  /** @param {string} name @returns {string[]} */
  const choices = (name) => options.find((option) => option.name === name)?.choices ?? [];
  /**
   * @param {keyof DisplayOptions} name @param {string} title @param {DisplayOptions} looks @param {(choice: string) =>
   * string} words
   * @returns {Description}
   */
  const buttons = (name, title, looks, words) => [
    "div",
    { class: "row" },
    ["span", { class: "title" }, title],
    [
      "span",
      { class: "choices", role: "group", "aria-label": title },
      ...choices(name).map(
        (choice) =>
          /** @type {Description} */ ([
            "button",
            {
              type: "button",
              "aria-pressed": String(looks[name] === choice),
              "data-key": `${name}-${choice}`,
              onclick: () => onLooks({ [name]: choice }),
            },
            words(choice),
          ]),
      ),
    ],
  ];
  return {
    /** @param {DisplayOptions} looks */
    show(looks) {
      const sort = /** @type {HTMLSelectElement} */ (
        build([
          "select",
          {
            class: "field",
            "data-key": "sort",
            "aria-label": GALLERY.sort,
            onchange: () => onLooks({ sort: sort.value }),
          },
          ...choices("sort").map(
            (choice) =>
              /** @type {Description} */ ([
                "option",
                { value: choice, selected: choice === looks.sort },
                GALLERY.order(choice),
              ]),
          ),
        ])
      );
      fill(
        host,
        buttons("wall", GALLERY.wall, looks, GALLERY.wallTitle),
        buttons("show", GALLERY.show, looks, GALLERY.showTitle),
        ["div", { class: "row" }, ["span", { class: "title" }, GALLERY.sort], sort],
        buttons("scale", GALLERY.scale, looks, GALLERY.scaleTitle),
      );
    },
  };
}

/** The models to choose from, each with its card, and how the wall is shown. */

import { build, fill } from "convoscope/dom.js";
import { WALL } from "convoscope/strings/wall.js";

/** @typedef {import("convoscope/dom.js").Description} Description */
/** @typedef {Record<string, any>} Model a row of /api/models */

/** Whether its filters are as large as the picture. @param {Model} model */
export function hasTemplates(model) {
  const size = model.prepare.size;
  return Boolean(size && model.shape[1] >= size[0] && model.shape[2] >= size[1]);
}

/** @param {HTMLElement} host @param {Model[]} models @param {(name: string) => void} onModel */
export function createModels(host, models, onModel) {
  const heading = host.querySelector("h2");
  return {
    /** @param {string} chosen */
    show(chosen) {
      const model = models.find(({ name }) => name === chosen);
      fill(host, heading, ...models.map((row) => /** @type {Description} */ (
        ["button", { type: "button", class: "card", "data-model": row.name, "data-key": `model-${row.name}`, "aria-pressed": String(row.name === chosen), onclick: () => onModel(row.name) },
          ["b", row.title], ["small", { class: "mono muted" }, WALL.card(row.filters, row.shape, hasTemplates(row))]])),
      model && card(model));
    },
  };
}

/** What the model learned from and how well. @param {Model} model @returns {Description} */
function card({ card: about }) {
  const rows = WALL.cardRows.filter(([name]) => about[name]).flatMap(([name, title]) => /** @type {Description[]} */ ([["dt", title], ["dd", name === "accuracy_on" ? WALL.accuracy(about.accuracy, about[name]) : String(about[name])]]));
  const parameters = about.parameters ? /** @type {Description[]} */ ([["dt", WALL.parameters], ["dd", about.parameters.toLocaleString("en")]]) : [];
  return ["details", { class: "more", "data-part": "card" }, ["summary", WALL.about], ["dl", { class: "about small" }, ...rows, ...parameters], ...(about.notes ?? []).map((/** @type {string} */ note) => /** @type {Description} */ (["p", { class: "small muted" }, note]))];
}

/** @typedef {{show: string, sort: string, scale: string, wall: string}} Looks */

/** @param {HTMLElement} host @param {Record<string, any>[]} options the page's option table @param {(change: Partial<Looks>) => void} onLooks */
export function createLooks(host, options, onLooks) {
  /** @param {string} name @returns {string[]} */
  const choices = (name) => options.find((option) => option.name === name)?.choices ?? [];
  /** @param {keyof Looks} name @param {string} title @param {Looks} looks @param {(choice: string) => string} words @returns {Description} */
  const buttons = (name, title, looks, words) => ["div", { class: "row" }, ["span", { class: "title" }, title],
    ["span", { class: "choices", role: "group", "aria-label": title }, ...choices(name).map((choice) => /** @type {Description} */ (
      ["button", { type: "button", "aria-pressed": String(looks[name] === choice), "data-key": `${name}-${choice}`, onclick: () => onLooks({ [name]: choice }) }, words(choice)]))]];
  return {
    /** @param {Looks} looks */
    show(looks) {
      const sort = /** @type {HTMLSelectElement} */ (build(["select", { class: "field", "data-key": "sort", "aria-label": WALL.sort, onchange: () => onLooks({ sort: sort.value }) },
        ...choices("sort").map((choice) => /** @type {Description} */ (["option", { value: choice, selected: choice === looks.sort }, WALL.order(choice)]))]));
      fill(host,
        buttons("wall", WALL.wall, looks, WALL.wallTitle),
        buttons("show", WALL.show, looks, WALL.showTitle),
        ["div", { class: "row" }, ["span", { class: "title" }, WALL.sort], sort],
        buttons("scale", WALL.scale, looks, WALL.scaleTitle));
    },
  };
}

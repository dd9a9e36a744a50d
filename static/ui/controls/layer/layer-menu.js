/** The layer menu: it appends a layer, or replaces all layers with a network. */

import { chooseJoined } from "convoscope/pure/frame/joins.js";
import { addLayer, createLayer, useNetwork } from "convoscope/pure/scene-edits.js";
import { LAYERS } from "convoscope/pure/strings/control-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build } from "convoscope/ui/dom.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {PageTables, Trace, View} from "convoscope/pure/types.js" */
/** @import {OnEdit} from "convoscope/ui/controls/stage-strip.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** More than any chain has: the nearest stage is the last. */
const LAST_STAGE = Number.MAX_SAFE_INTEGER;

/** @param {HTMLElement} root @param {PageTables} tables @param {OnEdit} onEdit @param {Trace | null} trace */
export function openLayerMenu(root, tables, onEdit, trace) {
  /** A new layer at the end; a join reads the last stage that fits. @param {string} op @param {string} kind */
  const create = (op, kind) => {
    const layer = createLayer(tables, op);
    const last = (trace?.stages.length ?? 1) - 1;
    return trace && kind === "join" ? { ...layer, head: [chooseJoined(trace, op, last, last + 1)] } : layer;
  };
  const choose = (/** @type {Edit} */ edit, /** @type {number | null} */ stage) => {
    menu.close();
    onEdit(edit, /** @type {Partial<View>} */ (/** @type {unknown} */ ({ stage, map: null, at: null })));
  };
  const kinds = tables.operations
    .filter((row) => !row.trained)
    .map((row) =>
      choiceButton(row.title, row.sentence, {
        "data-op": row.name,
        onclick: () => choose(addLayer(create(row.name, row.kind)), LAST_STAGE),
      }),
    );
  const networks = tables.networks.map((row) =>
    choiceButton(row.title, LAYERS.network(row.classes, row.rgb), {
      "data-network": row.name,
      onclick: () => choose(useNetwork(row), null),
    }),
  );
  const menu = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { class: "menu", "aria-label": LAYERS.title },
      ["header", ["h2", LAYERS.title], closeButton()],
      ["div", { class: "choices-list" }, ...kinds],
      networks.length > 0 && [
        "section",
        ["h3", LAYERS.networks],
        ["p", { class: "small muted" }, LAYERS.networksHelp],
        ["div", { class: "choices-list" }, ...networks],
      ],
    ])
  );
  menu.addEventListener("close", () => menu.remove());
  root.append(menu);
  menu.showModal();
}

/** @param {string} title @param {string} sentence @param {Record<string, any>} attributes @returns {Description} */
function choiceButton(title, sentence, attributes) {
  return ["button", { type: "button", class: "choice", ...attributes }, ["b", title], ["span", sentence]];
}

/** The network that reads a drawing: an offer to ask one, what it says, and the layer before it that centers the drawing. */

import { findAnswer } from "convoscope/pure/frame/answer.js";
import { writeAnswer } from "convoscope/pure/frame/stage-cards.js";
import { addLayer, changeScene, countStages, createLayer, removeLayer } from "convoscope/pure/scene-edits.js";
import { DRAW } from "convoscope/pure/strings/upload-strings.js";
import { build, setText } from "convoscope/ui/dom.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Sheet} from "convoscope/pure/link/drawing/sheet.js" */
/** @import {PageTables, Scene, Trace, View} from "convoscope/pure/types.js" */

const DIGIT = /^\d$/;
/** The answer of the chain, in the view that shows all of it. */
const NETWORK_VIEW = /** @type {Partial<View>} */ (
  /** @type {unknown} */ ({ stage: null, map: null, at: null, tab: "network", big: false, press: null })
);
/** The answer of the chain, in the view that is open. */
const ANSWER = /** @type {Partial<View>} */ (/** @type {unknown} */ ({ stage: null, map: null, at: null }));

/**
 * @param {PageTables} tables
 * @param {{onEdit: (edit: Edit, view?: Partial<View>) => void, sheet: () => Sheet}} events
 */
export function createDigitNetwork(tables, { onEdit, sheet }) {
  const network = tables.networks.find(({ names }) => names.length > 0 && names.every((name) => DIGIT.test(name)));
  /** @type {Trace | null} */
  let shown = null;
  const says = build(["p", { role: "status", "data-part": "draw-says" }]);
  const ask = build([
    "button",
    { type: "button", class: "button", "data-part": "ask-network", "data-key": "ask-network", onclick: askNetwork },
    DRAW.ask,
  ]);
  const box = /** @type {HTMLInputElement} */ (
    build(["input", { type: "checkbox", "data-key": "draw-center", "data-part": "draw-center", onchange: toggle }])
  );
  const centering = build(["label", { class: "draw-center", title: DRAW.centerHelp }, box, ["span", DRAW.center]]);
  const element = build(["div", { class: "draw-network" }, says, ask, centering]);

  function askNetwork() {
    if (!network) return;
    const layers = [createLayer(tables, "center"), { op: "model", head: network.name, options: {} }];
    onEdit((scene) => ({ ...putOnSheet(sheet())(scene), channels: "gray", layers }), NETWORK_VIEW);
  }

  function toggle() {
    if (!shown) return;
    const [at, counts] = [modelIn(shown.scene), countStages(shown)];
    const edit = box.checked ? addLayer(createLayer(tables, "center"), at, counts) : removeLayer(at - 1, counts);
    onEdit(edit, ANSWER);
  }

  return {
    element,
    /** @param {Trace} trace @param {boolean} isOnSheet whether the drawing is the picture of the figure */
    show(trace, isOnSheet) {
      shown = trace;
      const at = modelIn(trace.scene);
      const isDigits = at >= 0 && trace.scene.layers[at].head === network?.name;
      ask.hidden = at >= 0 || !network;
      centering.hidden = !isDigits;
      box.checked = isDigits && trace.scene.layers[at - 1]?.op === "center";
      const answer = isOnSheet ? findAnswer(trace) : null;
      setText(says, answer ? writeAnswer(answer).sentence : "");
      says.hidden = !answer;
    },
  };
}

/** A drawing in place of the picture; of another picture nothing is cut or changed on purpose. @param {Sheet} sheet @returns {Edit} */
export function putOnSheet({ planes, divisor }) {
  return (scene) =>
    changeScene({
      image: { planes, divisor },
      ...("planes" in scene.image ? {} : { adjust: null, crop: null }),
    })(scene);
}

/** The index of the first network of a chain; -1 for none. @param {Scene} scene */
function modelIn({ layers }) {
  return layers.findIndex(({ op }) => op === "model");
}

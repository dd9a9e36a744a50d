/**
 * Links of two figures side by side: the figure that is shown, and another one that differs from it in one thing. The
 * other one is written as JSON, which the server reads as it is.
 */

import { mergeQuery } from "convoscope/pure/link/view.js";
import { addLayer, countStages, moveLayer, removeLayer, replaceLayer, setOption } from "convoscope/pure/scene-edits.js";

/** @import {Option, Scene, Trace, View} from "convoscope/pure/types.js" */

/** What the other figure has that this one has not. */
/** @typedef {"unchanged" | "shift" | "without" | "average" | "max" | "turned" | "straight" | "stride" | "later" | "sooner"} OtherKind */
/** @typedef {{kind: OtherKind, scene: Scene, stage: number}} OtherFigure */

/** Columns of the shift that is offered. */
const SHIFT = 4;

/**
 * The figures that differ in one thing from the one that is shown, at its stage.
 * @param {Trace} trace @param {View} view @returns {OtherFigure[]}
 */
export function otherFigures(trace, view) {
  const { scene, stages } = trace;
  const stage = stages[Math.min(view.stage, stages.length - 1)];
  const { layer: index } = stage;
  /** @type {OtherFigure[]} */
  const found = scene.adjust
    ? [{ kind: "unchanged", scene: { ...scene, adjust: null }, stage: Math.max(0, stage.index) }]
    : [];
  if (index === null) return found;
  const layer = scene.layers[index];
  const counts = countStages(trace);
  const isSingle = counts[index] === 1;
  const add = (/** @type {OtherKind} */ kind, /** @type {Scene} */ other, by = 0) =>
    found.push({ kind, scene: other, stage: Math.max(0, stage.index + by) });
  if (layer.op === "maxpool" || layer.op === "avgpool") {
    const isMax = layer.op === "maxpool";
    const { stride, padding, ceil_mode: ceil } = layer.options;
    const options = Object.fromEntries(
      Object.entries({ stride, padding, ceil_mode: ceil }).filter(([, value]) => value !== undefined),
    );
    const other = { ...layer, op: isMax ? "avgpool" : "maxpool", options };
    add(isMax ? "average" : "max", replaceLayer(index, other, counts)(scene));
  }
  if (layer.op === "conv") {
    const isTurned = Boolean(layer.options.flip);
    add(isTurned ? "straight" : "turned", setOption(index, "flip", isTurned ? undefined : true)(scene));
  }
  if (layer.op === "conv" && layer.options.stride === undefined)
    add("stride", setOption(index, "stride", [2, 2])(scene));
  const [before, after] = [stages[stage.index - 1], stages[stage.index + 1]];
  const families = (/** @type {typeof stage | undefined} */ one) =>
    one?.layer != null && [one.family, stage.family].sort().join();
  const swaps = "activation,pooling";
  if (isSingle && families(after) === swaps) add("later", moveLayer(index, index + 1, counts)(scene), 1);
  else if (isSingle && families(before) === swaps) add("sooner", moveLayer(index, index - 1, counts)(scene));
  add("shift", addLayer({ op: "shift", head: [0, SHIFT], options: {} }, 0, counts)(scene), 1);
  if (isSingle && scene.layers.length > 1) add("without", removeLayer(index, counts)(scene), -1);
  return found;
}

/**
 * The query of a page with two figures: the one that is shown, all of its cells, and another link.
 * @param {Trace} trace @param {View} view @param {Option[]} table of the View @param {string} other a link or its query
 */
export function compareQuery(trace, view, table, other) {
  const plain = {
    ...view,
    at: null,
    pin: null,
    tab: "",
    big: false,
    press: null,
    story: null,
    present: false,
    play: false,
  };
  const own = mergeQuery(trace.link, plain, table, trace);
  const query = other.replace(/^[^?]*\?/, "").replace(/#.*$/, "");
  return `a=${encodeURIComponent(own)}&b=${encodeURIComponent(query)}`;
}

/** The link of a figure as JSON. @param {OtherFigure} figure */
export function linkOfScene({ scene, stage }) {
  return `scene=${encodeURIComponent(JSON.stringify(scene))}&stage=${stage}`;
}

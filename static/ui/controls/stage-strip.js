/** The strip of stages: the layers in order, the current stage, and a button to add a layer. */

import { countWritten } from "convoscope/pure/frame/written.js";
import { isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, fill, findPart, isDark, setText } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {PageTables, Stage, Trace, View, ViewerTables} from "convoscope/pure/types.js" */

/**
 * @param {HTMLElement} root
 * @param {ViewerTables} tables without `operations` there is no add button
 * @param {{onStage: (stage: number) => void, onEdit: (edit: Edit) => void}} events
 */
export function createStageStrip(root, tables, { onStage, onEdit }) {
  const host = findPart(root, "strip");
  if (!host) return { show() {} };
  const last = "operations" in tables ? [build(["li", addLayerButton(root, tables, onEdit)])] : [];
  /** @type {Trace | null} */
  let painted = null;
  /** What the thumbnail of each stage shows. @type {string[]} */
  let shown = [];
  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      const [written, dark] = [countWritten(trace, view), isDark(host)];
      if (trace !== painted) shown = [];
      if (host.childElementCount !== trace.stages.length + last.length || !painted) {
        fill(host, ...trace.stages.map((_, index) => stageItem(index, onStage)), ...last);
      }
      trace.stages.forEach((stage, index) => {
        const button = /** @type {HTMLElement} */ (host.children[index].firstElementChild);
        updateLabel(button, stage, index === view.stage);
        const look = [written[index], dark, view.colors, view.scope].join();
        if (look !== shown[index]) paintStage(button, trace, stage, view, written[index]);
        shown[index] = look;
      });
      if (trace !== painted) scrollToStage(host, view.stage);
      painted = trace;
    },
  };
}

/**
 * The button that adds a layer; its menu is loaded on the first click.
 * @param {HTMLElement} root @param {PageTables} tables @param {(edit: Edit) => void} onEdit
 */
function addLayerButton(root, tables, onEdit) {
  const openMenu = async () => {
    const [{ openLayerMenu }] = await Promise.all([
      import("convoscope/ui/controls/layer/layer-menu.js"),
      loadStylesheet("settings"),
    ]);
    if (!document.querySelector("dialog[open]")) openLayerMenu(root, tables, onEdit);
  };
  return build([
    "button",
    { type: "button", class: "add", "data-part": "add-layer", onclick: openMenu },
    PAGE.addLayer,
  ]);
}

/** @param {number} index @param {(stage: number) => void} onStage */
function stageItem(index, onStage) {
  return build([
    "li",
    [
      "button",
      { type: "button", class: "stage", onclick: () => onStage(index) },
      ["canvas", { "aria-hidden": true }],
      ["span", ["b"], ["small"]],
    ],
  ]);
}

/** @param {HTMLElement} button @param {Stage} stage @param {boolean} current */
function updateLabel(button, stage, current) {
  const words = /** @type {HTMLElement} */ (button.lastElementChild);
  setText(words.children[0], stage.title);
  setText(words.children[1], stage.shape.join(" × "));
  button.className = `stage ${stage.family}`;
  if (current) button.setAttribute("aria-current", "step");
  else button.removeAttribute("aria-current");
}

/** @param {HTMLElement} button @param {Trace} trace @param {Stage} stage @param {View} view @param {number} written */
function paintStage(button, trace, stage, view, written) {
  const canvas = /** @type {HTMLCanvasElement} */ (button.firstElementChild);
  const map = stage.index === view.stage ? Math.min(view.map, stage.shape[0] - 1) : (stage.salient_map ?? 0);
  const colors = mapColors(stage, map, view.colors, view.scope, photoRange(trace), isDark(button));
  const picture = mapPicture(stage, map, isColorPicture(stage, view), colors);
  paintThumbnail(canvas, stage.shape[1], stage.shape[2], picture, written);
}

/** @param {HTMLElement} host @param {number} stage */
function scrollToStage(host, stage) {
  const item = /** @type {HTMLElement | undefined} */ (host.children[stage]);
  if (!item) return;
  const over = item.offsetLeft + item.offsetWidth - host.clientWidth;
  if (over > host.scrollLeft || item.offsetLeft < host.scrollLeft) host.scrollLeft = Math.max(0, over);
}

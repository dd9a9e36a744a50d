/** The strip of stages: what the chain is, which stage is shown, and another layer. */

import { isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, fill, optionalPart, say } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */

/**
 * @param {HTMLElement} root
 * @param {Record<string, any>} tables without `operations` nothing can be added
 * @param {{onStage: (stage: number) => void, onEdit: (edit: Edit) => void}} events
 */
export function createStrip(root, tables, { onStage, onEdit }) {
  const host = optionalPart(root, "strip");
  if (!host) return { show() {} };
  const last = tables.operations ? [build(["li", adder(root, tables, onEdit)])] : [];
  /** @type {Trace | null} */
  let painted = null;
  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      if (host.childElementCount !== trace.stages.length + last.length || !painted) {
        fill(host, ...trace.stages.map((_, index) => entry(index, onStage)), ...last);
      }
      trace.stages.forEach((stage, index) => {
        const button = /** @type {HTMLElement} */ (host.children[index].firstElementChild);
        label(button, stage, index === view.stage);
        if (trace !== painted) thumbnail(button, trace, stage, view);
      });
      if (trace !== painted) keepInSight(host, view.stage);
      painted = trace;
    },
  };
}

/**
 * The button that adds a layer; its menu is loaded when it is opened.
 * @param {HTMLElement} root @param {Record<string, any>} tables @param {(edit: Edit) => void} onEdit
 */
function adder(root, tables, onEdit) {
  const open = async () => {
    const [{ openLayers }] = await Promise.all([
      import("convoscope/ui/controls/layer/layer-menu.js"),
      loadStylesheet("settings"),
    ]);
    if (!document.querySelector("dialog[open]")) openLayers(root, tables, onEdit);
  };
  return build(["button", { type: "button", class: "add", "data-part": "add-layer", onclick: open }, PAGE.addLayer]);
}

/** @param {number} index @param {(stage: number) => void} onStage */
function entry(index, onStage) {
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
function label(button, stage, current) {
  const words = /** @type {HTMLElement} */ (button.lastElementChild);
  say(words.children[0], stage.title);
  say(words.children[1], stage.shape.join(" × "));
  button.className = `stage ${stage.family}`;
  if (current) button.setAttribute("aria-current", "step");
  else button.removeAttribute("aria-current");
}

/** @param {HTMLElement} button @param {Trace} trace @param {Stage} stage @param {View} view */
function thumbnail(button, trace, stage, view) {
  const canvas = /** @type {HTMLCanvasElement} */ (button.firstElementChild);
  const map = stage.index === view.stage ? Math.min(view.map, stage.shape[0] - 1) : 0;
  const colors = mapColors(stage, map, view.colors, view.scope, photoRange(trace));
  paintThumbnail(
    canvas,
    stage.shape[1],
    stage.shape[2],
    mapPicture(trace, stage, map, isColorPicture(stage, view), colors),
  );
}

/** @param {HTMLElement} host @param {number} stage */
function keepInSight(host, stage) {
  const item = /** @type {HTMLElement | undefined} */ (host.children[stage]);
  if (!item) return;
  const over = item.offsetLeft + item.offsetWidth - host.clientWidth;
  if (over > host.scrollLeft || item.offsetLeft < host.scrollLeft) host.scrollLeft = Math.max(0, over);
}

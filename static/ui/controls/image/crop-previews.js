/** What the figure makes of a part of a picture before it is chosen: its cells, and the map of one stage. */

import { isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { build, setText } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";

/** @import {Scene, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {View} view @param {number} index the stage of the second preview; 0 for none */
export function createCropPreviews(view, index) {
  const shown = (index > 0 ? [0, index] : [0]).map((stage) => ({
    stage,
    canvas: /** @type {HTMLCanvasElement} */ (build(["canvas", { "aria-hidden": true }])),
    caption: build(["figcaption"]),
  }));
  const problem = build(["p", { class: "small", role: "status", "data-part": "crop-problem" }]);
  const element = build([
    "div",
    { class: "crop-previews", "data-part": "crop-previews" },
    ...shown.map(
      ({ canvas, caption }) =>
        /** @type {Description} */ (["figure", ["div", { class: "crop-preview" }, canvas], caption]),
    ),
    problem,
  ]);
  let isRunning = false;
  let isAsked = false;

  /** @param {Trace | string} answer */
  function show(answer) {
    const isFailed = typeof answer === "string";
    setText(problem, isFailed ? answer : "");
    element.classList.toggle("failed", isFailed);
    if (isFailed) return;
    for (const { stage, canvas, caption } of shown) {
      const found = answer.stages[Math.min(stage, answer.stages.length - 1)];
      const [maps, rows, columns] = found.shape;
      const map = stage === view.stage ? Math.min(view.map, maps - 1) : (found.salient_map ?? 0);
      const colors = mapColors(found, map, view.colors, view.scope, photoRange(answer));
      paintThumbnail(canvas, rows, columns, mapPicture(found, map, isColorPicture(found, view), colors));
      setText(caption, CONTROLS.cropPreview(stage === 0 ? CONTROLS.cellsOfPart : found.title, rows, columns));
    }
  }

  return {
    element,
    /**
     * Shows the previews of the newest scene; one request is on its way at a time.
     * @param {() => Scene} read @param {(scene: Scene) => Promise<Trace | string>} compute
     * @param {AbortSignal} signal ends it
     */
    async refresh(read, compute, signal) {
      isAsked = true;
      if (isRunning) return;
      isRunning = true;
      element.setAttribute("aria-busy", "true");
      while (isAsked && !signal.aborted) {
        isAsked = false;
        const answer = await compute(read());
        if (!signal.aborted) show(answer);
      }
      element.removeAttribute("aria-busy");
      isRunning = false;
    },
  };
}

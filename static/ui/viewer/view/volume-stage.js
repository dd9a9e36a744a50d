/** The volume that takes the place of the maps of a figure: its element, its room, its pictures, and what a click does. */

import { mapColors, mapImage, photoRange } from "convoscope/pure/maps/palette.js";
import { VOLUME } from "convoscope/pure/strings/tab-strings.js";
import { writeOtherNumbers } from "convoscope/pure/tabs/volume/other-numbers.js";
import { filterImage } from "convoscope/pure/tabs/volume/small-filters.js";
import { hasVolume, volumeView } from "convoscope/pure/tabs/volume/volume-view.js";
import { build, fill, getPart, isDark } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/thumbnail.js";
import { measureStage } from "convoscope/ui/viewer/view/stage-room.js";

/** @import {Cell, Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {Edit} from "convoscope/pure/scene-edits.js" */

/**
 * @param {HTMLElement} root
 * @param {{onGo: (cell: {stage: number, map: number, at: Cell}) => void, onEdit?: (edit: Edit) => void}} events `onEdit`
 * is left out where nothing can be edited
 */
export function createVolume(root, { onGo, onEdit }) {
  /** @type {{trace: Trace, view: View, frame: Frame} | null} */
  let shown = null;
  let drawn = "";
  const host = build(["section", { class: "volume", "data-part": "volume", "aria-label": VOLUME.title, tabindex: 0 }]);
  getPart(root, "figure").before(host);
  new ResizeObserver(() => shown && JSON.stringify(measureStage(root, host, shown.view)) !== drawn && draw()).observe(
    host,
  );
  host.addEventListener("click", ({ target, clientX, clientY }) => {
    if (!(target instanceof Element) || !shown) return;
    const { trace, frame, view } = shown;
    if (target.closest('[data-part="other-numbers"]'))
      return onEdit?.(writeOtherNumbers(trace, trace.stages[frame.stage]));
    if (view.lock.includes("figure")) return;
    const place = target.closest("[data-go]")?.getAttribute("data-go");
    if (place) {
      const [stage, map, row, col] = place.split(",").map(Number);
      return onGo({ stage, map, at: [row, col] });
    }
    const picked = target.closest("[data-pick]");
    if (picked) pick(picked, clientX, clientY);
  });

  /** Goes to the cell at a point of a picture. @param {Element} edge @param {number} clientX @param {number} clientY */
  function pick(edge, clientX, clientY) {
    if (!shown) return;
    const [stage, map, rows, columns] = (edge.getAttribute("data-pick") ?? "").split(",").map(Number);
    const { left, top, width, height } = edge.getBoundingClientRect();
    const cell = (/** @type {number} */ part, /** @type {number} */ count) =>
      Math.min(Math.max(Math.floor(part * count), 0), count - 1);
    const [row, col] = [cell((clientY - top) / height, rows), cell((clientX - left) / width, columns)];
    if (shown.trace.stages[stage].kind === "flatten")
      onGo({ stage, map: (map * rows + row) * columns + col, at: [0, 0] });
    else onGo({ stage, map, at: [row, col] });
  }

  function draw() {
    if (!shown) return;
    const { trace, view, frame } = shown;
    const size = measureStage(root, host, view);
    drawn = JSON.stringify(size);
    const canEdit = Boolean(onEdit) && !view.lock.includes("image") && !view.lock.includes("inspector");
    fill(host, volumeView(trace, frame, { view, size, canEdit }));
    const dark = isDark(root);
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (host.querySelectorAll("canvas[data-slice]"))) {
      const [index, map, written] = (canvas.dataset.slice ?? "").split(",").map(Number);
      const stage = trace.stages[index];
      const colors = mapColors(stage, map, view.colors, view.scope, photoRange(trace), dark);
      paintThumbnail(canvas, stage.shape[1], stage.shape[2], mapImage(stage, map, colors), written);
    }
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (
      host.querySelectorAll("canvas[data-filter-picture]")
    )) {
      const [index, map, ...slices] = (canvas.dataset.filterPicture ?? "").split(",").map(Number);
      const { rows, columns, rgba } = filterImage(trace.stages[index], map, slices, dark);
      paintThumbnail(canvas, rows, columns, rgba);
    }
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (host.querySelectorAll("canvas[data-column]"))) {
      const stage = trace.stages[Number(canvas.dataset.column)];
      const colors = mapColors(stage, 0, view.colors, "layer", photoRange(trace), dark);
      if (stage.output) paintThumbnail(canvas, stage.shape[0], 1, colors.rgba(stage.output));
    }
  }

  return {
    /**
     * Shows a step, where the View wants a volume and no view has the stage.
     * @param {Trace} trace @param {View} view @param {Frame} frame
     */
    show(trace, view, frame) {
      const isOn =
        view.volume && !root.hasAttribute("data-table") && !(view.big && view.tab !== "") && hasVolume(trace, frame);
      const isSame = shown?.trace === trace && shown.view === view && shown.frame === frame;
      shown = isOn ? { trace, view, frame } : null;
      root.toggleAttribute("data-volume", isOn);
      if (isOn && !isSame) draw();
    },
  };
}

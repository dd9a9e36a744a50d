/** The table of a layer's filters that takes the place of the maps of a figure: its element, its room and its pictures. */

import { takesStage } from "convoscope/pure/frame/view-model.js";
import { countWritten } from "convoscope/pure/frame/written.js";
import { grayScale, mapColors, mapImage, mapValues, photoRange } from "convoscope/pure/maps/palette.js";
import { FILTER_TABLE } from "convoscope/pure/strings/tab-strings.js";
import { hasFilterTable } from "convoscope/pure/tabs/filter-table/filter-cards.js";
import { filterTable } from "convoscope/pure/tabs/filter-table/filter-table.js";
import { build, fill, getPart, isDark } from "convoscope/ui/dom.js";
import { paintSlice, paintThumbnail } from "convoscope/ui/draw/thumbnail.js";
import { measureStage } from "convoscope/ui/viewer/view/stage-room.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {Pixels} from "convoscope/pure/maps/palette.js" */

/** @param {HTMLElement} root @param {{onMap: (map: number) => void}} events */
export function createFilterStage(root, { onMap }) {
  /** @type {{trace: Trace, view: View, frame: Frame} | null} */
  let shown = null;
  let drawn = "";
  /** What the cards are built from. @type {{trace: Trace | null, key: string}} */
  let built = { trace: null, key: "" };
  const host = build([
    "section",
    { class: "filter-table", "data-part": "filter-table", "aria-label": FILTER_TABLE.title, tabindex: 0 },
  ]);
  getPart(root, "figure").before(host);
  new ResizeObserver(() => shown && JSON.stringify(measureStage(root, host, shown.view)) !== drawn && draw()).observe(
    host,
  );
  host.addEventListener("click", ({ target }) => {
    const map = target instanceof Element ? target.closest("[data-map]")?.getAttribute("data-map") : null;
    if (map && shown && !shown.view.lock.includes("figure")) onMap(Number(map));
  });

  /**
   * Builds the cards, unless those that are there say the same: most steps change nothing but the pictures.
   * @param {Trace} trace @param {Frame} frame @param {View} view @param {ReturnType<typeof measureStage>} size
   */
  function buildCards(trace, frame, view, size) {
    const { map, present, colors } = view;
    const key = JSON.stringify([size, frame.stage, frame.map, frame.hasNumbers, map, present, colors]);
    if (built.trace === trace && built.key === key) return;
    built = { trace, key };
    const { scrollTop } = host;
    fill(host, filterTable(trace, frame, { view, size }));
    host.scrollTop = scrollTop;
  }

  function draw() {
    if (!shown) return;
    const { trace, view, frame } = shown;
    const size = measureStage(root, host, view);
    drawn = JSON.stringify(size);
    buildCards(trace, frame, view, size);
    const isWhole = view.at === null && view.story === null; // nobody asked for a place
    const [dark, written] = [isDark(root), countWritten(trace, { ...view, isWhole: isWhole || view.isWhole })];
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (host.querySelectorAll("canvas[data-maps]"))) {
      const [index, ...maps] = (canvas.dataset.maps ?? "").split(",").map(Number);
      const stage = trace.stages[index];
      const [, rows, columns] = stage.shape;
      const paint = maps.length === 3 ? paintColors(trace, stage, maps) : paintMap(trace, stage, maps[0], view, dark);
      paintThumbnail(canvas, rows, columns, paint, written[index]);
    }
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (host.querySelectorAll("canvas[data-weights]"))) {
      const [map, plane] = (canvas.dataset.weights ?? "").split(",").map(Number);
      paintWeights(canvas, trace.stages[frame.stage], map, plane, dark);
    }
  }

  return {
    /**
     * Shows a step, where the View wants the table and no view has the stage.
     * @param {Trace} trace @param {View} view @param {Frame} frame
     */
    show(trace, view, frame) {
      const isOn = view.table && !takesStage(view) && hasFilterTable(trace.stages[frame.stage]);
      const isSame = shown?.trace === trace && shown.view === view && shown.frame === frame;
      shown = isOn ? { trace, view, frame } : null;
      root.toggleAttribute("data-table", isOn);
      if (isOn && !isSame) draw();
    },
  };
}

/** @param {Trace} trace @param {Stage} stage @param {number} map @param {View} view @param {boolean} dark */
function paintMap(trace, stage, map, view, dark) {
  return mapImage(stage, map, mapColors(stage, map, view.colors, view.scope, photoRange(trace), dark));
}

/** Three maps as one color picture. @param {Trace} trace @param {Stage} stage @param {number[]} maps @returns {Pixels} */
function paintColors(trace, stage, maps) {
  const colors = grayScale(...(stage.picture_scale ?? photoRange(trace)));
  const planes = maps.map((map) => colors.rgba(mapValues(stage, map)));
  const pixels = new Uint8ClampedArray(planes[0]);
  for (let n = 0; n < pixels.length; n += 4) for (const channel of [1, 2]) pixels[n + channel] = planes[channel][n];
  return pixels;
}

/** @param {HTMLCanvasElement} canvas @param {Stage} stage @param {number} map @param {number} plane @param {boolean} dark */
function paintWeights(canvas, { weight, shape, rows, columns }, map, plane, dark) {
  if (!weight || !rows || !columns) return;
  const place = { maps: shape[0], map, slice: plane, rows: rows.kernel, columns: columns.kernel };
  paintSlice(canvas, weight, place, dark);
}

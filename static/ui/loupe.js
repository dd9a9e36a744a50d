/** A magnifier above the finger: the cells around the touched one, and its value as text. */

import { mapColors, mapValues, photoRange } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { shortValue } from "convoscope/pure/text/percent.js";
import { build, findPart, isDark, setText } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";

/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */

/** Cells on each side of the center cell. */
const RADIUS = 3;

/** @param {HTMLElement} root */
export function createLoupe(root) {
  const canvas = /** @type {HTMLCanvasElement} */ (build(["canvas"]));
  const valueText = build(["span", { class: "mono" }]);
  const host = build(["div", { class: "loupe", hidden: true, "aria-hidden": true }, canvas, valueText]);
  (findPart(root, "figure") ?? root).append(host);
  return {
    /**
     * @param {Stage} stage @param {View} view @param {{row: number, col: number}} place @param {number} x
     * @param {number} y @param {Trace} trace @param {number} written how many cells of the map are written
     */
    show(stage, view, { row, col }, x, y, trace, written) {
      const map = Math.min(view.map, stage.shape[0] - 1);
      const side = 2 * RADIUS + 1;
      const colors = mapColors(stage, map, view.colors, view.scope, photoRange(trace), isDark(canvas));
      const places = placesAround(stage, row, col);
      const values = mapValues(stage, map);
      const pixels = colors.rgba(places.map((place) => values[place]));
      places.forEach((place, i) => {
        if (place >= written) pixels[4 * i + 3] = 0;
      });
      paintThumbnail(canvas, side, side, pixels);
      setText(valueText, PAGE.cell(row, col, shortValue(stage, values[row * stage.shape[2] + col])));
      host.hidden = false;
      // The figure may be scaled as a whole.
      const zoom = host.getBoundingClientRect().width / host.offsetWidth || 1;
      host.style.left = `${Math.min(Math.max(x / zoom - 60, 4), window.innerWidth / zoom - 128)}px`;
      host.style.top = `${Math.max(4, y / zoom - 176)}px`;
    },
    hide() {
      host.hidden = true;
    },
  };
}

/** The cells around one, clamped to the map. @param {Stage} stage @param {number} row @param {number} col */
function placesAround({ shape: [, height, width] }, row, col) {
  const side = 2 * RADIUS + 1;
  return Array.from({ length: side * side }, (_, i) => {
    const r = Math.min(Math.max(row - RADIUS + Math.floor(i / side), 0), height - 1);
    const c = Math.min(Math.max(col - RADIUS + (i % side), 0), width - 1);
    return r * width + c;
  });
}

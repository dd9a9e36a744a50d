/**
 * Maps on canvases: the only user of a canvas context.
 *
 * Each map has two layers, a still one (cells, digits, padding, rulers) and a moving one (window, cell, unwritten
 * cells), so that a step draws only a few rectangles. Both have device pixels and are never smoothed.
 */

import { mapDigits } from "convoscope/pure/maps/cell-digits.js";
import { paintStillLayer } from "convoscope/ui/draw/draw-cells.js";
import { MARK_PAINTERS } from "convoscope/ui/draw/draw-marks.js";
import { paintThumbnail } from "convoscope/ui/draw/thumbnail.js";

export { paintThumbnail };

/** @import {ThemeColors, Mark, StillLayer} from "convoscope/ui/draw/brush.js" */
/** @import {MapLayout} from "convoscope/pure/maps/layout.js" */
/** @import {MapDigits} from "convoscope/pure/maps/cell-digits.js" */

/** The layout of the map in each host. @type {WeakMap<HTMLElement, MapLayout>} */
const layouts = new WeakMap();

/** The layout of the map that is painted in a host. @param {HTMLElement} host */
export function shownLayout(host) {
  return layouts.get(host) ?? null;
}

/**
 * Creates two canvases in a host element, the moving one above.
 * @param {HTMLElement} host
 */
export function createMap(host) {
  const layers = [0, 1].map(() => {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    return host.appendChild(canvas);
  });
  const [still, moving] = layers.map((canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")));
  /** @type {StillLayer | null} */
  let shown = null;
  /** @type {MapDigits | null} */
  let digits = null;
  let colors = readThemeColors(host);
  return {
    /** @param {StillLayer} picture */
    paint(picture) {
      shown = picture;
      layouts.set(host, picture.layout);
      for (const canvas of layers) fitCanvas(canvas, picture);
      for (const context of [still, moving]) context.setTransform(picture.dpr, 0, 0, picture.dpr, 0, 0);
      colors = readThemeColors(host);
      digits = mapDigits(picture.layout, picture.texts, picture.mostDigits);
      paintStillLayer(still, picture, digits, colors);
    },
    /** What is painted; null before anything is. */
    shown: () => shown,
    /** Whether the number of a cell can be read in the map. @param {number} row @param {number} col */
    hasNumber: (row, col) => Boolean(shown && digits?.lines[row * shown.layout.columns + col]),
    /** The font of the digits in CSS pixels; 0 without any. */
    digitSize: () => digits?.size ?? 0,
    /** @param {Mark[]} marks */
    mark(marks) {
      if (!shown) return;
      moving.clearRect(0, 0, shown.width, shown.height);
      for (const mark of marks)
        if (mark.paint) mark.paint(moving, shown, colors);
        else MARK_PAINTERS[mark.kind](moving, shown, mark, colors);
    },
    remove() {
      for (const canvas of layers) canvas.remove();
    },
  };
}

/**
 * Paints the color bar of a legend.
 * @param {HTMLCanvasElement} canvas @param {Uint8ClampedArray<ArrayBuffer>} rgba one row of colors
 */
export function paintLegend(canvas, rgba) {
  paintThumbnail(canvas, 1, rgba.length / 4, rgba);
}

/**
 * The theme's colors; the stylesheet registers them, so that their values are resolved.
 * @param {HTMLElement} host
 * @returns {ThemeColors}
 */
export function readThemeColors(host) {
  const style = getComputedStyle(host);
  const [ink, muted, surface, edge] = ["--ink", "--muted", "--surface", "--edge"].map((name) =>
    style.getPropertyValue(name),
  );
  return { ink, muted, surface, edge };
}

/** @param {HTMLCanvasElement} canvas @param {StillLayer} picture */
function fitCanvas(canvas, { width, height, dpr }) {
  const [across, down] = [Math.round(width * dpr), Math.round(height * dpr)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  canvas.style.width = `${across / dpr}px`;
  canvas.style.height = `${down / dpr}px`;
}

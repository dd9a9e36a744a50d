/** Small maps to choose from: a row of a few, with their values, or a wall of many. */

import { mapColors, mapImage, photoRange } from "convoscope/pure/maps/palette.js";
import { build, fill, isDark, setText } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";
import { isScoreVector, showScores } from "convoscope/ui/figure/class-scores.js";
import { removeMapCount, showMapCount } from "convoscope/ui/figure/map-count.js";

/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */

/** More maps than this make a wall: rows of one length, without the values. */
const MOST_IN_ROW = 8;
/** The least width of a map in a wall with the gap beside it, in pixels. */
const WALL_STEP = 36;

/**
 * Shows a row or a wall of small maps, or a list of scores.
 * @param {HTMLElement} host
 * @param {{trace: Trace, stage: Stage, view: View, chosen: number | null, labels: (map: number) => string, name: (map:
 * number) => string, written?: number}} content `written` counts the cells that are shown; left out, all are
 * @param {(map: number) => void} choose
 */
export function showMultiples(host, { trace, stage, view, chosen, labels, name, written }, choose) {
  const count = stage.shape[0];
  host.classList.remove("scores");
  const isVector = count > 1 && stage.shape[1] * stage.shape[2] === 1;
  host.parentElement?.classList.toggle("vector", isVector);
  host.classList.toggle("wall", count > MOST_IN_ROW && !isScoreVector(stage));
  host.hidden = count < 2;
  if (host.hidden || isScoreVector(stage)) removeMapCount(host);
  if (host.hidden) return host.replaceChildren();
  if (isScoreVector(stage)) return showScores(host, { stage, chosen }, choose);
  if (host.childElementCount !== count || !host.querySelector("canvas"))
    fill(host, ...Array.from({ length: count }, (_, map) => build(describeMultiple(map))));
  const dark = isDark(host);
  [...host.children].forEach((button, map) => {
    const colors = mapColors(stage, map, view.colors, view.scope, photoRange(trace), dark);
    paintThumbnail(
      /** @type {HTMLCanvasElement} */ (button.firstElementChild),
      stage.shape[1],
      stage.shape[2],
      mapImage(stage, map, colors),
      written,
    );
    button.setAttribute("aria-pressed", String(map === chosen));
    button.setAttribute("aria-label", name(map));
    /** @type {HTMLElement} */ (button).title = name(map);
    setText(/** @type {Element} */ (button.lastElementChild), labels(map));
    /** @type {HTMLElement} */ (button).onclick = () => choose(map);
  });
  showMapCount(host, chosen);
}

/**
 * Fits walls into their boxes: whole lines of as many maps as there is room for, the chosen one in view.
 * @param {HTMLElement} root
 */
export function fitWalls(root) {
  for (const host of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".wall:not(:empty)"))) {
    const { style } = host;
    const { cssText } = style;
    style.setProperty("--across", String(wallColumns(host)));
    style.setProperty("--thumb", `${host.firstElementChild?.getBoundingClientRect().height}px`);
    if (style.cssText === cssText) continue;
    const { chosen } = host.dataset;
    delete host.dataset.chosen;
    showMapCount(host, Number(chosen));
  }
}

/**
 * The columns of a wall: as many as fit, or fewer where the same number of rows holds all maps.
 * @param {HTMLElement} host
 */
function wallColumns(host) {
  const count = host.childElementCount;
  const { paddingLeft, paddingRight } = getComputedStyle(host);
  const room = host.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  const most = Math.max(1, Math.min(count, Math.floor((room + 4) / WALL_STEP)));
  return Math.ceil(count / Math.ceil(count / most));
}

/** @param {number} map @returns {import("convoscope/ui/dom.js").Description} */
function describeMultiple(map) {
  return ["button", { type: "button", "data-map": map }, ["canvas"], ["span", { "data-number": map }]];
}

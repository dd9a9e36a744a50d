/** Maps of one cell each as a list of bars: the outputs of a fully connected layer, or the scores of the classes. */

import { cssColor, mapColors, mapValues, photoRange } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { shortNumber } from "convoscope/pure/text/caption.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** More maps than this are shown as small maps. */
const MOST_SCORES = 24;

/** @param {Stage} stage */
export function isScoreVector({ shape: [maps, rows, columns] }) {
  return rows * columns === 1 && maps > 1 && maps <= MOST_SCORES;
}

/**
 * @param {HTMLElement} host
 * @param {{trace: Trace, stage: Stage, view: View, chosen: number | null}} content
 * @param {(map: number) => void} choose
 */
export function showScores(host, { trace, stage, view, chosen }, choose) {
  const colors = mapColors(stage, 0, view.colors, "layer", photoRange(trace));
  const values = Array.from({ length: stage.shape[0] }, (_, map) => mapValues(stage, map)[0]);
  const largest = Math.max(...values.map(Math.abs), 1e-9);
  host.hidden = false;
  host.classList.add("scores");
  fill(
    host,
    ...values.map((value, map) =>
      buildScore(
        {
          name: stage.classes?.[map] ?? PAGE.scoreOf(map),
          value,
          share: Math.abs(value) / largest,
          color: cssColor(colors.color(value)),
        },
        map === chosen,
        () => choose(map),
      ),
    ),
  );
}

/**
 * @param {{name: string, value: number, share: number, color: string}} content @param {boolean} chosen
 * @param {() => void} onclick
 * @returns {HTMLElement}
 */
function buildScore({ name, value, share, color }, chosen, onclick) {
  return build([
    "button",
    { type: "button", "aria-pressed": String(chosen), "data-key": `score-${name}`, onclick },
    ["span", name],
    ["span", { class: "track" }, ["i", { style: { width: `${(100 * share).toFixed(1)}%`, background: color } }]],
    ["span", { class: "mono" }, shortNumber(value)],
  ]);
}

/** Maps of one cell each as a list of bars: the outputs of a fully connected layer, or the scores of the classes. */

import { mapValues, signedScale } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { shortValue } from "convoscope/pure/text/percent.js";
import { build, fill, readZoom } from "convoscope/ui/dom.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/** More maps than this are shown as small maps. */
const MOST_SCORES = 24;
/** The place of a bar's color between near-white and the end of a signed scale: it is seen on every background. */
const STRENGTH = 0.75;

/** @param {Stage} stage */
export function isScoreVector({ shape: [maps, rows, columns] }) {
  return rows * columns === 1 && maps > 1 && maps <= MOST_SCORES;
}

/**
 * Shows the value of each map as a bar from 0: to the right and red above 0, to the left and blue below. Read from afar,
 * the classes of a network begin with the winner.
 * @param {HTMLElement} host
 * @param {{stage: Stage, chosen: number | null}} content
 * @param {(map: number) => void} choose
 */
export function showScores(host, { stage, chosen }, choose) {
  const values = Array.from({ length: stage.shape[0] }, (_, map) => mapValues(stage, map)[0]);
  const order = values.map((_, map) => map);
  if (stage.classes && readZoom(host) > 1) order.sort((a, b) => values[b] - values[a]);
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const toPercent = (/** @type {number} */ size) => `${((100 * size) / (most - least || 1)).toFixed(1)}%`;
  host.hidden = false;
  host.classList.add("scores");
  fill(
    host,
    ...order.map((map) =>
      buildScore(
        {
          name: stage.classes?.[map] ?? PAGE.scoreOf(map) + (stage.winners ? `: ${stage.winners[map]}` : ""),
          text: shortValue(stage, values[map]),
          bar: {
            "margin-left": toPercent(Math.min(0, values[map]) - least),
            width: toPercent(Math.abs(values[map])),
            background: signedScale(1).fill(Math.sign(values[map]) * STRENGTH),
          },
        },
        map === chosen,
        () => choose(map),
      ),
    ),
  );
}

/**
 * @param {{name: string, text: string, bar: Record<string, string>}} content @param {boolean} chosen
 * @param {() => void} onclick
 * @returns {HTMLElement}
 */
function buildScore({ name, text, bar }, chosen, onclick) {
  return build([
    "button",
    { type: "button", "aria-pressed": String(chosen), "data-key": `score-${name}`, onclick },
    ["span", name],
    ["span", { class: "track" }, ["i", { style: bar }]],
    ["span", { class: "mono" }, text],
  ]);
}

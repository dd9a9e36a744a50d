/** The row of buttons below the figure: back, play, on, the pace, the scrubber, the tempo. */

import { optionalPart, say } from "convoscope/dom.js";
import { PAGE } from "convoscope/strings.js";

/** @import {View} from "convoscope/types.js" */

export const TEMPOS = ["0.25", "0.5", "1", "2", "4", "8"];

/**
 * @typedef {object} TransportEvents
 * @property {() => void} onPlay
 * @property {(step: "first" | "previous" | "next" | "last") => void} onStep
 * @property {(position: number) => void} onScrub
 * @property {(view: Partial<View>) => void} onView
 */

/** @param {HTMLElement} root @param {TransportEvents} events */
export function createTransport(root, { onPlay, onStep, onScrub, onView }) {
  const host = optionalPart(root, "transport");
  if (!host) return { show() {} };
  const find = (/** @type {string} */ name) => optionalPart(host, name);
  const [play, scrub, count, tempo] = ["play", "scrub", "count", "tempo"].map(find);
  const range = /** @type {HTMLInputElement | null} */ (scrub);
  play?.addEventListener("click", onPlay);
  for (const step of /** @type {const} */ (["first", "previous", "next", "last"])) find(step)?.addEventListener("click", () => onStep(step));
  range?.addEventListener("input", () => onScrub(Number(range.value)));
  const select = /** @type {HTMLSelectElement | null} */ (tempo);
  select?.addEventListener("change", () => onView({ tempo: select.value }));
  for (const button of modeButtons(host)) button.addEventListener("click", () => onView({ mode: button.dataset.mode }));
  return {
    /** @param {{view: View, position: number, total: number, playing: boolean}} state */
    show({ view, position, total, playing }) {
      if (play && play.dataset.playing !== String(playing)) {
        play.dataset.playing = String(playing);
        play.setAttribute("aria-label", playing ? PAGE.pause : PAGE.play);
        play.title = playing ? PAGE.pause : PAGE.play;
      }
      if (range) {
        range.max = String(total - 1);
        range.value = String(position);
        range.setAttribute("aria-valuetext", PAGE.position(position, total));
      }
      if (count) say(count, PAGE.position(position, total));
      if (select) select.value = TEMPOS.includes(view.tempo) ? view.tempo : "1";
      for (const button of modeButtons(host)) button.setAttribute("aria-pressed", String(button.dataset.mode === view.mode));
    },
  };
}

/** @param {HTMLElement} host @returns {HTMLElement[]} */
function modeButtons(host) {
  return [...host.querySelectorAll("[data-mode]")].map((button) => /** @type {HTMLElement} */ (button));
}

/** The playback controls below the figure: back, play, forward, mode, scrubber and tempo. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, findPart, setText } from "convoscope/ui/dom.js";

/** @import {View} from "convoscope/pure/types.js" */

export const TEMPOS = ["0.25", "0.5", "1", "2", "4", "8"];

/**
 * @typedef {object} TransportEvents
 * @property {() => void} onPlay
 * @property {(step: "first" | "previous" | "next" | "last") => void} onStep
 * @property {(position: number) => void} onScrub
 * @property {(view: Partial<View>) => void} onView
 * @property {() => void} onPresent
 */

/** @param {HTMLElement} root @param {TransportEvents} events */
export function createTransport(root, { onPlay, onStep, onScrub, onView, onPresent }) {
  const host = findPart(root, "transport");
  if (!host) return { show() {} };
  const find = (/** @type {string} */ name) => findPart(host, name);
  const [play, scrub, count, tempo] = ["play", "scrub", "count", "tempo"].map(find);
  const range = /** @type {HTMLInputElement | null} */ (scrub);
  play?.addEventListener("click", onPlay);
  for (const button of [find("present"), findPart(root, "present-this")]) button?.addEventListener("click", onPresent);
  for (const step of /** @type {const} */ (["first", "previous", "next", "last"]))
    find(step)?.addEventListener("click", () => onStep(step));
  range?.addEventListener("input", () => onScrub(Number(range.value)));
  const select = /** @type {HTMLSelectElement | null} */ (tempo);
  select?.addEventListener("change", () => onView({ tempo: select.value }));
  listenMore(root, host, find("open-controls"));
  for (const button of findModeButtons(host))
    button.addEventListener("click", () => onView({ mode: button.dataset.mode }));
  return {
    /**
     * `stops` are the positions that the author chose; an empty list means all positions.
     * `press` counts the presses of a story, "" outside one.
     * @param {{view: View, position: number, total: number, stops: number[], press: string, playing: boolean}} state
     */
    show({ view, position, total, stops, press, playing }) {
      const text = [press, positionText(position, total, stops)].filter(Boolean).join(", ");
      if (play && play.dataset.playing !== String(playing)) {
        play.dataset.playing = String(playing);
        play.setAttribute("aria-label", playing ? PAGE.pause : PAGE.play);
        play.title = playing ? PAGE.pause : PAGE.play;
      }
      if (range) {
        range.max = String((stops.length || total) - 1);
        range.value = String(stops.length ? stopIndex(stops, position) : position);
        range.setAttribute("aria-valuetext", text);
      }
      if (count) {
        setText(count.children[0], text);
        setText(count.children[1], press || shortPosition(position, total, stops));
      }
      if (select) {
        select.value = view.tempo;
        if (select.value !== view.tempo) {
          select.append(build(["option", { value: view.tempo }, `${view.tempo}×`])); // a tempo from a link
          select.value = view.tempo;
        }
      }
      for (const button of findModeButtons(host))
        button.setAttribute("aria-pressed", String(button.dataset.mode === view.mode));
    },
  };
}

/**
 * The button of a narrow or low screen that shows the controls that have no room, on a low one the views too. A tap
 * elsewhere hides them again.
 * @param {HTMLElement} root @param {HTMLElement} host @param {HTMLElement | null} button
 */
function listenMore(root, host, button) {
  if (!button) return;
  const [explain, tabs] = [findPart(root, "explain"), findPart(root, "tabs")];
  const isLow = matchMedia("(max-height: 480px)");
  const show = (/** @type {boolean} */ isOpen) => {
    host.parentElement?.toggleAttribute("data-more", isOpen);
    if (tabs) (isOpen && isLow.matches ? host : explain)?.prepend(tabs);
    button.setAttribute("aria-expanded", String(isOpen));
  };
  const isOpen = () => button.getAttribute("aria-expanded") === "true";
  button.addEventListener("click", () => show(!isOpen()));
  document.addEventListener("click", ({ target }) => {
    const isBeside = target instanceof Element && !target.closest(".transport");
    if (isOpen() && (isBeside || (target instanceof Element && target.closest("[data-tab]")))) show(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen() || event.defaultPrevented) return;
    event.preventDefault();
    show(false);
  });
}

/** @param {number} position @param {number} total @param {number[]} stops */
function positionText(position, total, stops) {
  const stop = stops.indexOf(position);
  return stop < 0 ? PAGE.position(position, total) : PAGE.stop(stop, stops.length);
}

/** "380 / 900" @param {number} position @param {number} total @param {number[]} stops */
function shortPosition(position, total, stops) {
  const stop = stops.indexOf(position);
  return stop < 0 ? PAGE.shortPosition(position, total) : PAGE.shortPosition(stop, stops.length);
}

/**
 * Index of the stop at a position, or else of the last stop before it.
 * @param {number[]} stops @param {number} position
 */
function stopIndex(stops, position) {
  const before = stops.filter((stop) => stop <= position);
  return Math.max(0, stops.includes(position) ? stops.indexOf(position) : stops.indexOf(Math.max(...before)));
}

/** @param {HTMLElement} host @returns {HTMLElement[]} */
function findModeButtons(host) {
  return [...host.querySelectorAll("[data-mode]")].map((button) => /** @type {HTMLElement} */ (button));
}

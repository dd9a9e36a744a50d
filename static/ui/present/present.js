/**
 * Presenting: the figure fills the screen, large enough for the last row. Everything around it is out of sight and
 * comes back as it was; the controls fade while nobody moves the pointer; the screen turns black on demand.
 */

import { PRESENT } from "convoscope/pure/strings/present-strings.js";
import { build, optionalPart, part } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { createIdle } from "convoscope/ui/present/fade-when-idle.js";
import { openCode } from "convoscope/ui/present/qr-code.js";

/** @import {Action} from "convoscope/pure/keys.js" */

/**
 * @typedef {object} PresentEvents
 * @property {() => void} onLeave presenting is over
 * @property {() => void} onChange the figure has another size or other colors
 * @property {(() => string) | undefined} address where an audience finds the figure; left out, nowhere
 */

/** On a screen so high the figure is as large as on a desk, in CSS pixels. */
const DESK = 450;
/** A screen higher than so many times its width is measured by its width. */
const UPRIGHT = 1.4;

/** @param {HTMLElement} root @param {PresentEvents} events */
export function createPresent(root, events) {
  const page = document.documentElement;
  const controls = optionalPart(root, "transport");
  const idle = createIdle(page, controls);
  const extra = build([
    "div",
    { class: "present-controls", role: "group", "aria-label": PRESENT.controls },
    [
      "button",
      { type: "button", class: "button plain", "data-part": "fullscreen", onclick: fillScreen },
      PRESENT.fullscreen,
    ],
    [
      "button",
      { type: "button", class: "button plain", "data-part": "blank", onclick: () => blank(true) },
      PRESENT.blank,
    ],
    events.address && [
      "button",
      { type: "button", class: "button plain", "data-part": "code", onclick: showCode },
      PRESENT.code,
    ],
    ["button", { type: "button", class: "button plain", "data-part": "leave", onclick: events.onLeave }, PRESENT.leave],
  ]);
  const black = build([
    "div",
    { class: "black-screen", "data-part": "black", role: "status", onclick: () => blank(false) },
    ["p", { class: "unseen" }, PRESENT.black],
  ]);
  /** Where the keyboard was before. @type {Element | null} */
  let before = null;
  let filled = false;
  /** @type {AbortController | null} */
  let listening = null;

  async function fillScreen() {
    try {
      if (navigator.userActivation?.isActive !== false) await page.requestFullscreen?.();
      filled = document.fullscreenElement !== null;
    } catch {
      filled = false; // not allowed: it fills the window
    }
  }

  /** Escape leaves the full screen without a key being heard. */
  function screenChanged() {
    const full = document.fullscreenElement !== null;
    part(extra, "fullscreen").hidden = full || !document.fullscreenEnabled;
    if (filled && !full) events.onLeave();
    filled = full;
  }

  function measure() {
    root.style.setProperty(
      "--afar",
      String(Math.max(1.05, Math.min(window.innerHeight, UPRIGHT * window.innerWidth) / DESK)),
    );
  }

  /** @param {boolean} on */
  function blank(on) {
    if (on) root.append(black);
    else black.remove();
    page.toggleAttribute("data-black", on);
  }

  function showCode() {
    if (events.address) openCode(root, events.address());
  }

  return {
    async enter() {
      if (listening) return;
      before = document.activeElement;
      listening = new AbortController();
      const { signal } = listening;
      addEventListener("resize", measure, { signal });
      document.addEventListener("fullscreenchange", screenChanged, { signal });
      await Promise.all([fillScreen(), loadStylesheet("present")]);
      if (signal.aborted) return;
      page.dataset.present = "";
      controls?.append(extra);
      measure();
      screenChanged();
      idle.start();
      events.onChange();
    },
    leave() {
      if (!listening) return;
      listening.abort();
      listening = null;
      idle.stop();
      blank(false);
      root.querySelector("dialog.code")?.remove();
      extra.remove();
      delete page.dataset.present;
      root.style.removeProperty("--afar");
      if (filled && document.fullscreenElement) document.exitFullscreen();
      filled = false;
      events.onChange();
      if (before instanceof HTMLElement && before.isConnected && before !== document.body)
        before.focus({ preventScroll: true });
    },
    /** @param {Action} action @returns {boolean} whether it is done */
    act(action) {
      if (black.isConnected) blank(false);
      else if (action === "black-screen") blank(true);
      else if (action === "qr-code") showCode();
      else if (action === "release") events.onLeave();
      else return false;
      return true;
    },
  };
}

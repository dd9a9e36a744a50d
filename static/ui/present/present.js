/**
 * Presentation mode: the figure fills the screen, large enough for the last row. Everything else is hidden and later
 * restored; the controls fade when idle; a key turns the screen black.
 */

import { PRESENT } from "convoscope/pure/strings/present-strings.js";
import { build, findPart, getPart, isTouched } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { createIdleFade } from "convoscope/ui/present/fade-when-idle.js";
import { openQrDialog } from "convoscope/ui/present/qr-code.js";
import { createStageTrail } from "convoscope/ui/present/stage-trail.js";

/** @import {Action} from "convoscope/pure/keys.js" */

/**
 * @typedef {object} PresentEvents
 * @property {() => void} onLeave the user leaves the presentation
 * @property {(stage: number) => void} onStage the user chooses a stage
 * @property {() => void} onChange the figure's size or colors changed
 * @property {(() => string) | undefined} address URL of the figure for the audience; undefined: no QR code
 */

/** Screen height at which the figure has its normal size, in CSS pixels. */
const DESKTOP_HEIGHT = 450;
/** Height to width above which the width determines the scale. */
const PORTRAIT_RATIO = 1.4;

/** @param {HTMLElement} root @param {PresentEvents} events */
export function createPresentation(root, events) {
  const page = document.documentElement;
  const touched = isTouched();
  const controls = findPart(root, "transport");
  const trail = createStageTrail(events.onStage);
  const idleFade = createIdleFade(page, controls);
  const presentControls = build([
    "div",
    { class: "present-controls", role: "group", "aria-label": PRESENT.controls },
    [
      "button",
      { type: "button", class: "button plain", "data-part": "fullscreen", onclick: enterFullscreen },
      PRESENT.fullscreen,
    ],
    [
      "button",
      { type: "button", class: "button plain", "data-part": "blank", onclick: () => setBlank(true) },
      touched ? PRESENT.blankByTouch : PRESENT.blank,
    ],
    events.address && [
      "button",
      { type: "button", class: "button plain", "data-part": "code", onclick: showQrCode },
      touched ? PRESENT.codeByTouch : PRESENT.code,
    ],
    [
      "button",
      { type: "button", class: "button plain", "data-part": "leave", onclick: events.onLeave },
      touched ? PRESENT.leaveByTouch : PRESENT.leave,
    ],
  ]);
  const black = build([
    "div",
    { class: "black-screen", "data-part": "black", role: "status", onclick: () => setBlank(false) },
    ["p", { class: "unseen" }, touched ? PRESENT.blackByTouch : PRESENT.black],
  ]);
  /** The element that had the focus before. @type {Element | null} */
  let focusBefore = null;
  let isFullscreen = false;
  /** @type {AbortController | null} */
  let listening = null;

  async function enterFullscreen() {
    try {
      if (navigator.userActivation?.isActive !== false) await page.requestFullscreen?.();
      isFullscreen = document.fullscreenElement !== null;
    } catch {
      isFullscreen = false; // full screen is not allowed: the figure fills the window
    }
  }

  /** Escape leaves full screen without a key event. */
  function handleFullscreenChange() {
    const full = document.fullscreenElement !== null;
    getPart(presentControls, "fullscreen").hidden = full || !document.fullscreenEnabled;
    if (isFullscreen && !full) events.onLeave();
    isFullscreen = full;
  }

  function setScale() {
    root.style.setProperty(
      "--afar",
      String(Math.max(1.05, Math.min(window.innerHeight, PORTRAIT_RATIO * window.innerWidth) / DESKTOP_HEIGHT)),
    );
  }

  /** @param {boolean} on */
  function setBlank(on) {
    if (on) root.append(black);
    else black.remove();
    page.toggleAttribute("data-black", on);
  }

  function showQrCode() {
    if (events.address) openQrDialog(root, events.address());
  }

  return {
    async enter() {
      if (listening) return;
      focusBefore = document.activeElement;
      listening = new AbortController();
      const { signal } = listening;
      addEventListener("resize", setScale, { signal });
      document.addEventListener("fullscreenchange", handleFullscreenChange, { signal });
      await Promise.all([enterFullscreen(), loadStylesheet("present")]);
      if (signal.aborted) return;
      page.dataset.present = "";
      controls?.append(presentControls);
      root.prepend(trail.element);
      setScale();
      handleFullscreenChange();
      idleFade.start();
      events.onChange();
    },
    leave() {
      if (!listening) return;
      listening.abort();
      listening = null;
      idleFade.stop();
      setBlank(false);
      root.querySelector("dialog.code")?.remove();
      presentControls.remove();
      trail.element.remove();
      delete page.dataset.present;
      root.style.removeProperty("--afar");
      if (isFullscreen && document.fullscreenElement) document.exitFullscreen();
      isFullscreen = false;
      events.onChange();
      if (focusBefore instanceof HTMLElement && focusBefore.isConnected && focusBefore !== document.body)
        focusBefore.focus({ preventScroll: true });
    },
    show: trail.show,
    /** @param {Action} action @returns {boolean} whether it was handled */
    act(action) {
      if (black.isConnected) setBlank(false);
      else if (action === "black-screen") setBlank(true);
      else if (action === "qr-code") showQrCode();
      else if (action === "release") events.onLeave();
      else return false;
      return true;
    },
  };
}

/**
 * The settings as a sheet from below, on a narrow or low screen. It has a handle to drag and three heights; a cross, a
 * tap beside it, a swipe down and Escape close it. The bar with Play stays above it.
 */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, getPart } from "convoscope/ui/dom.js";

/** The heights, from the lowest to the highest. */
const HEIGHTS = ["low", "half", "full"];
/** The screens on which the settings are a sheet. */
const NARROW_OR_LOW = "(max-width: 900px), (max-height: 480px)";
/** Pixels that a finger moves before it drags the handle. */
const SLACK = 8;

/** @param {HTMLElement} root */
export function createSettingsSheet(root) {
  const [side, button] = [getPart(root, "side"), getPart(root, "open-sheet")];
  const handle = build([
    "button",
    {
      type: "button",
      class: "handle",
      "data-part": "sheet-handle",
      "aria-label": PAGE.sheetHandle,
      onkeydown: stepByKey,
    },
  ]);
  const head = build([
    "div",
    { class: "sheet-head" },
    handle,
    [
      "button",
      {
        type: "button",
        class: "icon",
        "data-part": "close-sheet",
        "aria-label": PAGE.closeSettings,
        title: PAGE.closeSettings,
        onclick: () => close(),
      },
      "✕",
    ],
  ]);
  /** Where a finger took the handle, and how high the sheet was. @type {{y: number, height: number} | null} */
  let drag = null;
  let wasDragged = false;

  function isOpen() {
    return root.dataset.sheet !== undefined;
  }

  /** @param {string} height */
  function open(height) {
    root.dataset.sheet = height;
    side.classList.add("open");
    button.setAttribute("aria-expanded", "true");
    if (!head.isConnected) side.prepend(head);
  }

  function close() {
    if (!isOpen()) return;
    const hadFocus = side.contains(document.activeElement);
    delete root.dataset.sheet;
    root.style.removeProperty("--sheet");
    side.classList.remove("open");
    button.setAttribute("aria-expanded", "false");
    if (hadFocus) button.focus({ preventScroll: true });
  }

  /** Goes to the next height, up or down; below the lowest it closes. @param {number} by */
  function step(by) {
    const to = HEIGHTS.indexOf(root.dataset.sheet ?? "") + by;
    if (to < 0) close();
    else open(HEIGHTS[Math.min(to, HEIGHTS.length - 1)]);
  }

  /** @param {KeyboardEvent} event */
  function stepByKey(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    event.stopPropagation(); // the arrows would move the window too
    step(event.key === "ArrowUp" ? 1 : -1);
  }

  /** Snaps to the height nearest to where the sheet was let go. @param {number} height in pixels */
  function settle(height) {
    const full = window.innerHeight;
    root.style.removeProperty("--sheet");
    if (height < 0.17 * full) return close();
    open(height < 0.41 * full ? "low" : height < 0.68 * full ? "half" : "full");
  }

  head.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Element && event.target.closest(".icon")) return;
    drag = { y: event.clientY, height: side.offsetHeight };
    wasDragged = false;
    head.setPointerCapture(event.pointerId);
  });
  head.addEventListener("pointermove", (event) => {
    if (!drag || (!wasDragged && Math.abs(event.clientY - drag.y) < SLACK)) return;
    wasDragged = true;
    root.dataset.dragged = "";
    const height = drag.height + drag.y - event.clientY;
    root.style.setProperty("--sheet", `${Math.min(Math.max(height, 0), window.innerHeight - 110)}px`);
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
    head.addEventListener(end, () => {
      delete root.dataset.dragged;
      if (drag && wasDragged) settle(side.offsetHeight);
      else if (drag) step(root.dataset.sheet === "full" ? -1 : 1); // a tap on the handle
      drag = null;
    });
  button.addEventListener("click", () => (isOpen() ? close() : open("half")));
  document.addEventListener("pointerdown", ({ target }) => {
    if (!isOpen() || !(target instanceof Element)) return;
    if (target.closest(".side, .transport, .top, dialog, .bubble")) return;
    close();
    // The tap that closes the sheet does not also leave the page.
    target.closest("a")?.addEventListener("click", (event) => event.preventDefault(), { once: true });
  });
  const closeByKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !isOpen() || document.querySelector("dialog[open], :popover-open")) return;
    event.preventDefault();
    close();
  };
  document.addEventListener("keydown", closeByKey, true); // before the figure, which would unpin its window
  const narrow = matchMedia(NARROW_OR_LOW);
  narrow.addEventListener("change", ({ matches }) => !matches && close());

  return {
    close,
    /** Opens the whole sheet where the settings do not stand beside the figure. */
    openWhereNarrow: () => narrow.matches && open("full"),
  };
}

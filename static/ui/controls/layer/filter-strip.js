/** The filters as a line under the figure, where the settings are a sheet: one tap shows what a filter does. */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { fill, findPart } from "convoscope/ui/dom.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Screens that have the line; the stylesheet says the same. */
const UPRIGHT_PHONE = "(max-width: 900px) and (min-height: 481px)";

/** @param {HTMLElement} root */
export function createFilterStrip(root) {
  const host = findPart(root, "filter-strip");
  const isPhone = matchMedia(UPRIGHT_PHONE);
  /** @type {{buttons: () => Description[], onAll: () => void} | null} */
  let shown = null;

  function render() {
    if (!host) return;
    host.hidden = shown === null;
    if (!shown || !isPhone.matches) return fill(host);
    const all = ["button", { type: "button", class: "link", onclick: shown.onAll }, CONTROLS.allFilters];
    fill(host, ...shown.buttons(), /** @type {Description} */ (all));
    for (const button of host.children) button.removeAttribute("data-key"); // that of the tray in the settings
    const pressed = /** @type {HTMLElement | null} */ (host.querySelector("[aria-pressed=true]"));
    if (pressed) host.scrollLeft = pressed.offsetLeft - host.clientWidth / 2;
  }

  isPhone.addEventListener("change", render);
  return {
    /** @param {{buttons: () => Description[], onAll: () => void} | null} filters null: the layer has no filters */
    show(filters) {
      shown = filters;
      render();
    },
  };
}

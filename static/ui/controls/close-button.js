/** The button that closes a dialog. */

import { build } from "convoscope/ui/dom.js";
import { PAGE } from "convoscope/pure/strings/strings.js";

export function closer() {
  return build(["button", { type: "button", class: "button plain", "aria-label": PAGE.close, onclick: (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.target).closest("dialog")?.close() }, "✕"]);
}

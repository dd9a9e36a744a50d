/** The button that closes a dialog. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { build } from "convoscope/ui/dom.js";

export function closer() {
  return build([
    "button",
    {
      type: "button",
      class: "button plain",
      "aria-label": PAGE.close,
      onclick: (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.target).closest("dialog")?.close(),
    },
    "✕",
  ]);
}

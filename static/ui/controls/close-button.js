/** The button that closes a dialog. */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { build } from "convoscope/ui/dom.js";

export function closeButton() {
  return build([
    "button",
    {
      type: "button",
      class: "button plain",
      "aria-label": CONTROLS.close,
      onclick: (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.target).closest("dialog")?.close(),
    },
    "✕",
  ]);
}

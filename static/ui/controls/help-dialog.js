/** The help dialog: texts, keyboard shortcuts, and the option to turn single-character shortcuts off. */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { HELP } from "convoscope/pure/strings/help-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build } from "convoscope/ui/dom.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * @param {HTMLElement} root
 * @param {{texts: string[], keys: Record<string, string>, singles: boolean, onSingles: (on: boolean) => void}} help
 */
export function openHelpDialog(root, { texts, keys, singles, onSingles }) {
  const rows = Object.entries(keys).flatMap(
    ([name, text]) =>
      /** @type {Description[]} */ ([
        ["dt", ...name.split(" ").map((key) => /** @type {Description} */ (["kbd", key]))],
        ["dd", text],
      ]),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { "aria-label": CONTROLS.help, class: "help" },
      ["header", ["h2", CONTROLS.help], closeButton()],
      ...texts.map((text) => /** @type {Description} */ (["p", text])),
      ["h3", HELP.keysTitle],
      ["dl", { class: "keys" }, ...rows],
      [
        "label",
        { class: "check" },
        [
          "input",
          {
            type: "checkbox",
            checked: singles,
            "data-part": "single-keys",
            onchange: (/** @type {Event} */ event) => onSingles(/** @type {HTMLInputElement} */ (event.target).checked),
          },
        ],
        HELP.singleKeys,
      ],
    ])
  );
  dialog.addEventListener("close", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
}

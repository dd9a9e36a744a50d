/**
 * The help dialog: short blocks of sentences with the keys of each, and the option to turn single-character shortcuts off.
 * On a touch screen it names no keys.
 */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { HELP } from "convoscope/pure/strings/help-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build, isTouched } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {import("convoscope/pure/strings/help-strings.js").HelpGroup} HelpGroup */

/**
 * @param {HTMLElement} root
 * @param {{groups: HelpGroup[], singles: boolean, onSingles: (on: boolean) => void}} help
 */
export function openHelpDialog(root, { groups, singles, onSingles }) {
  const touched = isTouched();
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { "aria-label": CONTROLS.help, class: "help" },
      ["header", ["h2", CONTROLS.help], closeButton()],
      ["div", { class: "help-groups" }, ...groups.map((group) => describeGroup(group, touched))],
      !touched && [
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

/** @param {HelpGroup} group @param {boolean} touched whether fingers use the page @returns {Description} */
function describeGroup({ title, texts, touchTexts, keys }, touched) {
  const rows = Object.entries(touched ? {} : keys).flatMap(
    ([name, text]) =>
      /** @type {Description[]} */ ([
        ["dt", ...name.split(" ").map((key) => /** @type {Description} */ (["kbd", key]))],
        ["dd", text],
      ]),
  );
  return [
    "section",
    ["h3", title],
    ...((touched && touchTexts) || texts).map((text) => /** @type {Description} */ (["p", ...linkTerms(text)])),
    rows.length > 0 && ["dl", { class: "keys" }, ...rows],
  ];
}

/**
 * A sentence with its terms as links to the glossary: `[Padding](padding)`.
 * @param {string} text @returns {(string | Description)[]}
 */
function linkTerms(text) {
  return text.split(/(\[[^\]]+\]\([a-z0-9-]+\))/).map((part) => {
    const [, word, term] = /^\[([^\]]+)\]\(([a-z0-9-]+)\)$/.exec(part) ?? [];
    return term ? ["a", { class: "term", href: siteAddress(`/glossary#${term}`), target: "_blank" }, word] : part;
  });
}

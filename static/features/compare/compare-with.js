/** The dialog “Compare with…”: figures that differ in one thing, and a field for the link of any other. */

import { compareQuery, linkOfScene, otherFigures } from "convoscope/pure/link/compare-links.js";
import { COMPARE } from "convoscope/pure/strings/control-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Option, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {HTMLElement} root @param {Trace} trace @param {View} view @param {Option[]} table of the View */
export async function openCompareWith(root, trace, view, table) {
  await Promise.all(["settings", "share"].map(loadStylesheet));
  if (document.querySelector("dialog[open]")) return;
  const address = (/** @type {string} */ other) => siteAddress(`/compare?${compareQuery(trace, view, table, other)}`);
  const field = /** @type {HTMLInputElement} */ (
    build([
      "input",
      {
        class: "field",
        "data-part": "other-link",
        autocomplete: "off",
        spellcheck: "false",
        "aria-label": COMPARE.link,
      },
    ])
  );
  const rows = otherFigures(trace, view).map(
    (one) =>
      /** @type {Description} */ ([
        "li",
        ["a", { href: address(linkOfScene(one)), "data-other": one.kind }, COMPARE.other(one.kind)],
      ]),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { class: "share", "aria-label": COMPARE.with, "data-part": "compare-with" },
      ["header", ["h2", COMPARE.with], closeButton()],
      ["section", ["p", { class: "muted" }, COMPARE.withHelp], ["ul", ...rows]],
      [
        "form",
        {
          onsubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            location.assign(address(field.value.trim()));
          },
        },
        ["h3", COMPARE.link],
        ["div", { class: "copy-line" }, field, ["button", { class: "button primary" }, COMPARE.show]],
        ["p", { class: "small muted" }, COMPARE.linkHelp],
      ],
    ])
  );
  dialog.addEventListener("close", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
}

/** A preview for students in a frame: the page of the link, the embed, or the page on a phone. */

import { AUTHORING } from "convoscope/pure/strings/authoring-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @type {Record<string, string>} */
const PATHS = { page: "/", embed: "/embed", phone: "/" };

/** @param {HTMLElement} root @param {string} query */
export function openPreview(root, query) {
  const frame = /** @type {HTMLIFrameElement} */ (
    build(["iframe", { title: AUTHORING.previewTitle, "data-part": "preview-frame" }])
  );
  const choices = build([
    "div",
    { class: "choices", role: "group", "aria-label": AUTHORING.previewTitle },
    ...Object.keys(PATHS).map(
      (where) =>
        /** @type {import("convoscope/ui/dom.js").Description} */ ([
          "button",
          { type: "button", "data-where": where, onclick: () => show(where) },
          AUTHORING.where(where),
        ]),
    ),
  ]);
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { class: "preview", "aria-label": AUTHORING.previewTitle },
      ["header", ["h2", AUTHORING.previewTitle], choices, closeButton()],
      frame,
    ])
  );
  dialog.addEventListener("close", () => dialog.remove());
  show("page");
  root.append(dialog);
  dialog.showModal();

  /** @param {string} where */
  function show(where) {
    for (const button of choices.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset.where === where));
    frame.dataset.where = where;
    frame.src = siteAddress(`${PATHS[where]}${query ? `?${query}` : ""}`);
  }
}

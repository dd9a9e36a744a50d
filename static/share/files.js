/** The figure as a file: the page that opens from disk, a map as a picture. */

import { build, fill } from "convoscope/dom.js";
import { SHARE } from "convoscope/strings/share.js";
import { mergeQuery } from "convoscope/view.js";

/** @import {Figure, Get} from "convoscope/share/dialog.js" */
/** @typedef {import("convoscope/dom.js").Description} Description */

/** @param {Figure} figure @param {string} query @param {Get} get @returns {Description} */
export function filesPart({ trace, view, table }, query, get) {
  const says = build(["p", { class: "small muted", role: "status", "data-part": "share-says" }]);
  const brought = "upload" in trace.scene.image;
  const map = mergeQuery(trace.link, view, table);
  const page = `/api/export/html?${[query, brought && "picture=1"].filter(Boolean).join("&")}`;
  const save = (/** @type {string} */ address, /** @type {string} */ name) => () => bring(get, address, name, says);
  const savePage = save(page, "convoscope.html");
  return ["section", { "aria-label": SHARE.take }, ["h3", SHARE.take],
    ["div", { class: "takes" },
      ["button", { type: "button", class: "button", title: SHARE.fileHelp, "data-part": "save-page", onclick: brought ? () => askFirst(says, savePage) : savePage }, SHARE.file],
      ["button", { type: "button", class: "button", title: SHARE.mapHelp, "data-part": "save-map", onclick: save(`/api/picture.png${map ? `?${map}` : ""}`, "convoscope.png") }, SHARE.map]],
    says];
}

/** Whether the user's own picture may go in. @param {HTMLElement} says @param {() => void} save */
function askFirst(says, save) {
  fill(says, `${SHARE.filePicture} `,
    ["button", { type: "button", class: "button", "data-part": "save-with-picture", onclick: save }, SHARE.fileAnyway], " ",
    ["button", { type: "button", class: "button plain", onclick: () => fill(says) }, SHARE.cancel]);
  /** @type {HTMLElement} */ (says.querySelector("button")).focus();
}

/** @param {Get} get @param {string} address @param {string} name @param {HTMLElement} says */
async function bring(get, address, name, says) {
  fill(says, SHARE.making);
  try {
    const file = await get(address);
    const link = /** @type {HTMLAnchorElement} */ (build(["a", { href: URL.createObjectURL(file), download: file instanceof File ? file.name : name }]));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    fill(says, SHARE.saved);
  } catch (problem) {
    fill(says, /** @type {Error} */ (problem).message);
  }
}

/** Gives a file to the browser, which saves it. */

import { build } from "convoscope/ui/dom.js";

/** The browser has read the file by then. */
const KEPT_MS = 60_000;

/** @param {Blob} file @param {string} name that it is saved under */
export function giveFile(file, name) {
  const href = URL.createObjectURL(file);
  /** @type {HTMLElement} */ (build(["a", { href, download: name }])).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}

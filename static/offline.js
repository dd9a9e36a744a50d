/**
 * The offline shell: the bare figure in one HTML file that is opened from disk. Its Trace stands in the page itself, as
 * base64 of the bytes that the server would send, with the numbers of every stage: there is nobody to ask for more.
 */

import { part } from "convoscope/dom.js";
import { parseView } from "convoscope/view.js";
import { createViewer } from "convoscope/viewer.js";
import { readTrace } from "convoscope/wire.js";

const root = part(document, "page");
const tables = JSON.parse(part(document, "tables").textContent ?? "{}");
const view = parseView(location.search || tables.query, tables.view);
document.documentElement.dataset.theme = view.theme;

const viewer = createViewer(root, view, tables, { onView() {}, onEdit() {}, onWanted() {}, onHelp() {} });
viewer.show(readTrace(bytesOf(part(document, "trace").textContent ?? "")));
if (view.play) viewer.play();

/** @param {string} base64 @returns {ArrayBuffer} */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64.trim()), (letter) => letter.charCodeAt(0)).buffer;
}

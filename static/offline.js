/**
 * The offline shell: the bare figure in one HTML file that is opened from disk. Its Trace stands in the page itself, as
 * base64 of the bytes that the server would send, with the numbers of every stage: there is nobody to ask for more.
 */

import { part } from "convoscope/dom.js";
import { parseView } from "convoscope/view.js";
import { createViewer } from "convoscope/viewer.js";
import { fromText, readTrace } from "convoscope/wire.js";

const root = part(document, "page");
const tables = JSON.parse(part(document, "tables").textContent ?? "{}");
const view = parseView(location.search || tables.query, tables.view);
document.documentElement.dataset.theme = view.theme;

const viewer = createViewer(root, view, tables, { onView() {}, onEdit() {}, onWanted() {}, onHelp() {} });
viewer.show(readTrace(fromText(part(document, "trace").textContent ?? "")));
if (view.play) viewer.play();

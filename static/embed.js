/** The embed's shell: the bare figure for an iframe. It reads its own address once and never changes it. */

import { build, fill, part } from "convoscope/dom.js";
import { PAGE } from "convoscope/strings.js";
import { parseView } from "convoscope/view.js";
import { createViewer } from "convoscope/viewer.js";
import { fromText, readTrace } from "convoscope/wire.js";

const root = part(document, "page");
const tables = JSON.parse(part(document, "tables").textContent ?? "{}");
const view = parseView(location.search || tables.query, tables.view);
document.documentElement.dataset.theme = view.theme;

const viewer = createViewer(root, view, tables, { onView() {}, onEdit() {}, onWanted: (stages) => load(stages), onHelp() {} });

/** @param {number[]} [stages] whose numbers are wanted */
async function load(stages) {
  const query = [tables.link, stages && `stages=${stages.join(",")}`].filter(Boolean).join("&");
  try {
    if (tables.gone) return viewer.show(readTrace(fromText(tables.trace)));
    const answer = await fetch(`/api/trace${query ? `?${query}` : ""}`);
    if (!answer.ok) throw new Error(PAGE.broken);
    viewer.show(readTrace(await answer.arrayBuffer()));
    if (view.play && !stages) viewer.play();
  } catch {
    fill(part(root, "problems"), build(["div", { class: "problem" }, ["p", PAGE.unreachable], ["button", { type: "button", class: "button", onclick: () => load(stages) }, PAGE.retry]]));
  }
}

load();

/** The page of all lessons: how far somebody is in each, in this tab. */

import { readProgress } from "convoscope/shells/lesson/progress.js";
import { getPart } from "convoscope/ui/dom.js";
import { listenPlainHeader } from "convoscope/ui/page/plain-header.js";

const root = document.body;

for (const card of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-part=lesson-card]"))) {
  const done = new Set(readProgress(card.dataset.name ?? "").done).size;
  const place = getPart(card, "progress");
  if (!done) continue;
  place.textContent = (place.dataset.text ?? "").replace("{done}", String(done));
  place.toggleAttribute("data-done", done >= Number(card.dataset.scenes));
}
listenPlainHeader(root);

/** The page of all lessons: how far somebody is in each, in this tab. */

import { readProgress } from "convoscope/shells/lesson/progress.js";
import { getPart } from "convoscope/ui/dom.js";
import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";

const root = document.body;

for (const card of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-part=lesson-card]"))) {
  const done = new Set(readProgress(card.dataset.name ?? "").done).size;
  const place = getPart(card, "progress");
  if (!done) continue;
  place.textContent = (place.dataset.text ?? "").replace("{done}", String(done));
  place.toggleAttribute("data-done", done >= Number(card.dataset.scenes));
}
applyTheme(root, theme());
listenHeader(root, { theme, onTheme: changeTheme });

/** @returns {string} the theme of the page */
function theme() {
  return document.documentElement.dataset.theme ?? "auto";
}

/** Gives page and thumbnails another theme, and keeps it in the address. @param {string} next */
function changeTheme(next) {
  applyTheme(root, next);
  const address = new URL(location.href);
  if (next === "auto") address.searchParams.delete("theme");
  else address.searchParams.set("theme", next);
  history.replaceState(null, "", address);
  const media = { auto: "(prefers-color-scheme: dark)", dark: "all" }[next] ?? "not all";
  for (const source of root.querySelectorAll("source")) source.media = media;
}

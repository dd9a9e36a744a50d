/** The pages of exercises: the one that makes them, and the one on which a student answers. */

import { startMaker } from "convoscope/shells/exercises/exercise-form.js";
import { startTries } from "convoscope/shells/exercises/exercise-tries.js";
import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";

const root = document.body;

applyTheme(root, theme());
listenHeader(root, { theme, onTheme: changeTheme });
if (root.querySelector("[data-part=maker]")) startMaker(root);
else startTries(root);

/** @returns {string} the theme of the page */
function theme() {
  return document.documentElement.dataset.theme ?? "auto";
}

/** Gives page and pictures another theme, and keeps it in the address. @param {string} next */
function changeTheme(next) {
  applyTheme(root, next);
  const address = new URL(location.href);
  if (next === "auto") address.searchParams.delete("theme");
  else address.searchParams.set("theme", next);
  history.replaceState(history.state, "", address);
  const media = { auto: "(prefers-color-scheme: dark)", dark: "all" }[next] ?? "not all";
  for (const source of root.querySelectorAll("source")) source.media = media;
}

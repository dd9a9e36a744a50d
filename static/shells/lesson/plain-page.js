/** A page that is read and printed: its header alone has something to press. */

import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";

const root = document.body;
applyTheme(root, theme());
listenHeader(root, { theme, onTheme: (next) => applyTheme(root, next) });

/** @returns {string} the theme of the page */
function theme() {
  return document.documentElement.dataset.theme ?? "auto";
}

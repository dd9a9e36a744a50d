/** The header of a page without a figure: the theme is kept in the address, and pictures follow it. */

import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";

/** @param {HTMLElement} root */
export function listenPlainHeader(root) {
  applyTheme(root, theme());
  listenHeader(root, { theme, onTheme: (next) => changeTheme(root, next) });
}

/** @returns {string} the theme of the page */
function theme() {
  return document.documentElement.dataset.theme ?? "auto";
}

/** Gives page and pictures another theme. @param {HTMLElement} root @param {string} next */
function changeTheme(root, next) {
  applyTheme(root, next);
  writeAddress("theme", next === "auto" ? "" : next);
  const media = { auto: "(prefers-color-scheme: dark)", dark: "all" }[next] ?? "not all";
  for (const source of root.querySelectorAll("source")) source.media = media;
}

/** Keeps a choice in the address. @param {string} key @param {string} value "" for none */
export function writeAddress(key, value) {
  const address = new URL(location.href);
  if (value) address.searchParams.set(key, value);
  else address.searchParams.delete(key);
  history.replaceState(history.state, "", address);
}

/** The page header: theme, help, and the button that opens the settings as a sheet on narrow screens. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { fill, getPart } from "convoscope/ui/dom.js";

const THEMES = ["auto", "light", "dark", "projector"];

/**
 * @param {HTMLElement} root @param {{theme: () => string, onTheme: (theme: string) => void, onHelp: () => void}} events
 */
export function listenHeader(root, { theme, onTheme, onHelp }) {
  getPart(root, "theme").addEventListener("click", () =>
    onTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]),
  );
  getPart(root, "help").addEventListener("click", onHelp);
  const sheet = getPart(root, "open-sheet");
  sheet.addEventListener("click", () =>
    sheet.setAttribute("aria-expanded", String(getPart(root, "side").classList.toggle("open"))),
  );
}

/** @param {HTMLElement} root @param {string} theme @returns {boolean} whether the theme changed */
export function applyTheme(root, theme) {
  const page = document.documentElement;
  const button = getPart(root, "theme");
  const changed = (page.dataset.theme ?? "auto") !== theme;
  if (changed) page.dataset.theme = theme;
  else if (button.hasChildNodes()) return false;
  fill(button, ["span", { "aria-hidden": "true" }, "◐ "], ["span", { class: "words" }, PAGE.themeName(theme)]);
  button.setAttribute("aria-label", PAGE.theme(theme));
  button.title = PAGE.themeHelp;
  return changed;
}

/** The page header: theme, help, and the menu that holds them on a narrow screen. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { getPart } from "convoscope/ui/dom.js";

const THEMES = ["auto", "light", "dark", "projector"];

/**
 * @param {HTMLElement} root @param {{theme: () => string, onTheme: (theme: string) => void, onHelp?: () => void}} events a
 * page without help has no button of it
 */
export function listenHeader(root, { theme, onTheme, onHelp }) {
  getPart(root, "theme").addEventListener("click", () =>
    onTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]),
  );
  if (onHelp) getPart(root, "help").addEventListener("click", onHelp);
  listenMenu(root);
}

/**
 * The menu of the header on a narrow screen. A click beside it or on one of its buttons closes it.
 * @param {HTMLElement} root
 */
function listenMenu(root) {
  const [button, menu] = [getPart(root, "open-menu"), getPart(root, "header-menu")];
  document.addEventListener("click", ({ target }) => {
    const isOpen = button.contains(/** @type {Node} */ (target)) && !menu.classList.contains("open");
    menu.classList.toggle("open", isOpen);
    button.setAttribute("aria-expanded", String(isOpen));
  });
}

/** @param {HTMLElement} root @param {string} theme @returns {boolean} whether the theme changed */
export function applyTheme(root, theme) {
  const page = document.documentElement;
  const button = getPart(root, "theme");
  const changed = (page.dataset.theme ?? "auto") !== theme;
  if (changed) page.dataset.theme = theme;
  button.setAttribute("aria-label", PAGE.theme(theme));
  button.title = PAGE.themeHelp;
  return changed;
}

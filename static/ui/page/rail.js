/**
 * The rail: the settings beside the figure, as two tabs, Image and Layer. It folds away to a narrow edge; a card of the
 * strip opens the tab that belongs to its stage.
 */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { findPart, getPart, isFocusByPointer } from "convoscope/ui/dom.js";

/** The key of the browser's storage; links never carry it. The page reads it before it is painted. */
const FOLDED_KEY = "convoscope-rail";

/** @typedef {"image" | "layer"} RailTab */

/**
 * @param {HTMLElement} root
 * @param {{usesSingleKeys: () => boolean}} settings whether single characters are shortcuts
 */
export function createRail(root, { usesSingleKeys }) {
  const list = getPart(root, "rail-tabs");
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[data-rail]")]);
  const fold = getPart(root, "fold");

  /** @param {RailTab} name */
  function open(name) {
    for (const tab of tabs) {
      const isOpen = tab.dataset.rail === name;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      getPanel(tab).hidden = !isOpen;
    }
  }

  /** @param {boolean} folded */
  function setFolded(folded) {
    if (folded) root.dataset.rail = "folded";
    else delete root.dataset.rail;
    localStorage.setItem(FOLDED_KEY, folded ? "folded" : "open");
    showFold();
  }

  function showFold() {
    const isFolded = root.dataset.rail === "folded";
    fold.setAttribute("aria-expanded", String(!isFolded));
    fold.setAttribute("aria-label", isFolded ? PAGE.unfold : PAGE.fold);
    fold.title = `${isFolded ? PAGE.unfold : PAGE.fold} (\\)`;
  }

  for (const tab of tabs) tab.addEventListener("click", () => open(/** @type {RailTab} */ (tab.dataset.rail)));
  list.addEventListener("keydown", (event) => {
    const to = nextTab(tabs, event.key);
    if (!to || isFocusByPointer()) return; // after a click the arrows are the figure's
    event.preventDefault();
    open(/** @type {RailTab} */ (to.dataset.rail));
    to.focus();
  });
  findPart(root, "strip")?.addEventListener("click", ({ target }) => {
    const item = target instanceof Element && target.closest(".stage")?.closest("li");
    if (item) open(item.previousElementSibling ? "layer" : "image");
  });
  fold.addEventListener("click", () => setFolded(root.dataset.rail !== "folded"));
  document.addEventListener("keydown", (event) => {
    if (!usesSingleKeys() || !foldsRail(event)) return;
    event.preventDefault();
    setFolded(root.dataset.rail !== "folded");
  });
  showFold();

  return {
    open,
    /** Shows the tab of a control with a wrong value. */
    showInvalid() {
      const wrong = getPart(root, "side").querySelector("[aria-invalid=true]");
      const tab = wrong && tabs.find((one) => getPanel(one).contains(wrong));
      if (!wrong) return;
      if (tab) open(/** @type {RailTab} */ (tab.dataset.rail));
      if (root.dataset.rail === "folded") setFolded(false);
    },
    /** Shows the tab that is left if the other one is hidden. @param {string[]} hide names of hidden parts */
    follow(hide) {
      if (hide.includes("image")) open("layer");
      else if (hide.includes("inspector")) open("image");
    },
  };
}

/** @param {HTMLElement} tab @returns {HTMLElement} */
function getPanel(tab) {
  return /** @type {HTMLElement} */ (document.getElementById(tab.getAttribute("aria-controls") ?? ""));
}

/** The tab that an arrow key, Home or End goes to. @param {HTMLElement[]} tabs @param {string} key */
function nextTab(tabs, key) {
  const now = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: tabs.length - 1 }[key];
  return to === undefined ? null : tabs[(to + tabs.length) % tabs.length];
}

/**
 * Whether a key folds the rail: the physical key of the backslash, whatever a layout writes with it.
 * @param {KeyboardEvent} event
 */
function foldsRail({ code, target, ctrlKey, altKey, metaKey, shiftKey, defaultPrevented }) {
  if (code !== "Backslash" || ctrlKey || altKey || metaKey || shiftKey || defaultPrevented) return false;
  const fields = "textarea, select, [contenteditable], input:not([type=checkbox], [type=range])";
  const isTyping = target instanceof Element && target.closest(fields);
  return !isTyping && !document.querySelector("dialog[open]") && !document.documentElement.hasAttribute("data-present");
}

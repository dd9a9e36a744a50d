/** Loads and opens a page's help dialog; stores whether single-character shortcuts are on. */

import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

const STORAGE_KEY = "convoscope-single-keys";

/** @typedef {{groups: import("convoscope/pure/strings/help-strings.js").HelpGroup[]}} Help */

/**
 * @param {HTMLElement} root @param {() => Promise<Help>} loadHelp
 * @param {(on: boolean) => void} onSingles called at once and on every change of the single-character setting
 * @returns {() => Promise<void>} opens it
 */
export function createHelpOpener(root, loadHelp, onSingles) {
  let singles = localStorage.getItem(STORAGE_KEY) !== "off";
  onSingles(singles);
  return async () => {
    const [{ openHelpDialog }, help] = await Promise.all([
      import("convoscope/ui/controls/help-dialog.js"),
      loadHelp(),
      loadStylesheet("settings"),
    ]);
    if (document.querySelector("dialog[open]")) return; // another dialog opened meanwhile
    openHelpDialog(root, {
      ...help,
      singles,
      onSingles: (on) => {
        singles = on;
        localStorage.setItem(STORAGE_KEY, on ? "on" : "off");
        onSingles(on);
      },
    });
  };
}

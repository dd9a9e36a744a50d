/** The help of a page, loaded when it is opened, and the one thing that a browser remembers of it. */

import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

const STORAGE_KEY = "convoscope-single-keys";

/** @typedef {{texts: string[], keys: Record<string, string>}} Help */

/**
 * @param {HTMLElement} root @param {() => Promise<Help>} loadHelp
 * @param {(on: boolean) => void} onSingles whether single characters are keys: told at once, and whenever it changes
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
    if (document.querySelector("dialog[open]")) return; // another was asked for meanwhile
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

/** The help of a page, loaded when it is opened, and the one thing that a browser remembers of it. */

import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

const SINGLE_KEYS = "convoscope-single-keys";

/** @typedef {{texts: string[], keys: Record<string, string>}} Help */

/**
 * @param {HTMLElement} root @param {() => Promise<Help>} texts
 * @param {(on: boolean) => void} onSingles whether single characters are keys: told at once, and whenever it changes
 * @returns {() => Promise<void>} opens it
 */
export function createHelp(root, texts, onSingles) {
  let singles = localStorage.getItem(SINGLE_KEYS) !== "off";
  onSingles(singles);
  return async () => {
    const [{ openKeys }, help] = await Promise.all([
      import("convoscope/ui/controls/help-dialog.js"),
      texts(),
      loadStylesheet("settings"),
    ]);
    if (document.querySelector("dialog[open]")) return; // another was asked for meanwhile
    openKeys(root, {
      ...help,
      singles,
      onSingles: (on) => {
        singles = on;
        localStorage.setItem(SINGLE_KEYS, on ? "on" : "off");
        onSingles(on);
      },
    });
  };
}

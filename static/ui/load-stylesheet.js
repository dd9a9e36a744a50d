/** Loads a stylesheet with the part of the page that needs it, before that part is shown. */

import { build } from "convoscope/ui/dom.js";

/** @type {Map<string, Promise<void>>} */
const pendingLoads = new Map();

/**
 * Resolves once the stylesheet is loaded. Each stylesheet, linked or inline, sets a custom property `--NAME-styles`.
 * @param {string} name of a file in `styles/`, without its ending, or with the path of another folder
 * @returns {Promise<void>}
 */
export async function loadStylesheet(name) {
  if (getComputedStyle(document.documentElement).getPropertyValue(`--${name.split("/").at(-1)}-styles`)) return;
  const loading = pendingLoads.get(name) ?? appendLink(name);
  pendingLoads.set(name, loading);
  await loading.finally(() => pendingLoads.delete(name));
}

/** @param {string} name @returns {Promise<void>} */
function appendLink(name) {
  return new Promise((resolve, reject) => {
    const link = build([
      "link",
      {
        rel: "stylesheet",
        href: import.meta.resolve(`convoscope/${name.includes("/") ? name : `styles/${name}`}.css`),
        onload: () => resolve(),
        onerror: () => {
          link.remove();
          reject(new Error(`Failed to import the stylesheet ${name}`)); // worded like a module's import error
        },
      },
    ]);
    document.head.append(link);
  });
}

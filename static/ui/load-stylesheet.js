/** A stylesheet that is loaded with the part of the page that it dresses, and is there before that part is shown. */

import { build } from "convoscope/ui/dom.js";

/** @param {string} name in this site, such as `styles/share.css` @returns {Promise<void>} */
export async function loadStylesheet(name) {
  const href = new URL(`../${name}`, import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  await new Promise((resolve) => {
    document.head.append(build(["link", { rel: "stylesheet", href, onload: resolve, onerror: resolve }]));
  });
}

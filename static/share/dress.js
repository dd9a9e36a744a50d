/** A stylesheet that is loaded with the part of the page that it dresses, and is there before that part is shown. */

import { build } from "convoscope/dom.js";

/** @param {string} name of a file beside style.css @returns {Promise<void>} */
export async function dressed(name) {
  const href = new URL(`../${name}`, import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  await new Promise((resolve) => {
    document.head.append(build(["link", { rel: "stylesheet", href, onload: resolve, onerror: resolve }]));
  });
}

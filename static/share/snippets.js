/**
 * Code to paste: the same figure for a page, slides, a notebook.
 *
 * Each is plain ASCII, and its link opens the figure again. Links come in sturdy, so that a quote, an angle bracket
 * or a parenthesis in a title ends nothing.
 */

import { addressOf } from "convoscope/share/address.js";

/**
 * @typedef {object} Shared
 * @property {string} origin of this site, with no slash at the end
 * @property {string} query of scene and view
 * @property {string} picture the same as a call for one map as a picture says it
 * @property {string} name what the figure is called
 * @property {number} width in pixels of the page
 * @property {number} height
 */

/** @typedef {(shared: Shared) => string} Snippet */

/** @type {Snippet} */
export function iframe({ origin, query, name, width, height }) {
  const src = attribute(addressOf(origin, "/embed", query));
  return `<iframe src="${src}" title="${attribute(name)}" width="${width}" height="${height}" loading="lazy" allowfullscreen></iframe>`;
}

/** A picture that leads to the figure. @type {Snippet} */
export function markdown({ origin, query, picture, name }) {
  const alt = ascii(name).replace(/[\\[\]\x60*_<>&!]/g, "\\$&");
  return `[![${alt}](${addressOf(origin, "/api/picture.png", picture)})](${addressOf(origin, "/", query)})`;
}

/** @type {Snippet} */
export function jupyter({ query }) {
  return `import convoscope\n\nconvoscope.show(${text(query)})`;
}

/** As the value of an attribute of HTML, in plain ASCII. @param {string} value */
export function attribute(value) {
  return value.replace(/[^ -~]|[&<>"'\x60]/gu, (sign) => (sign === "&" ? "&amp;" : `&#${sign.codePointAt(0)};`));
}

/** A line that an alternative text can be: other signs are left out. @param {string} value */
function ascii(value) {
  return value.replace(/[^ -~]/gu, " ").replace(/ +/g, " ").trim();
}

/** A text of Python: that of JSON, with other signs by their numbers. @param {string} value */
function text(value) {
  return JSON.stringify(value).replace(/[^ -~]/gu, (sign) => `\\U${Number(sign.codePointAt(0)).toString(16).padStart(8, "0")}`);
}

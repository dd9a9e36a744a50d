/**
 * Code to paste: the same figure for a page, slides, a notebook.
 *
 * Each is plain ASCII, and its link opens the figure again. Links come in sturdy, so that a quote, an angle bracket
 * or a parenthesis in a title ends nothing.
 */

import { addressOf } from "convoscope/share/address.js";

/**
 * @typedef {object} Shared
 * @property {string} base the address of this site, with no slash at the end
 * @property {string} query of scene and view
 * @property {string} name what the figure is called
 * @property {number} width in pixels of the page
 * @property {number} height
 * @property {string} stops as a link writes them
 */

/** @typedef {(shared: Shared) => string} Snippet */

/** In a dark page a browser puts an opaque ground behind a frame that does not say this. */
const AS_THE_PAGE_IS = 'style="color-scheme: normal"';

/** @type {Snippet} */
export function iframe({ base, query, name, width, height }) {
  const src = attribute(addressOf(base, "/embed", query));
  return `<iframe src="${src}" title="${attribute(name)}" width="${width}" height="${height}" ${AS_THE_PAGE_IS} loading="lazy" allowfullscreen></iframe>`;
}

/** A slide of reveal.js. Its plugin is needed where a clicker walks from stop to stop. @type {Snippet} */
export function reveal(shared) {
  const script = shared.stops ? `\n\n<!-- once, after Reveal.initialize(...) -->\n${plugin(shared.base)}` : "";
  return `<section>\n  ${slideFrame(shared)}\n</section>${script}`;
}

/** A slide of Quarto's revealjs, after the lines that bring the plugin, where it is needed. @type {Snippet} */
export function quarto(shared) {
  const head = shared.stops ? `---\nformat:\n  revealjs:\n    include-after-body:\n      text: |\n        ${plugin(shared.base)}\n---\n\n` : "";
  return `${head}## ${markdownText(shared.name)}\n\n\x60\x60\x60{=html}\n${slideFrame(shared)}\n\x60\x60\x60`;
}

/** @param {Shared} shared */
function slideFrame({ base, query, name, width, height, stops }) {
  const walked = stops ? ` data-stops="${attribute(stops)}"` : "";
  return `<iframe data-src="${attribute(addressOf(base, "/embed", query))}"${walked} title="${attribute(name)}" width="${width}" height="${height}" ${AS_THE_PAGE_IS} allowfullscreen></iframe>`;
}

/** @param {string} base */
function plugin(base) {
  return `<script type="module" src="${attribute(addressOf(base, "/reveal-convoscope.js", ""))}"></script>`;
}

/** An element of HTML, whose attributes are the keys of the link. @type {Snippet} */
export function element({ base, query, name, width, height }) {
  const attributes = query.split("&").filter(Boolean).map((pair) => ` ${pair.slice(0, pair.indexOf("="))}="${attribute(plain(pair.slice(pair.indexOf("=") + 1)))}"`);
  const inside = `<a href="${attribute(addressOf(base, "/", query))}">${attribute(name)}</a>`;
  return `<script type="module" src="${attribute(addressOf(base, "/conv-scope.js", ""))}"></script>\n<conv-scope${attributes.join("")} style="max-width: ${width}px; aspect-ratio: ${width} / ${height}">\n  ${inside}\n</conv-scope>`;
}

/** A value without its percent signs, which decode nothing where they are alone. @param {string} value */
function plain(value) {
  return value.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (pair) => parseInt(pair, 16))));
}

/** A picture that leads to the figure. @type {Snippet} */
export function markdown({ base, query, name }) {
  return `[![${markdownText(name)}](${addressOf(base, "/api/figure.png", query)})](${addressOf(base, "/", query)})`;
}

/** @type {Snippet} */
export function jupyter({ query }) {
  return `import convoscope\n\nconvoscope.show(${text(query)})`;
}

/** As the value of an attribute of HTML, in plain ASCII. @param {string} value */
export function attribute(value) {
  return value.replace(/[^ -~]|[&<>"'\x60]/gu, (sign) => (sign === "&" ? "&amp;" : `&#${sign.codePointAt(0)};`));
}

/** A line of Markdown that is only words; signs beyond ASCII are left out. @param {string} value */
function markdownText(value) {
  return value.replace(/[^ -~]/gu, " ").replace(/ +/g, " ").trim().replace(/[\\[\]\x60*_<>&!#{}~$]/g, "\\$&");
}

/** A text of Python: that of JSON, with other signs by their numbers. @param {string} value */
function text(value) {
  return JSON.stringify(value).replace(/[^ -~]/gu, (sign) => `\\U${Number(sign.codePointAt(0)).toString(16).padStart(8, "0")}`);
}

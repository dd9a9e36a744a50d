/**
 * Code to paste: the same figure for a page, slides, a notebook.
 *
 * Each is plain ASCII, and its link opens the figure again. Links come in sturdy, so that a quote, an angle bracket
 * or a parenthesis in a title ends nothing.
 */

import { addressOf } from "convoscope/pure/link/safe-link.js";

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

/** What makes stops fragments, and pictures where a deck of reveal.js has no frames. */
const PLUGIN = "/reveal-convoscope.js";
/** What passes keys on to other decks. */
const KEYS = "/deck-keys.js";

/** @type {Snippet} */
export function iframe(shared) {
  return plainFrame(shared).replace("allowfullscreen", 'loading="lazy" allowfullscreen');
}

/** A slide of reveal.js, and its plugin. @type {Snippet} */
export function reveal(shared) {
  return (
    `<section>\n  ${slideFrame(shared)}\n</section>\n\n<!-- once, after Reveal.initialize(...) ` +
    `-->\n${script(shared.base, PLUGIN)}`
  );
}

/** A slide of Quarto's revealjs, after the lines that bring the plugin. @type {Snippet} */
export function quarto(shared) {
  const plugin = script(shared.base, PLUGIN);
  const head = `---\nformat:\n  revealjs:\n    include-after-body:\n      text: |\n        ${plugin}\n---\n\n`;
  return `${head}## ${markdownText(shared.name)}\n\n\x60\x60\x60{=html}\n${slideFrame(shared)}\n\x60\x60\x60`;
}

/** @param {Shared} shared */
function slideFrame({ base, query, name, width, height, stops }) {
  const walked = stops ? ` data-stops="${attribute(stops)}"` : "";
  return (
    `<iframe data-src="${attribute(addressOf(base, "/embed", query))}"${walked} title="${attribute(name)}" ` +
    `width="${width}" height="${height}" ${AS_THE_PAGE_IS} allowfullscreen></iframe>`
  );
}

/** A slide of Slidev, whose Markdown takes no scripts: what passes keys on goes beside it. @type {Snippet} */
export function slidev(shared) {
  return (
    `---\n\n${plainFrame(shared)}\n\n<!-- once, into the file index.html beside ` +
    `slides.md:\n<head>${script(shared.base, KEYS)}</head>\n-->`
  );
}

/** A slide of Marp, with what passes keys on. @type {Snippet} */
export function marp(shared) {
  return `---\n\n${plainFrame(shared)}\n\n${script(shared.base, KEYS)}`;
}

/** @param {Shared} shared */
function plainFrame({ base, query, name, width, height }) {
  return (
    `<iframe src="${attribute(addressOf(base, "/embed", query))}" title="${attribute(name)}" ` +
    `width="${width}" height="${height}" ${AS_THE_PAGE_IS} allowfullscreen></iframe>`
  );
}

/** @param {string} base @param {string} path of a module */
function script(base, path) {
  return `<script type="module" src="${attribute(addressOf(base, path, ""))}"></script>`;
}

/** An element of HTML, whose attributes are the keys of the link. @type {Snippet} */
export function element({ base, query, name, width, height }) {
  const attributes = query
    .split("&")
    .filter(Boolean)
    .map((pair) => ` ${pair.slice(0, pair.indexOf("="))}="${attribute(plain(pair.slice(pair.indexOf("=") + 1)))}"`);
  const inside = `<a href="${attribute(addressOf(base, "/", query))}">${attribute(name)}</a>`;
  return (
    `${script(base, "/conv-scope.js")}\n<conv-scope${attributes.join("")} style="max-width: ${width}px; ` +
    `aspect-ratio: ${width} / ${height}">\n  ${inside}\n</conv-scope>`
  );
}

/** A value without its percent signs, which decode nothing where they are alone. @param {string} value */
function plain(value) {
  return value.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (pair) => parseInt(pair, 16))),
  );
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
  return value
    .replace(/[^ -~]/gu, " ")
    .replace(/ +/g, " ")
    .trim()
    .replace(/[\\[\]\x60*_<>&!#{}~$]/g, "\\$&");
}

/** A text of Python: that of JSON, with other signs by their numbers. @param {string} value */
function text(value) {
  return JSON.stringify(value).replace(
    /[^ -~]/gu,
    (sign) => `\\U${Number(sign.codePointAt(0)).toString(16).padStart(8, "0")}`,
  );
}

/**
 * Code to paste: the figure for a page, slides or a notebook.
 *
 * Each snippet is plain ASCII, and its link opens the figure. Queries are escaped, so that a quote, an angle bracket or
 * a parenthesis in a title breaks nothing.
 */

import { addressOf, escapeQuery } from "convoscope/pure/link/safe-link.js";
import { SHARE } from "convoscope/pure/strings/share-strings.js";

/**
 * @typedef {object} SharedFigure
 * @property {string} base the address of this site, with no slash at the end
 * @property {string} query of the scene and the view
 * @property {string} name the figure's title
 * @property {number} width in pixels of the page
 * @property {number} height
 * @property {string} stops as a link writes them
 * @property {string} [path] of the page for a frame; left out, that of a single figure
 */

/** @typedef {(shared: SharedFigure) => string} Snippet */

/** Without this style a browser puts an opaque background behind a frame in a dark page. */
const COLOR_SCHEME = 'style="color-scheme: normal"';

/** Turns stops into fragments of reveal.js, and shows pictures where a deck shows no frames. */
const REVEAL_PLUGIN = "/reveal-convoscope.js";
/** Passes keys on to other decks. */
const DECK_KEYS = "/deck-keys.js";

/** @type {Snippet} */
export function iframe(shared) {
  return plainFrame(shared).replace("allowfullscreen", 'loading="lazy" allowfullscreen');
}

/** A slide of reveal.js, and its plugin. @type {Snippet} */
export function reveal(shared) {
  return (
    `<section>\n  ${slideFrame(shared)}\n</section>\n\n<!-- ${SHARE.onceAfterReveal} ` +
    `-->\n${scriptElement(shared.base, REVEAL_PLUGIN)}`
  );
}

/** A slide of Quarto's revealjs, after the lines that load the plugin. @type {Snippet} */
export function quarto(shared) {
  const plugin = scriptElement(shared.base, REVEAL_PLUGIN);
  const head = `---\nformat:\n  revealjs:\n    include-after-body:\n      text: |\n        ${plugin}\n---\n\n`;
  return `${head}## ${escapeMarkdown(shared.name)}\n\n\x60\x60\x60{=html}\n${slideFrame(shared)}\n\x60\x60\x60`;
}

/** @param {SharedFigure} shared */
function slideFrame({ base, query, name, width, height, stops }) {
  const stopsAttribute = stops ? ` data-stops="${escapeAttribute(stops)}"` : "";
  return (
    `<iframe data-src="${escapeAttribute(addressOf(base, "/embed", query))}"${stopsAttribute} ` +
    `title="${escapeAttribute(name)}" width="${width}" height="${height}" ${COLOR_SCHEME} allowfullscreen></iframe>`
  );
}

/** A slide of Slidev; its Markdown allows no scripts, so the script for keys goes into another file. @type {Snippet} */
export function slidev(shared) {
  return (
    `---\n\n${plainFrame(shared)}\n\n<!-- ${SHARE.onceForSlidev}:\n` +
    `<head>${scriptElement(shared.base, DECK_KEYS)}</head>\n-->`
  );
}

/** A slide of Marp, with the script for keys. @type {Snippet} */
export function marp(shared) {
  return `---\n\n${plainFrame(shared)}\n\n${scriptElement(shared.base, DECK_KEYS)}`;
}

/** @param {SharedFigure} shared */
function plainFrame({ base, query, name, width, height, path = "/embed" }) {
  return (
    `<iframe src="${escapeAttribute(addressOf(base, path, query))}" title="${escapeAttribute(name)}" ` +
    `width="${width}" height="${height}" ${COLOR_SCHEME} allowfullscreen></iframe>`
  );
}

/** @param {string} base @param {string} path of the script */
function scriptElement(base, path) {
  return `<script type="module" src="${escapeAttribute(addressOf(base, path, ""))}"></script>`;
}

/** The HTML element, whose attributes are the keys of the link. @type {Snippet} */
export function element({ base, query, name, width, height }) {
  const attributes = query
    .split("&")
    .filter(Boolean)
    .map(
      (pair) =>
        ` ${pair.slice(0, pair.indexOf("="))}="${escapeAttribute(decodePercent(pair.slice(pair.indexOf("=") + 1)))}"`,
    );
  const inside = `<a href="${escapeAttribute(addressOf(base, "/", query))}">${escapeAttribute(name)}</a>`;
  return (
    `${scriptElement(base, "/conv-scope.js")}\n<conv-scope${attributes.join("")} style="max-width: ${width}px; ` +
    `aspect-ratio: ${width} / ${height}">\n  ${inside}\n</conv-scope>`
  );
}

/** The HTML element for figures side by side, whose links are one attribute. @type {Snippet} */
export function comparisonElement({ base, query, name, width, height }) {
  const address = addressOf(base, "/compare", query);
  return (
    `${scriptElement(base, "/conv-scope.js")}\n<conv-scope link="${escapeAttribute(`compare?${escapeQuery(query)}`)}" ` +
    `style="max-width: ${width}px; aspect-ratio: ${width} / ${height}">\n  ` +
    `<a href="${escapeAttribute(address)}">${escapeAttribute(name)}</a>\n</conv-scope>`
  );
}

/** A value percent-decoded; a percent sign that decodes nothing stays. @param {string} value */
function decodePercent(value) {
  return value.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (pair) => parseInt(pair, 16))),
  );
}

/** A picture that links to the figure. @type {Snippet} */
export function markdown({ base, query, name }) {
  return `[![${escapeMarkdown(name)}](${addressOf(base, "/api/figure.png", query)})](${addressOf(base, "/", query)})`;
}

/** @type {Snippet} */
export function jupyter({ query }) {
  return `import convoscope\n\nconvoscope.show(${pythonString(query)})`;
}

/** A text as the value of an HTML attribute, in plain ASCII. @param {string} value */
function escapeAttribute(value) {
  return value.replace(/[^ -~]|[&<>"'\x60]/gu, (sign) => (sign === "&" ? "&amp;" : `&#${sign.codePointAt(0)};`));
}

/** A text as a line of Markdown without markup; characters beyond ASCII become spaces. @param {string} value */
function escapeMarkdown(value) {
  return value
    .replace(/[^ -~]/gu, " ")
    .replace(/ +/g, " ")
    .trim()
    .replace(/[\\[\]\x60*_<>&!#{}~$]/g, "\\$&");
}

/** A string literal of Python: that of JSON, with characters beyond ASCII as \U escapes. @param {string} value */
function pythonString(value) {
  return JSON.stringify(value).replace(
    /[^ -~]/gu,
    (sign) => `\\U${Number(sign.codePointAt(0)).toString(16).padStart(8, "0")}`,
  );
}

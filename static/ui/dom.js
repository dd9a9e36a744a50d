/**
 * Builds elements from plain data: ["p", {class: "note"}, "text", ["b", "more"]].
 *
 * Views and controls return descriptions; only this module creates elements from them.
 */

/** @typedef {string | number | null | undefined | false | Node | Description} Content */
/** @typedef {[tag: string, ...rest: (Content | Record<string, any>)[]]} Description */

const W3 = "http://www.w3.org/";
const SVG_TAGS = new Set(["svg", "path", "rect", "line", "circle", "text", "g", "polyline", "title"]);
const MATH_TAG = /^m(ath|[ino]|text|row|su(b|p|bsup)|frac|sqrt|under(over)?|t(able|r|d))$/;

/**
 * Builds one element with its attributes, listeners (`onclick`) and contents.
 * @param {Description} description @returns {HTMLElement}
 */
export function build([tag, ...rest]) {
  const space = SVG_TAGS.has(tag) ? "2000/svg" : MATH_TAG.test(tag) ? "1998/Math/MathML" : "1999/xhtml";
  const element = /** @type {HTMLElement} */ (document.createElementNS(W3 + space, tag));
  for (const item of rest) {
    if (isAttributes(item)) setAttributes(element, item);
    else append(element, /** @type {Content} */ (item));
  }
  return element;
}

/**
 * Replaces an element's contents. A focused element with a data-key keeps the focus and the text being typed:
 * both move to the new element with the same data-key.
 * @param {Element} host @param {...Content} contents
 */
export function fill(host, ...contents) {
  const before = host.contains(document.activeElement) ? document.activeElement : null;
  const key = before?.getAttribute("data-key");
  const caret = isField(before) ? [before.selectionStart, before.selectionEnd] : null;
  host.replaceChildren();
  for (const content of contents) append(host, content);
  const after = key ? /** @type {HTMLElement | null} */ (host.querySelector(`[data-key="${CSS.escape(key)}"]`)) : null;
  after?.focus();
  if (isField(before) && isField(after)) restoreTyping(before, after, caret);
}

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

/** @param {Element | null} element @returns {element is Field} */
function isField(element) {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

/**
 * Copies edited text and the caret to another field.
 * @param {Field} before @param {Field} after @param {(number | null)[] | null} caret
 */
function restoreTyping(before, after, caret) {
  if (before.value === before.defaultValue) return;
  after.value = before.value;
  if (caret && caret[0] !== null && after.selectionStart !== null) after.setSelectionRange(caret[0], caret[1]);
}

/**
 * Returns the element with this data-part.
 * @template {HTMLElement} [T=HTMLElement] @param {ParentNode} root @param {string} name
 * @returns {T}
 */
export function getPart(root, name) {
  const found = findPart(root, name);
  if (!found) throw new Error(`The page has no part called ${name}.`);
  return /** @type {T} */ (found);
}

/** @param {ParentNode} root @param {string} name @returns {HTMLElement | null} */
export function findPart(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

/** Sets an element's text if it differs. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {unknown} item @returns {item is Record<string, any>} */
function isAttributes(item) {
  return typeof item === "object" && item !== null && !Array.isArray(item) && !(item instanceof Node);
}

/** @param {Element} element @param {Content} content */
function append(element, content) {
  if (content === null || content === undefined || content === false || content === "") return;
  if (content instanceof Node) element.append(content);
  else if (Array.isArray(content)) element.append(build(content));
  else element.append(String(content));
}

/** @param {HTMLElement} element @param {Record<string, any>} attributes */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style")
      for (const [key, text] of Object.entries(value)) element.style.setProperty(key, String(text));
    else if (name === "value") setFieldText(/** @type {HTMLInputElement} */ (element), String(value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * Sets a field's text and its default; a later difference means that the user edited it.
 * @param {HTMLInputElement} field @param {string} text
 */
function setFieldText(field, text) {
  if (field instanceof HTMLInputElement && field.type !== "range") field.defaultValue = text;
  field.value = text;
}

/** Whether the page around an element is dark: its text is light. @param {Element} host */
export function isDark(host) {
  const [red] = getComputedStyle(host).getPropertyValue("--ink").match(/\d+/) ?? ["0"];
  return Number(red) > 127;
}

/** The zoom of a figure that is read from afar, else 1. @param {HTMLElement} root */
export function readZoom(root) {
  return Number(getComputedStyle(root).getPropertyValue("--afar")) || 1;
}

/** Whether a click or a touch brought the focus to where it is; Tab ends that. See `viewer/focus-origin.js`. */
export function isFocusByPointer() {
  return document.documentElement.hasAttribute("data-pointer-focus");
}

/** Whether fingers use the page, so that its sentences say “tap” and name no keys. */
export function isTouched() {
  return matchMedia("(pointer: coarse)").matches;
}

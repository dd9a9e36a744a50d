/**
 * Contents that are described again at each step: what stays the same stays on the page, the rest is changed in place. It
 * keeps scroll positions and the focus, and costs what has changed.
 */

import { build, setAttributes } from "convoscope/ui/dom.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {import("convoscope/ui/dom.js").Content} Content */
/** @typedef {{content: Description | string, node: Element | Text, parts: Kept[]}} Kept what was described, and what it became */

/**
 * A function that shows a description in `host`, which nothing else fills. Under another name it starts anew. Descriptions
 * hold no listeners and no nodes.
 * @param {Element} host @returns {(name: string, content: Description) => void}
 */
export function createRenewal(host) {
  /** @type {Kept[]} */
  let kept = [];
  let shown = "";
  return (name, content) => {
    const focused = host.contains(document.activeElement) ? document.activeElement : null;
    const key = focused?.getAttribute("data-key");
    if (name !== shown) host.replaceChildren();
    kept = renewContents(host, name === shown ? kept : [], [content]);
    shown = name;
    if (!key || document.activeElement?.getAttribute("data-key") === key) return;
    const same = /** @type {HTMLElement | null} */ (host.querySelector(`[data-key="${CSS.escape(key)}"]`));
    same?.focus({ preventScroll: true });
  };
}

/** @param {Element} parent @param {Kept[]} kept @param {Content[]} contents @returns {Kept[]} */
function renewContents(parent, kept, contents) {
  const wanted = contents.flatMap(readContent);
  for (const { node } of kept.slice(wanted.length)) node.remove();
  return wanted.map((content, i) => {
    const before = kept[i];
    if (before && isAlike(before.content, content)) return renewOne(before, content);
    const made = makeOne(content);
    if (before) before.node.replaceWith(made.node);
    else parent.append(made.node);
    return made;
  });
}

/** A content as it is kept; none for one that shows nothing. @param {Content} content */
function readContent(content) {
  if (content === null || content === undefined || content === false || content === "") return [];
  return [Array.isArray(content) ? content : String(content)];
}

/** Whether one can become the other. @param {Description | string} one @param {Description | string} other */
function isAlike(one, other) {
  return typeof one === "string" || typeof other === "string" ? typeof one === typeof other : one[0] === other[0];
}

/** @param {Description | string} content @returns {Kept} */
function makeOne(content) {
  if (typeof content === "string") return { content, node: document.createTextNode(content), parts: [] };
  const node = build([content[0], attributesOf(content)]);
  return { content, node, parts: renewContents(node, [], contentsOf(content)) };
}

/** @param {Kept} before @param {Description | string} content @returns {Kept} */
function renewOne({ content: old, node, parts }, content) {
  if (typeof content === "string") {
    const text = /** @type {Text} */ (node);
    if (text.data !== content) text.data = content;
    return { content, node, parts };
  }
  const element = /** @type {HTMLElement} */ (node);
  renewAttributes(element, attributesOf(/** @type {Description} */ (old)), attributesOf(content));
  return { content, node, parts: renewContents(element, parts, contentsOf(content)) };
}

/** @param {HTMLElement} element @param {Record<string, any>} before @param {Record<string, any>} after */
function renewAttributes(element, before, after) {
  for (const name of Object.keys(before)) if (isSet(before[name]) && !isSet(after[name])) element.removeAttribute(name);
  for (const [name, value] of Object.entries(after)) {
    if (!isSet(value)) continue;
    if (name !== "style") {
      if (value !== before[name]) setAttributes(element, { [name]: value });
      continue;
    }
    const old = before.style ?? {};
    for (const key of Object.keys(old)) if (!(key in value)) element.style.removeProperty(key);
    for (const [key, text] of Object.entries(value))
      if (old[key] !== text) element.style.setProperty(key, String(text));
  }
}

/** Whether an attribute is written. @param {unknown} value */
function isSet(value) {
  return value !== null && value !== undefined && value !== false;
}

/** @param {Description} description @returns {Record<string, any>} */
function attributesOf([, ...rest]) {
  return Object.assign({}, ...rest.filter((item) => typeof item === "object" && item !== null && !Array.isArray(item)));
}

/** @param {Description} description @returns {Content[]} */
function contentsOf([, ...rest]) {
  return /** @type {Content[]} */ (rest.filter((item) => typeof item !== "object" || Array.isArray(item)));
}

/**
 * Keys in a frame: which the figure handles, and the reveal.js calls that pass the others to the deck around it
 * (https://revealjs.com/postmessage/).
 */

import { shortcutOf } from "convoscope/pure/keys.js";

/** @typedef {{key: string, code?: string, keyCode?: number, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean}} Key */

/** Keys that operate a control with the focus. */
const CONTROL_KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", " ", "Enter"]);
/** Keys of the browser, modifiers and dead keys: they are never passed on. */
const IGNORED_KEYS = new Set([
  "Tab",
  "Shift",
  "Control",
  "Alt",
  "AltGraph",
  "Meta",
  "CapsLock",
  "Fn",
  "NumLock",
  "Dead",
  "Unidentified",
  "Process",
  "ContextMenu",
]);
/** @type {Record<string, string>} */
const METHODS = { PageDown: "next", PageUp: "prev" };
/** Key codes, for events that have none. @type {Record<string, number>} */
const KEY_CODES = {
  Enter: 13,
  Escape: 27,
  " ": 32,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};

/**
 * Whether the figure keeps a key: while one of its controls has the focus, the keys that operate it.
 * @param {Key} event @param {"control" | "list" | null} focus the kind of element with the focus; a list takes letters
 * too
 */
export function isOwnKey({ key, ctrlKey, altKey, metaKey }, focus) {
  if (ctrlKey || altKey || metaKey || IGNORED_KEYS.has(key)) return true;
  if (METHODS[key]) return false;
  return focus !== null && (CONTROL_KEYS.has(key) || (focus === "list" && key.length === 1));
}

/** The call of reveal.js's API for a key, as JSON. @param {Key} event @returns {string} */
export function deckCall(event) {
  const { key, keyCode } = event;
  if (Object.hasOwn(METHODS, key)) return JSON.stringify({ method: METHODS[key] });
  const character = shortcutOf(event);
  const letter = character.length === 1 ? character.toUpperCase().charCodeAt(0) : 0;
  return JSON.stringify({ method: "triggerKey", args: [keyCode || KEY_CODES[key] || letter] });
}

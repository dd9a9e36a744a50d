/**
 * Keys in a frame: which are the figure's, and what the deck around it is told of the others, in the words of
 * reveal.js, which hears them without being asked to (https://revealjs.com/postmessage/).
 */

/** @typedef {{key: string, keyCode?: number, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean}} Key */

/** Keys that move a control which has the focus. */
const CONTROL_KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", " ", "Enter"]);
/** Keys that are the browser's, or nothing yet. */
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
/** What browsers call keys by number, for events that carry none. @type {Record<string, number>} */
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
 * Whether a key is the figure's: while one of its controls has the focus, those that work it.
 * @param {Key} event @param {"control" | "list" | null} focus what has the focus; a list takes letters too
 */
export function isOwnKey({ key, ctrlKey, altKey, metaKey }, focus) {
  if (ctrlKey || altKey || metaKey || IGNORED_KEYS.has(key)) return true;
  if (METHODS[key]) return false;
  return focus !== null && (CONTROL_KEYS.has(key) || (focus === "list" && key.length === 1));
}

/** What the deck is told of a key: a call of reveal.js's API as text. @param {Key} event @returns {string} */
export function deckCall({ key, keyCode }) {
  if (Object.hasOwn(METHODS, key)) return JSON.stringify({ method: METHODS[key] });
  const letter = key.length === 1 ? key.toUpperCase().charCodeAt(0) : 0;
  return JSON.stringify({ method: "triggerKey", args: [keyCode || KEY_CODES[key] || letter] });
}

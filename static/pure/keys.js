/**
 * The action of each key. Keys that are not listed stay with other listeners: the browser, or the deck around an
 * embedded figure. Single characters can be switched off (WCAG 2.1.4).
 */

/**
 * @typedef {"play" | "beat" | "next" | "previous" | "down" | "up" | "next-beat" | "previous-beat" | "next-stage" |
 * "previous-stage" | "first" | "last" | "faster" | "slower" | "help" | "release" | "present" | "next-stop" |
 * "previous-stop" | "black-screen" | "qr-code"} Action
 */

/** @type {Record<string, Action>} */
const WITHOUT_SHIFT = {
  ArrowRight: "next",
  ArrowLeft: "previous",
  ArrowDown: "down",
  ArrowUp: "up",
  Home: "first",
  End: "last",
  Escape: "release",
  " ": "beat",
};
/** @type {Record<string, Action>} */
const WITH_SHIFT = {
  ArrowRight: "next-beat",
  ArrowDown: "next-beat",
  ArrowLeft: "previous-beat",
  ArrowUp: "previous-beat",
};
/** @type {Record<string, Action>} */
const SINGLE_CHARACTERS = {
  "[": "previous-stage",
  "]": "next-stage",
  "+": "faster",
  "=": "faster",
  "-": "slower",
  "?": "help",
  k: "play",
  K: "play",
  p: "present",
  P: "present",
};
/** While presenting: the keys that clickers send. @type {Record<string, Action>} */
const PRESENTING = { PageDown: "next-stop", PageUp: "previous-stop" };
/** @type {Record<string, Action>} */
const SINGLE_CHARACTERS_PRESENTING = {
  b: "black-screen",
  B: "black-screen",
  ".": "black-screen",
  q: "qr-code",
  Q: "qr-code",
};

/**
 * The action of a key; null where it has none.
 * @param {{key: string, shiftKey: boolean, ctrlKey: boolean, altKey: boolean, metaKey: boolean}} event
 * @param {boolean} singles whether single characters are switched on
 * @param {boolean} [presenting] whether the figure fills the screen
 * @returns {Action | null}
 */
export function actionOf({ key, shiftKey, ctrlKey, altKey, metaKey }, singles, presenting = false) {
  if (ctrlKey || altKey || metaKey) return null;
  if (shiftKey && WITH_SHIFT[key]) return WITH_SHIFT[key];
  if (WITHOUT_SHIFT[key] && !shiftKey) return WITHOUT_SHIFT[key];
  if (presenting && PRESENTING[key]) return PRESENTING[key];
  return (singles && (SINGLE_CHARACTERS[key] || (presenting && SINGLE_CHARACTERS_PRESENTING[key]))) || null;
}

/**
 * Whether an element handles a key itself: a text field, or a control that Space and the arrows operate.
 * @param {EventTarget | null} target @param {string} key
 */
export function takesKey(target, key) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("textarea, select, [contenteditable], input:not([type=checkbox]):not([type=button])")) return true;
  if (target.closest("dialog, [popover], [role=menu], [role=radiogroup], [role=tablist]")) return true;
  return key === " " && target.matches("button, summary, a, input");
}

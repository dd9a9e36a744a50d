/**
 * What a key does. Keys that are not listed are left to whoever else listens: a deck around an embedded figure, the
 * browser. Single characters can be switched off (WCAG 2.1.4).
 */

/**
 * @typedef {"play" | "beat" | "next" | "previous" | "down" | "up" | "next-beat" | "previous-beat" | "stage-on" |
 * "stage-back" | "first" | "last" | "faster" | "slower" | "help" | "release" | "present" | "on" | "back" | "blank" |
 * "code"} Action
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
  "[": "stage-back",
  "]": "stage-on",
  "+": "faster",
  "=": "faster",
  "-": "slower",
  "?": "help",
  k: "play",
  K: "play",
  p: "present",
  P: "present",
};
/** While presenting: what clickers send, and a black screen. @type {Record<string, Action>} */
const PRESENTING = { PageDown: "on", PageUp: "back" };
/** @type {Record<string, Action>} */
const SINGLE_CHARACTERS_PRESENTING = { b: "blank", B: "blank", ".": "blank", q: "code", Q: "code" };

/**
 * The action of a key, null where the key is not ours.
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
 * Whether an element takes keys for itself: text is typed into it, or Space and arrows work it.
 * @param {EventTarget | null} target @param {string} key
 */
export function takesKey(target, key) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("textarea, select, [contenteditable], input:not([type=checkbox]):not([type=button])")) return true;
  if (target.closest("dialog, [popover], [role=menu], [role=radiogroup], [role=tablist]")) return true;
  return key === " " && target.matches("button, summary, a, input");
}

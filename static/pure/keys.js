/**
 * The action of each key. Keys that are not listed stay with other listeners: the browser, or the deck around an
 * embedded figure. Single characters can be switched off (WCAG 2.1.4).
 */

/**
 * @typedef {"play" | "beat" | "next" | "previous" | "down" | "up" | "next-beat" | "previous-beat" | "next-stage" |
 * "previous-stage" | "first" | "last" | "faster" | "slower" | "help" | "release" | "present" | "next-stop" |
 * "previous-stop" | "black-screen" | "qr-code" | ViewAction} Action
 */
/** @typedef {"equation" | "neuron" | "matrix" | "field" | "function" | "code" | "network" | "occlusion"} ViewAction */

/** The letters that open a view. @type {Record<string, ViewAction>} */
export const VIEW_KEYS = {
  a: "network",
  e: "equation",
  n: "neuron",
  m: "matrix",
  r: "field",
  f: "function",
  c: "code",
  w: "occlusion",
};

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
  PageDown: "next-stop",
  PageUp: "previous-stop",
};
/** @type {Record<string, Action>} */
const WITH_SHIFT = {
  ArrowRight: "next-beat",
  ArrowDown: "next-beat",
  ArrowLeft: "previous-beat",
  ArrowUp: "previous-beat",
};
/** The characters of shortcuts, letters in lower case. @type {Record<string, Action>} */
const SINGLE_CHARACTERS = {
  "[": "previous-stage",
  "]": "next-stage",
  "+": "faster",
  "=": "faster",
  "-": "slower",
  "?": "help",
  k: "play",
  p: "present",
  ...VIEW_KEYS,
};
/** @type {Record<string, Action>} */
const SINGLE_CHARACTERS_PRESENTING = { b: "black-screen", ".": "black-screen", q: "qr-code" };

/**
 * What a key press says: `key` is what is printed on the key, `code` where it lies on the keyboard.
 * @typedef {object} KeyPress
 * @property {string} key
 * @property {string} [code]
 * @property {boolean} [shiftKey]
 * @property {boolean} [ctrlKey]
 * @property {boolean} [altKey]
 * @property {boolean} [metaKey]
 */

/** Keys with punctuation on a US keyboard, without and with Shift. @type {Record<string, string>} */
const PUNCTUATION = {
  BracketLeft: "[{",
  BracketRight: "]}",
  Backslash: "\\|",
  Slash: "/?",
  Minus: "-_",
  Equal: "=+",
  Period: ".>",
  Comma: ",<",
};
/** Greek prints ";" and Hebrew "/" where other alphabets print the letter of Q. */
const PRINTED_ON_Q = ";:/";

/**
 * The character that shortcuts are compared with; a named key such as "ArrowRight" is its own.
 *
 * It is what is printed on the key, so that AZERTY and Dvorak find a letter where they have it. A key whose character
 * is not of the Latin alphabet (Cyrillic, Greek, Hebrew, Arabic, Korean, …) has no such letter: it stands for the key of
 * a US keyboard at its place. Letters are in lower case.
 * @param {KeyPress} press @returns {string}
 */
export function shortcutOf({ key, code = "", shiftKey = false }) {
  if (key.length === 1 && /[\x20-\x7e]/.test(key)) {
    return code === "KeyQ" && PRINTED_ON_Q.includes(key) ? "q" : key.toLowerCase();
  }
  if (/^[\x20-\x7e]+$|\p{Script=Latin}/u.test(key)) return key;
  const [, letter, digit] = /^(?:Key([A-Z])|Digit(\d))$/.exec(code) ?? [];
  return letter?.toLowerCase() ?? digit ?? PUNCTUATION[code]?.[Number(shiftKey)] ?? key;
}

/**
 * Whether Ctrl, Alt or Meta make a key press another command. AltGr does not, nor does the Option key of a Mac, where
 * they only write a character: the brackets of many European keyboards.
 * @param {KeyPress} press
 */
export function isCommand({ key, code = "", ctrlKey, altKey, metaKey }) {
  const writesCharacter = altKey && "[]\\".includes(key) && key !== PUNCTUATION[code]?.[0];
  return Boolean(metaKey || (!writesCharacter && (ctrlKey || altKey)));
}

/**
 * The action of a key; null where it has none.
 * @param {KeyPress} press
 * @param {boolean} singles whether single characters are switched on
 * @param {boolean} [presenting] whether the figure fills the screen
 * @returns {Action | null}
 */
export function actionOf(press, singles, presenting = false) {
  const { key, shiftKey } = press;
  if (isCommand(press)) return null;
  if (shiftKey && WITH_SHIFT[key]) return WITH_SHIFT[key];
  if (WITHOUT_SHIFT[key] && !shiftKey) return WITHOUT_SHIFT[key];
  if (!singles) return null;
  const character = shortcutOf(press);
  return SINGLE_CHARACTERS[character] ?? (presenting ? SINGLE_CHARACTERS_PRESENTING[character] : null) ?? null;
}

const NO_TEXT_INPUTS = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];
const TEXT_FIELDS = `textarea, select, [contenteditable], input${NO_TEXT_INPUTS.map((type) => `:not([type=${type}])`).join("")}`;
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

/**
 * Whether an element handles a key itself instead of the figure: a text field or a menu of choices takes every key. Other
 * controls take the keys that operate them only where the keyboard brought the focus there; after a click or a touch
 * Space, arrows and letters belong to the figure.
 * @param {EventTarget | null} target @param {string} key
 * @param {boolean} isFocusByPointer whether a click or a touch brought the focus to where it is
 */
export function takesKey(target, key, isFocusByPointer) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches(TEXT_FIELDS) || target.closest("dialog")) return true;
  if (target.closest("[popover]") && (key === "Escape" || !isFocusByPointer)) return true;
  if (isFocusByPointer) return false;
  if (target.closest("[role=menu], [role=listbox]")) return true;
  const hasChoices =
    target.closest("[role=radiogroup], [role=tablist]") || target.matches("[type=radio], [type=range]");
  if (hasChoices && (ARROWS.includes(key) || key.startsWith("Page"))) return true;
  return key === " " && (Boolean(hasChoices) || target.matches("button, summary, a, input, [role=button]"));
}

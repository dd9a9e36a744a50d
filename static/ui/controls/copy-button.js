/** A button that copies a text and confirms it; where the browser forbids copying, it selects the text. */

import { SHARE } from "convoscope/pure/strings/share-strings.js";
import { build } from "convoscope/ui/dom.js";

const CONFIRMATION_MS = 2_000;

/**
 * @param {HTMLElement} field whose text is copied: a form field, or any other element
 * @param {string} name the button's data-part
 * @param {string} [label] what is copied, for screen readers
 */
export function copyButton(field, name, label) {
  const status = build(["span", { class: "unseen", role: "status" }]);
  const button = build(["button", { type: "button", class: "button primary", "data-part": name, onclick: handleCopy }]);
  setLabel(SHARE.copy);
  return build(["span", { class: "copy" }, button, status]);

  async function handleCopy() {
    const isCopied = await copyText(field);
    status.textContent = isCopied ? SHARE.copiedStatus : SHARE.copyYourself;
    status.className = isCopied ? "unseen" : "small copy-yourself";
    setLabel(isCopied ? SHARE.copied : SHARE.copy);
    setTimeout(() => setLabel(SHARE.copy), CONFIRMATION_MS);
  }

  /** @param {string} text */
  function setLabel(text) {
    button.textContent = text;
    if (label) button.ariaLabel = `${text}: ${label}`;
  }
}

/**
 * Copies with the clipboard API or, on pages without HTTPS, with the older command. Returns whether it succeeded.
 * @param {HTMLElement} field
 */
export async function copyText(field) {
  const isField = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
  try {
    await navigator.clipboard.writeText(isField ? field.value : (field.textContent ?? ""));
    return true;
  } catch {
    if (isField) field.select();
    else getSelection()?.selectAllChildren(field);
    return document.execCommand("copy");
  }
}

/** A button that copies a text and confirms it; where the browser forbids copying, it selects the text. */

import { SHARE } from "convoscope/pure/strings/share-strings.js";
import { build } from "convoscope/ui/dom.js";

const CONFIRMATION_MS = 2_000;

/**
 * @param {HTMLElement} field whose text is copied: a form field, or any other element
 * @param {string} name the button's data-part
 */
export function copyButton(field, name) {
  const status = build(["span", { class: "unseen", role: "status" }]);
  const button = build([
    "button",
    { type: "button", class: "button primary", "data-part": name, onclick: handleCopy },
    SHARE.copy,
  ]);
  return build(["span", { class: "copy" }, button, status]);

  async function handleCopy() {
    const isCopied = await copyText(field);
    status.textContent = isCopied ? SHARE.copiedStatus : SHARE.copyYourself;
    status.className = isCopied ? "unseen" : "small copy-yourself";
    button.textContent = isCopied ? SHARE.copied : SHARE.copy;
    setTimeout(() => {
      button.textContent = SHARE.copy;
    }, CONFIRMATION_MS);
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

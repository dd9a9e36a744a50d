/** A button that copies a field's text and confirms it; where the browser forbids copying, it selects the text. */

import { SHARE } from "convoscope/pure/strings/share-strings.js";
import { build } from "convoscope/ui/dom.js";

const CONFIRMATION_MS = 2_000;

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} field whose text is copied
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
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 */
async function copyText(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

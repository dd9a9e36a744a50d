/** Copying a text: the button that does it, says so, and selects the text where a browser forbids it. */

import { SHARE } from "convoscope/pure/strings/share-strings.js";
import { build } from "convoscope/ui/dom.js";

const CONFIRMATION_MS = 2_000;

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} field what is copied is what stands in it
 * @param {string} name of the button, as a part
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
 * Pages without HTTPS, as in a lecture hall's own network, have no clipboard but an older command.
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

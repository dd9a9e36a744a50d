/** Copying a text: the button that does it, says so, and selects the text where a browser forbids it. */

import { SHARE } from "convoscope/pure/strings/share-strings.js";
import { build } from "convoscope/ui/dom.js";

const SAYS_SO = 2_000;

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} field what is copied is what stands in it
 * @param {string} name of the button, as a part
 */
export function copyButton(field, name) {
  const says = build(["span", { class: "unseen", role: "status" }]);
  const button = build([
    "button",
    { type: "button", class: "button primary", "data-part": name, onclick: copy },
    SHARE.copy,
  ]);
  return build(["span", { class: "copy" }, button, says]);

  async function copy() {
    const done = await copied(field);
    says.textContent = done ? SHARE.copiedStatus : SHARE.copyYourself;
    says.className = done ? "unseen" : "small copy-yourself";
    button.textContent = done ? SHARE.copied : SHARE.copy;
    setTimeout(() => {
      button.textContent = SHARE.copy;
    }, SAYS_SO);
  }
}

/**
 * Pages without HTTPS, as in a lecture hall's own network, have no clipboard but an older command.
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

/** The documentation page: its commands contain the address of this site and can be copied. */

import { getPart } from "convoscope/ui/dom.js";
import { siteBase } from "convoscope/ui/site/site.js";

const root = document.body;
const page = getPart(root, "docs");
const status = getPart(root, "said");

for (const command of page.querySelectorAll("[data-part=command]")) {
  command.textContent = (command.textContent ?? "").replace(page.dataset.base ?? "", siteBase());
  const button = /** @type {HTMLButtonElement} */ (command.parentElement?.querySelector("[data-part=copy]"));
  button.hidden = false;
  button.addEventListener("click", () => copyCommand(command));
}

/**
 * Copies a command. If the clipboard is not available, as without HTTPS, the command is selected instead.
 * @param {Element} command
 */
async function copyCommand(command) {
  try {
    await navigator.clipboard.writeText(command.textContent ?? "");
    status.textContent = status.dataset.copied ?? "";
  } catch {
    getSelection()?.selectAllChildren(command);
    status.textContent = status.dataset.copyYourself ?? "";
  }
}

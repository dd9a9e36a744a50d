/** The QR code dialog, from which an audience opens the figure on their phones. */

import { PRESENT } from "convoscope/pure/strings/present-strings.js";
import { build, fill } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** Host names that mean the computer itself. */
const LOOPBACK_NAME = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/;

/** @param {HTMLElement} root @param {string} address */
export function openQrDialog(root, address) {
  const { href, hostname } = new URL(address, location.href);
  const picture = build([
    "img",
    { alt: PRESENT.codeAlt, src: siteAddress(`/api/qr.svg?link=${encodeURIComponent(href)}`) },
  ]);
  picture.addEventListener("error", () => fill(dialog, ["p", PRESENT.noCode], ["p", { class: "mono" }, href]));
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { class: "code", "data-part": "code-dialog", "aria-label": PRESENT.codeTitle, tabindex: -1 },
      picture,
      ["p", { class: "mono" }, shortenText(href)],
      LOOPBACK_NAME.test(hostname) && ["p", PRESENT.loopbackHost(hostname)],
    ])
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "q" || key === "Q") dialog.close();
  });
  root.append(dialog);
  dialog.showModal();
}

/** Shortens an address for display; the QR code has all of it. @param {string} address */
function shortenText(address) {
  return address.length > 90 ? `${address.slice(0, 89)}…` : address;
}

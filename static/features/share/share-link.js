/** The section of a link: a button that copies it, the device's share sheet, a QR code. */

import { isLoopback } from "convoscope/pure/link/safe-link.js";
import { SHARE } from "convoscope/pure/strings/share-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { copyButton } from "convoscope/ui/controls/copy-button.js";
import { build } from "convoscope/ui/dom.js";
import { siteAddress, siteBase } from "convoscope/ui/site/site.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {import("convoscope/ui/dom.js").Content} Content */
/**
 * @typedef {{title: string, url: string, picture: (() => Promise<Blob>) | null}} SharedContent
 */

const LONGEST_QR_LINK = 1_000;

/**
 * @param {string} link @param {boolean} hasUpload whether its picture is the user's @param {SharedContent} shared
 * @returns {Description}
 */
export function linkSection(link, hasUpload, shared) {
  const help = [SHARE.linkHelp, hasUpload && SHARE.linkOfPicture, isLoopback(location.hostname) && SHARE.onlyHere]
    .filter(Boolean)
    .join(" ");
  return [
    "section",
    { class: "share-link", "aria-label": SHARE.link },
    [
      "div",
      { class: "share-text" },
      ["h3", SHARE.link],
      sendButton(shared),
      copyLine(link, SHARE.link, "link"),
      ["p", { class: "small muted" }, help],
    ],
    qrFigure(link),
  ];
}

/**
 * A text in a line with a button that copies it.
 * @param {string} text @param {string} label @param {string} name
 * @returns {Description}
 */
export function copyLine(text, label, name) {
  const field = build([
    "input",
    {
      class: "field",
      readonly: true,
      value: text,
      "aria-label": label,
      "data-part": `share-${name}`,
      onfocus: (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select(),
    },
  ]);
  return ["div", { class: "copy-line" }, field, copyButton(/** @type {HTMLInputElement} */ (field), `copy-${name}`)];
}

/** A button for the device's share sheet, where there is one. @param {SharedContent} shared @returns {Content} */
function sendButton({ title, url, picture }) {
  if (!navigator.share) return null;
  const status = build(["p", { class: "small muted", role: "status" }]);
  // Requested now: a share sheet may only open right after a tap, too soon to wait for a picture.
  /** @type {File[]} */
  let files = [];
  picture?.().then(
    (drawn) => {
      files = [new File([drawn], "convoscope.png", { type: "image/png" })];
    },
    () => {},
  );
  const send = async () => {
    const whole = {
      title: title || document.title,
      url,
      ...(files.length && navigator.canShare?.({ files }) ? { files } : {}),
    };
    await navigator.share(whole).catch((reason) => {
      if (reason.name !== "AbortError") status.textContent = SHARE.notSent;
    });
  };
  return [
    "div",
    { class: "send" },
    [
      "button",
      { type: "button", class: "button primary", "data-part": "send", title: SHARE.sendHelp, onclick: send },
      SHARE.send,
    ],
    status,
  ];
}

/** @param {string} link @returns {Description} */
function qrFigure(link) {
  if (link.length > LONGEST_QR_LINK) return ["p", { class: "small muted qr-none" }, SHARE.qrTooLong];
  const address = siteAddress(`/api/qr.svg?link=${encodeURIComponent(link)}`);
  return [
    "figure",
    { class: "qr" },
    ["img", { src: address, alt: SHARE.qr, width: 116, height: 116, "data-part": "qr" }],
    [
      "button",
      {
        type: "button",
        class: "link small",
        "data-part": "enlarge",
        onclick: (/** @type {Event} */ event) => enlarge(/** @type {HTMLElement} */ (event.target), address, link),
      },
      SHARE.enlarge,
    ],
  ];
}

/** Opens the code as large as the window. @param {HTMLElement} from @param {string} address @param {string} link */
function enlarge(from, address, link) {
  const large = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { class: "qr-large", "aria-label": SHARE.qr },
      ["header", ["h2", SHARE.enlarged], closeButton()],
      ["img", { src: address, alt: SHARE.qr }],
      ["p", { class: "mono small" }, link.length < 200 ? link : siteBase().replace(/^https?:\/\//, "")],
    ])
  );
  large.addEventListener("close", () => large.remove());
  from.closest("dialog")?.append(large);
  large.showModal();
}

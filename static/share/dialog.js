/**
 * The Share dialog: the figure as a link, a QR code, a file, and code to paste. It is loaded when it is first opened, and
 * shows what works for the figure at hand.
 */

import { closer } from "convoscope/controls/strip.js";
import { build, optionalPart } from "convoscope/dom.js";
import { addressOf, isThisMachine, queryInside } from "convoscope/share/address.js";
import { codePart } from "convoscope/share/code.js";
import { copyButton } from "convoscope/share/copy.js";
import { dressed } from "convoscope/share/dress.js";
import { filesPart } from "convoscope/share/files.js";
import { cellsOf, fragmentOf, pngOf } from "convoscope/share/picture.js";
import { SHARE } from "convoscope/strings/share.js";
import { mergeQuery } from "convoscope/view.js";

/** @import {Option, Trace, View} from "convoscope/types.js" */
/** @typedef {import("convoscope/dom.js").Description} Description */
/** @typedef {import("convoscope/dom.js").Content} Content */

/**
 * @typedef {object} Figure what is shared
 * @property {Trace} trace
 * @property {View} view
 * @property {Option[]} table of the View
 * @property {number} longest characters of a query
 */

/** @typedef {(address: string) => Promise<Blob>} Get something of this server; throws an Error with a sentence */

const LONG = 8_000;
/** Browsers take addresses of some 2,000,000 characters, the most careful ones of 80,000. */
const TOO_LONG = 80_000;
const QR_LONGEST = 1_000;

/**
 * @param {HTMLElement} root @param {Figure} figure
 * @param {{get: Get, onTeach?: () => void}} events `onTeach`: a link for students is to be prepared
 */
export async function openShare(root, figure, { get, onTeach }) {
  const { trace, view, table } = figure;
  const query = mergeQuery(trace.link, { ...view, present: false }, table);
  const linked = query.length <= figure.longest;
  const dialog = /** @type {HTMLDialogElement} */ (build(["dialog", { class: "share", "aria-label": SHARE.title, "data-part": "share-dialog" },
    ["header", ["h2", SHARE.title], closer()],
    linked ? linkPart(query, isBrought(trace), get, figure) : ["p", { class: "muted" }, SHARE.noLink],
    isBrought(trace) && (await insidePart(query, trace)),
    linked && filesPart(figure, query, get),
    linked && codePart(figure),
    onTeach && ["footer", ["button", { type: "button", class: "button", "data-part": "teach", onclick: () => { dialog.close(); onTeach(); } }, SHARE.teach], ["span", { class: "small muted" }, SHARE.teachSays]]]));
  await dressed("share.css");
  if (document.querySelector("dialog[open]")) return; // asked for twice
  dialog.addEventListener("close", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
  optionalPart(dialog, "copy-link")?.focus();
}

/** Whether the picture is the user's own. @param {Trace} trace */
function isBrought(trace) {
  return "upload" in trace.scene.image;
}

/** @param {string} query @param {boolean} brought @param {Get} get @param {Figure} figure @returns {Description} */
function linkPart(query, brought, get, figure) {
  const link = addressOf(location.origin, "/", query);
  const says = [SHARE.linkSays, brought && SHARE.linkOfPicture, isThisMachine(location.hostname) && SHARE.onlyHere].filter(Boolean).join(" ");
  return ["section", { class: "share-link", "aria-label": SHARE.link },
    ["div", { class: "share-words" }, ["h3", SHARE.link], copyLine(link, SHARE.link, "link"), ["p", { class: "small muted" }, says], sendButton(link, query, get, figure.view.title)],
    qrPart(link)];
}

/** A text in one line, with the button that copies it. @param {string} text @param {string} label @param {string} name @returns {Description} */
function copyLine(text, label, name) {
  const field = build(["input", { class: "field", readonly: true, value: text, "aria-label": label, "data-part": `share-${name}`, onfocus: (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select() }]);
  return ["div", { class: "copy-line" }, field, copyButton(/** @type {HTMLInputElement} */ (field), `copy-${name}`)];
}

/** The system's own sheet, where there is one. @param {string} link @param {string} query @param {Get} get @param {string} title @returns {Content} */
function sendButton(link, query, get, title) {
  if (!navigator.share) return null;
  const says = build(["p", { class: "small muted", role: "status" }]);
  // Asked for at once: a sheet may be opened only right after a tap, when there is no time to wait for a picture.
  /** @type {File[]} */
  let files = [];
  get(`/api/figure.png?${query}`).then((picture) => { files = [new File([picture], "convoscope.png", { type: "image/png" })]; }, () => {});
  const send = async () => {
    const whole = { title: title || document.title, url: link, ...(navigator.canShare?.({ files }) && files.length ? { files } : {}) };
    await navigator.share(whole).catch((reason) => { if (reason.name !== "AbortError") says.textContent = SHARE.notSent; });
  };
  return ["div", { class: "send" }, ["button", { type: "button", class: "button primary", "data-part": "send", title: SHARE.sendHelp, onclick: send }, SHARE.send], says];
}

/** @param {string} link @returns {Description} */
function qrPart(link) {
  if (link.length > QR_LONGEST) return ["p", { class: "small muted qr-none" }, SHARE.qrTooLong];
  const address = `/api/qr.svg?link=${encodeURIComponent(link)}`;
  return ["figure", { class: "qr" }, ["img", { src: address, alt: SHARE.qr, width: 116, height: 116, "data-part": "qr" }],
    ["button", { type: "button", class: "link small", "data-part": "enlarge", onclick: (/** @type {Event} */ event) => enlarge(/** @type {HTMLElement} */ (event.target), address, link) }, SHARE.enlarge]];
}

/** The code as large as the window. @param {HTMLElement} from @param {string} address @param {string} link */
function enlarge(from, address, link) {
  const large = /** @type {HTMLDialogElement} */ (build(["dialog", { class: "qr-large", "aria-label": SHARE.qr }, ["header", ["h2", SHARE.enlarged], closer()], ["img", { src: address, alt: SHARE.qr }], ["p", { class: "mono small" }, link.length < 200 ? link : location.host]]));
  large.addEventListener("close", () => large.remove());
  from.closest("dialog")?.append(large);
  large.showModal();
}

/** @param {string} query @param {Trace} trace @returns {Promise<Description | null>} */
async function insidePart(query, trace) {
  const cells = cellsOf(trace.stages[0], trace.scene.range === "unit");
  const [, rows, columns] = trace.stages[0].shape;
  const link = cells && addressOf(location.origin, "/", queryInside(query, rows, columns)) + fragmentOf(await pngOf(cells));
  if (!link || link.length > TOO_LONG) return ["section", { "aria-label": SHARE.inside }, ["h3", SHARE.inside], ["p", { class: "small muted" }, SHARE.insideTooLong(rows, columns)]];
  return ["section", { "aria-label": SHARE.inside }, ["h3", SHARE.inside], copyLine(link, SHARE.inside, "inside"),
    ["p", { class: "small muted" }, SHARE.insideSays(rows, columns, link.length)],
    link.length > LONG && ["p", { class: "small warning" }, SHARE.insideLong]];
}

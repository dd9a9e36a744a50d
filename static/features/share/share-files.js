/** The section of files: the figure as an HTML page, the figure and a map as pictures. */

import { hasUpload, shownImage } from "convoscope/pure/link/picture-stack.js";
import { SHARE } from "convoscope/pure/strings/share-strings.js";
import { build, fill } from "convoscope/ui/dom.js";
import { giveFile } from "convoscope/ui/site/give-file.js";

const HTML_EXPORT = "/api/export/html";
const COMPARISON_PICTURE = "/api/compare.png";

/** @import {Figure, FetchFile} from "convoscope/features/share/share-dialog.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {Figure} figure @param {string} query @param {FetchFile} get @returns {Description} */
export function filesSection({ trace }, query, get) {
  const status = build(["div", { class: "small muted share-status", role: "status", "data-part": "share-status" }]);
  const isPrivate = hasUpload(trace.scene);
  const isUpload = "upload" in shownImage(trace.scene);
  const save =
    (/** @type {string} */ path, /** @type {string} */ name, /** @type {string} */ more = "") =>
    () =>
      saveFile(get, `${path}?${[query, more].filter(Boolean).join("&")}`, name, status);
  const page = () =>
    isPrivate
      ? askQuestion(status, SHARE.fileWithPicture, [
          [SHARE.fileAnyway, "save-with-picture", save(HTML_EXPORT, "convoscope.html", "picture=1")],
        ])
      : save(HTML_EXPORT, "convoscope.html")();
  const picture = (/** @type {string} */ path) => () =>
    isUpload
      ? askQuestion(status, SHARE.pictureCells, [
          [SHARE.withCells, "save-with-picture", save(path, "convoscope.png", "pixels=1")],
          [SHARE.withoutCells, "save-without-picture", save(path, "convoscope.png")],
        ])
      : save(path, "convoscope.png")();
  return saveSection(
    status,
    pageButton(page),
    [
      "button",
      {
        type: "button",
        class: "button",
        title: SHARE.figureHelp,
        "data-part": "save-figure",
        onclick: picture("/api/figure.png"),
      },
      SHARE.figurePicture,
    ],
    [
      "button",
      {
        type: "button",
        class: "button",
        title: SHARE.mapHelp,
        "data-part": "save-map",
        onclick: picture("/api/picture.png"),
      },
      SHARE.map,
    ],
  );
}

/**
 * Figures side by side as one HTML file, and as a picture.
 * @param {string} query @param {boolean} isPrivate @param {FetchFile} get @returns {Description}
 */
export function comparisonFileSection(query, isPrivate, get) {
  const status = build(["div", { class: "small muted share-status", role: "status", "data-part": "share-status" }]);
  const save = (/** @type {string} */ more) => () =>
    saveFile(get, `${HTML_EXPORT}?${query}${more}`, "convoscope.html", status);
  const page = () =>
    isPrivate
      ? askQuestion(status, SHARE.fileWithPicture, [[SHARE.fileAnyway, "save-with-picture", save("&picture=1")]])
      : save("")();
  const picture = () => saveFile(get, `${COMPARISON_PICTURE}?${query}`, "convoscope.png", status);
  return saveSection(status, pageButton(page), [
    "button",
    { type: "button", class: "button", title: SHARE.figuresHelp, "data-part": "save-figures", onclick: picture },
    SHARE.figuresPicture,
  ]);
}

/** What can be saved as a file, and what is said of it. @param {HTMLElement} status @param {...Description} buttons */
function saveSection(status, ...buttons) {
  return /** @type {Description} */ ([
    "section",
    { "aria-label": SHARE.saveAsFile },
    ["h3", SHARE.saveAsFile],
    ["div", { class: "button-row" }, ...buttons],
    status,
  ]);
}

/** @param {() => void} onclick @returns {Description} */
function pageButton(onclick) {
  return [
    "button",
    { type: "button", class: "button", title: SHARE.fileHelp, "data-part": "save-page", onclick },
    SHARE.file,
  ];
}

/**
 * Asks whether the file may contain the user's picture.
 * @param {HTMLElement} status @param {string} question @param {[words: string, name: string, act: () => void][]}
 * answers
 */
function askQuestion(status, question, answers) {
  fill(
    status,
    ["p", question],
    [
      "p",
      ...answers.flatMap(
        ([words, name, act]) =>
          /** @type {Description[]} */ ([
            ["button", { type: "button", class: "button", "data-part": name, onclick: act }, words],
            " ",
          ]),
      ),
      ["button", { type: "button", class: "button plain", onclick: () => fill(status) }, SHARE.cancel],
    ],
  );
  /** @type {HTMLElement} */ (status.querySelector("button")).focus();
}

/** @param {FetchFile} get @param {string} address @param {string} name @param {HTMLElement} status */
async function saveFile(get, address, name, status) {
  fill(status, SHARE.making);
  try {
    const file = await get(address);
    giveFile(file, file instanceof File ? file.name : name);
    fill(status, SHARE.saved);
  } catch (problem) {
    fill(status, /** @type {Error} */ (problem).message);
  }
}

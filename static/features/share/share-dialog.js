/**
 * The Share dialog: the figure as a link, a QR code, a file, and code to paste. It is loaded when it is first opened.
 */

import { exportSection } from "convoscope/features/share/export-section.js";
import { codeSection, comparisonSection } from "convoscope/features/share/share-code.js";
import { comparisonFileSection, filesSection } from "convoscope/features/share/share-files.js";
import { lessonSection } from "convoscope/features/share/share-lesson.js";
import { copyLine, linkSection } from "convoscope/features/share/share-link.js";
import { encodePng, fragmentOf, fragmentOfDrawing, pixelCellsOf } from "convoscope/pure/files/picture-in-link.js";
import { hasUpload, shownImage } from "convoscope/pure/link/picture-stack.js";
import { addressOf, queryWithDrawing, queryWithPictureInLink } from "convoscope/pure/link/safe-link.js";
import { mergeQuery } from "convoscope/pure/link/view.js";
import { SHARE } from "convoscope/pure/strings/share-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build, findPart } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { siteBase } from "convoscope/ui/site/site.js";

/** @import {Option, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {import("convoscope/ui/dom.js").Content} Content */

/**
 * @typedef {object} Figure to be shared
 * @property {Trace} trace
 * @property {View} view
 * @property {Option[]} table of the View
 * @property {number} longest most characters of a query
 */

/** @typedef {(path: string) => Promise<Blob>} FetchFile throws an Error with a sentence */

/** Above this many characters some programs truncate a link. */
const LONG_LINK = 8_000;
/** Some browsers limit addresses to 80,000 characters. */
const LONGEST_LINK = 80_000;
/** More numbers than these never fit into a link; the browser need not try. */
const MOST_NUMBERS = 300_000;

/**
 * @param {HTMLElement} root @param {Figure} figure
 * @param {{get: FetchFile, onTeach?: () => void}} events `onTeach` opens the panel for teachers
 */
export async function openShareDialog(root, figure, { get, onTeach }) {
  const { trace, view, table } = figure;
  const query = mergeQuery(trace.link, { ...view, present: false }, table, trace);
  const hasLink = query.length <= figure.longest;
  const isPrivate = hasUpload(trace.scene);
  const isUpload = "upload" in shownImage(trace.scene);
  const withPicture = isUpload ? await linkWithPicture(query, trace) : null;
  const plain = addressOf(siteBase(), "/", query);
  const drawn = await linkWithDrawing(query, trace);
  // A drawing goes behind "#picture=" where that is shorter than its numbers.
  const isDrawn = drawn !== null && drawn.length < plain.length && drawn.length <= LONGEST_LINK;
  const link = isDrawn ? drawn : plain;
  // The link with the picture still works after the upload has expired.
  const shared = withPicture && withPicture.length <= LONG_LINK ? withPicture : link;
  await openDialog(root, [
    hasLink || isDrawn
      ? linkSection(link, isPrivate, {
          title: view.title,
          url: shared,
          picture: hasLink ? () => get(`/api/figure.png?${query}`) : null,
        })
      : ["p", { class: "muted" }, SHARE.noLink],
    isUpload && linkWithPictureSection(withPicture, trace),
    hasLink && lessonSection(`?${query}`, view.title, isPrivate),
    hasLink && filesSection(figure, query, get),
    hasLink && exportSection(figure, query),
    hasLink && codeSection(figure),
    onTeach && [
      "footer",
      [
        "button",
        {
          type: "button",
          class: "button",
          "data-part": "teach",
          onclick: (/** @type {Event} */ event) => {
            closeDialogOf(event);
            onTeach();
          },
        },
        SHARE.teach,
      ],
      ["span", { class: "small muted" }, SHARE.teachHelp],
    ],
  ]);
}

/**
 * Shares a page without a figure as a link.
 * @param {HTMLElement} root @param {string} path @param {string} query @param {boolean} isPrivate
 */
export async function openLinkDialog(root, path, query, isPrivate) {
  const url = addressOf(siteBase(), path, query);
  await openDialog(root, [
    linkSection(url, isPrivate, { title: "", url, picture: null }),
    lessonSection(`${path.slice(1)}?${query}`, "", isPrivate),
  ]);
}

/**
 * Shares figures side by side: their link, their files, and the code of a frame.
 * @param {HTMLElement} root @param {{query: string, name: string, isPrivate: boolean}} comparison @param {FetchFile} get
 */
export async function openComparisonDialog(root, { query, name, isPrivate }, get) {
  const url = addressOf(siteBase(), "/compare", query);
  await openDialog(root, [
    linkSection(url, isPrivate, { title: name, url, picture: () => get(`/api/compare.png?${query}`) }),
    lessonSection(`compare?${query}`, name, isPrivate),
    comparisonFileSection(query, isPrivate, get),
    comparisonSection({ query, name }),
  ]);
}

/** @param {HTMLElement} root @param {Content[]} contents */
async function openDialog(root, contents) {
  await Promise.all(["settings", "share"].map(loadStylesheet));
  if (document.querySelector("dialog[open]")) return; // already open
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { class: "share", "aria-label": SHARE.title, "data-part": "share-dialog" },
      ["header", ["h2", SHARE.title], closeButton()],
      ...contents,
    ])
  );
  dialog.addEventListener("close", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
  findPart(dialog, "copy-link")?.focus();
}

/** @param {Event} event of something in a dialog */
function closeDialogOf(event) {
  /** @type {HTMLElement} */ (event.target).closest("dialog")?.close();
}

/**
 * The link with the picture in it; null where the cells are missing or too many.
 * @param {string} query @param {Trace} trace
 * @returns {Promise<string | null>}
 */
async function linkWithPicture(query, trace) {
  const cells = pixelCellsOf(trace.stages[0], trace.scene.range === "unit");
  if (!cells || cells.bytes.length > MOST_NUMBERS) return null;
  const link =
    addressOf(siteBase(), "/", queryWithPictureInLink(query, cells.rows, cells.columns)) +
    fragmentOf(await encodePng(cells));
  return link.length <= LONGEST_LINK ? link : null;
}

/**
 * The link with typed pixels of one channel in it; null for another picture.
 * @param {string} query @param {Trace} trace @returns {Promise<string | null>}
 */
async function linkWithDrawing(query, { scene }) {
  const hash = await fragmentOfDrawing(scene);
  return hash ? addressOf(siteBase(), "/", queryWithDrawing(query)) + hash : null;
}

/** @param {string | null} link @param {Trace} trace @returns {Description} */
function linkWithPictureSection(link, trace) {
  const [, rows, columns] = trace.stages[0].shape;
  if (!link)
    return [
      "section",
      { "aria-label": SHARE.linkWithPicture },
      ["h3", SHARE.linkWithPicture],
      ["p", { class: "small muted" }, SHARE.linkWithPictureTooLong(rows, columns)],
    ];
  return [
    "section",
    { "aria-label": SHARE.linkWithPicture },
    ["h3", SHARE.linkWithPicture],
    copyLine(link, SHARE.linkWithPicture, "inside"),
    ["p", { class: "small muted" }, SHARE.linkWithPictureHelp(rows, columns, link.length)],
    link.length > LONG_LINK && ["p", { class: "small warning" }, SHARE.linkWithPictureLong],
  ];
}

/**
 * The offline shell: the figure alone in one HTML file that is opened from disk. The page contains the Trace as base64
 * of the gzipped bytes that a server would send, with the numbers of every stage.
 */

import { parseView } from "convoscope/pure/link/view.js";
import { unzip } from "convoscope/pure/protocol/unzip.js";
import { readTrace } from "convoscope/pure/protocol/wire.js";
import { findPart, getPart } from "convoscope/ui/dom.js";
import { createViewer } from "convoscope/ui/viewer/viewer.js";

/** @import {PageQuestion, ViewerTables} from "convoscope/pure/types.js" */

const root = getPart(document, "page");
/** @type {ViewerTables} */
const tables = JSON.parse(getPart(document, "tables").textContent ?? "{}");
/** The view that the file was made with; the query of its address takes precedence. */
const linkedView = parseView([tables.query, location.search.slice(1)].filter(Boolean).join("&"), tables.view);
const { question } = tables;
const view = { ...linkedView, predict: "", ...question?.view };
document.documentElement.dataset.theme = view.theme;
root.dataset.ui = view.ui;

const viewer = createViewer(root, view, tables, {
  onItem: async (item, change) => {
    const packed = findPart(document, `item-${item}`) ?? getPart(document, "trace"); // the first one is the figure's own
    viewer.show(readTrace(await unzip(packed.textContent ?? "")), change);
  },
  onView() {},
  onEdit() {},
  onNumbersNeeded() {},
  onHelp() {},
  getPixelRatio,
});
if (view.story !== null) await viewer.loadStory();
if (tables.laws) await viewer.loadLaws();
viewer.show(readTrace(await unzip(getPart(document, "trace").textContent ?? "")));
if (question) openQuestion(question);
if (view.play) viewer.play();

/** @param {PageQuestion} question its answer is in this file, too */
async function openQuestion(question) {
  const { openQuestion } = await import("convoscope/features/predict/predict.js");
  openQuestion(root, viewer, question, linkedView, {
    getWhole: () => unzip(getPart(document, "whole").textContent ?? ""),
    onReveal: (trace, view) => viewer.show(trace, view),
    usesSingleKeys: () => true,
  });
}

/** Canvas pixels per CSS pixel: a large window enlarges the whole page. */
function getPixelRatio() {
  return window.devicePixelRatio * (Number(getComputedStyle(root).getPropertyValue("--zoom")) || 1);
}

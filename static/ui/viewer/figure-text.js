/** The words around the figure: titles, sizes, notes, the open view, and what a screen reader hears. */

import { frameAt } from "convoscope/pure/frame/frame.js";
import { inputStageOf, stageOf } from "convoscope/pure/frame/view-model.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { describeStep, stageTitle } from "convoscope/pure/text/caption.js";
import { fill, findPart, getPart, setText } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */

/** While playing the screen reader hears of a step at most this often, in milliseconds. */
const SPEAK_EVERY = 5000;
/** @type {Partial<Record<Stage["family"], string>>} */
const COLORS = { pooling: "is-pooling", input: "is-input" };

/**
 * Titles, sizes and notes of the stage that is shown.
 * @param {HTMLElement} root @param {Trace} trace @param {View} view
 */
export function showWords(root, trace, view) {
  const stage = stageOf(trace, view);
  const before = inputStageOf(trace, stage);
  const figure = getPart(root, "figure");
  figure.classList.toggle("alone", before === null);
  const long = ["linear", "softmax"].includes(stage.op) && stage.shape[1] * stage.shape[2] === 1;
  figure.classList.toggle("several", long || (stage.op === "conv" && (stage.input_shape?.[0] ?? 1) > 1));
  if (before) nameMap(root, "input", trace, before, 0);
  nameMap(root, "output", trace, stage, view.map);
  getPart(root, "output-title").className = COLORS[stage.family] ?? "is-output";
  const notes = findPart(root, "notes");
  if (notes) fill(notes, ...stage.notes.map((note) => /** @type {["p", string]} */ (["p", note])));
}

/**
 * @param {HTMLElement} root @param {"input" | "output"} side @param {Trace} trace @param {Stage} stage
 * @param {number} map
 */
function nameMap(root, side, trace, stage, map) {
  setText(getPart(root, `${side}-title`), stageTitle(trace, stage.index));
  setText(getPart(root, `${side}-shape`), `${stage.shape[1]} × ${stage.shape[2]}`);
  getPart(root, `${side}-maps`).setAttribute("aria-label", PAGE.mapSummary(stage, map));
}

/**
 * The view that is open below the figure. The views come when the first of them is opened.
 * @param {HTMLElement} root
 */
export function createPanel(root) {
  const panel = findPart(root, "panel");
  /** @type {typeof import("convoscope/pure/tabs/tabs.js").viewOf | null} */
  let viewOf = null;
  /** What is to be shown as soon as the views are here. @type {[Trace, View, Frame] | null} */
  let waiting = null;

  /** @param {HTMLElement} panel */
  async function fetchViews(panel) {
    panel.setAttribute("aria-busy", "true");
    try {
      const [tabs] = await Promise.all([import("convoscope/pure/tabs/tabs.js"), loadStylesheet("tabs")]);
      ({ viewOf } = tabs);
      if (waiting) show(...waiting);
    } catch {
      fill(panel, ["p", PAGE.unreachable]);
    }
    panel.removeAttribute("aria-busy");
  }

  /** @param {Trace} trace @param {View} view @param {Frame} frame */
  function show(trace, view, frame) {
    if (!panel) return;
    for (const tab of root.querySelectorAll("[data-tab]")) {
      const open = String(tab.getAttribute("data-tab") === view.tab);
      tab.setAttribute("aria-expanded", open);
      tab.setAttribute("aria-pressed", open);
    }
    panel.hidden = view.tab === "";
    const first = waiting === null;
    waiting = view.tab ? [trace, view, frame] : null;
    if (!view.tab) return;
    if (viewOf) fill(panel, viewOf(view.tab, trace, frame));
    else if (first) fetchViews(panel);
  }

  return { show };
}

/** Tells a screen reader of steps: of each that is made by hand, of few while playing. @param {HTMLElement} root */
export function createSpeech(root) {
  const live = findPart(root, "live");
  let last = 0;
  return {
    /** @param {Trace} trace @param {View} view @param {boolean} playing */
    say(trace, view, playing) {
      const now = performance.now();
      if (!live || (playing && now - last < SPEAK_EVERY)) return;
      last = now;
      live.textContent = describeStep(trace, frameAt(trace, view));
    },
  };
}

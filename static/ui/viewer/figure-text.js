/** Text around the figure: titles, sizes, notes, the open tab, and the texts for screen readers. */

import { findAnswer } from "convoscope/pure/frame/answer.js";
import { hasCapability } from "convoscope/pure/frame/stage.js";
import { inputStageOf, stageOf } from "convoscope/pure/frame/view-model.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { describeStep, stageTitle } from "convoscope/pure/text/caption.js";
import { fill, findPart, getPart, setText } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */

/** Shortest time between two announcements while playing, in milliseconds. */
const SPEECH_INTERVAL = 5000;
/** @type {Partial<Record<Stage["family"], string>>} */
const TITLE_CLASSES = { pooling: "is-pooling", input: "is-input" };

/**
 * Shows the titles, sizes and notes of the current stage.
 * @param {HTMLElement} root @param {Trace} trace @param {View} view
 */
export function showStageText(root, trace, view) {
  const stage = stageOf(trace, view);
  const before = inputStageOf(trace, stage, view.map);
  const figure = getPart(root, "figure");
  figure.classList.toggle("alone", before === null);
  const isVector = hasCapability(stage, "reads_all") && stage.shape[1] * stage.shape[2] === 1;
  figure.classList.toggle(
    "several",
    isVector || (hasCapability(stage, "filters") && (stage.input_shape?.[0] ?? 1) > 1),
  );
  if (before) describeMap(root, "input", trace, before, 0);
  describeMap(root, "output", trace, stage, view.map);
  getPart(root, "output-title").className = TITLE_CLASSES[stage.family] ?? "is-output";
  const ofPicture = stage.image?.notes?.length ? [PAGE.pictureNotes(stage.image.notes)] : [];
  const sentences = [...ofPicture, ...stage.notes];
  const notes = findPart(root, "notes");
  if (notes) fill(notes, ...sentences.map((note) => /** @type {["p", string]} */ (["p", note])));
}

/**
 * @param {HTMLElement} root @param {"input" | "output"} side @param {Trace} trace @param {Stage} stage
 * @param {number} map
 */
function describeMap(root, side, trace, stage, map) {
  const title = getPart(root, `${side}-title`);
  setText(title, stageTitle(trace, stage.index));
  title.title = stageTitle(trace, stage.index);
  setText(getPart(root, `${side}-shape`), sizeText(stage, side === "output" ? map : -1));
  getPart(root, `${side}-maps`).setAttribute("aria-label", PAGE.mapSummary(stage, map));
}

/**
 * The size of a map, with the class whose scores they are; of a vector the class of the map that is shown, or how many
 * values it has.
 * @param {Stage} stage @param {number} map
 */
function sizeText({ shape: [maps, rows, columns], classes }, map) {
  const name = classes?.[map];
  if (maps < 2 || rows * columns > 1) return `${name ? `${name}, ` : ""}${rows} × ${columns}`;
  return name ?? PAGE.values(maps);
}

/**
 * The view that is open over the figure. The code of views and of their sheet is loaded when the first one is opened.
 * @param {HTMLElement} root @param {import("convoscope/ui/viewer/view/view-panel.js").PanelEvents} events
 */
export function createTabPanel(root, events) {
  const panel = findPart(root, "panel");
  /** @type {ReturnType<typeof import("convoscope/ui/viewer/view/view-panel.js").createViewPanel> | null} */
  let loaded = null;
  /** @type {Promise<boolean> | null} */
  let pending = null;
  /** What is shown. @type {[Trace, View, Frame, [number, number] | null] | null} */
  let shown = null;

  /** @param {HTMLElement} panel @returns {Promise<boolean>} whether the code is here */
  async function load(panel) {
    panel.setAttribute("aria-busy", "true");
    const loading = Promise.all([import("convoscope/ui/viewer/view/view-panel.js"), loadStylesheet("tabs")]);
    const modules = await loading.catch(() => null);
    panel.removeAttribute("aria-busy");
    pending = null;
    findPart(root, "view-sheet")?.style.setProperty("display", modules ? "" : "block");
    if (!modules) {
      fill(panel, ["p", PAGE.unreachable]);
      return false;
    }
    loaded = modules[0].createViewPanel(root, panel, events);
    if (shown) loaded.show(...shown);
    return true;
  }

  return {
    /** @param {Trace} trace @param {View} view @param {Frame} frame @param {[number, number] | null} weight that is lit */
    show(trace, view, frame, weight) {
      if (!panel) return;
      for (const tab of root.querySelectorAll("[data-tab]")) {
        const open = String(tab.getAttribute("data-tab") === view.tab);
        tab.setAttribute("aria-expanded", open);
        tab.setAttribute("aria-pressed", open);
      }
      const why = /** @type {HTMLElement | null} */ (root.querySelector('[data-tab="occlusion"]'));
      if (why) why.hidden = view.tab !== "occlusion" && !(events.getFile && findAnswer(trace));
      panel.hidden = view.tab === "";
      shown = [trace, view, frame, weight];
      if (loaded) loaded.show(...shown);
      else if (needsPanel(root, trace, view)) pending ??= load(panel);
    },
    /** Resolves to whether the code of views is here. */
    async load() {
      if (loaded || !panel) return loaded !== null;
      pending ??= load(panel);
      return pending;
    },
    /** Whether the code of views is on its way. */
    isLoading: () => pending !== null,
    /** One press of the view that takes the stage. @param {1 | -1} by @returns {boolean} whether it has one more */
    press: (by) => loaded?.press(by) ?? false,
    /** Goes back to the view that the figure was reached from. @returns {boolean} whether there is one */
    leadBack: () => loaded?.leadBack() ?? false,
    /**
     * The plan of playing the presses of the view; null until its code is here.
     * @param {Trace} trace @param {View} view @param {Frame} frame @param {number} tempo
     */
    planPresses: (trace, view, frame, tempo) => loaded?.planPresses(trace, view, frame, tempo) ?? null,
  };
}

/** Announces steps to screen readers: every step made by hand, few while playing. @param {HTMLElement} root */
export function createAnnouncer(root) {
  const live = findPart(root, "live");
  let last = 0;
  return {
    /** Announces a sentence at once. @param {string} sentence */
    say(sentence) {
      if (live) live.textContent = sentence;
    },
    /** `words` are said before the step. @param {Trace} trace @param {Frame} frame @param {boolean} playing @param {string} words */
    announce(trace, frame, playing, words) {
      const now = performance.now();
      if (!live || (playing && !words && now - last < SPEECH_INTERVAL)) return;
      last = now;
      live.textContent = `${words} ${describeStep(trace, frame)}`.trim();
    },
  };
}

/**
 * Whether anything is shown that the panel's code draws; on a page it offers to show a picture of one row as a signal.
 * @param {HTMLElement} root @param {Trace} trace @param {View} view
 */
function needsPanel(root, { scene, stages }, { tab, volume, table, signal, weights, second, sweep }) {
  const [, rows, columns] = stages[0].shape;
  const isRow = rows === 1 && columns > 1 && root.matches(".page");
  return Boolean(tab || volume || table || signal || weights || second || sweep || scene.adjust || isRow);
}

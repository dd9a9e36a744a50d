/**
 * The shell of the embed: the figure alone, for an iframe. It reads its address once and never changes it, takes no
 * focus, stores nothing, and plays only while it is visible. The host page controls it by messages.
 */

import { placeOf, positionOf, positionsOf } from "convoscope/pure/frame/frame.js";
import { addSalientMap, fitView, stageOf } from "convoscope/pure/frame/view-model.js";
import { withoutVersionNotes } from "convoscope/pure/link/version-notes.js";
import { mergeQuery, parseChange, parseFraction, parseView } from "convoscope/pure/link/view.js";
import { stepFields } from "convoscope/pure/protocol/embed-messages.js";
import { decodeBase64 } from "convoscope/pure/protocol/wire.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, fill, findPart, getPart } from "convoscope/ui/dom.js";
import { createAutoplay } from "convoscope/ui/page/autoplay.js";
import { createHostPage } from "convoscope/ui/page/host-page.js";
import { watchVisibility } from "convoscope/ui/page/visibility.js";
import { fetchFile } from "convoscope/ui/site/fetch-file.js";
import { drawTrace, receive } from "convoscope/ui/site/receive-trace.js";
import { createReconnect } from "convoscope/ui/site/reconnect.js";
import { fetchSite, siteAddress } from "convoscope/ui/site/site.js";
import { createViewer } from "convoscope/ui/viewer/viewer.js";

/** @import {Frame, PageQuestion, PageTables, Trace, View} from "convoscope/pure/types.js" */
/** @import {Command} from "convoscope/pure/protocol/embed-messages.js" */
/** @import {Action} from "convoscope/pure/keys.js" */

const root = getPart(document, "page");
/** @type {PageTables} */
const tables = JSON.parse(getPart(document, "tables").textContent ?? "{}");
/** The View of the link; while the embed asks a question, it shows another one, which does not answer it. */
const linkedView = parseView(location.search || tables.query, tables.view);
const initialView = { ...linkedView, predict: "", ...tables.question?.view };
/** Most canvas pixels per side that the link's `dpr` can give: more would only cost time. */
const MOST_PIXELS = 4096;

/** The link of the first figure; with a question it hides the answer. */
const initialLink = tables.question ? tables.query : tables.link;
/** The query of its numbers, while it asks. */
let askedQuery = tables.query;
/** @type {{trace: Trace | null, link: string}} */
const state = { trace: null, link: tables.link };
/** The current request; a newer one replaces it. @type {AbortController | null} */
let activeRequest = null;
const retryWhenBack = createReconnect();

const host = createHostPage(tables.view, {
  onCommand: (command) => handleCommand(command),
  onSlideStart: () => autoplay.slideStart(),
  onSlideStop: () => autoplay.slideStop(),
  onClicker: (by) => {
    const { stops, clicker } = viewer.view();
    return Boolean(stops.length || clicker) && viewer.act(by > 0 ? "next-stop" : "previous-stop");
  },
});
const viewer = createViewer(root, initialView, tables, {
  onView: applyView,
  onEdit() {},
  // The next figure requests its own.
  onNumbersNeeded: (stages) => activeRequest ?? loadFigure(viewer.view().predict ? askedQuery : state.link, { stages }),
  onItem: (_, change, link) => loadFigure(link, { change }),
  onHelp() {},
  onStep: notifyStep,
  onEnd: () => host.notify("end", () => ({})),
  acceptsKey: host.ownsKey,
  dataAddress: (query) => siteAddress(`/api/trace?${query}`),
  getFile: fetchFile,
  getPixelRatio,
});
viewer.useSingleKeys(false);
const autoplay = createAutoplay(root, viewer, () => seek(null, null));

// --- display ----------------------------------------------------------------------------------------------------

/** @param {View} view */
function applyView({ theme, transparent, ui, title }) {
  const { documentElement: page } = document;
  const before = page.dataset.theme ?? "auto";
  page.dataset.theme = theme;
  page.toggleAttribute("data-transparent", transparent);
  root.dataset.ui = ui;
  if (title) getPart(root, "title").textContent = title;
  getPart(root, "title").className = title ? "title" : "unseen";
  getPart(root, "title").translate = !title;
  if (before !== theme) viewer.repaint();
}

/** Canvas pixels per CSS pixel: more than the screen's where a deck enlarges the frame. */
function getPixelRatio() {
  const wanted = Math.min(
    parseFraction(viewer.view().dpr),
    MOST_PIXELS / Math.max(window.innerWidth, window.innerHeight, 1),
  );
  const zoom = Number(getComputedStyle(root).getPropertyValue("--zoom")) || 1;
  return Math.max(1, window.devicePixelRatio || 1, wanted) * zoom;
}

// --- the figure -------------------------------------------------------------------------------------------------

/**
 * Fetches a figure and shows it.
 * @param {string} link @param {{stages?: number[], change?: Partial<View>}} [options] `stages` whose numbers are needed
 */
async function loadFigure(link, { stages, change } = {}) {
  activeRequest?.abort();
  const controller = new AbortController();
  activeRequest = controller;
  const carried = tables.trace && link === initialLink && !stages ? decodeBase64(tables.trace) : null;
  const received = carried ? null : await receive(fetchTrace(link, stages, controller.signal));
  if (controller.signal.aborted) return;
  activeRequest = null;
  const bytes = carried ?? received?.bytes;
  const again = () => loadFigure(link, { stages, change });
  if (!bytes) return received ? await handleRefusal(received.answer, link, again) : handleNoAnswer(link, again);
  const failure = drawTrace(bytes, (trace) => show(trace, change));
  if (failure) reportTrouble(failure, link, again);
}

/**
 * Says why the server refused. A figure that is shown stays without a word if a retry cannot help.
 * @param {Response} answer @param {string} link @param {() => void} again
 */
async function handleRefusal(answer, link, again) {
  const body = await answer.json().catch(() => ({}));
  const busy = answer.status === 429 || answer.status >= 500;
  const sentence = busy ? (answer.status === 500 ? PAGE.broken : PAGE.busy) : (body.detail ?? PAGE.broken);
  if (busy || !state.trace) reportTrouble(sentence, link, again);
  else host.notify("error", () => ({ message: sentence, link }));
}

/** Says that the server cannot be reached, and asks again when it is back. @param {string} link @param {() => void} again */
function handleNoAnswer(link, again) {
  const box = reportTrouble(PAGE.unreachable, link, again);
  retryWhenBack(() => box.isConnected, again);
}

/**
 * Tells the host page and the reader what went wrong.
 * @param {string} sentence @param {string} link @param {() => void} again @returns {HTMLElement}
 */
function reportTrouble(sentence, link, again) {
  host.notify("error", () => ({ message: sentence, link }));
  return showTrouble(sentence, again);
}

/** @param {string} link @param {number[] | undefined} stages @param {AbortSignal} signal */
function fetchTrace(link, stages, signal) {
  const query = [link, stages && `stages=${stages.join(",")}`].filter(Boolean).join("&");
  return fetchSite(`/api/trace${query ? `?${query}` : ""}`, { signal });
}

/** @param {Trace} trace @param {Partial<View>} [change] */
function show(trace, change) {
  const [first, before] = [state.trace === null, state.link];
  state.trace = trace;
  state.link = trace.link;
  findPart(root, "trouble")?.remove();
  if (trace.link !== before)
    fill(
      getPart(root, "problems"),
      ...withoutVersionNotes(trace.problems).map(({ message }) => build(["div", { class: "problem" }, ["p", message]])),
    );
  viewer.show(trace, change);
  if (change) applyView(viewer.view());
  if (first) {
    preparePrint();
    host.post("ready", stateFields());
    autoplay.markReady();
  } else if (trace.link !== before) host.notify("scenechange", stateFields);
}

/** The module for printing is loaded when nothing else is needed. */
async function preparePrint() {
  const { listenPrint } = await import("convoscope/ui/page/print-figure.js");
  listenPrint(root, {
    repaint: () => viewer.repaint(),
    title: () => viewer.view().title || document.title,
    address: () => siteAddress(`/?${mergeQuery(state.link, viewer.view(), tables.view, state.trace)}`),
  });
}

/**
 * Shows one sentence above the figure, and a button to try again.
 * @param {string} sentence @param {() => void} again
 * @returns {HTMLElement}
 */
function showTrouble(sentence, again) {
  findPart(root, "trouble")?.remove();
  const button = build([
    "button",
    { type: "button", class: "button", "data-part": "retry", onclick: again },
    PAGE.retry,
  ]);
  const box = build(["div", { class: "problem", "data-part": "trouble" }, ["p", sentence], button]);
  getPart(root, "problems").append(box);
  return box;
}

// --- the host page ----------------------------------------------------------------------------------------------

/** @param {Command} command */
function handleCommand(command) {
  if (command.type === "play") return autoplay.play();
  if (command.type === "pause") return autoplay.pause();
  if (command.type === "setScene") {
    const change = parseChange(command.link, tables.view);
    if (change.predict) return location.replace(siteAddress(`/embed?${command.link}`)); // only a page asks
    question?.then(({ close }) => close());
    return void loadFigure(command.link, { change: { at: null, pin: null, ...change } });
  }
  if (command.type === "getState")
    return host.post("state", { ...stateFields(), ...(command.id === undefined ? {} : { id: command.id }) });
  if (!state.trace) return;
  if (command.type === "step") return step(command.by, command.unit);
  if (command.type === "setState") return changeView(command.change);
  if (command.type === "seek") {
    autoplay.pause();
    seek(command.position, command.change);
  }
}

/** @param {number} by @param {string} unit */
function step(by, unit) {
  autoplay.pause();
  /** @type {Record<string, Action[]>} */
  const actions = { position: ["next", "previous"], beat: ["next-beat", "previous-beat"], row: ["down", "up"] };
  const action = actions[unit][by > 0 ? 0 : 1];
  for (let left = Math.min(Math.abs(by), 1000); left > 0; left--) viewer.act(action);
}

/** @param {number | null} position @param {Partial<View> | null} change */
function seek(position, change) {
  viewer.stop();
  const { at, beat, stage, map } = initialView;
  const wanted = { ...viewer.view(), ...(change ?? { at, beat, stage, map }) };
  const there = stageOf(/** @type {Trace} */ (state.trace), wanted);
  const last = positionsOf(there).count - 1;
  changeView({
    ...(change ?? { at, beat, stage, map }),
    ...(position === null ? {} : { at: placeOf(there, Math.min(position, last)) }),
    pin: null,
  });
}

/** Changes the View to the nearest one that the figure has. @param {Partial<View>} change */
function changeView(change) {
  const before = viewer.view();
  const trace = /** @type {Trace} */ (state.trace);
  const after = fitView({ ...before, ...addSalientMap(change, trace) }, trace);
  const names = /** @type {(keyof View)[]} */ (Object.keys(after)).filter(
    (name) => name !== "predict" && JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  if (!names.length) return;
  viewer.set(Object.fromEntries(names.map((name) => [name, after[name]])));
  applyView(viewer.view());
}

/** @param {Frame} frame */
function notifyStep(frame) {
  const { trace } = state;
  if (trace) host.notify("step", () => ({ ...stepFields(frame, trace), ...positionFields() }));
}

function positionFields() {
  const { trace } = state;
  if (!trace) return {};
  const view = viewer.view();
  const stage = stageOf(trace, view);
  const at = view.at ?? stage.telling?.[view.map] ?? [0, 0];
  return { position: positionOf(stage, at[0], at[1]), positions: positionsOf(stage).count };
}

function stateFields() {
  const view = viewer.view();
  const stages = state.trace?.stages.map(({ title, shape }) => ({ title, shape })) ?? [];
  return {
    link: mergeQuery(state.link, view, tables.view, state.trace),
    scene: state.link,
    state: view,
    playing: viewer.isPlaying(),
    stages,
    ...positionFields(),
  };
}

new ResizeObserver(() => host.post("resize", { width: window.innerWidth, height: window.innerHeight })).observe(
  document.documentElement,
);
watchVisibility(root, autoplay.setVisible);
applyView(initialView);
autoplay.followLink();
Promise.all([tables.laws && viewer.loadLaws(), initialView.story !== null && viewer.loadStory()]).then(() =>
  loadFigure(initialLink),
);

/** Loads the question of the link, which is answered in this frame. */
async function openQuestion() {
  const { openQuestion } = await import("convoscope/features/predict/predict.js");
  return openQuestion(root, viewer, /** @type {PageQuestion} */ (tables.question), linkedView, {
    getWhole: async () => {
      const received = await receive(fetchSite(`/api/trace?${tables.query}&reveal=1`));
      if (!received?.bytes) throw new Error(PAGE.unreachable);
      return received.bytes;
    },
    onReveal(trace, view) {
      askedQuery = `${tables.query}&reveal=1`;
      show(trace, view);
    },
    usesSingleKeys: () => false,
  });
}
/** The question of the link, until the embed goes on. */
const question = tables.question ? openQuestion() : null;

/**
 * The embed's shell: the bare figure for an iframe. It reads its own address once and never changes it, takes no focus,
 * keeps nothing, and plays only while it is seen. The page around it speaks to it by messages.
 */

import { placeOf, positionOf, positionsOf } from "convoscope/pure/frame/frame.js";
import { fitView, stageOf } from "convoscope/pure/frame/view-model.js";
import { mergeQuery, parseChange, parseFraction, parseView } from "convoscope/pure/link/view.js";
import { stepFields } from "convoscope/pure/protocol/embed-messages.js";
import { decodeBase64, readTrace } from "convoscope/pure/protocol/wire.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { createPlaying } from "convoscope/shells/embed/autoplay.js";
import { createHost } from "convoscope/shells/embed/host-page.js";
import { watchSight } from "convoscope/shells/embed/visibility.js";
import { build, fill, findPart, getPart } from "convoscope/ui/dom.js";
import { createReconnect } from "convoscope/ui/site/reconnect.js";
import { fetchSite } from "convoscope/ui/site/site.js";
import { createViewer } from "convoscope/ui/viewer/viewer.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {Command} from "convoscope/pure/protocol/embed-messages.js" */
/** @import {Action} from "convoscope/pure/keys.js" */

const root = getPart(document, "page");
const tables = JSON.parse(getPart(document, "tables").textContent ?? "{}");
const opening = parseView(location.search || tables.query, tables.view);
/** A frame as wide as a screen is sharp enough as it is; more pixels would only cost time. */
const MOST_PIXELS = 4096;

/** @type {{trace: Trace | null, link: string}} */
const state = { trace: null, link: tables.link };
/** The figure on its way; a newer one takes its place. @type {AbortController | null} */
let asking = null;
const whenBack = createReconnect();

const host = createHost(tables.view, {
  onCommand: (command) => handleCommand(command),
  onSlideStart: () => playing.slideStart(),
  onSlideStop: () => playing.slideStop(),
});
const viewer = createViewer(root, opening, tables, {
  onView: dress,
  onEdit() {},
  onWanted: (stages) => asking ?? load(state.link, { stages }), // what comes next asks again
  onHelp() {},
  onStep: tellStep,
  onEnd: () => host.tell("end", () => ({})),
  takesKeys: host.takes,
  sharpness,
});
viewer.useSingleKeys(false);
const playing = createPlaying(root, viewer, () => seek(null, null));

// --- how it looks -----------------------------------------------------------------------------------------------

/** @param {View} view */
function dress({ theme, transparent, ui, title }) {
  const { documentElement: page } = document;
  const before = page.dataset.theme ?? "auto";
  page.dataset.theme = theme;
  page.toggleAttribute("data-transparent", transparent);
  root.dataset.ui = ui;
  if (title) getPart(root, "title").textContent = title;
  getPart(root, "title").className = title ? "title" : "unseen";
  if (before !== theme) viewer.repaint();
}

/** Decks enlarge frames: a canvas has more pixels than the page asks for. */
function sharpness() {
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
 * @param {string} link @param {{stages?: number[], change?: Partial<View>}} [how] `stages` whose numbers are wanted
 */
async function load(link, { stages, change } = {}) {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  try {
    const trace = readTrace(await bytesOf(link, stages, mine.signal));
    if (asking === mine) asking = null;
    show(trace, change);
  } catch (problem) {
    if (mine.signal.aborted) return;
    asking = null;
    const sentence = problem instanceof Refused ? problem.message : PAGE.unreachable;
    host.tell("error", () => ({ message: sentence, link }));
    const again = () => load(link, { stages, change });
    const box = !state.trace || !(problem instanceof Refused && problem.final) ? complain(sentence, again) : null;
    if (box && !(problem instanceof Refused)) whenBack(() => box.isConnected, again);
  }
}

/** What the server says no to; `final`: asking again is of no use. */
class Refused extends Error {
  /** @param {string} message @param {boolean} final */
  constructor(message, final) {
    super(message);
    this.final = final;
  }
}

/** @param {string} link @param {number[] | undefined} stages @param {AbortSignal} signal */
async function bytesOf(link, stages, signal) {
  if (tables.gone && link === tables.link) return decodeBase64(tables.trace);
  const query = [link, stages && `stages=${stages.join(",")}`].filter(Boolean).join("&");
  const answer = await fetchSite(`/api/trace${query ? `?${query}` : ""}`, { signal });
  if (answer.ok) return answer.arrayBuffer();
  const body = await answer.json().catch(() => ({}));
  const busy = answer.status === 429 || answer.status >= 500;
  throw new Refused(busy ? (answer.status === 500 ? PAGE.broken : PAGE.busy) : (body.detail ?? PAGE.broken), !busy);
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
      ...trace.problems.map(({ message }) => build(["div", { class: "problem" }, ["p", message]])),
    );
  viewer.show(trace, change);
  if (change) dress(viewer.view());
  if (first) {
    host.post("ready", stateFields());
    playing.ready();
  } else if (trace.link !== before) host.tell("scenechange", stateFields);
}

/**
 * One sentence above the figure, and a way to try again.
 * @param {string} sentence @param {() => void} again
 * @returns {HTMLElement}
 */
function complain(sentence, again) {
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

// --- the page around --------------------------------------------------------------------------------------------

/** @param {Command} command */
function handleCommand(command) {
  if (command.type === "play") return playing.play();
  if (command.type === "pause") return playing.pause();
  if (command.type === "setScene")
    return void load(command.link, { change: { at: null, pin: null, ...parseChange(command.link, tables.view) } });
  if (command.type === "getState")
    return host.post("state", { ...stateFields(), ...(command.id === undefined ? {} : { id: command.id }) });
  if (!state.trace) return;
  if (command.type === "step") return step(command.by, command.unit);
  if (command.type === "setState") return go(command.change);
  if (command.type === "seek") {
    playing.pause();
    seek(command.position, command.change);
  }
}

/** @param {number} by @param {string} unit */
function step(by, unit) {
  playing.pause();
  /** @type {Record<string, Action[]>} */
  const actions = { position: ["next", "previous"], beat: ["next-beat", "previous-beat"], row: ["down", "up"] };
  const action = actions[unit][by > 0 ? 0 : 1];
  for (let left = Math.min(Math.abs(by), 1000); left > 0; left--) viewer.act(action);
}

/** @param {number | null} position @param {Partial<View> | null} change */
function seek(position, change) {
  viewer.stop();
  const { at, beat, stage, map } = opening;
  const wanted = { ...viewer.view(), ...(change ?? { at, beat, stage, map }) };
  const there = stageOf(/** @type {Trace} */ (state.trace), wanted);
  const last = positionsOf(there).count - 1;
  go({
    ...(change ?? { at, beat, stage, map }),
    ...(position === null ? {} : { at: placeOf(there, Math.min(position, last)) }),
    pin: null,
  });
}

/** Changes the View to the nearest one that the figure has. @param {Partial<View>} change */
function go(change) {
  const before = viewer.view();
  const after = fitView({ ...before, ...change }, /** @type {Trace} */ (state.trace));
  const names = /** @type {(keyof View)[]} */ (Object.keys(after)).filter(
    (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  if (!names.length) return;
  viewer.set(Object.fromEntries(names.map((name) => [name, after[name]])));
  dress(viewer.view());
}

/** @param {Frame} frame */
function tellStep(frame) {
  const { trace } = state;
  if (trace) host.tell("step", () => ({ ...stepFields(frame, trace), ...positionFields() }));
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
    link: mergeQuery(state.link, view, tables.view),
    scene: state.link,
    state: view,
    playing: viewer.playing(),
    stages,
    ...positionFields(),
  };
}

new ResizeObserver(() => host.post("resize", { width: window.innerWidth, height: window.innerHeight })).observe(
  document.documentElement,
);
watchSight(root, playing.see);
dress(opening);
playing.byItself();
load(tables.link);

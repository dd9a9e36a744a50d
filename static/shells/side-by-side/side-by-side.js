/**
 * The shell of figures side by side: two to four figures in lock-step of place, beat and pointer, with one size of cells
 * and one color scale.
 */

import { fitView, stepAfterAction } from "convoscope/pure/frame/view-model.js";
import { actionOf, takesKey } from "convoscope/pure/keys.js";
import { mergeQuery, parseFraction, parseView } from "convoscope/pure/link/view.js";
import { arrangeFigures } from "convoscope/pure/maps/arrangement.js";
import { commonScale } from "convoscope/pure/maps/common-scale.js";
import { RULER_LEFT, RULER_TOP } from "convoscope/pure/maps/layout.js";
import { decodeBase64 } from "convoscope/pure/protocol/wire.js";
import { commonBeats, commonGrid, hasCell, stepAt } from "convoscope/pure/story/lock-step.js";
import { plan } from "convoscope/pure/story/playback-plan.js";
import { TOGETHER } from "convoscope/pure/strings/present-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { createComparedFigure } from "convoscope/shells/side-by-side/compared-figure.js";
import { build, findPart, getPart, isDark, isFocusByPointer, readZoom } from "convoscope/ui/dom.js";
import { showLegend } from "convoscope/ui/figure/legend.js";
import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";
import { drawTrace, receive } from "convoscope/ui/site/receive-trace.js";
import { fetchSite } from "convoscope/ui/site/site.js";
import { createTransport, TEMPOS } from "convoscope/ui/transport.js";
import { keepFromControl, watchFocusOrigin } from "convoscope/ui/viewer/focus-origin.js";
import { createPresenter } from "convoscope/ui/viewer/open-present.js";
import { createPlayback } from "convoscope/ui/viewer/playback.js";

/** @import {Cell, Option, Trace, View} from "convoscope/pure/types.js" */
/** @import {Action} from "convoscope/pure/keys.js" */
/** @import {MapName} from "convoscope/pure/frame/view-model.js" */
/** @import {PathStep} from "convoscope/pure/frame/timeline.js" */
/** @import {Place} from "convoscope/pure/story/lock-step.js" */
/** @import {PointedCell} from "convoscope/shells/side-by-side/compared-figure.js" */

/**
 * What the page was made with: the figures, each with its link and, if they are few, its numbers, in a file zipped; where
 * all of them open; and the keys of the address that override those of the links.
 * @typedef {object} ComparisonTables
 * @property {Option[]} view
 * @property {{letter: string, link: string, query: string, trace?: string, zipped?: string, laws?: boolean}[]} figures
 * @property {{at: Cell, beat: string, isWhole: boolean}} place
 * @property {Record<string, string>} own
 */

const REPLACE_DELAY = 250;
/** Below this width the figures stand one below the other, and two of them are in sight at once. */
const NARROW = 700;
/** Below this height more than two figures scroll, two in a line. */
const LOW = 480;
const GAP = 10;
/** The narrowest box of a map, which has its title. */
const LEAST_BOX = 96;

const root = getPart(document, "page");
const area = getPart(root, "figures");
const live = findPart(root, "live");
/** @type {ComparisonTables} */
const tables = JSON.parse(getPart(document, "tables").textContent ?? "{}");
const isEmbedded = root.classList.contains("embedded");
const own = { ...tables.own };
/** @type {Place} */
let place = { ...tables.place, pointed: null };
if (!place.isWhole) [own.at, own.beat] = [place.at.join(","), place.beat];
let replaceTimer = 0;
/** Whether the pointer does not move the place. */
let isPinned = false;

const sections = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-part=figure]")]);
const figures = tables.figures.map((given, i) => ({
  ...given,
  panel: createComparedFigure(sections[i], parseView(given.query, tables.view), {
    onHover: (map, cell) => point(i, map, cell),
    onPick: (map, cell) => pick(i, map, cell),
    getPixelRatio: () => Math.max(1, window.devicePixelRatio || 1),
  }),
}));
/** How the page is shown; its stage and map are those of the first figure. @type {View} */
let view = {
  ...figures[0].panel.view(),
  present: own.present === "1",
  mode: figures[0].panel.view().mode === "story" ? "steady" : figures[0].panel.view().mode,
  theme: document.documentElement.dataset.theme ?? "auto",
};

const playback = createPlayback({
  onStep: (step) => goTo(step, true),
  onDone: () => (view.loop ? createPlan() : null),
  onStopped: () => {
    draw();
    rememberPlace();
  },
});
const transport = createTransport(root, {
  onPlay: toggle,
  onStep: act,
  onScrub: (position) => moveTo({ position, beat: lastBeat() }),
  onView: setView,
  onPresent: () => act("present"),
});
const presenter = createPresenter(root, {
  onLeave: () => setView({ present: false }),
  onStage: () => {},
  onChange: repaint,
  address: undefined,
});

// --- what is shown ----------------------------------------------------------------------------------------------

/** The figures whose numbers are here. */
function shownFigures() {
  return figures.filter(({ panel }) => panel.trace());
}

function path() {
  const stages = shownFigures().map(({ panel }) => panel.stages().stage);
  return { positions: commonGrid(stages), beats: commonBeats(stages) };
}

function lastBeat() {
  const { beats } = path();
  return beats[beats.length - 1];
}

/** The step where all figures are. @returns {PathStep} */
function stepNow() {
  const { columns } = path().positions;
  return { position: place.at[0] * columns + place.at[1], beat: place.beat };
}

/** Paints all maps: after new numbers, another stage, other colors, another size. */
function repaint() {
  const shown = shownFigures();
  if (!shown.length) return;
  const dark = isDark(root);
  const scales = shown.map(({ panel }) => panel.ownScales(dark));
  const inputs = scales.flatMap(({ input }) => input ?? []);
  const common = {
    input: inputs.length ? commonScale(inputs, dark) : null,
    output: commonScale(
      scales.map(({ output }) => output),
      dark,
    ),
  };
  const zoom = readZoom(root);
  for (let pass = 0; pass < 2; pass++) {
    const { columns, isBeside, cells } = arrange(zoom);
    area.style.setProperty("--columns", String(columns));
    area.toggleAttribute("data-below", !isBeside);
    for (const { panel } of shown) panel.paint(cells, common, zoom);
    sizeMovedMap(cells.output, zoom); // with these widths titles may have other heights, which the second pass reads
  }
  showLegends(common);
  draw();
}

/** @param {number} zoom */
function arrange(zoom) {
  const extents = shownFigures().map(({ panel }) => panel.extents());
  const inputs = extents.flatMap(({ input }) => input ?? []);
  const largest = (/** @type {{rows: number, columns: number}[]} */ maps) => ({
    rows: Math.max(...maps.map(({ rows }) => rows)),
    columns: Math.max(...maps.map(({ columns }) => columns)),
  });
  const count = area.children.length;
  const isUpright = window.innerWidth < NARROW && window.innerWidth < window.innerHeight;
  const isLow = window.innerHeight <= LOW && count > 2;
  const columns = view.present || isEmbedded ? count : isUpright ? 1 : isLow ? 2 : count;
  const lines = Math.ceil(count / columns);
  const scrolls = columns < count && (isUpright || isLow);
  root.toggleAttribute("data-scrolls", scrolls);
  const boxes = /** @type {HTMLElement[]} */ ([...area.querySelectorAll(".box > header")]);
  for (const { style } of boxes) style.removeProperty("min-height");
  const titleHeight = Math.max(...boxes.map(({ offsetHeight }) => offsetHeight));
  for (const { style } of boxes) style.minHeight = `${titleHeight}px`; // all maps begin at one height
  const aroundFigure = Math.max(...sections.map((section) => heightAround(section)));
  return arrangeFigures({
    width: area.clientWidth,
    height: scrolls ? lines * heightInSight(isUpright ? 2 : 1) + (lines - 1) * GAP : area.clientHeight,
    count,
    input: inputs.length ? largest(inputs) : null,
    output: largest(extents.map(({ output }) => output)),
    fit: figures.some(({ panel }) => panel.view().fit),
    mostColumns: columns,
    zoom,
    gap: GAP,
    least: LEAST_BOX * zoom,
    besideFigure: Math.max(...sections.map(widthBeside)),
    aroundFigure,
    aroundMap: titleHeight + 2,
  });
}

/** The height of a figure in a page that scrolls, with so many lines of figures in sight at once. @param {number} lines */
function heightInSight(lines) {
  const bar = findPart(root, "transport")?.offsetHeight ?? 0;
  const around = (lines > 1 ? area.getBoundingClientRect().top + window.scrollY : 0) + bar;
  return Math.max(150, (window.innerHeight - Math.min(around, window.innerHeight / 3) - 2 * GAP) / lines);
}

/** The height of everything in a figure but its maps. @param {HTMLElement} section */
function heightAround(section) {
  const style = getComputedStyle(section);
  const children = /** @type {HTMLElement[]} */ ([...section.children]).filter((child) => child.className !== "pair");
  const gaps = parseFloat(style.rowGap || "0") * (section.children.length - 1);
  return (
    children.reduce((sum, { offsetHeight }) => sum + offsetHeight, gaps) +
    parseFloat(style.paddingTop) +
    parseFloat(style.paddingBottom) +
    4
  );
}

/** The width of everything in a figure but its maps. @param {HTMLElement} section */
function widthBeside(section) {
  const { paddingLeft, paddingRight } = getComputedStyle(section);
  return parseFloat(paddingLeft) + parseFloat(paddingRight) + 4;
}

/** The picture of the map that was moved back is as large as those beside it. @param {number} cell @param {number} zoom */
function sizeMovedMap(cell, zoom) {
  const host = findPart(root, "moved-maps");
  const box = host?.querySelector("svg")?.viewBox.baseVal;
  if (!host || !box) return;
  host.style.width = `${RULER_LEFT * zoom + box.width * cell}px`;
  host.style.height = `${RULER_TOP * zoom + box.height * cell}px`;
  host.style.setProperty("--ruler-left", `${RULER_LEFT * zoom}px`);
  host.style.setProperty("--ruler-top", `${RULER_TOP * zoom}px`);
}

/** @param {import("convoscope/shells/side-by-side/compared-figure.js").Scales} scales */
function showLegends(scales) {
  for (const name of /** @type {MapName[]} */ (["input", "output"])) {
    const scale = scales[name];
    const stages = shownFigures().flatMap(({ panel }) => {
      const { stage, before } = panel.stages();
      return (name === "input" ? before : stage) ?? [];
    });
    getPart(root, `${name}-legend`).hidden = !scale;
    if (!scale || !stages.length) continue;
    const all = { ...stages[0], ranges: stages.flatMap(({ ranges }) => ranges) };
    showLegend(root, name, all, null, scale, 280, true);
  }
}

/** Draws the place in all figures. @param {boolean} [isSaid] whether a screen reader says it */
function draw(isSaid = false) {
  const shown = shownFigures();
  if (!shown.length) return;
  const lines = shown.map(({ letter, panel }) => {
    const step = stepAt({ trace: /** @type {Trace} */ (panel.trace()), view: panel.view() }, place);
    return TOGETHER.said(letter, panel.mark(step));
  });
  if (isSaid && live) live.textContent = lines.join(" ");
  markMovedMap();
  const { positions } = path();
  transport.show({
    view,
    position: Math.min(stepNow().position, positions.rows * positions.columns - 1),
    total: positions.rows * positions.columns,
    stops: [],
    press: "",
    playing: playback.isPlaying(),
  });
}

/** Outlines the place in the map that was moved back. */
function markMovedMap() {
  const cell = findPart(root, "moved-cell");
  const box = cell?.closest("svg")?.viewBox.baseVal;
  if (!cell || !box) return;
  const { pointed } = place;
  const [row, col] = pointed?.map === "output" ? [pointed.row, pointed.col] : place.at;
  const isThere = row >= 0 && col >= 0 && row < box.height && col < box.width && pointed?.map !== "input";
  cell.setAttribute("visibility", isThere ? "visible" : "hidden");
  cell.setAttribute("y", String(row));
  cell.setAttribute("x", String(col));
}

// --- the place --------------------------------------------------------------------------------------------------

/** @param {PathStep} step @param {boolean} isPlayed */
function goTo({ position, beat }, isPlayed) {
  const { columns } = path().positions;
  place = { at: [Math.floor(position / columns), position % columns], beat, isWhole: false, pointed: null };
  draw(!isPlayed);
}

/** Goes to a step by hand. @param {PathStep} step */
function moveTo(step) {
  playback.stop();
  goTo(step, false);
  rememberPlace();
}

/** Shows in all figures the cell that is pointed at in one. @param {number} _ @param {MapName} map @param {PointedCell | null} cell */
function point(_, map, cell) {
  if (playback.isPlaying() || isPinned) return;
  const next = cell && { map, ...cell };
  if (JSON.stringify(next) === JSON.stringify(place.pointed)) return;
  place = { ...place, pointed: next };
  draw();
}

/**
 * A click on a cell moves all figures to the place that it is part of; a click beside the cells releases the place.
 * @param {number} i of the figure @param {MapName} map @param {PointedCell | null} cell
 */
function pick(i, map, cell) {
  const { panel } = figures[i];
  const trace = panel.trace();
  if (!trace) return;
  const { frame } = cell
    ? stepAt({ trace, view: panel.view() }, { ...place, pointed: { map, ...cell } })
    : { frame: null };
  isPinned = frame !== null;
  if (!frame) return;
  playback.stop();
  place = { ...place, at: [frame.row, frame.col], beat: lastBeat(), pointed: null };
  draw(true);
  rememberPlace();
}

function createPlan() {
  const from = place.isWhole ? { position: 0, beat: path().beats[0] } : stepNow();
  return plan({ ...path(), from, mode: view.mode, tempo: parseFraction(view.tempo), loop: view.loop });
}

function toggle() {
  if (playback.isPlaying()) return playback.stop();
  if (!shownFigures().length) return;
  isPinned = false;
  playback.start(createPlan());
  draw();
}

/** @param {Action} action @returns {boolean} whether something changed */
function act(action) {
  if (!shownFigures().length) return false;
  if (action === "play" || (action === "beat" && playback.isPlaying())) toggle();
  else if (action === "present") setView({ present: !view.present });
  else if (action === "release") release();
  else if (action === "faster" || action === "slower") return changeTempo(action === "faster" ? 1 : -1);
  else if (action === "next-stage" || action === "previous-stage") return changeStage(action === "next-stage" ? 1 : -1);
  else {
    const now = stepNow();
    const to = stepAfterAction(action, path(), now);
    if (!to || (to.position === now.position && to.beat === now.beat && !place.isWhole)) return false;
    isPinned = false;
    moveTo(to);
  }
  return true;
}

/** Lets the pointer move the place again, and shows all cells. */
function release() {
  playback.stop();
  isPinned = false;
  place = { ...place, beat: lastBeat(), isWhole: true, pointed: null };
  delete own.at;
  delete own.beat;
  draw();
  writeAddress();
}

/** All figures go to another stage, if each has one. @param {1 | -1} by */
function changeStage(by) {
  const shown = shownFigures();
  const targets = shown.map(({ panel }) => panel.view().stage + by);
  const canAll = shown.every(
    ({ panel }, i) => /** @type {Trace} */ (panel.trace()).stages[targets[i]] && targets[i] > 0,
  );
  if (!canAll) return false;
  playback.stop();
  shown.forEach(({ panel }, i) => {
    const trace = /** @type {Trace} */ (panel.trace());
    panel.show(
      trace,
      fitView({ ...panel.view(), stage: targets[i], map: trace.stages[targets[i]].salient_map ?? 0 }, trace),
    );
  });
  const there = shown.map(({ panel }) => panel.stages().stage);
  const at = there.some((stage) => hasCell(stage, place.at)) ? place.at : there[0].telling[0];
  place = { ...place, at, beat: lastBeat(), pointed: null };
  for (const name of ["note", "moved"]) findPart(root, name)?.remove(); // they say something of the stage before
  repaint();
  writeAddress();
  return true;
}

/** @param {number} by places in the list of tempos */
function changeTempo(by) {
  const now = parseFraction(view.tempo);
  const candidates = TEMPOS.filter((tempo) => (Number(tempo) - now) * by > 0);
  const tempo = by > 0 ? candidates[0] : candidates[candidates.length - 1];
  if (tempo) setView({ tempo });
  return Boolean(tempo);
}

/** @param {Partial<View>} change */
function setView(change) {
  view = { ...view, ...change };
  if (change.theme) {
    own.theme = change.theme;
    if (!isEmbedded) applyTheme(root, change.theme);
  }
  if (playback.isPlaying() && ("tempo" in change || "mode" in change)) playback.start(createPlan());
  if ("present" in change) {
    if (change.present) own.present = "1";
    else delete own.present;
  }
  showPresenter();
  repaint();
  if ("theme" in change || "present" in change) writeAddress();
}

function showPresenter() {
  const [first] = shownFigures();
  if (first)
    presenter.show(/** @type {Trace} */ (first.panel.trace()), { ...first.panel.view(), present: view.present });
}

// --- the address ------------------------------------------------------------------------------------------------

function rememberPlace() {
  if (!place.isWhole || isPinned) [own.at, own.beat] = [place.at.join(","), place.beat];
  clearTimeout(replaceTimer);
  replaceTimer = setTimeout(writeAddress, REPLACE_DELAY);
}

/** The query of the page as it is now. */
function query() {
  const links = figures.map(({ letter, link, query, panel }) => {
    const trace = panel.trace();
    // What stands beside the links need not stand in them.
    const beat = String(tables.view.find(({ name }) => name === "beat")?.default);
    const outside = { at: null, beat, play: false, ...(own.theme ? { theme: "auto" } : {}) };
    const shown = trace ? mergeQuery(link, { ...panel.view(), ...outside }, tables.view, trace) : query;
    return `${letter}=${encodeURIComponent(shown)}`;
  });
  return [...links, ...Object.entries(own).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)].join("&");
}

function writeAddress() {
  clearTimeout(replaceTimer);
  if (!isEmbedded) history.replaceState(null, "", `?${query()}`);
}

async function share() {
  writeAddress();
  const { openComparisonDialog } = await import("convoscope/features/share/share-dialog.js");
  const isPrivate = figures.some(({ panel }) => JSON.stringify(panel.trace()?.scene ?? "").includes('"upload":'));
  const name = getPart(root, "title").textContent ?? "";
  openComparisonDialog(root, { query: query(), name, isPrivate }, async (path) => {
    const answer = await fetchSite(path).catch(() => null);
    if (answer?.ok) return answer.blob();
    const body = answer ? await answer.json().catch(() => ({})) : null;
    throw new Error(body ? (body.detail ?? PAGE.broken) : PAGE.unreachable);
  });
}

// --- loading ----------------------------------------------------------------------------------------------------

/** @param {(typeof figures)[number]} figure @param {number[]} [stages] whose numbers are needed */
async function load(figure, stages) {
  const link = [figure.link, stages && `stages=${stages.join(",")}`].filter(Boolean).join("&");
  const carried = stages ? null : await readCarried(figure);
  const received = carried ? null : await receive(fetchSite(`/api/trace${link ? `?${link}` : ""}`));
  const bytes = carried ?? received?.bytes;
  if (!bytes) {
    const body = received ? await received.answer.json().catch(() => ({})) : null;
    return showTrouble(figure, body ? (body.detail ?? PAGE.broken) : PAGE.unreachable);
  }
  if (figure.laws) await attachLaws();
  const failure = drawTrace(bytes, (trace) => {
    laws?.attachLaws(trace);
    figure.panel.show(trace, fitView({ ...figure.panel.view(), at: null, pin: null, story: null }, trace));
    const { stage } = figure.panel.stages();
    const missing = [...stage.reads, stage.index].filter((index) => trace.stages[index].output === null);
    if (missing.length && !stages) load(figure, [...new Set([...stage.reads, stage.index])]);
    repaint();
  });
  if (failure) showTrouble(figure, failure);
}

/** The numbers that are in the page itself; null without any. @param {{trace?: string, zipped?: string}} figure */
async function readCarried({ trace, zipped }) {
  if (trace) return decodeBase64(trace);
  if (!zipped) return null;
  const bytes = new Blob([decodeBase64(zipped)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(bytes).arrayBuffer();
}

/** @type {typeof import("convoscope/pure/frame/laws/layer-laws.js") | null} */
let laws = null;

async function attachLaws() {
  laws ??= await import("convoscope/pure/frame/laws/layer-laws.js").catch(() => null);
}

/**
 * Says what is wrong with one figure, and offers to try again; the others stay.
 * @param {(typeof figures)[number]} figure @param {string} sentence
 */
function showTrouble(figure, sentence) {
  const box = build([
    "p",
    { class: "problem compare-problem", "data-letter": figure.letter },
    `${TOGETHER.ofFigure(figure.letter, sentence)} `,
    [
      "button",
      {
        type: "button",
        class: "button",
        onclick: () => {
          box.remove();
          load(figure);
        },
      },
      PAGE.retry,
    ],
  ]);
  getPart(root, "problems").append(box);
}

async function joinHostPage() {
  const { connectHostPage } = await import("convoscope/shells/side-by-side/framed-comparison.js");
  connectHostPage(tables.view, {
    isPlaying: playback.isPlaying,
    onToggle: toggle,
    onAction: act,
    onSeek(at, beat) {
      playback.stop();
      const start = at ? { at, beat: beat ?? lastBeat(), isWhole: false } : tables.place;
      place = { ...start, pointed: null };
      draw();
    },
  });
}

// --- the page ---------------------------------------------------------------------------------------------------

watchFocusOrigin();
document.addEventListener("keydown", (event) => {
  const action = actionOf(event, !isEmbedded || root.classList.contains("in-file"), view.present);
  if (!action || event.defaultPrevented || takesKey(event.target, event.key, isFocusByPointer())) return;
  if (document.querySelector("dialog[open]")) return;
  if (presenter.act(action) || act(action)) keepFromControl(event);
});
document.addEventListener("visibilitychange", () => playback.suspend(document.hidden));
new ResizeObserver(repaint).observe(area);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
if (!isEmbedded) {
  applyTheme(root, view.theme);
  listenHeader(root, { theme: () => view.theme, onTheme: (theme) => setView({ theme }) });
  getPart(root, "share").addEventListener("click", share);
}
Promise.all(figures.map((figure) => load(figure))).then(() => {
  root.dataset.ready = "";
  showPresenter();
  if (isEmbedded) joinHostPage();
  if (figures[0].panel.view().play || own.play === "1") toggle();
});

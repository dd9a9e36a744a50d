/**
 * The shell of figures side by side: two to four figures in lock-step of place, beat and pointer, with one size of cells
 * and one color scale.
 */

import { fitView, stepAfterAction } from "convoscope/pure/frame/view-model.js";
import { actionOf, takesKey } from "convoscope/pure/keys.js";
import { addressOf } from "convoscope/pure/link/safe-link.js";
import { defaultOf, mergeQuery, parseFraction, parseView } from "convoscope/pure/link/view.js";
import { arrangeFigures } from "convoscope/pure/maps/arrangement.js";
import { commonScale } from "convoscope/pure/maps/common-scale.js";
import { RULER_LEFT, RULER_TOP } from "convoscope/pure/maps/layout.js";
import { commonStepFields, splitChange } from "convoscope/pure/protocol/comparison-messages.js";
import { decodeBase64 } from "convoscope/pure/protocol/wire.js";
import { commonBeats, commonGrid, hasCell, isSameInput, stepAt } from "convoscope/pure/story/lock-step.js";
import { plan } from "convoscope/pure/story/playback-plan.js";
import { TOGETHER } from "convoscope/pure/strings/present-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { showCommonBeats } from "convoscope/shells/side-by-side/common-beats.js";
import { createComparedFigure, LEAST_BOX } from "convoscope/shells/side-by-side/compared-figure.js";
import { build, findPart, getPart, isDark, isFocusByPointer, readZoom } from "convoscope/ui/dom.js";
import { showLegend } from "convoscope/ui/figure/legend.js";
import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";
import { fetchFile } from "convoscope/ui/site/fetch-file.js";
import { drawTrace, receive } from "convoscope/ui/site/receive-trace.js";
import { fetchSite, siteBase } from "convoscope/ui/site/site.js";
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
/** Narrower or lower frames show the outputs alone. */
const SMALL_FRAME = [560, 320];
const GAP = 10;
/** Without a need to scroll, a low screen has so many figures in one line. */
const MOST_IN_LOW_LINE = 3;

const root = getPart(document, "page");
const area = getPart(root, "figures");
const live = findPart(root, "live");
/** @type {ComparisonTables} */
const tables = JSON.parse(getPart(document, "tables").textContent ?? "{}");
const isEmbedded = root.classList.contains("embedded");
const isInFile = root.classList.contains("in-file");
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
  onDone: () => {
    host?.notify("end", () => ({}));
    return view.loop ? createPlan() : null;
  },
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
  address: isEmbedded ? undefined : () => addressOf(siteBase(), "/compare", query(["present"])),
});
/** The page around the frame of the figures; null on a page of their own. */
/** @type {ReturnType<typeof import("convoscope/shells/side-by-side/framed-comparison.js").connectHostPage> | null} */
let host = null;
/** The step that was reported last, and the figures it is of. */
let reported = "";

// --- what is shown ----------------------------------------------------------------------------------------------

/** The figures whose numbers are here. */
function shownFigures() {
  return figures.filter(({ panel }) => panel.trace());
}

function path() {
  const stages = shownFigures().map(({ panel }) => panel.stages().stage);
  const positions = commonGrid(stages);
  const stops = view.stops
    .filter(([row, col]) => row < positions.rows && col < positions.columns)
    .map(([row, col]) => row * positions.columns + col);
  return { positions, beats: commonBeats(stages), ...(stops.length ? { stops } : {}) };
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
  const [beside, below] = [layOut(zoom, true), layOut(zoom, false)];
  const { cells } = below.area > beside.area * 1.001 ? below : layOut(zoom, true);
  for (const { panel } of shown) panel.paint(cells, common, zoom);
  showLegends(common);
  draw();
}

/**
 * Gives all maps their sizes, with each output beside its input or below it.
 * @param {number} zoom @param {boolean} isBeside
 */
function layOut(zoom, isBeside) {
  area.toggleAttribute("data-below", !isBeside);
  for (let pass = 0; ; pass++) {
    const arrangement = arrange(zoom, isBeside);
    area.style.setProperty("--columns", String(arrangement.columns));
    area.toggleAttribute("data-shared", arrangement.isShared);
    for (const { panel } of shownFigures()) panel.size(arrangement.cells, zoom);
    sizeMovedMap(arrangement.cells.output, zoom);
    if (pass === 2) return arrangement; // with these widths titles have other heights, which the next pass reads
  }
}

/** @param {number} zoom @param {boolean} isBeside */
function arrange(zoom, isBeside) {
  const extents = shownFigures().map(({ panel }) => panel.extents());
  const hasRoom = !isEmbedded || (window.innerWidth >= SMALL_FRAME[0] && window.innerHeight >= SMALL_FRAME[1]);
  root.toggleAttribute("data-outputs", !hasRoom);
  const inputs = hasRoom ? extents.flatMap(({ input }) => input ?? []) : [];
  const largest = (/** @type {{rows: number, columns: number}[]} */ maps) => ({
    rows: Math.max(...maps.map(({ rows }) => rows)),
    columns: Math.max(...maps.map(({ columns }) => columns)),
  });
  const count = area.children.length;
  const isUpright = window.innerWidth < NARROW && window.innerWidth < window.innerHeight;
  const isLow = window.innerHeight <= LOW && count > MOST_IN_LOW_LINE;
  const columns = view.present || isEmbedded ? count : isUpright ? 1 : isLow ? 2 : count;
  const isShared = view.present && haveOneInput();
  const lines = Math.ceil(count / columns);
  const scrolls = columns < count && (isUpright || isLow);
  root.toggleAttribute("data-scrolls", scrolls);
  const boxes = /** @type {HTMLElement[]} */ ([...area.querySelectorAll(".box > header")]);
  for (const { style } of boxes) style.removeProperty("min-height");
  const titleHeight = Math.max(...boxes.map(({ offsetHeight }) => offsetHeight), 0);
  for (const { style } of boxes) style.minHeight = `${titleHeight}px`; // all maps begin at one height
  const heads = /** @type {HTMLElement[]} */ ([...area.querySelectorAll(".compared-head")]);
  for (const { style } of heads) style.removeProperty("min-height");
  const headHeight = Math.max(...heads.map(({ offsetHeight }) => offsetHeight), 0);
  for (const { style } of heads) style.minHeight = `${headHeight}px`;
  const aroundFigure = Math.max(...sections.map((section) => heightAround(section)));
  return arrangeFigures({
    width: area.clientWidth,
    height: scrolls ? lines * heightInSight(isUpright ? 2 : 1) + (lines - 1) * GAP : area.clientHeight,
    count,
    input: inputs.length ? largest(inputs) : null,
    output: largest(extents.map(({ output }) => output)),
    fit: figures.some(({ panel }) => panel.view().fit),
    mostColumns: columns,
    shared: isShared && isBeside,
    beside: isBeside,
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

/** Whether all figures read the same numbers by the same windows, so that one input stands for all. */
function haveOneInput() {
  const [first, ...others] = shownFigures().map(({ panel }) => panel.input());
  if (!first || !others.length || shownFigures().length < area.children.length) return false;
  return others.every((other) => other !== null && isSameInput(first, other));
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
  const { positions, beats, stops } = path();
  transport.show({
    view,
    position: Math.min(stepNow().position, positions.rows * positions.columns - 1),
    total: positions.rows * positions.columns,
    stops: stops ?? [],
    press: "",
    playing: playback.isPlaying(),
  });
  const stepped = commonStep().flatMap(({ trace, frame }) => (frame ? [{ trace, frame }] : []));
  showCommonBeats(getPart(root, "beats"), stepped, beats, place.beat, (beat) => moveTo({ ...stepNow(), beat }));
  reportStep();
}

/** What each figure shows of the place, whatever is pointed at. */
function commonStep() {
  return shownFigures().map(({ letter, panel }) => {
    const trace = /** @type {Trace} */ (panel.trace());
    return { letter, trace, frame: stepAt({ trace, view: panel.view() }, { ...place, pointed: null }).frame };
  });
}

/** Tells the page around the frame of a step, once; pointing is no step. */
function reportStep() {
  const { at, beat, isWhole } = place;
  const now = JSON.stringify([at, beat, isWhole, shownFigures().map(({ panel }) => panel.view().stage)]);
  if (now === reported) return;
  reported = now;
  host?.notify("step", () => ({ ...commonStepFields(commonStep()), ...positionFields() }));
}

function positionFields() {
  const { rows, columns } = path().positions;
  return { position: Math.min(stepNow().position, rows * columns - 1), positions: rows * columns };
}

/** Where all figures are and what they show, for the page around the frame. */
function stateFields() {
  const shown = shownFigures().map(({ letter, link, panel }) => {
    const trace = /** @type {Trace} */ (panel.trace());
    const { stage, map } = panel.view();
    return { letter, scene: link, stage, map, stages: trace.stages.map(({ title, shape }) => ({ title, shape })) };
  });
  return {
    link: query(),
    scene: figures.map(({ letter, link }) => `${letter}=${encodeURIComponent(link)}`).join("&"),
    state: viewNow(),
    playing: playback.isPlaying(),
    stages: shown[0]?.stages ?? [],
    figures: shown,
    ...(shown.length ? positionFields() : {}),
  };
}

/** The View of the page, with the place of all figures, and the stage and map of the first. @returns {View} */
function viewNow() {
  const { stage, map } = figures[0].panel.view();
  return { ...view, stage, map, at: place.isWhole ? null : place.at, beat: place.beat };
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

/** All figures go to another stage, if each has one. @param {number} by stages */
function changeStage(by) {
  const shown = shownFigures();
  const targets = shown.map(({ panel }) => panel.view().stage + by);
  const canAll = shown.every(
    ({ panel }, i) => /** @type {Trace} */ (panel.trace()).stages[targets[i]] && targets[i] > 0,
  );
  if (!canAll || by === 0) return false;
  playback.stop();
  shown.forEach(({ panel }, i) => {
    const trace = /** @type {Trace} */ (panel.trace());
    panel.show(
      trace,
      fitView({ ...panel.view(), stage: targets[i], map: trace.stages[targets[i]].salient_map ?? 0 }, trace),
    );
  });
  for (const figure of shown) loadMissing(figure);
  const there = shown.map(({ panel }) => panel.stages().stage);
  const at = there.some((stage) => hasCell(stage, place.at)) ? place.at : there[0].telling[0];
  place = { ...place, at, beat: lastBeat(), pointed: null };
  for (const name of ["note", "moved"]) findPart(root, name)?.remove(); // they say something of the stage before
  repaint();
  writeAddress();
  return true;
}

/**
 * Goes to a place: of a position, or of a View. A stage is that of the first figure, and the others move as far; a place
 * that is null shows all cells.
 * @param {number | null} position @param {Partial<View>} change
 */
function seek(position, { at, beat, stage, map }) {
  if (!shownFigures().length) return;
  playback.stop();
  isPinned = false;
  if (stage !== undefined) changeStage(stage - figures[0].panel.view().stage);
  if (map !== undefined) changeFigures({ map });
  const { rows, columns } = path().positions;
  if (position !== null) return moveTo({ position: Math.min(position, rows * columns - 1), beat: beat ?? lastBeat() });
  if (at === null) return release();
  const [row, col] = at ?? place.at;
  const inside = { row: Math.min(row, rows - 1), col: Math.min(col, columns - 1) };
  if (at || beat) moveTo({ position: inside.row * columns + inside.col, beat: beat ?? (at ? lastBeat() : place.beat) });
}

/** Goes back to where the figures were opened. */
function rewind() {
  playback.stop();
  isPinned = false;
  place = { ...tables.place, pointed: null };
  draw();
}

/** All figures are shown in another way. @param {Partial<View>} change */
function changeFigures(change) {
  if (!Object.keys(change).length) return;
  for (const { panel } of shownFigures()) {
    const trace = /** @type {Trace} */ (panel.trace());
    panel.show(trace, fitView({ ...panel.view(), ...change }, trace));
  }
  repaint();
}

/** Changes the state as the page around the frame asks. @param {Partial<View>} change */
function setState(change) {
  const { place: to, page, figures: looks } = splitChange(change);
  changeFigures(looks);
  if (Object.keys(page).length) setView(page);
  if (Object.keys(to).length) seek(null, to);
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
    if (isEmbedded) document.documentElement.dataset.theme = change.theme;
    else applyTheme(root, change.theme);
  }
  if (playback.isPlaying() && ("tempo" in change || "mode" in change)) playback.start(createPlan());
  if ("present" in change) {
    if (change.present) own.present = "1";
    else delete own.present;
  }
  showPresenter();
  repaint();
  for (const name of /** @type {const} */ (["tempo", "mode"])) if (name in change) own[name] = String(view[name]);
  if ("loop" in change) own.loop = view.loop ? "1" : "0";
  writeAddress();
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

/** The query of the page as it is now. @param {string[]} [without] keys that it does not have */
function query(without = []) {
  const links = figures.map(({ letter, link, query, panel }) => {
    const trace = panel.trace();
    // What stands beside the links need not stand in them.
    const outside = Object.fromEntries(
      tables.view
        .filter(({ name }) => name in own || ["at", "beat", "play"].includes(name))
        .map((option) => [option.name, defaultOf(option)]),
    );
    const shown = trace ? mergeQuery(link, { ...panel.view(), ...outside }, tables.view, trace) : query;
    return `${letter}=${encodeURIComponent(shown)}`;
  });
  const beside = Object.entries(own).filter(([key]) => !without.includes(key));
  return [...links, ...beside.map(([key, value]) => `${key}=${encodeURIComponent(value)}`)].join("&");
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
  openComparisonDialog(root, { query: query(), name, isPrivate }, fetchFile);
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
    if (!stages) loadMissing(figure);
    repaint();
  });
  if (failure) showTrouble(figure, failure);
}

/** Asks for the numbers of the stage that is shown, where only previews are here. @param {(typeof figures)[number]} figure */
function loadMissing(figure) {
  const { stage } = figure.panel.stages();
  const wanted = [...new Set([...stage.reads, stage.index])];
  const trace = /** @type {Trace} */ (figure.panel.trace());
  if (wanted.some((index) => trace.stages[index].output === null)) load(figure, wanted);
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
  host = connectHostPage(root, tables.view, {
    view: () => ({ ...viewNow(), play: isAutoplay() }),
    play: () => playback.isPlaying() || toggle(),
    stop: playback.stop,
    suspend: playback.suspend,
    isPlaying: playback.isPlaying,
    act,
    seek: (position, change) => (position === null && !change ? rewind() : seek(position, change ?? {})),
    set: setState,
    state: stateFields,
  });
}

/** Whether the link wants the figures to play by themselves. */
function isAutoplay() {
  return own.play === undefined ? figures[0].panel.view().play : own.play === "1";
}

// --- the page ---------------------------------------------------------------------------------------------------

watchFocusOrigin();
document.addEventListener("keydown", (event) => {
  const action = actionOf(event, !isEmbedded || isInFile, view.present);
  if (!action || event.defaultPrevented || takesKey(event.target, event.key, isFocusByPointer())) return;
  if (document.querySelector("dialog[open]") || host?.ownsKey(event) === false) return;
  if (presenter.act(action) || act(action)) keepFromControl(event);
});
if (!isEmbedded || isInFile) document.addEventListener("visibilitychange", () => playback.suspend(document.hidden));
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
  if (isEmbedded && !isInFile) joinHostPage();
  else if (isAutoplay() && !matchMedia("(prefers-reduced-motion: reduce)").matches) toggle();
});

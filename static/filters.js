/**
 * The shell of the page of learned filters: it asks the server for portraits, films and maps, and keeps the address.
 * All arithmetic is the server's; this joins what comes to the wall, the row and the film.
 */

import { openKeys } from "convoscope/controls/help.js";
import { listenDrops } from "convoscope/controls/drops.js";
import { createImageControls } from "convoscope/controls/image.js";
import { build, fill, part, say } from "convoscope/dom.js";
import { numberText, signedNumber } from "convoscope/caption.js";
import { takesKey } from "convoscope/keys.js";
import { PAGE } from "convoscope/strings.js";
import { WALL, WEIGHTS } from "convoscope/strings/wall.js";
import { Refused, upload } from "convoscope/upload.js";
import { formatView, parseView } from "convoscope/view.js";
import { filterValues, reach } from "convoscope/wall/colors.js";
import { createFilmPanel } from "convoscope/wall/curves.js";
import { lastMoment, momentAt, readFilm } from "convoscope/wall/film.js";
import { createShelf, mapOf, mapRange, mapsOf, ROOM } from "convoscope/wall/maps.js";
import { createLooks, createModels, hasTemplates } from "convoscope/wall/menu.js";
import { createRow } from "convoscope/wall/row.js";
import { createTiles } from "convoscope/wall/tiles.js";
import { bringWeights, createWeightsButton } from "convoscope/weights.js";
import { readArrays, readTrace } from "convoscope/wire.js";

/** @import {Edit} from "convoscope/edits.js" */
/** @import {Problem, Scene, Trace} from "convoscope/types.js" */
/** @import {Bank} from "convoscope/wall/colors.js" */
/** @import {Film} from "convoscope/wall/film.js" */
/** @import {Maps} from "convoscope/wall/maps.js" */
/** @import {Patch} from "convoscope/wall/row.js" */

/** @typedef {{model: string, filter: number | null, show: string, sort: string, scale: string, wall: string, moment: number | null, at: [number, number] | null, theme: string}} Chosen */
/** @typedef {{filters: {index: number, words: string}[], orders: Record<string, number[]>, telling: number}} Portraits */

const BUSY_AFTER = 120;
const REPLACE_AFTER = 250;
/** Moments of the film that are asked for at once. */
const TOGETHER = 3;
/** Channels of a filter that hang beside each other; of more, their mean. */
const TILES = 16;
const SINGLE_KEYS = "convoscope-single-keys";
const THEMES = ["auto", "light", "dark", "projector"];

const root = part(document, "page");
const tables = JSON.parse(part(document, "tables").textContent ?? "{}");
const shelf = createShelf();

let chosen = read(location.search);
/** What of the scene is the picture's; its size counts for models that take any. @type {Pick<Scene, "image" | "crop" | "size">} */
let picture = { ...pictureOf(tables.scene), size: isFree() ? tables.scene.size : [tables.side, tables.side] };
const opening = picture;
/** The trained filters and their maps. @type {{trace: Trace, maps: Maps | null, bank: Bank} | null} */
let whole = null;
/** @type {Portraits | null} */
let portraits = null;
/** @type {Film | null} */
let film = null;
/** The maps on the screen, of the moment on the screen or of one before. @type {Maps | null} */
let maps = null;
let behind = false;
/** @type {Map<string, Patch[]>} */
const patches = new Map();
let singles = localStorage.getItem(SINGLE_KEYS) !== "off";
let replacing = 0;

const image = createImageControls(root, { ...tables, picture_only: true }, { onEdit: changePicture, onPicture: bring });
const models = createModels(part(root, "models"), tables.models, (name) => change({ model: name, filter: null, moment: null, at: null }, true));
part(root, "looks").before(createWeightsButton(bringModel));
const looks = createLooks(part(root, "looks"), tables.page, (choice) => change(choice));
const tiles = createTiles(part(root, "wall"), (index) => change({ filter: index, at: null }));
const row = createRow(part(root, "close"), (at) => change({ at }));
const panel = createFilmPanel(part(root, "film"), (moment) => change({ moment: film && moment < lastMoment(film) ? film.steps[moment] : null }), gather);

// --- what is chosen -------------------------------------------------------------------------------------------

/** @param {string} query @returns {Chosen} */
function read(query) {
  return /** @type {Chosen} */ (/** @type {unknown} */ (parseView(query, tables.page)));
}

function model() {
  return tables.models.find((/** @type {any} */ row) => row.name === chosen.model) ?? tables.models[0];
}

/** @param {Partial<Chosen>} next @param {boolean} [push] */
function change(next, push = false) {
  const before = chosen;
  if (push) write("replace");
  chosen = { ...chosen, ...next };
  if (before.theme !== chosen.theme) applyTheme();
  if (before.model !== chosen.model) openModel(push);
  else {
    followMoment();
    render();
    if (before.filter !== chosen.filter) showPatches();
    note();
  }
}

/** The filter that is looked at closely: the one that was chosen, or a telling one. */
function focus() {
  return Math.min(chosen.filter ?? portraits?.telling ?? 0, model().filters - 1);
}

/** The moment of the film that is shown; null for what was learned in the end. */
function momentShown() {
  return film && chosen.moment !== null ? momentAt(film, chosen.moment) : null;
}

// --- what the server is asked for -----------------------------------------------------------------------------

/** @type {AbortController | null} */
let asking = null;

/** Another model, or the same with another picture: everything anew; the old stays until it is here. @param {boolean} push */
async function openModel(push) {
  panel.stop();
  const fresh = model().name !== opened;
  if (fresh) [portraits, film, whole] = [null, null, null];
  opened = model().name;
  if (fresh) panel.open(null);
  models.show(opened);
  looks.show(chosen);
  if (fresh) askFilm();
  await Promise.all([askWhole(push), fresh && askPortraits()]);
  if (whole) followMoment();
  render();
  showPatches();
}
let opened = "";

/** @param {boolean} push */
async function askWhole(push) {
  const name = model().name;
  const scene = sceneOf(null, null);
  const [trace, other] = await Promise.all([askTrace(readsPictures() ? scene : { ...scene, layers: [] }, () => askWhole(push)), readsPictures() ? null : askBank()]);
  if (!trace || name !== model().name) return;
  const { shape, filters } = model();
  const stage = trace.stages[2];
  const held = Array.from({ length: filters }, (_, index) => index);
  const bank = stage?.weight ? { values: stage.weight, shape: /** @type {Bank["shape"]} */ ([filters, ...shape]) } : (other ?? whole?.bank);
  if (!bank) return showSentences([...trace.problems.map(({ message }) => message), WALL.noFit]);
  whole = { trace, maps: mapsOf(trace, held), bank };
  if (whole.maps) shelf.put(keyOf(null, null), whole.maps);
  if (other) chosen = { ...chosen, show: shape[0] <= TILES ? "channels" : "color", wall: "filters" };
  showSentences([...(other ? [WEIGHTS.otherChannels(shape[0])] : []), ...trace.problems.map(({ message }) => message)]);
  maps = whole.maps;
  image.show(trace, /** @type {any} */ ({ stage: 0, map: 0, at: null }));
  picture = { ...pictureOf(trace.scene), size: isFree() ? trace.scene.size : picture.size };
  followMoment();
  if (portraits) render();
  if (push) write("push");
  else note();
}

/** Whether a picture can be what its filters read. */
function readsPictures() {
  return [1, 3].includes(model().shape[0]);
}

/** The filters alone, of weights that no picture can feed. @returns {Promise<Bank | null>} */
async function askBank() {
  const { name, layer, shape, filters } = model();
  const answer = await fetch(`/api/weights/${name}.safetensors`).catch(() => null);
  const values = answer?.ok ? readArrays(await answer.arrayBuffer()).arrays[`${layer}.weight`]?.values : null;
  return values ? { values, shape: /** @type {Bank["shape"]} */ ([filters, ...shape]) } : null;
}

async function askPortraits() {
  const name = model().name;
  const answer = await fetch(`/api/portraits?model=${name}`).catch(() => null);
  if (!answer?.ok || name !== model().name) return;
  portraits = await answer.json();
}

async function askFilm() {
  const name = model().name;
  if (!model().film) return;
  const answer = await fetch(`/api/film?model=${name}`).catch(() => null);
  if (!answer?.ok || name !== model().name) return;
  film = readFilm(await answer.arrayBuffer());
  panel.open(film);
  followMoment();
  render();
}

async function showPatches() {
  if (!whole?.maps) return row.patches([]);
  const key = `${model().name} ${focus()}`;
  const ready = patches.get(key);
  row.patches(ready ?? null);
  if (ready) return;
  await new Promise((resolve) => setTimeout(resolve, REPLACE_AFTER)); // whoever walks along the wall asks for none
  if (key !== `${model().name} ${focus()}`) return;
  const answer = await fetch(`/api/patches?model=${model().name}&filter=${focus()}`).catch(() => null);
  if (!answer?.ok) return row.patches([]);
  const found = (await answer.json()).patches;
  patches.set(key, found);
  if (key === `${model().name} ${focus()}`) row.patches(found);
}

/**
 * The maps of the moment that is shown: at hand, or asked for, one question at a time. While it is on its way the
 * moment may have gone on; then the newest is asked for next.
 */
function followMoment() {
  const moment = momentShown();
  if (moment === null) {
    [maps, behind] = [whole?.maps ?? null, false];
    return;
  }
  const index = mapsWanted();
  const ready = shelf.get(keyOf(moment, null)) ?? (index === null ? null : shelf.get(keyOf(moment, index)));
  behind = !ready;
  if (ready) maps = ready;
  else if (index !== null && !film?.filters.includes(index)) [maps, behind] = [null, false];
  else if (!following) followOne(moment, index);
}
let following = false;

/** Which filter's map is enough for what is shown; null for those of all. */
function mapsWanted() {
  return chosen.wall === "maps" || mapScale() === "all" ? null : focus();
}

/**
 * Gets the maps that the film is about to show, so that while it plays there is nothing left but drawing.
 * @type {import("convoscope/wall/curves.js").Gather}
 */
async function gather(from, progress, stopped) {
  const shown = film;
  const index = mapsWanted();
  if (!shown || !whole?.maps || (index !== null && !shown.filters.includes(index))) return;
  const held = index === null ? shown.filters : [index];
  const each = (held.length * whole.maps.values.length) / whole.maps.held.length;
  const missing = Array.from(shown.steps.keys()).slice(from, -1).filter((moment) => !shelf.get(keyOf(moment, index)));
  if (shown.moments * each > ROOM) return;
  const all = missing.length;
  const getNext = async () => {
    for (let moment = missing.shift(); moment !== undefined && !stopped.aborted; moment = missing.shift()) {
      shown.bank(moment);
      const key = keyOf(moment, index);
      const answer = await fetch(traceAddress(sceneOf(index, shown.steps[moment]), "stages=2&only=2"), { signal: stopped }).catch(() => null);
      const found = answer?.ok ? mapsOf(readTrace(await answer.arrayBuffer()), held) : null;
      if (!found) return;
      shelf.put(key, found);
      progress(all - missing.length, all);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, getNext)).catch(() => {}); // what is missing follows as it can
}

/** @param {number} moment @param {number | null} index */
async function followOne(moment, index) {
  following = true;
  const [key, of] = [keyOf(moment, index), keyOf(null, null)];
  const held = index === null ? (film?.filters ?? []) : [index];
  const trace = await askTrace(sceneOf(index, film?.steps[moment] ?? null), followMoment);
  following = false;
  const found = trace && mapsOf(trace, held);
  if (!found) return;
  shelf.put(key, found);
  if (momentShown() === null) return;
  if (of === keyOf(null, null)) maps = found; // a moment late is better than not at all; the screen says so
  followMoment();
  render();
}

/** @param {Scene} scene @param {() => void} again @returns {Promise<Trace | null>} */
async function askTrace(scene, again) {
  const first = /** @type {{index?: number | null, moment?: number | null} | undefined} */ (scene.layers[1]?.filters?.[0]);
  const full = !first || ((first.index ?? null) === null && (first.moment ?? null) === null);
  const numbers = !first ? "stages=0" : full ? "stages=0,2" : "stages=2&only=2";
  if (full) asking?.abort();
  const mine = new AbortController();
  if (full) asking = mine;
  const busy = setTimeout(() => { part(root, "busy").hidden = !full; }, BUSY_AFTER);
  try {
    const answer = await fetch(traceAddress(scene, numbers), { signal: mine.signal });
    if (answer.ok) return readTrace(await answer.arrayBuffer());
    const body = await answer.json().catch(() => ({}));
    const problems = /** @type {Problem[]} */ (body.problems ?? []);
    if (answer.status === 429 || answer.status >= 500) trouble(body.detail ?? PAGE.busy, again);
    else showSentences(problems.length ? problems.map(({ message }) => message) : [body.detail ?? PAGE.broken]);
  } catch {
    if (!mine.signal.aborted) trouble(PAGE.unreachable, again);
  } finally {
    clearTimeout(busy);
    part(root, "busy").hidden = true;
  }
  return null;
}

/** @param {Scene} scene @param {string} stages those whose numbers are needed */
function traceAddress(scene, stages) {
  return `/api/trace?scene=${encodeURIComponent(JSON.stringify(scene))}&${stages}`;
}

/** The picture, prepared, through all first filters or one. @param {number | null} index @param {number | null} moment @returns {Scene} */
function sceneOf(index, moment) {
  const { name, layer, prepare } = model();
  const filter = { model: name, layer, index, moment };
  return {
    version: 1, image: picture.image, crop: picture.crop, size: prepare.size ?? picture.size, channels: prepare.mean.length === 3 ? "rgb" : "gray", range: "byte",
    layers: [{ op: "prepare", head: name, options: {} }, { op: "conv", filters: [filter], options: {} }],
  };
}

/** @param {number | null} moment @param {number | null} index */
function keyOf(moment, index) {
  return JSON.stringify([picture, model().name, moment, index]);
}

/** @param {Scene} scene @returns {Pick<Scene, "image" | "crop" | "size">} */
function pictureOf({ image, crop, size }) {
  return { image, crop, size };
}

/** Whether the model takes pictures of any size. */
function isFree() {
  return model().prepare.size === null;
}

// --- what is shown --------------------------------------------------------------------------------------------

function render() {
  if (!whole) return;
  const moment = momentShown();
  const filmed = film && moment !== null ? film : null;
  const bank = filmed ? filmed.bank(/** @type {number} */ (moment)) : whole.bank;
  const held = filmed ? filmed.filters : Array.from({ length: model().filters }, (_, index) => index);
  const rest = whole.bank;
  const all = reach(bank.values);
  const range = (/** @type {number} */ index) => (chosen.scale === "all" ? all : held.includes(index) ? reach(filterValues(bank, held.indexOf(index))) : reach(filterValues(rest, index)));
  const words = (/** @type {number} */ index) => portraits?.filters[index]?.words ?? "";
  const rangeOfMap = (/** @type {number} */ index) => (mapScale() === "all" ? mapRange(maps) : mapRange(maps, index));
  const order = portraits?.orders[chosen.sort] ?? Array.from({ length: model().filters }, (_, index) => index);
  const showsMaps = chosen.wall === "maps" && maps !== null;
  tiles.show({
    order, chosen: focus(), show: chosen.show, bank, held, rest, range, words, label: (index) => WALL.tileLabel(index, classOf(index), showsMaps ? scoreOf(index) : ""),
    maps: showsMaps && maps ? { values: (index) => mapOf(maps, index), rows: maps.stage.shape[1], columns: maps.stage.shape[2], range: rangeOfMap } : null,
  });
  const at = held.indexOf(focus());
  const one = mapOf(maps, focus());
  row.show({
    index: focus(), templates: hasTemplates(model()), words: words(focus()), label: classOf(focus()), bank, at, filterRange: range(focus()), trace: whole.trace, stage: maps?.stage ?? null,
    map: one, mapRange: rangeOfMap(focus()), place: chosen.at, bias: one ? biasOf(moment, at) : null, later: moment !== null, behind, link: labLink(moment), digits: chosen.show === "digits",
  });
  sayAround(showsMaps, all, filmed);
  if (film) panel.show(moment ?? lastMoment(film), behind);
  looks.show(chosen);
}

/** @param {number | null} moment @param {number} at where in the bank that is shown */
function biasOf(moment, at) {
  return moment !== null && film ? film.bias(moment, at) : (whole?.trace.stages[2]?.bias?.[at] ?? null);
}

/** A single number has no scale of its own. */
function mapScale() {
  return hasTemplates(model()) ? "all" : chosen.scale;
}

/** The score of a template. @param {number} index @returns {string} */
function scoreOf(index) {
  const map = mapOf(maps, index);
  return map?.length === 1 ? signedNumber(Number(map[0].toPrecision(2))) : "";
}

/** The class that a template stands for, where there is one for each. @param {number} index @returns {string} */
function classOf(index) {
  return model().classes?.length === model().filters ? model().classes[index] : "";
}

/** @param {boolean} showsMaps @param {number} all @param {Film | null} filmed */
function sayAround(showsMaps, all, filmed) {
  const { filters, shape, options } = model();
  say(part(root, "wall-title"), WALL.title(showsMaps, hasTemplates(model())));
  say(part(root, "wall-shape"), showsMaps && maps ? WALL.shape(maps.stage.shape) : WALL.shape([filters, ...shape], options.stride));
  const scale = showsMaps ? WALL.signedScale(mapScale(), numberText(mapRange(maps))) : WALL.grayScale(chosen.scale, numberText(all));
  const kept = filmed && filmed.filters.length < filters ? WALL.filmed(filmed.filters.length, filters) : "";
  const unsure = model().card.recipe ? [] : (model().card.notes ?? []).slice(1); // what the file of brought weights does not say
  say(part(root, "wall-says"), [scale, kept, ...unsure].filter(Boolean).join(" "));
}

/** The same chain in the Lab, at the same filter and place. @param {number | null} moment */
function labLink(moment) {
  const { name, layer } = model();
  const step = moment === null || !film ? "" : `@${film.steps[moment]}`;
  const held = film && moment !== null ? film.filters.indexOf(focus()) : focus();
  const base = (whole?.trace.link ?? "").split("&").filter((pair) => !pair.startsWith("layers="));
  const at = chosen.at ? [`at=${chosen.at.join(",")}`] : [];
  return `/?${[...base, `layers=prepare:${name}~conv:${name}/${layer}${step}`, "stage=2", `map=${Math.max(0, held)}`, ...at].filter(Boolean).join("&")}`;
}

// --- the address ----------------------------------------------------------------------------------------------

function note() {
  clearTimeout(replacing);
  replacing = setTimeout(() => write("replace"), REPLACE_AFTER);
}

/** @param {"push" | "replace"} how */
function write(how) {
  clearTimeout(replacing);
  const kept = (whole?.trace.link ?? tables.link).split("&").filter((/** @type {string} */ pair) => /^(image|crop)=/.test(pair));
  const sized = isFree() && String(picture.size) !== `${tables.side},${tables.side}` ? [`size=${picture.size.join("x")}`] : [];
  const query = [...kept, ...sized, formatView(/** @type {any} */ (chosen), tables.page)].filter(Boolean).join("&");
  if (query === location.search.slice(1) && how === "replace") return;
  history[how === "push" ? "pushState" : "replaceState"]({ picture, chosen }, "", query ? `?${query}` : location.pathname);
}

addEventListener("popstate", (event) => {
  panel.stop();
  const before = picture;
  chosen = event.state?.chosen ?? read(location.search);
  picture = event.state?.picture ?? opening;
  applyTheme();
  if (opened !== model().name || JSON.stringify(before) !== JSON.stringify(picture)) openModel(false);
  else change({});
});

// --- pictures -------------------------------------------------------------------------------------------------

/** @param {Edit} edit */
function changePicture(edit) {
  if (!whole) return;
  const before = whole.trace.scene;
  const next = edit(before);
  write("replace");
  picture = { ...picture, image: next.image, crop: next.crop, ...(isFree() ? { size: next.size } : {}) };
  chosen = { ...chosen, at: null };
  openModel(true);
}

/** @param {File | Blob} file */
async function bring(file) {
  part(root, "busy").hidden = false;
  try {
    const stored = await upload(file, { most: tables.limits.upload_bytes });
    picture = { ...picture, image: { upload: stored.image }, crop: null };
    chosen = { ...chosen, at: null };
    await openModel(true);
    const box = notice(PAGE.uploaded(stored.notes));
    box.lastElementChild?.before(build(["button", { type: "button", class: "button", "data-part": "delete-picture", onclick: () => discard(stored) }, PAGE.deleteNow]));
    part(root, "problems").append(box);
  } catch (problem) {
    showSentences([problem instanceof Refused ? problem.message : PAGE.unreachable]);
  } finally {
    part(root, "busy").hidden = true;
  }
}

/** Takes a picture back from the server at once. @param {import("convoscope/upload.js").Stored} stored */
async function discard({ image: id, delete_token }) {
  const answer = await fetch(`/api/images/${id}`, { method: "DELETE", headers: { "X-Delete-Token": delete_token } }).catch(() => null);
  if (!answer) return trouble(PAGE.unreachable, () => discard(/** @type {any} */ ({ image: id, delete_token })));
  picture = { ...picture, image: { sample: tables.samples[0].name }, crop: null };
  chosen = { ...chosen, at: null };
  await openModel(true);
  showSentences([PAGE.deleted]);
}

/** Weights of one's own become one more model, and the one that is shown. @param {File} file */
async function bringModel(file) {
  part(root, "busy").hidden = false;
  try {
    const { model: brought } = await bringWeights(file, tables.weights_bytes);
    tables.models.push(brought);
    tables.page.find((/** @type {any} */ option) => option.name === "model").choices.push(brought.name);
    change({ model: brought.name, filter: null, moment: null, at: null }, true);
  } catch (problem) {
    showSentences([problem instanceof Refused ? problem.message : PAGE.unreachable]);
  } finally {
    part(root, "busy").hidden = true;
  }
}

// --- messages, keys, the header -------------------------------------------------------------------------------

/** A part of the page that comes when it is asked for, and did not come. */
addEventListener("unhandledrejection", (event) => {
  if (!/import/i.test(event.reason?.message ?? "")) return;
  event.preventDefault();
  showSentences([PAGE.unreachable]);
});

/** @param {string[]} sentences */
function showSentences(sentences) {
  fill(part(root, "problems"), ...sentences.map(notice));
}

/** @param {string} sentence */
function notice(sentence) {
  const box = build(["div", { class: "problem" }, ["p", sentence], ["button", { type: "button", class: "button plain", "aria-label": PAGE.dismiss, onclick: () => box.remove() }, "✕"]]);
  return box;
}

/** @param {string} sentence @param {() => void} again */
function trouble(sentence, again) {
  fill(part(root, "problems"), ["div", { class: "problem", "data-part": "trouble" }, ["p", sentence], ["button", { type: "button", class: "button", "data-part": "retry", onclick: () => { showSentences([]); again(); } }, PAGE.retry]]);
}

/** What single keys do. @type {Record<string, () => void>} */
const KEYS = {
  m: () => change({ wall: chosen.wall === "maps" ? "filters" : "maps" }),
  k: panel.toggle,
  "[": () => panel.step(-1),
  "]": () => panel.step(1),
  "?": openHelp,
};

addEventListener("keydown", (event) => {
  if (!singles || event.ctrlKey || event.altKey || event.metaKey || takesKey(event.target, event.key)) return;
  KEYS[event.key.toLowerCase()]?.();
});

function openHelp() {
  openKeys(root, { texts: WALL.helpTexts, keys: WALL.keys, singles, onSingles: (on) => {
    singles = on;
    localStorage.setItem(SINGLE_KEYS, on ? "on" : "off");
  } });
}

function applyTheme() {
  document.documentElement.dataset.theme = chosen.theme;
  const button = part(root, "theme");
  fill(button, ["span", { "aria-hidden": "true" }, "◐ "], ["span", { class: "words" }, chosen.theme]);
  button.ariaLabel = PAGE.theme(chosen.theme);
  button.title = PAGE.themeHelp;
}

async function share() {
  write("replace");
  const { openLink } = await import("convoscope/share/dialog.js");
  await openLink(root, location.pathname, location.search.slice(1), "upload" in picture.image);
}

function start() {
  applyTheme();
  listenDrops(root, bring);
  part(root, "theme").addEventListener("click", () => change({ theme: THEMES[(THEMES.indexOf(chosen.theme) + 1) % THEMES.length] }));
  part(root, "help").addEventListener("click", openHelp);
  part(root, "share").addEventListener("click", share);
  part(root, "open-sheet").addEventListener("click", () => {
    const open = part(root, "side").classList.toggle("open");
    part(root, "open-sheet").setAttribute("aria-expanded", String(open));
  });
  const problems = tables.problems.map((/** @type {Problem} */ { message }) => message);
  openModel(false).then(() => problems.length && showSentences(problems));
}

start();

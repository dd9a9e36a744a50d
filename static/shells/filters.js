/**
 * The shell of the page of learned filters: sends the user's choices to the server as requests and shows the results in
 * the gallery. The server computes everything.
 */

import { createFilmMaps } from "convoscope/features/gallery/film/film-maps.js";
import { createGallery } from "convoscope/features/gallery/gallery.js";
import { createAddress, parseChoices } from "convoscope/features/gallery/gallery-address.js";
import { mapsOf } from "convoscope/features/gallery/gallery-maps.js";
import { createGalleryRequests } from "convoscope/features/gallery/gallery-requests.js";
import { GalleryState } from "convoscope/features/gallery/gallery-state.js";
import { createLayerPeaks } from "convoscope/features/gallery/layers/layer-peaks.js";
import { createTopPatches } from "convoscope/features/gallery/top-patches.js";
import { upload } from "convoscope/features/upload/upload.js";
import {
  createTransfer,
  createWeightsButton,
  openWeights,
  uploadLayer,
} from "convoscope/features/upload/weights/upload-weights.js";
import { isCommand, shortcutOf, takesKey } from "convoscope/pure/keys.js";
import { GALLERY, WEIGHTS } from "convoscope/pure/strings/gallery-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { listenDrops } from "convoscope/ui/controls/image/drop-picture.js";
import { createImageSettings } from "convoscope/ui/controls/image/image-settings.js";
import { getPart, isFocusByPointer } from "convoscope/ui/dom.js";
import { createNotices } from "convoscope/ui/page/notices.js";
import { createHelpOpener } from "convoscope/ui/page/open-help.js";
import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";
import { listenLinks } from "convoscope/ui/page/page-links.js";
import { createSettingsSheet } from "convoscope/ui/page/settings-sheet.js";
import { watchFocusOrigin } from "convoscope/ui/viewer/focus-origin.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Problem, Scene} from "convoscope/pure/types.js" */
/** @import {Bank} from "convoscope/features/gallery/filter-colors.js" */
/** @import {UploadedLayer, OpenedWeights} from "convoscope/features/upload/weights/upload-weights.js" */
/** @import {Choices, GalleryTables} from "convoscope/features/gallery/gallery-state.js" */

/** Filters with up to this many channels show one tile per channel; with more, their mean. */
const MOST_CHANNEL_TILES = 16;

const root = getPart(document, "page");
/** @type {GalleryTables} */
const tables = JSON.parse(getPart(document, "tables").textContent ?? "{}");
const state = new GalleryState(tables, parseChoices(location.search, tables.page));
const notices = createNotices(root);
const server = createGalleryRequests(root, notices);
const filmMaps = createFilmMaps(state, server, () => gallery.show());
const gallery = createGallery(root, state, { onChange: change, onLayer: openOtherLayer, prefetch: filmMaps.prefetch });
const showTopPatches = createTopPatches(state, server, gallery.showPatches);
const layerPeaks = createLayerPeaks(state, server, gallery.showLayer);
const address = createAddress(state, restore);
const image = createImageSettings(
  root,
  { ...tables, picture_only: true },
  { onEdit: changePicture, onPicture: (file) => uploadPicture(file), onStretch: stretchAction },
);
const weightsButton = createWeightsButton(uploadModel);
const transfer = createTransfer(weightsButton, tables.weights_bytes);
/** The model that is shown or being loaded. */
let openedModel = "";
let usesSingleKeys = true;
/**
 * The choices of the display before filters that take no picture were shown.
 * @type {Pick<Choices, "show" | "wall"> | null}
 */
let previousLooks = null;

// --- choices --------------------------------------------------------------------------------------------------

/** @param {Partial<Choices>} next @param {boolean} [push] */
function change(next, push = false) {
  const before = state.chosen;
  if (next.show || next.wall) previousLooks = null;
  if (push) address.write("replace");
  state.chosen = { ...before, ...next };
  applyTheme(root, state.chosen.theme);
  if (before.model !== state.chosen.model) openModel(push);
  else {
    show();
    if (before.filter !== state.chosen.filter || before.layer !== state.chosen.layer) showPatches();
    if (push) address.write("push");
    else address.scheduleWrite();
  }
}

/** Shows the chosen layer. */
function show() {
  gallery.showMenu();
  if (state.deepLayer) {
    gallery.panel.stop();
    layerPeaks.report();
  } else {
    filmMaps.follow();
    gallery.show();
  }
}

/** Asks for the patches of the chosen filter, and of all maps of a layer above the first. */
function showPatches() {
  layerPeaks.stop();
  if (state.deepLayer) layerPeaks.load();
  else showTopPatches();
}

/** @param {string} before */
function restore(before) {
  gallery.panel.stop();
  previousLooks = null;
  applyTheme(root, state.chosen.theme);
  if (before !== state.key(null, null)) openModel(false);
  else {
    show();
    showPatches();
  }
}

/**
 * Loads another model, or the same with another picture; the old one stays until then.
 * @param {boolean} push
 */
async function openModel(push) {
  gallery.panel.stop();
  const isOtherModel = state.model.name !== openedModel;
  if (isOtherModel) [state.analysis, state.film, state.trained] = [null, null, null];
  openedModel = state.model.name;
  if (isOtherModel) gallery.panel.open(null);
  gallery.showMenu();
  if (state.deepLayer) showPatches();
  if (isOtherModel) loadFilm();
  await Promise.all([loadTrace(push), isOtherModel && loadAnalysis()]);
  if (state.trained) show();
  if (!state.deepLayer) showPatches();
}

// --- requests -------------------------------------------------------------------------------------------------

/** @param {boolean} push */
async function loadTrace(push) {
  const { model, readsPictures } = state;
  const scene = state.scene(null, null);
  const [trace, otherBank] = await Promise.all([
    server.trace(readsPictures ? scene : { ...scene, layers: [] }, () => loadTrace(push)),
    readsPictures ? null : server.bank(model),
  ]);
  if (!trace || model.name !== state.model.name) return;
  const { shape, filters } = model;
  const weight = trace.stages[2]?.weight;
  const bank = weight
    ? { values: weight, shape: /** @type {Bank["shape"]} */ ([filters, ...shape]) }
    : (otherBank ?? state.trained?.bank);
  const problems = trace.problems.map(({ message }) => message);
  if (!bank) return notices.showSentences([...problems, GALLERY.noFit]);
  state.trained = { trace, maps: mapsOf(trace, state.allFilters), bank };
  if (state.trained.maps) filmMaps.keep(state.trained.maps);
  adjustLooks(otherBank ? shape[0] : null);
  notices.showSentences([...(otherBank ? [WEIGHTS.otherChannels(shape[0])] : []), ...problems]);
  state.maps = state.trained.maps;
  image.show(trace, /** @type {any} */ ({ stage: 0, map: 0, at: null }));
  usePicture(trace.scene);
  if (!state.deepLayer) filmMaps.follow();
  if (state.analysis) gallery.show();
  if (push) address.write("push");
  else address.scheduleWrite();
  document.title = GALLERY.pageTitle(model.title); // the previous history entry keeps its own title
}

/**
 * Shows filters that take no picture by channels; for other filters restores the previous display.
 * @param {number | null} channels of filters that take no picture
 */
function adjustLooks(channels) {
  const { show, wall } = state.chosen;
  if (channels !== null) {
    previousLooks ??= { show, wall };
    state.chosen = { ...state.chosen, show: channels <= MOST_CHANNEL_TILES ? "channels" : "color", wall: "filters" };
  } else if (previousLooks) [state.chosen, previousLooks] = [{ ...state.chosen, ...previousLooks }, null];
}

async function loadAnalysis() {
  const { name } = state.model;
  const analysis = await server.portraits(state.model);
  if (analysis && name === state.model.name) state.analysis = analysis;
}

async function loadFilm() {
  const { name } = state.model;
  const film = state.model.film ? await server.film(state.model) : null;
  if (!film || name !== state.model.name) return;
  state.film = film;
  gallery.panel.open(film);
  if (!state.deepLayer) filmMaps.follow();
  gallery.show();
}

// --- pictures and weights -------------------------------------------------------------------------------------

/**
 * Keeps the picture of a scene; its size only for models that take any size.
 * @param {Pick<Scene, "image" | "crop" | "size">} scene
 */
function usePicture({ image, crop, size }) {
  state.picture = { image, crop, size: state.isFree ? size : state.picture.size };
}

/** @param {Edit} edit */
function changePicture(edit) {
  if (!state.trained) return;
  const next = edit(state.trained.trace.scene);
  address.write("replace");
  usePicture(next);
  state.chosen = { ...state.chosen, at: null };
  openModel(true);
}

/** @param {Scene["image"]} image */
async function openPicture(image) {
  state.picture = { ...state.picture, image, crop: null };
  state.chosen = { ...state.chosen, at: null };
  await openModel(true);
}

/** The files of dark pictures that can be stretched, by upload. @type {Map<string, File | Blob>} */
const darkFiles = new Map();

/** The action that uploads a dark picture again, stretched. @param {string} id */
function stretchAction(id) {
  const file = darkFiles.get(id);
  return file
    ? () => {
        uploadPicture(file, true);
      }
    : null;
}

/** @param {File | Blob} file @param {boolean} [stretch] */
function uploadPicture(file, stretch = false) {
  return runWithBusySign(async () => {
    const stored = await upload(file, { most: tables.limits.upload_bytes, stretch });
    if (stored.dark) darkFiles.set(stored.image, file);
    await openPicture({ upload: stored.image });
    const { announce } = await import("convoscope/features/upload/uploaded-picture.js");
    announce(
      notices,
      PAGE.uploaded(stored.notes),
      stored,
      () => openPicture({ sample: tables.samples[0].name }),
      stretchAction(stored.image),
    );
  });
}

/** Uploads weights, adds them as a model and shows it. @param {File} file */
function uploadModel(file) {
  return runWithBusySign(async () => {
    const uploaded = await transfer(async (way) => uploadLayer(await openWeights(file, way), null, way));
    if (uploaded) showUploadedLayer(uploaded, { filter: null, at: null });
  });
}

/** Opens another layer of the current weights file; picture, place and display stay. @param {string} name */
async function openOtherLayer(name) {
  const opened = state.openedFiles.of(state.model.name)?.opened;
  if (!opened) return;
  state.pendingLayer = name;
  await runWithBusySign(async () => {
    const uploaded = await transfer((way) => uploadLayer(/** @type {OpenedWeights} */ (opened), name, way));
    if (uploaded)
      showUploadedLayer(uploaded, {
        filter: (state.chosen.filter ?? 0) < uploaded.model.filters ? state.chosen.filter : null,
      });
  });
  if (state.pendingLayer !== name) return;
  state.pendingLayer = null;
  gallery.showMenu();
}

/** @param {UploadedLayer} uploaded @param {Partial<Choices>} chosen */
function showUploadedLayer(uploaded, chosen) {
  const { model } = uploaded;
  tables.models.push(model);
  tables.page.find((option) => option.name === "model")?.choices.push(model.name);
  state.openedFiles.keep(model.name, uploaded);
  state.pendingLayer = null;
  change({ model: model.name, moment: null, ...chosen }, true);
}

/** @param {() => Promise<void>} work may throw an error with a sentence for the user */
async function runWithBusySign(work) {
  getPart(root, "busy").hidden = false;
  try {
    await work();
  } catch (problem) {
    notices.showFailure(problem, () => runWithBusySign(work));
  } finally {
    getPart(root, "busy").hidden = true;
  }
}

// --- keys and the header --------------------------------------------------------------------------------------

const openHelp = createHelpOpener(
  root,
  async () => ({ groups: GALLERY.helpGroups }),
  (on) => {
    usesSingleKeys = on;
  },
);

/** Actions of single keys. @type {Record<string, () => void>} */
const KEY_ACTIONS = {
  m: () => change({ wall: state.chosen.wall === "maps" ? "filters" : "maps" }),
  k: gallery.panel.toggle,
  "[": () => gallery.panel.step(-1),
  "]": () => gallery.panel.step(1),
  "?": openHelp,
};

watchFocusOrigin();
addEventListener("keydown", (event) => {
  if (!usesSingleKeys || isCommand(event) || event.defaultPrevented) return;
  if (takesKey(event.target, event.key, isFocusByPointer())) return;
  if (state.deepLayer && event.key !== "?") return; // the others are for the first layer
  KEY_ACTIONS[shortcutOf(event)]?.();
});

async function share() {
  address.write("replace");
  const { openLinkDialog } = await import("convoscope/features/share/share-dialog.js");
  await openLinkDialog(root, "/filters", location.search.slice(1), "upload" in state.picture.image);
}

function start() {
  applyTheme(root, state.chosen.theme);
  getPart(root, "looks").before(weightsButton);
  listenDrops(root, (file) => uploadPicture(file));
  listenLinks(root, notices);
  createSettingsSheet(root);
  listenHeader(root, { theme: () => state.chosen.theme, onTheme: (theme) => change({ theme }), onHelp: openHelp });
  getPart(root, "share").addEventListener("click", share);
  const problems = tables.problems.map((/** @type {Problem} */ { message }) => message);
  openModel(false).then(() => problems.length && notices.showSentences(problems));
}

start();

/**
 * The shell of the Lab: the only user of fetch and of the address bar. It turns edits into requests and responses into
 * figures, and keeps the figure when a request fails.
 */

import { takesStage } from "convoscope/pure/frame/view-model.js";
import { withoutVersionNotes } from "convoscope/pure/link/version-notes.js";
import { mergeQuery, parseView } from "convoscope/pure/link/view.js";
import { decodeBase64, readTrace } from "convoscope/pure/protocol/wire.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { listenDrops } from "convoscope/ui/controls/image/drop-picture.js";
import { getPart } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { createNotices, isServerRefusal } from "convoscope/ui/page/notices.js";
import { createHelpOpener } from "convoscope/ui/page/open-help.js";
import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";
import { completeTables } from "convoscope/ui/site/complete-tables.js";
import { fetchFile } from "convoscope/ui/site/fetch-file.js";
import { drawTrace, receive } from "convoscope/ui/site/receive-trace.js";
import { fetchSite, siteAddress } from "convoscope/ui/site/site.js";
import { createViewer } from "convoscope/ui/viewer/viewer.js";

/** @import {Settings} from "convoscope/ui/controls/settings.js" */
/** @import {createEditOpener} from "convoscope/ui/viewer/open-editing.js" */
/** @import {createRail} from "convoscope/ui/page/rail.js" */
/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {PageQuestion, PageTables, Problem, Scene, Trace, View} from "convoscope/pure/types.js" */

/** A longer scene is sent by POST: the address stays below the length that every server accepts. */
const LONGEST_QUERY = 5500;
const BUSY_DELAY = 120;
const REPLACE_DELAY = 250;
const PICTURE_HASH = "#picture=";
/** The image of a link whose picture, behind PICTURE_HASH, was drawn: it becomes typed numbers, and is not uploaded. */
const DRAWN = "u-drawn";

const root = getPart(document, "page");
/** @type {PageTables} */
const tables = JSON.parse(getPart(document, "tables").textContent ?? "{}");
const notices = createNotices(root);

/** @type {{scene: Scene, link: string, trace: Trace | null}} */
const state = { scene: tables.scene, link: tables.link, trace: null };
/** @type {AbortController | null} */
let activeRequest = null;
/** The stages whose numbers the request is for; null if it is for another figure. @type {number[] | null} */
let requestedStages = null;
let replaceTimer = 0;
let settleTimer = 0;

/** The View of the link; while the page asks a question, it shows another one, which does not answer it. */
const linkedView = parseView(location.search || tables.query, tables.view);
const initialView = { ...linkedView, predict: "", ...tables.question?.view };
/** The question of the link, until the page goes on. @type {ReturnType<typeof openQuestion> | null} */
let question = null;
/** The query of its numbers. */
let askedQuery = tables.query;
const viewer = createViewer(root, initialView, tables, {
  onView: handleViewChange,
  onEdit: editScene,
  onNumbersNeeded: requestNumbers,
  onItem: (item, view) => editScene((scene) => ({ ...scene, item }), view),
  onHelp: () => openHelp(),
  dataAddress: (query) => siteAddress(`/api/trace?${query}`),
  address: () => linkTo({ ...viewer.view(), present: false }),
  getFile: fetchFile,
});
let usesSingleKeys = true;
const openHelp = createHelpOpener(
  root,
  async () => (await import("convoscope/pure/strings/help-strings.js")).HELP,
  (on) => {
    usesSingleKeys = on;
    viewer.useSingleKeys(on);
  },
);
/** The settings beside the figure; loaded after the figure is drawn. @type {Settings | null} */
let settings = null;
let areSettingsRequested = false;
/** Edits numbers in the figure; loaded with the settings. @type {ReturnType<typeof createEditOpener> | null} */
let editing = null;
/** The tabs of the settings, loaded with them. @type {ReturnType<typeof createRail> | null} */
let rail = null;

/**
 * Edits the scene and loads its figure; the old one stays until the response.
 * @param {Edit} edit @param {Partial<View>} [view]
 * @param {FigureOptions["gesture"]} [gesture] edits of one gesture are one entry of the history
 */
function editScene(edit, view, gesture) {
  const base = pending ?? state.scene;
  pending = edit(base);
  settings?.clearProblems();
  return loadFigure(pending, { push: true, view, gesture });
}

/** Takes back what a gesture has changed. @param {object} gesture */
function takeBack(gesture) {
  activeRequest?.abort();
  clearTimeout(settleTimer);
  if (enteredGesture === gesture) history.back();
}
/** The gesture whose edits the entry of the history has. @type {object | undefined} */
let enteredGesture;
/**
 * The scene that was requested last, until its response: further edits start from it.
 * @type {Scene | null}
 */
let pending = null;

/**
 * `fallback`: the scenes to try in turn if the layers do not fit.
 * @typedef {{push: boolean, view?: Partial<View>, stages?: number[], fallback?: Scene[],
 * gesture?: {isDrawn?: boolean}}} FigureOptions
 */

/**
 * Loads the figure of a scene or of a link. A newer request aborts this one, so that responses stay in order.
 * @param {Scene | string} scene
 * @param {FigureOptions} options
 */
async function loadFigure(scene, options) {
  if (!options.stages) question?.then(({ close }) => close());
  activeRequest?.abort();
  const controller = new AbortController();
  [activeRequest, requestedStages] = [controller, options.stages ?? null];
  root.dataset.asking = "";
  const busy = setTimeout(() => {
    getPart(root, "busy").hidden = false;
  }, BUSY_DELAY);
  const end = () => {
    clearTimeout(busy);
    if (activeRequest !== controller) return;
    [activeRequest, pending] = [null, null];
    delete root.dataset.asking;
    getPart(root, "busy").hidden = true;
  };
  const received = await receive(fetchTrace(scene, options.stages, controller.signal));
  if (controller.signal.aborted) return end();
  if (received?.bytes) {
    end();
    return showResponse(received.bytes, options);
  }
  try {
    if (received) await handleFailure(received.answer, scene, options);
    else notices.showUnreachable(() => loadFigure(scene, options));
  } finally {
    end();
  }
}

/** @param {ArrayBuffer} bytes @param {FigureOptions} options */
function showResponse(bytes, options) {
  const failure = drawTrace(bytes, (trace) => showTrace(trace, options));
  if (failure) notices.showSentences([failure]);
}

/**
 * Requests numbers of stages that have only previews. A figure that is being loaded requests its own.
 * @param {number[]} stages
 */
function requestNumbers(stages) {
  if (!activeRequest || (requestedStages && String(requestedStages) !== String(stages)))
    loadFigure(viewer.view().predict ? askedQuery : state.scene, { stages, push: false });
}

/** @param {Scene | string} scene @param {number[] | undefined} stages @param {AbortSignal} signal */
function fetchTrace(scene, stages, signal) {
  const named = stages ? `&stages=${stages.join(",")}` : "";
  if (typeof scene === "string") return fetchSite(`/api/trace?${scene}${named}`, { signal });
  const text = JSON.stringify(scene);
  const query = `scene=${encodeURIComponent(text)}${named}`;
  if (query.length < LONGEST_QUERY) return fetchSite(`/api/trace?${query}`, { signal });
  return fetchSite(`/api/trace?${named.slice(1)}`, {
    method: "POST",
    body: text,
    headers: { "Content-Type": "application/json" },
    signal,
  });
}

/** @param {Trace} trace @param {FigureOptions} options */
function showTrace(trace, { push, view, gesture }) {
  const goesOn = gesture !== undefined && gesture === enteredGesture;
  if (push && !goesOn && state.trace) writeAddress("replace"); // what moved since the last entry belongs to that entry
  state.trace = trace;
  state.scene = trace.scene;
  state.link = trace.link;
  showProblems(withoutVersionNotes(trace.problems));
  viewer.show(trace, view, gesture !== undefined);
  hadBigView = takesStage(viewer.view());
  if (goesOn) return settleGesture(trace, gesture);
  applyView(viewer.view());
  showControls();
  if (push && writeAddress("push")) enteredGesture = gesture;
  if (!fitsInLink(trace.link)) keepNumbers(trace, push, gesture);
}

/** Lets the rest of the page follow when a gesture pauses. @param {Trace} trace @param {FigureOptions["gesture"]} gesture */
function settleGesture(trace, gesture) {
  editing?.show(trace, viewer.view());
  clearTimeout(settleTimer);
  settleTimer = setTimeout(() => {
    showControls();
    writeAddress("replace");
    if (!fitsInLink(trace.link)) keepNumbers(trace, false, gesture);
  }, REPLACE_DELAY);
}

function showControls() {
  if (!state.trace) return;
  if (!areSettingsRequested) scheduleSettings();
  settings?.show(state.trace, viewer.view());
  editing?.show(state.trace, viewer.view());
  rail?.follow(viewer.view().hide);
  authoringPanel?.show();
}

/** Loads the settings as soon as the first figure is on the screen. */
function scheduleSettings() {
  areSettingsRequested = true;
  getPart(root, "side").setAttribute("aria-busy", "true");
  requestAnimationFrame(() => setTimeout(loadSettings));
  viewer.loadStory();
}

async function loadSettings() {
  const loading = Promise.all([
    import("convoscope/ui/controls/settings.js"),
    import("convoscope/ui/page/page-links.js"),
    import("convoscope/ui/page/rail.js"),
    import("convoscope/ui/page/settings-sheet.js"),
    import("convoscope/ui/page/print-figure.js"),
    import("convoscope/ui/page/folded-messages.js"),
    import("convoscope/ui/page/opening-beat.js"),
    import("convoscope/ui/viewer/open-editing.js"),
    loadStylesheet("settings"),
    completeTables(tables),
  ]);
  const modules = await loading.catch(() => null);
  getPart(root, "side").removeAttribute("aria-busy");
  if (!modules) return notices.showUnreachable(loadSettings);
  const [
    { createSettings },
    { listenLinks },
    { createRail },
    { createSettingsSheet },
    { listenPrint },
    { foldMessages },
    { playOpeningBeat },
    { createEditOpener },
  ] = modules;
  listenPrint(root, {
    repaint: () => viewer.repaint(),
    title: () => viewer.view().title || document.title,
    address: () => linkTo(viewer.view()),
  });
  rail = createRail(root, { usesSingleKeys: () => usesSingleKeys });
  const sheet = createSettingsSheet(root);
  if (initialView.draw) sheet.openWhereNarrow();
  foldMessages(root);
  settings = createSettings(root, tables, {
    onEdit: editScene,
    onTray: fetchTray,
    onCompare: () => viewer.toggleComparison(),
    isComparing: () => viewer.comparison.isOn(),
    onWall: compareFilters,
    onCompareWith: async () =>
      (await import("convoscope/features/compare/compare-with.js")).openCompareWith(
        root,
        /** @type {Trace} */ (state.trace),
        viewer.view(),
        tables.view,
      ),
    onPicture: uploadPicture,
    onNote: (sentence) => notices.add(sentence),
    onStretch: stretchAction,
    onPreview: computePreview,
    onView: (view) => viewer.set(view),
    onTeach: openAuthoring,
    getFile: fetchFile,
    loadDraw: () => import("convoscope/features/draw/draw-panel.js"),
    loadAdjust: () => import("convoscope/features/adjust/adjust-panel.js"),
    loadKnobs: () => import("convoscope/features/adjust/network-knobs.js"),
  });
  editing = createEditOpener(
    root,
    tables,
    viewer,
    { onEdit: editScene, onTakeBack: takeBack, onNote: (sentence) => notices.add(sentence) },
    () => import("convoscope/features/editing/editing.js"),
  );
  listenLinks(root, notices);
  showControls();
  playOpeningBeat(() => viewer.loadStory().then(() => viewer.playOpening()));
}

/**
 * Shows why a request failed: the figure stays, the control is marked and keeps the input.
 * @param {Response} answer @param {Scene | string} scene @param {any} options
 */
async function handleFailure(answer, scene, options) {
  const body = await answer.json().catch(() => ({}));
  const problems = /** @type {Problem[]} */ (body.problems ?? []);
  if (answer.status === 429 || answer.status === 503)
    return notices.showRetry(body.detail ?? PAGE.busy, () => loadFigure(scene, options));
  if (answer.status >= 500) return notices.showRetry(PAGE.broken, () => loadFigure(scene, options));
  if (options.fallback?.length) {
    const [next, ...others] = options.fallback;
    await loadFigure(next, { push: options.push, view: options.view, fallback: others });
    if (others.length) return;
    for (const sentence of [...problems.map(({ message }) => message), PAGE.withoutLayers]) notices.add(sentence);
    return;
  }
  // The server opens the nearest valid figure.
  if (typeof scene === "string") return location.assign(siteAddress(`/?${scene}`));
  const unplaced = problems.filter((problem) => !settings?.markProblem(problem));
  rail?.showInvalid();
  const sentences = problems.length ? unplaced.map(({ message }) => message) : [body.detail ?? PAGE.broken];
  notices.showSentences(sentences);
}

/** @param {Problem[]} problems */
function showProblems(problems) {
  notices.showSentences(problems.map(({ message }) => message));
}

/** Whether a view took the stage when the address was written last. */
let hadBigView = false;

// --- the address bar ------------------------------------------------------------------------------------------

/** @param {View} view */
function handleViewChange(view) {
  applyView(view);
  showControls();
  clearTimeout(replaceTimer);
  const isOtherStage = takesStage(view) !== hadBigView; // Back closes a view that took the stage
  hadBigView = takesStage(view);
  if (isOtherStage) writeAddress("push");
  else replaceTimer = setTimeout(() => writeAddress("replace"), REPLACE_DELAY);
}

/** @param {"push" | "replace"} how @returns {boolean} whether the address was another one */
function writeAddress(how) {
  clearTimeout(replaceTimer);
  if (viewer.view().predict) return false; // the link asks: what is shown meanwhile is not its figure
  const query = mergeQuery(state.link, viewer.view(), tables.view, state.trace);
  // A figure that is too long for a link gets a history entry too, under the last valid address.
  const pictureHash = linkedPicture && state.scene.image.upload === linkedPicture.image ? linkedPicture.hash : "";
  const drawn = fitsInLink(query) ? null : (drawing?.addressOf(state.scene, query) ?? location.href);
  const address = drawn ?? (query ? `?${query}${pictureHash}` : location.pathname);
  if (query === location.search.slice(1)) return false;
  history[how === "push" ? "pushState" : "replaceState"]({ scene: state.scene, link: state.link }, "", address);
  return true;
}

/** The address of a View; while the page asks, that of its question. @param {View} view */
function linkTo(view) {
  return siteAddress(`/?${view.predict ? tables.query : mergeQuery(state.link, view, tables.view, state.trace)}`);
}

/** The View to share: while the page asks, that of its link. */
function sharedView() {
  const view = viewer.view();
  return view.predict ? parseView(tables.query, tables.view) : view;
}

/** @param {string} query */
function fitsInLink(query) {
  return query.length <= tables.limits.link_characters;
}

addEventListener("popstate", (event) => {
  // A link within the page, such as “skip to the figure”: the figure stays.
  if (!event.state && location.hash && !location.hash.startsWith(PICTURE_HASH))
    return history.replaceState({ scene: state.scene, link: state.link }, "");
  viewer.stop();
  clearTimeout(replaceTimer);
  clearTimeout(settleTimer);
  enteredGesture = undefined;
  const view = parseView(location.search, tables.view);
  if (view.predict) return location.reload();
  state.link = event.state?.link ?? tables.link; // from now on views are written to this entry
  loadFigure(event.state?.scene ?? initialScene, { push: false, view });
});
/** The scene that the page was opened with. */
const initialScene = tables.scene;

// --- pictures -------------------------------------------------------------------------------------------------

/** The current upload; a newer one replaces it. @type {AbortController | null} */
let activeUpload = null;

/** The files of dark pictures that can be stretched, by upload. @type {Map<string, File | Blob>} */
const darkFiles = new Map();

/** The action that uploads a dark picture again, stretched. @param {string} id */
function stretchAction(id) {
  const file = darkFiles.get(id);
  return file ? () => uploadPicture(file, true) : null;
}

/** @param {File | Blob} file @param {boolean} [stretch] */
async function uploadPicture(file, stretch = false) {
  activeUpload?.abort();
  const controller = new AbortController();
  activeUpload = controller;
  getPart(root, "busy").hidden = false;
  try {
    const { upload } = await import("convoscope/features/upload/upload.js");
    const send = (/** @type {Blob} */ picture) =>
      upload(picture, { most: tables.limits.upload_bytes, signal: controller.signal, stretch });
    const imported =
      file.type === "image/png" && !stretch
        ? await (await import("convoscope/features/upload/figure-in-png.js")).importFigure(file, send)
        : null;
    const stored = imported ? imported.stored : await send(file);
    if (controller.signal.aborted) return;
    if (stored?.dark) darkFiles.set(stored.image, file);
    if (imported) await loadFigure(imported.link, { push: true, view: parseView(imported.link, tables.view) });
    else if (stored) {
      const [{ scenesOfUpload }] = await Promise.all([
        import("convoscope/features/upload/upload-scene.js"),
        completeTables(tables),
      ]);
      const [first, ...others] = scenesOfUpload(pending ?? state.scene, stored, tables);
      pending = first;
      await loadFigure(first, { push: true, view: { at: null }, fallback: others });
    }
    if (!stored) return;
    const sentences = [PAGE.uploaded(stored.notes), ...(state.trace?.stages[0].notes ?? [])];
    await announceUpload(sentences.join(" "), stored);
    if (!imported) await offerCut(stored);
  } catch (problem) {
    if (!controller.signal.aborted) notices.showFailure(problem, () => uploadPicture(file));
  } finally {
    if (activeUpload === controller) getPart(root, "busy").hidden = true;
  }
}

/**
 * Opens the dialog that cuts an uploaded picture, unless it is too small or no longer shown.
 * @param {import("convoscope/features/upload/upload.js").Stored} stored
 */
async function offerCut(stored) {
  const { hasParts } = await import("convoscope/features/upload/upload-scene.js");
  const { trace } = state;
  if (!trace || trace.scene.image.upload !== stored.image || !hasParts(stored)) return;
  const { openCropDialog } = await import("convoscope/ui/controls/image/crop.js");
  const onChoose = (/** @type {Scene["crop"]} */ crop, /** @type {Scene["size"]} */ size) =>
    editScene((scene) => ({ ...scene, crop, size }), { at: null });
  viewer.stop();
  await openCropDialog(root, trace, viewer.view(), tables, { onChoose, onPreview: computePreview }, true);
}

/**
 * Computes a figure that is not shown; a sentence where that is not possible.
 * @param {Scene} scene @param {number[]} stages @param {AbortSignal} signal @returns {Promise<Trace | string>}
 */
async function computePreview(scene, stages, signal) {
  const received = await receive(fetchTrace(scene, stages, signal));
  if (received?.bytes) return readTrace(received.bytes);
  const body = received ? await received.answer.json().catch(() => ({})) : {};
  return received ? (body.problems?.[0]?.message ?? body.detail ?? PAGE.broken) : PAGE.unreachable;
}

/**
 * Shows that a picture was uploaded, and offers to delete it.
 * @param {string} sentence @param {import("convoscope/features/upload/upload.js").Stored} stored
 */
async function announceUpload(sentence, stored) {
  (await import("convoscope/features/upload/uploaded-picture.js")).announce(
    notices,
    sentence,
    stored,
    () => replacePicture(stored.image),
    stretchAction(stored.image),
  );
}

/**
 * The picture that was part of the link, after its "#", and its upload.
 * @type {{image: string, hash: string} | null}
 */
let linkedPicture = null;

/**
 * Uploads the picture that is part of the link and shows the figure with it.
 * @returns {Promise<boolean>} whether the link has such a picture
 * @throws {Error} with a sentence for the user
 */
async function uploadLinkedPicture() {
  const { hash } = location;
  if (!hash.startsWith(PICTURE_HASH)) return false;
  const before = /** @type {string | undefined} */ (tables.scene.image.upload);
  if (before === DRAWN) {
    const { openDrawing } = await import("convoscope/features/draw/drawing-link.js");
    const opened = await openDrawing(hash, tables.scene);
    drawing = opened.drawing;
    await loadFigure(opened.scene, { push: false });
    writeAddress("replace");
    return true;
  }
  if (before && !tables.gone) {
    linkedPicture = { image: before, hash }; // opened again, and the upload still exists
    return false;
  }
  const { uploadFromLink } = await import("convoscope/features/upload/upload-from-link.js");
  const { scene, stored, text } = await uploadFromLink(hash, tables.scene, tables.limits.upload_bytes);
  linkedPicture = { image: stored.image, hash };
  await loadFigure(scene, { push: false });
  writeAddress("replace");
  announceUpload(text, stored);
  return true;
}

// Another link with a picture was typed into the address bar.
addEventListener(
  "hashchange",
  () =>
    location.hash.startsWith(PICTURE_HASH) &&
    !history.state &&
    location.hash !== linkedPicture?.hash &&
    location.reload(),
);

/**
 * The newest drawing that is too long for a query, and its address.
 * @type {import("convoscope/features/draw/drawing-link.js").LongDrawing | null}
 */
let drawing = null;

/**
 * Keeps numbers that are too many for a query: a drawing behind "#picture=", others as an upload.
 * @param {Trace} trace @param {boolean} push @param {FigureOptions["gesture"]} gesture
 */
async function keepNumbers(trace, push, gesture) {
  if (!(drawing || gesture?.isDrawn)) return push && uploadTypedNumbers(trace);
  const { createLongDrawing } = await import("convoscope/features/draw/drawing-link.js");
  const next = await createLongDrawing(trace.scene);
  if (state.trace !== trace) return;
  drawing = next ?? drawing;
  if (next) writeAddress("replace");
  else if (push) notices.showSentences([PAGE.longLink(trace.link.length, tables.limits.link_characters)]);
}

/** Uploads typed numbers that are too many for a link as a picture, if they are pixels. @param {Trace} trace */
async function uploadTypedNumbers(trace) {
  const { pictureOfNumbers, upload } = await import("convoscope/features/upload/upload.js");
  const picture = await pictureOfNumbers(trace.scene.image);
  if (!picture) return notices.showSentences([PAGE.longLink(trace.link.length, tables.limits.link_characters)]);
  try {
    const { image: id, height, width } = await upload(picture, { most: tables.limits.upload_bytes });
    if (state.trace !== trace || pending) return;
    const channels = trace.stages[0].shape[0] === 3 ? "rgb" : "gray";
    await loadFigure(
      { ...trace.scene, image: { upload: id }, size: [height, width], crop: null, channels, range: "byte" },
      { push: true },
    );
    notices.showSentences([PAGE.numbersStored]);
  } catch (problem) {
    notices.showFailure(problem, () => uploadTypedNumbers(trace));
  }
}

/** Shows another picture in place of an upload that is deleted. @param {string} id */
async function replacePicture(id) {
  const { withoutUpload } = await import("convoscope/pure/link/picture-stack.js");
  await completeTables(tables);
  const replacement = "upload" in initialScene.image ? { sample: tables.samples[0].name } : initialScene.image;
  await loadFigure(withoutUpload(state.scene, id, replacement), { push: true, view: { at: null } });
}

/**
 * Opens the wall of some filters, each in place of the filters of a layer.
 * @param {number} layer @param {{name: string, title: string}[]} filters @param {(kernel: string) => void} onChoose
 */
async function compareFilters(layer, filters, onChoose) {
  const { openFilterWall } = await import("convoscope/features/compare/filter-wall.js");
  if (state.trace) openFilterWall(root, filters, layer, viewer.view(), { trace: state.trace, fetchTrace, onChoose });
}

/**
 * Fetches thumbnails of all filters applied to the input of a stage.
 * @param {number} stage @returns {Promise<Record<string, string>>}
 */
async function fetchTray(stage) {
  const query = new URLSearchParams({ scene: JSON.stringify(state.scene), stage: String(stage) });
  const answer = await fetchSite(`/api/tray?${String(query).replaceAll("+", "%20")}`);
  if (!answer.ok) throw new Error(PAGE.broken);
  return answer.json();
}

// --- the header -----------------------------------------------------------------------------------------------

/** @param {View} view */
function applyView({ theme, title }) {
  const line = getPart(root, "title");
  line.textContent = title;
  line.hidden = !title;
  if (applyTheme(root, theme)) viewer.repaint();
}

/** Opens the share dialog. @param {View} [view] the view to share; the authoring panel passes another one */
async function share(view = sharedView()) {
  if (!state.trace) return;
  writeAddress("replace");
  const { openShareDialog } = await import("convoscope/features/share/share-dialog.js");
  await openShareDialog(
    root,
    { trace: state.trace, view, table: tables.view, longest: tables.limits.link_characters },
    { get: fetchFile, onTeach: openAuthoring },
  );
}

/**
 * The authoring panel, once it was opened.
 * @type {ReturnType<import("convoscope/features/authoring/authoring-panel.js").createAuthoringPanel> | null}
 */
let authoringPanel = null;

async function openAuthoring() {
  // Who prepares a link sees its whole figure, without the question.
  if (viewer.view().predict) await loadFigure(state.scene, { push: false, view: { stage: sharedView().stage } });
  const { createAuthoringPanel } = await import("convoscope/features/authoring/authoring-panel.js");
  authoringPanel ??= createAuthoringPanel(root, tables.view, {
    look: () => ({ trace: state.trace, view: viewer.view() }),
    onShare: share,
  });
  await authoringPanel.open();
}

async function start() {
  applyView(initialView);
  listenHeader(root, { theme: () => viewer.view().theme, onTheme: (theme) => viewer.set({ theme }), onHelp: openHelp });
  getPart(root, "share").addEventListener("click", () => share());
  listenDrops(root, (file) => uploadPicture(file));
  await openFigure();
  history.replaceState({ scene: state.scene, link: state.link }, "");
  if (tables.question) question = openQuestion();
  if (initialView.play) viewer.play();
}

/** Loads the question of the link, which is answered on this page. */
async function openQuestion() {
  const { openQuestion } = await import("convoscope/features/predict/predict.js");
  return openQuestion(root, viewer, /** @type {PageQuestion} */ (tables.question), linkedView, {
    getWhole: async () => (await fetchFile(`/api/trace?${tables.query}&reveal=1`)).arrayBuffer(),
    onReveal(trace, view) {
      askedQuery = `${tables.query}&reveal=1`;
      showTrace(trace, { push: false, view });
    },
    usesSingleKeys: () => usesSingleKeys,
  });
}

/** Opens the figure, with the picture of its link if it has one. */
async function openFigure() {
  try {
    if (!(await uploadLinkedPicture())) await openPageFigure();
  } catch (problem) {
    await openPageFigure();
    if (isServerRefusal(problem)) notices.add(problem.message);
    else notices.showUnreachable(openFigure);
  }
}

/** Opens the figure that the server made the page for; a small one came with the page. */
async function openPageFigure() {
  const asked = tables.question ? tables.query : tables.link;
  const link = asked ? `?${asked}` : "";
  if (initialView.story !== null) await viewer.loadStory();
  if (tables.laws) await viewer.loadLaws();
  const received = tables.trace ? null : await receive(fetchSite(`/api/trace${link}`));
  if (tables.trace) showResponse(decodeBase64(tables.trace), { push: false });
  else if (!received) return notices.showUnreachable(openPageFigure);
  else if (received.bytes) showResponse(received.bytes, { push: false });
  else await loadFigure(state.scene, { push: false });
  if (tables.problems.length) showProblems(tables.problems);
}

start();

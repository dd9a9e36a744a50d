/**
 * The Lab's shell: the only user of fetch and of the address bar. It turns edits into requests, answers into figures,
 * and keeps the figure through a bad hour.
 */

import { mergeQuery, parseView } from "convoscope/pure/link/view.js";
import { decodeBase64, readTrace } from "convoscope/pure/protocol/wire.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { listenDrops } from "convoscope/ui/controls/image/drop-picture.js";
import { part } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { createNotices, isRefusal } from "convoscope/ui/page/notices.js";
import { createHelp } from "convoscope/ui/page/open-help.js";
import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";
import { fetchSite, siteAddress } from "convoscope/ui/site/site.js";
import { createViewer } from "convoscope/ui/viewer/viewer.js";

/** @import {Settings} from "convoscope/ui/controls/settings.js" */
/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Problem, Scene, Trace, View} from "convoscope/pure/types.js" */

/** A longer scene is posted: addresses stay under the length that every server takes. */
const LONGEST_QUERY = 5500;
const BUSY_DELAY = 120;
const REPLACE_DELAY = 250;
const PICTURE_HASH = "#picture=";

const root = part(document, "page");
const tables = JSON.parse(part(document, "tables").textContent ?? "{}");
const notices = createNotices(root);

/** @type {{scene: Scene, link: string, trace: Trace | null}} */
const state = { scene: tables.scene, link: tables.link, trace: null };
/** @type {AbortController | null} */
let activeRequest = null;
/** The stages whose numbers that question is for; null while another figure is asked for. @type {number[] | null} */
let requestedStages = null;
let replaceTimer = 0;

const initialView = { ...parseView(location.search || tables.query, tables.view) };
const viewer = createViewer(root, initialView, tables, {
  onView: handleViewChange,
  onEdit: (edit) => editScene(edit),
  onNumbersNeeded: requestNumbers,
  onHelp: () => openHelp(),
  address: () => siteAddress(`/?${mergeQuery(state.link, { ...viewer.view(), present: false }, tables.view)}`),
});
const openHelp = createHelp(
  root,
  async () => (await import("convoscope/pure/strings/help-strings.js")).HELP,
  (on) => viewer.useSingleKeys(on),
);
/** What stands beside the figure; it comes once that is drawn. @type {Settings | null} */
let settings = null;
let areSettingsRequested = false;

/**
 * Changes the scene, and with it the figure; the old one stays until the answer is here.
 * @param {Edit} edit @param {Partial<View>} [view]
 */
function editScene(edit, view) {
  const base = pending ?? state.scene;
  pending = edit(base);
  loadFigure(pending, { push: true, view });
}
/**
 * The scene that was asked for last, while its answer is on the way: edits build upon one another.
 * @type {Scene | null}
 */
let pending = null;

/**
 * Asks for a scene, or for what a link says. A newer question aborts this one, so that answers never come out of order.
 * @param {Scene | string} scene
 * @param {{push: boolean, view?: Partial<View>, stages?: number[], otherwise?: Scene}} how `otherwise`: what is shown
 * where the layers do not fit
 */
async function loadFigure(scene, how) {
  activeRequest?.abort();
  const controller = new AbortController();
  [activeRequest, requestedStages] = [controller, how.stages ?? null];
  root.dataset.asking = "";
  const busy = setTimeout(() => {
    part(root, "busy").hidden = false;
  }, BUSY_DELAY);
  const end = () => {
    clearTimeout(busy);
    if (activeRequest !== controller) return;
    [activeRequest, pending] = [null, null];
    delete root.dataset.asking;
    part(root, "busy").hidden = true;
  };
  try {
    const answer = await fetchTrace(scene, how.stages, controller.signal);
    if (!answer.ok) return await handleFailure(answer, scene, how);
    const trace = readTrace(await answer.arrayBuffer());
    end();
    showTrace(trace, how);
  } catch {
    if (controller.signal.aborted) return;
    notices.unreachable(() => loadFigure(scene, how));
  } finally {
    end();
  }
}

/**
 * Asks for numbers that only previews are here of. A figure that is on its way asks for its own.
 * @param {number[]} stages
 */
function requestNumbers(stages) {
  if (!activeRequest || (requestedStages && String(requestedStages) !== String(stages)))
    loadFigure(state.scene, { stages, push: false });
}

/** @param {Scene | string} scene @param {number[] | undefined} stages @param {AbortSignal} signal */
function fetchTrace(scene, stages, signal) {
  if (typeof scene === "string") return fetchSite(`/api/trace?${scene}`, { signal });
  const named = stages ? `&stages=${stages.join(",")}` : "";
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

/** @param {Trace} trace @param {{push: boolean, view?: Partial<View>}} how */
function showTrace(trace, { push, view }) {
  if (push && state.trace) writeAddress("replace"); // what moved since the last entry belongs to that entry
  state.trace = trace;
  state.scene = trace.scene;
  state.link = trace.link;
  showProblems(trace.problems);
  viewer.show(trace, view);
  applyView(viewer.view());
  showControls();
  if (push) writeAddress("push");
  if (push && !fitsInLink(trace.link)) uploadTypedNumbers(trace);
}

function showControls() {
  if (!state.trace) return;
  if (!areSettingsRequested) scheduleSettings();
  settings?.show(state.trace, viewer.view());
  authoringPanel?.show();
}

/** The settings are asked for as soon as the first figure is on the screen. */
function scheduleSettings() {
  areSettingsRequested = true;
  part(root, "side").setAttribute("aria-busy", "true");
  requestAnimationFrame(() => setTimeout(loadSettings));
}

async function loadSettings() {
  const loading = Promise.all([
    import("convoscope/ui/controls/settings.js"),
    import("convoscope/ui/page/page-links.js"),
    loadStylesheet("settings"),
  ]);
  const found = await loading.catch(() => null);
  part(root, "side").removeAttribute("aria-busy");
  if (!found) return notices.unreachable(loadSettings);
  const [{ createSettings }, { listenLinks }] = found;
  settings = createSettings(root, tables, {
    onEdit: editScene,
    onTray: fetchTray,
    onCompare: (hold) => viewer.compare(hold),
    onPicture: uploadPicture,
    onStretch: stretchAction,
    onView: (view) => viewer.set(view),
    onTeach: openAuthoring,
  });
  listenLinks(root, notices);
  showControls();
}

/**
 * What the server could not do: the figure stays, the control is marked, what was typed is kept.
 * @param {Response} answer @param {Scene | string} scene @param {any} how
 */
async function handleFailure(answer, scene, how) {
  const body = await answer.json().catch(() => ({}));
  const problems = /** @type {Problem[]} */ (body.problems ?? []);
  if (answer.status === 429 || answer.status === 503)
    return notices.trouble(body.detail ?? PAGE.busy, () => loadFigure(scene, how));
  if (answer.status >= 500) return notices.trouble(PAGE.broken, () => loadFigure(scene, how));
  if (how.otherwise) {
    await loadFigure(how.otherwise, { push: how.push, view: how.view });
    for (const sentence of [...problems.map(({ message }) => message), PAGE.withoutLayers]) notices.add(sentence);
    return;
  }
  // The page opens what is nearest to it.
  if (typeof scene === "string") return location.assign(siteAddress(`/?${scene}`));
  const unplaced = problems.filter((problem) => !settings?.invalid(problem.field, problem.message));
  const sentences = problems.length ? unplaced.map(({ message }) => message) : [body.detail ?? PAGE.broken];
  notices.say(sentences);
}

/** @param {Problem[]} problems */
function showProblems(problems) {
  notices.say(problems.map(({ message }) => message));
}

// --- the address bar ------------------------------------------------------------------------------------------

/** @param {View} view */
function handleViewChange(view) {
  applyView(view);
  showControls();
  clearTimeout(replaceTimer);
  replaceTimer = setTimeout(() => writeAddress("replace"), REPLACE_DELAY);
}

/** @param {"push" | "replace"} how */
function writeAddress(how) {
  clearTimeout(replaceTimer);
  const query = mergeQuery(state.link, viewer.view(), tables.view);
  // A figure that no link can hold has a place in the history all the same, under the last address that was one.
  const pictureHash = linkedPicture && state.scene.image.upload === linkedPicture.image ? linkedPicture.hash : "";
  const address = !fitsInLink(query) ? location.href : query ? `?${query}${pictureHash}` : location.pathname;
  if (query === location.search.slice(1)) return;
  history[how === "push" ? "pushState" : "replaceState"]({ scene: state.scene, link: state.link }, "", address);
}

/** @param {string} query */
function fitsInLink(query) {
  return query.length <= tables.limits.link_characters;
}

addEventListener("popstate", (event) => {
  // A link within the page, such as the one that skips to the figure: the figure stays as it is.
  if (!event.state && location.hash && !location.hash.startsWith(PICTURE_HASH))
    return history.replaceState({ scene: state.scene, link: state.link }, "");
  viewer.stop();
  clearTimeout(replaceTimer);
  const view = parseView(location.search, tables.view);
  state.link = event.state?.link ?? tables.link; // from here on views are written to this entry
  loadFigure(event.state?.scene ?? initialScene, { push: false, view });
});
/** The scene that the page was opened with, to come back to. */
const initialScene = tables.scene;

// --- pictures -------------------------------------------------------------------------------------------------

/** The picture on its way; a newer one takes its place. @type {AbortController | null} */
let activeUpload = null;

/** The files of pictures that are dark for want of stretching, by their uploads. @type {Map<string, File | Blob>} */
const darkFiles = new Map();

/** What brings a dark picture again, stretched. @param {string} id */
function stretchAction(id) {
  const file = darkFiles.get(id);
  return file ? () => uploadPicture(file, true) : null;
}

/** @param {File | Blob} file @param {boolean} [stretch] */
async function uploadPicture(file, stretch = false) {
  activeUpload?.abort();
  const controller = new AbortController();
  activeUpload = controller;
  part(root, "busy").hidden = false;
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
      pending = { ...(pending ?? state.scene), image: { upload: stored.image }, crop: null };
      await loadFigure(pending, { push: true, view: { at: null }, otherwise: { ...pending, layers: [] } });
    }
    if (!stored) return;
    await announceUpload(PAGE.uploaded(stored.notes), stored);
  } catch (problem) {
    if (!controller.signal.aborted) notices.refused(problem, () => uploadPicture(file));
  } finally {
    if (activeUpload === controller) part(root, "busy").hidden = true;
  }
}

/**
 * Says that a picture is here, and offers to take it back.
 * @param {string} sentence @param {import("convoscope/features/upload/upload.js").Stored} stored
 */
async function announceUpload(sentence, stored) {
  (await import("convoscope/features/upload/uploaded-picture.js")).announce(
    notices,
    sentence,
    stored,
    replacePicture,
    stretchAction(stored.image),
  );
}

/**
 * The picture that came in the link itself, behind its "#", and the upload that it is now.
 * @type {{image: string, hash: string} | null}
 */
let linkedPicture = null;

/**
 * Whether the link brought its picture, and the figure is here with it.
 * @returns {Promise<boolean>}
 * @throws {Refused}
 */
async function uploadLinkedPicture() {
  const { hash } = location;
  if (!hash.startsWith(PICTURE_HASH)) return false;
  const before = /** @type {string | undefined} */ (tables.scene.image.upload);
  if (before && !tables.gone) {
    linkedPicture = { image: before, hash }; // opened again, while the upload is still there
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

// Another such link, put into the address bar of this page.
addEventListener(
  "hashchange",
  () => location.hash.startsWith(PICTURE_HASH) && location.hash !== linkedPicture?.hash && location.reload(),
);

/** Typed numbers that are too many for a link become an upload, where they are pixels. @param {Trace} trace */
async function uploadTypedNumbers(trace) {
  const { pictureOfNumbers, upload } = await import("convoscope/features/upload/upload.js");
  const picture = await pictureOfNumbers(trace.scene.image);
  if (!picture) return notices.say([PAGE.longLink(trace.link.length, tables.limits.link_characters)]);
  try {
    const { image: id, height, width } = await upload(picture, { most: tables.limits.upload_bytes });
    if (state.trace !== trace || pending) return;
    const channels = trace.stages[0].shape[0] === 3 ? "rgb" : "gray";
    await loadFigure(
      { ...trace.scene, image: { upload: id }, size: [height, width], crop: null, channels, range: "byte" },
      { push: true },
    );
    notices.say([PAGE.numbersStored]);
  } catch (problem) {
    notices.refused(problem, () => uploadTypedNumbers(trace));
  }
}

/** The figure goes on with another picture. */
async function replacePicture() {
  const replacement = "upload" in initialScene.image ? { sample: tables.samples[0].name } : initialScene.image;
  await loadFigure({ ...state.scene, image: replacement, crop: null }, { push: true, view: { at: null } });
}

/** All filters on the input of a stage, in small. @param {number} stage @returns {Promise<Record<string, string>>} */
async function fetchTray(stage) {
  const query = new URLSearchParams({ scene: JSON.stringify(state.scene), stage: String(stage) });
  const answer = await fetchSite(`/api/tray?${String(query).replaceAll("+", "%20")}`);
  if (!answer.ok) throw new Error(PAGE.broken);
  return answer.json();
}

// --- the header -----------------------------------------------------------------------------------------------

/** @param {View} view */
function applyView({ theme, title }) {
  const line = part(root, "title");
  line.textContent = title;
  line.hidden = !title;
  if (applyTheme(root, theme)) viewer.repaint();
}

/** Another look at a figure than its own is shared from the panel for teachers. @param {View} [view] */
async function share(view = viewer.view()) {
  if (!state.trace) return;
  writeAddress("replace");
  const { openShareDialog } = await import("convoscope/features/share/share-dialog.js");
  await openShareDialog(
    root,
    { trace: state.trace, view, table: tables.view, longest: tables.limits.link_characters },
    { get, onTeach: openAuthoring },
  );
}

/**
 * The panel for teachers, once it was opened.
 * @type {ReturnType<import("convoscope/features/authoring/authoring-panel.js").createAuthoringPanel> | null}
 */
let authoringPanel = null;

async function openAuthoring() {
  const { createAuthoringPanel } = await import("convoscope/features/authoring/authoring-panel.js");
  authoringPanel ??= createAuthoringPanel(root, tables.view, {
    look: () => ({ trace: state.trace, view: viewer.view() }),
    onShare: share,
  });
  await authoringPanel.open();
}

/** Something of this server as a file. @param {string} path @returns {Promise<Blob>} @throws {Error} with a sentence */
async function get(path) {
  const answer = await fetchSite(path).catch(() => {
    throw new Error(PAGE.unreachable);
  });
  if (answer.ok) return answer.blob();
  const body = await answer.json().catch(() => ({}));
  throw new Error(body.detail ?? PAGE.broken);
}

async function start() {
  applyView(initialView);
  listenHeader(root, { theme: () => viewer.view().theme, onTheme: (theme) => viewer.set({ theme }), onHelp: openHelp });
  part(root, "share").addEventListener("click", () => share());
  listenDrops(root, (file) => uploadPicture(file));
  await openFigure();
  history.replaceState({ scene: state.scene, link: state.link }, "");
  if (initialView.play) viewer.play();
}

/** The figure with the picture that its link brought, or without. */
async function openFigure() {
  try {
    if (!(await uploadLinkedPicture())) await openPageFigure();
  } catch (problem) {
    await openPageFigure();
    if (isRefusal(problem)) notices.add(problem.message);
    else notices.unreachable(openFigure);
  }
}

/** The figure that the server made the page with. */
async function openPageFigure() {
  const link = tables.link ? `?${tables.link}` : "";
  try {
    const answer = tables.gone ? null : await fetchSite(`/api/trace${link}`);
    if (!answer) showTrace(readTrace(decodeBase64(tables.trace)), { push: false });
    else if (!answer.ok) await loadFigure(state.scene, { push: false });
    else showTrace(readTrace(await answer.arrayBuffer()), { push: false });
  } catch {
    return notices.unreachable(openPageFigure);
  }
  if (tables.problems.length) showProblems(tables.problems);
}

start();

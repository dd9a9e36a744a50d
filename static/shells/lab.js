/**
 * The Lab's shell: the only user of fetch and of the address bar. It turns edits into requests, answers into figures,
 * and keeps the figure through a bad hour.
 */

import { mergeQuery, parseView } from "convoscope/pure/link/view.js";
import { decodeBase64, readTrace } from "convoscope/pure/protocol/wire.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { listenDrops } from "convoscope/ui/controls/image/drop-picture.js";
import { getPart } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { createNotices, isServerRefusal } from "convoscope/ui/page/notices.js";
import { createHelpOpener } from "convoscope/ui/page/open-help.js";
import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";
import { fetchSite, siteAddress } from "convoscope/ui/site/site.js";
import { createViewer } from "convoscope/ui/viewer/viewer.js";

/** @import {Settings} from "convoscope/ui/controls/settings.js" */
/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Problem, Scene, Trace, View} from "convoscope/pure/types.js" */

/** A longer scene is posted: addresses stay under the length that every server takes. */
const LONGEST_QUERY = 5500;
const BUSY_AFTER = 120;
const REPLACE_AFTER = 250;
const BRINGS_PICTURE = "#picture=";

const root = getPart(document, "page");
const tables = JSON.parse(getPart(document, "tables").textContent ?? "{}");
const notices = createNotices(root);

/** @type {{scene: Scene, link: string, trace: Trace | null}} */
const state = { scene: tables.scene, link: tables.link, trace: null };
/** @type {AbortController | null} */
let asking = null;
/** The stages whose numbers that question is for; null while another figure is asked for. @type {number[] | null} */
let completing = null;
let replacing = 0;

const first = { ...parseView(location.search || tables.query, tables.view) };
const viewer = createViewer(root, first, tables, {
  onView: noteView,
  onEdit: (edit) => change(edit),
  onWanted: complete,
  onHelp: () => openHelp(),
  address: () => siteAddress(`/?${mergeQuery(state.link, { ...viewer.view(), present: false }, tables.view)}`),
});
const openHelp = createHelpOpener(
  root,
  async () => (await import("convoscope/pure/strings/help-strings.js")).HELP,
  (on) => viewer.useSingleKeys(on),
);
/** What stands beside the figure; it comes once that is drawn. @type {Settings | null} */
let settings = null;
let settingsAsked = false;

/**
 * Changes the scene, and with it the figure; the old one stays until the answer is here.
 * @param {Edit} edit @param {Partial<View>} [view]
 */
function change(edit, view) {
  const base = pending ?? state.scene;
  pending = edit(base);
  ask(pending, { push: true, view });
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
async function ask(scene, how) {
  asking?.abort();
  const mine = new AbortController();
  [asking, completing] = [mine, how.stages ?? null];
  root.dataset.asking = "";
  const busy = setTimeout(() => {
    getPart(root, "busy").hidden = false;
  }, BUSY_AFTER);
  const end = () => {
    clearTimeout(busy);
    if (asking !== mine) return;
    [asking, pending] = [null, null];
    delete root.dataset.asking;
    getPart(root, "busy").hidden = true;
  };
  try {
    const answer = await request(scene, how.stages, mine.signal);
    if (!answer.ok) return await refuse(answer, scene, how);
    const trace = readTrace(await answer.arrayBuffer());
    end();
    accept(trace, how);
  } catch {
    if (mine.signal.aborted) return;
    notices.showUnreachable(() => ask(scene, how));
  } finally {
    end();
  }
}

/**
 * Asks for numbers that only previews are here of. A figure that is on its way asks for its own.
 * @param {number[]} stages
 */
function complete(stages) {
  if (!asking || (completing && String(completing) !== String(stages))) ask(state.scene, { stages, push: false });
}

/** @param {Scene | string} scene @param {number[] | undefined} stages @param {AbortSignal} signal */
function request(scene, stages, signal) {
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
function accept(trace, { push, view }) {
  if (push && state.trace) write("replace"); // what moved since the last entry belongs to that entry
  state.trace = trace;
  state.scene = trace.scene;
  state.link = trace.link;
  showProblems(trace.problems);
  viewer.show(trace, view);
  dress(viewer.view());
  showControls();
  if (push) write("push");
  if (push && !fits(trace.link)) shorten(trace);
}

function showControls() {
  if (!state.trace) return;
  if (!settingsAsked) askSettings();
  settings?.show(state.trace, viewer.view());
  teacher?.show();
}

/** The settings are asked for as soon as the first figure is on the screen. */
function askSettings() {
  settingsAsked = true;
  getPart(root, "side").setAttribute("aria-busy", "true");
  requestAnimationFrame(() => setTimeout(bringSettings));
}

async function bringSettings() {
  const coming = Promise.all([
    import("convoscope/ui/controls/settings.js"),
    import("convoscope/ui/page/page-links.js"),
    loadStylesheet("settings"),
  ]);
  const found = await coming.catch(() => null);
  getPart(root, "side").removeAttribute("aria-busy");
  if (!found) return notices.showUnreachable(bringSettings);
  const [{ createSettings }, { listenLinks }] = found;
  settings = createSettings(root, tables, {
    onEdit: change,
    onTray: tray,
    onCompare: (hold) => viewer.compare(hold),
    onPicture: bring,
    onStretch: stretching,
    onView: (view) => viewer.set(view),
    onTeach: teach,
  });
  listenLinks(root, notices);
  showControls();
}

/**
 * What the server could not do: the figure stays, the control is marked, what was typed is kept.
 * @param {Response} answer @param {Scene | string} scene @param {any} how
 */
async function refuse(answer, scene, how) {
  const body = await answer.json().catch(() => ({}));
  const problems = /** @type {Problem[]} */ (body.problems ?? []);
  if (answer.status === 429 || answer.status === 503)
    return notices.showRetry(body.detail ?? PAGE.busy, () => ask(scene, how));
  if (answer.status >= 500) return notices.showRetry(PAGE.broken, () => ask(scene, how));
  if (how.otherwise) {
    await ask(how.otherwise, { push: how.push, view: how.view });
    for (const sentence of [...problems.map(({ message }) => message), PAGE.withoutLayers]) notices.add(sentence);
    return;
  }
  // The page opens what is nearest to it.
  if (typeof scene === "string") return location.assign(siteAddress(`/?${scene}`));
  const unplaced = problems.filter((problem) => !settings?.markInvalid(problem.field, problem.message));
  const sentences = problems.length ? unplaced.map(({ message }) => message) : [body.detail ?? PAGE.broken];
  notices.showSentences(sentences);
}

/** @param {Problem[]} problems */
function showProblems(problems) {
  notices.showSentences(problems.map(({ message }) => message));
}

// --- the address bar ------------------------------------------------------------------------------------------

/** @param {View} view */
function noteView(view) {
  dress(view);
  showControls();
  clearTimeout(replacing);
  replacing = setTimeout(() => write("replace"), REPLACE_AFTER);
}

/** @param {"push" | "replace"} how */
function write(how) {
  clearTimeout(replacing);
  const query = mergeQuery(state.link, viewer.view(), tables.view);
  // A figure that no link can hold has a place in the history all the same, under the last address that was one.
  const brought = arrived && state.scene.image.upload === arrived.image ? arrived.hash : "";
  const address = !fits(query) ? location.href : query ? `?${query}${brought}` : location.pathname;
  if (query === location.search.slice(1)) return;
  history[how === "push" ? "pushState" : "replaceState"]({ scene: state.scene, link: state.link }, "", address);
}

/** @param {string} query */
function fits(query) {
  return query.length <= tables.limits.link_characters;
}

addEventListener("popstate", (event) => {
  // A link within the page, such as the one that skips to the figure: the figure stays as it is.
  if (!event.state && location.hash && !location.hash.startsWith(BRINGS_PICTURE))
    return history.replaceState({ scene: state.scene, link: state.link }, "");
  viewer.stop();
  clearTimeout(replacing);
  const view = parseView(location.search, tables.view);
  state.link = event.state?.link ?? tables.link; // from here on views are written to this entry
  ask(event.state?.scene ?? opening, { push: false, view });
});
/** The scene that the page was opened with, to come back to. */
const opening = tables.scene;

// --- pictures -------------------------------------------------------------------------------------------------

/** The picture on its way; a newer one takes its place. @type {AbortController | null} */
let bringing = null;

/** The files of pictures that are dark for want of stretching, by their uploads. @type {Map<string, File | Blob>} */
const dark = new Map();

/** What brings a dark picture again, stretched. @param {string} id */
function stretching(id) {
  const file = dark.get(id);
  return file ? () => bring(file, true) : null;
}

/** @param {File | Blob} file @param {boolean} [stretch] */
async function bring(file, stretch = false) {
  bringing?.abort();
  const mine = new AbortController();
  bringing = mine;
  getPart(root, "busy").hidden = false;
  try {
    const { upload } = await import("convoscope/features/upload/upload.js");
    const send = (/** @type {Blob} */ picture) =>
      upload(picture, { most: tables.limits.upload_bytes, signal: mine.signal, stretch });
    const carried =
      file.type === "image/png" && !stretch
        ? await (await import("convoscope/features/upload/figure-in-png.js")).importFigure(file, send)
        : null;
    const stored = carried ? carried.stored : await send(file);
    if (mine.signal.aborted) return;
    if (stored?.dark) dark.set(stored.image, file);
    if (carried) await ask(carried.link, { push: true, view: parseView(carried.link, tables.view) });
    else if (stored) {
      pending = { ...(pending ?? state.scene), image: { upload: stored.image }, crop: null };
      await ask(pending, { push: true, view: { at: null }, otherwise: { ...pending, layers: [] } });
    }
    if (!stored) return;
    await announce(PAGE.uploaded(stored.notes), stored);
  } catch (problem) {
    if (!mine.signal.aborted) notices.showFailure(problem, () => bring(file));
  } finally {
    if (bringing === mine) getPart(root, "busy").hidden = true;
  }
}

/**
 * Says that a picture is here, and offers to take it back.
 * @param {string} sentence @param {import("convoscope/features/upload/upload.js").Stored} stored
 */
async function announce(sentence, stored) {
  (await import("convoscope/features/upload/uploaded-picture.js")).announce(
    notices,
    sentence,
    stored,
    dropPicture,
    stretching(stored.image),
  );
}

/**
 * The picture that came in the link itself, behind its "#", and the upload that it is now.
 * @type {{image: string, hash: string} | null}
 */
let arrived = null;

/**
 * Whether the link brought its picture, and the figure is here with it.
 * @returns {Promise<boolean>}
 * @throws {Refused}
 */
async function arrive() {
  const { hash } = location;
  if (!hash.startsWith(BRINGS_PICTURE)) return false;
  const before = /** @type {string | undefined} */ (tables.scene.image.upload);
  if (before && !tables.gone) {
    arrived = { image: before, hash }; // opened again, while the upload is still there
    return false;
  }
  const { uploadFromLink } = await import("convoscope/features/upload/upload-from-link.js");
  const { scene, stored, text } = await uploadFromLink(hash, tables.scene, tables.limits.upload_bytes);
  arrived = { image: stored.image, hash };
  await ask(scene, { push: false });
  write("replace");
  announce(text, stored);
  return true;
}

// Another such link, put into the address bar of this page.
addEventListener(
  "hashchange",
  () => location.hash.startsWith(BRINGS_PICTURE) && location.hash !== arrived?.hash && location.reload(),
);

/** Typed numbers that are too many for a link become an upload, where they are pixels. @param {Trace} trace */
async function shorten(trace) {
  const { pictureOfNumbers, upload } = await import("convoscope/features/upload/upload.js");
  const picture = await pictureOfNumbers(trace.scene.image);
  if (!picture) return notices.showSentences([PAGE.longLink(trace.link.length, tables.limits.link_characters)]);
  try {
    const { image: id, height, width } = await upload(picture, { most: tables.limits.upload_bytes });
    if (state.trace !== trace || pending) return;
    const channels = trace.stages[0].shape[0] === 3 ? "rgb" : "gray";
    await ask(
      { ...trace.scene, image: { upload: id }, size: [height, width], crop: null, channels, range: "byte" },
      { push: true },
    );
    notices.showSentences([PAGE.numbersStored]);
  } catch (problem) {
    notices.showFailure(problem, () => shorten(trace));
  }
}

/** The figure goes on with another picture. */
async function dropPicture() {
  const instead = "upload" in opening.image ? { sample: tables.samples[0].name } : opening.image;
  await ask({ ...state.scene, image: instead, crop: null }, { push: true, view: { at: null } });
}

/** All filters on the input of a stage, in small. @param {number} stage @returns {Promise<Record<string, string>>} */
async function tray(stage) {
  const query = new URLSearchParams({ scene: JSON.stringify(state.scene), stage: String(stage) });
  const answer = await fetchSite(`/api/tray?${String(query).replaceAll("+", "%20")}`);
  if (!answer.ok) throw new Error(PAGE.broken);
  return answer.json();
}

// --- the header -----------------------------------------------------------------------------------------------

/** @param {View} view */
function dress({ theme, title }) {
  const line = getPart(root, "title");
  line.textContent = title;
  line.hidden = !title;
  if (applyTheme(root, theme)) viewer.repaint();
}

/** Another look at a figure than its own is shared from the panel for teachers. @param {View} [view] */
async function share(view = viewer.view()) {
  if (!state.trace) return;
  write("replace");
  const { openShareDialog } = await import("convoscope/features/share/share-dialog.js");
  await openShareDialog(
    root,
    { trace: state.trace, view, table: tables.view, longest: tables.limits.link_characters },
    { get, onTeach: teach },
  );
}

/**
 * The panel for teachers, once it was opened.
 * @type {ReturnType<import("convoscope/features/authoring/authoring-panel.js").createAuthoringPanel> | null}
 */
let teacher = null;

async function teach() {
  const { createAuthoringPanel } = await import("convoscope/features/authoring/authoring-panel.js");
  teacher ??= createAuthoringPanel(root, tables.view, {
    look: () => ({ trace: state.trace, view: viewer.view() }),
    onShare: share,
  });
  await teacher.open();
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
  dress(first);
  listenHeader(root, { theme: () => viewer.view().theme, onTheme: (theme) => viewer.set({ theme }), onHelp: openHelp });
  getPart(root, "share").addEventListener("click", () => share());
  listenDrops(root, (file) => bring(file));
  await begin();
  history.replaceState({ scene: state.scene, link: state.link }, "");
  if (first.play) viewer.play();
}

/** The figure with the picture that its link brought, or without. */
async function begin() {
  try {
    if (!(await arrive())) await open();
  } catch (problem) {
    await open();
    if (isServerRefusal(problem)) notices.add(problem.message);
    else notices.showUnreachable(begin);
  }
}

/** The figure that the server made the page with. */
async function open() {
  const link = tables.link ? `?${tables.link}` : "";
  try {
    const answer = tables.gone ? null : await fetchSite(`/api/trace${link}`);
    if (!answer) accept(readTrace(decodeBase64(tables.trace)), { push: false });
    else if (!answer.ok) await ask(state.scene, { push: false });
    else accept(readTrace(await answer.arrayBuffer()), { push: false });
  } catch {
    return notices.showUnreachable(open);
  }
  if (tables.problems.length) showProblems(tables.problems);
}

start();

/** The page that makes a lesson: a form, kept in the tab, which the server checks while it is written. */

import { emptyLesson, keepMyLesson, readMyLesson } from "convoscope/features/lesson/my-lesson.js";
import { MAKE_LESSON } from "convoscope/pure/strings/on-demand/lesson-strings.js";
import { headSection, notesSection } from "convoscope/shells/make-lesson/lesson-head.js";
import { sceneList } from "convoscope/shells/make-lesson/scene-form.js";
import { build, fill, getPart } from "convoscope/ui/dom.js";
import { applyTheme, listenHeader } from "convoscope/ui/page/page-header.js";
import { giveFile } from "convoscope/ui/site/give-file.js";
import { fetchSite, siteAddress } from "convoscope/ui/site/site.js";

/** @import {MyLesson, Scene} from "convoscope/features/lesson/my-lesson.js" */
/** @typedef {{line: number, sentence: string, scene: number | null}} LessonProblem */
/** @typedef {{problems: LessonProblem[], text: string, form: MyLesson | null, lesson: any}} Checked */

const WAIT_MS = 500;
const LONG_NAME = 60;

const root = document.body;
const tables = JSON.parse(getPart(root, "tables").textContent ?? "");
const maker = getPart(root, "maker");
const status = build(["p", { class: "make-status", role: "status", "data-part": "make-status" }]);
const said = build(["div", { "data-part": "problems" }]);
const body = build(["div", { class: "make-body" }]);
let lesson = readMyLesson();
/** @type {{scene: Scene, index: number} | null} */
let removed = null;
let timer = 0;
let asked = new AbortController();

applyTheme(root, theme());
listenHeader(root, { theme, onTheme: (next) => applyTheme(root, next) });
fill(maker, toolbar(), status, said, body);
show();

/** @returns {string} the theme of the page */
function theme() {
  return document.documentElement.dataset.theme ?? "auto";
}

/** Shows the whole form, after a change of what it has. */
function show() {
  const events = { onChange: changed, onShape: reshaped, onRemove: remove };
  body.replaceChildren(); // so that `fill` keeps no typing of another lesson
  fill(body, headSection(lesson, tables, events), sceneList(lesson, tables, events), notesSection(lesson, events));
  changed();
}

/** Keeps what was written, and has it checked soon. */
function changed() {
  getPart(maker, "download").textContent = MAKE_LESSON.download(lesson.name);
  getPart(maker, "download-page").textContent = MAKE_LESSON.downloadPage(lesson.name);
  getPart(maker, "shelf").textContent = `convoscope lessons add ${lesson.name}.md`;
  if (!keepMyLesson(lesson)) fill(status, MAKE_LESSON.notKept);
  clearTimeout(timer);
  timer = window.setTimeout(checkNow, WAIT_MS);
}

/** @param {string} [focused] the data-key of what gets the focus */
function reshaped(focused) {
  show();
  if (focused) /** @type {HTMLElement | null} */ (body.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
}

/** @param {number} index */
function remove(index) {
  removed = { scene: lesson.scenes[index], index };
  lesson.scenes.splice(index, 1);
  show();
  fill(status, MAKE_LESSON.removed(index + 1), " ", [
    "button",
    { type: "button", class: "button", "data-part": "undo", onclick: undo },
    MAKE_LESSON.undo,
  ]);
  getPart(status, "undo").focus();
}

function undo() {
  if (!removed) return;
  const { scene, index } = removed;
  lesson.scenes.splice(index, 0, scene);
  removed = null;
  fill(status);
  reshaped(`heading-${index}`);
}

/** @returns {HTMLElement} */
function toolbar() {
  const file = /** @type {HTMLInputElement} */ (
    build([
      "input",
      { type: "file", accept: ".md,text/markdown,text/plain", hidden: true, "data-part": "file", onchange: openFile },
    ])
  );
  return build([
    "div",
    { class: "make-tools" },
    [
      "button",
      { type: "button", class: "button", "data-part": "open-file", onclick: () => file.click() },
      MAKE_LESSON.openFile,
    ],
    file,
    [
      "button",
      { type: "button", class: "button primary", "data-part": "download", onclick: download },
      MAKE_LESSON.download(lesson.name),
    ],
    [
      "button",
      {
        type: "button",
        class: "button",
        "data-part": "download-page",
        title: MAKE_LESSON.pageHelp,
        onclick: downloadPage,
      },
      MAKE_LESSON.downloadPage(lesson.name),
    ],
    ["p", { class: "small muted" }, ["code", { "data-part": "shelf" }], " ", MAKE_LESSON.shelfHelp],
  ]);
}

/** @param {Event} event */
async function openFile({ target }) {
  const input = /** @type {HTMLInputElement} */ (target);
  const [file] = input.files ?? [];
  if (!file) return;
  const name = nameOfFile(file.name);
  clearTimeout(timer);
  asked.abort();
  asked = new AbortController();
  const checked = await send(file, "text/markdown", name);
  input.value = "";
  if (typeof checked === "string") return fill(status, checked);
  if (!checked.form) {
    fill(status, MAKE_LESSON.unread);
    return fill(said, problemList(checked.problems, true));
  }
  lesson = { ...emptyLesson(), ...checked.form, name };
  show();
  fill(status, MAKE_LESSON.opened(file.name));
}

/** @param {string} file @returns {string} its name as that of a lesson */
function nameOfFile(file) {
  const bare = file.replace(/\.[a-z]+$/i, "").toLowerCase();
  const name = bare.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return name.slice(0, LONG_NAME) || "my-lesson";
}

async function download() {
  clearTimeout(timer);
  const checked = await checkNow();
  if (checked) giveFile(new Blob([checked.text], { type: "text/markdown" }), `${lesson.name}.md`);
}

/** Saves the lesson as one HTML file, to try it and to teach with it. */
async function downloadPage() {
  const { name } = lesson;
  fill(status, MAKE_LESSON.making);
  try {
    const response = await post("file", JSON.stringify(lesson), "application/json", name);
    if (!response.ok) return fill(status, String((await response.json()).detail));
    giveFile(await response.blob(), `${name}.html`);
    fill(status, MAKE_LESSON.made(name));
  } catch {
    fill(status, MAKE_LESSON.failed);
  }
}

/** Has the lesson checked, and shows what is wrong at its scenes. @returns {Promise<Checked | null>} */
async function checkNow() {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const checked = await send(JSON.stringify(lesson), "application/json", lesson.name);
  if (signal.aborted) return null;
  if (typeof checked === "string") {
    if (checked) fill(status, checked);
    return null;
  }
  const { problems } = checked;
  const isGood = lesson.scenes.length > 0 && !problems.length;
  const rest = problems.filter(({ scene }) => scene === null || scene >= lesson.scenes.length);
  fill(said, isGood && ["p", { class: "is-good" }, MAKE_LESSON.good], rest.length > 0 && problemList(rest, false));
  lesson.scenes.forEach((_, index) => {
    const host = body.querySelector(`[data-problems="${index}"]`);
    const own = problems.filter(({ scene }) => scene === index);
    if (host) fill(host, own.length > 0 && problemList(own, false));
    const embed = checked.lesson?.scenes[index]?.embed;
    const preview = body.querySelector(`[data-preview="${index}"]`);
    if (preview instanceof HTMLElement && embed) preview.dataset.address = siteAddress(`/${embed}`);
  });
  return checked;
}

/** @param {LessonProblem[]} problems @param {boolean} hasLines */
function problemList(problems, hasLines) {
  return build([
    "ul",
    { class: "make-problems", "aria-label": MAKE_LESSON.problems },
    ...problems.map(({ line, sentence }) =>
      build(["li", hasLines && line > 0 && `${MAKE_LESSON.line(line)} `, sentence]),
    ),
  ]);
}

/**
 * @param {BodyInit} content @param {string} type @param {string} name
 * @returns {Promise<Checked | string>} or a sentence; "" where another check has begun
 */
async function send(content, type, name) {
  try {
    const response = await post("check", content, type, name, asked.signal);
    const reply = await response.json();
    return response.ok ? reply : String(reply.detail);
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError" ? "" : MAKE_LESSON.failed;
  }
}

/**
 * @param {"check" | "file"} call @param {BodyInit} body @param {string} type of it @param {string} name
 * @param {AbortSignal} [signal] @returns {Promise<Response>}
 */
function post(call, body, type, name, signal) {
  const address = `/api/lessons/${call}?name=${encodeURIComponent(name)}`;
  return fetchSite(address, { method: "POST", body, headers: { "Content-Type": type }, signal });
}

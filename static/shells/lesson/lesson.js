/**
 * The shell of a lesson: it goes from scene to scene, and in each from the text to the question, to the answer, and to
 * why. Nothing is sent; progress is kept in this tab alone.
 */

import { fillIn } from "convoscope/features/predict/guess.js";
import { createPageOpener } from "convoscope/shells/lesson/file-pages.js";
import { readProgress, writeProgress } from "convoscope/shells/lesson/progress.js";
import { createSceneFrame } from "convoscope/shells/lesson/scene-frame.js";
import { closeQuestion, judge, judgeWhy, showQuestion, showWhy } from "convoscope/shells/lesson/scene-question.js";
import { fill, getPart } from "convoscope/ui/dom.js";
import { writeAddress } from "convoscope/ui/page/plain-header.js";

/** @import {Question, Texts} from "convoscope/shells/lesson/scene-question.js" */

/**
 * What is shown of a scene: its text; its question; the answer; why; and what became of that.
 * @typedef {"text" | "ask" | "answer" | "why" | "because"} Step
 * @typedef {{heading: string, link: string, embed: string, screen_text: string, question: Question | null}} Scene
 */

/** The next figure is loaded so long after this one was asked for. */
const AHEAD_MS = 800;

const root = getPart(document, "page");
/**
 * `pages`: in an HTML file, the number of the page of each figure.
 * @type {{lesson: {name: string, scenes: Scene[]}, scene: number, texts: Texts, pages?: Record<string, number>}}
 */
const { lesson, scene: first, texts, pages } = JSON.parse(getPart(document, "tables").textContent ?? "{}");
const { scenes } = lesson;
const isFramed = window.parent !== window;
const progress = readProgress(lesson.name);
const parts = {
  ask: getPart(root, "ask"),
  verdict: getPart(root, "verdict"),
  why: getPart(root, "why"),
  whyVerdict: getPart(root, "why-verdict"),
  next: /** @type {HTMLButtonElement} */ (getPart(root, "next")),
  back: /** @type {HTMLButtonElement} */ (getPart(root, "back")),
  again: /** @type {HTMLButtonElement} */ (getPart(root, "again")),
  end: getPart(root, "end"),
};
const labels = getPart(root, "lesson").dataset;
const siteRoot = document.documentElement.dataset.root ?? "./";
const frame = createSceneFrame(getPart(root, "figure"), getPart(root, "frame"), {
  fill: pages
    ? createPageOpener(pages)
    : (place, address) => {
        place.src = siteRoot + address;
      },
  onKey: handleClicker,
});
/** @type {{scene: number, step: Step, isOver: boolean}} */
const state = { scene: first, step: "text", isOver: false };
const isAddressed = new URLSearchParams(location.search).has("scene");

// --- scenes and steps -------------------------------------------------------------------------------------------

/** @returns {Scene} */
function scene() {
  return scenes[state.scene];
}

/** @returns {boolean} whether a lecturer shows the lesson: then the text stands alone first */
function isPresented() {
  return document.documentElement.hasAttribute("data-present");
}

/** The steps of the scene that is open. @returns {Step[]} */
function steps() {
  const { question } = scene();
  if (!question) return ["text"];
  return ["text", "ask", "answer", ...(question.why ? /** @type {Step[]} */ (["why", "because"]) : [])];
}

/**
 * Opens a scene at its start. @param {number} number @param {{keepsFrame?: boolean}} [options] `keepsFrame`: the page came with it
 */
function open(number, { keepsFrame = false } = {}) {
  Object.assign(state, { scene: number, step: "text", isOver: false });
  const { heading, screen_text, question } = scene();
  parts.end.hidden = true;
  if (!keepsFrame) {
    getPart(root, "heading").textContent = heading;
    fill(getPart(root, "words"), wordsOf(number));
    getPart(root, "screen-text").textContent = screen_text;
    frame.show(askedFrame(), screen_text);
    getPart(root, "side").scrollTop = 0;
    getPart(root, "heading").focus({ preventScroll: !isNarrow() });
  }
  getPart(root, "count").textContent = fillIn(texts.scene_of, {
    number: String(number + 1),
    count: String(scenes.length),
  });
  for (const part of [parts.ask, parts.verdict, parts.why, parts.whyVerdict]) fill(part);
  parts.ask.hidden = parts.why.hidden = true;
  if (question && !isPresented()) ask();
  showSteps();
  remember();
  prepareNext();
  post("scene", { scene: number + 1, scenes: scenes.length });
}

/** Loads the figure of the next scene, once that of this scene has had its time. */
function prepareNext() {
  const [number, following] = [state.scene, scenes[state.scene + 1]];
  if (following)
    setTimeout(() => state.scene === number && frame.prepare(askedFrame(number + 1), following.screen_text), AHEAD_MS);
}

/** The text of a scene, as the page came with it. @param {number} number */
function wordsOf(number) {
  const template = /** @type {HTMLTemplateElement} */ (root.querySelector(`template[data-words="${number}"]`));
  return template.content.cloneNode(true);
}

/** The address of the frame while the scene's question is open. @param {number} [number] */
function askedFrame(number = state.scene) {
  return scenes[number].question?.embed || scenes[number].embed;
}

function isNarrow() {
  return matchMedia("(max-width: 799px) and (orientation: portrait)").matches;
}

function ask() {
  const { question } = scene();
  if (!question) return;
  state.step = "ask";
  showQuestion(parts.ask, question, {
    texts,
    labels,
    onAnswer: answer,
    onUnread: (sentence) => fill(parts.verdict, ["p", sentence]),
  });
}

/** @param {Parameters<typeof judge>[1]} guess null where nobody guessed */
function answer(guess) {
  const { question, screen_text } = scene();
  if (!question || state.step === "answer") return;
  if (state.step === "text") ask();
  state.step = "answer";
  closeQuestion(parts.ask, question.right, guess?.choice, question.kind === "sentence" ? [] : reasonsOf(question));
  const lines = question.line ? [question.line] : question.lines;
  fill(parts.verdict, ["p", judge(question, guess, texts)], ...lines.map(writeLine));
  if (question.reveal) {
    frame.show(question.reveal, screen_text);
    prepareNext();
  } else frame.reveal(() => showLine(question));
  if (question.why && !isPresented()) askWhy();
  showSteps();
  parts.verdict.scrollIntoView({ block: "nearest" });
}

/** One line in the figure, at the cell that was asked for. @param {Question} question */
function showLine({ kind, line, embed }) {
  const cell = embed.match(/[?&]at=(\d+),(\d+)/);
  if (kind === "cell" && line && cell && state.step !== "text") frame.explain(line, [Number(cell[1]), Number(cell[2])]);
}

/** @param {Question} question */
function reasonsOf({ choices, right }) {
  return choices.map(({ reason }, i) => (i === right ? "" : reason));
}

/** @param {string} line @returns {import("convoscope/ui/dom.js").Description} */
function writeLine(line) {
  return ["p", { class: "mono" }, line];
}

function askWhy() {
  const why = scene().question?.why;
  if (!why) return;
  state.step = "why";
  showWhy(parts.why, why, because);
}

/** @param {number | null} choice null where nobody chose */
function because(choice) {
  const why = scene().question?.why;
  if (!why || state.step === "because") return;
  state.step = "because";
  closeQuestion(parts.why, why.right, choice ?? undefined);
  fill(parts.whyVerdict, ["p", judgeWhy(why, choice, texts)]);
  showSteps();
  parts.whyVerdict.scrollIntoView({ block: "nearest" });
}

/** One step on: what a clicker does. */
function goOn() {
  if (state.isOver) return;
  const { question } = scene();
  if (state.step === "text" && question) {
    ask();
    return showSteps();
  }
  if (state.step === "ask") return answer(null);
  if (state.step === "answer" && question?.why) {
    askWhy();
    return showSteps();
  }
  if (state.step === "why") return because(null);
  finish();
}

/** The scene is done. */
function finish() {
  if (!progress.done.includes(state.scene)) progress.done.push(state.scene);
  if (state.scene + 1 < scenes.length) return open(state.scene + 1);
  state.isOver = true;
  parts.end.hidden = false;
  parts.end.focus();
  remember();
  showSteps();
  post("end", {});
}

/** To the start of the scene, or to the scene before. */
function goBack() {
  const atStart = state.step === "text" || (state.step === "ask" && !isPresented());
  if (state.isOver) return open(state.scene);
  if (!atStart) return open(state.scene);
  if (state.scene > 0) open(state.scene - 1);
}

function showSteps() {
  const list = steps();
  const isLast = state.scene === scenes.length - 1 && list.indexOf(state.step) === list.length - 1;
  parts.back.disabled = !state.isOver && state.scene === 0 && (state.step === "text" || state.step === "ask");
  parts.next.disabled = state.isOver;
  parts.next.textContent = state.step === "text" && scene().question ? texts.ask : isLast ? texts.end : texts.next;
  parts.again.hidden = state.isOver;
  for (const dot of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-scene]"))) {
    const number = Number(dot.dataset.scene);
    dot.classList.toggle("is-done", progress.done.includes(number));
    if (number === state.scene) dot.setAttribute("aria-current", "step");
    else dot.removeAttribute("aria-current");
  }
}

function remember() {
  progress.scene = state.scene;
  writeProgress(lesson.name, progress);
  keepAddress("scene", state.scene ? String(state.scene + 1) : "");
}

/** Keeps a name in the address; a file has no address of its own. @param {string} name @param {string} value */
function keepAddress(name, value) {
  if (!pages) writeAddress(name, value);
}

// --- what a word names ------------------------------------------------------------------------------------------

/** @param {Event} event @returns {HTMLElement | null} */
function partOf({ target }) {
  return target instanceof Element ? target.closest("[data-light]") : null;
}

for (const name of ["pointerover", "focusin"])
  getPart(root, "words").addEventListener(name, (event) => {
    const word = partOf(event);
    if (word) frame.light(word.dataset.light ?? "");
  });
for (const name of ["pointerout", "focusout"])
  getPart(root, "words").addEventListener(name, () => frame.light(pressedPart()));
getPart(root, "words").addEventListener("click", (event) => {
  const word = partOf(event);
  if (!word) return;
  event.preventDefault();
  const wasPressed = word.getAttribute("aria-pressed") === "true";
  for (const one of getPart(root, "words").querySelectorAll("[aria-pressed]")) one.removeAttribute("aria-pressed");
  if (!wasPressed) word.setAttribute("aria-pressed", "true");
  frame.light(pressedPart());
});

function pressedPart() {
  const word = getPart(root, "words").querySelector("[aria-pressed=true]");
  return /** @type {HTMLElement | null} */ (word)?.dataset.light ?? "";
}

// --- buttons, keys, the page around ------------------------------------------------------------------------------

parts.next.addEventListener("click", goOn);
parts.back.addEventListener("click", goBack);
parts.again.addEventListener("click", () =>
  frame.show(
    state.step === "text" || state.step === "ask" ? askedFrame() : scene().question?.reveal || scene().embed,
    scene().screen_text,
  ),
);
getPart(root, "dots").addEventListener("click", ({ target }) => {
  const dot = target instanceof Element ? target.closest("[data-scene]") : null;
  if (dot) open(Number(/** @type {HTMLElement} */ (dot).dataset.scene));
});
getPart(root, "restart").addEventListener("click", () => open(0));
getPart(root, "present").addEventListener("click", () => present(true));

/** @param {boolean} on */
async function present(on) {
  document.documentElement.toggleAttribute("data-present", on);
  keepAddress("present", on ? "1" : "");
  if (!on && state.step === "text") ask();
  showSteps();
  try {
    if (on) await document.documentElement.requestFullscreen?.();
    else if (document.fullscreenElement) await document.exitFullscreen();
  } catch {
    // full screen is not allowed here: the lesson fills the window
  }
}

/** @param {string} key */
function handleClicker(key) {
  if (key === "PageDown") goOn();
  if (key === "PageUp") goBack();
}

document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (event.defaultPrevented || ctrlKey || metaKey || altKey || target instanceof HTMLInputElement) return;
  const action = {
    PageDown: goOn,
    ArrowRight: goOn,
    PageUp: goBack,
    ArrowLeft: goBack,
    r: () => (state.step === "text" || state.step === "ask") && scene().question && answer(null),
    p: () => present(!isPresented()),
    Escape: () => isPresented() && present(false),
  }[key.length === 1 ? key.toLowerCase() : key];
  if (!action) return;
  event.preventDefault();
  action();
});

/** Tells the page around a framed lesson. @param {string} type @param {Record<string, unknown>} fields */
function post(type, fields) {
  if (isFramed) window.parent.postMessage({ convoscope: 1, type, lesson: lesson.name, ...fields }, "*");
}

const start = !isAddressed && progress.scene < scenes.length ? progress.scene : first;
open(start, { keepsFrame: !pages && start === first });
post("ready", { scenes: scenes.length });

/**
 * The question of a link: somebody guesses first, then the whole Trace is fetched and the figure shows the answer.
 *
 * The server has made the panel, and left everything out of the page that answers the question. Nothing is recorded.
 */

import { judgeGuess, readGuess, writeVerdict } from "convoscope/features/predict/guess.js";
import { isCommand, shortcutOf, takesKey } from "convoscope/pure/keys.js";
import { readTrace } from "convoscope/pure/protocol/wire.js";
import { fill, findPart, getPart, isFocusByPointer } from "convoscope/ui/dom.js";

/** @import {Answer, PageQuestion, Trace, View} from "convoscope/pure/types.js" */

/** Keys of the View that a question changes beside the place. */
const PARTS = /** @type {const} */ (["tab", "ghost", "pin", "play", "stops", "hide", "lock"]);

/**
 * @typedef {object} QuestionEvents
 * @property {() => Promise<ArrayBuffer>} getWhole the bytes of the Trace with the answer
 * @property {(trace: Trace, view: Partial<View>) => void} onReveal shows the Trace
 * @property {() => boolean} usesSingleKeys
 */

/**
 * @param {HTMLElement} root @param {ReturnType<typeof import("convoscope/ui/viewer/viewer.js").createViewer>} viewer
 * @param {PageQuestion} question @param {View} linked the View of the link
 * @param {QuestionEvents} events
 */
export function openQuestion(root, viewer, question, linked, events) {
  const panel = getPart(root, "question");
  const form = /** @type {HTMLFormElement} */ (getPart(panel, "own-guess"));
  const choices = /** @type {HTMLButtonElement[]} */ ([...panel.querySelectorAll("[data-guess]")]);
  const verdict = getPart(panel, "verdict");
  const { texts } = question;
  let isOpen = true;
  let isAsking = true;
  let isBusy = false;

  /** What the link says of the parts that the page leaves out while it asks. */
  function restored() {
    return { ...Object.fromEntries(PARTS.map((name) => [name, linked[name]])), predict: "" };
  }

  /** @param {boolean} on */
  function enable(on) {
    for (const control of panel.querySelectorAll("button, input"))
      if (!verdict.contains(control)) /** @type {HTMLButtonElement} */ (control).disabled = !on;
  }

  /**
   * Shows the answer, and what became of a guess.
   * @param {{text: string, choice?: number, numbers?: number[]} | null} guess null where nobody guessed
   */
  async function reveal(guess) {
    if (!isAsking) return;
    isAsking = false;
    isBusy = true;
    enable(false);
    try {
      const trace = readTrace(await events.getWhole());
      const answer = /** @type {Answer} */ (trace.answer);
      if (isOpen) await show(trace, answer, guess);
    } catch {
      isAsking = true;
      enable(true);
      tell(texts.busy);
    }
    isBusy = false;
  }

  /** @param {Trace} trace @param {Answer} answer @param {Parameters<typeof reveal>[0]} guess */
  async function show(trace, answer, guess) {
    panel.dataset.revealed = "";
    form.hidden = true;
    choices.forEach((choice, i) => {
      choice.classList.toggle("is-right", i === answer.right);
      choice.toggleAttribute("data-mine", i === guess?.choice);
    });
    const isStep = answer.plays === "step";
    const at = isStep ? answer.view.at : /** @type {[number, number]} */ ([0, 0]);
    const start = answer.plays ? { at, beat: "window" } : {};
    events.onReveal(trace, { ...question.view, ...answer.view, ...start });
    const seconds = answer.plays ? await viewer.playFrom(at, answer.plays) : 0;
    if (seconds === undefined) viewer.set(answer.view); // its code could not be loaded
    if (isStep) await new Promise((done) => setTimeout(done, 1000 * (seconds ?? 0))); // the figure says it first
    choices.forEach((choice, i) => {
      const line = choice.querySelector("small");
      if (line) line.textContent = answer.reasons[i];
    });
    tell(judge(answer, guess), answer.lines);
    if (root.hasAttribute("data-outside")) return close(); // the page around asks, and says the answer
    getPart(verdict, "go-on").focus({ preventScroll: true });
  }

  /** @param {Answer} answer @param {Parameters<typeof reveal>[0]} guess @returns {string} */
  function judge(answer, guess) {
    if (!guess) return writeVerdict(texts, null, answer.text, null);
    const reason =
      guess.choice === undefined ? judgeGuess(guess.numbers ?? [], answer) : (answer.reasons[guess.choice] ?? null);
    return writeVerdict(texts, guess.text, answer.text, reason);
  }

  /** @param {string} sentence @param {string[]} [lines] how the answer is worked out */
  function tell(sentence, lines = []) {
    verdict.hidden = false;
    getPart(verdict, "go-on").hidden = isAsking;
    const text = /** @type {HTMLElement} */ (verdict.firstElementChild);
    fill(
      text,
      sentence,
      ...lines.map((line) => /** @type {["span", {class: string}, string]} */ (["span", { class: "mono" }, line])),
    );
  }

  /** @param {KeyboardEvent} event */
  function handleKey(event) {
    const { key, target } = event;
    const presents = viewer.view().present;
    const isLetter = shortcutOf(event) === "r" && (presents || events.usesSingleKeys());
    const isPress = key === "PageDown" && presents;
    if (isBusy || !(isLetter || isPress) || isCommand(event) || event.defaultPrevented) return;
    if (takesKey(target, key, isFocusByPointer()) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (isAsking) reveal(null);
    else close();
  }

  /** Takes the panel away; where it still asks, the question is dropped. */
  function close() {
    if (!isOpen) return;
    isOpen = false;
    document.removeEventListener("keydown", handleKey, true);
    root.removeAttribute("data-asks");
    panel.remove();
    viewer.set(restored());
  }

  for (const choice of choices)
    choice.addEventListener("click", () =>
      reveal({ text: choice.querySelector("b")?.textContent ?? "", choice: Number(choice.dataset.guess) }),
    );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("guess"));
    const isSize = panel.dataset.kind === "size";
    const numbers = readGuess(field.value, isSize);
    if (numbers) return void reveal({ text: field.value.trim(), numbers });
    tell(isSize ? texts.unread_size : texts.unread);
    field.select();
  });
  getPart(panel, "reveal").addEventListener("click", () => reveal(null));
  getPart(panel, "go-on").addEventListener("click", () => {
    close();
    findPart(root, "output-maps")?.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", handleKey, true); // before the figure
  enable(true);
  return { close };
}

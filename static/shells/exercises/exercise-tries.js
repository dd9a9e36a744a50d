/** The page on which a student answers: checks what is typed, names mistakes, counts tries. Nothing leaves the page. */

import { checkChoice, checkNumbers, readNumber } from "convoscope/shells/exercises/check-answers.js";
import { build, getPart } from "convoscope/ui/dom.js";

/**
 * @typedef {{fields: any[], offered: any[], right: number, lines: string[], kind: string}} ExerciseData as
 * /api/exercises.json has it
 */

/** @param {HTMLElement} root */
export function startTries(root) {
  const holder = getPart(root, "data");
  const { exercises, tries, tolerance } = JSON.parse(holder.textContent ?? "");
  const texts = holder.dataset;
  root.querySelectorAll("[data-part=exercise]").forEach((form, index) => {
    listenExercise(/** @type {HTMLFormElement} */ (form), exercises[index], tries, Number(tolerance), texts);
  });
}

/**
 * @param {HTMLFormElement} form @param {ExerciseData} exercise @param {number} tries @param {number} tolerance
 * @param {DOMStringMap} texts
 */
function listenExercise(form, exercise, tries, tolerance, texts) {
  const verdict = getPart(form, "verdict");
  let left = tries;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const checked = check();
    if (typeof checked === "string") return show("unread", [checked]);
    left -= 1;
    if (checked.isRight) return finish("right", [texts.right ?? ""]);
    const sentences = [texts.wrong ?? "", ...checked.sentences];
    if (!left) return finish("wrong", [...sentences, writeSolution()]);
    const rest = left === 1 ? texts.one : texts.left?.replace("{count}", String(left));
    show("wrong", [...sentences, rest ?? ""]);
  });

  /** @returns {string | import("convoscope/shells/exercises/check-answers.js").Verdict} or what is missing */
  function check() {
    if (!exercise.fields.length) {
      const chosen = form.querySelector("input:checked");
      if (!(chosen instanceof HTMLInputElement)) return texts.unchosen ?? "";
      return checkChoice(exercise.offered, Number(chosen.value));
    }
    const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-part=number]"));
    const numbers = [...inputs].map((input) => readNumber(input.value));
    const unread = numbers.findIndex(Number.isNaN);
    if (unread >= 0) {
      inputs[unread].focus();
      return texts.unread ?? "";
    }
    return checkNumbers(exercise.fields, numbers, tolerance);
  }

  /** @returns {string} the right answer in words */
  function writeSolution() {
    const { text } = exercise.offered[exercise.right];
    return exercise.kind === "map" ? (texts.below ?? "") : (texts.solution ?? "").replace("{answer}", text);
  }

  /** @param {string} state @param {string[]} sentences */
  function finish(state, sentences) {
    show(state, sentences);
    verdict.append(...exercise.lines.map((line) => build(["p", { class: "worked" }, line])));
    /** @type {HTMLFieldSetElement} */ (getPart(form, "inputs")).disabled = true;
    verdict.tabIndex = -1;
    verdict.focus();
  }

  /** @param {string} state @param {string[]} sentences */
  function show(state, sentences) {
    verdict.dataset.state = state;
    verdict.replaceChildren(...sentences.map((sentence) => build(["p", {}, sentence])));
  }
}

/** The question of a scene beside its figure: somebody answers first, or asks for the answer; then it is judged. */

import { fillIn, judgeGuess, readGuess, writeVerdict } from "convoscope/features/predict/guess.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {Description} from "convoscope/ui/dom.js" */

/**
 * @typedef {{text: string, png: string, filter: string[][], reason: string}} Choice
 * @typedef {{sentence: string, choices: {text: string, reason: string}[], right: number}} Why
 * @typedef {object} Question
 * @property {string} kind @property {string} sentence @property {string} embed @property {string[]} facts
 * @property {string[][]} filter @property {string} field "number", "size" or "" @property {Choice[]} choices
 * @property {number} right @property {{numbers: number[], reason: string}[]} rules @property {string} answer
 * @property {string} picture @property {string} line @property {string[]} lines @property {string} reveal @property {Why | null} why
 * @typedef {Record<string, string>} Texts
 * @typedef {{choice?: number, text: string, numbers?: number[]}} Guess a choice, or what was typed
 */

/**
 * Shows a question with its choices, and a field where a number can be typed.
 * @param {HTMLElement} host @param {Question} question
 * @param {object} options
 * @param {Texts} options.texts @param {DOMStringMap} options.labels
 * @param {(guess: Guess | null) => void} options.onAnswer null where somebody asks for the answer without a guess
 * @param {(sentence: string) => void} options.onUnread
 */
export function showQuestion(host, question, { texts, labels, onAnswer, onUnread }) {
  const isSentence = question.kind === "sentence";
  /** @type {HTMLFormElement} */
  const form = /** @type {HTMLFormElement} */ (
    build([
      "form",
      { class: "lesson-guess", onsubmit: submit },
      question.field && [
        "label",
        ["span", { class: "unseen" }, question.field === "size" ? labels.size : labels.number],
        [
          "input",
          {
            class: "field",
            name: "guess",
            autocomplete: "off",
            maxlength: 24,
            inputmode: question.field === "size" ? "text" : "decimal",
            placeholder: question.field === "size" ? labels.size : labels.number,
          },
        ],
      ],
      question.field && ["button", { class: "button" }, labels.guess],
      [
        "button",
        {
          type: "button",
          class: "button",
          "data-part": "show-answer",
          title: labels.revealKey,
          onclick: () => onAnswer(null),
        },
        labels.reveal,
      ],
    ])
  );
  fill(
    host,
    ["h3", question.sentence],
    question.facts.length > 0 && ["p", { class: "given" }, ...question.facts.map(writeFact)],
    question.picture && ["img", { class: "made", src: question.picture, alt: labels.made }],
    question.filter.length > 0 && drawNumbers(question.filter),
    [
      "div",
      { class: `lesson-choices${isSentence ? " sentences" : ""}`, role: "group", "aria-label": labels.choices },
      ...question.choices.map((choice, i) => drawChoice(choice, i, (text) => onAnswer({ choice: i, text }))),
    ],
    form,
  );
  host.hidden = false;

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("guess"));
    const numbers = readGuess(field.value, question.field === "size");
    if (numbers) return onAnswer({ text: field.value.trim(), numbers });
    onUnread(question.field === "size" ? texts.unread_size : texts.unread);
    field.select();
  }
}

/** @param {string} fact @returns {Description} */
function writeFact(fact) {
  return ["span", fact];
}

/** @param {string[][]} rows @returns {Description} */
function drawNumbers(rows) {
  return [
    "table",
    { class: "grid of-filter" },
    ["tbody", ...rows.map((row) => /** @type {Description} */ (["tr", ...row.map(drawCell)]))],
  ];
}

/** @param {string} text @returns {Description} */
function drawCell(text) {
  return ["td", text];
}

/** @param {Choice} choice @param {number} i @param {(text: string) => void} onChoose @returns {Description} */
function drawChoice({ text, png, filter }, i, onChoose) {
  return [
    "button",
    { type: "button", "data-choice": i, onclick: () => onChoose(text) },
    png && ["img", { src: png, alt: "" }],
    filter.length > 0 && drawNumbers(filter),
    ["span", text],
  ];
}

/**
 * Marks the right choice and one's own, and closes the question.
 * @param {HTMLElement} host @param {number} right @param {number | undefined} mine @param {string[]} [reasons]
 */
export function closeQuestion(host, right, mine, reasons = []) {
  for (const choice of /** @type {NodeListOf<HTMLButtonElement>} */ (host.querySelectorAll("[data-choice]"))) {
    const i = Number(choice.dataset.choice);
    choice.classList.toggle("is-right", i === right);
    choice.toggleAttribute("data-mine", i === mine);
    if (reasons[i]) choice.append(build(["small", reasons[i]]));
  }
  const controls = /** @type {NodeListOf<HTMLButtonElement>} */ (host.querySelectorAll("button, input"));
  for (const control of controls) control.disabled = true;
  host.querySelector("form")?.remove();
}

/**
 * What becomes of a guess, as a sentence.
 * @param {Question} question @param {Guess | null} guess
 * @param {Texts} texts @returns {string}
 */
export function judge(question, guess, texts) {
  const { answer, kind, right, choices } = question;
  if (kind === "sentence") return judgeSentence(question, guess?.choice, texts);
  if (!guess) return writeVerdict(texts, null, answer, null);
  if (guess.choice === right) return writeVerdict(texts, guess.text, answer, "");
  const reason =
    guess.choice === undefined ? judgeGuess(guess.numbers ?? [], question) : choices[guess.choice].reason || null;
  return writeVerdict(texts, guess.text, answer, reason);
}

/**
 * The same of a question whose answers are sentences, which stand in quotation marks.
 * @param {Question} question @param {number | undefined} choice @param {Texts} texts @returns {string}
 */
function judgeSentence({ answer, right, choices }, choice, texts) {
  if (choice === undefined) return fillIn(texts.sentence_told, { answer });
  const { text, reason } = choices[choice];
  if (choice === right) return fillIn(texts.sentence_hit, { guess: text });
  return [fillIn(texts.sentence_miss, { guess: text, answer }), reason].join(" ").trim();
}

/**
 * Asks why, with three choices.
 * @param {HTMLElement} host @param {Why} why @param {(choice: number) => void} onChoose
 */
export function showWhy(host, why, onChoose) {
  fill(
    host,
    ["h3", why.sentence],
    [
      "div",
      { class: "lesson-choices sentences", role: "group", "aria-label": why.sentence },
      ...why.choices.map(({ text }, i) => drawChoice({ text, png: "", filter: [], reason: "" }, i, () => onChoose(i))),
    ],
  );
  host.hidden = false;
}

/**
 * @param {Why} why @param {number | null} choice @param {Texts} texts @returns {string}
 */
export function judgeWhy(why, choice, texts) {
  const answer = why.choices[why.right].text;
  if (choice === null) return fillIn(texts.why_told, { answer });
  if (choice === why.right) return fillIn(texts.why_right, { answer });
  return fillIn(texts.why_wrong, { answer, reason: why.choices[choice].reason });
}

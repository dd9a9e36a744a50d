/** The question of a scene as a form: its kind, its sentence, its answers with reasons, and its why. */

import { emptyQuestion, linkOfAddress } from "convoscope/features/lesson/my-lesson.js";
import { MAKE_LESSON } from "convoscope/pure/strings/on-demand/lesson-strings.js";
import { choiceField, pushButton, textField } from "convoscope/shells/make-lesson/form-fields.js";
import { build } from "convoscope/ui/dom.js";

/** @import {Answer, Question, Scene} from "convoscope/features/lesson/my-lesson.js" */
/** @import {Events} from "convoscope/shells/make-lesson/form-fields.js" */

const WHY_ANSWERS = 3;

/** @param {Scene} scene @param {number} index @param {{kinds: string[]}} tables @param {Events} events */
export function questionForm(scene, index, { kinds }, events) {
  const { question } = scene;
  const choose = (/** @type {string} */ kind) => {
    scene.question = kind ? { ...(question ?? emptyQuestion(kind)), kind } : null;
    events.onShape(`kind-${index}`);
  };
  const names = /** @type {Record<string, string>} */ (MAKE_LESSON.kinds);
  return build([
    "div",
    { class: "make-question" },
    choiceField(
      MAKE_LESSON.kind,
      [["", MAKE_LESSON.noQuestion], ...kinds.map((kind) => /** @type {[string, string]} */ ([kind, names[kind]]))],
      question?.kind ?? "",
      `kind-${index}`,
      choose,
    ),
    ...(question ? questionFields(question, index, events) : []),
  ]);
}

/** @param {Question} question @param {number} index @param {Events} events @returns {HTMLElement[]} */
function questionFields(question, index, { onChange, onShape }) {
  const key = (/** @type {string} */ name) => `${name}-${index}`;
  const link = { onChange, of: linkOfAddress };
  const add = () => {
    question.answers.push(newAnswer(question.kind === "sentence" && !question.answers.length));
    onShape(`answer-${index}-${question.answers.length - 1}`);
  };
  const askWhy = (/** @type {Event} */ event) => {
    const isAsked = /** @type {HTMLInputElement} */ (event.target).checked;
    const answers = Array.from({ length: WHY_ANSWERS }, (_, place) => newAnswer(!place));
    question.why = isAsked ? { sentence: "", answers } : null;
    onShape(key("why"));
  };
  const { why } = question;
  return [
    textField(MAKE_LESSON.sentence, question, "sentence", {
      key: key("sentence"),
      onChange,
      help: question.kind === "sentence" ? "" : MAKE_LESSON.sentenceHelp,
    }),
    ...question.answers.map((_, place) => answerRow(question.answers, place, `answer-${index}`, { onChange, onShape })),
    pushButton(MAKE_LESSON.addAnswer, key("add-answer"), add),
    textField(MAKE_LESSON.explanation, question, "line", { key: key("line"), onChange }),
    textField(MAKE_LESSON.ask, question, "link", { key: key("ask"), ...link }),
    textField(MAKE_LESSON.reveal, question, "reveal", { key: key("reveal"), ...link }),
    build([
      "label",
      { class: "make-check" },
      ["input", { type: "checkbox", checked: Boolean(why), "data-key": key("why"), onchange: askWhy }],
      MAKE_LESSON.why,
    ]),
    ...(why
      ? [
          textField(MAKE_LESSON.whySentence, why, "sentence", {
            key: key("why-sentence"),
            onChange,
            help: MAKE_LESSON.sentenceHelp,
          }),
          ...why.answers.map((_, place) => answerRow(why.answers, place, `why-answer-${index}`, { onChange, onShape })),
        ]
      : []),
  ];
}

/** @param {boolean} isRight @returns {Answer} */
function newAnswer(isRight) {
  return { text: "", is_right: isRight, reason: "" };
}

/**
 * @param {Answer[]} answers @param {number} place @param {string} name of the list on the page
 * @param {{onChange: () => void, onShape: (focused?: string) => void}} events
 */
function answerRow(answers, place, name, { onChange, onShape }) {
  const answer = answers[place];
  const key = `${name}-${place}`;
  const mark = (/** @type {Event} */ event) => {
    answer.is_right = /** @type {HTMLInputElement} */ (event.target).checked;
    onChange();
  };
  const remove = () => {
    answers.splice(place, 1);
    onShape(answers.length ? `${name}-${Math.max(0, place - 1)}` : undefined);
  };
  return build([
    "div",
    { class: "make-row of-answer" },
    textField(MAKE_LESSON.answer, answer, "text", { key, onChange }),
    textField(MAKE_LESSON.reason, answer, "reason", { key: `reason-${key}`, onChange }),
    [
      "label",
      { class: "make-check" },
      ["input", { type: "checkbox", checked: answer.is_right, "data-key": `right-${key}`, onchange: mark }],
      MAKE_LESSON.right,
    ],
    pushButton("✕", `remove-${key}`, remove, { "aria-label": MAKE_LESSON.removeAnswer }),
  ]);
}

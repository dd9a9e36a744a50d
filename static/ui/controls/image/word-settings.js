/** The words of an input: their sentence, their vectors, and how many of them a filter reads. */

import {
  changeVectors,
  changeWords,
  MOST_LETTERS,
  MOST_NUMBERS,
  MOST_WORDS,
  readWords,
  splitSentence,
  typeVectors,
  vectorsOf,
  wordsRead,
} from "convoscope/pure/link/sentence.js";
import { SENTENCE } from "convoscope/pure/strings/control-strings.js";
import { numberField } from "convoscope/ui/controls/image/random-maps.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, Stage, View} from "convoscope/pure/types.js" */
/** @import {Vectors} from "convoscope/pure/link/sentence.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

const MOST_SEED = 999999999;
/** Words that a filter can be made to read here. */
const READ_AT_ONCE = [1, 2, 3, 4];
/** Of new random vectors. */
const NUMBERS = 5;

/**
 * @param {Scene} scene @param {Stage} input
 * @param {{onEdit: (edit: Edit, view?: Partial<View>) => void, onNumbers: () => void}} events `onNumbers` opens the typed
 * numbers
 * @returns {Description[]}
 */
export function wordRows(scene, input, { onEdit, onNumbers }) {
  const vectors = vectorsOf(scene);
  if (!vectors) return [];
  const edit = (/** @type {Edit} */ change) => onEdit(change, { at: null, map: 0 });
  const kind = "one_hot" in vectors ? "one-hot" : "planes" in vectors ? "typed" : "random";
  /** @type {Record<string, () => Vectors>} */
  const choices = {
    "one-hot": () => ({ one_hot: true }),
    random: () => ({ random_vectors: NUMBERS, seed: 1 }),
    typed: () => typeVectors(input),
  };
  return [
    [
      "label",
      { class: "stacked" },
      SENTENCE.sentence,
      sentenceBox(scene.rows ?? [], (words) => edit(changeWords(words))),
    ],
    ["p", { class: "small muted" }, SENTENCE.rule],
    ["p", ["b", SENTENCE.vectors]],
    choice(
      SENTENCE.vectors,
      Object.keys(choices).map((name) => ({
        key: `vectors-${name}`,
        label: SENTENCE.kind(name),
        isChosen: name === kind,
        onclick: () => name !== kind && edit(changeVectors(choices[name]())),
      })),
    ),
    ...("random_vectors" in vectors ? randomFields(vectors, edit) : []),
    ["p", { class: "small muted" }, SENTENCE.help(kind)],
    ...(kind === "typed" ? [numbersButton(onNumbers)] : []),
    ["p", ["b", SENTENCE.reads]],
    choice(
      SENTENCE.reads,
      READ_AT_ONCE.filter((count) => count <= (scene.rows?.length ?? 0)).map((count) => ({
        key: `reads-${count}`,
        label: String(count),
        isChosen: wordsRead(scene) === count,
        onclick: () => edit(readWords(count)),
      })),
    ),
    ["p", { class: "small muted" }, SENTENCE.readsHelp],
  ];
}

/** @param {string[]} words @param {(words: string[]) => void} onWords @returns {Description} */
function sentenceBox(words, onWords) {
  return [
    "textarea",
    {
      class: "field",
      rows: 3,
      dir: "auto",
      "data-key": "sentence",
      spellcheck: "false",
      value: words.join(" "),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        /** @type {HTMLElement} */ (event.target).blur();
      },
      onchange: (/** @type {Event} */ event) => {
        const box = /** @type {HTMLTextAreaElement} */ (event.target);
        const typed = splitSentence(box.value);
        const wrong = findWrong(typed);
        box.setAttribute("aria-invalid", String(wrong !== ""));
        box.setCustomValidity(wrong);
        box.reportValidity();
        if (!wrong && typed.join(" ") !== words.join(" ")) onWords(typed);
      },
    },
    words.join(" "),
  ];
}

/** What is wrong with words, "" for nothing. @param {string[]} words */
function findWrong(words) {
  if (!words.length) return SENTENCE.empty;
  if (words.length > MOST_WORDS) return SENTENCE.tooMany(words.length, MOST_WORDS);
  const long = words.find((word) => [...word].length > MOST_LETTERS);
  return long === undefined ? "" : SENTENCE.tooLong(long, MOST_LETTERS);
}

/**
 * @param {{random_vectors: number, seed: number}} vectors @param {(edit: Edit) => void} edit @returns {Description[]}
 */
function randomFields({ random_vectors, seed }, edit) {
  return [
    [
      "div",
      { class: "row" },
      numberField(SENTENCE.numbers, random_vectors, 1, MOST_NUMBERS, (value) =>
        edit(changeVectors({ random_vectors: value, seed })),
      ),
      numberField(SENTENCE.seed, seed, 0, MOST_SEED, (value) => edit(changeVectors({ random_vectors, seed: value }))),
    ],
  ];
}

/**
 * @param {string} label @param {{key: string, label: string, isChosen: boolean, onclick: () => void}[]} buttons
 * @returns {Description}
 */
function choice(label, buttons) {
  return [
    "div",
    { class: "choices wide", role: "group", "aria-label": label },
    ...buttons.map(
      ({ key, label: text, isChosen, onclick }) =>
        /** @type {Description} */ ([
          "button",
          { type: "button", "aria-pressed": String(isChosen), "data-key": key, onclick },
          text,
        ]),
    ),
  ];
}

/** @param {() => void} onclick @returns {Description} */
function numbersButton(onclick) {
  return [
    "div",
    { class: "links" },
    ["button", { type: "button", class: "link", "data-key": "word-numbers", onclick }, SENTENCE.typeNumbers],
  ];
}

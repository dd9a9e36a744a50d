/** The sentences of “Add to my lesson” and of the page that makes a lesson. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

export const MAKE_LESSON = inLanguage({
  lesson: "Lesson",
  add: "Add to my lesson",
  addHelp: "As its next scene, with the question of the link. The lesson is kept in this browser tab only.",
  /** @param {number} count @param {number} most */
  added: (count, most) => `Scene ${count} of ${most} added.`,
  open: "Go to my lesson",
  /** @param {number} most */
  full: (most) => `The lesson has ${most} scenes, the most that one can have. Remove one first.`,
  upload:
    "A lesson cannot hold a picture that only this server has. Draw it, crop it to numbers that are typed, or take a " +
    "sample.",
  notKept: "This browser does not let the page keep the lesson. Download its file before you leave.",

  openFile: "Open a file",
  /** @param {string} name */
  download: (name) => `Download ${verbatim(name)}.md`,
  /** @param {string} name */
  downloadPage: (name) => `Download ${verbatim(name)}.html`,
  pageHelp: "The lesson as one file: it opens in any browser without a network, to try it and to teach with it.",
  making: "The file is being made …",
  /** @param {string} name */
  made: (name) => `${verbatim(name)}.html is saved. Open it to try the lesson.`,
  shelfHelp: "puts the file among the lessons of a server, from its next start on.",
  /** @param {string} name */
  opened: (name) => `${verbatim(name)} is open.`,
  unread: "The file has these problems. What was here stays.",
  failed: "The server does not answer. What you wrote is kept in this tab.",
  good: "Everything opens and every answer is right.",
  problems: "What is wrong",
  /** @param {number} line */
  line: (line) => `Line ${line}:`,
  undo: "Undo",
  /** @param {number} number */
  removed: (number) => `Scene ${number} is removed.`,

  head: "The lesson",
  name: "Name of the file",
  heads: {
    title: "Title",
    aim: "What one can do after it",
    minutes: "Minutes",
    needs: "Lessons before it",
    next: "Next lesson",
  },
  namesHelp: "names, with commas between them",
  tracks: "Tracks",
  track: { lecture: "Lecture", school: "School" },
  noScenes: "No scene yet. Open the Lab, choose Share, then “Add to my lesson”; or add one here.",
  addScene: "Add a scene",
  /** @param {number} number */
  scene: (number) => `Scene ${number}`,
  /** @param {number} number */
  up: (number) => `Move scene ${number} up`,
  /** @param {number} number */
  down: (number) => `Move scene ${number} down`,
  /** @param {number} number */
  remove: (number) => `Remove scene ${number}`,
  heading: "Heading",
  text: "Text",
  /** @param {number} count @param {number} most */
  words: (count, most) => `${count} of ${most} words`,
  part: "Insert a part of the figure",
  term: "Insert a term",
  link: "Link of the figure",
  lab: "Open in the Lab",
  figure: "The figure of this scene",
  preview: "Preview",
  kind: "Question",
  noQuestion: "none",
  kinds: {
    cell: "one cell",
    size: "size of the output",
    parameters: "parameters",
    map: "which map",
    class: "which class",
    filter: "which filter",
    fit: "which layer fits",
    sentence: "own words",
  },
  sentence: "Sentence of the question",
  sentenceHelp: "Empty: the page writes it.",
  answer: "Answer",
  reason: "Why it is wrong",
  right: "right",
  addAnswer: "Add an answer",
  removeAnswer: "Remove this answer",
  explanation: "Line in the figure",
  ask: "Figure of the question, if another",
  reveal: "Figure with the answer, if another",
  why: "Ask why",
  whySentence: "Sentence of the why",
  notes: "For teachers",
  note: { ask: "Ask", say: "Say", exam: "Exam" },
  misconception: "Misconception",
  shownBy: "Wrong answers that show it",
  answersHelp: "with semicolons between them",
  addMisconception: "Add a misconception",
});

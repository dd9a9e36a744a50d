/** The head of a lesson and its notes for teachers, as forms. */

import { MAKE_LESSON } from "convoscope/pure/strings/on-demand/lesson-strings.js";
import { listField, pushButton, textField } from "convoscope/shells/make-lesson/form-fields.js";
import { build } from "convoscope/ui/dom.js";

/** @import {MyLesson} from "convoscope/features/lesson/my-lesson.js" */
/** @import {Events} from "convoscope/shells/make-lesson/form-fields.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {MyLesson} lesson @param {{tracks: ("lecture" | "school")[]}} tables @param {Events} events */
export function headSection(lesson, tables, { onChange }) {
  const { heads } = MAKE_LESSON;
  const minutes = { text: String(lesson.minutes) };
  const keepMinutes = () => {
    lesson.minutes = Math.min(999, Math.floor(Number(minutes.text)) || 0);
    onChange();
  };
  return build([
    "section",
    { class: "make-card", "aria-label": MAKE_LESSON.head },
    ["h2", MAKE_LESSON.head],
    textField(MAKE_LESSON.name, lesson, "name", { key: "name", onChange }),
    textField(heads.title, lesson, "title", { key: "title", onChange }),
    textField(heads.aim, lesson, "aim", { key: "aim", onChange }),
    textField(heads.minutes, minutes, "text", { key: "minutes", onChange: keepMinutes }),
    listField(heads.needs, lesson, "needs", { key: "needs", onChange, mark: ",", help: MAKE_LESSON.namesHelp }),
    textField(heads.next, lesson, "next", { key: "next", onChange }),
    [
      "fieldset",
      { class: "make-tracks" },
      ["legend", MAKE_LESSON.tracks],
      ...tables.tracks.map((track) => trackBox(lesson, track, onChange)),
    ],
  ]);
}

/** @param {MyLesson} lesson @param {"lecture" | "school"} track @param {() => void} onChange */
function trackBox(lesson, track, onChange) {
  const onchange = (/** @type {Event} */ event) => {
    const others = lesson.tracks.filter((one) => one !== track);
    lesson.tracks = /** @type {HTMLInputElement} */ (event.target).checked ? [...others, track] : others;
    onChange();
  };
  const checked = lesson.tracks.includes(track);
  return /** @type {Description} */ ([
    "label",
    ["input", { type: "checkbox", checked, "data-key": track, onchange }],
    MAKE_LESSON.track[track],
  ]);
}

/** @param {MyLesson} lesson @param {Events} events */
export function notesSection({ teacher }, { onChange, onShape }) {
  const { note } = MAKE_LESSON;
  const rows = teacher.misconceptions.map((one, index) =>
    build([
      "div",
      { class: "make-row" },
      textField(MAKE_LESSON.misconception, one, "text", { key: `misconception-${index}`, onChange }),
      listField(MAKE_LESSON.shownBy, one, "wrong_answers", {
        key: `shown-${index}`,
        onChange,
        mark: ";",
        help: MAKE_LESSON.answersHelp,
      }),
    ]),
  );
  const add = () => {
    teacher.misconceptions.push({ text: "", wrong_answers: [] });
    onShape(`misconception-${teacher.misconceptions.length - 1}`);
  };
  return build([
    "section",
    { class: "make-card", "aria-label": MAKE_LESSON.notes },
    ["h2", MAKE_LESSON.notes],
    textField(note.ask, teacher, "ask", { key: "note-ask", onChange, rows: 2 }),
    ...rows,
    pushButton(MAKE_LESSON.addMisconception, "add-misconception", add),
    textField(note.say, teacher, "say", { key: "note-say", onChange, rows: 2 }),
    textField(note.exam, teacher, "exam", { key: "note-exam", onChange, rows: 2 }),
  ]);
}

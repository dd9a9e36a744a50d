/** The section that puts the figure into the lesson that is being made. */

import { keepMyLesson, MOST_SCENES, readMyLesson, sceneOfLink } from "convoscope/features/lesson/my-lesson.js";
import { MAKE_LESSON } from "convoscope/pure/strings/on-demand/lesson-strings.js";
import { build, fill } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * @param {string} link `?…`, `compare?…` or `filters?…` @param {string} heading @param {boolean} hasUpload
 * @returns {Description}
 */
export function lessonSection(link, heading, hasUpload) {
  const status = build(["span", { class: "small muted", role: "status", "data-part": "lesson-status" }]);
  const add = () => {
    const lesson = readMyLesson();
    const isFull = lesson.scenes.length >= MOST_SCENES;
    const count = lesson.scenes.length + 1;
    const isKept = isFull || keepMyLesson({ ...lesson, scenes: [...lesson.scenes, sceneOfLink(link, heading)] });
    const said = isFull ? MAKE_LESSON.full(MOST_SCENES) : MAKE_LESSON.added(count, MOST_SCENES);
    fill(status, isKept ? said : MAKE_LESSON.notKept, " ", [
      "a",
      { href: siteAddress("/lessons/make"), "data-part": "open-lesson" },
      MAKE_LESSON.open,
    ]);
  };
  return [
    "section",
    { "aria-label": MAKE_LESSON.lesson },
    ["h3", MAKE_LESSON.lesson],
    hasUpload
      ? ["p", { class: "small muted", "data-part": "lesson-status" }, MAKE_LESSON.upload]
      : [
          "div",
          { class: "button-row" },
          [
            "button",
            { type: "button", class: "button", title: MAKE_LESSON.addHelp, "data-part": "add-to-lesson", onclick: add },
            MAKE_LESSON.add,
          ],
          status,
        ],
  ];
}

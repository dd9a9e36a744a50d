/** The scenes of a lesson as forms: figure, words, question; reordered and removed. */

import { linkOfAddress, MOST_SCENES, sceneOfLink } from "convoscope/features/lesson/my-lesson.js";
import { MAKE_LESSON } from "convoscope/pure/strings/on-demand/lesson-strings.js";
import { choiceField, pushButton, textField } from "convoscope/shells/make-lesson/form-fields.js";
import { questionForm } from "convoscope/shells/make-lesson/question-form.js";
import { build, fill } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {MyLesson, Scene} from "convoscope/features/lesson/my-lesson.js" */
/** @import {Events} from "convoscope/shells/make-lesson/form-fields.js" */
/** @typedef {{kinds: string[], parts: string[], terms: {name: string, title: string}[], mostWords: number}} Tables */

const THUMBNAIL_WIDTH = 480;
const NEW_LINK = "?image=face&layers=conv:sobel-x";

/** @param {MyLesson} lesson @param {Tables} tables @param {Events} events */
export function sceneList(lesson, tables, events) {
  const { scenes } = lesson;
  const add = () => {
    scenes.push(sceneOfLink(NEW_LINK));
    events.onShape(`heading-${scenes.length - 1}`);
  };
  return build([
    "section",
    { class: "make-scenes", "data-part": "scenes" },
    !scenes.length && ["p", { class: "muted" }, MAKE_LESSON.noScenes],
    ...scenes.map((_, index) => sceneForm(lesson, index, tables, events)),
    scenes.length < MOST_SCENES && pushButton(MAKE_LESSON.addScene, "add-scene", add),
  ]);
}

/** @param {MyLesson} lesson @param {number} index @param {Tables} tables @param {Events} events */
function sceneForm({ scenes }, index, tables, events) {
  const scene = scenes[index];
  const move = (/** @type {number} */ step) => () => {
    scenes.splice(index + step, 0, ...scenes.splice(index, 1));
    events.onShape(`${step < 0 ? "up" : "down"}-${index + step}`);
  };
  const button = (/** @type {string} */ sign, /** @type {string} */ name, /** @type {() => void} */ act, off = false) =>
    pushButton(sign, `${name}-${index}`, act, {
      // Not `disabled`, which would lose the focus at the end of the list.
      "aria-disabled": off && "true",
      "aria-label": MAKE_LESSON[/** @type {"up" | "down" | "remove"} */ (name)](index + 1),
    });
  const ignore = () => {};
  return build([
    "section",
    { class: "make-card make-scene", "aria-label": MAKE_LESSON.scene(index + 1), "data-part": "scene" },
    [
      "header",
      ["h2", MAKE_LESSON.scene(index + 1)],
      button("↑", "up", index ? move(-1) : ignore, !index),
      button("↓", "down", index < scenes.length - 1 ? move(1) : ignore, index === scenes.length - 1),
      button("✕", "remove", () => events.onRemove(index)),
    ],
    ["div", { "data-problems": String(index), role: "status" }],
    [
      "div",
      { class: "make-columns" },
      [
        "div",
        { class: "make-words" },
        ...words(scene, index, tables, events),
        questionForm(scene, index, tables, events),
      ],
      figurePart(scene, index, events),
    ],
  ]);
}

/** @param {Scene} scene @param {number} index @param {Tables} tables @param {Events} events */
function words(scene, index, { parts, terms, mostWords }, { onChange }) {
  const count = build(["small", { class: "muted", "data-part": "words" }]);
  const write = () => {
    const number = scene.text.split(/\s+/).filter(Boolean).length;
    count.textContent = MAKE_LESSON.words(number, mostWords);
    count.classList.toggle("warning", number > mostWords);
  };
  const text = textField(MAKE_LESSON.text, scene, "text", {
    key: `text-${index}`,
    rows: 4,
    onChange: () => {
      write();
      onChange();
    },
  });
  const area = /** @type {HTMLTextAreaElement} */ (text.querySelector("textarea"));
  const insert = (/** @type {string} */ inserted) => {
    area.setRangeText(inserted, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
    area.focus();
  };
  const picker = (
    /** @type {string} */ label,
    /** @type {string} */ key,
    /** @type {[string, string][]} */ choices,
    /** @type {(name: string) => string} */ of,
  ) => {
    const field = choiceField(label, [["", "…"], ...choices], "", `${key}-${index}`, (value) => {
      if (value) insert(of(value));
      /** @type {HTMLSelectElement} */ (field.querySelector("select")).value = "";
    });
    return field;
  };
  write();
  return [
    textField(MAKE_LESSON.heading, scene, "heading", { key: `heading-${index}`, onChange }),
    text,
    count,
    build([
      "div",
      { class: "make-row" },
      picker(
        MAKE_LESSON.part,
        "part",
        parts.map((part) => [part, part]),
        (part) => `[${part}](#${part})`,
      ),
      picker(
        MAKE_LESSON.term,
        "term",
        terms.map(({ name, title }) => [name, title]),
        (name) => `[${terms.find((term) => term.name === name)?.title ?? name}](glossary:${name})`,
      ),
    ]),
  ];
}

/** @param {Scene} scene @param {number} index @param {Events} events */
function figurePart(scene, index, { onChange }) {
  const picture = build(["div", { class: "make-picture" }]);
  const lab = /** @type {HTMLAnchorElement} */ (build(["a", { class: "button", target: "_blank" }, MAKE_LESSON.lab]));
  const draw = () => {
    const query = scene.link.startsWith("?") ? scene.link.slice(1) : "";
    const isOurs = /^(|compare|filters)\?/.test(scene.link);
    lab.hidden = !isOurs;
    lab.href = isOurs ? siteAddress(`/${scene.link}`) : "";
    const address = scene.link.startsWith("compare?")
      ? siteAddress(`/api/compare.png?${scene.link.slice("compare?".length)}`)
      : siteAddress(`/api/figure.png?${query}&width=${THUMBNAIL_WIDTH}`);
    const isDrawn = query || scene.link.startsWith("compare?");
    fill(picture, isDrawn && ["img", { src: address, alt: MAKE_LESSON.figure, loading: "lazy" }]);
  };
  const preview = () => {
    const address = button.dataset.address;
    if (address) fill(picture, ["iframe", { src: address, title: MAKE_LESSON.figure }]);
  };
  const button = pushButton(MAKE_LESSON.preview, `preview-${index}`, preview, { "data-preview": String(index) });
  draw();
  const link = textField(MAKE_LESSON.link, scene, "link", { key: `link-${index}`, onChange, of: linkOfAddress });
  link.addEventListener("change", draw);
  return build(["div", { class: "make-figure" }, picture, link, ["div", { class: "button-row" }, lab, button]]);
}

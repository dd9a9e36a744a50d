/** The Image block: a photo, a pattern or numbers; one's own picture; how many cells, and in color or not. */

import { changeScene } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { createImageNumbers, planesOf, shownNumbers } from "convoscope/ui/controls/image/image-numbers.js";
import { createImageSize } from "convoscope/ui/controls/image/image-size.js";
import { fill, optionalPart } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Kinds of samples that a network can name. */
const KNOWN = ["digit", "object"];

/** @typedef {{trace: Trace, view: View}} Shown */
/**
 * @typedef {object} Events
 * @property {(edit: Edit, view?: Partial<View>) => void} onEdit
 * @property {(file: File | Blob) => void} onPicture
 * @property {(upload: string) => (() => void) | null} onStretch what brings a picture again, stretched; null for one
 * that needs none
 */

/**
 * @param {HTMLElement} root
 * @param {Record<string, any>} tables with `picture_only`, cells and colors are left out: a page decides them
 * @param {Events} events
 */
export function createImageControls(root, tables, { onEdit, onPicture, onStretch }) {
  const host = optionalPart(root, "image");
  if (!host) return { show() {} };
  const file = chooser(onPicture);
  root.append(file);
  const size = createImageSize(root, tables, onEdit);
  const numbers = createImageNumbers(onEdit, () => {
    built = "";
    render();
  });
  let tab = "";
  let built = "";
  /** @type {Shown | null} */
  let now = null;

  function render() {
    if (!now || !host) return;
    const { trace } = now;
    const { scene } = trace;
    tab ||= tabOf(scene, tables);
    const key = JSON.stringify([
      scene.image,
      scene.size,
      scene.crop,
      scene.channels,
      scene.range,
      tab,
      trace.stages[0].shape,
    ]);
    if (key === built) return;
    built = key;
    fill(
      host,
      ["h2", { class: "is-input" }, CONTROLS.image],
      tabs(),
      ...(tab === "numbers" ? numbers(scene, trace.stages[0]) : pictures(scene)),
      ...(tab === "numbers" || tables.picture_only ? [] : size(trace, () => /** @type {Shown} */ (now).view)),
    );
  }

  /** @returns {Description} */
  function tabs() {
    return [
      "div",
      { class: "choices wide", role: "group", "aria-label": CONTROLS.image },
      ...["photo", "pattern", "known", ...(tables.picture_only ? [] : ["numbers"])].map(
        (name) =>
          /** @type {Description} */ ([
            "button",
            {
              type: "button",
              "aria-pressed": String(tab === name),
              "data-key": `tab-${name}`,
              "data-image-tab": name,
              onclick: () => open(name),
            },
            CONTROLS.imageTab(name),
          ]),
      ),
    ];
  }

  /** @param {string} name */
  function open(name) {
    tab = name;
    built = "";
    if (tab === "numbers" && now && !planesOf(now.trace.scene))
      onEdit(changeScene({ image: { planes: shownNumbers(now.trace.stages[0]), divisor: 1 } }), { at: null });
    else render();
  }

  /** @param {Scene} scene @returns {Description[]} */
  function pictures(scene) {
    const own = now?.trace.stages[0].image?.kind === "upload" ? [ownButton(String(scene.image.upload))] : [];
    const credit = now?.trace.stages[0].image?.credit;
    return [
      ["div", { class: "tray", "data-part": "samples" }, ...own, ...groups(scene)],
      [
        "div",
        { class: "bring", "data-part": "bring" },
        CONTROLS.dropPaste,
        " ",
        [
          "button",
          { type: "button", class: "link", "data-key": "choose", onclick: () => file.click() },
          CONTROLS.choose,
        ],
        ` ${CONTROLS.or} `,
        ["button", { type: "button", class: "link", "data-key": "camera", onclick: useCamera }, CONTROLS.useCamera],
      ],
      ...(tab !== "known" && scene.layers.some(({ op }) => op === "model")
        ? [
            /** @type {Description} */ ([
              "p",
              { class: "small" },
              CONTROLS.picturesToClassify,
              " ",
              [
                "button",
                {
                  type: "button",
                  class: "link",
                  "data-key": "known",
                  "data-part": "known",
                  onclick: () => open("known"),
                },
                CONTROLS.digitsAndObjects,
              ],
            ]),
          ]
        : []),
      ...remarks(scene),
      ...(credit ? [/** @type {Description} */ (["p", { class: "credit roomy" }, CONTROLS.photoBy(credit)])] : []),
    ];
  }

  /** What was done to one's own picture, and what could be. @param {Scene} scene @returns {Description[]} */
  function remarks(scene) {
    const notes = now?.trace.stages[0].image?.notes ?? [];
    if (!notes.length) return [];
    const stretch = onStretch(String(scene.image.upload));
    return [
      [
        "p",
        { class: "credit", "data-part": "picture-notes" },
        CONTROLS.pictureNotes(notes),
        ...(stretch
          ? [
              " ",
              /** @type {Description} */ ([
                "button",
                { type: "button", class: "link", "data-key": "stretch", title: CONTROLS.stretchHelp, onclick: stretch },
                CONTROLS.stretch,
              ]),
            ]
          : []),
      ],
    ];
  }

  /**
   * The samples of the open tab; what a network can name stands under headings, what this one reads first.
   * @param {Scene} scene
   * @returns {Description[]}
   */
  function groups(scene) {
    const of = (/** @type {string} */ kind) =>
      tables.samples
        .filter((/** @type {any} */ sample) => sample.kind === kind)
        .map((/** @type {any} */ sample) => sampleButton(sample, scene));
    if (tab !== "known") return of(tab);
    const gray = now?.trace.stages.some(({ prepare }) => prepare && prepare.mix.length === 1);
    return (gray ? KNOWN : [...KNOWN].reverse()).flatMap((kind) => [
      /** @type {Description} */ (["h3", CONTROLS.imageGroup(kind)]),
      ...of(kind),
    ]);
  }

  /** @param {any} sample @param {Scene} scene @returns {Description} */
  function sampleButton(sample, scene) {
    const chosen = scene.image.sample === sample.name;
    return [
      "button",
      {
        type: "button",
        "aria-pressed": String(chosen),
        "data-sample": sample.name,
        "data-key": `sample-${sample.name}`,
        "aria-label": sample.title,
        title: `${sample.title} · ${sample.credit}`,
        onclick: () => onEdit(changeScene({ image: { sample: sample.name }, crop: null }), { at: null }),
      },
      [
        "img",
        {
          src: siteAddress(sample.thumbnail),
          alt: "",
          width: 35,
          height: 35,
          class: sample.kind === "pattern" ? null : "smooth",
        },
      ],
    ];
  }

  /** @param {string} id @returns {Description} */
  function ownButton(id) {
    return [
      "button",
      { type: "button", "aria-pressed": "true", "aria-label": CONTROLS.yourPicture, title: CONTROLS.yourPicture },
      ["img", { src: siteAddress(`/api/images/${id}.png`), alt: "", width: 35, height: 35, class: "smooth" }],
    ];
  }

  /** The dialogs come when they are asked for; asked for twice meanwhile, one comes. */
  async function useCamera() {
    const { openCamera } = await import("convoscope/ui/controls/image/camera.js");
    if (!document.querySelector("dialog[open]")) openCamera(root, onPicture);
  }

  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      const before = now?.trace.scene.image;
      now = { trace, view };
      if (JSON.stringify(before) !== JSON.stringify(trace.scene.image) && (tab !== "numbers" || !planesOf(trace.scene)))
        tab = tabOf(trace.scene, tables);
      render();
    },
  };
}

/** @param {(file: File) => void} onPicture @returns {HTMLInputElement} */
function chooser(onPicture) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/*,.heic,.heif,.avif,.tif,.tiff,.pgm,.ppm,.pbm,.pnm,.pam,.pfm";
  input.hidden = true;
  input.dataset.part = "file";
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) onPicture(file);
    input.value = "";
  });
  return input;
}

/** @param {Scene} scene @param {Record<string, any>} tables */
function tabOf(scene, tables) {
  if (planesOf(scene)) return "numbers";
  const kind = tables.samples.find((/** @type {any} */ sample) => sample.name === scene.image.sample)?.kind ?? "photo";
  return KNOWN.includes(kind) ? "known" : kind;
}

/** The image settings: samples, patterns, numbers, uploads, size and color. */

import {
  addPicture,
  editItem,
  hasRoom,
  removePicture,
  sceneOfItem,
  shownImage,
  stackOf,
} from "convoscope/pure/link/picture-stack.js";
import { startWords, typeVectors } from "convoscope/pure/link/sentence.js";
import { changeScene } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { createAdjustFold } from "convoscope/ui/controls/image/adjust-fold.js";
import {
  centerNumbers,
  createImageNumbers,
  sizeOfNumbers,
  typedPlanes,
} from "convoscope/ui/controls/image/image-numbers.js";
import { createImageSize } from "convoscope/ui/controls/image/image-size.js";
import { describeNetworks, warnOfPicture } from "convoscope/ui/controls/image/network-names.js";
import { createNumberZoom } from "convoscope/ui/controls/image/number-zoom.js";
import { createDrawing } from "convoscope/ui/controls/image/open-drawing.js";
import { randomMaps } from "convoscope/ui/controls/image/random-maps.js";
import { wordRows } from "convoscope/ui/controls/image/word-settings.js";
import { build, fill, findPart } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {PageTables, Scene, Trace, TraceAndView, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Kinds of samples that a network can classify. */
const CLASSIFIED_KINDS = ["digit", "object"];

/**
 * @typedef {object} ImageEvents
 * @property {(edit: Edit, view?: Partial<View>, gesture?: object) => Promise<void> | void} onEdit
 * @property {() => Promise<typeof import("convoscope/features/adjust/adjust-panel.js")>} [loadAdjust] loads what changes
 * the picture on purpose; left out where nothing does
 * @property {() => Promise<typeof import("convoscope/features/draw/draw-panel.js")>} [loadDraw] loads what draws a
 * picture; left out where none is drawn
 * @property {(file: File | Blob) => void} onPicture
 * @property {(view: Partial<View>) => void} [onView] and `getFile`: of what changes the picture on purpose
 * @property {(path: string) => Promise<Blob>} [getFile]
 * @property {(upload: string) => (() => void) | null} onStretch a function that uploads a picture again with
 * stretched contrast; null if it is not needed
 * @property {import("convoscope/ui/controls/image/image-size.js").ComputePreview} [onPreview] computes a figure that is not
 * shown; left out where pictures are not cropped
 * @property {(sentence: string) => void} [onNote] says something about the picture
 */

/**
 * @param {HTMLElement} root
 * @param {PageTables} tables `picture_only` leaves out size and color, which the page sets
 * @param {ImageEvents} events
 */
export function createImageSettings(
  root,
  tables,
  { onEdit: onSceneEdit, onPicture, onStretch, onPreview, onNote, ...others },
) {
  const section = findPart(root, "image");
  if (!section) return { show() {} };
  const host = build(["div", { class: "unboxed" }]);
  const { loadAdjust, loadDraw, onView, getFile } = others;
  /** Of a stack it is the picture in view that is edited. @type {ImageEvents["onEdit"]} */
  const onEdit = (edit, view, gesture) => onSceneEdit(editItem(edit), view, gesture);
  const fold =
    loadAdjust && onView && getFile
      ? createAdjustFold(tables, { onEdit, onPreview, onView, getFile }, loadAdjust)
      : null;
  const drawing = loadDraw ? createDrawing(tables, { onEdit }, loadDraw) : null;
  section.replaceChildren(host, ...(fold ? [fold.element] : []));
  const file = createFileInput(onPicture);
  root.append(file);
  const size = createImageSize(root, tables, onEdit, onPreview);
  const zoom = tables.picture_only ? null : createNumberZoom(root, onEdit);
  const numbers = createImageNumbers(
    onEdit,
    () => {
      builtKey = "";
      render();
    },
    tables.sizes,
    tables.limits.side,
  );
  let tab = "";
  let builtKey = "";
  /** @type {TraceAndView | null} */
  let shown = null;

  function render() {
    if (!shown) return;
    const { trace } = shown;
    const { scene } = trace;
    tab ||= tabForScene(scene, tables);
    if (tab === "draw") return renderDrawing();
    const key = JSON.stringify([
      scene.image,
      scene.batch,
      scene.size,
      scene.crop,
      scene.channels,
      scene.range,
      scene.rows,
      Boolean(scene.adjust),
      tab,
      trace.stages[0].shape,
      scene.layers.map(({ op }) => op),
      tab === "words" && scene.layers[0]?.filters,
    ]);
    if (key === builtKey) return;
    builtKey = key;
    const rebuild = () => {
      builtKey = "";
      render();
    };
    fill(
      host,
      ["h2", { class: "is-input" }, CONTROLS.image],
      tabButtons(),
      ...(tab === "numbers" ? numbers(scene, trace.stages[0]) : tab === "words" ? words(trace) : pictureRows(scene)),
      ...(tab === "words" ? [] : (zoom?.rows(trace, () => /** @type {TraceAndView} */ (shown).view, rebuild) ?? [])),
      ...(["numbers", "words"].includes(tab) || tables.picture_only ? [] : sizeRows(trace)),
    );
  }

  /** The drawing is built once: a pen may be on it. */
  function renderDrawing() {
    if (!drawing || !shown) return;
    if (builtKey !== tab) fill(host, ["h2", { class: "is-input" }, CONTROLS.image], tabButtons(), drawing.element);
    builtKey = tab;
    drawing.show(shown.trace);
  }

  /** @param {Trace} trace @returns {Description[]} */
  function words({ scene, stages }) {
    return wordRows(scene, stages[0], { onEdit, onNumbers: () => openTab("numbers") });
  }

  /** The size box, also of numbers that were typed in the other tab. @param {Trace} trace @returns {Description[]} */
  function sizeRows(trace) {
    const typed = typedPlanes(trace.scene);
    if (randomMaps(trace.scene) || trace.scene.rows) return [];
    if (typed) return sizeOfNumbers(tables.sizes, typed, onEdit);
    return size(trace, () => /** @type {TraceAndView} */ (shown).view);
  }

  /** @returns {Description} */
  function tabButtons() {
    return [
      "div",
      {
        class: tables.picture_only ? "choices wide" : "choices wide in-pairs",
        role: "group",
        "aria-label": CONTROLS.image,
      },
      ...[
        "photo",
        "pattern",
        "known",
        ...(tables.picture_only ? [] : ["numbers", "words"]),
        ...(drawing ? ["draw"] : []),
      ].map(
        (name) =>
          /** @type {Description} */ ([
            "button",
            {
              type: "button",
              "aria-pressed": String(tab === name),
              "data-key": `tab-${name}`,
              "data-image-tab": name,
              onclick: () => openTab(name),
            },
            CONTROLS.imageTab(name),
          ]),
      ),
    ];
  }

  /** @param {string} name */
  function openTab(name) {
    tab = name;
    builtKey = "";
    const isDrawing = tab === "draw";
    if (shown && shown.view.draw !== isDrawing) onView?.({ draw: isDrawing });
    if (tab === "words" && shown && !shown.trace.scene.rows)
      onEdit(startWords(), { stage: 1, at: null, map: 0, beat: "sum" });
    else if (tab === "numbers" && shown?.trace.scene.rows && !hasNumbers(shown.trace.scene))
      onEdit(changeScene({ image: { ...typeVectors(shown.trace.stages[0]) } }), { at: null });
    else if (tab === "numbers" && shown && !hasNumbers(shown.trace.scene))
      onEdit(changeScene({ image: { planes: centerNumbers(shown.trace.stages[0]), divisor: 1 }, adjust: null }), {
        at: null,
      });
    else render();
  }

  /** @param {Scene} scene @returns {Description[]} */
  function pictureRows(scene) {
    const own = shown?.trace.stages[0].image?.kind === "upload" ? [uploadButton(String(scene.image.upload))] : [];
    const credit = shown?.trace.stages[0].image?.credit;
    return [
      ["div", { class: "tray", "data-part": "samples" }, ...own, ...sampleButtons(scene)],
      [
        "div",
        { class: "drop-zone", "data-part": "drop-zone" },
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
      ...(tables.picture_only ? [] : [stackRow(scene)]),
      ...(tables.picture_only || !(tab === "known" || own.length)
        ? []
        : describeNetworks(scene, tables.networks, onEdit)),
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
                  onclick: () => openTab("known"),
                },
                CONTROLS.digitsAndObjects,
              ],
            ]),
          ]
        : []),
      ...pictureNotes(scene),
      ...(credit ? [/** @type {Description} */ (["p", { class: "credit roomy" }, CONTROLS.photoBy(credit)])] : []),
    ];
  }

  /** Buttons that add a picture to the stack and take one out. @param {Scene} scene @returns {Description} */
  function stackRow(scene) {
    const { batch } = scene;
    const isFull = !hasRoom(scene);
    return [
      "div",
      { class: "unboxed", "data-part": "stack-edits" },
      [
        "button",
        {
          type: "button",
          class: "link",
          "data-key": "add-picture",
          disabled: isFull,
          title: isFull ? CONTROLS.stackIsFull(stackOf(scene).length) : CONTROLS.addToStackHelp,
          onclick: () => onSceneEdit((whole) => addPicture(nextPicture(whole))(whole)),
        },
        CONTROLS.addToStack,
      ],
      batch && " ",
      batch && [
        "button",
        {
          type: "button",
          class: "link",
          "data-key": "remove-picture",
          onclick: () => onSceneEdit(removePicture),
        },
        CONTROLS.removeFromStack,
      ],
    ];
  }

  /** The sample behind the picture in view that the stack has not yet; of other pictures the same again. @param {Scene} scene */
  function nextPicture(scene) {
    const image = shownImage(scene);
    const stack = stackOf(scene).map(({ sample }) => sample);
    const kind = tables.samples.find(({ name }) => name === image.sample)?.kind;
    const alike = tables.samples.filter((sample) => sample.kind === kind);
    const at = alike.findIndex(({ name }) => name === image.sample);
    const next = [...alike.slice(at + 1), ...alike.slice(0, at)].find(({ name }) => !stack.includes(name));
    return next ? { sample: next.name } : image;
  }

  /** How the upload was changed, and an offer to stretch its contrast. @param {Scene} scene @returns {Description[]} */
  function pictureNotes(scene) {
    const notes = shown?.trace.stages[0].image?.notes ?? [];
    if (!notes.length) return [];
    const stretch = onStretch(String(scene.image.upload));
    return [
      [
        "p",
        { class: "credit", "data-part": "picture-notes" },
        PAGE.pictureNotes(notes),
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
   * The samples of the open tab. Digits and objects have headings; the kind that the network expects comes first.
   * @param {Scene} scene
   * @returns {Description[]}
   */
  function sampleButtons(scene) {
    const of = (/** @type {string} */ kind) =>
      tables.samples.filter((sample) => sample.kind === kind).map((sample) => sampleButton(sample, scene));
    if (tab !== "known") return of(tab);
    const gray = shown?.trace.stages.some(({ prepare }) => prepare && prepare.mix.length === 1);
    return (gray ? CLASSIFIED_KINDS : [...CLASSIFIED_KINDS].reverse()).flatMap((kind) => [
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
        translate: "no",
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
  function uploadButton(id) {
    return [
      "button",
      { type: "button", "aria-pressed": "true", "aria-label": CONTROLS.yourPicture, title: CONTROLS.yourPicture },
      ["img", { src: siteAddress(`/api/images/${id}.png`), alt: "", width: 35, height: 35, class: "smooth" }],
    ];
  }

  /** Loads and opens the camera dialog, unless a dialog is open by then. */
  async function useCamera() {
    const { openCamera } = await import("convoscope/ui/controls/image/camera.js");
    if (!document.querySelector("dialog[open]")) openCamera(root, onPicture);
  }

  /** Says it where a network and a picture are together for the first time. @param {Trace} before @param {Trace} trace */
  function warnAfter(before, trace) {
    const sentence = warnOfPicture(trace.scene, tables);
    const isSame = [before, trace].map(({ scene }) =>
      JSON.stringify([scene.image, scene.layers.map(({ head }) => head)]),
    );
    if (sentence && isSame[0] !== isSame[1]) onNote?.(sentence);
  }

  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      const before = shown?.trace.scene.image;
      if (shown && !tables.picture_only && !view.draw) warnAfter(shown.trace, trace);
      const whole = trace;
      trace = { ...trace, scene: sceneOfItem(trace.scene) };
      shown = { trace, view };
      if (view.draw) tab = drawing ? "draw" : tab;
      else if (
        tab === "draw" ||
        (JSON.stringify(before) !== JSON.stringify(trace.scene.image) &&
          (tab !== "numbers" || !hasNumbers(trace.scene)) &&
          (tab !== "words" || !trace.scene.rows))
      )
        tab = tabForScene(trace.scene, tables);
      render();
      zoom?.show(trace, view);
      fold?.show(whole, view);
    },
  };
}

/** @param {(file: File) => void} onPicture @returns {HTMLInputElement} */
function createFileInput(onPicture) {
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

/** Whether the input is numbers, typed or random. @param {Scene} scene */
function hasNumbers(scene) {
  return typedPlanes(scene) !== null || randomMaps(scene) !== null;
}

/** @param {Scene} scene @param {PageTables} tables */
function tabForScene(scene, tables) {
  if (scene.rows) return "words";
  if (hasNumbers(scene)) return "numbers";
  const kind = tables.samples.find((sample) => sample.name === scene.image.sample)?.kind ?? "photo";
  return CLASSIFIED_KINDS.includes(kind) ? "known" : kind;
}

/** The Image block: a photo, a pattern or numbers; one's own picture; how many cells, and in color or not. */

import { changeScene } from "convoscope/pure/scene-edits.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { fill, optionalPart } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Cells of "See the numbers", and of "See the effect". */
const NUMBERS = 16;
const EFFECT = 256;
const MOST_TYPED = 64;
/** Channels that a picture of numbers may have. */
const CHANNELS = [1, 2, 3];
/** Kinds of samples that a network can name. */
const KNOWN = ["digit", "object"];

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
  /** @type {import("convoscope/ui/controls/number-grid.js").Typing | null} */
  let typing = null;
  let tab = "";
  let built = "";
  /** @type {{trace: Trace, view: View} | null} */
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
      ["h2", { class: "is-input" }, PAGE.image],
      tabs(),
      ...(tab === "numbers" ? numbers(scene, trace.stages[0]) : pictures(scene)),
      ...(tab === "numbers" || tables.picture_only ? [] : cells(trace)),
    );
  }

  /** @returns {Description} */
  function tabs() {
    return [
      "div",
      { class: "choices wide", role: "group", "aria-label": PAGE.image },
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
            PAGE.imageTab(name),
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
        PAGE.dropPaste,
        " ",
        ["button", { type: "button", class: "link", "data-key": "choose", onclick: () => file.click() }, PAGE.choose],
        ` ${PAGE.or} `,
        ["button", { type: "button", class: "link", "data-key": "camera", onclick: useCamera }, PAGE.useCamera],
      ],
      ...(tab !== "known" && scene.layers.some(({ op }) => op === "model")
        ? [
            /** @type {Description} */ ([
              "p",
              { class: "small" },
              PAGE.picturesToClassify,
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
                PAGE.digitsAndObjects,
              ],
            ]),
          ]
        : []),
      ...remarks(scene),
      ...(credit ? [/** @type {Description} */ (["p", { class: "credit roomy" }, PAGE.photoBy(credit)])] : []),
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
        PAGE.pictureNotes(notes),
        ...(stretch
          ? [
              " ",
              /** @type {Description} */ ([
                "button",
                { type: "button", class: "link", "data-key": "stretch", title: PAGE.stretchHelp, onclick: stretch },
                PAGE.stretch,
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
      /** @type {Description} */ (["h3", PAGE.imageGroup(kind)]),
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
      { type: "button", "aria-pressed": "true", "aria-label": PAGE.yourPicture, title: PAGE.yourPicture },
      ["img", { src: siteAddress(`/api/images/${id}.png`), alt: "", width: 35, height: 35, class: "smooth" }],
    ];
  }

  /** @param {Trace} trace @returns {Description[]} */
  function cells(trace) {
    const { scene } = trace;
    const [, rows, columns] = trace.stages[0].shape;
    const size = scene.size[0] === scene.size[1] ? String(scene.size[0]) : scene.size.join("x");
    const sizes = tables.sizes.map(String).includes(size) ? tables.sizes : [...tables.sizes, size];
    const resize = (/** @type {string} */ text) =>
      onEdit(changeScene({ size: sizeOf(text) }), scaled(/** @type {View} */ (now?.view), trace, sizeOf(text)));
    return [
      [
        "div",
        { class: "choices wide", role: "group", "aria-label": PAGE.zoom },
        [
          "button",
          {
            type: "button",
            "aria-pressed": String(Math.max(rows, columns) > 64),
            "data-key": "effect",
            "data-part": "effect",
            onclick: () =>
              onEdit(changeScene({ size: [EFFECT, EFFECT], crop: null }), { at: [65535, 65535], beat: "write" }),
          },
          PAGE.seeEffect,
        ],
        [
          "button",
          {
            type: "button",
            "aria-pressed": String(Math.max(rows, columns) <= NUMBERS),
            "data-key": "numbers",
            "data-part": "numbers",
            onclick: () =>
              onEdit(changeScene(aroundWindow(trace, /** @type {View} */ (now?.view))), { at: null, beat: "sum" }),
          },
          PAGE.seeNumbers,
        ],
      ],
      [
        "div",
        { class: "row" },
        [
          "select",
          {
            class: "field",
            "aria-label": PAGE.cells,
            "data-key": "size",
            "data-part": "size",
            onchange: (/** @type {Event} */ event) => resize(/** @type {HTMLSelectElement} */ (event.target).value),
          },
          ...sizes.map(
            (/** @type {any} */ value) =>
              /** @type {Description} */ ([
                "option",
                { value: String(value), selected: String(value) === size },
                sizeText(String(value)),
              ]),
          ),
        ],
        [
          "button",
          {
            type: "button",
            class: "link small",
            "data-key": "cut",
            "data-part": "choose-cut",
            onclick: () => chooseCut(trace),
          },
          PAGE.chooseCrop,
        ],
        [
          "span",
          { class: "choices", role: "group", "aria-label": PAGE.colors },
          .../** @type {const} */ (["gray", "rgb"]).map(
            (channels) =>
              /** @type {Description} */ ([
                "button",
                {
                  type: "button",
                  "aria-pressed": String(scene.channels === channels),
                  "data-key": channels,
                  "data-channels": channels,
                  onclick: () => onEdit(changeScene({ channels }), { map: 0 }),
                },
                PAGE.channels(channels),
              ]),
          ),
        ],
      ],
    ];
  }

  /** The dialogs come when they are asked for; asked for twice meanwhile, one comes. */
  async function useCamera() {
    const { openCamera } = await import("convoscope/ui/controls/image/camera.js");
    if (!document.querySelector("dialog[open]")) openCamera(root, onPicture);
  }

  /** @param {Trace} trace */
  async function chooseCut(trace) {
    const { openCut } = await import("convoscope/ui/controls/image/crop.js");
    if (!document.querySelector("dialog[open]"))
      openCut(root, trace, tables, (crop, size) => onEdit(changeScene({ crop, size }), { at: null }));
  }

  async function bringTyping() {
    const { createTyping } = await import("convoscope/ui/controls/number-grid.js");
    typing ??= createTyping();
    built = "";
    render();
  }

  /** @param {Scene} scene @param {Stage} input @returns {import("convoscope/ui/dom.js").Content[]} */
  function numbers(scene, input) {
    if (!typing) {
      bringTyping();
      return [];
    }
    const { numberGrid, sizeFields, pasting } = typing;
    const typed = planesOf(scene) ?? { planes: shownNumbers(input), divisor: 1 };
    const most = /** @type {[number, number]} */ ([MOST_TYPED, MOST_TYPED]);
    const put = (/** @type {string[][][]} */ planes) =>
      onEdit(changeScene({ image: { planes, divisor: typed.divisor } }), { at: null });
    const withPlane = (/** @type {number} */ channel, /** @type {string[][]} */ plane) =>
      typed.planes.map((other, i) => (i === channel ? plane : fitted(other, plane)));
    const grids = { key: "image", planes: typed.planes, counts: CHANNELS, most, withPlane, onPlanes: put };
    return [
      ...typed.planes.map((plane, channel) =>
        numberGrid({
          plane,
          key: `image-${channel}`,
          name: typed.planes.length > 1 ? PAGE.channel(channel) : PAGE.image,
          onChange: (next) => put(withPlane(channel, next)),
          onBlock: (text, row, col) => pasting.take(grids, text, { channel, row, col }),
        }),
      ),
      pasting.note(grids),
      sizeFields(typed.planes[0], most, "image", (next) => put(typed.planes.map((plane) => fitted(plane, next)))),
      [
        "div",
        { class: "row" },
        ["span", PAGE.channelsCount],
        [
          "span",
          { class: "choices" },
          ...CHANNELS.map(
            (count) =>
              /** @type {Description} */ ([
                "button",
                {
                  type: "button",
                  "aria-pressed": String(typed.planes.length === count),
                  "data-key": `planes-${count}`,
                  onclick: () => put(Array.from({ length: count }, (_, i) => typed.planes[i] ?? typed.planes[0])),
                },
                String(count),
              ]),
          ),
        ],
      ],
      ["p", { class: "small muted" }, PAGE.pasteHint],
      pasting.field(grids),
    ];
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

/** @param {Scene} scene @returns {{planes: string[][][], divisor: number} | null} */
function planesOf(scene) {
  return "planes" in scene.image ? /** @type {any} */ (scene.image) : null;
}

/** The picture's own numbers, to start from. @param {Stage} input */
function shownNumbers(input) {
  const [, height, width] = input.shape;
  const [rows, columns] = [Math.min(height, 8), Math.min(width, 8)];
  const [top, left] = [(height - rows) >> 1, (width - columns) >> 1];
  return [
    Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => String(Math.round(input.output?.[(top + r) * width + left + c] ?? 0))),
    ),
  ];
}

/** @param {string[][]} plane @param {string[][]} like */
function fitted(plane, like) {
  return like.map((line, r) => line.map((_, c) => plane[r]?.[c] ?? "0"));
}

/** @param {string} text @returns {[number, number]} */
function sizeOf(text) {
  const [rows, columns = rows] = text.split("x").map(Number);
  return [rows, columns];
}

/** @param {string} text */
function sizeText(text) {
  return sizeOf(text).join(" × ");
}

/**
 * The same place with another number of cells.
 * @param {View} view @param {Trace} trace @param {[number, number]} size
 * @returns {Partial<View>}
 */
function scaled(view, trace, [rows, columns]) {
  if (!view.at) return {};
  const [, before, across] = trace.stages[0].shape;
  return { at: [Math.floor((view.at[0] * rows) / before), Math.floor((view.at[1] * columns) / across)] };
}

/**
 * A cut of few cells around the window, as large as they are now.
 * @param {Trace} trace @param {View} view
 * @returns {Partial<Scene>}
 */
function aroundWindow(trace, view) {
  const [input] = trace.stages;
  const [, rows, columns] = input.shape;
  const [top, left, height, width] = input.image?.cut ?? [0, 0, rows, columns];
  const stage = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
  const at = view.at ?? stage.telling[view.map] ?? [0, 0];
  const [down, right] = [height / rows, width / columns];
  const middle = [(at[0] * rows) / stage.shape[1], (at[1] * columns) / stage.shape[2]];
  const side = [Math.min(NUMBERS, rows), Math.min(NUMBERS, columns)];
  const start = middle.map((cell, axis) =>
    Math.min(Math.max(0, Math.round(cell - side[axis] / 2)), [rows, columns][axis] - side[axis]),
  );
  const crop = [top + start[0] * down, left + start[1] * right, side[0] * down, side[1] * right].map(Math.round);
  return {
    size: [side[0], side[1]],
    crop: /** @type {[number, number, number, number]} */ (
      crop.map((value, i) => (i > 1 ? Math.max(1, value) : value))
    ),
  };
}

/** One filter in one row: the filter, your picture, the map that it makes; the frames mark one place on all of them. */

import { filterImage, filterValues, legendImage, signedMapImage } from "convoscope/features/gallery/filter-colors.js";
import { writeDigits } from "convoscope/features/gallery/filter-tiles.js";
import {
  boxBeforePreparation,
  boxStyle,
  clampPlace,
  cropPatch,
  roundBox,
  strongestPlace,
  windowAt,
} from "convoscope/features/gallery/patch-geometry.js";
import { grayScale, photoImage, photoRange, mapImage as stageImage } from "convoscope/pure/maps/palette.js";
import { GALLERY } from "convoscope/pure/strings/gallery-strings.js";
import { numberText, signedNumber } from "convoscope/pure/text/caption.js";
import { build, fill, part, say } from "convoscope/ui/dom.js";
import { paintLegend, paintThumbnail } from "convoscope/ui/draw/draw.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Stage, Trace} from "convoscope/pure/types.js" */
/** @import {Bank} from "convoscope/features/gallery/filter-colors.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * @typedef {object} FilterRow
 * @property {number} index
 * @property {boolean} templates
 * @property {string} words
 * @property {string} label the class that it stands for, if any
 * @property {Bank} bank
 * @property {number} at where in the bank; −1 where it was not filmed
 * @property {number} filterRange
 * @property {Trace} trace the picture, its preparation, the layer
 * @property {Stage | null} stage the layer, for its geometry
 * @property {Float32Array | null} map
 * @property {number} mapRange
 * @property {boolean} isCentered a mean is taken off the picture
 * @property {[number, number] | null} place null for the strongest
 * @property {number | null} bias
 * @property {boolean} isBeforeEnd a moment of the film is shown, before the end
 * @property {boolean} isMapBehind the map is of another moment than the filter
 * @property {string} link to the Lab
 * @property {boolean} digits whether its numbers are written out
 */

/** @typedef {{sample: string, title: string, value: number, picture: string, row: number, column: number}} TopPatch */

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @param {HTMLElement} host @param {(place: [number, number] | null) => void} onPlace */
export function createFilterRow(host, onPlace) {
  const parts = rowMarkup();
  host.append(...parts.map(build));
  const view = {
    title: part(host, "close-title"),
    link: /** @type {HTMLAnchorElement} */ (part(host, "step-through")),
    filter: /** @type {HTMLCanvasElement} */ (part(host, "close-filter")),
    filterName: part(host, "close-filter-name"),
    picture: /** @type {HTMLCanvasElement} */ (part(host, "close-picture")),
    pictureNote: part(host, "close-picture-note"),
    map: /** @type {HTMLCanvasElement} */ (part(host, "close-map")),
    mapName: part(host, "close-map-name"),
    mapNote: part(host, "close-map-note"),
    mapBox: part(host, "close-map-box"),
    onPicture: part(host, "mark-picture"),
    onMap: part(host, "mark-map"),
    patch: /** @type {HTMLCanvasElement} */ (part(host, "close-patch")),
    words: part(host, "close-words"),
    prefers: part(host, "close-prefers"),
    excite: part(host, "close-excite"),
    placeName: part(host, "close-place-name"),
    place: part(host, "close-place"),
    value: part(host, "close-value"),
    back: part(host, "close-back"),
    least: part(host, "close-least"),
    most: part(host, "close-most"),
    bias: part(host, "close-bias"),
    digits: part(host, "close-digits"),
  };
  paintLegend(/** @type {HTMLCanvasElement} */ (part(host, "close-legend")), legendImage("signed"));
  /** @type {FilterRow | null} */
  let now = null;
  let painted = "";
  let written = "";
  /** The picture on the screen. @type {Uint8ClampedArray<ArrayBuffer>} */
  let pixels = new Uint8ClampedArray();

  view.back.addEventListener("click", () => onPlace(null));
  view.mapBox.addEventListener("click", (event) => {
    if (!now?.stage) return;
    const box = view.mapBox.getBoundingClientRect();
    const [, rows, columns] = now.stage.shape;
    onPlace(
      clampPlace(
        [
          Math.floor(((event.clientY - box.top) / box.height) * rows),
          Math.floor(((event.clientX - box.left) / box.width) * columns),
        ],
        rows,
        columns,
      ),
    );
  });
  view.mapBox.addEventListener("keydown", (event) => {
    if (!now?.stage || !now.map || event.ctrlKey || event.altKey || event.metaKey) return;
    const [, rows, columns] = now.stage.shape;
    const move = MOVES[event.key];
    if (event.key === "Home") onPlace(null);
    else if (move) {
      const [row, col] = now.place ?? strongestPlace(now.map, now.stage);
      onPlace(clampPlace([row + move[0], col + move[1]], rows, columns));
    } else return;
    event.preventDefault();
  });

  /** @param {Trace} trace */
  function paintPicture(trace) {
    const [input] = trace.stages;
    const key = `${trace.link} ${input.shape}`;
    if (key === painted) return;
    painted = key;
    pixels = inputImage(trace);
    paintThumbnail(view.picture, input.shape[1], input.shape[2], pixels);
  }

  /** The filter's own numbers, channel by channel. @param {FilterRow} close */
  function writeFilter({ digits, bank, at, index, filterRange }) {
    view.digits.hidden = !digits || at < 0;
    const key = view.digits.hidden ? "" : [index, bank.shape, filterRange, ...filterValues(bank, at)].join();
    if (key === written) return;
    written = key;
    view.digits.replaceChildren();
    if (key)
      for (let channel = 0; channel < bank.shape[1]; channel++)
        writeDigits(view.digits, bank, at, channel, filterRange);
  }

  /** @param {FilterRow} close @param {[number, number]} place */
  function placeMarks(close, place) {
    const stage = /** @type {Stage} */ (close.stage);
    const [input] = close.trace.stages;
    const box = boxBeforePreparation(windowAt(stage, place), preprocessingOf(close.trace));
    placeMark(view.onPicture, boxStyle(box, input.shape[1], input.shape[2]));
    placeMark(
      view.onMap,
      boxStyle({ row: place[0], col: place[1], rows: 1, columns: 1 }, stage.shape[1], stage.shape[2]),
    );
    const cut = roundBox(box);
    paintThumbnail(view.patch, cut.rows, cut.columns, cropPatch(pixels, input.shape[1], input.shape[2], cut));
  }

  return {
    /** @param {FilterRow} close */
    show(close) {
      now = close;
      const { stage, map, trace } = close;
      say(view.title, GALLERY.close(close.index, close.templates, close.label));
      if (view.link.getAttribute("href") !== close.link) view.link.href = close.link;
      say(view.filterName, GALLERY.filter(close.index, close.templates));
      say(view.mapName, GALLERY.map(close.index));
      say(view.words, close.words);
      say(view.prefers, GALLERY.prefers(close.isBeforeEnd));
      say(view.excite, GALLERY.excite(close.isBeforeEnd));
      const [, , rows, columns] = close.bank.shape;
      if (close.at >= 0)
        paintThumbnail(view.filter, rows, columns, filterImage(close.bank, close.at, close.filterRange));
      writeFilter(close);
      paintPicture(trace);
      const prepared = trace.stages[1];
      say(
        view.pictureNote,
        prepared
          ? GALLERY.prepared(prepared.shape[1], prepared.shape[2], prepared.shape[0] === 3, {
              inverted: Boolean(preprocessingOf(trace)?.inverted),
              isCentered: close.isCentered,
            })
          : GALLERY.noFit,
      );
      host.classList.toggle("without-map", !map || !stage);
      host.classList.toggle("behind", close.isMapBehind);
      if (!map || !stage) return;
      paintThumbnail(view.map, stage.shape[1], stage.shape[2], signedMapImage(map, close.mapRange));
      const place = clampPlace(close.place ?? strongestPlace(map, stage), stage.shape[1], stage.shape[2]);
      const value = map[place[0] * stage.shape[2] + place[1]];
      view.mapBox.ariaLabel = GALLERY.mapHelp(stage.shape[1], stage.shape[2]);
      say(view.mapNote, GALLERY.mapShape(stage.shape[1], stage.shape[2]));
      const single = stage.shape[1] * stage.shape[2] === 1;
      host.classList.toggle("single", single);
      say(view.placeName, single ? GALLERY.score : close.place ? GALLERY.chosenPlace : GALLERY.strongestHere);
      say(view.place, single ? "" : GALLERY.place(...place));
      say(view.value, signedNumber(value));
      say(view.bias, close.bias ? GALLERY.bias(signedNumber(close.bias)) : "");
      view.back.hidden = !close.place;
      say(view.least, `−${numberText(close.mapRange)}`);
      say(view.most, `+${numberText(close.mapRange)}`);
      placeMarks(close, place);
    },
    /** @param {TopPatch[] | null} patches null while they are looked for */
    patches(patches) {
      const list = part(host, "patches");
      if (!patches) return fill(list, ["li", { class: "muted small" }, GALLERY.waiting]);
      fill(
        list,
        ...patches.map(({ title, value, picture }) => {
          const text = GALLERY.patchTitle(title, signedNumber(value));
          return /** @type {Description} */ ([
            "li",
            ["img", { src: picture, alt: text, title: text }],
            ["small", signedNumber(Number(value.toPrecision(2)))],
          ]);
        }),
      );
    },
  };
}

/** @param {Trace} trace @returns {import("convoscope/features/gallery/patch-geometry.js").Preparation | undefined} */
function preprocessingOf(trace) {
  return /** @type {any} */ (trace.stages[1])?.prepare;
}

/** The picture as it was before it was prepared. @param {Trace} trace */
function inputImage(trace) {
  const [input] = trace.stages;
  const ends = photoRange(trace);
  return input.shape[0] === 3 ? photoImage(input, ends) : stageImage(input, 0, grayScale(...ends));
}

/** @param {HTMLElement} element @param {Record<string, string>} box */
function placeMark(element, box) {
  for (const [name, value] of Object.entries(box)) element.style.setProperty(name, value);
}

/** @returns {Description[]} */
function rowMarkup() {
  return [
    [
      "header",
      ["h2", { "data-part": "close-title" }],
      ["a", { class: "link", "data-part": "step-through", href: siteAddress("/") }, GALLERY.stepThrough],
    ],
    [
      "div",
      { class: "trio" },
      [
        "figure",
        { class: "of-filter" },
        ["div", { class: "held" }, ["canvas", { "data-part": "close-filter", "aria-hidden": "true" }]],
        ["figcaption", { class: "is-filter", "data-part": "close-filter-name" }],
        ["small", { class: "muted" }],
      ],
      ["span", { class: "sign", "aria-hidden": "true" }, "∗"],
      [
        "figure",
        { class: "of-input" },
        [
          "div",
          { class: "held" },
          ["canvas", { "data-part": "close-picture", "aria-hidden": "true" }],
          ["i", { class: "mark", "data-part": "mark-picture" }],
        ],
        ["figcaption", { class: "is-input" }, GALLERY.picture],
        ["small", { class: "muted", "data-part": "close-picture-note" }],
      ],
      ["span", { class: "sign", "aria-hidden": "true" }, "="],
      [
        "figure",
        { class: "of-output" },
        [
          "div",
          {
            class: "held",
            "data-part": "close-map-box",
            tabindex: 0,
            role: "application",
            "aria-roledescription": "feature map",
          },
          ["canvas", { "data-part": "close-map", "aria-hidden": "true" }],
          ["i", { class: "mark", "data-part": "mark-map" }],
        ],
        ["figcaption", { class: "is-output", "data-part": "close-map-name" }],
        ["small", { class: "muted", "data-part": "close-map-note" }],
      ],
    ],
    [
      "div",
      { class: "facts" },
      [
        "div",
        { class: "numbers" },
        ["p", ["b", { "data-part": "close-prefers" }], " ", ["span", { "data-part": "close-words" }]],
        [
          "div",
          { class: "found" },
          ["canvas", { class: "patch", "data-part": "close-patch", "aria-hidden": "true" }],
          [
            "p",
            ["b", { "data-part": "close-place-name" }],
            " ",
            ["span", { "data-part": "close-place" }],
            ["br"],
            ["output", { "data-part": "close-value" }],
            " ",
            ["span", { class: "muted small", "data-part": "close-bias" }],
            ["br"],
            [
              "button",
              { type: "button", class: "link small", "data-part": "close-back", hidden: true },
              GALLERY.toStrongest,
            ],
          ],
        ],
        [
          "div",
          { class: "legend" },
          ["span", { "data-part": "close-least" }],
          ["canvas", { "data-part": "close-legend", width: 256, height: 1, "aria-hidden": "true" }],
          ["span", { "data-part": "close-most" }],
        ],
      ],
      [
        "div",
        { class: "exciting" },
        ["h3", { "data-part": "close-excite" }],
        ["ul", { class: "patches", "data-part": "patches" }],
      ],
    ],
    [
      "div",
      {
        class: "close-digits of-digits",
        "data-part": "close-digits",
        tabindex: 0,
        role: "region",
        "aria-label": GALLERY.closeDigits,
        hidden: true,
      },
    ],
  ];
}

/** The row of the chosen filter: the filter, the picture, its feature map; marks show one cell on map and picture. */

import { filterImage, filterValues, legendImage, signedMapImage } from "convoscope/features/gallery/filter-colors.js";
import {
  boxBeforePreparation,
  boxStyle,
  clampPlace,
  cropPatch,
  roundBox,
  strongestPlace,
  windowAt,
} from "convoscope/features/gallery/patch-geometry.js";
import { writeDigits } from "convoscope/features/gallery/tiles/filter-tiles.js";
import {
  grayScale,
  photoImage,
  photoRange,
  signedScale,
  mapImage as stageImage,
} from "convoscope/pure/maps/palette.js";
import { GALLERY } from "convoscope/pure/strings/gallery-strings.js";
import { numberText, signedNumber } from "convoscope/pure/text/caption.js";
import { build, fill, getPart, setText } from "convoscope/ui/dom.js";
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
 * @property {string} label the class of a template, or ""
 * @property {Bank} bank
 * @property {number} at its index in the bank; −1 where it was not filmed
 * @property {number} filterRange
 * @property {Trace} trace of picture, preprocessing and layer
 * @property {Stage | null} stage the layer, for its geometry
 * @property {Float32Array | null} map
 * @property {number} mapRange
 * @property {boolean} isCentered whether preprocessing subtracts a mean
 * @property {[number, number] | null} place null for the strongest
 * @property {number | null} bias
 * @property {Ranking | null} ranking of the scores of all templates; null where maps have several cells
 * @property {boolean} isBeforeEnd whether a moment of the film before its end is shown
 * @property {boolean} isMapBehind whether the map is of another moment than the filter
 * @property {string} link to the Lab
 * @property {boolean} digits whether its numbers are written out
 */

/**
 * The highest scores, the highest first, and the one of the template in focus. `least` and `most` are the ends of the bars.
 * @typedef {{lines: {index: number, name: string, score: number}[], least: number, most: number, note: string}} Ranking
 */
/** @typedef {{sample: string, title: string, value: number, picture: string, row: number, column: number}} TopPatch */

/** How far a bar's color is from that of 0. */
const STRENGTH = 0.8;
/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {HTMLElement} host @param {(place: [number, number] | null) => void} onPlace
 * @param {(index: number) => void} onChoose another filter
 */
export function createFilterRow(host, onPlace, onChoose) {
  const parts = rowMarkup();
  host.append(...parts.map(build));
  const view = {
    title: getPart(host, "row-title"),
    link: /** @type {HTMLAnchorElement} */ (getPart(host, "step-through")),
    filter: /** @type {HTMLCanvasElement} */ (getPart(host, "row-filter")),
    filterName: getPart(host, "row-filter-name"),
    picture: /** @type {HTMLCanvasElement} */ (getPart(host, "row-picture")),
    pictureNote: getPart(host, "row-picture-note"),
    map: /** @type {HTMLCanvasElement} */ (getPart(host, "row-map")),
    mapName: getPart(host, "row-map-name"),
    mapNote: getPart(host, "row-map-note"),
    mapBox: getPart(host, "row-map-box"),
    ranking: getPart(host, "row-ranking"),
    onPicture: getPart(host, "mark-picture"),
    onMap: getPart(host, "mark-map"),
    patch: /** @type {HTMLCanvasElement} */ (getPart(host, "row-patch")),
    words: getPart(host, "row-words"),
    prefers: getPart(host, "row-prefers"),
    excite: getPart(host, "row-patches"),
    placeName: getPart(host, "row-place-name"),
    place: getPart(host, "row-place"),
    value: getPart(host, "row-value"),
    back: getPart(host, "row-back"),
    legend: /** @type {HTMLCanvasElement} */ (getPart(host, "row-legend")),
    least: getPart(host, "row-least"),
    most: getPart(host, "row-most"),
    bias: getPart(host, "row-bias"),
    digits: getPart(host, "row-digits"),
  };
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

  /** Writes the filter's numbers, channel by channel. @param {FilterRow} close */
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

  /** @param {FilterRow} close */
  function showRanking({ ranking, index }) {
    const { lines, least, most } = ranking ?? { lines: [], least: 0, most: 0 };
    const percent = (/** @type {number} */ size) => `${((100 * size) / (most - least || 1)).toFixed(1)}%`;
    fill(
      view.ranking,
      ...lines.map(
        ({ index: one, name, score }) =>
          /** @type {Description} */ ([
            "li",
            [
              "button",
              {
                type: "button",
                "data-key": `rank-${one}`,
                "aria-pressed": String(one === index),
                onclick: () => onChoose(one),
              },
              ["span", { translate: "no" }, name],
              [
                "span",
                { class: "track" },
                [
                  "i",
                  {
                    style: {
                      "margin-left": percent(Math.min(0, score) - least),
                      width: percent(Math.abs(score)),
                      background: signedScale(1).fill(Math.sign(score) * STRENGTH),
                    },
                  },
                ],
              ],
              ["span", signedNumber(Number(score.toPrecision(3)))],
            ],
          ]),
      ),
    );
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
    const crop = roundBox(box);
    paintThumbnail(view.patch, crop.rows, crop.columns, cropPatch(pixels, input.shape[1], input.shape[2], crop));
  }

  return {
    /** @param {FilterRow} close */
    show(close) {
      now = close;
      const { stage, map, trace } = close;
      setText(view.title, GALLERY.rowTitle(close.index, close.templates, close.label));
      if (view.link.getAttribute("href") !== close.link) view.link.href = close.link;
      setText(view.filterName, GALLERY.filter(close.index, close.templates));
      setText(view.mapName, close.ranking ? GALLERY.ranking : GALLERY.map(close.index));
      setText(view.words, close.words);
      setText(view.prefers, GALLERY.prefers(close.isBeforeEnd));
      setText(view.excite, GALLERY.topPatches(close.isBeforeEnd));
      const [, , rows, columns] = close.bank.shape;
      if (close.at >= 0)
        paintThumbnail(view.filter, rows, columns, filterImage(close.bank, close.at, close.filterRange));
      writeFilter(close);
      paintPicture(trace);
      const prepared = trace.stages[1];
      setText(
        view.pictureNote,
        prepared
          ? GALLERY.prepared(prepared.shape[1], prepared.shape[2], prepared.shape[0] === 3, {
              inverted: Boolean(preprocessingOf(trace)?.inverted),
              isCentered: close.isCentered,
            })
          : GALLERY.noFit,
      );
      host.classList.toggle("without-map", !map || !stage);
      host.classList.toggle("map-behind", close.isMapBehind);
      if (!map || !stage) return;
      paintThumbnail(view.map, stage.shape[1], stage.shape[2], signedMapImage(map, close.mapRange));
      paintLegend(view.legend, legendImage("signed"));
      const place = clampPlace(close.place ?? strongestPlace(map, stage), stage.shape[1], stage.shape[2]);
      const value = map[place[0] * stage.shape[2] + place[1]];
      view.mapBox.ariaLabel = GALLERY.mapHelp(stage.shape[1], stage.shape[2]);
      setText(view.mapNote, close.ranking?.note ?? GALLERY.mapShape(stage.shape[1], stage.shape[2]));
      showRanking(close);
      const single = stage.shape[1] * stage.shape[2] === 1;
      host.classList.toggle("single", single);
      setText(view.placeName, single ? GALLERY.score : close.place ? GALLERY.chosenPlace : GALLERY.strongestHere);
      setText(view.place, single ? "" : GALLERY.place(...place));
      setText(view.value, signedNumber(value));
      setText(view.bias, close.bias ? GALLERY.bias(signedNumber(close.bias)) : "");
      view.back.hidden = !close.place;
      setText(view.least, `−${numberText(close.mapRange)}`);
      setText(view.most, `+${numberText(close.mapRange)}`);
      placeMarks(close, place);
    },
    /** @param {TopPatch[] | null} patches null while they are requested */
    patches(patches) {
      const list = getPart(host, "patches");
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

/** The picture before preprocessing. @param {Trace} trace */
function inputImage(trace) {
  const [input] = trace.stages;
  const ends = photoRange(trace);
  return input.shape[0] === 3 ? photoImage(input, ends) : stageImage(input, 0, grayScale(...ends));
}

/** @param {HTMLElement} element @param {Record<string, string>} box styles from boxStyle */
function placeMark(element, box) {
  for (const [name, value] of Object.entries(box)) element.style.setProperty(name, value);
}

/** @returns {Description[]} */
function rowMarkup() {
  return [
    [
      "header",
      ["h2", { "data-part": "row-title" }],
      ["a", { class: "link", "data-part": "step-through", href: siteAddress("/") }, GALLERY.stepThrough],
    ],
    [
      "div",
      { class: "trio" },
      [
        "figure",
        { class: "of-filter" },
        ["div", { class: "frame" }, ["canvas", { "data-part": "row-filter", "aria-hidden": "true" }]],
        ["figcaption", { class: "is-filter", "data-part": "row-filter-name" }],
        ["small", { class: "muted" }],
      ],
      ["span", { class: "sign", "aria-hidden": "true" }, "∗"],
      [
        "figure",
        { class: "of-input" },
        [
          "div",
          { class: "frame" },
          ["canvas", { "data-part": "row-picture", "aria-hidden": "true" }],
          ["i", { class: "mark", "data-part": "mark-picture" }],
        ],
        ["figcaption", { class: "is-input" }, GALLERY.picture],
        ["small", { class: "muted", "data-part": "row-picture-note" }],
      ],
      ["span", { class: "sign", "aria-hidden": "true" }, "="],
      [
        "figure",
        { class: "of-output" },
        [
          "div",
          {
            class: "frame",
            "data-part": "row-map-box",
            tabindex: 0,
            role: "application",
            "aria-roledescription": GALLERY.mapRole,
          },
          ["canvas", { "data-part": "row-map", "aria-hidden": "true" }],
          ["i", { class: "mark", "data-part": "mark-map" }],
        ],
        ["ol", { class: "ranking", "data-part": "row-ranking" }],
        ["figcaption", { class: "is-output", "data-part": "row-map-name" }],
        ["small", { class: "muted", "data-part": "row-map-note" }],
      ],
    ],
    [
      "div",
      { class: "facts" },
      [
        "div",
        { class: "numbers" },
        ["p", ["b", { "data-part": "row-prefers" }], " ", ["span", { "data-part": "row-words" }]],
        [
          "div",
          { class: "place" },
          ["canvas", { class: "patch", "data-part": "row-patch", "aria-hidden": "true" }],
          [
            "p",
            ["b", { "data-part": "row-place-name" }],
            " ",
            ["span", { "data-part": "row-place" }],
            ["br"],
            ["output", { "data-part": "row-value" }],
            " ",
            ["span", { class: "muted small", "data-part": "row-bias" }],
            ["br"],
            [
              "button",
              { type: "button", class: "link small", "data-part": "row-back", hidden: true },
              GALLERY.toStrongest,
            ],
          ],
        ],
        [
          "div",
          { class: "legend" },
          ["span", { "data-part": "row-least" }],
          ["canvas", { "data-part": "row-legend", width: 256, height: 1, "aria-hidden": "true" }],
          ["span", { "data-part": "row-most" }],
        ],
      ],
      [
        "div",
        { class: "top-patches" },
        ["h3", { "data-part": "row-patches" }],
        ["ul", { class: "patches", "data-part": "patches" }],
      ],
    ],
    [
      "div",
      {
        class: "row-digits of-digits",
        "data-part": "row-digits",
        tabindex: 0,
        role: "region",
        "aria-label": GALLERY.rowDigits,
        hidden: true,
      },
    ],
  ];
}

/**
 * What the view “Why cat?” shows: the picture with a gray square, the scores of the classes beside it, and the map of the
 * scores at all stops of the square. It fetches nothing: `Covering` has what is known.
 */

import { range } from "convoscope/pure/frame/window.js";
import { mapValues, textColorOn } from "convoscope/pure/maps/palette.js";
import { OCCLUSION } from "convoscope/pure/strings/on-demand/occlusion-strings.js";
import { className } from "convoscope/pure/tabs/network/occlusion/final-scores.js";
import {
  lowestStops,
  rangeOfScores,
  shadeOf,
  stopAt,
  stopOfPlace,
} from "convoscope/pure/tabs/network/occlusion/score-map.js";
import { countStops, offerSides, writeSides } from "convoscope/pure/tabs/network/occlusion/square-stops.js";
import { percentText, shortNumber } from "convoscope/pure/text/number-text.js";

/** @import {Cell} from "convoscope/pure/types.js" */
/** @import {ClassScores} from "convoscope/pure/tabs/network/occlusion/final-scores.js" */
/** @import {ScoreMap} from "convoscope/pure/tabs/network/occlusion/score-map.js" */
/** @import {Sides} from "convoscope/pure/tabs/network/occlusion/square-stops.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** The scores of all classes with the square at a place. @typedef {{at: Cell, scores: number[], shares: number[] | null}} Covered */

/**
 * What is known of a picture that is covered.
 * @typedef {object} Covering
 * @property {ClassScores} scores those of the picture without the square
 * @property {Sides} sides
 * @property {string} target as in a link; "" for the strongest class
 * @property {number} index the number of the class
 * @property {Cell | null} square its first row and column; null while it is put away
 * @property {Covered | null} covered the newest answer
 * @property {ScoreMap | null} map
 * @property {number} filled how many stops of the map are shown
 * @property {boolean} isSliding
 * @property {string} trouble a sentence; "" for none
 * @property {boolean} isLocked
 * @property {boolean} asksFirst whether the map is still to come
 */

const MOST_CLASSES = 10;
const MOST_SAID = 3;
/** Wider panels have the map beside the scores, in widths of a letter; with fewer, all stands in one column. */
const [WIDE, NARROW] = [70, 46];
/** The parts of the panel's width that the picture has at most: of three columns, of two, of one. */
const [OF_THREE, OF_TWO, OF_ONE] = [0.42, 0.52, 1];
/** Lines of text above and below the picture, and those of its legend. */
const [LINES, LEGEND_LINES] = [5.2, 2];
/** Lines around the list of classes, with its controls, and so many classes at least. */
const [LINES_AROUND, LEAST_CLASSES] = [11, 3];
/** A cell has its number from so many letters of width on. */
const LETTERS = 3.6;

/** @param {Covering} covering @param {{width: number, height: number, text: number}} size @returns {Description} */
export function describeOcclusion(covering, size) {
  const columns = size.width > WIDE * size.text ? 3 : size.width > NARROW * size.text ? 2 : 1;
  const part = [OF_ONE, OF_TWO, OF_THREE][columns - 1];
  const [rows, cols] = covering.sides.size;
  const high =
    columns === 1
      ? size.width
      : Math.max(120, size.height - (covering.map ? LINES + LEGEND_LINES : LINES) * 1.4 * size.text);
  const cell = Math.min((size.width * part) / cols, high / rows);
  const style = { "--wide": `${Math.floor(cols * cell)}px`, "--high": `${Math.floor(rows * cell)}px` };
  const name = className(covering.scores, covering.index);
  return [
    "div",
    { class: `occlusion-view of-${columns}`, style: { ...style, "font-size": `${size.text}px` } },
    ["h2", { class: "occlusion-question" }, OCCLUSION.question(className(covering.scores, plainOrder(covering)[0]))],
    ["div", { class: "occlusion-left" }, describePhoto(covering), describeLegend(covering, name)],
    [
      "div",
      { class: "occlusion-right" },
      describeScores(covering, columns === 1 ? MOST_CLASSES : countClasses(size)),
      describeControls(covering),
    ],
    columns === 3 && describeMap(covering, name, cell, size.text),
    ["p", { class: "occlusion-says" }, covering.trouble || sayCovered(covering)],
    ["p", { class: "occlusion-caution muted" }, OCCLUSION.caution],
    describeFalls(covering),
  ];
}

/** How many classes there is room for. @param {{height: number, text: number}} size */
function countClasses({ height, text }) {
  const lines = Math.floor(height / (1.5 * text) - LINES_AROUND);
  return Math.min(MOST_CLASSES, Math.max(LEAST_CLASSES, lines));
}

/** The scores before the softmax without the square. @param {Covering} covering */
function plainScores({ scores }) {
  return range(scores.stage.shape[0]).map((index) => mapValues(scores.stage, index)[0]);
}

/** The classes with the highest score first, of equal ones the first. @param {Covering} covering */
export function plainOrder(covering) {
  const scores = plainScores(covering);
  return range(scores.length).sort((a, b) => scores[b] - scores[a] || a - b);
}

/** @param {Covering} covering @returns {Description} */
function describePhoto(covering) {
  const { sides, square, map, filled, isLocked } = covering;
  const { window, size, stride } = sides;
  const percent = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  const overlay = map && {
    left: percent(map.lefts[0] + (window[1] - stride[1]) / 2, size[1]),
    top: percent(map.tops[0] + (window[0] - stride[0]) / 2, size[0]),
    width: percent(map.lefts.length * stride[1], size[1]),
    height: percent(map.tops.length * stride[0], size[0]),
  };
  return [
    "div",
    { class: "occlusion-photo", "data-part": "occlusion-photo", "data-still": isLocked },
    ["canvas", { "data-part": "occlusion-picture", "aria-hidden": "true" }],
    overlay && filled > 0 && ["canvas", { "data-part": "occlusion-overlay", "aria-hidden": "true", style: overlay }],
    square && [
      isLocked ? "div" : "button",
      {
        ...(isLocked ? {} : { type: "button", "aria-label": saySquare(square, window) }),
        class: "occlusion-square",
        "data-part": "occlusion-square",
        "data-key": "occlusion-square",
        style: {
          top: percent(square[0], size[0]),
          left: percent(square[1], size[1]),
          height: percent(window[0], size[0]),
          width: percent(window[1], size[1]),
        },
      },
    ],
  ];
}

/** @param {Cell} square @param {Cell} window */
function saySquare([row, column], [height, width]) {
  return OCCLUSION.square(row, row + height - 1, column, column + width - 1);
}

/** What is shown of each class: with the square, and without it. @param {Covering} covering */
function scoresShown({ covered, square, scores, index, map, isSliding, filled }) {
  const of = (/** @type {import("convoscope/pure/types.js").Stage | null} */ stage) =>
    stage && range(stage.shape[0]).map((n) => mapValues(stage, n)[0]);
  const before = { scores: of(scores.stage) ?? [], shares: of(scores.shares) };
  if (isSliding && map && filled > 0) {
    const stop = stopAt(map, filled - 1);
    const only = (/** @type {number | null} */ value) =>
      range(before.scores.length).map((n) => (n === index ? value : null));
    return { before, now: { scores: only(stop.score), shares: before.shares && only(stop.share) } };
  }
  const now = square && covered ? covered : before;
  return { before, now: { scores: now.scores, shares: now.shares } };
}

/** @param {Covering} covering @param {number} room how many classes there is room for @returns {Description} */
function describeScores(covering, room) {
  const { scores, index } = covering;
  const order = plainOrder(covering);
  const shown = order.slice(0, room);
  if (!shown.includes(index)) shown.splice(-1, 1, index);
  const { before, now } = scoresShown(covering);
  const known = now.scores.flatMap((score, n) => (score === null ? [] : [{ n, score }]));
  const winner = known.length > 1 ? known.reduce((best, one) => (one.score > best.score ? one : best)).n : null;
  const ends = [...before.scores, ...known.map(({ score }) => score), 0];
  const [least, most] = before.shares ? [0, 1] : [Math.min(...ends), Math.max(...ends)];
  const place = (/** @type {number} */ value) => `${(100 * (value - least)) / (most - least || 1)}%`;
  const lines = shown.map((n) => {
    const [score, share] = [now.scores[n], now.shares?.[n] ?? null];
    const value = before.shares ? share : score;
    const then = (before.shares ?? before.scores)[n];
    return /** @type {Description} */ ([
      "li",
      {
        class: `${n === index ? "is-target" : ""} ${n === winner ? "is-first" : ""}`,
        "data-class": n,
        "data-dim": value === null,
      },
      ["span", { translate: "no" }, className(scores, n)],
      [
        "i",
        { class: "occlusion-track", "aria-hidden": "true" },
        value !== null && [
          "i",
          { style: { left: place(Math.min(value, Math.max(least, 0))), width: widthOf(value, least, most) } },
        ],
        ["b", { style: { left: place(then) } }],
      ],
      before.shares && ["span", { class: "mono" }, share === null ? "" : percentText(share)],
      ["span", { class: "mono", "data-score": "" }, score === null ? "" : shortNumber(score)],
    ]);
  });
  const heads = before.shares ? [OCCLUSION.share, OCCLUSION.score] : [OCCLUSION.onlyScore];
  return [
    "div",
    { class: `occlusion-scores ${before.shares ? "" : "no-shares"}` },
    ["p", { class: "muted" }, heads.join(" · ")],
    ["ol", { "aria-label": OCCLUSION.scores }, ...lines],
  ];
}

/** How long a bar is. @param {number} value @param {number} least @param {number} most */
function widthOf(value, least, most) {
  return `${(100 * Math.abs(value - Math.max(least, Math.min(0, most)))) / (most - least || 1)}%`;
}

/** @param {Covering} covering @returns {Description} */
function describeControls(covering) {
  const { sides, target, index, square, isSliding, isLocked, scores } = covering;
  const strongest = className(scores, plainOrder(covering)[0]);
  const chosen = target === "" ? "" : className(scores, index);
  const classes = ["", ...range(scores.stage.shape[0]).map((n) => className(scores, n))];
  return [
    "div",
    { class: "occlusion-controls" },
    describeChoice("window", OCCLUSION.window, offerSides(sides, "window"), writeSides(sides.window), isLocked),
    describeChoice("stride", OCCLUSION.stride, offerSides(sides, "stride"), writeSides(sides.stride), isLocked),
    describeChoice("target", OCCLUSION.target, classes, chosen, isLocked, OCCLUSION.strongest(strongest)),
    describeButton("occlusion-slide", isSliding ? OCCLUSION.stop : OCCLUSION.slide, isLocked),
    describeButton("occlusion-away", square ? OCCLUSION.away : OCCLUSION.back, isLocked || isSliding),
  ];
}

/**
 * @param {string} key @param {string} label @param {string[]} choices @param {string} chosen @param {boolean} isLocked
 * @param {string} [first] the text of the choice ""
 * @returns {Description}
 */
function describeChoice(key, label, choices, chosen, isLocked, first = "") {
  const options = choices.map(
    (choice) =>
      /** @type {Description} */ ([
        "option",
        { value: choice, selected: choice === chosen },
        (choice || first).replace("x", key === "target" ? "x" : " × "),
      ]),
  );
  return [
    "label",
    label,
    ["select", { "data-choice": key, "data-key": `occlusion-${key}`, disabled: isLocked }, ...options],
  ];
}

/** @param {string} part @param {string} label @param {boolean} isOff @returns {Description} */
function describeButton(part, label, isOff) {
  return ["button", { type: "button", class: "button", "data-part": part, "data-key": part, disabled: isOff }, label];
}

/**
 * The map with its numbers, where they fit.
 * @param {Covering} covering @param {string} name @param {number} cell @param {number} text @returns {Description}
 */
function describeMap({ map, filled, sides }, name, cell, text) {
  const [rows, columns] = countStops(sides);
  const axis = OCCLUSION.stops(String(sides.size[1]), String(sides.window[1]), String(sides.stride[1]), columns);
  const side = (cell * sides.size[1]) / columns;
  const numbers = map && side * 0.8 > LETTERS * text * 0.62 ? range(Math.min(filled, rows * columns)) : [];
  const { low, high } = map ? rangeOfScores(map) : { low: 0, high: 1 };
  return [
    "div",
    { class: "occlusion-map" },
    ["p", { class: "occlusion-title" }, ["b", OCCLUSION.map(name)]],
    [
      "div",
      { class: "occlusion-stops", "data-part": "occlusion-stops", style: { "aspect-ratio": `${columns} / ${rows}` } },
      ["canvas", { "data-part": "occlusion-shades", "aria-hidden": "true" }],
      numbers.length > 0 && [
        "svg",
        { viewBox: `0 0 ${columns * 10} ${rows * 10}`, "aria-hidden": "true" },
        ...numbers.map((n) => {
          const { stop, score } = stopAt(/** @type {ScoreMap} */ (map), n);
          const shade = shadeOf(score, low, high);
          return /** @type {Description} */ ([
            "text",
            { x: stop[1] * 10 + 5, y: stop[0] * 10 + 6.2, fill: textColorOn([shade, shade, shade]) },
            shortNumber(score),
          ]);
        }),
      ],
    ],
    ["p", { class: "mono muted" }, axis],
  ];
}

/** @param {Covering} covering @param {string} name @returns {Description | false} */
function describeLegend({ map, filled, isSliding }, name) {
  if (!map || isSliding || filled === 0) return false;
  const { low, high } = rangeOfScores(map);
  const [dark, before, light] = [low, map.score, high].map(shortNumber);
  return [
    "ul",
    { class: "occlusion-legend", "data-part": "occlusion-legend" },
    ["li", { class: "is-dark" }, OCCLUSION.dark(name, before, dark)],
    ["li", { class: "is-light" }, light === before ? OCCLUSION.light(light) : OCCLUSION.raises(light)],
  ];
}

/** What the square does where it is. @param {Covering} covering */
export function sayCovered(covering) {
  const { covered, square, index, scores, map, isSliding, asksFirst } = covering;
  const name = className(scores, index);
  const plain = plainScores(covering);
  const before = shortNumber(plain[index]);
  if (isSliding) return OCCLUSION.waiting;
  if (!square) return OCCLUSION.plain(name, before);
  const stop = map && stopOfPlace(map, square);
  if (!covered || covered.at.join() !== square.join())
    return stop ? OCCLUSION.covered(name, shortNumber(stop.score), before) : asksFirst ? OCCLUSION.drag : "";
  const [winner] = range(plain.length).sort((a, b) => covered.scores[b] - covered.scores[a] || a - b);
  const said = OCCLUSION.covered(name, shortNumber(covered.scores[index]), before);
  return winner === plainOrder(covering)[0] ? said : `${said} ${OCCLUSION.winner(className(scores, winner))}`;
}

/** The strongest falls, for who cannot see the map. @param {Covering} covering @returns {Description | false} */
function describeFalls({ map, isSliding }) {
  if (!map || isSliding) return false;
  const before = shortNumber(map.score);
  return [
    "ol",
    { class: "unseen", "data-part": "occlusion-falls" },
    ...lowestStops(map, MOST_SAID).map(
      ({ at, score }) => /** @type {Description} */ (["li", OCCLUSION.fall(at[0], at[1], shortNumber(score), before)]),
    ),
  ];
}

/**
 * The receptive field of the cell in focus: all stages side by side, the picture first, and the boxes that the cell is
 * made from. Its presses: the question, one layer back after the other to the picture, the formula.
 */

import { range } from "convoscope/pure/frame/window.js";
import { shapeText } from "convoscope/pure/maps/shape-text.js";
import { FIELD } from "convoscope/pure/strings/tab-strings.js";
import { countPaths, fieldOf, firstOf, shownBoxes, sizeOf, termsOf } from "convoscope/pure/tabs/field/field-boxes.js";
import { layOutField, liesInside } from "convoscope/pure/tabs/field/field-layout.js";
import { stageTitle } from "convoscope/pure/text/caption.js";

/** @import {Frame, Rect, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {FieldBox} from "convoscope/pure/tabs/field/field-boxes.js" */
/** @import {FieldColumn} from "convoscope/pure/tabs/field/field-layout.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {import("convoscope/ui/dom.js").Content} Content */

/** Distance of the lines that hatch what lies outside, in pixels. */
const HATCH = 6;
/** The most blocks along a side of a box that is shaded. */
const MOST_BLOCKS = 40;
/** The part of a wide panel that the stages have, beside the lines about them. */
const WIDE_SHARE = 0.6;
/** The room for sizes that stand at the edge, on each side. */
const EDGE = 26;
/** A line and the names below the stages, in sizes of letters and in lines; a line with its gap; a character. */
const [LINE, CAPTION_LINES, GAP_OF_LINES, CHARACTER] = [1.45, 2.9, 1.25, 0.56];
/** A panel narrower than so many sizes of letters has the lines below the stages. */
const NARROW = 34;
/** What takes no part is dimmed to 35 %. */
const DIM = 0.65;

/** One press for each layer back, and one for the formula. @param {Trace} trace @param {Frame} frame */
export function fieldPresses(trace, frame) {
  return shownBoxes(trace, fieldOf(trace, frame)).length;
}

/** @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Description} */
export function fieldView(trace, frame, { view, press, size }) {
  const field = fieldOf(trace, frame);
  const boxes = shownBoxes(trace, field).reverse();
  const last = boxes.length - 1;
  /** The first column whose box is shown. */
  const first = last - Math.min(press, last);
  const line = size.text * LINE;
  const { isWide, layout } = arrange(trace, field, boxes, size, writeQuestion(trace, frame));
  const { width, height, columns } = layout;
  const paths = view.paths && first === 0 ? countInside(trace, field, boxes[0]) : null;
  return [
    "div",
    { class: "field-view", style: { "font-size": `${size.text}px` } },
    ["p", { class: "question" }, writeQuestion(trace, frame)],
    [
      "div",
      { class: isWide ? "field-body beside" : "field-body" },
      [
        "div",
        { class: "field-scroll", tabindex: 0, role: "region", "aria-label": FIELD.stages },
        [
          "div",
          {
            class: "field-stages",
            "data-rove": "",
            style: { width: `${width}px`, height: `${height + CAPTION_LINES * line}px` },
          },
          ...columns.map(({ box, map, isStrip }) => thumbnail(trace, box, map, isStrip)),
          [
            "svg",
            { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": true },
            ...columns.flatMap((column, n) => drawBox(trace, column, n, { first, last, size: size.text })),
            ...(paths ? shade(paths, columns[0]) : []),
            ...columns.slice(first, last).flatMap((column, n) => joinBoxes(column, columns[first + n + 1])),
          ],
          ...columns.map((column) => caption(trace, column, height, view)),
        ],
      ],
      ["div", { class: "field-says" }, ...says(trace, field, boxes, { first, last, press, paths })],
    ],
    table(trace, boxes.slice(first)),
  ];
}

/**
 * Places the stages above their description, or beside it where the stages become larger that way.
 * @param {Trace} trace @param {FieldBox[]} field @param {FieldBox[]} boxes @param {ViewContext["size"]} size
 * @param {string} question
 */
function arrange(trace, field, boxes, size, question) {
  const line = size.text * LINE;
  const last = boxes.length - 1;
  const said = says(trace, field, boxes, { first: 0, last, press: last + 1, paths: null });
  const lay = (/** @type {boolean} */ isWide) => {
    const width = size.width * (isWide ? WIDE_SHARE : 1) - 2 * EDGE;
    const below = isWide ? 0 : countLines(said, size.width / (CHARACTER * size.text));
    const taken = countLines([question], size.width / (CHARACTER * size.text)) + CAPTION_LINES + below;
    const room = { width, height: Math.max(60, size.height - line * (taken + 0.7)) };
    return { isWide, layout: layOutField(trace, boxes, room, size.text) };
  };
  const [beside, above] = [true, false].map(lay);
  const isNarrow = size.width < NARROW * size.text;
  return beside.layout.height > above.layout.height && !isNarrow ? beside : above;
}

/**
 * About how many lines texts take, each in lines of its own; bars are lines, too.
 * @param {Content[]} texts @param {number} characters of a line
 */
function countLines(texts, characters) {
  let lines = 0;
  for (const text of texts) {
    const parts = Array.isArray(text) && text[0] === "div" ? text.length - 2 : 1;
    lines += Math.max(parts, Math.ceil(lengthOf(text) / characters)) * GAP_OF_LINES;
  }
  return lines;
}

/** @param {Content} content @returns {number} its characters */
function lengthOf(content) {
  if (typeof content === "string") return content.length;
  if (!Array.isArray(content)) return 0;
  const parts = /** @type {Content[]} */ (
    content.slice(1).filter((part) => typeof part === "string" || Array.isArray(part))
  );
  return parts.map(lengthOf).reduce((sum, length) => sum + length, 0);
}

/** @param {Trace} trace @param {Frame} frame */
function writeQuestion(trace, { stage, row, col }) {
  const [, rows, columns] = trace.stages[stage].shape;
  const title = stageTitle(trace, stage);
  return rows * columns === 1 ? FIELD.questionOfValue(title) : FIELD.question(title, row, col);
}

/**
 * The map of a stage, from which a click leads to the stage.
 * @param {Trace} trace @param {FieldBox} box @param {Rect} rect @param {boolean} isStrip @returns {Description}
 */
function thumbnail(trace, box, rect, isStrip) {
  const place = { left: `${rect.x}px`, top: `${rect.y}px`, width: `${rect.width}px`, height: `${rect.height}px` };
  if (isStrip) return ["span", { class: "field-strip", style: place }];
  const isAlone = box.map < 0 || (box.stage === 0 && trace.stages[0].shape[0] === 3);
  return ["canvas", { "data-thumb": `${box.stage},${isAlone ? -1 : box.map}`, "aria-hidden": true, style: place }];
}

/** @param {Trace} trace @param {FieldColumn} column @param {number} height @param {View} view @returns {Description} */
function caption(trace, { box, frame, pitch }, height, view) {
  const stage = trace.stages[box.stage];
  const { index, shape, classes } = stage;
  const [maps, rows, columns] = shape;
  const middle = (/** @type {[number, number]} */ [first, last]) => Math.floor((first + last) / 2);
  const size = rows * columns === 1 && maps > 1 ? FIELD.values(maps) : FIELD.size(rows, columns);
  return [
    "button",
    {
      type: "button",
      class: "field-caption",
      "data-key": `field-${index}`,
      "data-go": [index, Math.max(0, box.map), middle(box.inside.rows), middle(box.inside.columns)].join(),
      style: { left: `${frame.x + frame.width / 2}px`, top: `${height}px`, "max-width": `${Math.max(44, pitch)}px` },
    },
    ["b", classes && rows * columns === 1 ? classes[Math.max(0, box.map)] : stageTitle(trace, index)],
    ["span", { class: "muted" }, shapeText(stage, size, view, trace)],
  ];
}

/**
 * The box of a stage: what lies outside is hatched, what takes no part dimmed.
 * @param {Trace} trace @param {FieldColumn} column @param {number} n
 * @param {{first: number, last: number, size: number}} shown @returns {Description[]}
 */
function drawBox(trace, { box, map, frame, inside, whole, isStrip }, n, { first, last, size }) {
  if (n < first) return [];
  const name = n === last ? "cell" : "box";
  const label = n === last ? "" : isStrip ? FIELD.all : sizeText(trace, box, box.isBound);
  const below = inside.y + inside.height + size * 1.15;
  const y = below < frame.y + frame.height + size ? below : Math.max(size, whole.y - 5);
  return [
    ...(isStrip ? [] : dimAround(map, inside)),
    ...(liesInside(box, trace) || isStrip ? [] : hatchOutside(whole, map)),
    ["rect", { ...whole, class: "field-outside" }],
    ["rect", { ...inside, class: "field-halo" }],
    ["rect", { ...inside, class: `field-${name}` }],
    ["text", { x: whole.x + whole.width / 2, y, "font-size": size, class: "field-size" }, label],
  ];
}

/** @param {Rect} map @param {Rect} box @returns {Description[]} */
function dimAround(map, box) {
  const [right, bottom] = [map.x + map.width, map.y + map.height];
  const [boxRight, boxBottom] = [box.x + box.width, box.y + box.height];
  const sides = [
    [map.x, map.y, map.width, box.y - map.y],
    [map.x, boxBottom, map.width, bottom - boxBottom],
    [map.x, box.y, box.x - map.x, box.height],
    [boxRight, box.y, right - boxRight, box.height],
  ];
  return sides
    .filter(([, , width, height]) => width > 0.01 && height > 0.01)
    .map(([x, y, width, height]) => ["rect", { x, y, width, height, class: "field-dim", opacity: DIM }]);
}

/** Hatches the part of a box outside of its map. @param {Rect} box @param {Rect} map @returns {Description[]} */
function hatchOutside(box, map) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const [left, top] = [Math.min(Math.max(map.x, box.x), right), Math.min(Math.max(map.y, box.y), bottom)];
  const [mapRight, mapBottom] = [
    Math.max(Math.min(map.x + map.width, right), left),
    Math.max(Math.min(map.y + map.height, bottom), top),
  ];
  const strips = [
    [box.x, box.y, box.width, top - box.y],
    [box.x, mapBottom, box.width, bottom - mapBottom],
    [box.x, top, left - box.x, mapBottom - top],
    [mapRight, top, right - mapRight, mapBottom - top],
  ].filter(([, , width, height]) => width > 0.01 && height > 0.01);
  return strips.length ? [["path", { d: strips.map(hatchPath).join(""), class: "field-hatch" }]] : [];
}

/** Diagonals in a rectangle, each clipped to it; those of neighbors continue. @param {number[]} rect */
function hatchPath([x, y, width, height]) {
  let path = "";
  for (let sum = Math.ceil((x + y) / HATCH) * HATCH; sum < x + y + width + height; sum += HATCH) {
    const [from, to] = [Math.max(x, sum - y - height), Math.min(x + width, sum - y)];
    path += `M${from.toFixed(1)} ${(sum - from).toFixed(1)}L${to.toFixed(1)} ${(sum - to).toFixed(1)}`;
  }
  return path;
}

/**
 * Two lines from a box to the one of the next column.
 * @param {FieldColumn} from @param {FieldColumn} to @returns {Description[]}
 */
function joinBoxes(from, to) {
  const [x1, x2] = [from.whole.x + from.whole.width, to.whole.x];
  return [
    ["line", { x1, y1: from.whole.y, x2, y2: to.whole.y, class: "field-join" }],
    ["line", { x1, y1: from.whole.y + from.whole.height, x2, y2: to.whole.y + to.whole.height, class: "field-join" }],
  ];
}

/**
 * Dims the cells of the picture by how few paths lead from them.
 * @param {Paths} paths @param {FieldColumn} column @returns {Description[]}
 */
function shade({ counts, most }, { inside }) {
  const [rows, columns] = [counts.length, counts[0].length];
  const [down, across] = [Math.min(rows, MOST_BLOCKS), Math.min(columns, MOST_BLOCKS)];
  const [high, wide] = [inside.height / down, inside.width / across];
  return Array.from({ length: down * across }, (_, n) => {
    const [r, c] = [Math.floor(n / across), n % across];
    const count = counts[Math.floor(((r + 0.5) * rows) / down)][Math.floor(((c + 0.5) * columns) / across)];
    const opacity = (DIM * (1 - count / most)).toFixed(3);
    return [
      "rect",
      { x: inside.x + c * wide, y: inside.y + r * high, width: wide, height: high, class: "field-dim", opacity },
    ];
  });
}

/** @typedef {{counts: number[][], least: number, most: number}} Paths by row and column of the cells that count */

/**
 * The paths from each cell of the picture that counts.
 * @param {Trace} trace @param {FieldBox[]} field @param {FieldBox} box @returns {Paths}
 */
function countInside(trace, field, box) {
  const all = countPaths(trace, field);
  const [, wide] = sizeOf(box);
  const { rows, columns } = box.inside;
  const counts = range(rows[1] - rows[0] + 1).map((r) =>
    range(columns[1] - columns[0] + 1).map(
      (c) => all[(rows[0] + r - box.rows[0]) * wide + columns[0] + c - box.columns[0]] ?? 0,
    ),
  );
  let [least, most] = [Infinity, 1];
  for (const count of counts.flat()) [least, most] = [Math.min(least, count), Math.max(most, count)];
  return { counts, least, most };
}

/** The size of a box in words. @param {Trace} trace @param {FieldBox} box @param {boolean} isBound */
function sizeText(trace, box, isBound) {
  const size = FIELD.size(...sizeOf(box));
  const [, rows, columns] = trace.stages[box.stage].shape;
  const [high, wide] = sizeOf(box);
  if (box.rows[0] === 0 && box.columns[0] === 0 && high === rows && wide === columns) return FIELD.whole(size);
  return isBound ? FIELD.atMost(size) : size;
}

/** What a box tells who does not see it. @param {Trace} trace @param {FieldBox[]} boxes @returns {Description} */
function table(trace, boxes) {
  const span = (/** @type {[number, number]} */ [first, last]) => (first === last ? `${first}` : `${first} – ${last}`);
  return [
    "table",
    { class: "unseen" },
    ["caption", FIELD.tableTitle],
    ["thead", ["tr", ...FIELD.tableHead.map((text) => /** @type {Description} */ (["th", { scope: "col" }, text]))]],
    [
      "tbody",
      ...boxes.map(
        (box) =>
          /** @type {Description} */ ([
            "tr",
            ["th", { scope: "row" }, stageTitle(trace, box.stage)],
            ["td", sizeText(trace, box, box.isBound)],
            ["td", span(box.inside.rows)],
            ["td", span(box.inside.columns)],
          ]),
      ),
    ],
  ];
}

/**
 * The lines below the stages: how far the presses are.
 * @param {Trace} trace @param {FieldBox[]} field @param {FieldBox[]} boxes
 * @param {{first: number, last: number, press: number, paths: Paths | null}} shown @returns {Description[]}
 */
function says(trace, field, boxes, { first, last, press, paths }) {
  const stage = trace.stages[boxes[last].stage];
  if (first === last) return [];
  const box = boxes[first];
  if (first > 0) {
    const title = stageTitle(trace, box.stage);
    const size = sizeText(trace, box, box.isBound);
    return [["p", first === last - 1 ? FIELD.window(title, size) : FIELD.further(title, size)]];
  }
  const lines = [fieldSentence(stage, sizeText(trace, box, box.isBound)), apartSentence(trace, stage)];
  const formula = press > last ? formulaLines(trace, field, stage) : [];
  const comparison = press > last ? compareLines(trace, field) : [];
  return [
    ["p", lines.filter(Boolean).join(" ")],
    ...formula.map((text) => /** @type {Description} */ (["p", { class: "mono is-output" }, text])),
    ...comparison,
    [
      "p",
      [
        "button",
        {
          type: "button",
          class: "button",
          "data-key": "field-paths",
          "data-set": `paths=${paths ? 0 : 1}`,
          "aria-pressed": String(paths !== null),
        },
        FIELD.shade,
      ],
      paths && ` ${FIELD.paths(paths.most, paths.least)}`,
    ],
  ];
}

/** @param {Stage} stage @param {string} size */
function fieldSentence(stage, size) {
  if (stage.sees_whole_input) return FIELD.wholePicture;
  return FIELD.inPicture(stage.receptive_field_at_most ? FIELD.atMost(FIELD.size(...stage.receptive_field)) : size);
}

/**
 * How far neighbors lie apart in the picture, and where the first one begins.
 * @param {Trace} trace @param {Stage} stage
 */
function apartSentence(trace, stage) {
  const [, rows, columns] = stage.shape;
  if (rows * columns === 1 || stage.sees_whole_input) return "";
  const [down, across] = stage.jump;
  const [top, left] = firstOf(trace, stage.index);
  return [FIELD.apart(down, across), FIELD.starts(top, left)].join(" ");
}

/** @param {Trace} trace @param {FieldBox[]} field @param {Stage} stage @returns {string[]} */
function formulaLines(trace, field, stage) {
  if (stage.sees_whole_input) return [];
  const [rows, columns] = [termsOf(trace, field, 0), termsOf(trace, field, 1)];
  if (!rows || !columns) return stage.receptive_field_at_most ? [FIELD.union] : [];
  if (!rows.length && !columns.length) return [];
  const [down, across] = [FIELD.formula(rows), FIELD.formula(columns)];
  return down === across ? [down] : [FIELD.alongRows(down), FIELD.alongColumns(across)];
}

/**
 * Layers of one small window beside one of a large window that sees as much.
 * @param {Trace} trace @param {FieldBox[]} field @returns {Description[]}
 */
function compareLines(trace, field) {
  const layers = field.map(({ stage }) => trace.stages[stage]).filter(({ kind, rows }) => kind === "conv" && rows);
  const others = field.some(({ stage }) => !["conv", "pointwise", "input"].includes(trace.stages[stage].kind));
  const [down, across] = [termsOf(trace, field, 0), termsOf(trace, field, 1)];
  const side = layers[0]?.rows?.kernel ?? 0;
  const isAlike = (/** @type {Stage} */ { rows, columns }) =>
    [rows, columns].every((axis) => axis?.kernel === side && axis.stride === 1 && axis.dilation === 1);
  if (others || layers.length < 2 || side < 2 || !layers.every(isAlike) || down?.length !== across?.length) return [];
  const [count, sum] = [layers.length, 1 + layers.length * (side - 1)];
  const [small, large] = [count * side ** 2, sum ** 2];
  const bar = (/** @type {string} */ name, /** @type {number} */ weights) =>
    /** @type {Description} */ ([
      "div",
      { class: "field-bar" },
      ["span", name],
      ["i", { style: { width: `${(100 * weights) / large}%` } }],
      ["b", { class: "mono" }, `${weights}C²`],
    ]);
  return [
    ["p", FIELD.seeAsMuch(count, side, sum)],
    ["div", { class: "field-bars" }, bar(FIELD.layers(count, side), small), bar(FIELD.oneLayer(sum), large)],
  ];
}

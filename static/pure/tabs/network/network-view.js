/**
 * A network in one view: the picture, one column of maps for each layer, the scores by class, and the wires into what is
 * chosen. Its presses light one column after the other, the scores last.
 */

import { findAnswer } from "convoscope/pure/frame/answer.js";
import { hasCapability } from "convoscope/pure/frame/stage.js";
import { range } from "convoscope/pure/frame/window.js";
import { mapValues } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { NETWORK } from "convoscope/pure/strings/tab-strings.js";
import { fieldOf, sizeOf } from "convoscope/pure/tabs/field/field-boxes.js";
import { nameOfChosen, namesOf, shapeOf } from "convoscope/pure/tabs/network/column-names.js";
import { foldColumns } from "convoscope/pure/tabs/network/fold-columns.js";
import {
  columnOfStage,
  columnsOf,
  drawnShape,
  listByStrength,
  strengthOf,
  workOf,
} from "convoscope/pure/tabs/network/network-columns.js";
import { isList, layoutNetwork, mostColumns } from "convoscope/pure/tabs/network/network-layout.js";
import { wirePaths, wiresInto } from "convoscope/pure/tabs/network/network-wires.js";
import { bySize, MOST_SCORES } from "convoscope/pure/tabs/network/score-order.js";
import { markBefore, sayBefore, writeBefore } from "convoscope/pure/tabs/network/scores-before.js";
import { shortValue } from "convoscope/pure/text/percent.js";

/** @import {Frame, Rect, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {NetworkColumn} from "convoscope/pure/tabs/network/network-columns.js" */
/** @import {NetworkLayout, PlacedColumn} from "convoscope/pure/tabs/network/network-layout.js" */
/** @import {Chosen, Wire} from "convoscope/pure/tabs/network/network-wires.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The lines of text below the network. */
const SAYS_LINES = 3.4;
/** The width of a character of fixed width, in sizes of letters. */
const CHARACTER = 0.64;
/** How many letters a large network is wide and high, and their largest size in pixels. */
const [LETTERS_ACROSS, LETTERS_DOWN, LARGEST_TEXT] = [105, 50, 16];
/** How many of the strongest maps a reader of the screen hears of each layer. */
const MOST_SAID = 3;

/**
 * A network as it is drawn.
 * @typedef {{trace: Trace, view: View, columns: NetworkColumn[], opened: ReadonlySet<number>, layout: NetworkLayout,
 * lit: number, scores: number[], before: number[] | null}} Network `scores` are the classes in the order of their bars
 */

/** One press for each column behind the picture. @param {Trace} trace */
export function networkPresses(trace) {
  return Math.max(...columnsOf(trace).map(({ depth }) => depth));
}

/**
 * Lays a network out for a step in focus.
 * @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Network}
 */
export function arrangeNetwork(trace, frame, context) {
  const { view, press, presses, opened = new Set(), scores, before = null } = context;
  const size = { ...context.size, text: lettersIn(context.size) };
  const all = columnsOf(trace, opened);
  const asList = isList(all, size);
  const columns = asList ? all : foldColumns(trace, all, mostColumns(trace, all, size));
  const room = asList ? size : { ...size, height: size.height - SAYS_LINES * 1.4 * size.text };
  const layout = layoutNetwork(trace, columns, room, { stage: frame.stage, map: frame.map }, asList);
  const last = Math.max(...columns.map(({ depth }) => depth));
  return {
    trace,
    view,
    columns,
    opened,
    layout,
    lit: presses ? Math.round((press / presses) * last) : last,
    scores: scores ?? bySize(trace.stages[trace.stages.length - 1]),
    before: press === presses ? before : null,
  };
}

/** The size of letters: larger where there is room. @param {ViewContext["size"]} size */
function lettersIn({ width, height, text }) {
  return Math.max(text, Math.min(width / LETTERS_ACROSS, height / LETTERS_DOWN, LARGEST_TEXT));
}

/** What is chosen by the step in focus. @param {Frame} frame @param {View} view @returns {Chosen} */
export function chosenBy({ stage, map, row, col }, view) {
  return { stage, map, at: view.at ? [row, col] : null };
}

/** @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Description} */
export function networkView(trace, frame, context) {
  const network = arrangeNetwork(trace, frame, context);
  const { layout, columns, lit } = network;
  const chosen = chosenBy(frame, context.view);
  const found = findWires(network, chosen);
  const style = { width: `${layout.width}px`, height: `${layout.height}px` };
  return [
    "div",
    { class: layout.isList ? "network-view as-list" : "network-view", style: { "font-size": `${layout.text}px` } },
    [
      "div",
      { class: "network-stage", style, "data-rove": "" },
      ...layout.columns.flatMap((placed) => drawColumn(network, placed, chosen)),
      [
        "svg",
        {
          width: layout.width,
          height: layout.height,
          viewBox: `0 0 ${layout.width} ${layout.height}`,
          "aria-hidden": true,
        },
        ...restingLines(network),
        ["g", { "data-part": "network-marks" }, ...networkMarks(network, found)],
      ],
    ],
    ["div", { class: "network-says", "data-part": "network-says" }, ...networkSays(network, found)],
    drawWhy(network, context),
    ["ol", { class: "unseen" }, ...columns.map((column) => describeColumn(network, column, column.depth <= lit))],
  ];
}

/**
 * The button that leads to the covered picture, once the answer is there.
 * @param {Network} network @param {ViewContext} context @returns {Description | false}
 */
function drawWhy({ trace, columns, lit }, { view, dataAddress }) {
  const [first] = findAnswer(trace)?.classes ?? [];
  const isAnswered = columns.every(({ depth }) => depth <= lit) && !view.predict;
  if (!first || !dataAddress || !isAnswered) return false;
  const attributes = {
    type: "button",
    class: "button network-why",
    "data-set": "tab=occlusion&press=0",
    "data-key": "why",
  };
  return ["button", attributes, NETWORK.why(first.name || String(first.map))];
}

/**
 * Thin lines between a map and those that it is made from alone: by a pool, or by a join, whose lines from columns further
 * away pass between the maps.
 * @param {Network} network @returns {Description[]}
 */
function restingLines({ trace, layout, columns, lit }) {
  return layout.columns.flatMap(({ column, maps }) => {
    const work = workOf(trace, column);
    const isJoin = work.kind === "join";
    if (column.depth > lit || !(isJoin || hasCapability(work, "map_by_map"))) return [];
    return column.reads.flatMap((read, part) => {
      const from = layout.columns[read];
      const first = work.starts?.[part] ?? 0;
      const isFar = column.depth - columns[read].depth > 1;
      return maps.flatMap(({ map, ...end }) => {
        const start = from.maps.find((one) => one.map === map - first);
        if (!start || start.map < 0) return [];
        return [
          /** @type {Description} */ (["path", { d: restingPath(start, end, layout, isFar), class: "network-rest" }]),
        ];
      });
    });
  });
}

/** @param {Rect} start @param {Rect} end @param {NetworkLayout} layout @param {boolean} isFar */
function restingPath(start, end, { isList, text }, isFar) {
  const [a, b] = [middle(start), middle(end)];
  const points = isList
    ? [[a.x, start.y + start.height], ...(isFar ? sideways(start, end, text) : []), [b.x, end.y]]
    : [[start.x + start.width, a.y], ...(isFar ? between(start, end, text) : []), [end.x, b.y]];
  return `M${points.map((point) => point.map(Math.round).join()).join("L")}`;
}

/** Above the maps between. @param {Rect} start @param {Rect} end @param {number} text */
function between(start, end, text) {
  const y = Math.min(start.y, end.y) - text * 0.25;
  return [
    [start.x + start.width + text * 0.8, y],
    [end.x - text * 0.8, y],
  ];
}

/** Beside the maps between. @param {Rect} start @param {Rect} end @param {number} text */
function sideways(start, end, text) {
  const x = Math.max(start.x + start.width, end.x + end.width) + text * 0.25;
  return [
    [x, start.y + start.height + text * 0.8],
    [x, end.y - text * 0.8],
  ];
}

/** @param {Rect} rect */
function middle({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/**
 * What is chosen, with its column, the wires into it, and what it sees of the picture; null where that is not drawn.
 * @typedef {{chosen: Chosen, column: NetworkColumn, wires: Wire[], seen: ReturnType<typeof seenBox>}} ChosenWires
 */

/** @param {Network} network @param {Chosen} chosen @returns {ChosenWires} */
export function findWires({ trace, columns }, chosen) {
  const column = columnOfStage(columns, chosen.stage);
  const [, rows, cols] = trace.stages[chosen.stage].shape;
  const seen = column.kind === "picture" || rows * cols === 1 ? null : seenBox(trace, chosen);
  return { chosen, column, wires: wiresInto(trace, columns, chosen), seen };
}

/**
 * The wires into what is chosen, its outline, its cell, and what it sees of the picture.
 * @param {Network} network @param {ChosenWires} found @returns {Description[]}
 */
export function networkMarks({ trace, layout, lit, scores }, { chosen, column, wires, seen }) {
  const placed = /** @type {PlacedColumn} */ (layout.columns.find((one) => one.column === column));
  const end = isFlat(trace, chosen) ? null : rectOf(scores, placed, chosen.map);
  if (column.depth > lit || !end) return [];
  const paths = wirePaths(trace, layout, wires, end);
  const kinds = { "-1": "minus", 0: "gray", 1: "plus" };
  /** @type {Description[]} */
  const marks = paths.map(({ d, width, sign }) => [
    "path",
    { d, "stroke-width": width.toFixed(1), class: `network-wire ${kinds[sign]}` },
  ]);
  if (column.kind === "maps" || column.kind === "values")
    marks.push(["rect", { ...grow(end, 2), class: "network-chosen" }]);
  const cell = cellRect(trace, column, chosen, end);
  if (cell) marks.push(["rect", { ...cell, class: "network-cell" }]);
  const photo = layout.columns[0].maps[0];
  if (seen && photo && column.kind === "maps") {
    const [, rows, cols] = trace.stages[0].shape;
    const { x, y, width, height } = photo;
    const box = {
      x: x + (seen.columns[0] * width) / cols,
      y: y + (seen.rows[0] * height) / rows,
      width: ((seen.columns[1] - seen.columns[0] + 1) * width) / cols,
      height: ((seen.rows[1] - seen.rows[0] + 1) * height) / rows,
    };
    marks.push(["rect", { ...box, class: "network-halo" }], ["rect", { ...box, class: "network-field" }]);
  }
  return marks;
}

/** Whether a number of a flattening is chosen, which is drawn nowhere. @param {Trace} trace @param {Chosen} chosen */
function isFlat({ stages }, { stage }) {
  return stages[stage].kind === "flatten";
}

/** Where a map of a column is drawn; of scores its bar. @param {number[]} scores @param {PlacedColumn} placed @param {number} map */
function rectOf(scores, { column, maps }, map) {
  if (column.kind === "picture") return maps[0];
  if (column.kind !== "scores") return maps.find((one) => one.map === map) ?? null;
  const row = scores.indexOf(map);
  return row < 0 ? null : (maps[Math.min(row, maps.length - 1)] ?? null);
}

/** @param {Rect} rect @param {number} by @returns {Rect} */
function grow({ x, y, width, height }, by) {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

/** @param {Trace} trace @param {NetworkColumn} column @param {Chosen} chosen @param {Rect} end @returns {Rect | null} */
function cellRect(trace, column, { stage, at }, { x, y, width, height }) {
  const [, rows, columns] = trace.stages[stage].shape;
  if (!at || column.kind !== "maps" || column.template || rows * columns === 1) return null;
  return {
    x: x + (at[1] * width) / columns,
    y: y + (at[0] * height) / rows,
    width: width / columns,
    height: height / rows,
  };
}

/** What a chosen cell sees of the picture, as far as it lies inside. @param {Trace} trace @param {Chosen} chosen */
function seenBox(trace, { stage, map, at }) {
  if (!at) return null;
  const box = fieldOf(trace, { stage, map, row: at[0], col: at[1] }).at(-1);
  return box?.stage === 0 ? { ...box.inside, size: sizeOf({ ...box, ...box.inside }) } : null;
}

/** @param {Network} network @param {PlacedColumn} placed @param {Chosen} chosen @returns {Description[]} */
function drawColumn(network, placed, chosen) {
  const { trace, layout, lit, columns } = network;
  const { column, below, maps, strip } = placed;
  const stage = trace.stages[column.shown];
  const isLit = column.depth <= lit;
  const isChosen = (/** @type {number} */ map) => columnOfStage(columns, chosen.stage) === column && chosen.map === map;
  const parts = [drawTitle(network, placed)];
  const flattens = column.stages.some((index) => trace.stages[index].kind === "flatten");
  if (strip && flattens && !layout.isList)
    parts.push(["span", { class: "network-bracket", style: place({ ...strip, x: strip.x - 12, width: 7 }) }]);
  if (column.kind === "picture") parts.push(drawMap(network, placed, maps[0], isChosen(chosen.map)));
  else if (column.kind === "scores") parts.push(...drawScores(network, placed, isLit ? chosen : null));
  else if (strip && isLit) parts.push(drawStrip(stage, strip));
  else if (strip) parts.push(["span", { class: "network-empty", style: place(strip) }]);
  else parts.push(...maps.map((one) => drawMap(network, placed, one, isChosen(one.map))));
  if (below && column.kind === "maps")
    parts.push(
      /** @type {Description} */ ([
        "button",
        {
          type: "button",
          class: "network-more mono",
          "data-key": `more-${column.shown}`,
          "data-zoom": [column.shown, chosen.stage === column.shown ? chosen.map : (maps[0]?.map ?? 0)].join(),
          title: NETWORK.more,
          style: layout.isList ? { ...place(below), left: "auto", right: "0px", width: "max-content" } : place(below),
        },
        writeDrawn(maps.length, stage.shape[0], below.width / layout.text),
      ]),
    );
  return parts;
}

/** How many maps are drawn, as long as there is room. @param {number} shown @param {number} all @param {number} letters */
function writeDrawn(shown, all, letters) {
  const long = NETWORK.drawn(shown, all);
  return long.length * CHARACTER < letters ? long : NETWORK.drawnShort(shown, all);
}

/** @param {Rect} rect */
function place({ x, y, width, height }) {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
}

/**
 * The name of a column and the shape of its maps; one of several stages opens and closes.
 * @param {Network} network @param {PlacedColumn} placed
 * @returns {Description}
 */
function drawTitle({ trace, opened, layout: { isList } }, { column, title }) {
  const { family } = trace.stages[column.shown];
  const names = namesOf(trace, column);
  const role = column.kind === "picture" ? "is-input" : family === "pooling" ? "is-pooling" : "is-output";
  const opens = column.kind === "maps" && (column.stages.length > 1 || opened.has(column.stages[0]));
  return [
    opens ? "button" : "div",
    {
      class: `network-title ${column.kind === "scores" ? "" : role}`,
      style: isList ? { ...place(title), width: "max-content" } : place(title),
      ...(opens
        ? { type: "button", "data-open": column.stages[0], "data-key": `open-${column.stages[0]}`, title: NETWORK.open }
        : {}),
    },
    ["b", names],
    ["span", { class: "mono muted" }, shapeOf(trace, column)],
  ];
}

/**
 * A map, which a click leads to; its cells have places of their own.
 * @param {Network} network @param {PlacedColumn} placed @param {Rect & {map: number}} box @param {boolean} isChosen
 * @returns {Description}
 */
function drawMap({ trace, lit }, { column }, { map, ...rect }, isChosen) {
  const { index, shape } = trace.stages[column.kind === "picture" ? 0 : column.shown];
  if (column.depth > lit) return ["span", { class: "network-empty", style: place(rect) }];
  const [, rows, columns] = column.template ? [1, 1, 1] : shape;
  const name = column.kind === "picture" ? NETWORK.picture(false) : NETWORK.map(namesOf(trace, column), map);
  return [
    "button",
    {
      type: "button",
      class: `network-map ${isChosen ? "is-chosen" : ""}`,
      style: place(rect),
      "data-key": `map-${index}-${map}`,
      "data-cells": [index, Math.max(0, map), rows, columns].join(),
      "aria-label": name,
      "aria-pressed": String(isChosen),
    },
    column.template
      ? ["canvas", { "data-template": [workOf(trace, column).index, map].join(), "aria-hidden": true }]
      : ["canvas", { "data-thumb": `${index},${map < 0 && shape[0] !== 3 ? 0 : map}`, "aria-hidden": true }],
  ];
}

/** A line of numbers as one picture. @param {Stage} stage @param {Rect} strip @returns {Description} */
function drawStrip({ index, shape }, strip) {
  const isDown = strip.height > strip.width;
  return [
    "button",
    {
      type: "button",
      class: "network-map",
      style: place(strip),
      "data-key": `strip-${index}`,
      "data-strip": [index, shape[0], isDown ? "down" : "across"].join(),
      "aria-label": NETWORK.line(shape[0]),
    },
    ["canvas", { "data-values": [index, isDown ? "down" : "across"].join(), "aria-hidden": true }],
  ];
}

/** @param {Network} network @param {PlacedColumn} placed @param {Chosen | null} chosen @returns {Description[]} */
function drawScores({ trace, columns, layout, scores, before }, { column, maps, below, title }, chosen) {
  const stage = trace.stages[column.shown];
  const count = stage.shape[0];
  const order = chosen ? scores : range(count);
  const winner = chosen ? bySize(stage)[0] : -1;
  const values = order.map((map) => mapValues(stage, map)[0]);
  const isShare = stage.kind === "softmax";
  const [least, most] = isShare ? [0, 1] : [Math.min(0, ...values), Math.max(0, ...values)];
  const part = (/** @type {number} */ size) => `${((100 * size) / (most - least || 1)).toFixed(1)}%`;
  const isHere = chosen && columnOfStage(columns, chosen.stage) === column;
  const lines = maps.map(({ map: row, ...rect }) => {
    const isRest = row === MOST_SCORES && count > MOST_SCORES;
    if (isRest) {
      const rest = values.slice(MOST_SCORES).reduce((sum, value) => sum + value, 0);
      return /** @type {Description} */ ([
        "div",
        { class: "network-score", style: place(rect) },
        ["span", NETWORK.others(count - MOST_SCORES)],
        ["span", { class: "mono" }, chosen && isShare ? shortValue(stage, rest) : ""],
      ]);
    }
    const [map, value] = [order[row], values[row]];
    const [name, text] = [stage.classes?.[map] ?? PAGE.scoreOf(map), chosen ? shortValue(stage, value) : ""];
    const was = map === winner ? writeBefore(before, map, name + text, rect.width / layout.text) : "";
    return /** @type {Description} */ ([
      "button",
      {
        type: "button",
        class: `network-score ${map === winner ? "is-first" : ""}`,
        style: place(rect),
        "data-key": `score-${map}`,
        "data-cells": [column.shown, map, 1, 1].join(),
        "aria-pressed": String(Boolean(isHere && chosen?.map === map)),
      },
      column.template && [
        "canvas",
        { "data-template": [workOf(trace, column).index, map].join(), "aria-hidden": true, class: "network-template" },
      ],
      ["span", name],
      ["span", { class: "mono" }, was && ["span", { class: "network-before" }, was], text],
      [
        "i",
        { class: "network-track" },
        chosen && [
          "i",
          {
            class: value < 0 ? "minus" : isShare ? "share" : "plus",
            style: { "margin-left": part(Math.min(0, value) - least), width: part(Math.abs(value)) },
          },
        ],
      ],
      ...markBefore(before, map),
    ]);
  });
  const bracket = layout.isList
    ? []
    : [/** @type {Description} */ (["span", { class: "network-bracket", style: place(bracketOf(maps, title)) }])];
  const rule =
    isShare && below
      ? [/** @type {Description} */ (["p", { class: "network-rule", style: place(below) }, NETWORK.shares])]
      : [];
  return [...bracket, ...lines, ...rule];
}

/** @param {(Rect & {map: number})[]} maps @param {Rect} title @returns {Rect} */
function bracketOf(maps, { x }) {
  const [first, last] = [maps[0], maps[maps.length - 1]];
  return { x: Math.min(x, first.x) - 12, y: first.y, width: 7, height: last.y + last.height - first.y };
}

/** What is chosen, in sentences. @param {Network} network @param {ChosenWires} found @returns {Description[]} */
export function networkSays({ trace, lit, before }, { chosen, column, wires, seen }) {
  if (column.depth > lit) return [["p", NETWORK.question]];
  if (column.kind === "picture") return [["p", NETWORK.start]];
  const stage = trace.stages[chosen.stage];
  const work = workOf(trace, column);
  const name = nameOfChosen(trace, column, chosen.stage);
  const isOne = stage.shape[1] * stage.shape[2] === 1;
  const value = chosen.at || isOne ? valueText(stage, chosen) : "";
  const drawsShares = wires.some(({ share }) => share !== null);
  const who = isOne
    ? NETWORK.chosenValue(stage.classes?.[chosen.map] ?? NETWORK.number(chosen.map), name, value)
    : chosen.at
      ? NETWORK.chosenCell(...chosen.at, chosen.map, name, value)
      : NETWORK.chosenMap(chosen.map, name);
  const [height, width] = seen?.size ?? [0, 0];
  const isAll = seen && height === trace.stages[0].shape[1] && width === trace.stages[0].shape[2];
  const rule = drawsShares ? NETWORK.wires : work.weight ? NETWORK.filter : NETWORK.alone;
  return [
    ["p", who, " ", seen ? (isAll ? NETWORK.seesAll : NETWORK.sees(height, width)) : ""],
    ["p", isFlat(trace, chosen) ? "" : rule],
    ["p", { class: "muted" }, sayBefore(before, trace.stages[trace.stages.length - 1]) || NETWORK.click],
  ];
}

/** @param {Stage} stage @param {Chosen} chosen */
function valueText(stage, { map, at }) {
  const values = mapValues(stage, map);
  const value = values[at ? at[0] * stage.shape[2] + at[1] : 0];
  return value === undefined || Number.isNaN(value) ? "" : shortValue(stage, value);
}

/**
 * A column for readers of the screen: its name, its size, its strongest maps, or its scores.
 * @param {Network} network @param {NetworkColumn} column @param {boolean} isLit @returns {Description}
 */
function describeColumn({ trace, before }, column, isLit) {
  const stage = trace.stages[column.shown];
  const shape = drawnShape(trace, column);
  const head = NETWORK.columnSaid(namesOf(trace, column), (column.template ? stage.shape : shape).join(" × "));
  if (!isLit || column.kind === "picture") return ["li", head];
  if (column.kind === "scores") {
    const lines = bySize(stage).slice(0, MOST_SCORES);
    const text = (/** @type {number} */ map) =>
      NETWORK.scoreSaid(
        stage.classes?.[map] ?? PAGE.scoreOf(map),
        shortValue(stage, mapValues(stage, map)[0]),
        before ? shortValue(stage, before[map]) : "",
      );
    return ["li", head, ["ol", ...lines.map((map) => /** @type {Description} */ (["li", text(map)]))]];
  }
  const strongest = listByStrength(stage).slice(0, MOST_SAID);
  const said = (/** @type {number} */ map) => NETWORK.strengthSaid(map, shortValue(stage, strengthOf(stage, map)));
  return ["li", head, ["ul", ...strongest.map((map) => /** @type {Description} */ (["li", said(map)]))]];
}

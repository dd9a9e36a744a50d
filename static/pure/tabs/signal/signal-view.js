/**
 * A layer on a signal: the input as circles in a line with stems, the results as circles above, wires in identity colors
 * between them, and the equations of the neurons below.
 */

import { frameAt } from "convoscope/pure/frame/frame.js";
import { range } from "convoscope/pure/frame/window.js";
import { mapColors, mapValues, photoRange } from "convoscope/pure/maps/palette.js";
import { SHARING, SIGNAL, VOLUME } from "convoscope/pure/strings/tab-strings.js";
import { identityFill, inBothThemes } from "convoscope/pure/tabs/sharing/identity-colors.js";
import { choices } from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { writeBias } from "convoscope/pure/tabs/sharing/values.js";
import { circleTexts, drawCircles, drawStems, rangeWithZero } from "convoscope/pure/tabs/signal/signal-circles.js";
import { layoutSignal } from "convoscope/pure/tabs/signal/signal-layout.js";
import { convolutionLaw, equationAt, equationOfMap, textOfEquation } from "convoscope/pure/tabs/signal/signal-lines.js";
import { namesOf } from "convoscope/pure/tabs/signal/signal-names.js";
import { canCompare, partsOf, showsAll, valueAt } from "convoscope/pure/tabs/signal/signal-parts.js";
import { sharingOf } from "convoscope/pure/tabs/signal/signal-sharing.js";
import { drawNeuron, hasRoomForTags } from "convoscope/pure/tabs/signal/signal-wires.js";
import { drawFilterRows } from "convoscope/pure/tabs/signal/turned-filter.js";
import { isResultKnown, writtenOf } from "convoscope/pure/tabs/volume/volume-parts.js";
import { readFilter } from "convoscope/pure/text/amounts.js";
import { stageTitle } from "convoscope/pure/text/caption.js";
import { numberText } from "convoscope/pure/text/number-text.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {Circle} from "convoscope/pure/tabs/signal/signal-circles.js" */
/** @import {SignalEquation} from "convoscope/pure/tabs/signal/signal-lines.js" */
/** @import {SignalLayout} from "convoscope/pure/tabs/signal/signal-layout.js" */
/** @import {SignalNames} from "convoscope/pure/tabs/signal/signal-names.js" */
/** @import {SignalParts} from "convoscope/pure/tabs/signal/signal-parts.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** A circle that the pointer is on. @typedef {{side: "input" | "output", map: number, index: number}} Pointed */
/**
 * What a signal needs beside the Trace and the step: the View, the inside of its host in CSS pixels with the least size of
 * its letters; a height of 0 is as much as it needs. `canChoose`: whether its buttons are there.
 * @typedef {{view: View, size: {width: number, height: number, text: number}, pointed?: Pointed | null,
 * canChoose?: boolean}} SignalContext
 */
/**
 * @typedef {{trace: Trace, view: View, frame: Frame, parts: SignalParts, names: SignalNames, isAll: boolean,
 * isTight: boolean}} Step `isAll`: all neurons are shown; `isTight`: there is little room
 */
/** @typedef {Step & {layout: SignalLayout, pointed: Pointed | null}} Drawn */

/** Equations of more neurons are those around the step; the legend names so many weights. */
const [MOST_EQUATIONS, FEW_EQUATIONS, MOST_NAMED] = [8, 3, 15];
/**
 * How much larger than its least the font may be, from the largest on; at last all is tight: stems are low, and only the
 * equations around the step are written.
 * @type {[scale: number, isTight: boolean][]}
 */
const SCALES = [
  [1.5, false],
  [1.25, false],
  [1, false],
  [1, true],
];
/** In fonts: a radius and stems that are comfortable, and the room in which a comparison has a larger font. */
const [COMFORTABLE, HIGH_STEMS, WIDE, HIGH] = [1.5, 2.6, 56, 16];
/** The width of a character of an equation, and the height of a line, in fonts. */
const [CHARACTER, LINE] = [0.605, 1.5];
/** Characters of the buttons, of the legend, and of a weight in it, gaps included. */
const [BAR, LEGEND, NAMED] = [68, 46, 11];
/** Of longer signals the length of a number is not measured: it is so many characters. */
const [MOST_MEASURED, MOST_CHARACTERS] = [64, 5];

/** @param {Trace} trace @param {Frame} frame @param {SignalContext} context @returns {Description} */
export function signalView(trace, frame, { view, size, pointed = null, canChoose = false }) {
  if (!frame.hasNumbers) return ["p", { class: "muted" }, VOLUME.onTheWay];
  const parts = partsOf(trace, frame);
  const names = namesOf(parts, view.index);
  const isFull = view.neuron === "full" && canCompare(parts);
  const isAll = !isFull && showsAll(trace, view, frame);
  const hasBar = canChoose && parts.before !== null && canCompare(parts);
  const step = { trace, view, frame, parts, names, isAll, isTight: false };
  const law = parts.stage.flip && parts.before ? convolutionLaw(parts) : null;
  const legend = parts.hasWeights && !isFull ? legendOf(trace, frame, parts, names) : null;
  const around = { hasBar, isFull, law: law ? law.law.length + law.range.length + law.here.length + 8 : 0 };
  const { room, layout, isTight } = fitText(step, size, around);
  const own = isAll ? equationsOfAll({ ...step, isTight }) : equationsHere({ ...step, isTight });
  const says = (pointed && !isFull && equationPointed(step, pointed)) || own;
  return [
    "div",
    { class: "signal-view", style: { "font-size": `${room.text}px` } },
    hasBar && ["div", { class: "view-bar" }, choices("neuron", chosen(view), SIGNAL.choices, SHARING.neuronChoice)],
    law &&
      /** @type {Description} */ ([
        "p",
        { class: "signal-law mono", "data-part": "signal-law" },
        ["span", { class: "is-filter" }, law.law],
        ["span", law.range],
        ["span", { class: "muted" }, law.here],
      ]),
    isFull ? sharingOf(parts, names, room) : drawSignal({ ...step, pointed, layout }),
    !isFull && /** @type {Description} */ (["div", { class: "signal-says", "data-part": "signal-says" }, ...says]),
    legend,
  ];
}

/** @param {View} view */
function chosen({ neuron }) {
  return neuron === "map" || neuron === "full" ? neuron : "one";
}

/**
 * The largest font with which everything fits, and the room of the picture with it.
 * @param {Step} step @param {SignalContext["size"]} size
 * @param {{hasBar: boolean, isFull: boolean, law: number}} around what stands around the picture: buttons; the characters
 * of a law
 */
function fitText(step, size, around) {
  const lengths = measureTexts(step);
  for (const [scale, isTight] of SCALES) {
    const tried = { ...step, isTight };
    const text = size.text * scale;
    const across = (/** @type {number} */ characters) =>
      Math.ceil((characters * text * CHARACTER) / Math.max(1, size.width));
    const legend = step.parts.hasWeights ? 1.9 * across(LEGEND + Math.min(step.parts.taps, MOST_NAMED) * NAMED) : 0;
    const below = around.isFull ? 1.5 : countLines(tried, across) * LINE + legend;
    const taken = (around.hasBar ? 2.9 * across(BAR) : 0) + across(around.law) * LINE + below;
    const height = size.height && Math.max(text * 4, size.height - taken * text - 6);
    const room = { ...size, height, text };
    const layout = layoutOf(tried, room, lengths);
    const { top, bottom } = layout.input.stems;
    const isInside = !height || around.isFull || layout.height <= height;
    const isHigh = layout.height <= height && bottom - top >= text * HIGH_STEMS;
    const isLarge = layout.isWhole && layout.radius >= text * COMFORTABLE && isHigh;
    const isRoomy = around.isFull ? size.width >= text * WIDE && height >= text * HIGH : isLarge;
    if (isTight || (scale === 1 ? isInside : size.height > 0 && isRoomy)) return { room, layout, isTight };
  }
  throw new Error("The last scale is tight.");
}

/** The characters of the longest title and of the longest number, each in its shortest text. @param {Step} step */
function measureTexts({ trace, parts, names }) {
  const { before, stage, lines, channel } = parts;
  const titles = [titleOf(trace, before ?? stage, names.letters.input)];
  if (before) titles.push(...lines.map((line) => titleOf(trace, stage, names.line(line.map))));
  const shortest = (/** @type {Float32Array} */ values) =>
    values.length > MOST_MEASURED
      ? MOST_CHARACTERS
      : Math.max(1, ...Array.from(values, (one) => circleTexts(one).at(-1)?.length ?? 1));
  return {
    title: Math.max(...titles.map(({ length }) => length)),
    number: shortest(mapValues(before ?? stage, channel)),
  };
}

/**
 * @param {Step} step @param {{width: number, height: number, text: number}} room
 * @param {ReturnType<typeof measureTexts>} lengths
 */
function layoutOf({ frame, parts, isTight }, room, lengths) {
  const taps = parts.before ? parts.tapsOf(frame.map, frame.col) : [{ cell: frame.col, tap: 0 }];
  return layoutSignal(parts, taps, room, { ...lengths, isTight });
}

/** @param {Trace} trace @param {Stage} stage @param {string} letter */
function titleOf(trace, stage, letter) {
  return `${stageTitle(trace, stage.index)} ${letter}`;
}

/** @param {Drawn} drawn @returns {Description} */
function drawSignal(drawn) {
  const { layout } = drawn;
  const wires = drawWires(drawn);
  return [
    "div",
    { class: "signal-picture" },
    [
      "svg",
      {
        width: layout.width,
        height: layout.height,
        viewBox: `0 0 ${layout.width} ${layout.height}`,
        "font-size": layout.text,
        role: "img",
        "aria-label": describe(drawn),
      },
      ...drawPart(drawn),
      ...wires.flatMap(({ lines }) => lines),
      ...drawInput(drawn),
      ...drawOutputs(drawn),
      ...wires.flatMap(({ labels }) => labels),
      ...drawFilterRows(drawn.parts, layout, drawn.names, drawn.frame),
    ],
  ];
}

/** The neurons whose wires are drawn, those of the step last. @param {Drawn} drawn */
function drawWires({ frame, parts, names, layout, isAll, pointed }) {
  if (!parts.before) return [];
  const line = parts.lines.findIndex(({ map }) => map === frame.map);
  const here = { map: frame.map, col: frame.col, line };
  const isOne = !isAll && pointed?.side === "output";
  const target = isOne ? pointedNeuron(parts, pointed) : here;
  const all =
    (isAll || pointed?.side === "input") && line >= 0
      ? range(parts.lines[line].count)
          .map((index) => {
            const [map, col] = parts.lines[line].placeOf(index);
            return { map, col, line };
          })
          .filter(({ map, col }) => isShown(parts, layout, map, col))
          .filter((one) => isAll || readsCell(parts, one, /** @type {Pointed} */ (pointed).index))
      : [target];
  const isTarget = (/** @type {{map: number, col: number}} */ one) => one.map === target.map && one.col === target.col;
  const longest = names.weight(frame.map, parts.taps - 1);
  const areTagged = hasRoomForTags(parts, layout, longest);
  return all
    .sort((a, b) => Number(isTarget(a)) - Number(isTarget(b)))
    .map((one) =>
      drawNeuron(parts, layout, names, {
        ...one,
        isStrong: !isAll || isTarget(one),
        isLabeled: areTagged || (isTarget(one) && parts.taps <= MOST_NAMED),
      }),
    );
}

/** @param {SignalParts} parts @param {{map: number, col: number}} neuron @param {number} cell */
function readsCell(parts, { map, col }, cell) {
  return parts.tapsOf(map, col).some((tap) => tap.cell === cell);
}

/** @param {SignalParts} parts @param {Pointed} pointed */
function pointedNeuron(parts, { map, index }) {
  const line = Math.max(
    0,
    parts.lines.findIndex((one) => one.map === map),
  );
  const [own, col] = parts.lines[line].placeOf(index);
  return { map: own, col, line };
}

/**
 * Whether all inputs of a neuron are circles.
 * @param {SignalParts} parts @param {SignalLayout} layout @param {number} map @param {number} col
 */
function isShown(parts, { cells: [first, last], isWhole }, map, col) {
  return isWhole || parts.tapsOf(map, col).every(({ cell }) => cell >= first && cell <= last);
}

/** Of a long signal, what part of it the circles are. @param {Drawn} drawn @returns {Description[]} */
function drawPart({ layout: { isWhole, cells, stemX, stemPitch, input, x, pitch, text } }) {
  if (isWhole) return [];
  const { top, bottom } = input.stems;
  const [left, right] = [stemX(cells[0]) - stemPitch / 2, stemX(cells[1]) + stemPitch / 2];
  const [from, to] = [x(cells[0]) - pitch / 2, x(cells[1]) + pitch / 2];
  return [
    ["rect", { x: left, y: top, width: right - left, height: bottom - top, class: "part" }],
    [
      "path",
      {
        class: "part-edge",
        d: `M${left} ${top}L${from} ${input.names + text * 0.5}M${right} ${top}L${to} ${input.names + text * 0.5}`,
      },
    ],
  ];
}

/** @param {Stage} stage @param {number} map @param {View} view @param {Trace} trace */
function colorsOf(stage, map, view, trace) {
  return mapColors(stage, map, view.colors === "auto" ? "signed" : view.colors, view.scope, photoRange(trace));
}

/** The line of the input; of stage 0 alone, the line itself. @param {Drawn} drawn @returns {Description[]} */
function drawInput({ trace, view, frame, parts, names, layout, pointed }) {
  const { stage, before, channel, size } = parts;
  const from = before ?? stage;
  const colors = colorsOf(from, channel, view, trace);
  const target = pointed?.side === "output" ? pointedNeuron(parts, pointed) : frame;
  const read = new Set(before ? parts.tapsOf(target.map, target.col).map(({ cell }) => cell) : [frame.col]);
  const { cells, text, radius, pitch, input } = layout;
  const circles = range(cells[1] - cells[0] + 1).map((n) => {
    const cell = cells[0] + n;
    const isPadded = cell < 0 || cell >= size;
    const value = isPadded ? 0 : valueAt(from, channel, cell);
    const outside = isPadded ? parts.outside(cell) : "";
    return /** @type {Circle} */ ({
      x: layout.x(cell),
      y: input.circles,
      role: "input",
      kind: isPadded ? "padded" : "",
      texts: isPadded ? [outside] : circleTexts(value),
      fill: colors.fill(value),
      ink: colors.ink(value),
      name: isPadded ? "" : names.input(cell),
      nameY: input.names,
      isRead: read.has(cell),
      ...(isPadded
        ? {}
        : {
            point: ["input", channel, cell].join(),
            ...(before ? {} : { go: [stage.index, channel, 0, cell].join() }),
          }),
    });
  });
  const values = mapValues(from, channel);
  const stems = range(size).map((cell) => ({
    x: layout.stemX(cell),
    value: valueAt(from, channel, cell),
    isRead: read.has(cell),
  }));
  return [
    drawStems(stems, input.stems, rangeWithZero(values), colors, layout.stemPitch, "input"),
    ["text", { x: text * 0.4, y: input.title, class: "title is-input" }, titleOf(trace, from, names.letters.input)],
    ...drawCircles(circles, radius, text, pitch),
  ];
}

/** @param {Drawn} drawn @returns {Description[]} */
function drawOutputs({ trace, view, frame, parts, names, layout, pointed }) {
  const { stage, before } = parts;
  if (!before) return [];
  const role = stage.family === "pooling" ? "pooling" : "output";
  const isFull = stage.kind === "linear";
  const ranges = rangeWithZero(
    parts.lines.flatMap(({ map }) => [...(isFull ? (stage.output ?? []) : mapValues(stage, map))]),
  );
  return parts.lines.flatMap((line, n) => {
    const place = layout.lines[n];
    const colors = colorsOf(stage, line.map, view, trace);
    const spots = range(line.count).map((index) => {
      const [map, col] = line.placeOf(index);
      const isKnown = isFull ? isResultKnown(trace, view, frame, map) : writtenOf(trace, view, frame, map) > col;
      const isHere = map === frame.map && col === frame.col;
      return { index, map, col, isKnown, isHere, value: valueAt(stage, map, col) };
    });
    const circles = spots
      .filter(({ map, col }) => isShown(parts, layout, map, col))
      .map(
        ({ index, map, col, isKnown, isHere, value }) =>
          /** @type {Circle} */ ({
            x: layout.x(parts.centerOf(map, col)),
            y: place.circles,
            role,
            kind: isKnown ? "" : "to-come",
            texts: isKnown ? circleTexts(value) : [],
            fill: colors.fill(value),
            ink: colors.ink(value),
            name: names.output(map, col),
            nameY: place.names,
            go: [stage.index, map, 0, col].join(),
            point: ["output", line.map, index].join(),
            isHere,
            isRead: pointed?.side === "input" && map === frame.map && readsCell(parts, { map, col }, pointed.index),
          }),
      );
    const stems = spots.map(({ map, col, isKnown, isHere, value }) => ({
      x: layout.stemX(parts.centerOf(map, col)),
      value: isKnown ? value : null,
      isRead: isHere,
      go: [stage.index, map, 0, col].join(),
    }));
    const title = titleOf(trace, stage, names.line(line.map));
    return /** @type {Description[]} */ ([
      drawStems(stems, place.stems, ranges, colors, layout.stemPitch * parts.spacing, role),
      ["text", { x: layout.text * 0.4, y: place.title, class: `title is-${role}` }, title],
      ...drawCircles(circles, layout.radius, layout.text, layout.pitch * parts.spacing),
    ]);
  });
}

/** @param {SignalEquation} equation @param {boolean} isHere @returns {Description} */
function lineOf(equation, isHere) {
  const { output, law, numbers, result, rest } = equation;
  return [
    "p",
    { class: `mono sum-line${isHere ? " is-here" : ""}`, "data-sum": `${equation.map},${equation.col}` },
    ["b", { class: "is-output" }, output],
    ` = ${law}`,
    numbers && ` = ${numbers}`,
    result && ` ${result}`,
    rest && ` (${SIGNAL.rounded(rest)})`,
  ];
}

/** The equations of the place: one for each filter. @param {Step} step */
function equationsHere({ trace, view, frame, parts, names, isTight }) {
  if (!parts.before) return [lineOfValue(frame, parts, names)];
  return linesWritten(parts, frame, isTight).map(({ map }) =>
    lineOf(equationOfMap(trace, view, frame, map, parts, names), map === frame.map),
  );
}

/** @param {Frame} frame @param {SignalParts} parts @param {SignalNames} names @returns {Description} */
function lineOfValue(frame, { stage, channel }, names) {
  const text = numberText(valueAt(stage, channel, frame.col));
  return ["p", { class: "mono sum-line is-here" }, ["b", { class: "is-input" }, names.input(frame.col)], ` = ${text}`];
}

/**
 * The equations of all neurons of a line, of a long one those around the step; of those to come the law alone.
 * @param {Step} step
 */
function equationsOfAll(step) {
  const { frame, parts } = step;
  const line = parts.lines.find(({ map }) => map === frame.map) ?? parts.lines[0];
  const shown = shownEquations(line.count, parts.here, step.isTight);
  const equations = shown.map((index) => {
    const [map, col] = line.placeOf(index);
    return lineOf(equationOf(step, map, col), index === parts.here);
  });
  return shown.length < line.count
    ? [
        ...equations,
        /** @type {Description} */ (["p", { class: "muted" }, SIGNAL.equationsDrawn(shown.length, line.count)]),
      ]
    : equations;
}

/** The lines whose equation at the place is written. @param {SignalParts} parts @param {Frame} frame @param {boolean} isTight */
function linesWritten({ lines }, frame, isTight) {
  return isTight ? lines.filter(({ map }) => map === frame.map) : lines;
}

/** @param {number} count @param {number} here @param {boolean} isTight */
function shownEquations(count, here, isTight) {
  const most = Math.min(count, isTight ? FEW_EQUATIONS : MOST_EQUATIONS);
  const start = Math.min(Math.max(0, here - (most >> 1)), count - most);
  return range(most).map((n) => start + n);
}

/**
 * The equation of any neuron, as far as it is known.
 * @param {Step} step @param {number} map @param {number} col
 */
function equationOf({ trace, view, frame, parts, names }, map, col) {
  if (map === frame.map && col === frame.col) return equationOfMap(trace, view, frame, map, parts, names);
  const isKnown =
    parts.stage.kind === "linear" ? isResultKnown(trace, view, frame, map) : writtenOf(trace, view, frame, map) > col;
  const other = frameAt(trace, { stage: frame.stage, map, at: [0, col], beat: "write" });
  return equationAt(trace, other, isKnown ? "write" : "window", parts, names);
}

/**
 * What is said of the circle under the pointer: the equation of a neuron, the neurons that read an input.
 * @param {Step} step @param {Pointed} pointed @returns {Description[] | null}
 */
function equationPointed(step, pointed) {
  const { frame, parts, names } = step;
  if (!parts.before) return null;
  if (pointed.side === "output") {
    const { map, col } = pointedNeuron(parts, pointed);
    return [lineOf(equationOf(step, map, col), true)];
  }
  const line = parts.lines.find(({ map }) => map === frame.map) ?? parts.lines[0];
  const readers = range(line.count)
    .map((index) => line.placeOf(index))
    .filter(([map, col]) => readsCell(parts, { map, col }, pointed.index))
    .map(([map, col]) => names.output(map, col));
  const text = SIGNAL.readBy(names.input(pointed.index), readers.slice(0, 6), readers.length);
  return [/** @type {Description} */ (["p", { class: "sum-line" }, text])];
}

/**
 * How many lines the equations take at most, so that the picture keeps its size while they are written.
 * @param {Step} step @param {(characters: number) => number} across the lines of a text
 */
function countLines({ trace, frame, parts, names, isAll, isTight }, across) {
  if (!parts.before) return 1;
  const line = parts.lines.find(({ map }) => map === frame.map) ?? parts.lines[0];
  const places = isAll
    ? shownEquations(line.count, parts.here, isTight).map((index) => line.placeOf(index))
    : linesWritten(parts, frame, isTight).map(({ map }) => /** @type {[number, number]} */ ([map, frame.col]));
  const written = places.map(([map, col]) => {
    const own = frameAt(trace, { stage: frame.stage, map, at: [0, col], beat: "write" });
    return textOfEquation(equationAt(trace, own, "write", parts, names)).length;
  });
  return written.reduce((sum, long) => sum + across(long), 0) + (isAll && places.length < line.count ? 1 : 0);
}

/**
 * What the colors mean: each weight with its color, its name and its number.
 * @param {Trace} trace @param {Frame} frame @param {SignalParts} parts @param {SignalNames} names @returns {Description}
 */
function legendOf(trace, frame, { stage, before, taps }, names) {
  const { cellDivisor } = readFilter(stage, /** @type {Stage} */ (before), frame);
  const filters = stage.kind === "conv" && stage.shape[0] <= 4 ? stage.shape[0] : 1;
  const first = filters > 1 ? frame.map * taps : 0;
  const isTurned = Boolean(stage.flip);
  const order = range(Math.min(taps, MOST_NAMED)).map((n) => (isTurned ? taps - 1 - n : n));
  const weight = (/** @type {number} */ tap) => (stage.weight?.[frame.map * taps + tap] ?? 0) / cellDivisor;
  return [
    "div",
    { class: "identity-legend", "data-part": "signal-legend" },
    ["span", { class: "muted" }, SHARING.colorSaysWhich],
    ...order.map(
      (tap) =>
        /** @type {Description} */ ([
          "span",
          { class: "identity", style: { "background-color": inBothThemes(identityFill, first + tap, filters * taps) } },
          `${names.weight(frame.map, tap)} = ${numberText(weight(tap))}`,
        ]),
    ),
    taps > MOST_NAMED && ["span", { class: "muted" }, SHARING.moreWeights(taps - MOST_NAMED)],
    ["span", { class: "identity of-bias" }, `${names.bias(frame.map)} = ${writeBias(trace, frame.stage, frame.map)}`],
  ];
}

/** The signal in words, for who does not see it. @param {Drawn} drawn */
function describe({ trace, view, frame, parts, names }) {
  const { stage, before, size, lines } = parts;
  const title = stageTitle(trace, stage.index);
  if (!before) return SIGNAL.altInput(title, size);
  const here = textOfEquation(equationOfMap(trace, view, frame, frame.map, parts, names));
  return SIGNAL.alt(title, size, lines[0].count, here);
}

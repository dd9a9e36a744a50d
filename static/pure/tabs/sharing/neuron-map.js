/**
 * The neurons of a map with the same weights: a small map whole, of a larger one the row of this cell. The wires of this
 * neuron and of its neighbor carry the names of their weights; color says which weight it is.
 */

import { range } from "convoscope/pure/frame/window.js";
import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { identityFill, identityLine, inBothThemes } from "convoscope/pure/tabs/sharing/identity-colors.js";
import { identityLegend } from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { goTo, roomOf, svgSize, valuesOf } from "convoscope/pure/tabs/sharing/values.js";
import {
  around,
  cellOfInput,
  countInputs,
  countNeurons,
  countWeights,
  firstChannelOf,
  sourcesOf,
  weightKey,
} from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @import {SharingOptions, Values} from "convoscope/pure/tabs/sharing/values.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** A map of so few neurons, over so few inputs, is drawn whole. */
const [MOST_INPUTS, MOST_NEURONS] = [16, 16];
/** The most neurons of a row. */
const MOST_IN_ROW = 16;
/**
 * Pixels: between two circles, their radius, the line of neurons, the first line of inputs, between two lines of
 * inputs.
 */
const [PITCH, RADIUS, TOP, BOTTOM, LINES] = [58, 18, 21, 170, 56];
/** The least distance of the first line of inputs, where lines of them would not fit otherwise. */
const LEAST_BOTTOM = 100;
/** Lines of text below the drawing. */
const TEXT_LINES = 3.4;
/** The least pixels between two circles of a map that is drawn whole and in numbers. */
const LEAST_PITCH = 42;
/** The width of a panel that says none, in pixels. */
const WIDTH = 960;
/** Characters of a number inside a circle. */
const MOST_CHARACTERS = 5;

/** @typedef {{index: number, x: number, y: number}} Spot a circle: a row of the layer or an input cell */

/** The presses: this neuron, its neighbor, the others. */
export const MAP_PRESSES = 2;

/**
 * @param {Trace} trace @param {Frame} frame @param {SharingOptions} options @param {number} [press] of MAP_PRESSES
 * @returns {Description}
 */
export function neuronMap(trace, frame, options, press = MAP_PRESSES) {
  const values = valuesOf(trace, frame, options);
  const { stage } = values;
  if (stage.kind !== "conv")
    return ["p", { class: "muted" }, SHARING.nothingShared(stage.shape[0], countInputs(stage))];
  const given = (options.width ?? WIDTH) / (options.scale ?? 1);
  const { neurons, inputs, isWhole, width, height, left } = layOut(values, given, roomOf(options, TEXT_LINES)?.height);
  const neighbor = press > 0 ? neighborOf(values, neurons) : -1;
  const wired = neurons.filter(({ index }) => press === MAP_PRESSES || index === values.here || index === neighbor);
  const wires = wired.flatMap((neuron) => wiresOf(values, neuron, inputs, [values.here, neighbor]));
  const [channels] = stage.input_shape ?? [1];
  return [
    "div",
    { class: "neuron-map" },
    [
      "svg",
      {
        viewBox: `0 0 ${width} ${height}`,
        style: svgSize({ width, height }, options, TEXT_LINES),
        role: "group",
        "data-rove": "",
        "aria-label": SHARING.mapAlt(countNeurons(stage), countWeights(stage)),
      },
      ...wires.sort((a, b) => Number(a.isStrong) - Number(b.isStrong)).map((wire) => wire.line),
      ...inputs.flatMap((spot) =>
        circle(spot, "input", values.input(spot.index), values.letters ? values.names.input(spot.index) : null),
      ),
      ...neurons.flatMap((spot) => neuronOf(values, spot, neighbor)),
      ...wires.flatMap(({ label }) => label),
    ],
    [
      "p",
      { class: "muted" },
      [
        isWhole
          ? SHARING.wholeMap(countNeurons(stage), countWeights(stage))
          : SHARING.rowOfMap(neurons.length, countNeurons(stage), countWeights(stage)),
        channels > (stage.groups ?? 1) ? SHARING.oneChannel(firstChannelOf(stage, frame.map)) : "",
        left ? SHARING.linesLeftOut(left) : "",
      ]
        .filter(Boolean)
        .join(" "),
    ],
    identityLegend(values, options),
  ];
}

/**
 * Where the circles lie; a whole map comes closer together to fit, and of high windows the upper lines are drawn that fit.
 * @param {Values} values @param {number} given width @param {number} [high] the most height
 */
function layOut(values, given, high = Infinity) {
  const { stage, frame } = values;
  const [, height, width] = /** @type {[number, number, number]} */ (stage.input_shape);
  const [, rows, columns] = stage.shape;
  const first = firstChannelOf(stage, frame.map) * height * width;
  const isWhole = height * width <= MOST_INPUTS && rows * columns <= MOST_NEURONS;
  const shown = isWhole ? range(rows * columns) : rowAround(values, Math.floor(given / PITCH));
  const cells = [...new Set(shown.flatMap((row) => [...sourcesOf(stage, ...values.placeOf(row))]))]
    .filter((cell) => cell >= first && cell < first + height * width)
    .sort((a, b) => a - b);
  const all = isWhole ? range(height * width).map((n) => first + n) : cells;
  const column = (/** @type {number} */ cell) => (isWhole ? cell - first : cellOfInput(stage, cell)[2]);
  const line = (/** @type {number} */ cell) => (isWhole ? 0 : cellOfInput(stage, cell)[1]);
  const top = Math.min(...all.map(line));
  const spare = high - RADIUS - 8;
  const fit = Math.max(1, 1 + Math.floor((spare - LEAST_BOTTOM) / LINES));
  const wanted = Math.max(...all.map(line)) - top + 1;
  const lines = Math.min(wanted, fit);
  const bottom = Math.max(LEAST_BOTTOM, Math.min(BOTTOM, spare - (lines - 1) * LINES));
  const places = all.filter((cell) => line(cell) < top + lines);
  const [left, right] = [Math.min(...places.map(column)), Math.max(...places.map(column))];
  const across = Math.max(right - left + 1, shown.length);
  const fitting = Math.min(PITCH, Math.max(LEAST_PITCH, Math.floor(given / across)));
  const pitch = isWhole && !values.letters ? fitting : PITCH;
  const step = (across * pitch) / shown.length;
  const indent = ((across - (right - left + 1)) * pitch) / 2;
  const inputs = places.map((index) => ({
    index,
    x: indent + (column(index) - left + 0.5) * pitch,
    y: bottom + (line(index) - top) * LINES,
  }));
  const neurons = shown.map((index, i) => ({ index, x: (i + 0.5) * step, y: TOP }));
  return {
    neurons,
    inputs,
    isWhole,
    width: across * pitch,
    height: bottom + (lines - 1) * LINES + RADIUS + 8,
    left: wanted - lines,
  };
}

/**
 * The neurons of this cell's row, as many as fit around it; of a map of one column, those of the column.
 * @param {Values} values @param {number} room
 */
function rowAround({ stage, frame }, room) {
  const [, rows, columns] = stage.shape;
  const isColumn = columns === 1;
  const [count, here] = isColumn ? [rows, frame.row] : [columns, frame.col];
  const { kernel = 1, stride = 1, dilation = 1 } = (isColumn ? stage.rows : stage.columns) ?? {};
  const inputs = Math.floor((room - (kernel - 1) * dilation - 1) / stride) + 1;
  const most = Math.min(count, MOST_IN_ROW, Math.max(2, inputs, room >= MOST_IN_ROW ? 3 : 2));
  return around(here, count, most).map((place) => (isColumn ? place : frame.row * columns + place));
}

/** The neuron beside this one that is drawn; −1 without one. @param {Values} values @param {Spot[]} neurons */
function neighborOf({ here }, neurons) {
  const at = neurons.findIndex(({ index }) => index === here);
  return (neurons[at + 1] ?? neurons[at - 1])?.index ?? -1;
}

/**
 * The wires of a neuron; those of this one and its neighbor have labels at their sources.
 * @param {Values} values @param {Spot} neuron @param {Spot[]} inputs @param {[number, number]} strong
 */
function wiresOf(values, neuron, inputs, strong) {
  const { stage } = values;
  const count = countWeights(stage);
  const spots = new Map(inputs.map((spot) => [spot.index, spot]));
  const side = strong.indexOf(neuron.index);
  return [...sourcesOf(stage, ...values.placeOf(neuron.index))].flatMap((cell, n) => {
    const spot = spots.get(cell);
    if (!spot) return [];
    const line = /** @type {Description} */ ([
      "line",
      {
        x1: neuron.x,
        y1: neuron.y + RADIUS,
        x2: spot.x,
        y2: spot.y - RADIUS,
        class: side < 0 ? "wire others" : "wire",
        "data-weight": weightKey(stage, n),
        style: { stroke: inBothThemes(identityLine, n, count) },
      },
    ]);
    return [{ line, isStrong: side >= 0, label: side < 0 ? [] : labelOf(values, spot, n, side) }];
  });
}

/**
 * The name of a weight at its source: of this neuron to the left, of its neighbor to the right.
 * @param {Values} values @param {Spot} spot @param {number} n @param {number} side @returns {Description[]}
 */
function labelOf(values, { x, y }, n, side) {
  const text = values.weight(n);
  const wide = Math.max(18, text.length * 7.3 + 6);
  const left = side === 0 ? x - wide - 1 : x + 1;
  return [
    [
      "g",
      { "data-weight": weightKey(values.stage, n) },
      [
        "rect",
        {
          x: left,
          y: y - RADIUS - 20,
          width: wide,
          height: 17,
          rx: 4,
          style: { fill: inBothThemes(identityFill, n, countWeights(values.stage)) },
        },
      ],
      [
        "text",
        {
          x: left + wide / 2,
          y: y - RADIUS - 7,
          class: "name",
          "data-letter": values.letters ? values.names.weight(n) : null,
        },
        text,
      ],
    ],
  ];
}

/** @param {Values} values @param {Spot} spot @param {number} neighbor @returns {Description[]} */
function neuronOf(values, spot, neighbor) {
  const text = values.output(spot.index);
  const kind = spot.index === values.here ? "output here" : spot.index === neighbor ? "output neighbor" : "output";
  const circles = circle(
    spot,
    text ? kind : `${kind} is-to-come`,
    text,
    values.letters ? values.names.output(spot.index) : null,
  );
  const [, row, col] = values.placeOf(spot.index);
  return [
    [
      "g",
      {
        "data-go": goTo(values, spot.index),
        "data-key": `neuron-${spot.index}`,
        class: "goes",
        role: "button",
        "aria-current": String(spot.index === values.here),
        "aria-label": SHARING.neuronAt(row, col, text),
      },
      ...circles,
    ],
  ];
}

/**
 * A circle with its number where that fits.
 * @param {Spot} spot @param {string} kind @param {string} text @param {string | null} name @returns {Description[]}
 */
function circle({ x, y }, kind, text, name) {
  const shown = text.length <= MOST_CHARACTERS ? text : "";
  return [
    ["circle", { cx: x, cy: y, r: RADIUS, class: `cell ${kind}` }],
    ["text", { x, y: y + 4, class: "number", "data-letter": name }, shown],
  ];
}

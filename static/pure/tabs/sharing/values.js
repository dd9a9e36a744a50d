/**
 * What the pictures of sharing write in place of each value of a layer: its number, or its letter until that is turned.
 */

import { frameAt, placeOf, positionOf, positionsOf } from "convoscope/pure/frame/frame.js";
import { inputStageOf } from "convoscope/pure/frame/view-model.js";
import { namesOf } from "convoscope/pure/tabs/sharing/letter-names.js";
import { countWeights, NO_CELL, weightKey } from "convoscope/pure/tabs/sharing/wires.js";
import { readAmount, readFilter } from "convoscope/pure/text/amounts.js";
import { chooseFormat, writeAmount } from "convoscope/pure/text/decimals.js";
import { numberText } from "convoscope/pure/text/number-text.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

/** @import {Frame, Stage, StepTexts, Trace} from "convoscope/pure/types.js" */
/** @import {Names} from "convoscope/pure/tabs/sharing/letter-names.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {[map: number, row: number, column: number]} Cell3 */

/**
 * How a picture of sharing is shown.
 * @typedef {object} SharingOptions
 * @property {boolean} [letters] names in place of numbers
 * @property {ReadonlySet<string>} [turned] the names that show their number; ALL for every one
 * @property {number} [written] how many cells of the map are known; left out, those before the step
 * @property {number} [width] the width of the panel in CSS pixels
 * @property {number} [scale] how much larger letters are than on a page
 * @property {{width: number, height: number}} [room] CSS pixels that a drawing has in a large view
 */

/** The most input cells that are written in one format. */
const MOST_ALIKE = 256;

/** In `turned`: every name shows its number. */
export const ALL = "*";

/**
 * The values of a layer as they are shown. A row is a neuron: a position of the map, or an output of a fully connected
 * layer.
 * @typedef {object} Values
 * @property {Stage} stage
 * @property {Stage} before
 * @property {Frame} frame
 * @property {StepTexts} texts of the step
 * @property {number} rows how many rows there are
 * @property {number} here the row of the step
 * @property {(row: number) => Cell3} placeOf map, row and column of a row
 * @property {boolean} letters
 * @property {Names} names
 * @property {(index: number) => string} input
 * @property {(index: number) => string} weight
 * @property {(row: number) => string} output "" for one to come
 * @property {(index: number) => string} inputNumber
 * @property {(index: number, map?: number) => string} weightNumber of the step's map, or of another one
 * @property {(row: number) => string} outputNumber "" for one to come
 * @property {string} bias
 * @property {string} biasNumber
 * @property {string} divisor what every sum is divided by, "" for nothing
 */

/** @param {Trace} trace @param {Frame} frame @param {SharingOptions} options @returns {Values} */
export function valuesOf(trace, frame, { letters = false, turned = new Set(), written }) {
  const stage = trace.stages[frame.stage];
  const before = /** @type {Stage} */ (inputStageOf(trace, stage));
  const texts = writeStep(trace, frame);
  const isLinear = stage.kind === "linear";
  const here = isLinear ? frame.map : positionOf(stage, frame.row, frame.col);
  const placeOfRow = (/** @type {number} */ row) =>
    /** @type {Cell3} */ (isLinear ? [row, 0, 0] : [frame.map, ...placeOf(stage, row)]);
  const isKnown = frame.hasNumbers && ["sum", "bias", "write"].includes(frame.beat);
  const isRowKnown = (/** @type {number} */ row) => (row === here || isLinear ? isKnown : row < (written ?? here));
  const names = namesOf(stage);
  const inputNumber = writeInputs(before);
  const weightNumber = writeWeights(stage, before, frame);
  const outputNumber = (/** @type {number} */ row) => {
    if (!isRowKnown(row)) return "";
    return row === here ? texts.result : writeOutput(trace, frame.stage, placeOfRow(row));
  };
  const biasNumber = biasOf(texts);
  const isTurned = (/** @type {string} */ name) => !letters || turned.has(ALL) || turned.has(name);
  return {
    stage,
    before,
    frame,
    texts,
    rows: isLinear ? stage.shape[0] : positionsOf(stage).count,
    here,
    placeOf: placeOfRow,
    letters,
    names,
    input: (index) =>
      index === NO_CELL ? "0" : isTurned(names.input(index)) ? inputNumber(index) : names.input(index),
    weight: (index) => (isTurned(names.weight(index)) ? weightNumber(index) : names.weight(index)),
    output: (row) => (isTurned(names.output(row)) ? outputNumber(row) || (letters ? "?" : "") : names.output(row)),
    inputNumber,
    weightNumber,
    outputNumber,
    bias: isTurned("b") ? biasNumber : "b",
    biasNumber,
    divisor: texts.divisor,
  };
}

/** The texts of input cells, written alike where they are few. @param {Stage} before */
function writeInputs(before) {
  const numbers = before.output ?? new Float32Array(0);
  const amounts = numbers.length > MOST_ALIKE ? [] : Array.from(numbers, (value) => readAmount(before, value));
  const format = chooseFormat(amounts);
  return (/** @type {number} */ index) =>
    amounts.length ? writeAmount(amounts[index], format) : numberText(readAmount(before, numbers[index]).value);
}

/**
 * The texts of weights as the figure writes them: one format for all of a filter.
 * @param {Stage} stage @param {Stage} before @param {Frame} frame
 */
function writeWeights(stage, before, frame) {
  const { cellDivisor } = readFilter(stage, before, frame);
  const count = countWeights(stage);
  const writeFilter = (/** @type {number} */ map) => {
    const weights = stage.weight?.subarray(map * count, (map + 1) * count) ?? [];
    const read = (/** @type {number} */ weight) => ({ value: weight / cellDivisor, isExact: Number.isInteger(weight) });
    const amounts = Array.from(weights, read);
    const format = chooseFormat(amounts);
    return (/** @type {number} */ index) => writeAmount(amounts[index], format);
  };
  /** @type {Map<number, (index: number) => string>} */
  const written = new Map();
  return (/** @type {number} */ index, /** @type {number} */ map = frame.map) => {
    const write = written.get(map) ?? writeFilter(map);
    written.set(map, write);
    return write(index);
  };
}

/** The text of another cell. @param {Trace} trace @param {number} stage @param {Cell3} place */
export function writeOutput(trace, stage, [map, row, col]) {
  return writeStep(trace, frameAt(trace, { stage, map, at: [row, col], beat: "write" })).result;
}

/** The text of the bias of a map. @param {Trace} trace @param {number} stage @param {number} map */
export function writeBias(trace, stage, map) {
  return biasOf(writeStep(trace, frameAt(trace, { stage, map, at: [0, 0], beat: "write" })));
}

/** @param {StepTexts} texts */
function biasOf({ biasWritten, bias }) {
  return biasWritten || bias || "0";
}

/**
 * A value as an element: a letter can be turned into its number by a click.
 * @param {Values} values @param {"input" | "weight" | "output" | "bias"} role @param {number} index
 * @returns {Description}
 */
export function valueElement(values, role, index) {
  const isPadding = role === "input" && index === NO_CELL;
  const name = isPadding ? "" : role === "bias" ? "b" : values.names[role](index);
  return [
    "span",
    {
      class: ROLE_CLASSES[role],
      "data-letter": values.letters && name ? name : null,
      "data-weight": role === "weight" ? weightKey(values.stage, index) : null,
    },
    textOfValue(values, role, index),
  ];
}

/**
 * A value as an element, in parentheses where it is negative.
 * @param {Values} values @param {"input" | "weight" | "output" | "bias"} role @param {number} index
 * @returns {Description}
 */
export function bracketedElement(values, role, index) {
  const element = valueElement(values, role, index);
  return textOfValue(values, role, index).startsWith("−") ? ["span", "(", element, ")"] : element;
}

/** @param {Values} values @param {"input" | "weight" | "output" | "bias"} role @param {number} index */
function textOfValue(values, role, index) {
  return role === "bias" ? values.bias : values[role](index);
}

const ROLE_CLASSES = { input: "is-input", weight: "is-filter", output: "is-output", bias: "is-bias" };

/** How much larger than its letters need a drawing may be, in a large view. */
const MOST_LARGER = 2;
/** The height of a line of text below a drawing, with its gap, in pixels at the size of letters of a page. */
const LINE = 26;

/**
 * The room of a drawing in its own pixels, at its smallest letters; none that bounds it outside of a large view.
 * @param {SharingOptions} options @param {number} [lines] of text below it
 */
export function roomOf({ room, scale = 1 }, lines = 0) {
  return room && { width: room.width / scale, height: room.height / scale - lines * LINE };
}

/**
 * The size of a drawing on the page: as drawn, larger where letters are, or where there is room in a large view. A narrower
 * panel scrolls: its numbers stay readable.
 * @param {{width: number, height: number}} size of its view box @param {SharingOptions} options
 * @param {number} [lines] of text below it
 */
export function svgSize({ width, height }, options, lines) {
  const room = roomOf(options, lines);
  const larger = room ? Math.min(MOST_LARGER, room.width / width, room.height / height) : 1;
  const size = `${Math.floor(width * (options.scale ?? 1) * Math.max(1, larger))}px`;
  return { "max-width": size, "min-width": size };
}

/** Where a click on a row leads, as `data-go` says it. @param {Values} values @param {number} row */
export function goTo({ frame, placeOf }, row) {
  return [frame.stage, ...placeOf(row)].join();
}

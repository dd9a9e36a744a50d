/**
 * Names in place of numbers: A B C … for the inputs, Greek letters for the weights, P Q R … for the results. Where they
 * are too many, and with several channels, indices: x₀₀, w₀₀, y₀₀.
 */

import {
  cellOfInput,
  countInputs,
  countNeurons,
  countWeights,
  placeOfWeight,
} from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/** Without I, which is read as a one. */
const INPUTS = [..."ABCDEFGHJKLM"];
const OUTPUTS = [..."PQRSTUVWX"];
const WEIGHTS = [..."αβγδεζηθκ"];

/**
 * @typedef {object} Names
 * @property {boolean} areLetters whether every value has a letter of its own
 * @property {(index: number) => string} input of an index of the flattened input
 * @property {(index: number) => string} weight of an index of the filter
 * @property {(row: number) => string} output of a position of the map, or of an output of a fully connected layer
 */

/** The names of all values of a layer. @param {Stage} stage @returns {Names} */
export function namesOf(stage) {
  const channels = stage.input_shape?.[0] ?? 1;
  const areLetters =
    channels === 1 &&
    stage.kind === "conv" &&
    countInputs(stage) <= INPUTS.length &&
    countNeurons(stage) <= OUTPUTS.length &&
    countWeights(stage) <= WEIGHTS.length;
  if (areLetters)
    return {
      areLetters,
      input: (index) => INPUTS[index],
      weight: (index) => WEIGHTS[index],
      output: (row) => OUTPUTS[row],
    };
  const [, height = 1, across = 1] = stage.input_shape ?? [];
  const isVector = height * across === 1;
  const withChannel = (/** @type {number[]} */ [channel, ...place]) =>
    isVector ? [channel] : channels > 1 ? [channel, ...place] : place;
  const [, , width] = stage.shape;
  const placeOfRow = (/** @type {number} */ row) =>
    stage.kind === "linear" ? [row] : [Math.floor(row / width), row % width];
  return {
    areLetters,
    input: (index) => `x${subscript(withChannel(cellOfInput(stage, index)))}`,
    weight: (index) => `w${subscript(placeInFilter(stage, index, channels))}`,
    output: (row) => `y${subscript(placeOfRow(row))}`,
  };
}

/** @param {Stage} stage @param {number} index @param {number} channels of the input */
function placeInFilter(stage, index, channels) {
  const [channel, ...place] = placeOfWeight(stage, index);
  if (channels === 1) return place;
  const isOneCell = countWeights(stage) === channels / (stage.groups ?? 1);
  return isOneCell ? [channel] : [channel, ...place];
}

/** Digits below the line: 0, 1 as ₀₁; with a comma where one of them has two digits. @param {number[]} numbers */
export function subscript(numbers) {
  return numbers
    .join(numbers.some((number) => number > 9) ? "," : "")
    .replace(/\d/g, (digit) => String.fromCodePoint(0x2080 + Number(digit)));
}

/** The lines of the stories of layers, loaded with the first story. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/**
 * What the lines are made of. `value` is the number of the cell in focus, with its sign where the map has negative ones;
 * `source` that of an activation's input cell.
 * @typedef {object} StoryFacts
 * @property {string} name of the layer
 * @property {string} next the name of the next layer, "" if there is none
 * @property {string} value
 * @property {string} source
 * @property {string} size of the window: "3 × 3"
 * @property {string} bias
 * @property {string} weights how many one filter has
 * @property {number} channels
 * @property {string} stride
 * @property {number} maps
 * @property {number} map from 1 on
 * @property {number} rows
 * @property {number} columns
 * @property {string} cells of one map
 * @property {string} values of all maps
 * @property {string} parameters
 * @property {string} inputs
 * @property {boolean} isNegative
 * @property {boolean} isKept whether an activation leaves the number as it is
 * @property {string} zeros the share of cells that are 0
 * @property {"max" | "min" | "avg" | "l2"} pool
 * @property {string} terms of a join: the cells with the stages that they come from
 * @property {string} winner the class with the highest score
 */

const KEPT = { max: "the largest", min: "the smallest", avg: "the mean", l2: "the root of the sum of squares" };

/** The line of each press, as `list_story` names it. @type {Record<string, (facts: StoryFacts) => string>} */
export const STORY = inLanguage({
  input: ({ rows, columns }) => `The picture is a table of ${rows} × ${columns} numbers.`,
  conv_window: ({ weights, channels }) =>
    channels === 1
      ? weights === "1"
        ? "One number under the window, one weight in the filter."
        : `${weights} numbers under the window, ${weights} weights in the filter.`
      : `${weights} numbers under the window, in ${channels} channels, and ${weights} weights in the filter.`,
  conv_products: ({ weights }) =>
    weights === "1"
      ? "The number times its weight: one product. What is added to it?"
      : `Each number times its weight: ${weights} products. What is their sum?`,
  conv_sum: ({ bias, value }) => `All added up, and b = ${bias}: ${value}. Where does it go?`,
  conv_written: () => "Into the first cell of the map.",
  conv_next: ({ stride }) => `The window moves by ${stride}: other numbers, the same weights.`,
  conv_next_written: () => "Another sum, the next cell.",
  conv_row: ({ columns }) => `How often does it fit into a row? ${columns} times.`,
  conv_next_row: ({ stride }) => `Back to the left, and down by ${stride}.`,
  conv_map: ({ cells, parameters }) => `All ${cells} cells, always with the same ${parameters} numbers.`,
  conv_other_map: ({ map }) => `Filter ${map} has other weights, and a map of its own.`,
  conv_all_maps: ({ maps }) => `${maps} filters, ${maps} maps: one filter, one map.`,
  conv_highest: ({ value }) => `The highest number, ${value}: here the picture looks most like the filter.`,
  conv_lowest: ({ value, isNegative }) =>
    isNegative
      ? `The lowest number, ${value}: here it looks like the filter's negative.`
      : `The lowest number, ${value}: here there is least of what the filter looks for.`,
  conv_end: ({ next, maps }) =>
    next
      ? `${maps === 1 ? "This map is" : "These maps are"} the input of the next layer: ${next}.`
      : `${maps === 1 ? "This map is" : "These maps are"} the result.`,
  pointwise_low: ({ source, value, isKept, name }) =>
    isKept ? `${source} stays ${value}.` : `${name} makes ${value} of ${source}.`,
  pointwise_high: ({ source, value, isKept, name }) =>
    isKept ? `${source} stays ${value}.` : `${name} makes ${value} of ${source}.`,
  pointwise_map: ({ zeros, cells }) =>
    zeros ? `Each of ${cells} cells alone; ${zeros} of them are 0 now.` : `Each of ${cells} cells alone.`,
  pool_window: ({ size, pool }) =>
    pool === "max" || pool === "min" ? `${size} cells. Which one stays?` : `${size} cells. What is made of them?`,
  pool_result: ({ value, pool }) => `${value}, ${KEPT[pool]} of them.`,
  pool_row: ({ stride, columns }) => `The window moves by ${stride}: it fits ${columns} times into a row.`,
  pool_map: ({ cells, inputs, maps }) =>
    `${cells} cells in place of ${inputs}${maps === 1 ? "" : `, in each of ${maps} maps`}; nothing was learned for it.`,
  transposed_products: () => "Which cells of the input reach this one? Each is multiplied by its weight.",
  transposed_written: ({ value }) => `Added up, and written: ${value}.`,
  transposed_map: ({ cells, inputs }) =>
    `${cells} cells of ${inputs}: each adds a copy of the filter, and copies add up where they overlap.`,
  linear_products: ({ inputs, winner }) =>
    winner ? `${winner}: each of ${inputs} inputs times its weight.` : `Each of ${inputs} inputs times its weight.`,
  linear_bias: ({ bias, value }) => `All added up, and b = ${bias}: ${value}.`,
  linear_write: ({ maps }) =>
    maps === 1 ? "There is one output." : `The same for all ${maps} outputs, each with weights of its own.`,
  softmax_products: () => "e to the power of each score: no number below 0 is left.",
  softmax_sum: ({ winner, value }) => `Its share of the sum: ${winner ? `${winner} ` : ""}${value}.`,
  softmax_write: () => "All shares add up to 100 %. They are the network's shares, no chance of being right.",
  join_window: ({ terms }) => `Cells at the same place: ${terms}.`,
  join_write: ({ terms, value }) => `${terms}: ${value}.`,
  join_map: ({ name, cells, maps }) => `${name}: the same for all ${cells} cells${maps > 1 ? ` of ${maps} maps` : ""}.`,
  other_window: ({ name }) => `${name}: one cell.`,
  other_map: ({ name, values }) => `${name}: all ${values} numbers.`,
});

/** The row of a stack of pictures. */
export const STACK = inLanguage({
  title: "Stack of pictures",
  pictures: "Pictures of the stack",
  next: "Next picture, at the same place",
  previous: "Previous picture, at the same place",
  nextByKey: "Next picture, at the same place (I)",
  previousByKey: "Previous picture, at the same place (Shift+I)",
  /** @param {string} title @param {number} number from 1 on @param {number} count */
  picture: (title, number, count) => `${title}, picture ${number} of ${count}`,
  /** @param {number} number from 1 on @param {number} count */
  input: (number, count) => `Input, picture ${number} of ${count}`,
  /** @param {number} number from 1 on @param {number} count */
  count: (number, count) => `picture ${number} of ${count}`,
  /** @param {string} shape @param {number} count */
  pictureShape: (shape, count) => `${shape}: ${count} pictures, all cut alike.`,
  /** @param {string} shape */
  maps: (shape) => `${shape}: one stack of maps for each picture.`,
  /** @param {string} shape @param {string} parameters @param {number} count @param {string} once @param {string} all */
  weights: (shape, parameters, count, once, all) =>
    `${shape}: one stack of maps for each picture, the same weights. ${parameters} parameters, as for one picture; ` +
    `${count} × ${once} = ${all} multiply-adds.`,
});

/** "conv 3/12": the counter of presses; and what is said while a row or a map fills. */
export const STORY_COUNTER = inLanguage({
  /** @param {string} name of the layer in links @param {number} press @param {number} count */
  counter: (name, press, count) => `${verbatim(name)} ${press}/${count}`,
  thenFaster: "The first cells in detail, then faster.",
});

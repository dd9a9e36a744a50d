/** The filters of a layer as the cards of a table: of each its name, its matrix, its map and its words. */

import { channelsOf } from "convoscope/pure/frame/stage.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { FILTER_TABLE } from "convoscope/pure/strings/tab-strings.js";
import { writeFactor } from "convoscope/pure/tabs/filter-table/matrix-table.js";
import { numberText, shortNumber } from "convoscope/pure/text/number-text.js";

/** @import {Stage} from "convoscope/pure/types.js" */
/** @import {Matrix} from "convoscope/pure/tabs/filter-table/matrix-table.js" */

/**
 * @typedef {object} FilterCard
 * @property {number} map the first of its maps
 * @property {number[]} maps one, or three that are one color picture
 * @property {string} name
 * @property {string} words one line, "" for none
 * @property {{name: string, matrix: Matrix}[]} planes the slices that are drawn; "" is the name of one for all channels
 */

/** So many filters and slices of a filter are drawn. */
export const MOST_FILTERS = 64;
const MOST_PLANES = 3;

/** Whether a stage has filters with numbers that can be drawn. @param {Stage} stage */
export function hasFilterTable(stage) {
  return stage.kind === "conv" && stage.rows !== null && stage.rows.kernel * (stage.columns?.kernel ?? 0) > 0;
}

/**
 * The filters of a layer, at most MOST_FILTERS of them. Of a filter that reads red, green and blue each alone and makes a
 * color photo again, the three maps are one card.
 * @param {Stage} stage of a convolution, with its weights @param {Stage} before @returns {FilterCard[]}
 */
export function cardsOf(stage, before) {
  const [count] = stage.shape;
  const groups = stage.groups ?? 1;
  const each = count / groups;
  const isPhoto = (/** @type {number} */ map) => stage.colors !== "signed" || (stage.photo_maps ?? []).includes(map);
  const isColor = groups === 3 && stage.input_shape?.[0] === 3 && before.colors === "photo";
  const cards = [...Array(count).keys()].flatMap((map) => {
    const merges = isColor && isPhoto(map % each);
    if (merges && map >= each) return [];
    const maps = merges ? [map, map + each, map + 2 * each] : [map];
    const alone = isColor && !merges ? PAGE.plane(before, Math.floor(map / each)) : "";
    const { name, words } = describeFilter(stage, map, alone);
    return [{ map, maps, name, words, planes: planesOf(stage, before, map) }];
  });
  return cards.slice(0, MOST_FILTERS);
}

/** @param {Stage} stage @param {number} map @param {string} channel that it reads alone */
function describeFilter(stage, map, channel) {
  const label = stage.labels?.[map] ?? "";
  const own = Object.keys(stage.kernels ?? {}).find((kernel) => label === kernel || label.startsWith(`${kernel}, `));
  if (!own) return { name: label || FILTER_TABLE.filter(map), words: "" };
  const { title, sentence } = /** @type {NonNullable<Stage["kernels"]>} */ (stage.kernels)[own];
  return { name: channel ? `${title}, ${channel}` : title, words: sentence };
}

/**
 * The slices of a filter: one where all are the same, else the first three.
 * @param {Stage} stage @param {Stage} before @param {number} map
 */
function planesOf(stage, before, map) {
  const [rows, columns] = [stage.rows?.kernel ?? 1, stage.columns?.kernel ?? 1];
  const [size, count] = [rows * columns, channelsOf(stage)];
  const weights = stage.weight?.subarray(map * count * size, (map + 1) * count * size) ?? new Float32Array(0);
  const scale = stage.scales?.[map] ?? 1;
  const cellDivisor = isFiniteDecimal(scale) ? scale : 1;
  const factor = writeFactor((stage.divisors?.[map] ?? 1) * (scale / cellDivisor));
  const planes = [...Array(count).keys()].map((channel) => weights.subarray(channel * size, (channel + 1) * size));
  const isOne = planes.every((plane) => plane.every((weight, n) => weight === planes[0][n]));
  const first = Math.floor(map / (stage.shape[0] / (stage.groups ?? 1))) * count;
  return (isOne ? planes.slice(0, 1) : planes.slice(0, MOST_PLANES)).map((values, channel) => ({
    name: isOne ? "" : PAGE.plane(before, first + channel),
    matrix: { texts: writeRows(values, rows, columns, cellDivisor), values, factor },
  }));
}

/** @param {Float32Array} values @param {number} rows @param {number} columns @param {number} divisor */
function writeRows(values, rows, columns, divisor) {
  const write = values.every((value) => Number.isInteger(value)) ? numberText : shortNumber;
  return [...Array(rows).keys()].map((row) =>
    [...values.subarray(row * columns, (row + 1) * columns)].map((value) => write(value / divisor)),
  );
}

/** Whether 1/scale is a finite decimal. @param {number} scale */
function isFiniteDecimal(scale) {
  let left = scale;
  for (const factor of [2, 5]) while (left % factor === 0) left /= factor;
  return left === 1;
}

/**
 * One step of a Trace: which cells are read, what each contributes, and the result.
 *
 * The only place in the browser that turns a step into cells and terms. A Frame depends only on the Trace and on
 * {stage, map, at, beat}. Python's `app/core/explain/` computes the same; tests/golden/steps.json tests both.
 */

import { activate } from "convoscope/pure/frame/activations.js";
import {
  beforeFlattening,
  channelsOf,
  focusOf,
  hasCapability,
  partOf,
  planeOf,
  readOf,
} from "convoscope/pure/frame/stage.js";
import {
  cellsInside,
  cellsOfPart,
  isInPaddedInput,
  multiplyByWeights,
  range,
  readWindow,
  sumOf,
  tapsOf,
  windowOf,
} from "convoscope/pure/frame/window.js";

export { inputsOfWeight, readersOf, unreadCells } from "convoscope/pure/frame/readers.js";
export {
  beatsOf,
  beforeFlattening,
  focusOf,
  placeOf,
  planeOf,
  positionOf,
  positionsOf,
} from "convoscope/pure/frame/stage.js";

/** @import {Axis, Cell, Frame, FrameChannel, Kind} from "convoscope/pure/types.js" */
/** @import {ComputedStep, Preprocessing, Stage, StepRequest, Trace} from "convoscope/pure/types.js" */

/** Windows with more cells than this are not listed cell by cell. */
const MOST_LISTED_CELLS = 16 * 16;

/** How many of the largest terms of a fully connected layer's sum are written out. */
const STRONGEST_TERMS = 6;

/** Half the distance between 1 and the next float32: the largest relative error of one rounding. */
const ROUNDING = 2 ** -24;

/** The smallest normal float32. */
const SMALLEST_NORMAL = 2 ** -126;

/**
 * The step that computes one cell, at one beat. An index out of range is clamped; `at` null is the map's salient cell;
 * a beat that the step does not have becomes its sum.
 * @param {Trace} trace
 * @param {{stage: number, map: number, at: Cell | null, beat: string}} place
 * @returns {Frame}
 */
export function frameAt(trace, place) {
  const focus = focusOf(trace, place);
  const { stage: index, map, row, col } = focus;
  const stage = trace.stages[index];
  const [, height, width] = stage.shape;
  const request = { trace, stage, input: readOf(trace, stage, map), map, row, col };
  const kind = stage.kind;
  const explain = hasCapability(stage, "own_law") ? stage.own?.explain : EXPLAIN[kind];
  const hasNumbers = [index, ...stage.reads].every((read) => trace.stages[read].output) && !!explain;
  const { size, terms, ...step } = hasNumbers ? explain(request) : explainWithoutNumbers(request);
  const value = stage.output?.[(map * height + row) * width + col] ?? NaN;
  const tolerance =
    ROUNDING * ((stage.exact ? 0 : (terms ?? 0)) + 4) * (size ?? Math.abs(step.result)) + SMALLEST_NORMAL;
  return {
    ...focus,
    kind,
    channels: [],
    divisor: 1,
    scale: 1,
    bias: 0,
    chosen: null,
    count: null,
    strongest: [],
    rest: null,
    largest: null,
    joined: [],
    ...step,
    value,
    agrees: hasNumbers && Math.abs(step.result - value) <= tolerance,
    hasNumbers,
  };
}

/** @type {Partial<Record<Kind, (request: StepRequest) => ComputedStep>>} */
const EXPLAIN = {
  input: ({ stage, map, row, col }) => explainSingleCell(stage, map, [row], [col]),
  conv: explainConvolution,
  pool: explainPooling,
  pointwise: ({ stage, input, map, row, col }) => {
    const step = explainSingleCell(input, map, [row], [col]);
    const result = activate(stage, step.sum);
    return { ...step, result, terms: 12, size: Math.max(Math.abs(step.sum), Math.abs(result)) };
  },
  softmax: explainSoftmax,
  shift: ({ stage, input, map, row, col }) => {
    const [down, right] = stage.by ?? [0, 0];
    return explainSingleCell(input, map, [row - down], [col - right]);
  },
  flatten: ({ input, map }) => {
    const [, height, width] = input.shape;
    const [channel, row, col] = placeInMaps(map, height, width);
    return explainSingleCell(input, channel, [row], [col]);
  },
  linear: explainLinear,
  prepare: explainPreprocessing,
  join: explainJoin,
};

/**
 * A join: the cells of several stages, each a channel, or of a concatenation the one that it copies.
 * @param {StepRequest} request @returns {ComputedStep}
 */
function explainJoin({ trace, stage, input, map, row, col }) {
  const from = stage.starts
    ? [{ read: input, place: map - stage.starts[partOf(stage, map)] }]
    : stage.reads.map((index) => ({ read: trace.stages[index], place: map }));
  const steps = from.map(({ read, place }) => {
    const isSingle = read.shape[1] * read.shape[2] === 1;
    return explainSingleCell(read, place, [isSingle ? 0 : row], [isSingle ? 0 : col]);
  });
  const values = steps.map(({ sum }) => sum);
  const result = values.reduce((all, value) => (stage.op === "mul" ? all * value : all + value));
  const terms = from.map(({ read }) => read.index);
  const size = stage.op === "mul" ? Math.abs(result) : sumOf(values.map(Math.abs));
  const channels = steps.flatMap((step) => step.channels ?? []);
  return { ...steps[0], channels, joined: terms, sum: result, result, terms: values.length, size };
}

/**
 * A step that copies the value of one cell.
 * @param {Stage} input @param {number} channel @param {number[]} rows @param {number[]} columns
 * @returns {ComputedStep}
 */
function explainSingleCell(input, channel, rows, columns) {
  const patch = readWindow(input, channel, rows, columns, "zeros", () => 0);
  const value = patch.values[0][0] ?? 0;
  return { rows, columns, channels: [{ ...patch, sum: value }], sum: value, result: value };
}

/** @param {StepRequest} request @returns {ComputedStep} */
function explainConvolution({ stage, input, map, row, col }) {
  const { rows, columns } = windowOf(stage, row, col);
  const group = Math.floor(map / (stage.shape[0] / (stage.groups ?? 1)));
  const count = channelsOf(stage);
  const channels = range(count).map((c) => {
    const patch = readWindow(input, group * count + c, rows, columns, stage.padding_mode ?? "zeros", () => 0);
    return multiplyByWeights(patch, weightsAt(stage, row, col, map * count + c), 0);
  });
  const sum = sumOf(channels.map((channel) => channel.sum));
  return { rows, columns, channels, ...divideAndAddBias(stage, map, sum, channels) };
}

/**
 * The weights that a window is multiplied by: a slice of the filter; of a transposed convolution those of the slice that
 * reach the cell, 0 where none does.
 * @param {Stage} stage @param {number} row @param {number} col @param {number} slice @returns {ArrayLike<number>}
 */
function weightsAt({ weight, rows, columns }, row, col, slice) {
  const [down, across] = /** @type {[Axis, Axis]} */ ([rows, columns]);
  const all = /** @type {Float32Array} */ (weight).subarray(slice * down.kernel * across.kernel);
  if (!down.transposed) return all;
  return tapsOf(down, row).flatMap(([, i]) =>
    tapsOf(across, col).map(([, j]) => (i < 0 || j < 0 ? 0 : all[i * across.kernel + j])),
  );
}

/** @param {StepRequest} request @returns {ComputedStep} */
function explainLinear({ trace, stage, input, map }) {
  const [count, height, width] = input.shape;
  const cells = height * width;
  const weight = /** @type {Float32Array} */ (stage.weight);
  const [rows, columns] = [range(height), range(width)];
  const patches =
    count * cells > MOST_LISTED_CELLS
      ? []
      : range(count).map((c) => readWindow(input, c, rows, columns, "zeros", () => 0));
  const channels = patches.map((each, c) => multiplyByWeights(each, weight, (map * count + c) * cells));
  const values = /** @type {Float32Array} */ (input.output);
  const products = Float64Array.from(values, (value, n) => value * weight[map * count * cells + n] + 0);
  let [sum, size] = [0, 0];
  for (const product of products) {
    sum += product;
    size += Math.abs(product);
  }
  const [, down, across] = beforeFlattening(trace, stage).shape;
  const strongest = indicesOfLargest(products).map((n) => ({
    source: placeInMaps(n, down, across),
    value: values[n],
    weight: weight[map * count * cells + n],
    product: products[n],
  }));
  const rest = { count: products.length - strongest.length, sum: sum - sumOf(strongest.map(({ product }) => product)) };
  const end = divideAndAddBias(stage, map, sum, channels);
  const scaled = size / (end.divisor * end.scale) + Math.abs(end.bias);
  return { rows, columns, channels, strongest, rest, ...end, terms: values.length, size: scaled };
}

/**
 * The map, row and column of the n-th value of maps, map by map and row by row.
 * @param {number} n @param {number} height @param {number} width @returns {[number, number, number]}
 */
export function placeInMaps(n, height, width) {
  return [Math.floor(n / (height * width)), Math.floor(n / width) % height, n % width];
}

/**
 * The indices of the numbers largest in magnitude, the largest first; of equal ones the first.
 * @param {Float64Array} numbers
 */
export function indicesOfLargest(numbers) {
  /** @type {number[]} */
  const found = [];
  numbers.forEach((number, n) => {
    const place = found.findIndex((other) => Math.abs(number) > Math.abs(numbers[other]));
    if (place >= 0) found.splice(place, 0, n);
    else if (found.length < STRONGEST_TERMS) found.push(n);
    if (found.length > STRONGEST_TERMS) found.pop();
  });
  return found;
}

/**
 * Preprocessing for a model: a weighted sum of cells and channels, then (sum / white − mean) / std. Inverted to white
 * on black, white − sum takes the place of the sum: the divisor is negative and the bias larger. A cell that is copied
 * has no weights.
 * @param {StepRequest} request
 * @returns {ComputedStep}
 */
function explainPreprocessing({ stage, input, map, row, col }) {
  const law = /** @type {Preprocessing} */ (stage.prepare);
  const [down, across] = [cellsOfPart(law.rows, row), cellsOfPart(law.columns, col)];
  const [rows, columns] = [down.cells, across.cells];
  const mixed = law.mix[map].map((part, c) => ({ part, c })).filter(({ part }) => part !== 0);
  const channels = mixed.map(({ part, c }) => {
    const patch = readWindow(input, c, rows, columns, "zeros", () => 0);
    const shares = down.shares.flatMap((high) => across.shares.map((wide) => part * high * wide));
    return shares.length === 1 && shares[0] === 1
      ? { ...patch, sum: patch.values[0][0] ?? 0 }
      : multiplyByWeights(patch, shares, 0);
  });
  const sum = sumOf(channels.map((channel) => channel.sum));
  const [mean, std] = [law.mean[map], law.std[map]];
  const [divisor, bias] = law.inverted ? [-law.white * std, (1 - mean) / std] : [law.white * std, -mean / std];
  const terms = channels.flatMap((channel) => (channel.products ?? channel.values).flat());
  const size = sumOf(terms.map((term) => Math.abs(term ?? 0))) / Math.abs(divisor) + Math.abs(bias);
  const listed = rows.length * columns.length <= MOST_LISTED_CELLS ? channels : [];
  return {
    rows,
    columns,
    channels: listed,
    sum,
    divisor,
    bias,
    result: sum / divisor + bias,
    size,
    terms: terms.length,
  };
}

/**
 * The sum divided, then the bias added.
 * @param {Stage} stage @param {number} map @param {number} sum @param {FrameChannel[]} channels
 */
function divideAndAddBias(stage, map, sum, channels) {
  const [divisor, scale, bias] = [stage.divisors?.[map] ?? 1, stage.scales?.[map] ?? 1, stage.bias?.[map] ?? 0];
  const products = channels.flatMap((channel) => (channel.products ?? []).flat());
  const size = sumOf(products.map(Math.abs)) / (divisor * scale) + Math.abs(bias);
  return { sum, divisor, scale, bias, result: sum / (divisor * scale) + bias, size, terms: products.length };
}

/** @param {StepRequest} request @returns {ComputedStep} */
function explainPooling({ stage, input, map, row, col }) {
  const { rows, columns } = windowOf(stage, row, col);
  const pool = stage.pool ?? "max";
  const folded = reduceWindow(input, map, rows, columns, pool);
  const counts = stage.count_include_pad ?? true;
  const [down, across] = /** @type {[Axis, Axis]} */ ([stage.rows, stage.columns]);
  /** The value of a cell of the padding: 0 where padding counts, else null. @param {number} r @param {number} c */
  const empty = (r, c) =>
    (pool === "l2" || (pool === "avg" && (counts || stage.divisor_override))) &&
    isInPaddedInput(down, r) &&
    isInPaddedInput(across, c)
      ? 0
      : null;
  const high = rows.filter((r) => isInPaddedInput(down, r, counts)).length;
  const counted = high * columns.filter((c) => isInPaddedInput(across, c, counts)).length;
  const divided = stage.divisor_override ?? counted;
  const count = pool === "avg" ? divided : null;
  const result = pool === "l2" ? Math.sqrt(folded.sum) : folded.sum / (count ?? 1);
  const listed = rows.length * columns.length <= MOST_LISTED_CELLS;
  const channels = listed ? [addSquares(readWindow(input, map, rows, columns, "zeros", empty), pool, folded.sum)] : [];
  const size = pool === "l2" ? result : folded.size / (count ?? 1);
  return { rows, columns, channels, sum: folded.sum, result, chosen: folded.chosen, count, size, terms: folded.cells };
}

/** @param {FrameChannel} patch @param {string} pool @param {number} sum @returns {FrameChannel} */
function addSquares(patch, pool, sum) {
  const products = pool === "l2" ? patch.values.map((line) => line.map((value) => (value ?? 0) ** 2)) : null;
  return { ...patch, products, sum };
}

/**
 * The sum of a window's cells that lie in the input, or the first largest or smallest of them.
 * @param {Stage} input @param {number} map @param {number[]} rows @param {number[]} columns @param {string} pool
 */
function reduceWindow(input, map, rows, columns, pool) {
  const plane = /** @type {Float32Array} */ (planeOf(input, map));
  const [, height, width] = input.shape;
  const sign = pool === "min" ? -1 : 1;
  let [sum, size, cells, best] = [0, 0, 0, -Infinity];
  /** @type {[number, number, number] | null} */
  let chosen = null;
  for (const row of cellsInside(rows, height)) {
    for (const col of cellsInside(columns, width)) {
      const value = plane[row * width + col];
      const part = pool === "l2" ? value * value : value;
      sum += part;
      size += Math.abs(part);
      cells += 1;
      if (sign * value > best) [best, chosen] = [sign * value, [map, row, col]];
    }
  }
  if (pool === "avg" || pool === "l2") return { sum, size, cells, chosen: null };
  return { sum: sign * best, size: Math.abs(best), cells: 1, chosen };
}

/**
 * Softmax: e^(x − largest) of this cell over the sum of it for all cells.
 * @param {StepRequest} request
 * @returns {ComputedStep}
 */
function explainSoftmax({ input, map, row, col }) {
  const [count, height, width] = input.shape;
  const values = /** @type {Float32Array} */ (input.output);
  let [largest, sum] = [-Infinity, 0];
  for (const value of values) largest = Math.max(largest, value);
  for (const value of values) sum += Math.exp(value - largest);
  const below = values[(map * height + row) * width + col] - largest;
  const result = Math.exp(below) / sum;
  const [rows, columns] = [range(height), range(width)];
  const patches =
    values.length > MOST_LISTED_CELLS
      ? []
      : range(count).map((c) => readWindow(input, c, rows, columns, "zeros", () => 0));
  const channels = patches.map((each) => addExponentials(each, largest));
  return { rows, columns, channels, sum, result, largest, terms: 16 + 2 * Math.abs(below) };
}

/** @param {FrameChannel} patch @param {number} largest @returns {FrameChannel} */
function addExponentials(patch, largest) {
  const products = patch.values.map((line) => line.map((value) => Math.exp((value ?? 0) - largest)));
  return { ...patch, products, sum: sumOf(products.flat()) };
}

/**
 * The rows and columns alone, for a stage whose numbers have not arrived.
 * @param {StepRequest} request @returns {ComputedStep}
 */
function explainWithoutNumbers({ stage, row, col }) {
  const { rows, columns } = stage.rows ? windowOf(stage, row, col) : { rows: [row], columns: [col] };
  return { rows, columns, sum: NaN, result: NaN };
}

/**
 * One step of a Trace: which cells are read, what each contributes, what comes out.
 *
 * The only place in the browser that turns a step into cells and terms. A Frame depends on the Trace and on
 * {stage, map, at, beat} alone. Python's `app/core/explain/` says the same; tests/golden/steps.json holds both to it.
 */

import { beatsOf, beforeFlattening, channelsOf, kindOf, planeOf, within } from "convoscope/pure/frame/stage.js";
import { framed, inside, look, range, stretch, total, weighted, windowOf } from "convoscope/pure/frame/window.js";

export { inputsOfWeight, neverRead, readersOf } from "convoscope/pure/frame/reach.js";
export {
  beatsOf,
  beforeFlattening,
  kindOf,
  placeOf,
  planeOf,
  positionOf,
  positionsOf,
} from "convoscope/pure/frame/stage.js";

/** @import {Axis, Cell, Frame, FrameChannel, Kind, PrepareLaw, Stage, Step, Trace} from "convoscope/pure/types.js" */

/** Windows with more cells than this are not listed cell by cell. */
export const LISTED = 16 * 16;

/** So many terms of a fully connected layer's sum are written out, the largest ones. */
const STRONGEST = 6;

/** Half the distance between 1 and the next float32: the most by which one rounding can be off. */
const ROUNDING = 2 ** -24;

const SMALLEST = 2 ** -126;

/** @type {Record<string, (x: number, slope: number) => number>} */
const FUNCTIONS = {
  relu: (x) => (x > 0 ? x : 0),
  leaky_relu: (x, slope) => (x > 0 ? x : x * slope + 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: (x) => Math.tanh(x),
  abs: (x) => Math.abs(x),
};

/**
 * A step before it is compared with the Trace.
 * @typedef {Partial<Step> & {rows: number[], columns: number[], sum: number, result: number} & Rounding} Explained
 */

/**
 * `size` is what the rounding of the result is measured against, `terms` how many roundings it may hold.
 * @typedef {{size?: number, terms?: number}} Rounding
 */

/** @typedef {{trace: Trace, stage: Stage, input: Stage, map: number, row: number, col: number}} Asked */

/**
 * The step that makes one cell, at one beat. What is out of range is brought to the nearest cell; `at` null is the
 * map's telling place; a beat that the step does not have becomes its sum.
 * @param {Trace} trace
 * @param {{stage: number, map: number, at: Cell | null, beat: string}} place
 * @returns {Frame}
 */
export function frameAt(trace, place) {
  const index = within(place.stage, trace.stages.length);
  const stage = trace.stages[index];
  const [maps, height, width] = stage.shape;
  const map = within(place.map, maps);
  const at = place.at ?? stage.telling?.[map] ?? [0, 0];
  const [row, col] = [within(at[0], height), within(at[1], width)];
  const beats = beatsOf(stage);
  const asked = { trace, stage, input: trace.stages[Math.max(0, index - 1)], map, row, col };
  const kind = kindOf(stage);
  const held = stage.output !== null && (kind === "input" || asked.input.output !== null);
  const { size, terms, ...step } = held ? EXPLAIN[kind](asked) : unheld(asked);
  const value = stage.output?.[(map * height + row) * width + col] ?? NaN;
  const most = ROUNDING * ((stage.exact ? 0 : (terms ?? 0)) + 4) * (size ?? Math.abs(step.result)) + SMALLEST;
  return {
    stage: index,
    map,
    row,
    col,
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
    ...step,
    beat: beats.includes(place.beat) ? place.beat : beats.includes("sum") ? "sum" : beats[beats.length - 1],
    beats,
    value,
    agrees: held && Math.abs(step.result - value) <= most,
    held,
  };
}

/** @type {Record<Kind, (asked: Asked) => Explained>} */
const EXPLAIN = {
  input: ({ stage, map, row, col }) => single(stage, map, [row], [col]),
  conv: convolved,
  pool: pooled,
  pointwise: ({ stage, input, map, row, col }) => {
    const step = single(input, map, [row], [col]);
    const result = FUNCTIONS[stage.op](step.sum, stage.slope ?? 0.01);
    return { ...step, result, terms: 12, size: Math.max(Math.abs(step.sum), Math.abs(result)) };
  },
  softmax: shared,
  shift: ({ stage, input, map, row, col }) => {
    const [down, right] = stage.by ?? [0, 0];
    return single(input, map, [row - down], [col - right]);
  },
  flatten: ({ input, map }) => {
    const [, height, width] = input.shape;
    const place = map % (height * width);
    return single(input, Math.floor(map / (height * width)), [Math.floor(place / width)], [place % width]);
  },
  linear: joined,
  prepare: prepared,
};

/**
 * The value of one cell as it is.
 * @param {Stage} input @param {number} channel @param {number[]} rows @param {number[]} columns
 * @returns {Explained}
 */
function single(input, channel, rows, columns) {
  const seen = look(input, channel, rows, columns, "zeros", () => 0);
  const value = seen.values[0][0] ?? 0;
  return { rows, columns, channels: [{ ...seen, sum: value }], sum: value, result: value };
}

/** @param {Asked} asked @returns {Explained} */
function convolved({ stage, input, map, row, col }) {
  const { rows, columns } = windowOf(stage, row, col);
  const group = Math.floor(map / (stage.shape[0] / (stage.groups ?? 1)));
  const count = channelsOf(stage);
  const channels = range(count).map((c) => {
    const seen = look(input, group * count + c, rows, columns, stage.padding_mode ?? "zeros", () => 0);
    return weighted(seen, /** @type {Float32Array} */ (stage.weight), (map * count + c) * rows.length * columns.length);
  });
  const sum = total(channels.map((channel) => channel.sum));
  return { rows, columns, channels, ...finished(stage, map, sum, channels) };
}

/** @param {Asked} asked @returns {Explained} */
function joined({ trace, stage, input, map }) {
  const [count, height, width] = input.shape;
  const cells = height * width;
  const weight = /** @type {Float32Array} */ (stage.weight);
  const [rows, columns] = [range(height), range(width)];
  const seen = count * cells > LISTED ? [] : range(count).map((c) => look(input, c, rows, columns, "zeros", () => 0));
  const channels = seen.map((each, c) => weighted(each, weight, (map * count + c) * cells));
  const values = /** @type {Float32Array} */ (input.output);
  const products = Float64Array.from(values, (value, n) => value * weight[map * count * cells + n] + 0);
  let [sum, size] = [0, 0];
  for (const product of products) {
    sum += product;
    size += Math.abs(product);
  }
  const [, down, across] = beforeFlattening(trace, stage).shape;
  const strongest = largestOf(products).map((n) => ({
    source: /** @type {[number, number, number]} */ ([
      Math.floor(n / (down * across)),
      Math.floor(n / across) % down,
      n % across,
    ]),
    value: values[n],
    weight: weight[map * count * cells + n],
    product: products[n],
  }));
  const rest = { count: products.length - strongest.length, sum: sum - total(strongest.map(({ product }) => product)) };
  const end = finished(stage, map, sum, channels);
  const scaled = size / (end.divisor * end.scale) + Math.abs(end.bias);
  return { rows, columns, channels, strongest, rest, ...end, terms: values.length, size: scaled };
}

/**
 * The places of the largest numbers, whatever their sign: the largest first, of equal ones the first.
 * @param {Float64Array} numbers
 */
function largestOf(numbers) {
  /** @type {number[]} */
  const found = [];
  numbers.forEach((number, n) => {
    const place = found.findIndex((other) => Math.abs(number) > Math.abs(numbers[other]));
    if (place >= 0) found.splice(place, 0, n);
    else if (found.length < STRONGEST) found.push(n);
    if (found.length > STRONGEST) found.pop();
  });
  return found;
}

/**
 * Preparation for a model: shares of cells and channels added up, then (sum / white − mean) / std. Turned from black
 * on white, white − sum stands for the sum: the divisor is negative and the bias larger. A cell that is taken as it is
 * has no weights.
 * @param {Asked} asked
 * @returns {Explained}
 */
function prepared({ stage, input, map, row, col }) {
  const law = /** @type {PrepareLaw} */ (stage.prepare);
  const [down, across] = [stretch(law.rows, row), stretch(law.columns, col)];
  const [rows, columns] = [down.cells, across.cells];
  const mixed = law.mix[map].map((part, c) => ({ part, c })).filter(({ part }) => part !== 0);
  const channels = mixed.map(({ part, c }) => {
    const seen = look(input, c, rows, columns, "zeros", () => 0);
    const shares = down.shares.flatMap((high) => across.shares.map((wide) => part * high * wide));
    return shares.length === 1 && shares[0] === 1
      ? { ...seen, sum: seen.values[0][0] ?? 0 }
      : weighted(seen, shares, 0);
  });
  const sum = total(channels.map((channel) => channel.sum));
  const [mean, std] = [law.mean[map], law.std[map]];
  const [divisor, bias] = law.inverted ? [-law.white * std, (1 - mean) / std] : [law.white * std, -mean / std];
  const terms = channels.flatMap((channel) => (channel.products ?? channel.values).flat());
  const size = total(terms.map((term) => Math.abs(term ?? 0))) / Math.abs(divisor) + Math.abs(bias);
  const listed = rows.length * columns.length <= LISTED ? channels : [];
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
 * Divided last, then the bias.
 * @param {Stage} stage @param {number} map @param {number} sum @param {FrameChannel[]} channels
 */
function finished(stage, map, sum, channels) {
  const [divisor, scale, bias] = [stage.divisors?.[map] ?? 1, stage.scales?.[map] ?? 1, stage.bias?.[map] ?? 0];
  const products = channels.flatMap((channel) => (channel.products ?? []).flat());
  const size = total(products.map(Math.abs)) / (divisor * scale) + Math.abs(bias);
  return { sum, divisor, scale, bias, result: sum / (divisor * scale) + bias, size, terms: products.length };
}

/** @param {Asked} asked @returns {Explained} */
function pooled({ stage, input, map, row, col }) {
  const { rows, columns } = windowOf(stage, row, col);
  const pool = stage.pool ?? "max";
  const folded = fold(input, map, rows, columns, pool);
  const counts = stage.count_include_pad ?? true;
  const [down, across] = /** @type {[Axis, Axis]} */ ([stage.rows, stage.columns]);
  /** A cell of the padding is a 0 only where it counts. @param {number} r @param {number} c */
  const empty = (r, c) =>
    (pool === "l2" || (pool === "avg" && counts)) && framed(down, r) && framed(across, c) ? 0 : null;
  const high = rows.filter((r) => framed(down, r, counts)).length;
  const divided = high * columns.filter((c) => framed(across, c, counts)).length;
  const count = pool === "avg" ? divided : null;
  const result = pool === "l2" ? Math.sqrt(folded.sum) : folded.sum / (count ?? 1);
  const listed = rows.length * columns.length <= LISTED;
  const channels = listed ? [squared(look(input, map, rows, columns, "zeros", empty), pool, folded.sum)] : [];
  const size = pool === "l2" ? result : folded.size / (count ?? 1);
  return { rows, columns, channels, sum: folded.sum, result, chosen: folded.chosen, count, size, terms: folded.cells };
}

/** @param {FrameChannel} seen @param {string} pool @param {number} sum @returns {FrameChannel} */
function squared(seen, pool, sum) {
  const products = pool === "l2" ? seen.values.map((line) => line.map((value) => (value ?? 0) ** 2)) : null;
  return { ...seen, products, sum };
}

/**
 * The cells of a window that lie in the input, joined: their sum, or the first largest or smallest.
 * @param {Stage} input @param {number} map @param {number[]} rows @param {number[]} columns @param {string} pool
 */
function fold(input, map, rows, columns, pool) {
  const plane = /** @type {Float32Array} */ (planeOf(input, map));
  const [, height, width] = input.shape;
  const sign = pool === "min" ? -1 : 1;
  let [sum, size, cells, best] = [0, 0, 0, -Infinity];
  /** @type {[number, number, number] | null} */
  let chosen = null;
  for (const row of inside(rows, height)) {
    for (const col of inside(columns, width)) {
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
 * Softmax: e to this cell, over the sum of e to every cell, all counted down from the largest.
 * @param {Asked} asked
 * @returns {Explained}
 */
function shared({ input, map, row, col }) {
  const [count, height, width] = input.shape;
  const values = /** @type {Float32Array} */ (input.output);
  let [largest, sum] = [-Infinity, 0];
  for (const value of values) largest = Math.max(largest, value);
  for (const value of values) sum += Math.exp(value - largest);
  const below = values[(map * height + row) * width + col] - largest;
  const result = Math.exp(below) / sum;
  const [rows, columns] = [range(height), range(width)];
  const seen = values.length > LISTED ? [] : range(count).map((c) => look(input, c, rows, columns, "zeros", () => 0));
  const channels = seen.map((each) => powers(each, largest));
  return { rows, columns, channels, sum, result, largest, terms: 16 + 2 * Math.abs(below) };
}

/** @param {FrameChannel} seen @param {number} largest @returns {FrameChannel} */
function powers(seen, largest) {
  const products = seen.values.map((line) => line.map((value) => Math.exp((value ?? 0) - largest)));
  return { ...seen, products, sum: total(products.flat()) };
}

/** The places alone, for a stage whose numbers have not come. @param {Asked} asked @returns {Explained} */
function unheld({ stage, row, col }) {
  const { rows, columns } = stage.rows ? windowOf(stage, row, col) : { rows: [row], columns: [col] };
  return { rows, columns, sum: NaN, result: NaN };
}

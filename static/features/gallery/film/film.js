/**
 * The film of a training: the filters of the first layer at each recorded moment, with loss and accuracy.
 */

import { readArrays } from "convoscope/pure/protocol/wire.js";

/** @import {Bank} from "convoscope/features/gallery/filter-colors.js" */

/**
 * @typedef {object} Film
 * @property {number} moments their number
 * @property {number[]} steps the training step of each
 * @property {number[]} loss
 * @property {number[]} accuracy 0 to 1; NaN where it was not measured
 * @property {number[]} filters which filters of the bank were filmed
 * @property {string} measured the data that loss and accuracy were measured on
 * @property {(moment: number, at: number) => number} bias of one filmed filter
 * @property {(moment: number) => Bank} bank the filmed filters at a moment
 */

/**
 * The film in the bytes of its file. Value = low + step · byte, with low and step for each moment.
 * @param {ArrayBuffer} buffer
 * @returns {Film}
 */
export function readFilm(buffer) {
  const { texts, arrays } = readArrays(buffer);
  const { frames, low, step, bias, moment, loss, accuracy, map } = arrays;
  const [moments, count, channels, rows, columns] = frames.shape;
  const each = count * channels * rows * columns;
  /** @type {Map<number, Bank>} */
  const made = new Map();
  return {
    moments,
    steps: Array.from(moment.values),
    loss: Array.from(loss.values),
    accuracy: Array.from(accuracy.values),
    filters: Array.from(map.values),
    measured: String(JSON.parse(texts.film ?? "{}").measured ?? ""),
    bias: (index, at) => bias.values[index * count + at],
    bank(index) {
      const ready = made.get(index);
      if (ready) return ready;
      const [start, size] = [low.values[index], step.values[index]];
      const bytes = frames.values.subarray(index * each, (index + 1) * each);
      const values = Float32Array.from(bytes, (byte) => start + size * byte);
      const bank = {
        values,
        shape: /** @type {[number, number, number, number]} */ ([count, channels, rows, columns]),
      };
      made.set(index, bank);
      return bank;
    },
  };
}

/** The moment nearest to a training step. @param {Film} film @param {number} step */
export function momentAt(film, step) {
  let best = 0;
  for (const [index, other] of film.steps.entries())
    if (Math.abs(other - step) < Math.abs(film.steps[best] - step)) best = index;
  return best;
}

/** The last moment, that of the trained filters. @param {Film} film */
export function lastMoment(film) {
  return film.moments - 1;
}

/**
 * The points of a curve in a box of width 1 and height 1, the lowest value at the bottom; moments without a value are
 * left out.
 * @param {number[]} values @param {[number, number]} ends
 * @returns {[x: number, y: number][]}
 */
export function curvePoints(values, [lo, hi]) {
  const across = Math.max(1, values.length - 1);
  const span = hi > lo ? hi - lo : 1;
  return values.flatMap((value, i) =>
    Number.isFinite(value) ? [/** @type {[number, number]} */ ([i / across, 1 - (value - lo) / span])] : [],
  );
}

/** The lowest and the highest finite value. @param {number[]} values @returns {[number, number]} */
export function extentOf(values) {
  const known = values.filter(Number.isFinite);
  return known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
}

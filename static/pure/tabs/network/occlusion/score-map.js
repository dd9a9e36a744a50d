/** The map of the scores of a class, one number for each stop of the square: its shades, and where the score falls most. */

import { range } from "convoscope/pure/frame/window.js";

/** @import {Cell} from "convoscope/pure/types.js" */

/**
 * What `/api/occlusion` answers: `score` without the square, `scores` at each stop; `tops` and `lefts` are the first row
 * and column of the square in each row and column of stops.
 * @typedef {{class: number, score: number, share: number | null, tops: number[], lefts: number[], scores: number[][],
 * shares: number[][] | null, class_scores?: number[] | null, class_shares?: number[] | null}} ScoreMap
 */
/** A stop with its numbers. @typedef {{at: Cell, stop: Cell, score: number, share: number | null}} Stop */

const [OPAQUE, OVERLAID] = [255, 165];
const WHITE = 255;

/** The scores between which shades are: the lowest of the map, the highest of the map and without the square. @param {ScoreMap} map */
export function rangeOfScores({ score, scores }) {
  const all = scores.flat();
  return { low: Math.min(...all, score), high: Math.max(...all, score) };
}

/**
 * The shade of each stop, dark where the score is low; stops to come are clear.
 * @param {ScoreMap} map @param {number} filled how many stops have a number @param {boolean} isOverlaid whether the picture shines through
 */
export function shadeMap(map, filled, isOverlaid) {
  const { low, high } = rangeOfScores(map);
  const all = map.scores.flat();
  const rgba = new Uint8ClampedArray(all.length * 4);
  for (const n of range(Math.min(filled, all.length))) {
    const shade = shadeOf(all[n], low, high);
    rgba.set([shade, shade, shade, isOverlaid ? OVERLAID : OPAQUE], 4 * n);
  }
  return rgba;
}

/** 0 for black to 255 for white. @param {number} score @param {number} low @param {number} high */
export function shadeOf(score, low, high) {
  return Math.round((WHITE * (score - low)) / (high - low || 1));
}

/** A stop by its number in reading order. @param {ScoreMap} map @param {number} n @returns {Stop} */
export function stopAt({ tops, lefts, scores, shares }, n) {
  const [row, column] = [Math.floor(n / lefts.length), n % lefts.length];
  return {
    at: [tops[row], lefts[column]],
    stop: [row, column],
    score: scores[row][column],
    share: shares?.[row][column] ?? null,
  };
}

/** The stops with the lowest scores first, of equal ones the first. @param {ScoreMap} map @param {number} count @returns {Stop[]} */
export function lowestStops(map, count) {
  const all = map.scores.flat();
  return range(all.length)
    .sort((a, b) => all[a] - all[b] || a - b)
    .slice(0, count)
    .map((n) => stopAt(map, n));
}

/** The stop at a place of the square; null where it is between stops. @param {ScoreMap} map @param {Cell} place @returns {Stop | null} */
export function stopOfPlace(map, [row, column]) {
  const [r, q] = [map.tops.indexOf(row), map.lefts.indexOf(column)];
  return r < 0 || q < 0 ? null : stopAt(map, r * map.lefts.length + q);
}

/**
 * The stops of a gray square on a picture, and the queries of its calls to the server. A window of h × w cells moves by a
 * stride as that of a convolution without padding.
 */

/** @import {Cell, Scene, View} from "convoscope/pure/types.js" */
/** @typedef {{window: Cell, stride: Cell, size: Cell}} Sides rows and columns of the square, of its stride, of the picture */

/** The square and its stride are these parts of the shorter side, unless a link says them. */
const [WINDOW_PART, STRIDE_PART] = [4, 8];
/** The most stops that the server computes. */
const MOST_STOPS = 4096;

/** @param {View} view @param {Cell} size rows and columns of the picture @returns {Sides} */
export function sidesOf({ window, stride }, size) {
  const side = Math.min(...size);
  const part = (/** @type {number} */ of) => Math.max(1, Math.floor(side / of));
  return {
    window: window ?? [part(WINDOW_PART), part(WINDOW_PART)],
    stride: stride ?? [part(STRIDE_PART), part(STRIDE_PART)],
    size,
  };
}

/** How many stops there are in a column and in a row. @param {Sides} sides @returns {Cell} */
export function countStops({ window, stride, size }) {
  const count = (/** @type {0 | 1} */ axis) => Math.max(0, Math.floor((size[axis] - window[axis]) / stride[axis]) + 1);
  return [count(0), count(1)];
}

/** The place of a stop that is moved to the nearest one inside the picture. @param {Sides} sides @param {Cell} place @returns {Cell} */
export function keepInside({ window, size }, [row, column]) {
  const keep = (/** @type {number} */ at, /** @type {0 | 1} */ axis) =>
    Math.min(Math.max(at, 0), Math.max(0, size[axis] - window[axis]));
  return [keep(row, 0), keep(column, 1)];
}

/**
 * Sizes to choose from: powers of 2 up to half the shorter side, and the one that is chosen.
 * @param {Sides} sides @param {"window" | "stride"} name @returns {string[]}
 */
export function offerSides(sides, name) {
  const half = Math.min(...sides.size) / 2;
  const offered = [1, 2, 4, 8, 16, 32, 64, 128].filter(
    (side) => side <= half && (name === "window" ? side > 1 : stopsAt(sides, side) <= MOST_STOPS),
  );
  const [rows, columns] = sides[name];
  const chosen = writeSides(sides[name]);
  if (rows !== columns) return [chosen, ...offered.map(String)];
  return [...new Set([...offered, rows])].sort((a, b) => a - b).map(String);
}

/** @param {Sides} sides @param {number} stride */
function stopsAt(sides, stride) {
  const [rows, columns] = countStops({ ...sides, stride: [stride, stride] });
  return rows * columns;
}

/** As in a link: "8", "8x4". @param {Cell} sides */
export function writeSides([rows, columns]) {
  return rows === columns ? String(rows) : `${rows}x${columns}`;
}

/**
 * The query of all stops, or of the square at one place.
 * @param {Scene} scene @param {Sides} sides @param {string} target @param {Cell} [place]
 */
export function occlusionQuery(scene, { window, stride }, target, place) {
  const keys = { window: writeSides(window), stride: writeSides(stride), ...(target && { class: target }) };
  const query = Object.entries({ ...keys, ...(place && { square: place.join(",") }) }).map(
    ([key, value]) => `${key}=${encodeURIComponent(value)}`,
  );
  return `scene=${encodeURIComponent(JSON.stringify(scene))}&${query.join("&")}`;
}

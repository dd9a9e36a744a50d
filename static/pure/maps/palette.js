/**
 * Color scales, by the rules of app/core/trace/color_scale.py: tests/golden/colors.json holds both to the same bytes. A
 * signed scale goes from blue over near-white at 0 to red and is symmetric; a positive scale is its red side; a neutral
 * one, for filters without a weight below 0, goes from near-white to dark gray; a gray scale goes from black to white.
 * On a dark page 0 is dark and the ends are light; gray stays gray. Values beyond the ends of a scale are marked and
 * counted.
 */

import { readOf } from "convoscope/pure/frame/stage.js";

/** @import {Stage, Trace} from "convoscope/pure/types.js" */

/** @typedef {[red: number, green: number, blue: number]} Rgb */

/** @typedef {Uint8ClampedArray<ArrayBuffer>} Pixels red, green, blue and opacity of each value */
/**
 * @typedef {{marks: Uint8Array, below: number, above: number}} Beyond `marks` is 1 below and 2 above the scale; `below`
 * and `above` count them
 */

/** @typedef {"signed" | "positive" | "neutral" | "gray"} ScaleKind */
/**
 * @typedef {object} Scale
 * @property {ScaleKind} kind
 * @property {number} lo
 * @property {number} hi
 * @property {(value: number) => Rgb} color
 * @property {(value: number) => string} fill the color of a value in CSS, which follows the theme of the page
 * @property {(value: number) => string} ink the color of a text on that fill, likewise
 * @property {(values: ArrayLike<number>, into?: Pixels) => Pixels} rgba
 * @property {(values: ArrayLike<number>) => Beyond} beyond
 * @property {{at: number, value: number, color: string}[]} legend from 0 at the low end to 1 at the high one
 */

const BLACK = /** @type {Rgb} */ ([0, 0, 0]);
const WHITE = /** @type {Rgb} */ ([255, 255, 255]);
const DARK_TEXT = "#000000";
const LIGHT_TEXT = "#FFFFFF";

/** The colors of a scale are its neutral color (gray: black) and this many steps away from it. */
const SHADES = 255;
/**
 * The colors below 0, at 0 and above 0, and the end of a neutral scale: on a light page, on a dark one.
 * @type {Rgb[][]}
 */
const THEMES = [
  [
    [0x21, 0x66, 0xac],
    [0xf7, 0xf7, 0xf7],
    [0xb2, 0x18, 0x2b],
    [0x4a, 0x52, 0x5a],
  ],
  [
    [0x5a, 0xa9, 0xf5],
    [0x2a, 0x2f, 0x34],
    [0xf2, 0x71, 0x6b],
    [0xc3, 0xcc, 0xd4],
  ],
];
const [SIGNED, NEUTRAL] = [
  THEMES.map(([below, zero, above]) => twoSidedTable(below, zero, above)),
  THEMES.map(([, zero, , neutral]) => twoSidedTable(zero, zero, neutral)),
];
const GRAY = colorTable(SHADES, (t) => mixColors(BLACK, WHITE, t));

/** Blue to red, −range to range. @param {number} range @param {boolean} [isDark] @returns {Scale} */
export function signedScale(range, isDark) {
  const end = range > 0 ? range : 1;
  return createScale("signed", -end, end, isDark);
}

/** From the color of 0 to red, 0 to range. @param {number} range @param {boolean} [isDark] @returns {Scale} */
export function positiveScale(range, isDark) {
  return createScale("positive", 0, range > 0 ? range : 1, isDark);
}

/** From the color of 0 to gray, 0 to range. @param {number} range @param {boolean} [isDark] @returns {Scale} */
export function neutralScale(range, isDark) {
  return createScale("neutral", 0, range > 0 ? range : 1, isDark);
}

/** Black to white, lo to hi. @param {number} lo @param {number} hi @returns {Scale} */
export function grayScale(lo, hi) {
  return createScale("gray", lo, hi > lo ? hi : lo + 1);
}

/**
 * The kind of a map's scale: that of the values (`auto`), signed, or a photo's. Values that cannot be negative have the
 * red side alone; with a scale of its own, a map of a signed stage can be a picture.
 * @param {Stage} stage @param {number} map @param {string} colors auto, signed or photo @param {string} scope
 * @returns {ScaleKind}
 */
function scaleKind(stage, map, colors, scope) {
  const isPicture = stage.photo_maps?.includes(map) && !isShared(stage, scope);
  if ((colors === "auto" ? (isPicture ? "photo" : stage.colors) : colors) !== "signed") return "gray";
  return stage.never_negative ? "positive" : "signed";
}

/**
 * The scale of a map. A gray one keeps black and white of the input picture; the others end at the largest magnitude of
 * the map, or of all maps of the layer.
 * @param {Stage} stage
 * @param {number} map
 * @param {string} colors auto, signed or photo
 * @param {string} scope map or layer: which maps give the range
 * @param {[number, number]} [ends] black and white of a Trace whose stages do not say them
 * @param {boolean} [isDark] whether the page is dark
 * @returns {Scale}
 */
export function mapColors(stage, map, colors, scope, ends = [0, 255], isDark) {
  const kind = scaleKind(stage, map, colors, scope);
  if (kind === "gray") return grayScale(...(stage.picture_scale ?? stage.scale ?? ends));
  return (kind === "positive" ? positiveScale : signedScale)(rangeOf(stage, map, scope), isDark);
}

/**
 * The largest magnitude in the map or in the whole layer.
 * @param {Stage} stage @param {number} map @param {string} scope
 */
export function rangeOf(stage, map, scope) {
  const ranges = isShared(stage, scope) ? stage.ranges : stage.ranges.slice(map, map + 1);
  return largestMagnitude(ranges.flat());
}

/** Whether all maps have one scale; a map of one cell is compared with the others. @param {Stage} stage @param {string} scope */
function isShared({ shape }, scope) {
  return scope === "layer" || shape[1] * shape[2] === 1;
}

/** The values of black and white in the picture of a Trace. @param {Trace} trace @returns {[number, number]} */
export function photoRange(trace) {
  const [input] = trace.stages;
  const values = input.ranges.flat();
  return input.scale ?? [Math.min(0, ...values), Math.max(0, ...values)];
}

/**
 * The scale of a filter's cells, one for all its channels.
 * @param {Stage} stage @param {number} map
 * @returns {Scale}
 */
export function weightColors(stage, map) {
  return weightScale(filterOf(stage, map));
}

/**
 * The scale of weights: signed, or neutral where none is below 0.
 * @param {Float32Array} weights @param {boolean} [isDark] @returns {Scale}
 */
export function weightScale(weights, isDark) {
  const isNeutral = weights.length > 0 && weights.every((weight) => weight >= 0);
  return (isNeutral ? neutralScale : signedScale)(largestMagnitude(weights), isDark);
}

/**
 * The scale of the products of a filter with its input, the same at every position.
 * @param {Trace} trace @param {number} index the stage of the filter @param {number} map @returns {Scale}
 */
export function productColors(trace, index, map) {
  const input = readOf(trace, trace.stages[index]);
  return signedScale(largestMagnitude(filterOf(trace.stages[index], map)) * rangeOf(input, 0, "layer"));
}

/**
 * One map in its colors, from its numbers or from the bytes of a preview.
 * @param {Stage} stage @param {number} map @param {Scale} colors
 */
export function mapImage(stage, map, colors) {
  return colors.rgba(mapValues(stage, map));
}

/**
 * Three maps as red, green and blue of one picture.
 * @param {Stage} stage @param {[number, number]} ends
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function photoImage(stage, [lo, hi]) {
  const planes = [0, 1, 2].map((map) => mapValues(stage, map));
  const image = new Uint8ClampedArray(planes[0].length * 4).fill(255);
  const shade = shadeOf(grayScale(lo, hi));
  for (const [channel, plane] of planes.entries()) {
    for (let i = 0; i < plane.length; i++) image[i * 4 + channel] = shade(plane[i]);
  }
  return image;
}

/**
 * The numbers of a map for its colors: those of a preview are too coarse to be shown as digits.
 * @param {Stage} stage @param {number} map @returns {Float32Array}
 */
export function mapValues(stage, map) {
  const cells = stage.shape[1] * stage.shape[2];
  if (stage.output) return stage.output.subarray(map * cells, (map + 1) * cells);
  const [offset, step] = stage.preview ?? [0, 1];
  const bytes = stage.bytes?.subarray(map * cells, (map + 1) * cells) ?? new Uint8Array(cells);
  return Float32Array.from(bytes, (byte) => offset + step * byte);
}

/** The text color, dark or light, with more contrast to a color (WCAG). @param {Rgb} color */
export function textColorOn(color) {
  const light = luminance(color);
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? DARK_TEXT : LIGHT_TEXT;
}

/** The contrast of two colors, 1 to 21 (WCAG 2). @param {Rgb} one @param {Rgb} other */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {Rgb} color */
export function cssColor([red, green, blue]) {
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The index of a value's color in the table of its scale. Adding 0.5 and truncating rounds it; NaN counts as 0.
 * @param {{kind: ScaleKind, lo: number, hi: number}} scale @returns {(value: number) => number}
 */
function shadeOf({ kind, lo, hi }) {
  const isGray = kind === "gray";
  const [zero, factor] = isGray ? [lo, SHADES / (hi - lo)] : [0, SHADES / hi];
  const [start, last] = isGray ? [0, SHADES] : [SHADES, 2 * SHADES];
  return (value) => {
    const at = ((Number.isNaN(value) ? 0 : value) - zero) * factor + start;
    return at > 0 ? ((at < last ? at : last) + 0.5) | 0 : 0;
  };
}

/** @param {ScaleKind} kind @param {number} lo @param {number} hi @param {boolean} [isDark] @returns {Scale} */
function createScale(kind, lo, hi, isDark = false) {
  const [light, dark] = kind === "gray" ? [GRAY, GRAY] : kind === "neutral" ? NEUTRAL : SIGNED;
  const colors = isDark ? dark : light;
  const shade = shadeOf({ kind, lo, hi });
  const color = (/** @type {number} */ value) => unpackColor(colors[shade(value)]);
  const inBothThemes = (/** @type {number} */ value, /** @type {(color: Rgb) => string} */ write) => {
    const [day, night] = [light, dark].map((table) => write(unpackColor(table[shade(value)])));
    return day === night ? day : `light-dark(${day}, ${night})`;
  };
  return {
    kind,
    lo,
    hi,
    color,
    fill: (value) => inBothThemes(value, cssColor),
    ink: (value) => inBothThemes(value, textColorOn),
    rgba(values, into = new Uint8ClampedArray(values.length * 4)) {
      const pixels = new Uint32Array(into.buffer, into.byteOffset, values.length);
      for (let i = 0; i < values.length; i++) pixels[i] = colors[shade(values[i])];
      return into;
    },
    beyond: (values) => findBeyond(values, lo, hi),
    get legend() {
      return (kind === "signed" ? [0, 0.5, 1] : [0, 1]).map((at) => ({
        at,
        value: kind === "signed" && at === 0.5 ? 0 : lo + (hi - lo) * at,
        color: cssColor(color(lo + (hi - lo) * at)),
      }));
    },
  };
}

/** @param {ArrayLike<number>} values @param {number} lo @param {number} hi */
function findBeyond(values, lo, hi) {
  const marks = new Uint8Array(values.length);
  const slack = (hi - lo) * 2 ** -20; // the tolerance for rounding in float32
  let [below, above] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < lo - slack) [marks[i], below] = [1, below + 1];
    else if (values[i] > hi + slack) [marks[i], above] = [2, above + 1];
  }
  return { marks, below, above };
}

/** All weights of one filter. @param {Stage} stage @param {number} map */
function filterOf(stage, map) {
  const weight = stage.weight ?? new Float32Array(0);
  const cells = weight.length / stage.shape[0];
  return weight.subarray(map * cells, (map + 1) * cells);
}

/** @param {ArrayLike<number>} values */
function largestMagnitude(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** The colors of a scale with 0 in its middle. @param {Rgb} below @param {Rgb} zero @param {Rgb} above */
function twoSidedTable(below, zero, above) {
  return colorTable(2 * SHADES, (t) =>
    t < 0.5 ? mixColors(zero, below, 1 - t * 2) : mixColors(zero, above, t * 2 - 1),
  );
}

/**
 * A color a step, as the four bytes of a pixel.
 * @param {number} steps @param {(t: number) => Rgb} colorAt @returns {Uint32Array}
 */
function colorTable(steps, colorAt) {
  const bytes = new Uint8ClampedArray((steps + 1) * 4);
  for (let i = 0; i <= steps; i++) bytes.set([...colorAt(i / steps), 255], i * 4);
  return new Uint32Array(bytes.buffer);
}

/** @param {Rgb} one @param {Rgb} other @param {number} t @returns {Rgb} */
export function mixColors(one, other, t) {
  const part = (/** @type {number} */ i) => Math.round(one[i] + (other[i] - one[i]) * t);
  return [part(0), part(1), part(2)];
}

/** @param {number} pixel @returns {Rgb} */
function unpackColor(pixel) {
  const [red, green, blue] = new Uint8Array(new Uint32Array([pixel]).buffer);
  return [red, green, blue];
}

/** @param {Rgb} color */
function luminance(color) {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

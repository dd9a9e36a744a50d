/**
 * Color scales. A signed scale goes from blue over near-white at 0 to red and is symmetric; a gray scale goes from
 * black to white. Values beyond the ends of a scale are marked and counted.
 */

/** @import {Stage, Trace} from "convoscope/pure/types.js" */

/** @typedef {[red: number, green: number, blue: number]} Rgb */

/** @typedef {Uint8ClampedArray<ArrayBuffer>} Pixels red, green, blue and opacity of each value */
/**
 * @typedef {{marks: Uint8Array, below: number, above: number}} Beyond `marks` is 1 below and 2 above the scale; `below`
 * and `above` count them
 */

/**
 * @typedef {object} Scale
 * @property {"signed" | "gray"} kind
 * @property {number} lo
 * @property {number} hi
 * @property {(value: number) => Rgb} color
 * @property {(values: ArrayLike<number>, into?: Pixels) => Pixels} rgba
 * @property {(values: ArrayLike<number>) => Beyond} beyond
 * @property {{at: number, value: number, color: string}[]} legend from 0 at the low end to 1 at the high one
 */

export const BLUE = /** @type {Rgb} */ ([0x21, 0x66, 0xac]);
export const ZERO = /** @type {Rgb} */ ([0xf7, 0xf7, 0xf7]);
export const RED = /** @type {Rgb} */ ([0xb2, 0x18, 0x2b]);
const BLACK = /** @type {Rgb} */ ([0, 0, 0]);
const WHITE = /** @type {Rgb} */ ([255, 255, 255]);
const DARK_TEXT = "#000000";
const LIGHT_TEXT = "#FFFFFF";

/** The number of colors of a scale, less 1; even, so that 0 of a signed scale has a color of its own. */
const COLOR_STEPS = 510;
const SIGNED = colorTable((t) => (t < 0.5 ? mixColors(BLUE, ZERO, t * 2) : mixColors(ZERO, RED, t * 2 - 1)));
const GRAY = colorTable((t) => mixColors(BLACK, WHITE, t));

/** Blue to red, −range to range. @param {number} range @returns {Scale} */
export function signedScale(range) {
  const end = range > 0 ? range : 1;
  return createScale("signed", -end, end, SIGNED);
}

/** Black to white, lo to hi. @param {number} lo @param {number} hi @returns {Scale} */
export function grayScale(lo, hi) {
  return createScale("gray", lo, hi > lo ? hi : lo + 1, GRAY);
}

/**
 * The scale of a map: that of its stage (`auto`), signed, or a photo's.
 * @param {Stage} stage
 * @param {number} map
 * @param {string} colors auto, signed or photo
 * @param {string} scope map or layer: which maps give the range
 * @param {[number, number]} [ends] the values of black and white where the stage has none, from photoRange
 * @returns {Scale}
 */
export function mapColors(stage, map, colors, scope, ends = [0, 255]) {
  const kind = colors === "auto" ? stage.colors : colors;
  return kind === "signed" ? signedScale(rangeOf(stage, map, scope)) : grayScale(...(stage.scale ?? ends));
}

/**
 * The largest magnitude of the cells that read no padding, in the map or in the whole layer.
 * @param {Stage} stage @param {number} map @param {string} scope
 */
export function rangeOf(stage, map, scope) {
  const single = stage.shape[1] * stage.shape[2] === 1; // a map of one cell is compared with the other maps
  const ranges = scope === "layer" || single ? stage.ranges : stage.ranges.slice(map, map + 1);
  return largestMagnitude(ranges.flat());
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
  return signedScale(largestMagnitude(filterOf(stage, map)));
}

/**
 * The scale of the products of a filter with its input, the same at every position.
 * @param {Trace} trace @param {number} index the stage of the filter @param {number} map @returns {Scale}
 */
export function productColors(trace, index, map) {
  const input = trace.stages[Math.max(0, index - 1)];
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
  for (const [channel, plane] of planes.entries()) {
    for (let i = 0; i < plane.length; i++) image[i * 4 + channel] = ((plane[i] - lo) / (hi - lo)) * 255;
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
 * @param {"signed" | "gray"} kind @param {number} lo @param {number} hi @param {Uint32Array} colors
 * @returns {Scale}
 */
function createScale(kind, lo, hi, colors) {
  const factor = COLOR_STEPS / (hi - lo);
  /** The index of a value's color: adding 0.5 and truncating rounds it. @param {number} value */
  const step = (value) => {
    const at = (value - lo) * factor;
    return at > 0 ? ((at < COLOR_STEPS ? at : COLOR_STEPS) + 0.5) | 0 : 0;
  };
  const color = (/** @type {number} */ value) => unpackColor(colors[step(value)]);
  return {
    kind,
    lo,
    hi,
    color,
    rgba(values, into = new Uint8ClampedArray(values.length * 4)) {
      const pixels = new Uint32Array(into.buffer, into.byteOffset, values.length);
      for (let i = 0; i < values.length; i++) pixels[i] = colors[step(values[i])];
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

/** @param {(t: number) => Rgb} colorAt @returns {Uint32Array} a color a step, as the four bytes of a pixel */
function colorTable(colorAt) {
  const bytes = new Uint8ClampedArray((COLOR_STEPS + 1) * 4);
  for (let i = 0; i <= COLOR_STEPS; i++) bytes.set([...colorAt(i / COLOR_STEPS), 255], i * 4);
  return new Uint32Array(bytes.buffer);
}

/** @param {Rgb} one @param {Rgb} other @param {number} t @returns {Rgb} */
function mixColors(one, other, t) {
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

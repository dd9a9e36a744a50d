/** Circles with numbers, their names, and stems whose height is the value. */

import { numberTexts } from "convoscope/pure/maps/cell-digits.js";

/** @import {Scale} from "convoscope/pure/maps/palette.js" */
/** @import {Band} from "convoscope/pure/tabs/signal/signal-layout.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * A circle. `kind` is "padded" for one of the padding, "to-come" for one that is not computed yet.
 * @typedef {object} Circle
 * @property {number} x
 * @property {number} y
 * @property {"input" | "output" | "pooling" | "filter"} role
 * @property {"" | "padded" | "to-come"} kind
 * @property {string[]} texts of its number, the most exact first
 * @property {string} [name]
 * @property {number} [nameY]
 * @property {string} [fill]
 * @property {string} [ink]
 * @property {string} [go] where a click leads
 * @property {string} [point] what the pointer shows
 * @property {boolean} [isHere] of the step
 * @property {boolean} [isRead] by the step
 */

/** The width of a character in fonts, and the part of a circle's width that a number fills. */
const [CHARACTER, WIDTH] = [0.61, 1.72];
/** The largest font of a number, in fonts and in radii. */
const [LARGEST, OF_RADIUS] = [1.45, 0.95];

/**
 * The font of the numbers of a line: the largest in which its longest number fits.
 * @param {string[][]} all @param {number} radius @param {number} text
 */
function fontOf(all, radius, text) {
  const fits = (/** @type {string} */ one) => one.length * CHARACTER * text <= WIDTH * radius;
  const written = all.map((texts) => texts.find(fits) ?? "");
  const longest = Math.max(1, ...written.map(({ length }) => length));
  const size = Math.min(radius * OF_RADIUS, (WIDTH * radius) / (CHARACTER * longest), text * LARGEST);
  return { size: Math.max(text, size), written };
}

/**
 * Circles of one line, with names where there is room for them.
 * @param {Circle[]} circles @param {number} radius @param {number} text the font of the page @param {number} pitch
 * @returns {Description[]}
 */
export function drawCircles(circles, radius, text, pitch) {
  const { size, written } = fontOf(
    circles.map(({ texts }) => texts),
    radius,
    text,
  );
  const longest = Math.max(0, ...circles.map(({ name = "" }) => name.length));
  const every = Math.max(1, Math.ceil(((longest + 1.2) * CHARACTER * text) / pitch));
  const hasRoom = radius >= text * 0.75;
  return circles.map((one, n) => {
    const { x, y, role, kind, name, nameY, fill, ink, go, point, isHere, isRead } = one;
    const look = [`of-${role}`, kind && `is-${kind}`, isHere && "is-here", isRead && "is-read"];
    const isNamed = name && nameY !== undefined && (n % every === 0 || isHere);
    return /** @type {Description} */ ([
      "g",
      { class: ["spot", ...look].filter(Boolean).join(" "), "data-go": go, "data-point": point },
      ["circle", { cx: x, cy: y, r: radius, ...(fill && !kind ? { style: { fill } } : {}) }],
      kind === "to-come" && ["path", { class: "hatch", d: hatchOf(x, y, radius) }],
      hasRoom &&
        written[n] !== "" && [
          "text",
          {
            x,
            y: y + size * 0.35,
            "font-size": size,
            class: "digit",
            ...(ink && !kind ? { style: { fill: ink } } : {}),
          },
          written[n],
        ],
      isNamed && ["text", { x, y: nameY, class: `name is-${role}` }, name],
    ]);
  });
}

/** Three lines across a circle. @param {number} x @param {number} y @param {number} radius */
function hatchOf(x, y, radius) {
  return [-0.45, 0, 0.45]
    .map((part) => {
      const half = Math.sqrt(1 - part * part) * radius;
      const [across, along] = [(part * radius) / Math.SQRT2, half / Math.SQRT2];
      const [from, to] = [-1, 1].map((side) => [x + across + side * along, y + across - side * along]);
      return [from, to].map((point, n) => `${n ? "L" : "M"}${point.map((one) => one.toFixed(1)).join(" ")}`).join("");
    })
    .join("");
}

/** The texts of a number in a circle. @param {number} value */
export function circleTexts(value) {
  return numberTexts(value);
}

/**
 * Stems over a line at 0, above it for positive values. Values that are not known have none.
 * @param {{x: number, value: number | null, go?: string, isRead?: boolean}[]} stems @param {Band} band
 * @param {[low: number, high: number]} range of the values, 0 included
 * @param {Scale} colors @param {number} pitch between two stems @param {string} role
 * @returns {Description}
 */
export function drawStems(stems, { top, bottom }, [low, high], colors, pitch, role) {
  const span = high - low || 1;
  const y = (/** @type {number} */ value) => bottom - ((value - low) / span) * (bottom - top);
  const zero = y(0);
  const head = Math.min(4.5, pitch * 0.3);
  const [first, last] = [stems[0]?.x ?? 0, stems[stems.length - 1]?.x ?? 0];
  const edge = Math.min(pitch / 2, 16);
  const width = Math.max(1, Math.min(4, pitch * 0.4));
  return [
    "g",
    { class: `stems of-${role}` },
    ["line", { x1: first - edge, y1: zero, x2: last + edge, y2: zero, class: "zero" }],
    ...stems.flatMap(({ x, value, go, isRead }) => {
      if (value === null) return [];
      const color = colors.fill(value < 0 ? Math.min(colors.lo, 0) : colors.hi);
      const look = isRead ? "stem is-read" : "stem";
      return /** @type {Description[]} */ ([
        [
          "line",
          {
            x1: x,
            y1: zero,
            x2: x,
            y2: y(value),
            class: look,
            "stroke-width": width,
            style: { stroke: color },
            "data-go": go,
          },
        ],
        head >= 1.5 && ["circle", { cx: x, cy: y(value), r: head, class: "head", style: { fill: color } }],
      ]);
    }),
  ];
}

/** The range of values with 0 in it. @param {ArrayLike<number>} values @returns {[low: number, high: number]} */
export function rangeWithZero(values) {
  let [low, high] = [0, 0];
  for (let i = 0; i < values.length; i++) [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
  return [low, high];
}

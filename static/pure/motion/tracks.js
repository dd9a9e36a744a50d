/**
 * What moves, as values. A track leads one mark from a place to another one; at each time it is a mark there or in
 * between. No track knows a clock or the page. All lengths are CSS pixels from the corner of the figure.
 */

import { windowLines } from "convoscope/pure/maps/link-paths.js";
import { mixColors } from "convoscope/pure/maps/palette.js";

/** @import {Rect} from "convoscope/pure/types.js" */

/** @typedef {[red: number, green: number, blue: number]} Color */

/**
 * A place with what is to be seen there; `fill` is null for a number alone; `family` "" is the font of digits.
 * @typedef {Rect & {text: string, fill: Color | null, ink: Color | null, size: number, weight: number, family: string}}
 * Spot
 */

/**
 * `cell`: a number on its color. `number`: a number alone. `outline`: of a window or a cell. `ring`: a pulse around a cell.
 * `lines`: from a window to its table. `picture`: a whole map. `fade`: a part of the page, as faint as its opacity says.
 * `cover`: nothing; it says that something has not come yet.
 * @typedef {"cell" | "number" | "outline" | "ring" | "lines" | "picture" | "fade" | "cover"} MarkKind
 */

/**
 * What is drawn: `hides` names the resting place that stays empty until the mark has arrived there. `role` says whose
 * outline it is. `mix`: how far a picture has become the one at its end.
 * @typedef {Spot & {kind: MarkKind, id: string, opacity: number, hides: string, hasArrived: boolean, role: string, path:
 * string, mix: number}} Mark
 */

/**
 * @typedef {object} Track
 * @property {MarkKind} kind
 * @property {string} id
 * @property {number} start milliseconds
 * @property {number} end
 * @property {Spot} from
 * @property {Spot} to
 * @property {Spot} [via] a place on the way, from which on it looks as at its end
 * @property {number} [height] of an arc
 * @property {boolean} [fades] whether it fades on arrival: what stands there takes it in
 * @property {string} [hides]
 * @property {string} [role]
 * @property {{at: number, text: string}[]} [counts] what a number says from these times on
 * @property {Rect} [table] that lines lead to
 */

/** When a number that fades on its way is gone, and how long that takes, in parts of the way. */
const [FADED, FADING] = [0.9, 0.35];

/** A place where nothing is written. @param {Rect} rect @returns {Spot} */
export function bareSpot({ x, y, width, height }) {
  return { x, y, width, height, text: "", fill: null, ink: null, size: 0, weight: 400, family: "" };
}

/** A place of another size with the same middle. @param {Rect} rect @param {number} width @param {number} height @returns {Rect} */
export function placeOver(rect, width, height) {
  return { x: rect.x + (rect.width - width) / 2, y: rect.y + (rect.height - height) / 2, width, height };
}

/** The mark of a track at a time in milliseconds. @param {Track} track @param {number} time @returns {Mark} */
export function markAt(track, time) {
  const { kind, id, start, end, hides = "", role = "", fades = false, counts = [] } = track;
  const part = Math.min(Math.max((time - start) / (end - start), 0), 1);
  const [place, mix] = placeAt(track, ease(part));
  const waits = part === 0 && kind !== "outline" && kind !== "lines" && kind !== "picture" && !counts.length;
  const faded = kind === "ring" ? 1 - part : fades ? Math.min(Math.max(FADED - part, 0) / FADING, 1) : 1;
  const text = counts.reduce((shown, { at, text }) => (time >= at && part < 1 ? text : shown), place.text);
  const lines = track.table ? windowLines(place, track.table) : "";
  const opacity = kind === "fade" ? part : waits ? 0 : faded;
  return { ...place, text, kind, id, hides, role, path: lines, mix, opacity, hasArrived: part === 1 };
}

/**
 * Where it is and how it looks, and how far its look has become that of its end.
 * @param {Track} track @param {number} part of the way @returns {[Spot, number]}
 */
function placeAt({ from, to, via, height = 0 }, part) {
  if (part === 0) return [from, 0];
  if (part === 1) return [to, 1];
  if (via) {
    const isBefore = part < 0.5;
    const rect = isBefore ? mixRects(from, via, 2 * part) : mixRects(via, to, 2 * part - 1);
    return [{ ...(isBefore ? from : to), ...rect }, isBefore ? 0 : 1];
  }
  const rect = mixRects(from, to, part);
  rect.y -= height * 4 * part * (1 - part);
  const look = {
    text: from.text || to.text,
    fill: from.fill && to.fill ? mixColors(from.fill, to.fill, part) : to.fill,
    ink: from.ink && to.ink ? mixColors(from.ink, to.ink, part) : to.ink,
    size: from.size && to.size ? mixNumbers(from.size, to.size, part) : from.size || to.size,
    weight: from.weight,
    family: from.family,
  };
  return [{ ...rect, ...look }, part];
}

/** Slow at both ends. @param {number} part */
function ease(part) {
  return part < 0.5 ? 4 * part ** 3 : 1 - (2 - 2 * part) ** 3 / 2;
}

/** @param {number} from @param {number} to @param {number} part */
function mixNumbers(from, to, part) {
  return from + (to - from) * part;
}

/** @param {Rect} from @param {Rect} to @param {number} part @returns {Rect} */
function mixRects(from, to, part) {
  const mix = (/** @type {keyof Rect} */ name) => mixNumbers(from[name], to[name], part);
  return { x: mix("x"), y: mix("y"), width: mix("width"), height: mix("height") };
}

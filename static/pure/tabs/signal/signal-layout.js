/** Where the circles and stems of a signal lie: pixels, for the room that there is. */

import { shownCells } from "convoscope/pure/tabs/signal/signal-parts.js";

/** @import {SignalParts, Tap} from "convoscope/pure/tabs/signal/signal-parts.js" */

/** @typedef {{top: number, bottom: number}} Band of stems */
/** @typedef {{circles: number, names: number, stems: Band, title: number}} LinePlace heights */
/**
 * @typedef {object} SignalLayout
 * @property {number} width
 * @property {number} height
 * @property {number} text the font of its texts
 * @property {[first: number, last: number]} cells of the input that are circles
 * @property {boolean} isWhole whether all of them are
 * @property {number} radius of a circle
 * @property {number} pitch between two input circles
 * @property {(cell: number) => number} x of an input cell, or of a place between two, among the circles
 * @property {(cell: number) => number} stemX the same among the stems
 * @property {number} stemPitch between two stems of the input
 * @property {LinePlace[]} lines of the output
 * @property {LinePlace} input
 * @property {{turned: number, standing: {x: number, y: number}} | null} filter the height of the circles of a turned
 * filter, and where the first circle of it as it stands lies
 */

/** Parts of the font: the least and the largest distance of circles, their largest radius, and the largest in a low room. */
const [LEAST_PITCH, LARGEST_PITCH, LARGEST_RADIUS, LOW_RADIUS] = [2.75, 7.5, 1.9, 1.3];
/** The part of the distance that a radius takes, and the distance of circles for each character of a number, in fonts. */
const [OF_PITCH, PITCH_OF_CHARACTER] = [0.42, 0.86];
/** The most characters that circles make room for. */
const MOST_CHARACTERS = 5;
/** Parts of the font: the height of a name, and gaps. */
const [NAME, GAP, EDGE] = [1.35, 0.5, 0.4];
/** The width of a character of a title, in fonts. */
const TITLE_CHARACTER = 0.66;
/** Parts of the font: heights of wires and of stems, least, wanted where any height is right, and largest. */
const WIRES = { least: 3.6, wanted: 8, most: 15 };
const STEMS = { least: 1.1, wanted: 4.5, most: 9 };

/**
 * @param {SignalParts} parts @param {Tap[]} taps of the step
 * @param {{width: number, height: number, text: number}} room `height` 0 for any
 * @param {{title: number, number: number}} longest characters of a title, and of a number of a circle
 * @returns {SignalLayout}
 */
export function layoutSignal(parts, taps, { width, height, text }, longest) {
  const { ends, spacing, lines, stage } = parts;
  const dense = Math.min(1, spacing);
  const inside = width - 2 * EDGE * text;
  const least = Math.max(LEAST_PITCH, PITCH_OF_CHARACTER * Math.min(longest.number, MOST_CHARACTERS));
  const most = Math.max(1, Math.floor((inside * dense) / (least * text)));
  const cells = shownCells(parts, taps, most);
  const count = cells[1] - cells[0] + 1;
  const all = ends[1] - ends[0] + 1;
  const isWhole = count === all;
  const pitchOf = (/** @type {number} */ places) => Math.min(inside / places, (LARGEST_PITCH * text) / dense);
  // The filter as it stands lies left of the line, where there is room, else below.
  const beside = stage.flip && isWhole && pitchOf(count + parts.taps + 1) >= least * text ? parts.taps + 1 : 0;
  const pitch = pitchOf(count + beside);
  const left = (width - (count + beside) * pitch) / 2 + beside * pitch;
  const x = (/** @type {number} */ cell) => left + (cell - cells[0] + 0.5) * pitch;
  const stemPitch = isWhole ? pitch : inside / all;
  const stemX = isWhole ? x : (/** @type {number} */ cell) => EDGE * text + (cell - ends[0] + 0.5) * stemPitch;
  const hasTitleLine = (isWhole ? left : 0) < longest.title * TITLE_CHARACTER * text;
  const title = hasTitleLine ? NAME * text : 0;
  const largest = Math.min(OF_PITCH * pitch * dense, LARGEST_RADIUS * text);
  const rows = stage.flip ? (beside ? 1 : 2) : 0;
  const fixedWith = (/** @type {number} */ radius) =>
    (lines.length + 1) * (2 * radius + (NAME + 2 * GAP) * text + title) +
    rows * (2 * radius + (GAP + NAME) * text) +
    text;
  const bands = lines.length + 1;
  const isLow = height > 0 && height - fixedWith(largest) < leastHeight(lines.length > 0, bands, text);
  const radius = isLow ? Math.min(largest, LOW_RADIUS * text) : largest;
  const [wires, stems] = shareHeight(height && Math.max(1, height - fixedWith(radius)), lines.length > 0, bands, text);
  let y = text * 0.5;
  const placed = lines.map(() => {
    const from = y + title;
    const band = { top: from, bottom: from + stems };
    const names = band.bottom + (GAP + NAME * 0.8) * text;
    const circles = band.bottom + (GAP + NAME) * text + radius;
    const place = { circles, names, stems: band, title: hasTitleLine ? y + text * 0.85 : from + text * 0.85 };
    y = circles + radius + GAP * text;
    return place;
  });
  y += wires;
  const circles = y + radius;
  const names = circles + radius + NAME * 0.85 * text;
  y = circles + radius + (NAME + GAP) * text;
  const turned = y + radius;
  const step = 2 * radius + (GAP + NAME) * text;
  y += rows * step;
  const band = { top: y, bottom: y + stems };
  return {
    width,
    height: band.bottom + title + text * 0.5,
    text,
    cells,
    isWhole,
    radius,
    pitch,
    x,
    stemX,
    stemPitch,
    lines: placed,
    input: { circles, names, stems: band, title: band.bottom + (hasTitleLine ? text * 1.1 : text * 0.35) },
    filter: stage.flip
      ? {
          turned,
          standing: beside
            ? { x: x(cells[0]) - beside * pitch, y: turned }
            : { x: x(cells[0]), y: turned + (rows - 1) * step },
        }
      : null,
  };
}

/** @param {boolean} hasWires @param {number} bands @param {number} text */
function leastHeight(hasWires, bands, text) {
  return ((hasWires ? WIRES.least : 0) + bands * STEMS.least) * text;
}

/**
 * The heights of the wires and of each band of stems.
 * @param {number} free 0 for any @param {boolean} hasWires @param {number} bands @param {number} text
 */
function shareHeight(free, hasWires, bands, text) {
  if (!free) return [(hasWires ? WIRES.wanted : 0) * text, STEMS.wanted * text];
  const least = leastHeight(hasWires, bands, text);
  const most = ((hasWires ? WIRES.most : 0) + bands * STEMS.most) * text;
  const share = Math.min(1, Math.max(0, (free - least) / (most - least)));
  const at = (/** @type {{least: number, most: number}} */ one) => (one.least + (one.most - one.least) * share) * text;
  return [hasWires ? at(WIRES) : 0, at(STEMS)];
}

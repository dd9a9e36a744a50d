/** The still layer of a map: its picture, digits, padding, and where windows start. */

import { hasCapability } from "convoscope/pure/frame/stage.js";
import { cellsRead } from "convoscope/pure/frame/window.js";
import { valueTexts } from "convoscope/pure/maps/cell-digits.js";
import { mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapValues } from "convoscope/pure/maps/palette.js";
import { shownValue } from "convoscope/pure/text/amounts.js";
import { shortNumber } from "convoscope/pure/text/number-text.js";

/** @import {Stage} from "convoscope/pure/types.js" */
/** @import {StillLayer} from "convoscope/ui/draw/brush.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */

/** Above this many window positions none are marked. */
const MOST_STARTS = 4096;

/**
 * @param {Stage} stage @param {number} map @param {boolean} whole @param {Scale} colors
 * @param {{width: number, height: number, dpr: number}} size
 * @returns {Omit<StillLayer, "layout">}
 */
export function stillLayer(stage, map, whole, colors, size) {
  const values = mapValues(stage, map);
  const gone = stage.image?.kind === "gone";
  const rgba = gone ? null : mapPicture(stage, map, whole, colors);
  const columns = stage.shape[2];
  const photo = colors.kind === "gray" && stage.kind !== "input";
  const planes = whole ? [0, 1, 2].map((channel) => mapValues(stage, channel)) : [values];
  return {
    ...size,
    rgba,
    texts:
      stage.output !== null && !gone
        ? (row, col) => planes.map((plane) => valueTexts(stage, plane[row * columns + col]))
        : null,
    padding: () => "",
    unread: { rows: [], columns: [] },
    beyond: photo ? colors.beyond(values).marks : null,
    stops: [],
    gone,
  };
}

/** The texts in the cells of the padding. @param {Stage} stage @param {Stage} before @param {number} channel */
export function paddingText(stage, before, channel) {
  const [, height, width] = before.shape;
  const plane = mapValues(before, channel);
  const modes = {
    reflect: reflectIndex,
    replicate: (/** @type {number} */ i, /** @type {number} */ n) => Math.min(Math.max(i, 0), n - 1),
    circular: (/** @type {number} */ i, /** @type {number} */ n) => ((i % n) + n) % n,
  };
  const mode = hasCapability(stage, "filters") ? stage.padding_mode : stage.law?.mode;
  const from = /** @type {Record<string, (i: number, n: number) => number>} */ (modes)[mode ?? "zeros"];
  const zero = stage.pool === "max" || stage.pool === "min" ? "" : shortNumber(stage.law?.value ?? 0);
  return (/** @type {number} */ row, /** @type {number} */ col) =>
    from ? shortNumber(shownValue(before, plane[from(row, height) * width + from(col, width)])) : zero;
}

/** @param {number} i @param {number} n */
function reflectIndex(i, n) {
  if (n === 1) return 0;
  const place = Math.abs(i) % (2 * (n - 1));
  return Math.min(place, 2 * (n - 1) - place);
}

/** The first input cell of each window. @param {Stage} stage */
export function windowStarts(stage) {
  const [rows, columns] = [stage.rows, stage.columns];
  if (!rows || !columns || stage.shape[1] * stage.shape[2] > MOST_STARTS) return [];
  return Array.from({ length: rows.positions * columns.positions }, (_, i) => ({
    row: cellsRead(rows, Math.floor(i / columns.positions))[0],
    col: cellsRead(columns, i % columns.positions)[0],
  }));
}

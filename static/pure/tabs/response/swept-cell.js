/** The cell whose response is drawn while the picture is turned or shifted, and the query that asks the server for it. */

import { mapValues } from "convoscope/pure/maps/palette.js";

/** @import {Scene, Stage, Trace, View} from "convoscope/pure/types.js" */

/**
 * `now` is the turn in degrees, or the shift in cells, that the picture has, and `value` what the cell answers to it.
 * @typedef {{kind: string, stage: Stage, map: number, at: [number, number], now: number, value: number}} SweptCell
 */
/** @typedef {{values: number[], responses: number[]}} Responses */

/** A picture that is neither turned nor shifted. */
const STILL = { turn: "0", shift: [0, 0] };
/** Degrees and cells to both sides. */
const [QUARTER, HALF, CELLS] = [90, 180, 8];

/** @param {Trace} trace @param {View} view @returns {SweptCell} */
export function sweptCell(trace, view) {
  const stage = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
  const [maps, rows, columns] = stage.shape;
  const map = Math.min(view.map, maps - 1);
  const [row, column] = view.at ?? stage.telling?.[map] ?? [0, 0];
  const at = /** @type {[number, number]} */ ([Math.min(row, rows - 1), Math.min(column, columns - 1)]);
  const { turn, shift } = changesOf(trace.scene);
  const now = view.sweep === "turn" ? readFraction(turn) : shift[view.sweep === "down" ? 0 : 1];
  return { kind: view.sweep, stage, map, at, now, value: mapValues(stage, map)[at[0] * columns + at[1]] };
}

/**
 * The query of the curve: the same for each value of what runs, in letters and in their order.
 * @param {Scene} scene @param {SweptCell} cell
 */
export function sweepQuery(scene, { kind, stage, map, at, now }) {
  const [down, right] = changesOf(scene).shift;
  const still = kind === "turn" ? { turn: STILL.turn } : { shift: kind === "down" ? [0, right] : [down, 0] };
  const { adjust: given, ...rest } = scene;
  const adjust = withoutNeutral({ ...given, ...still });
  const ends = kind === "turn" ? (Math.abs(now) > QUARTER ? HALF : QUARTER) : Math.max(CELLS, Math.abs(now));
  const keys = { stage: stage.index, map, at: at.join(","), sweep: kind, from: -ends, to: ends };
  const query = Object.entries(keys).map(([key, value]) => `${key}=${value}`);
  return `scene=${encodeURIComponent(JSON.stringify({ ...rest, ...(adjust ? { adjust } : {}) }))}&${query.join("&")}`;
}

/** @param {Scene} scene @returns {{turn: unknown, shift: number[]}} */
function changesOf({ adjust }) {
  return { ...STILL, .../** @type {Record<string, any>} */ (adjust ?? {}) };
}

/** What changes a picture, without a turn and a shift that change nothing. @param {Record<string, unknown>} adjust */
function withoutNeutral(adjust) {
  const entries = Object.entries(adjust).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(/** @type {Record<string, unknown>} */ (STILL)[name]),
  );
  return entries.length ? Object.fromEntries(entries) : null;
}

/** A number as a link writes it, also a fraction. @param {unknown} text */
function readFraction(text) {
  const [top, bottom = "1"] = String(text).split("/");
  return Number(top) / Number(bottom);
}

/** A stage without any step: its kind, its beats, its positions, its maps. */

/** @import {Capability, Cell, Stage, Trace} from "convoscope/pure/types.js" */

/** Operations that read several stages. */
export const JOINS = ["add", "concat", "mul"];
/** Above this many channels a step shows all products in one beat. */
const CHANNEL_BEATS = 8;

/** Whether a stage's layer has a capability. @param {Stage} stage @param {Capability} capability */
export function hasCapability(stage, capability) {
  return stage.capabilities.includes(capability);
}

/**
 * The beats of each step of a stage, in order.
 * @param {Stage} stage
 * @returns {string[]}
 */
export function beatsOf(stage) {
  const kind = stage.kind;
  if (kind === "input") return ["write"];
  if (kind === "linear") return ["window", "products", "sum", "bias", "write"];
  if (kind === "softmax") return ["window", "products", "sum", "write"];
  if (kind !== "conv") return ["window", "sum", "write"];
  const channels = channelsOf(stage);
  if (channels === 1) return ["window", "products", "sum", "write"];
  const terms = channels > CHANNEL_BEATS ? ["products"] : Array.from({ length: channels }, (_, i) => `channel-${i}`);
  return ["window", ...terms, "sum", "bias", "write"];
}

/**
 * The cell in focus and its beat, without its numbers. An index out of range is clamped; `at` null is the map's salient
 * cell; a beat that the step does not have becomes its sum.
 * @param {Trace} trace
 * @param {{stage: number, map: number, at: Cell | null, beat: string}} place
 * @returns {{stage: number, map: number, row: number, col: number, beat: string, beats: string[]}}
 */
export function focusOf(trace, place) {
  const index = clampIndex(place.stage, trace.stages.length);
  const stage = trace.stages[index];
  const [maps, height, width] = stage.shape;
  const map = clampIndex(place.map, maps);
  const [row, col] = place.at ?? stage.telling?.[map] ?? [0, 0];
  const beats = beatsOf(stage);
  const beat = beats.includes(place.beat) ? place.beat : beats.includes("sum") ? "sum" : beats[beats.length - 1];
  return { stage: index, map, row: clampIndex(row, height), col: clampIndex(col, width), beat, beats };
}

/** The positions of the window in each map. @param {Stage} stage */
export function positionsOf(stage) {
  const [, rows, columns] = stage.shape;
  return { rows, columns, count: rows * columns };
}

/**
 * The cell of a position counted from 0 in reading order.
 * @param {Stage} stage @param {number} position
 * @returns {Cell}
 */
export function placeOf(stage, position) {
  const { columns, count } = positionsOf(stage);
  const inside = clampIndex(position, count);
  return [Math.floor(inside / columns), inside % columns];
}

/** The inverse of placeOf. @param {Stage} stage @param {number} row @param {number} col */
export function positionOf(stage, row, col) {
  return row * stage.shape[2] + col;
}

/**
 * The numbers of one map as a view; null where they have not arrived.
 * @param {Stage} stage @param {number} map @returns {Float32Array | null}
 */
export function planeOf(stage, map) {
  const cells = stage.shape[1] * stage.shape[2];
  return stage.output?.subarray(map * cells, (map + 1) * cells) ?? null;
}

/** The index, among the stages that a stage reads, of the one that a map is made from. @param {Stage} stage @param {number} map */
export function partOf({ starts }, map) {
  return starts ? starts.findLastIndex((start) => start <= map) : 0;
}

/**
 * The stage that a map of a stage is made from, the first of several; the input itself for the input.
 * @param {Trace} trace @param {Stage} stage @param {number} [map]
 */
export function readOf(trace, stage, map = 0) {
  return trace.stages[stage.reads[partOf(stage, map)]] ?? stage;
}

/** The first stage that reads a stage. @param {Trace} trace @param {number} index @returns {Stage | undefined} */
export function readerOf(trace, index) {
  return trace.stages.find(({ reads }) => reads.includes(index));
}

/**
 * The stage that a stage reads; where that is flattened, the maps before the flattening.
 * @param {Trace} trace @param {Stage} stage
 */
export function beforeFlattening(trace, stage) {
  let read = readOf(trace, stage);
  while (read.kind === "flatten") read = readOf(trace, read);
  return read;
}

/** How many input channels one filter reads. @param {Stage} stage */
export function channelsOf(stage) {
  return (stage.input_shape?.[0] ?? 1) / (stage.groups ?? 1);
}

/** Whether a stage's three maps are red, green and blue. @param {Stage} stage */
export function isColorStage({ channels, kind, shape }) {
  return shape[0] === 3 && (channels?.length === 3 || kind === "input");
}

/** The short name of a stage: that of the layer in its network, else the title. @param {string} title */
export function cardName(title) {
  return title.split(" · ")[0];
}

/** @param {number} index @param {number} size */
export function clampIndex(index, size) {
  return Math.min(Math.max(Math.trunc(index) || 0, 0), size - 1);
}

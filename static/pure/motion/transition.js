/**
 * The transition between two neighboring steps: which one it is, how long it takes, and its marks at t from 0 to 1. At
 * t = 1 every mark lies where the step has it at rest.
 */

import {
  liftTracks,
  mergeTracks,
  slideTracks,
  subtotalTracks,
  writeTracks,
} from "convoscope/pure/motion/step-tracks.js";
import { biasTracks, gatherTracks } from "convoscope/pure/motion/sum-tracks.js";
import { markAt } from "convoscope/pure/motion/tracks.js";

/** @import {Frame} from "convoscope/pure/types.js" */
/** @import {Counting, Places} from "convoscope/pure/motion/step-tracks.js" */
/** @import {Mark, Track} from "convoscope/pure/motion/tracks.js" */

/**
 * `window`: the window goes on and its cells lift out. `slide`: window and cell alone go on. `products`, `channel`: each
 * number meets its weight. `sum`: all numbers go to the sum. `pick`: one number does. `bias`: it is added. `write`: the
 * sum goes to its cell.
 * @typedef {"window" | "slide" | "products" | "channel" | "sum" | "pick" | "bias" | "write"} TransitionName
 */

/** @typedef {Pick<Frame, "stage" | "map" | "row" | "col" | "beat" | "beats" | "kind" | "chosen" | "channels">} MovingStep */
/** @typedef {{before: Places, after: Places, counting: Counting}} TransitionPlaces */

/** The kinds of steps whose numbers travel; of the others, only window and cell. */
const WITH_NUMBERS = ["conv", "pool", "pointwise", "shift"];

/**
 * The transition from one step to another one; null where nothing moves: another stage or map, and back to a beat before.
 * @param {MovingStep} before @param {MovingStep} after @param {boolean} [isBrief] whether only window and cell move
 * @returns {TransitionName | null}
 */
export function nameTransition(before, after, isBrief = false) {
  if (before.stage !== after.stage || before.map !== after.map) return null;
  const isDetailed = !isBrief && WITH_NUMBERS.includes(after.kind) && after.channels.length > 0;
  if (before.row !== after.row || before.col !== after.col)
    return isDetailed && after.beats.length > 1 && after.beat === after.beats[0] ? "window" : "slide";
  const isLater = after.beats.indexOf(after.beat) > after.beats.indexOf(before.beat);
  if (!isLater || !isDetailed) return null;
  if (after.beat === "sum" && !after.channels[0].weights) return isOfOneNumber(after) ? "pick" : "sum";
  const names = /** @type {const} */ (["products", "sum", "bias", "write"]);
  return after.beat.startsWith("channel-") ? "channel" : (names.find((name) => name === after.beat) ?? null);
}

/** Whether the result is one of the numbers of the window. @param {MovingStep} step */
function isOfOneNumber({ chosen, channels }) {
  return chosen !== null || channels[0].values.flat().length === 1;
}

/**
 * The tracks of a transition; none where the page has no places for it.
 * @param {MovingStep} before @param {MovingStep} after @param {TransitionPlaces} places @param {boolean} [isBrief]
 * @returns {Track[]}
 */
export function planTracks(before, after, places, isBrief) {
  const name = nameTransition(before, after, isBrief);
  return name ? TRACKS[name](after, places) : [];
}

/** @type {Record<TransitionName, (after: MovingStep, places: TransitionPlaces) => Track[]>} */
const TRACKS = {
  slide: (_, places) => slideTracks(places.before, places.after),
  window: (_, places) => [...slideTracks(places.before, places.after), ...liftTracks(places.after)],
  products: (_, { after }) => after.tables.flatMap(mergeTracks),
  channel: ({ beat, channels }, { before, after }) =>
    subtotalTracks(after.tables.length === channels.length ? Number(beat.slice(8)) : 0, before, after),
  sum: ({ channels }, { before, after, counting }) =>
    gatherTracks(termsOf(after, channels.length), before, after, counting.totals),
  pick: (step, { before, after }) => gatherTracks(pickedOf(step, after), before, after, []),
  bias: (_, { before, after, counting }) => biasTracks(before, after, counting.bias),
  write: ({ kind }, { after }) => writeTracks(after, kind === "pool" ? "pooling" : "cell"),
};

/**
 * What goes to the sum: the subtotals of several channels, or else the products, or the numbers themselves; nothing where
 * not all channels have a table.
 * @param {Places} places @param {number} channels
 */
function termsOf({ tables }, channels) {
  if (tables.length !== channels) return [];
  if (channels > 1) return tables.flatMap(({ sum }) => sum ?? []);
  return tables.flatMap(({ window, products }) => (products.length ? products : window));
}

/** The chosen number of a window. @param {MovingStep} step @param {Places} places */
function pickedOf({ chosen, channels }, { tables }) {
  const cells = tables[0]?.window ?? [];
  const sources = channels[0].sources.flat();
  const index = chosen ? sources.findIndex((cell) => cell?.[0] === chosen[1] && cell[1] === chosen[2]) : 0;
  return cells.slice(index, index + 1);
}

/** How long tracks take, in milliseconds. @param {Track[]} tracks */
export function timeOf(tracks) {
  return Math.max(0, ...tracks.map(({ end }) => end));
}

/** The marks of tracks at t from 0 to 1. @param {Track[]} tracks @param {number} t @returns {Mark[]} */
export function marksAt(tracks, t) {
  const time = t * timeOf(tracks);
  return tracks.map((track) => markAt(track, time));
}

/**
 * The marks of a transition at t from 0 to 1.
 * @param {MovingStep} before @param {MovingStep} after @param {TransitionPlaces} places @param {number} t @returns {Mark[]}
 */
export function transition(before, after, places, t) {
  return marksAt(planTracks(before, after, places), t);
}

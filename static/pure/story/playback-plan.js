/**
 * The playback of a path: which position and which beat is shown after how many seconds.
 *
 * Every step shown is a position of the path. Where there are too many to be seen, every n-th is shown, and the plan
 * has n.
 */

import {
  BEAT_SECONDS,
  clampPosition,
  first,
  last,
  lastPosition,
  neighborPosition,
  nextBeat,
} from "convoscope/pure/frame/timeline.js";

/** @import {Path, PathStep, PlaybackPlan, TimedStep} from "convoscope/pure/frame/timeline.js" */

/** Durations at tempo 1: the longest for some beats, for one position, then for a whole segment. */
const SLOW_SECONDS = 6;
const POSITION_SECONDS = 0.22;
const ROW_SECONDS = 3;
const FINISH_SECONDS = 4;
const STOPS_SECONDS = 15;
/** The shortest time between two steps: one frame of the screen. */
const FRAME_SECONDS = 1 / 60;

/**
 * What one press of play shows. step: the beats up to the end of a position. row: the positions up to the end of a row.
 * steady: all that are left, at one pace. finish: the rest, at most 4 s. With stops: the stops that are left, in row,
 * steady and story beat by beat. At the end it starts over; step only where it loops. `story/walk.js` plans a story.
 * @param {Path & {from: PathStep, mode: string, tempo: number, loop?: boolean}} request
 * @returns {PlaybackPlan}
 */
export function plan({ positions, beats, stops: chosen, from, mode, tempo, loop = false }) {
  const path = { positions, beats, stops: chosen };
  const [start, end] = [nearestStep(path, from), last(path)];
  const ended = start.position === end.position && start.beat === end.beat;
  const fresh = ended && (loop || mode !== "step") ? first(path) : start;
  const kinds = chosen?.length ? CHOSEN_STOPS : ALL_POSITIONS;
  const { parts, skips } = (kinds[mode] ?? kinds.story ?? kinds.steady)(path, fresh);
  const stops = addTimes([{ steps: [fresh], each: 0 }, ...parts], tempo > 0 ? tempo : 1);
  return { duration: stops[stops.length - 1].time, stops, skips };
}

/** @typedef {{steps: PathStep[], each: number, skips?: number}} Segment steps that are `each` seconds apart */
/** @typedef {{parts: Segment[], skips: number}} Segments */

/** The segments of each mode through all positions. @type {Record<string, (path: Path, from: PathStep) => Segments>} */
const ALL_POSITIONS = {
  step(path, from) {
    const start = from.beat === last(path).beat ? nextBeat(path, from) : from;
    return { parts: [slowSegment([...(start === from ? [] : [start]), ...restOfStep(path, start)])], skips: 1 };
  },
  row(path, from) {
    const start = firstUnwritten(path, from);
    return quickSegments(path, start, rowEnd(path, start), ROW_SECONDS);
  },
  steady: (path, from) => quickSegments(path, firstUnwritten(path, from), lastPosition(path), Infinity),
  finish: (path, from) => quickSegments(path, firstUnwritten(path, from), lastPosition(path), FINISH_SECONDS),
};

/**
 * The segments of each mode where an author chose stops.
 * @type {Record<string, (path: Path, from: PathStep) => Segments>}
 */
const CHOSEN_STOPS = {
  step: ALL_POSITIONS.step,
  story(path, from) {
    const next = stopsAhead(path, from.position).flatMap((position) => path.beats.map((beat) => ({ position, beat })));
    const steps = [...restOfStep(path, from), ...next];
    return { parts: [{ steps, each: Math.min(BEAT_SECONDS, STOPS_SECONDS / Math.max(1, steps.length)) }], skips: 1 };
  },
  finish(path, from) {
    const { beat } = last(path);
    const here = from.beat === beat ? [] : [from.position];
    const steps = [...here, ...stopsAhead(path, from.position)].map((position) => ({ position, beat }));
    return { parts: [{ steps, each: Math.min(BEAT_SECONDS, FINISH_SECONDS / Math.max(1, steps.length)) }], skips: 1 };
  },
};

/** The stops after this position. @param {Path} path @param {number} position */
function stopsAhead(path, position) {
  const next = neighborPosition(path, position, 1);
  return next === position || !path.stops ? [] : path.stops.slice(path.stops.indexOf(next));
}

/** The beats after this one, at the same position. @param {Path} path @param {PathStep} from @returns {PathStep[]} */
function restOfStep({ beats }, from) {
  return beats.slice(beats.indexOf(from.beat) + 1).map((beat) => ({ position: from.position, beat }));
}

/** @param {PathStep[]} steps @returns {Segment} */
function slowSegment(steps) {
  return { steps, each: Math.min(BEAT_SECONDS, SLOW_SECONDS / Math.max(1, steps.length)) };
}

/**
 * The positions from start to end, each at its last beat. Where they are too many, every n-th column of each row; where
 * those are too many, the last position of every n-th row.
 * @param {Path} path @param {number} start @param {number} end @param {number} seconds
 * @returns {Segments}
 */
export function quickSegments(path, start, end, seconds) {
  const {
    positions: { columns },
    beats,
  } = path;
  const most = Math.floor(seconds / FRAME_SECONDS);
  const wanted = Math.max(1, Math.ceil((end - start + 1) / most));
  const skips = wanted < columns ? wanted : Math.ceil(wanted / columns) * columns;
  const shown = skips < columns ? everyNthColumn(path, start, end, skips) : everyNth(start, end, skips);
  const steps = shown.map((position) => ({ position, beat: beats[beats.length - 1] }));
  const each = Math.min(POSITION_SECONDS, seconds / Math.max(1, steps.length));
  return wanted > 1 ? { parts: [{ steps, each, skips }], skips } : { parts: [{ steps, each }], skips: 1 };
}

/**
 * Every n-th column of each row, the last one included.
 * @param {Path} path @param {number} start @param {number} end @param {number} n
 */
function everyNthColumn(path, start, end, n) {
  const shown = [];
  for (let from = start; from <= end; from = rowEnd(path, from) + 1) {
    shown.push(...everyNth(from, Math.min(end, rowEnd(path, from)), n));
  }
  return shown;
}

/**
 * Every n-th number from start to end, the end included.
 * @param {number} start @param {number} end @param {number} n
 */
function everyNth(start, end, n) {
  const numbers = [];
  for (let at = end; at >= start; at -= n) numbers.push(at);
  return numbers.reverse();
}

/** The first position that is not written yet. @param {Path} path @param {PathStep} now */
function firstUnwritten({ beats }, { position, beat }) {
  return beat === beats[beats.length - 1] ? position + 1 : position;
}

/** The last position of a position's row. @param {Path} path @param {number} position */
function rowEnd({ positions: { columns } }, position) {
  return position - (position % columns) + columns - 1;
}

/** The steps of all segments with their times. @param {Segment[]} parts @param {number} tempo @returns {TimedStep[]} */
export function addTimes(parts, tempo) {
  /** @type {TimedStep[]} */
  const stops = [];
  let time = 0;
  for (const { steps, each, skips } of parts) {
    for (const step of steps) {
      time += each / tempo;
      stops.push(skips ? { ...step, time, skips } : { ...step, time });
    }
  }
  return stops;
}

/**
 * The nearest step of the path: an unknown beat becomes the first.
 * @param {Path} path @param {PathStep} now
 * @returns {PathStep}
 */
function nearestStep(path, { position, beat }) {
  return { position: clampPosition(path, position), beat: path.beats.includes(beat) ? beat : path.beats[0] };
}

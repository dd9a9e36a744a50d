/** The steps of a path, and the step of a plan that is shown after some seconds. `playback-plan.js` makes plans. */

/**
 * Positions count from 0 in reading order. `press`: the press of a story that the step leads to, or with `isPress` is.
 * `viewPress`: that of the open view, null for its last.
 * @typedef {{position: number, beat: string, press?: number, isPress?: boolean, viewPress?: number | null}} PathStep
 */
/** @typedef {PathStep & {time: number, skips?: number}} TimedStep with `skips` n where every n-th position is shown */
/**
 * Steps with their times. `skips` n: every n-th position is shown; 1 is all.
 * @typedef {{duration: number, stops: TimedStep[], skips: number}} PlaybackPlan
 */
/**
 * Every position in reading order, or only `stops`, distinct positions in an author's order. A position that is no stop
 * can be shown too; the nearest stop follows it.
 * @typedef {{positions: {rows: number, columns: number}, beats: string[], stops?: number[]}} Path
 */

/** How long a beat is shown at tempo 1. */
export const BEAT_SECONDS = 0.6;

/**
 * The step that is shown after this many seconds.
 * @param {PlaybackPlan} plan @param {number} seconds @returns {TimedStep}
 */
export function stopAt({ stops }, seconds) {
  let [low, high] = [0, stops.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (stops[middle].time <= seconds) low = middle;
    else high = middle - 1;
  }
  return stops[low];
}

/**
 * How long a step of a plan is shown; the last one as long as the one before.
 * @param {PlaybackPlan} plan @param {TimedStep} stop
 */
export function secondsOf({ stops }, stop) {
  const index = Math.min(stops.indexOf(stop), stops.length - 2);
  return index < 0 ? BEAT_SECONDS : stops[index + 1].time - stops[index].time;
}

/** @param {Path} path @returns {PathStep} */
export function first({ beats, stops }) {
  return { position: stops?.[0] ?? 0, beat: beats[0] };
}

/** @param {Path} path @returns {PathStep} */
export function last({ positions, beats, stops }) {
  return { position: stops?.[stops.length - 1] ?? lastPosition({ positions }), beat: beats[beats.length - 1] };
}

/**
 * The next beat; after the last one the first beat of the next position. At the end of the path it stays.
 * @param {Path} path @param {PathStep} now
 * @returns {PathStep}
 */
export function nextBeat(path, now) {
  const { beats } = path;
  const index = beats.indexOf(now.beat) + 1;
  if (index < beats.length) return { ...now, beat: beats[index] };
  const position = neighborPosition(path, now.position, 1);
  return position === now.position ? now : { position, beat: beats[0] };
}

/**
 * The inverse of nextBeat; at the start of the path it stays.
 * @param {Path} path @param {PathStep} now @returns {PathStep}
 */
export function previousBeat(path, now) {
  const { beats } = path;
  const index = beats.indexOf(now.beat) - 1;
  if (index >= 0) return { ...now, beat: beats[index] };
  const position = neighborPosition(path, now.position, -1);
  return position === now.position ? { ...now, beat: beats[0] } : { position, beat: beats[beats.length - 1] };
}

/** The next position or stop, at the same beat. @param {Path} path @param {PathStep} now @returns {PathStep} */
export function nextPosition(path, now) {
  return { ...now, position: neighborPosition(path, now.position, 1) };
}

/** @param {Path} path @param {PathStep} now @returns {PathStep} */
export function previousPosition(path, now) {
  return { ...now, position: neighborPosition(path, now.position, -1) };
}

/**
 * One row down in the same column, at the same beat; in the last row it stays.
 * @param {Path} path @param {PathStep} now
 * @returns {PathStep}
 */
export function nextRow(path, now) {
  const position = now.position + path.positions.columns;
  return { ...now, position: position <= lastPosition(path) ? position : now.position };
}

/** @param {Path} path @param {PathStep} now @returns {PathStep} */
export function previousRow(path, now) {
  const position = now.position - path.positions.columns;
  return { ...now, position: position >= 0 ? position : now.position };
}

/** The next or previous position or stop: by 1 or -1. @param {Path} path @param {number} position @param {number} by */
export function neighborPosition(path, position, by) {
  return path.stops?.length ? neighborStop(path.stops, position, by) : clampPosition(path, position + by);
}

/**
 * The stop after or before a position; for one that is no stop, the nearest on that side in reading order.
 * @param {number[]} stops @param {number} position @param {number} by 1 or -1
 */
function neighborStop(stops, position, by) {
  const index = stops.indexOf(position);
  if (index >= 0) return stops[index + by] ?? position;
  const onSide = stops.filter((stop) => (stop - position) * by > 0);
  if (!onSide.length) return stops[by > 0 ? stops.length - 1 : 0];
  return by > 0 ? Math.min(...onSide) : Math.max(...onSide);
}

/** The nearest position of the path. @param {Pick<Path, "positions">} path @param {number} position */
export function clampPosition(path, position) {
  return Math.min(Math.max(position, 0), lastPosition(path));
}

/** The last position in reading order. @param {Pick<Path, "positions">} path */
export function lastPosition({ positions }) {
  return positions.rows * positions.columns - 1;
}

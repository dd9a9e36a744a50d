/**
 * The playback of a path: which position and which beat is shown after how many seconds.
 *
 * Every step shown is a position of the path. Where there are too many to be seen, every n-th is shown, and the plan
 * has n.
 */

/** @typedef {{position: number, beat: string}} PathStep positions count from 0 in reading order */
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

/** Durations at tempo 1: the longest for one beat or position, then the longest for a whole segment. */
const BEAT_SECONDS = 0.6;
const SLOW_SECONDS = 6;
const POSITION_SECONDS = 0.22;
const ROW_SECONDS = 3;
const ROWS_SECONDS = 5.5;
const FINISH_SECONDS = 4;
const STOPS_SECONDS = 15;
/** The shortest time between two steps: one frame of the screen. */
const FRAME_SECONDS = 1 / 60;
const SLOW_POSITIONS = 3;

/**
 * What one press of play shows. step: the beats up to the end of a position. row: the positions up to the end of a row.
 * story: three positions beat by beat, the rest of the row faster, then row after row, at most 15 s. finish: the rest,
 * at most 4 s. With stops: the stops that are left, in row and story beat by beat. At the end it starts over; step only
 * where it loops.
 * @param {Path & {from: PathStep, mode: string, tempo: number, loop?: boolean}} request
 * @returns {PlaybackPlan}
 */
export function plan({ positions, beats, stops: chosen, from, mode, tempo, loop = false }) {
  const path = { positions, beats, stops: chosen };
  const [start, end] = [nearestStep(path, from), last(path)];
  const ended = start.position === end.position && start.beat === end.beat;
  const fresh = ended && (loop || mode !== "step") ? first(path) : start;
  const kinds = chosen?.length ? CHOSEN_STOPS : ALL_POSITIONS;
  const { parts, skips } = (kinds[mode] ?? kinds.story)(path, fresh);
  const stops = addTimes([{ steps: [fresh], each: 0 }, ...parts], tempo > 0 ? tempo : 1);
  return { duration: stops[stops.length - 1].time, stops, skips };
}

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
  story(path, from) {
    const slowed = slowSegment(slowSteps(path, from));
    const reached = slowed.steps[slowed.steps.length - 1] ?? from;
    const end = rowEnd(path, reached.position);
    const row = quickSegments(path, firstUnwritten(path, reached), end, ROW_SECONDS);
    const rest = quickSegments(path, end + 1, lastPosition(path), ROWS_SECONDS);
    return { parts: [slowed, ...row.parts, ...rest.parts], skips: Math.max(row.skips, rest.skips) };
  },
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

/** The rest of this position's beats and every beat of the next two. @param {Path} path @param {PathStep} from */
function slowSteps(path, from) {
  const end = Math.min(from.position + SLOW_POSITIONS - 1, lastPosition(path));
  const steps = restOfStep(path, from);
  for (let position = from.position + 1; position <= end; position++) {
    steps.push(...path.beats.map((beat) => ({ position, beat })));
  }
  return steps;
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
function quickSegments(path, start, end, seconds) {
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

/** @param {Segment[]} parts @param {number} tempo @returns {TimedStep[]} */
function addTimes(parts, tempo) {
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

/** The next or previous position or stop: by 1 or -1. @param {Path} path @param {number} position @param {number} by */
function neighborPosition(path, position, by) {
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
function clampPosition(path, position) {
  return Math.min(Math.max(position, 0), lastPosition(path));
}

/** The last position in reading order. @param {Pick<Path, "positions">} path */
function lastPosition({ positions }) {
  return positions.rows * positions.columns - 1;
}

/**
 * Time as places: which step and which beat is shown after so many seconds.
 *
 * Every place shown is a true position. Where there are too many to be seen, every n-th is, and the plan says n.
 */

/** @typedef {{position: number, beat: string}} Moment positions count from 0 in reading order */
/** @typedef {Moment & {time: number}} Stop */
/**
 * Places in time; `skips` n: every n-th position is shown, 1 is all.
 * @typedef {{duration: number, stops: Stop[], skips: number}} Plan
 */
/**
 * What can be walked: every position in reading order, or only `stops`, distinct positions in the order that an author
 * chose. One that is no stop can still be stood on; from there it goes on to the nearest stop.
 * @typedef {{positions: {rows: number, columns: number}, beats: string[], stops?: number[]}} Walk
 */

/** Seconds at tempo 1. */
const BEAT = 0.6;
const SLOW_IN_ALL = 6;
const ONE = 0.22;
const ROW_IN_ALL = 3;
const ROWS_IN_ALL = 5.5;
const FINISH_IN_ALL = 4;
const STOPS_IN_ALL = 15;
/** No two stops are closer than a picture on the screen. */
const FRAME = 1 / 60;
const SLOW_POSITIONS = 3;

/**
 * What one press of play does. step: the beats up to the end of a position. row: the positions up to the end of a
 * row. story: three positions in slow beats, the rest of the row faster, then row after row, at most 15 s. finish: all
 * that is left, at most 4 s. With stops: those that are left, row and story in slow beats. At the end it starts over;
 * so does step where it loops.
 * @param {Walk & {from: Moment, mode: string, tempo: number, loop?: boolean}} request
 * @returns {Plan}
 */
export function plan({ positions, beats, stops: chosen, from, mode, tempo, loop = false }) {
  const walk = { positions, beats, stops: chosen };
  const [start, end] = [settled(walk, from), last(walk)];
  const ended = start.position === end.position && start.beat === end.beat;
  const fresh = ended && (loop || mode !== "step") ? first(walk) : start;
  const kinds = chosen?.length ? AMONG_STOPS : PARTS;
  const { parts, skips } = (kinds[mode] ?? kinds.story)(walk, fresh);
  const stops = timed([{ moments: [fresh], each: 0 }, ...parts], tempo > 0 ? tempo : 1);
  return { duration: stops[stops.length - 1].time, stops, skips };
}

/** The stop that is shown after so many seconds. @param {Plan} plan @param {number} seconds @returns {Stop} */
export function stopAt({ stops }, seconds) {
  let [low, high] = [0, stops.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (stops[middle].time <= seconds) low = middle;
    else high = middle - 1;
  }
  return stops[low];
}

/** @param {Walk} walk @returns {Moment} */
export function first({ beats, stops }) {
  return { position: stops?.[0] ?? 0, beat: beats[0] };
}

/** @param {Walk} walk @returns {Moment} */
export function last({ positions, beats, stops }) {
  return { position: stops?.[stops.length - 1] ?? lastPosition({ positions }), beat: beats[beats.length - 1] };
}

/**
 * The next beat, on to the next position after the last one; at the very end it stays.
 * @param {Walk} walk @param {Moment} now
 * @returns {Moment}
 */
export function nextBeat(walk, now) {
  const { beats } = walk;
  const index = beats.indexOf(now.beat) + 1;
  if (index < beats.length) return { ...now, beat: beats[index] };
  const position = moved(walk, now.position, 1);
  return position === now.position ? now : { position, beat: beats[0] };
}

/** The inverse of nextBeat; at the very start it stays. @param {Walk} walk @param {Moment} now @returns {Moment} */
export function previousBeat(walk, now) {
  const { beats } = walk;
  const index = beats.indexOf(now.beat) - 1;
  if (index >= 0) return { ...now, beat: beats[index] };
  const position = moved(walk, now.position, -1);
  return position === now.position ? { ...now, beat: beats[0] } : { position, beat: beats[beats.length - 1] };
}

/** One position on, or one stop, at the same beat. @param {Walk} walk @param {Moment} now @returns {Moment} */
export function nextPosition(walk, now) {
  return { ...now, position: moved(walk, now.position, 1) };
}

/** @param {Walk} walk @param {Moment} now @returns {Moment} */
export function previousPosition(walk, now) {
  return { ...now, position: moved(walk, now.position, -1) };
}

/**
 * One row down in the same column, at the same beat; in the last row it stays.
 * @param {Walk} walk @param {Moment} now
 * @returns {Moment}
 */
export function nextRow(walk, now) {
  const position = now.position + walk.positions.columns;
  return { ...now, position: position <= lastPosition(walk) ? position : now.position };
}

/** @param {Walk} walk @param {Moment} now @returns {Moment} */
export function previousRow(walk, now) {
  const position = now.position - walk.positions.columns;
  return { ...now, position: position >= 0 ? position : now.position };
}

/** @typedef {{moments: Moment[], each: number}} Part moments that follow one another, `each` seconds apart */
/** @typedef {{parts: Part[], skips: number}} Parts */

/** @type {Record<string, (walk: Walk, from: Moment) => Parts>} */
const PARTS = {
  step(walk, from) {
    const start = from.beat === last(walk).beat ? nextBeat(walk, from) : from;
    return { parts: [slow([...(start === from ? [] : [start]), ...restOfStep(walk, start)])], skips: 1 };
  },
  row(walk, from) {
    const start = unwritten(walk, from);
    return quick(walk, start, rowEnd(walk, start), ROW_IN_ALL);
  },
  story(walk, from) {
    const slowed = slow(slowMoments(walk, from));
    const reached = slowed.moments[slowed.moments.length - 1] ?? from;
    const end = rowEnd(walk, reached.position);
    const row = quick(walk, unwritten(walk, reached), end, ROW_IN_ALL);
    const rest = quick(walk, end + 1, lastPosition(walk), ROWS_IN_ALL);
    return { parts: [slowed, ...row.parts, ...rest.parts], skips: Math.max(row.skips, rest.skips) };
  },
  finish: (walk, from) => quick(walk, unwritten(walk, from), lastPosition(walk), FINISH_IN_ALL),
};

/** The same from stop to stop. @type {Record<string, (walk: Walk, from: Moment) => Parts>} */
const AMONG_STOPS = {
  step: PARTS.step,
  story(walk, from) {
    const next = stopsAhead(walk, from.position).flatMap((position) => walk.beats.map((beat) => ({ position, beat })));
    const moments = [...restOfStep(walk, from), ...next];
    return { parts: [{ moments, each: Math.min(BEAT, STOPS_IN_ALL / Math.max(1, moments.length)) }], skips: 1 };
  },
  finish(walk, from) {
    const { beat } = last(walk);
    const here = from.beat === beat ? [] : [from.position];
    const moments = [...here, ...stopsAhead(walk, from.position)].map((position) => ({ position, beat }));
    return { parts: [{ moments, each: Math.min(BEAT, FINISH_IN_ALL / Math.max(1, moments.length)) }], skips: 1 };
  },
};

/** The stops after this position. @param {Walk} walk @param {number} position */
function stopsAhead(walk, position) {
  const next = moved(walk, position, 1);
  return next === position || !walk.stops ? [] : walk.stops.slice(walk.stops.indexOf(next));
}

/** What is left of this position and every beat of the next two. @param {Walk} walk @param {Moment} from */
function slowMoments(walk, from) {
  const end = Math.min(from.position + SLOW_POSITIONS - 1, lastPosition(walk));
  const moments = restOfStep(walk, from);
  for (let position = from.position + 1; position <= end; position++) {
    moments.push(...walk.beats.map((beat) => ({ position, beat })));
  }
  return moments;
}

/** The beats after this one, at the same position. @param {Walk} walk @param {Moment} from @returns {Moment[]} */
function restOfStep({ beats }, from) {
  return beats.slice(beats.indexOf(from.beat) + 1).map((beat) => ({ position: from.position, beat }));
}

/** @param {Moment[]} moments @returns {Part} */
function slow(moments) {
  return { moments, each: Math.min(BEAT, SLOW_IN_ALL / Math.max(1, moments.length)) };
}

/**
 * The positions from start to end, each as it is written. Where they are too many, the same columns of every row are
 * shown, so that the window sweeps; where even that is too much, the ends of every so many rows.
 * @param {Walk} walk @param {number} start @param {number} end @param {number} seconds
 * @returns {Parts}
 */
function quick(walk, start, end, seconds) {
  const { positions: { columns }, beats } = walk;
  const most = Math.floor(seconds / FRAME);
  const wanted = Math.max(1, Math.ceil((end - start + 1) / most));
  const skips = wanted < columns ? wanted : Math.ceil(wanted / columns) * columns;
  const shown = skips < columns ? everyRow(walk, start, end, skips) : every(start, end, skips);
  const moments = shown.map((position) => ({ position, beat: beats[beats.length - 1] }));
  const each = Math.min(ONE, seconds / Math.max(1, moments.length));
  return { parts: [{ moments, each }], skips: wanted > 1 ? skips : 1 };
}

/**
 * Every n-th column of each row, the last one always among them.
 * @param {Walk} walk @param {number} start @param {number} end @param {number} n
 */
function everyRow(walk, start, end, n) {
  const shown = [];
  for (let from = start; from <= end; from = rowEnd(walk, from) + 1) {
    shown.push(...every(from, Math.min(end, rowEnd(walk, from)), n));
  }
  return shown;
}

/**
 * Every n-th number from start to end, the end always among them.
 * @param {number} start @param {number} end @param {number} n
 */
function every(start, end, n) {
  const numbers = [];
  for (let at = end; at >= start; at -= n) numbers.push(at);
  return numbers.reverse();
}

/** The first position that is not written yet. @param {Walk} walk @param {Moment} now */
function unwritten({ beats }, { position, beat }) {
  return beat === beats[beats.length - 1] ? position + 1 : position;
}

/** The last position of a position's row. @param {Walk} walk @param {number} position */
function rowEnd({ positions: { columns } }, position) {
  return position - (position % columns) + columns - 1;
}

/** @param {Part[]} parts @param {number} tempo @returns {Stop[]} */
function timed(parts, tempo) {
  /** @type {Stop[]} */
  const stops = [];
  let time = 0;
  for (const { moments, each } of parts) {
    for (const moment of moments) stops.push({ ...moment, time: (time += each / tempo) });
  }
  return stops;
}

/**
 * A moment that the walk has: the nearest position, the first beat for an unknown one.
 * @param {Walk} walk @param {Moment} now
 * @returns {Moment}
 */
function settled(walk, { position, beat }) {
  return { position: within(walk, position), beat: walk.beats.includes(beat) ? beat : walk.beats[0] };
}

/** One position on or back: by 1 or -1. @param {Walk} walk @param {number} position @param {number} by */
function moved(walk, position, by) {
  return walk.stops?.length ? stopBeside(walk.stops, position, by) : within(walk, position + by);
}

/**
 * The stop after or before this one; from beside all stops, the nearest on that side in reading order.
 * @param {number[]} stops @param {number} position @param {number} by 1 or -1
 */
function stopBeside(stops, position, by) {
  const index = stops.indexOf(position);
  if (index >= 0) return stops[index + by] ?? position;
  const aside = stops.filter((stop) => (stop - position) * by > 0);
  if (!aside.length) return stops[by > 0 ? stops.length - 1 : 0];
  return by > 0 ? Math.min(...aside) : Math.max(...aside);
}

/** The nearest position that there is. @param {Pick<Walk, "positions">} walk @param {number} position */
function within(walk, position) {
  return Math.min(Math.max(position, 0), lastPosition(walk));
}

/** The last position in reading order. @param {Pick<Walk, "positions">} walk */
function lastPosition({ positions }) {
  return positions.rows * positions.columns - 1;
}

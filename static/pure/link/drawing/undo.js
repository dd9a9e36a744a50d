/** What was drawn before, and what was taken back: each step is a value, and none is changed in place. */

/**
 * The sheet now, those before it and those that were taken back, the nearest one last.
 * @template T @typedef {{now: T, past: T[], future: T[]}} Steps
 */

/** Steps that are kept. */
const MOST_STEPS = 100;

/** @template T @param {T} now @returns {Steps<T>} */
export function firstStep(now) {
  return { now, past: [], future: [] };
}

/** Another sheet follows. @template T @param {Steps<T>} steps @param {T} now @returns {Steps<T>} */
export function doStep(steps, now) {
  return { now, past: [...steps.past, steps.now].slice(-MOST_STEPS), future: [] };
}

/** @template T @param {Steps<T>} steps @returns {Steps<T>} the same where nothing came before */
export function undoStep({ now, past, future }) {
  const before = past.at(-1);
  return before === undefined
    ? { now, past, future }
    : { now: before, past: past.slice(0, -1), future: [...future, now] };
}

/** @template T @param {Steps<T>} steps @returns {Steps<T>} the same where nothing was taken back */
export function redoStep({ now, past, future }) {
  const next = future.at(-1);
  return next === undefined ? { now, past, future } : { now: next, past: [...past, now], future: future.slice(0, -1) };
}

/**
 * The sheet that is shown by other means, such as the browser's Back: one of the steps, or a new one.
 * @template T @param {Steps<T>} steps @param {T} shown @returns {Steps<T>}
 */
export function goToStep(steps, shown) {
  const key = JSON.stringify(shown);
  const isShown = (/** @type {T} */ step) => JSON.stringify(step) === key;
  if (isShown(steps.now)) return steps;
  const back = [steps.past.findLastIndex(isShown), steps.future.findLastIndex(isShown)];
  if (back[0] >= 0)
    return {
      now: shown,
      past: steps.past.slice(0, back[0]),
      future: [...steps.future, steps.now, ...steps.past.slice(back[0] + 1).toReversed()],
    };
  if (back[1] >= 0)
    return {
      now: shown,
      past: [...steps.past, steps.now, ...steps.future.slice(back[1] + 1).toReversed()],
      future: steps.future.slice(0, back[1]),
    };
  return doStep(steps, shown);
}

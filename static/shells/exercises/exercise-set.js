/** A set of exercises as the address has it: `exercises=cell,size=5~map&variants=5&seed=1`. */

/** @typedef {[name: string, value: string][]} Options "" for what the seed draws */

/** @param {string} kind @param {Options} options @returns {string} an exercise of a set: `cell,size=5` */
export function writeExercise(kind, options) {
  return [kind, ...options.filter(([, value]) => value).map(([name, value]) => `${name}=${value}`)].join(",");
}

/**
 * The query string of a set. What a link has besides, such as the theme, stays.
 * @param {string} search the query string of the page @param {string[]} exercises @param {Options} settings
 */
export function writeSet(search, exercises, settings) {
  const chosen = new Map([["exercises", exercises.join("~")], ...settings]);
  const kept = search
    .slice(1)
    .split("&")
    .filter((part) => part && !chosen.has(part.split("=")[0]));
  return [...[...chosen].map(([name, value]) => `${name}=${value}`), ...kept].join("&");
}

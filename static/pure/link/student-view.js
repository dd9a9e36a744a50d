/** A teacher's choices for students, and the view that students get. */

/** @import {Option, View} from "convoscope/pure/types.js" */

/**
 * Where the figure starts: at this cell and beat, at this stage, or at the figure's default.
 * @typedef {"here" | "stage" | "open"} Start
 */

/**
 * @typedef {{start: Start} & Pick<View, "hide" | "lock" | "stops" | "notes" | "predict" | "title" | "theme" | "ui" |
 * "tempo" | "play" |
 * "loop">} Draft
 */

/** @typedef {Pick<View, "stops" | "notes">} Path an author's stops, with the words at each */

/** The keys of the view that keep their defaults for each start. @type {Record<Start, (keyof View)[]>} */
const OMITTED_KEYS = { here: [], stage: ["at", "beat", "pin"], open: ["at", "beat", "pin", "stage", "map"] };

/**
 * What students may do: look, step, or everything. A teacher can choose each part instead.
 * @type {Record<string, Pick<Draft, "hide" | "lock">>}
 */
export const PRESETS = {
  look: { hide: ["header", "image", "inspector", "transport"], lock: ["strip"] },
  step: { hide: ["image", "inspector"], lock: [] },
  all: { hide: [], lock: [] },
};

/** The preset of a draft; "" where its parts were chosen one by one. @param {Pick<Draft, "hide" | "lock">} draft */
export function presetOf({ hide, lock }) {
  const written = (/** @type {string[]} */ parts) => parts.toSorted().join();
  return (
    Object.keys(PRESETS).find(
      (name) => written(PRESETS[name].hide) === written(hide) && written(PRESETS[name].lock) === written(lock),
    ) ?? ""
  );
}

/** A first draft, from the current view. @param {View} view @returns {Draft} */
export function draftOf({ hide, lock, stops, notes, predict, title, theme, ui, tempo, play, loop }) {
  return { start: "here", hide, lock, stops, notes, predict, title, theme, ui, tempo, play, loop };
}

/**
 * The view that students get.
 * @param {View} view of the figure @param {Draft} draft @param {Option[]} table
 * @returns {View}
 */
export function studentView(view, { start, ...chosen }, table) {
  const open = table.filter(({ name }) => OMITTED_KEYS[start].includes(/** @type {keyof View} */ (name)));
  return {
    ...view,
    ...Object.fromEntries(open.map((option) => [option.name, option.default])),
    ...chosen,
    present: false,
  };
}

/**
 * Moves a stop with its words one place earlier or later; a stop at the end of the list stays.
 * @param {Path} path @param {number} index @param {1 | -1} by
 * @returns {Path}
 */
export function moveStop({ stops, notes }, index, by) {
  const to = index + by;
  if (to < 0 || to >= stops.length) return { stops, notes };
  const all = stops.map((_, n) => notes[n] ?? "");
  return {
    stops: stops.with(index, stops[to]).with(to, stops[index]),
    notes: all.with(index, all[to]).with(to, all[index]),
  };
}

/** The path without a stop and its words. @param {Path} path @param {number} index @returns {Path} */
export function removeStop({ stops, notes }, index) {
  return { stops: stops.toSpliced(index, 1), notes: notes.toSpliced(index, 1) };
}

/** The path with other words at a stop. @param {Path} path @param {number} index @param {string} words @returns {Path} */
export function describeStop({ stops, notes }, index, words) {
  return { stops, notes: stops.map((_, n) => (n === index ? words : (notes[n] ?? ""))) };
}

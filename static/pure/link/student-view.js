/** What a teacher has chosen for students, as a value; what it makes of the view that the figure shows now. */

/** @import {Cell, Option, View} from "convoscope/pure/types.js" */

/**
 * Where the figure starts: at this place and beat, at this stage, or as it opens by itself.
 * @typedef {"here" | "stage" | "open"} Start
 */

/**
 * @typedef {{start: Start} & Pick<View, "hide" | "lock" | "stops" | "title" | "theme" | "ui" | "tempo" | "play" |
 * "loop">} Draft
 */

/** What of the view a start leaves to the figure itself. @type {Record<Start, (keyof View)[]>} */
const OMITTED_KEYS = { here: [], stage: ["at", "beat", "pin"], open: ["at", "beat", "pin", "stage", "map"] };

/** A draft begins with what is already so. @param {View} view @returns {Draft} */
export function draftOf({ hide, lock, stops, title, theme, ui, tempo, play, loop }) {
  return { start: "here", hide, lock, stops, title, theme, ui, tempo, play, loop };
}

/**
 * The view that students get.
 * @param {View} view what the figure shows now @param {Draft} draft @param {Option[]} table
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
 * One stop earlier or later; those at an end stay.
 * @param {Cell[]} stops @param {number} index @param {1 | -1} by
 * @returns {Cell[]}
 */
export function moveStop(stops, index, by) {
  const to = index + by;
  return to < 0 || to >= stops.length ? stops : stops.with(index, stops[to]).with(to, stops[index]);
}

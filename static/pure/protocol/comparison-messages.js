/** What figures side by side say to the page around their frame: their step, and which keys of a state they take. */

import { stepFields } from "convoscope/pure/protocol/embed-messages.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {Fields} from "convoscope/pure/protocol/embed-messages.js" */

/** Keys of a state that are those of the page. */
const OF_PAGE = ["theme", "tempo", "mode", "loop", "present", "stops"];
/** Keys that every figure takes. */
const OF_FIGURES = ["colors", "scope", "fit", "ghost"];

/** Whether a link, or its query, is one of figures side by side. @param {string} link */
export function isComparison(link) {
  return /^(?:[^?]*\?)?(?:[^#]*&)?[a-d]=/.test(link);
}

/**
 * A change of a state, in parts: what moves all figures, what the page takes, and what every figure takes. Other keys are
 * those of one figure, and are left out.
 * @param {Partial<View>} change
 * @returns {{place: Partial<View>, page: Partial<View>, figures: Partial<View>}}
 */
export function splitChange(change) {
  const pick = (/** @type {string[]} */ names) =>
    Object.fromEntries(Object.entries(change).filter(([name]) => names.includes(name)));
  return { place: pick(["at", "beat", "stage", "map"]), page: pick(OF_PAGE), figures: pick(OF_FIGURES) };
}

/**
 * The fields of a step: those of the first figure that has the place, and of each figure by its letter. A figure without
 * the place has no frame, and only its letter.
 * @param {{letter: string, trace: Trace, frame: Frame | null}[]} shown @returns {Fields}
 */
export function commonStepFields(shown) {
  const figures = shown.map(({ letter, trace, frame }) => ({ letter, ...(frame ? stepFields(frame, trace) : {}) }));
  const { letter: _, ...first } = figures.find((_, i) => shown[i].frame) ?? { letter: "" };
  return { ...first, figures };
}

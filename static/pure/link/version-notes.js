/** Notes on links that were written for an earlier version of Convoscope. */

/** @import {Problem} from "convoscope/pure/types.js" */

/**
 * The problems without the note that a filter now reads all channels. It is for the one who opens an old link in the
 * Lab; a class before an embed and somebody who has just edited the figure can do nothing about it.
 * @param {Problem[]} problems
 */
export function withoutVersionNotes(problems) {
  return problems.filter(({ code }) => code !== "groups_not_given");
}

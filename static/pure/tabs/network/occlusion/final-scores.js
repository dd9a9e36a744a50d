/** The scores of classes at the end of a chain: where `app/core/network/occlusion.py` finds them. */

/** @import {Stage, Trace} from "convoscope/pure/types.js" */
/**
 * The stage before the softmax, and the softmax; null where the chain has none.
 * @typedef {{stage: Stage, shares: Stage | null}} ClassScores
 */

/** @param {Trace} trace @returns {ClassScores | null} null for a chain that does not end in two or more numbers */
export function findScores({ stages }) {
  const last = stages[stages.length - 1];
  const shares = last.kind === "softmax" ? last : null;
  const stage = shares ? stages[shares.reads[0]] : last;
  const [count, rows, columns] = stage.shape;
  return stage.index > 0 && count > 1 && rows * columns === 1 ? { stage, shares } : null;
}

/** The name of a class, or its number. @param {ClassScores} scores @param {number} index */
export function className({ stage, shares }, index) {
  return stage.classes?.[index] ?? shares?.classes?.[index] ?? String(index);
}

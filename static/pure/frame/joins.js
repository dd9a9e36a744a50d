/** Which stages a join can read: those whose shapes agree. The server checks the same when it plans a layer. */

/** @import {Trace} from "convoscope/pure/types.js" */

/**
 * The stages before `number` that fit a stage in a join, the last first.
 * @param {Trace} trace @param {string} op `add`, `concat` or `mul` @param {number} read the stage that it joins
 * @param {number} number of the join itself @returns {number[]}
 */
export function fittingStages(trace, op, read, number) {
  const [maps, ...size] = trace.stages[read].shape;
  return trace.stages
    .slice(0, number)
    .filter(({ shape: [others, ...other] }) => {
      const isSingle = [size, other].some((one) => one.join() === "1,1");
      if (op !== "concat" && others !== maps) return false;
      return other.join() === size.join() || (op === "mul" && isSingle);
    })
    .map(({ index }) => index)
    .reverse();
}

/**
 * The stage that a new join reads besides the one before: the last one that fits, else the same once more.
 * @param {Trace} trace @param {string} op @param {number} read @param {number} number @returns {number}
 */
export function chooseJoined(trace, op, read, number) {
  return fittingStages(trace, op, read, number).find((index) => index !== read) ?? read;
}

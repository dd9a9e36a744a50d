/** The names of a network's columns and of the stages in them, and the width that they need. */

import { cardName } from "convoscope/pure/frame/stage.js";
import { NETWORK } from "convoscope/pure/strings/tab-strings.js";

/** @import {Stage, Trace} from "convoscope/pure/types.js" */
/** @import {NetworkColumn} from "convoscope/pure/tabs/network/network-columns.js" */

/** The widths of a bold letter and of one of fixed width, in sizes of letters. */
const [BOLD, FIXED] = [0.66, 0.62];

/** "conv1 + ReLU"; of the scores "flatten 1,024 → 10 → softmax". @param {Trace} trace @param {NetworkColumn} column */
export function namesOf({ stages }, column) {
  if (column.kind === "picture") return NETWORK.picture(column.stages.length > 1);
  if (column.kind === "scores")
    return NETWORK.flow(
      column.stages.map((index) => {
        const { kind, shape } = stages[index];
        if (kind === "flatten") return NETWORK.flattened(shape[0]);
        return kind === "linear" ? String(shape[0]) : nameOfStage(stages[index]);
      }),
    );
  const [first, ...others] = column.stages.map((index) => stages[index]).filter(({ kind }) => kind !== "flatten");
  if (column.repeats) return NETWORK.repeated(cardName(first.title), cardName(stages[column.shown].title));
  return NETWORK.together([cardName(first.title), ...others.map(({ title }) => title.split(" · ").at(-1) ?? title)]);
}

/** The name of one stage: "conv1", "softmax". @param {Stage} stage */
function nameOfStage({ kind, op, title }) {
  return kind === "softmax" ? op : cardName(title);
}

/**
 * The name of what is chosen: of a column whose maps are those of the stage, else of the stage alone.
 * @param {Trace} trace @param {NetworkColumn} column @param {number} stage
 */
export function nameOfChosen(trace, column, stage) {
  const isColumn = stage === column.shown && column.kind !== "scores" && !column.repeats;
  return isColumn ? namesOf(trace, column) : nameOfStage(trace.stages[stage]);
}

/** The size of what a column draws, below its name. @param {Trace} trace @param {NetworkColumn} column */
export function shapeOf({ stages }, { kind, template, shown }) {
  const { shape } = stages[shown];
  if (kind === "scores") return NETWORK.classes(shape[0]);
  if (kind === "values" || template) return NETWORK.values(shape[0]);
  return shape.join("×");
}

/**
 * The width that the words over the maps and lines of values need, in sizes of their letters: that of the longest.
 * @param {Trace} trace @param {NetworkColumn[]} columns
 */
export function widthOfWords(trace, columns) {
  const widths = columns
    .filter(({ kind }) => kind === "maps" || kind === "values")
    .flatMap((column) => [
      ...namesOf(trace, column)
        .split(" ")
        .map((word) => word.length * BOLD),
      ...shapeOf(trace, column)
        .split(" ")
        .map((word) => word.length * FIXED),
    ]);
  return Math.max(0, ...widths);
}

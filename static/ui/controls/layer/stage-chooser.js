/** The controls of the stages that a layer reads: where it starts, and the stages of a join. */

import { fittingStages } from "convoscope/pure/frame/joins.js";
import { cardName } from "convoscope/pure/frame/stage.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";

/** @import {Option, Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {Stage} stage */
function nameStage({ index, title, shape }) {
  return `${index} ${cardName(title)} ${shape.join("×")}`;
}

/**
 * The menu of `from`: the stage before, or an earlier one.
 * @param {Trace} trace @param {Stage} stage the first of its layer @param {Option} option
 * @param {unknown} value the stage, undefined for the one before @param {(value: number | undefined) => void} onChange
 * @returns {Description}
 */
export function startRow(trace, stage, option, value, onChange) {
  const choices = trace.stages.slice(0, stage.index).reverse();
  return [
    "div",
    { class: "row", "data-field": option.name },
    ["span", { title: option.help }, option.label],
    [
      "select",
      {
        class: "field",
        "aria-label": option.label,
        title: option.help,
        "data-key": option.name,
        onchange: (/** @type {Event} */ event) => {
          const { value } = /** @type {HTMLSelectElement} */ (event.target);
          onChange(value === "" ? undefined : Number(value));
        },
      },
      ["option", { value: "", selected: value === undefined }, CONTROLS.stageBefore],
      ...choices.map(
        (choice) =>
          /** @type {Description} */ ([
            "option",
            { value: String(choice.index), selected: value === choice.index },
            nameStage(choice),
          ]),
      ),
    ],
  ];
}

/**
 * A button for each stage that fits a join, pressed where it is joined; the last one stays.
 * @param {Trace} trace @param {Stage} stage the join @param {Option} option
 * @param {(value: number[]) => void} onChange
 * @returns {Description}
 */
export function joinedRows(trace, stage, option, onChange) {
  const [read, ...joined] = stage.reads;
  const fitting = fittingStages(trace, stage.op, read, stage.index);
  const toggle = (/** @type {number} */ index) =>
    joined.includes(index) ? joined.filter((one) => one !== index) : [...joined, index];
  return [
    "div",
    { class: "stages", role: "group", "aria-label": option.label, title: option.help, "data-field": option.name },
    ["span", option.label],
    ...fitting.map((index) => {
      const next = toggle(index);
      return /** @type {Description} */ ([
        "button",
        {
          type: "button",
          class: "choice",
          "aria-pressed": String(joined.includes(index)),
          "data-key": `joined-${index}`,
          onclick: () => next.length > 0 && onChange(next),
        },
        nameStage(trace.stages[index]),
      ]);
    }),
  ];
}

/**
 * The stages while presenting: one line of names above the figure, the current one marked, and the answer of a network
 * at its end. Where they do not all fit, blocks are folded, then the names and the answer become shorter, and at last
 * the stages far from the current one give way to an ellipsis.
 */

import { findAnswer } from "convoscope/pure/frame/answer.js";
import { blockHeads, cardName, writeAnswer } from "convoscope/pure/frame/stage-cards.js";
import { PRESENT } from "convoscope/pure/strings/present-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {Trace, View} from "convoscope/pure/types.js" */

/** What is done until all fits, one after the other. */
const CLASSES = ["folded", "close", "brief"];

/** @param {(stage: number) => void} onStage */
export function createStageTrail(onStage) {
  const list = build(["ol"]);
  const answer = build(["button", { type: "button", class: "answer", "data-part": "present-answer" }]);
  const element = build(["nav", { class: "trail", "data-part": "trail", "aria-label": PRESENT.stages }, list, answer]);

  /** @param {Trace} trace @param {View} view */
  function showAnswer(trace, view) {
    const found = findAnswer(trace);
    answer.hidden = !found;
    if (!found) return;
    const { lines, sentence } = writeAnswer(found);
    answer.title = answer.ariaLabel = sentence;
    answer.onclick = () => onStage(found.stage);
    answer.classList.toggle("is-current", found.stage === view.stage);
    fill(answer, ...lines.map(({ name, text }) => build(["span", ["b", { translate: "no" }, name], ` ${text}`])));
  }

  /** Makes the line shorter until it fits. @param {number} current */
  function fit(current) {
    const items = /** @type {HTMLElement[]} */ ([...list.children]);
    const isTooLong = () => list.scrollWidth > list.clientWidth;
    for (const name of CLASSES) if (isTooLong()) element.classList.add(name);
    const farthest = items
      .map((_, stage) => stage)
      .filter((stage) => stage > 0 && stage !== current)
      .sort((a, b) => Math.abs(b - current) - Math.abs(a - current));
    for (const stage of farthest) {
      if (!isTooLong()) break;
      items[stage].hidden = true;
      markGaps(items);
    }
  }

  /** Stages that are hidden leave an ellipsis, which takes room of its own. @param {HTMLElement[]} items */
  function markGaps(items) {
    const shown = items.filter(({ offsetWidth }) => offsetWidth);
    for (const [i, item] of shown.entries()) {
      const before = items.slice(i ? items.indexOf(shown[i - 1]) + 1 : 0, items.indexOf(item));
      item.classList.toggle(
        "after-gap",
        before.some(({ hidden }) => hidden),
      );
    }
    element.classList.toggle(
      "more",
      items.slice(items.indexOf(shown[shown.length - 1])).some(({ hidden }) => hidden),
    );
  }

  return {
    element,
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      element.hidden = trace.stages.length < 2 || view.hide.includes("strip");
      element.toggleAttribute("inert", view.lock.includes("strip"));
      if (element.hidden) return;
      const heads = blockHeads(trace.stages);
      element.className = "trail";
      fill(
        list,
        ...trace.stages.map(({ title, shape }, stage) => {
          const isJoined = heads[stage] !== stage && heads[stage] !== heads[view.stage];
          const label = PAGE.cardLabel(title, ...shape);
          return build([
            "li",
            { class: isJoined ? "joined" : null },
            [
              "button",
              {
                type: "button",
                title: label,
                "data-key": `trail-${stage}`,
                "aria-current": stage === view.stage ? "step" : null,
                onclick: () => onStage(stage),
              },
              cardName(title),
            ],
          ]);
        }),
      );
      showAnswer(trace, view);
      fit(view.stage);
    },
  };
}

/** What a network says of the picture before and after it was changed. */

import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { compareAnswers, hasAnswers, sharesOf } from "convoscope/pure/tabs/response/answers-before.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {import("convoscope/features/adjust/adjust-panel.js").AdjustEvents["onPreview"]} ComputePreview */

/** Classes in the table: the best of both answers. */
const MOST_CLASSES = 5;

/** @param {ComputePreview} compute @param {boolean} isOfLink whether a link shows the picture changed: it leads here */
export function createAnswers(compute, isOfLink) {
  let leads = isOfLink;
  const element = build(["div", { class: "adjust-answers", "data-part": "adjust-answers" }]);
  /** The picture and network of the answer before. */
  let key = "";
  /** The shares before, or why there are none. @type {number[] | string | null} */
  let before = null;
  /** @type {Trace | null} */
  let shown = null;
  let asking = new AbortController();

  /** @param {Trace} trace */
  async function ask(trace) {
    const scene = { ...trace.scene, adjust: null };
    const wanted = JSON.stringify(scene);
    if (wanted === key) return;
    key = wanted;
    before = null;
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    element.setAttribute("aria-busy", "true");
    const found = await compute?.(scene, [trace.stages.length - 1], signal);
    if (signal.aborted || !found) return;
    element.removeAttribute("aria-busy");
    before = typeof found === "string" ? found : sharesOf(found.stages[found.stages.length - 1]);
    if (typeof found === "string") key = ""; // the next change asks again
    render();
    if (leads) element.scrollIntoView({ block: "nearest" });
    leads = false;
  }

  function render() {
    const after = shown?.stages[shown.stages.length - 1];
    if (!after || !before) return fill(element);
    if (typeof before === "string") return fill(element, ["p", { class: "small", role: "status" }, before]);
    fill(element, ...describe(before, after));
  }

  return {
    element,
    /** @param {Trace} trace */
    show(trace) {
      shown = trace;
      const hasAnswer = Boolean(compute) && hasAnswers(trace);
      element.hidden = !hasAnswer;
      if (!hasAnswer) return;
      render();
      ask(trace);
    },
  };
}

/** @param {number[]} before @param {Stage} after @returns {Description[]} */
function describe(before, after) {
  const { verdict, classes, wins } = compareAnswers(before, after, MOST_CLASSES);
  const share = (/** @type {string} */ text, /** @type {boolean} */ isBest) =>
    /** @type {Description} */ (["td", { class: isBest ? "mono wins" : "mono" }, text]);
  return [
    ["p", { class: "small", role: "status", "data-part": "adjust-verdict" }, verdict],
    [
      "table",
      { class: "small" },
      [
        "thead",
        [
          "tr",
          ["th", { scope: "col" }, ADJUST.class],
          ["th", { scope: "col" }, ADJUST.before],
          ["th", { scope: "col" }, ADJUST.after],
        ],
      ],
      [
        "tbody",
        ...classes.map(
          ({ name, earlier, now }, i) =>
            /** @type {Description} */ ([
              "tr",
              ["th", { scope: "row" }, name],
              share(earlier, i === wins[0]),
              share(now, i === wins[1]),
            ]),
        ),
      ],
    ],
  ];
}

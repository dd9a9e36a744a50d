/** What a network says of the picture before and after it was changed. */

import { mapValues } from "convoscope/pure/maps/palette.js";
import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { shortValue } from "convoscope/pure/text/percent.js";
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
  /** @type {Stage | string | null} */
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
    before = typeof found === "string" ? found : found.stages[found.stages.length - 1];
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
      const last = trace.stages[trace.stages.length - 1];
      const hasAnswer = compute && isAnswer(last) && trace.scene.adjust && trace.stages[0].image?.kind !== "gone";
      element.hidden = !hasAnswer;
      if (!hasAnswer) return;
      render();
      ask(trace);
    },
  };
}

/** Whether a stage is the shares of classes. @param {Stage} stage */
function isAnswer({ kind, shape: [maps, rows, columns] }) {
  return kind === "softmax" && rows * columns === 1 && maps > 1;
}

/** @param {Stage} before @param {Stage} after @returns {Description[]} */
function describe(before, after) {
  const [then, now] = [before, after].map((stage) =>
    Array.from({ length: stage.shape[0] }, (_, map) => mapValues(stage, map)[0]),
  );
  const order = now.map((_, map) => map).sort((a, b) => Math.max(now[b], then[b]) - Math.max(now[a], then[a]));
  const name = (/** @type {number} */ map) => after.classes?.[map] ?? ADJUST.classOf(map);
  const best = (/** @type {number[]} */ shares) => shares.indexOf(Math.max(...shares));
  const [first, last] = [best(then), best(now)];
  const share = (/** @type {Stage} */ stage, /** @type {number} */ value, /** @type {boolean} */ wins) =>
    /** @type {Description} */ (["td", { class: wins ? "mono wins" : "mono" }, shortValue(stage, value)]);
  return [
    [
      "p",
      { class: "small", role: "status", "data-part": "adjust-verdict" },
      first === last
        ? ADJUST.sameAnswer(name(last), shortValue(before, then[first]), shortValue(after, now[last]))
        : ADJUST.otherAnswer(name(first), shortValue(before, then[first]), name(last), shortValue(after, now[last])),
    ],
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
        ...order
          .slice(0, MOST_CLASSES)
          .map(
            (map) =>
              /** @type {Description} */ ([
                "tr",
                ["th", { scope: "row" }, name(map)],
                share(before, then[map], map === first),
                share(after, now[map], map === last),
              ]),
          ),
      ],
    ],
  ];
}

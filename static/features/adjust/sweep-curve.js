/** The response of the cell in focus while the picture is turned or shifted, as a curve with the point of now. */

import { findOption } from "convoscope/features/adjust/adjust-sliders.js";
import { adjustBy, adjustmentOf, readNumber } from "convoscope/features/adjust/adjustments.js";
import { mapValues } from "convoscope/pure/maps/palette.js";
import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { numberText, shortNumber } from "convoscope/pure/text/number-text.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {Option, Scene, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {{values: number[], responses: number[]}} Responses */
/** @typedef {{kind: string, stage: Stage, map: number, at: [number, number], now: number, value: number}} SweptCell */

const SWEEPS = ["turn", "down", "right"];
/** A pause after which the cell in focus counts as chosen: a figure that plays asks for no curve. */
const PAUSE = 250;
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [206, 132, 6, 6, 18, 20];

/**
 * @param {Option[]} options
 * @param {{onView: (view: Partial<View>) => void, getFile: (path: string) => Promise<Blob>}} events
 */
export function createSweepCurve(options, { onView, getFile }) {
  const buttons = SWEEPS.map((kind) =>
    build([
      "button",
      {
        type: "button",
        "aria-pressed": "false",
        "data-sweep": kind,
        onclick: (/** @type {Event} */ { currentTarget }) => {
          const isOn = /** @type {Element} */ (currentTarget).getAttribute("aria-pressed") === "true";
          onView({ sweep: isOn ? "" : kind });
        },
      },
      ADJUST.sweep(kind),
    ]),
  );
  const drawing = build(["div", { "data-part": "sweep-drawing" }]);
  const element = build([
    "div",
    { class: "sweep-part", "data-part": "sweep" },
    ["p", { class: "small muted", title: ADJUST.sweepHelp }, ADJUST.sweepTitle],
    ["div", { class: "choices wide", role: "group", "aria-label": ADJUST.sweepTitle }, ...buttons],
    drawing,
  ]);
  /** The address of the curve that is shown or asked for. */
  let address = "";
  let timer = 0;
  /** @type {Responses | string | null} */
  let curve = null;
  /** @type {SweptCell | null} */
  let cell = null;

  /** @param {string} wanted */
  async function ask(wanted) {
    drawing.setAttribute("aria-busy", "true");
    const found = await getFile(wanted)
      .then(async (file) => JSON.parse(await file.text()))
      .catch((/** @type {Error} */ problem) => problem.message);
    if (wanted !== address) return;
    const isFirst = curve === null;
    drawing.removeAttribute("aria-busy");
    curve = found;
    if (typeof found === "string") address = ""; // the next change asks again
    render();
    if (isFirst) element.scrollIntoView({ block: "nearest" });
  }

  function render() {
    if (!cell || !curve) return fill(drawing);
    if (typeof curve === "string") return fill(drawing, ["p", { class: "small", role: "status" }, curve]);
    fill(drawing, ...describe(curve, cell));
  }

  return {
    element,
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.sweep === view.sweep));
      element.hidden = view.predict !== "" || trace.stages[0].image?.kind === "gone";
      if (!view.sweep || element.hidden) {
        [address, curve, cell] = ["", null, null];
        clearTimeout(timer);
        return fill(drawing);
      }
      cell = sweptCell(trace, view, options);
      const wanted = addressOf(trace.scene, cell, options);
      render();
      if (wanted === address) return;
      address = wanted;
      clearTimeout(timer);
      drawing.setAttribute("aria-busy", "true");
      timer = setTimeout(() => ask(wanted), PAUSE);
    },
  };
}

/** @param {Trace} trace @param {View} view @param {Option[]} options @returns {SweptCell} */
function sweptCell(trace, view, options) {
  const stage = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
  const [maps, rows, columns] = stage.shape;
  const map = Math.min(view.map, maps - 1);
  const [row, column] = view.at ?? stage.telling?.[map] ?? [0, 0];
  const at = /** @type {[number, number]} */ ([Math.min(row, rows - 1), Math.min(column, columns - 1)]);
  const [down, right] = adjustmentOf(trace.scene, findOption(options, "shift"));
  const turn = readNumber(adjustmentOf(trace.scene, findOption(options, "turn")));
  const now = view.sweep === "turn" ? turn : view.sweep === "down" ? down : right;
  return { kind: view.sweep, stage, map, at, now, value: mapValues(stage, map)[at[0] * columns + at[1]] };
}

/**
 * The address of the curve: the same for each value of what runs.
 * @param {Scene} scene @param {SweptCell} cell @param {Option[]} options
 */
function addressOf(scene, { kind, stage, map, at, now }, options) {
  const [turn, shift] = [findOption(options, "turn"), findOption(options, "shift")];
  const pair = adjustmentOf(scene, shift);
  const still = kind === "turn" ? turn.default : kind === "down" ? [0, pair[1]] : [pair[0], 0];
  const base = adjustBy(kind === "turn" ? turn : shift, still)(scene);
  const ends = kind === "turn" ? (Math.abs(now) > 90 ? 180 : 90) : Math.max(8, Math.abs(now));
  const keys = { stage: stage.index, map, at: at.join(","), sweep: kind, from: -ends, to: ends };
  const query = Object.entries(keys).map(([key, value]) => `${key}=${value}`);
  return `/api/sweep?scene=${encodeURIComponent(JSON.stringify(base))}&${query.join("&")}`;
}

/** @param {Responses} curve @param {SweptCell} cell @returns {Description[]} */
function describe({ values, responses }, { kind, stage, map, at, now, value }) {
  const [low, high] = [Math.min(...responses, value, 0), Math.max(...responses, value, 0)];
  const [first, last] = [values[0], values[values.length - 1]];
  const x = (/** @type {number} */ given) => LEFT + ((given - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (/** @type {number} */ given) => TOP + ((high - given) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const line = values.map((given, i) => `${x(given).toFixed(1)},${y(responses[i]).toFixed(1)}`).join(" ");
  const most = responses.indexOf(Math.max(...responses));
  const least = responses.indexOf(Math.min(...responses));
  const [, rows, columns] = stage.shape;
  const name = stage.labels?.[map] ?? "";
  const where = rows * columns === 1 ? ADJUST.sweepOfMap(stage.title, name) : ADJUST.sweepOf(stage.title, name, at);
  const sentence = ADJUST.sweepEnds(
    numberText(responses[most]),
    ADJUST.sweepValue(kind, values[most]),
    numberText(responses[least]),
    ADJUST.sweepValue(kind, values[least]),
  );
  const atNow = ADJUST.sweepNow(ADJUST.sweepValue(kind, now), numberText(value));
  const isInside = now >= first && now <= last && Number.isFinite(value);
  const text = (
    /** @type {number} */ left,
    /** @type {number} */ top,
    /** @type {string} */ end,
    /** @type {string} */ said,
  ) => /** @type {Description} */ (["text", { x: left, y: top, "text-anchor": end }, said]);
  return [
    ["p", { class: "small", "data-part": "sweep-cell" }, where],
    [
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "sweep-curve", role: "img", "aria-label": `${sentence} ${atNow}` },
      ["line", { class: "sweep-axis", x1: LEFT, x2: WIDTH - RIGHT, y1: y(0), y2: y(0) }],
      ["polyline", { class: "sweep-line", points: line }],
      ...(isInside
        ? [
            /** @type {Description} */ ([
              "line",
              { class: "sweep-drop", x1: x(now), x2: x(now), y1: y(value), y2: y(0) },
            ]),
            /** @type {Description} */ (["circle", { class: "sweep-now", cx: x(now), cy: y(value), r: 4.5 }]),
          ]
        : []),
      text(LEFT, 12, "start", shortNumber(high)),
      text(LEFT, HEIGHT - 5, "start", ADJUST.sweepValue(kind, first)),
      text(WIDTH / 2, HEIGHT - 5, "middle", ADJUST.sweepValue(kind, (first + last) / 2)),
      text(WIDTH - RIGHT, HEIGHT - 5, "end", ADJUST.sweepValue(kind, last)),
    ],
    ["p", { class: "small", role: "status", "data-part": "sweep-now" }, atNow],
    ["p", { class: "small muted", "data-part": "sweep-ends" }, sentence],
  ];
}

/** The neurons at one place: one of each map of a group. They read the same window, each with a filter of its own. */

import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { svgSize, valuesOf, writeBias, writeOutput } from "convoscope/pure/tabs/sharing/values.js";
import { grouped } from "convoscope/pure/tabs/sharing/weight-counts.js";
import { around, countNeurons, countWeights } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @import {SharingOptions} from "convoscope/pure/tabs/sharing/values.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The most neurons that are drawn, and the least of many. */
const [LEAST, MOST] = [3, 12];
/** Pixels: between two neurons, their radius, their line, the window below them. */
const [PITCH, RADIUS, TOP, WINDOW] = [88, 28, 68, 172];

/** @param {Trace} trace @param {Frame} frame @param {SharingOptions} options @returns {Description} */
export function neuronColumn(trace, frame, options) {
  const values = valuesOf(trace, frame, options);
  const { stage } = values;
  const groups = stage.groups ?? 1;
  const maps = stage.shape[0] / groups;
  const room = Math.floor((options.width ?? MOST * PITCH) / (PITCH * (options.scale ?? 1)));
  const shown = Math.min(maps, MOST, Math.max(room, LEAST));
  const columns = around(frame.map, maps, shown, Math.floor(frame.map / maps) * maps);
  const width = Math.max(shown, LEAST) * PITCH;
  const isKnown = values.outputNumber(values.here) !== "";
  const size = countWeights(stage);
  const texts = columns.map((map) => (isKnown ? writeOutput(trace, frame.stage, [map, frame.row, frame.col]) : ""));
  const isLinear = stage.kind === "linear";
  const nameOf = (/** @type {number} */ map) =>
    stage.classes?.[map] ?? (isLinear ? SHARING.neuronNumber(map) : SHARING.filterNumber(map));
  const law = isLinear ? SHARING.neuronsLaw(maps, size) : SHARING.columnLaw(maps, size, groups > 1);
  const isOne = isLinear || stage.shape[1] * stage.shape[2] === 1;
  const all = isOne ? "" : SHARING.neuronsInAll(stage.shape.join(" × "), grouped(stage.shape[0] * countNeurons(stage)));
  const x = (/** @type {number} */ i) => width / 2 + (i - (shown - 1) / 2) * PITCH;
  return [
    "div",
    { class: "neuron-map neuron-column" },
    [
      "svg",
      {
        viewBox: `0 0 ${width} ${WINDOW + 40}`,
        style: svgSize({ width, height: WINDOW + 40 }, options, 2),
        role: "group",
        "data-rove": "",
        "aria-label": SHARING.columnAlt(maps, texts.filter(Boolean).join(", ")),
      },
      ...texts.map(
        (_, i) =>
          /** @type {Description} */ ([
            "line",
            { x1: x(i), y1: TOP + RADIUS, x2: width / 2, y2: WINDOW, class: "wire plain" },
          ]),
      ),
      ...texts.map((text, i) => {
        const map = columns[i];
        const kind = map === frame.map ? "output here" : "output";
        return /** @type {Description} */ ([
          "g",
          {
            "data-go": [frame.stage, map, frame.row, frame.col].join(),
            "data-key": `neuron-${map}`,
            class: "goes",
            role: "button",
            "aria-current": String(map === frame.map),
            "aria-label": SHARING.valueOf(nameOf(map), text),
          },
          ["circle", { cx: x(i), cy: TOP, r: RADIUS, class: `cell ${text ? kind : `${kind} is-to-come`}` }],
          ["text", { x: x(i), y: TOP + 4, class: "number" }, text],
          ["text", { x: x(i), y: TOP - RADIUS - 23, class: "name" }, nameOf(map)],
          ["text", { x: x(i), y: TOP - RADIUS - 8, class: "bias" }, `b = ${writeBias(trace, frame.stage, map)}`],
        ]);
      }),
      ["rect", { x: width / 2 - 100, y: WINDOW, width: 200, height: 32, rx: 6, class: "window-box" }],
      ["text", { x: width / 2, y: WINDOW + 21, class: "name" }, SHARING.sameWindow(size)],
    ],
    ["p", { class: "muted" }, [law, all].filter(Boolean).join(" ")],
    maps > shown && ["p", { class: "small muted" }, SHARING.neuronsDrawn(shown, maps)],
  ];
}

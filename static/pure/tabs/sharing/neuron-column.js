/** The neurons at one place: one of each map. They read the same window, each with a filter of its own. */

import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { svgSize, valuesOf, writeOutput } from "convoscope/pure/tabs/sharing/values.js";
import { around, countWeights } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @import {SharingOptions} from "convoscope/pure/tabs/sharing/values.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The most neurons that are drawn, and the least of many. */
const [LEAST, MOST] = [3, 12];
/** Pixels: between two neurons, their radius, their line, the window below them. */
const [PITCH, RADIUS, TOP, WINDOW] = [88, 28, 52, 160];

/** @param {Trace} trace @param {Frame} frame @param {SharingOptions} options @returns {Description} */
export function neuronColumn(trace, frame, options) {
  const values = valuesOf(trace, frame, options);
  const { stage } = values;
  const [maps] = stage.shape;
  const room = Math.floor((options.width ?? MOST * PITCH) / (PITCH * (options.scale ?? 1)));
  const shown = Math.min(maps, MOST, Math.max(room, LEAST));
  const columns = around(frame.map, maps, shown);
  const width = Math.max(shown, LEAST) * PITCH;
  const isKnown = values.outputNumber(values.here) !== "";
  const size = countWeights(stage);
  const texts = columns.map((map) => (isKnown ? writeOutput(trace, frame.stage, [map, frame.row, frame.col]) : ""));
  const x = (/** @type {number} */ i) => width / 2 + (i - (shown - 1) / 2) * PITCH;
  return [
    "div",
    { class: "neuron-map neuron-column" },
    [
      "svg",
      {
        viewBox: `0 0 ${width} ${WINDOW + 40}`,
        style: svgSize({ width, height: WINDOW + 40 }, options, 2),
        role: "img",
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
          { "data-go": [frame.stage, map, frame.row, frame.col].join(), class: "goes" },
          ["circle", { cx: x(i), cy: TOP, r: RADIUS, class: `cell ${text ? kind : `${kind} is-to-come`}` }],
          ["text", { x: x(i), y: TOP + 4, class: "number" }, text],
          ["text", { x: x(i), y: TOP - RADIUS - 7, class: "name" }, SHARING.filterNumber(map)],
        ]);
      }),
      ["rect", { x: width / 2 - 100, y: WINDOW, width: 200, height: 32, rx: 6, class: "window-box" }],
      ["text", { x: width / 2, y: WINDOW + 21, class: "name" }, SHARING.sameWindow(size)],
    ],
    ["p", { class: "muted" }, SHARING.columnLaw(maps, size)],
    maps > shown && ["p", { class: "small muted" }, SHARING.neuronsDrawn(shown, maps)],
  ];
}

/**
 * Maps stretched to one column: the column at its height beside the slices, the neighbors of one pixel in the slices, and
 * where each of them went.
 */

import { placeInMaps } from "convoscope/pure/frame/frame.js";
import { inputStageOf } from "convoscope/pure/frame/view-model.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { VOLUME } from "convoscope/pure/strings/tab-strings.js";
import { around } from "convoscope/pure/tabs/sharing/wires.js";
import { drawEdge, drawPicture } from "convoscope/pure/tabs/volume/volume-slices.js";
import { shownValue } from "convoscope/pure/text/amounts.js";
import { numberText } from "convoscope/pure/text/number-text.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The most slices that are drawn, and the height of the drawing where any is right, in fonts. */
const [MOST_SLICES, HIGH] = [9, 34];
/** Of the drawing: the width of the column, in fonts. */
const COLUMN = 3;

/** @typedef {{name: string, index: number, place: [channel: number, row: number, column: number]}} Neighbor */

/**
 * The pixel of a step and its neighbors: to the right, below, and the same place in the next channel.
 * @param {Stage} before @param {number} index in the column @returns {Neighbor[]}
 */
export function neighborsOf({ shape: [channels, rows, columns] }, index) {
  const [channel, row, col] = placeInMaps(index, rows, columns);
  /** @type {Neighbor[]} */
  const found = [{ name: VOLUME.pixel, index, place: [channel, row, col] }];
  if (col + 1 < columns) found.push({ name: VOLUME.toTheRight, index: index + 1, place: [channel, row, col + 1] });
  if (row + 1 < rows) found.push({ name: VOLUME.below, index: index + columns, place: [channel, row + 1, col] });
  if (channel + 1 < channels)
    found.push({ name: VOLUME.nextChannel, index: index + rows * columns, place: [channel + 1, row, col] });
  return found;
}

/**
 * @param {Trace} trace @param {Frame} frame @param {{width: number, height: number, text: number}} size
 * @returns {Description}
 */
export function flattenColumn(trace, frame, { width, height, text }) {
  const stage = trace.stages[frame.stage];
  const before = /** @type {Stage} */ (inputStageOf(trace, stage));
  const [channels, rows, columns] = before.shape;
  const [count] = stage.shape;
  const high = Math.max(text * 14, (height || text * HIGH) - text * 8.5);
  const [here] = placeInMaps(frame.map, rows, columns);
  const shown = around(here, channels, Math.min(MOST_SLICES, Math.max(1, Math.floor(high / (text * 4)))));
  const gap = text * 1.4;
  const side = Math.min((high - gap * shown.length) / shown.length / rows, (width * 0.4) / columns);
  const slices = shown.map((channel, n) => ({
    channel,
    slice: { x: text, y: gap + n * (rows * side + gap), cell: side, rows, columns },
  }));
  const [left, top, wide] = [text * 3 + columns * side + Math.min(width * 0.22, text * 14), gap, text * COLUMN];
  const length = high - gap;
  const neighbors = neighborsOf(before, frame.map);
  const marks = spread(
    neighbors.map(({ index }) => top + ((index + 0.5) / count) * length),
    text * 1.35,
    high,
  );
  const across = left + wide + text * 17;
  const bands = shown.flatMap((channel) => {
    const [from, to] = [channel, channel + 1].map((one) => top + ((one * rows * columns) / count) * length);
    return /** @type {Description[]} */ ([
      ["line", { x1: left - 5, y1: from, x2: left + wide + 5, y2: from, class: "band" }],
      to - from > text * 1.2 && [
        "text",
        { x: left - text * 1.6, y: (from + to) / 2 + text * 0.35, class: "name is-input" },
        PAGE.plane(before, channel),
      ],
    ]).filter(Boolean);
  });
  return [
    "div",
    { class: "volume-view", style: { "font-size": `${text}px` } },
    [
      "div",
      { class: "volume-slices", style: { width: `${across}px`, height: `${high + text}px` } },
      ...slices.map(({ channel, slice }) =>
        drawPicture(slice, { stage: before.index, map: channel, written: rows * columns }),
      ),
      [
        "canvas",
        {
          "data-column": stage.index,
          "aria-hidden": true,
          style: { left: `${left}px`, top: `${top}px`, width: `${wide}px`, height: `${length}px` },
        },
      ],
      [
        "svg",
        {
          width: across,
          height: high + text,
          viewBox: `0 0 ${across} ${high + text}`,
          "font-size": text,
          role: "img",
          "aria-label": VOLUME.flattenAlt(VOLUME.shape(channels, rows, columns), count, writeNeighbors(neighbors)),
        },
        ...slices.flatMap(({ channel, slice }) => [
          /** @type {Description} */ ([
            "text",
            { x: slice.x, y: slice.y - text * 0.3, class: "name is-input" },
            VOLUME.slice(PAGE.plane(before, channel)),
          ]),
          drawEdge(slice, "input", [stage.index, channel, rows, columns]),
        ]),
        ["g", { class: "slice of-output" }, ["rect", { x: left, y: top, width: wide, height: length, class: "edge" }]],
        ...bands,
        ["text", { x: left, y: top - text * 0.3, class: "name is-output" }, VOLUME.columnOf(count)],
        ...neighbors.flatMap(({ index, place: [channel, row, col], name }, n) => {
          const at = slices.find((one) => one.channel === channel)?.slice;
          const y = top + ((index + 0.5) / count) * length;
          const value = numberText(shownValue(stage, stage.output?.[index] ?? NaN));
          const key = n ? "neighbor" : "neighbor is-here";
          return /** @type {Description[]} */ ([
            ...(at
              ? [
                  [
                    "line",
                    { x1: at.x + (col + 0.5) * side, y1: at.y + (row + 0.5) * side, x2: left, y2: y, class: key },
                  ],
                  [
                    "circle",
                    {
                      cx: at.x + (col + 0.5) * side,
                      cy: at.y + (row + 0.5) * side,
                      r: Math.max(3, side * 0.6),
                      class: key,
                    },
                  ],
                ]
              : []),
            ["line", { x1: left, y1: y, x2: left + wide, y2: y, class: key }],
            ["line", { x1: left + wide, y1: y, x2: left + wide + text, y2: marks[n], class: key }],
            [
              "text",
              {
                x: left + wide + text * 1.3,
                y: marks[n] + text * 0.35,
                class: "digit-left",
                "data-go": [stage.index, index, 0, 0].join(),
              },
              VOLUME.neighbor(name, index, value),
            ],
          ]);
        }),
      ],
    ],
    [
      "div",
      { class: "volume-says" },
      ["p", VOLUME.stretched(VOLUME.shape(channels, rows, columns), count)],
      ["p", writeNeighbors(neighbors)],
      [
        "p",
        { class: "muted", "data-part": "volume-notes" },
        shown.length < channels ? VOLUME.slicesDrawn(shown.length, channels) : "",
      ],
    ],
  ];
}

/** How far the neighbors of the first pixel went. @param {Neighbor[]} neighbors */
function writeNeighbors([pixel, ...others]) {
  return others.length ? VOLUME.went(others.map(({ name, index }) => VOLUME.by(name, index - pixel.index))) : "";
}

/**
 * Heights at least so far apart, moved as little as that needs, in their order.
 * @param {number[]} wanted rising @param {number} apart @param {number} last the largest allowed
 */
function spread(wanted, apart, last) {
  const places = [...wanted];
  for (let n = 1; n < places.length; n++) places[n] = Math.max(places[n], places[n - 1] + apart);
  const over = Math.max(0, places[places.length - 1] - last);
  if (over)
    for (let n = places.length - 1; n >= 0; n--)
      places[n] = Math.min(places[n], last - (places.length - 1 - n) * apart);
  return places;
}

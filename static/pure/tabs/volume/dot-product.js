/** The dot product of a 1 × 1 filter with the column of numbers at one place: what is multiplied, channel by channel. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { VOLUME } from "convoscope/pure/strings/tab-strings.js";
import { plain } from "convoscope/pure/tabs/volume/volume-sums.js";
import { readFilter } from "convoscope/pure/text/amounts.js";
import { numberText } from "convoscope/pure/text/number-text.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

/** @import {Drawn} from "convoscope/pure/tabs/volume/volume-view.js" */
/** @import {Stage} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * The channels that are drawn, each with its number, its weight and their product; the others together.
 * @param {Drawn} drawn @returns {Description}
 */
export function dotTable({ trace, frame, parts: { stage, before, channels }, sums }) {
  const input = /** @type {Stage} */ (before);
  const texts = writeStep(trace, frame);
  const own = sums.find(({ map }) => map === frame.map);
  const shown = channels.flatMap((channel) => {
    const index = frame.channels.findIndex((one) => one.channel === channel);
    return index < 0 ? [] : [{ channel, index, ...texts.channels[index] }];
  });
  const rest = frame.channels.length - shown.length;
  const isKnown = frame.beats.indexOf(frame.beat) >= frame.beats.indexOf("sum");
  const { cellDivisor } = readFilter(stage, input, frame);
  const others = shown.reduce((left, { index }) => left - frame.channels[index].sum, frame.sum) / cellDivisor;
  const row = (
    /** @type {string} */ name,
    /** @type {string} */ role,
    /** @type {string[]} */ cells,
    /** @type {string} */ end,
  ) =>
    /** @type {Description} */ ([
      "tr",
      ["th", { scope: "row", class: role }, name],
      ...cells.map((text) => /** @type {Description} */ (["td", text])),
      rest > 0 && ["td", end],
    ]);
  const head = /** @type {Description} */ ([
    "tr",
    ["td"],
    ...shown.map(
      ({ channel }) =>
        /** @type {Description} */ (["th", { scope: "col", class: "is-input" }, PAGE.plane(input, channel)]),
    ),
    rest > 0 && ["th", { scope: "col" }, VOLUME.others(rest)],
  ]);
  const products = shown.map(({ channel, sum }) => (own?.channels.has(channel) ? plain(sum) : ""));
  return [
    "div",
    { class: "volume-dot" },
    [
      "table",
      { "aria-label": VOLUME.dotProduct },
      ["thead", head],
      [
        "tbody",
        row(
          "x",
          "is-input",
          shown.map(({ values }) => values[0][0]),
          "",
        ),
        row(
          "w",
          "is-filter",
          shown.map(({ weights }) => weights[0][0]),
          "",
        ),
        row("x·w", "", products, isKnown ? `${texts.isSumExact ? "" : "≈ "}${numberText(others)}` : ""),
      ],
    ],
  ];
}

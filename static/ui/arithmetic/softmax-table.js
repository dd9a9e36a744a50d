/** Softmax as a table: every class with its score s, exp(s), and its share of the sum. */

import { ARITHMETIC } from "convoscope/pure/strings/arithmetic-strings.js";
import { numberText, shortNumber, useMinusSign } from "convoscope/pure/text/caption.js";
import { percentText } from "convoscope/pure/text/percent.js";
import { fill } from "convoscope/ui/dom.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {{map: number, name: string, score: number, power: number}} ClassScore */

/** Up to this many classes each has a row; of more, the highest scores and the class in focus. */
const MOST_ROWS = 12;
const HIGHEST_SCORES = 8;

/** @param {HTMLElement} host @param {Trace} trace @param {View} _view @param {Frame} frame */
export function showTable(host, trace, _view, frame) {
  const largest = useMinusSign(numberText(frame.largest ?? 0));
  const known = { powers: frame.beat !== "window", shares: ["sum", "write"].includes(frame.beat) };
  const lines = classScores(trace, frame);
  const shown = lines.length <= MOST_ROWS ? lines : selectHighest(lines, frame.map);
  const others = lines.filter((line) => !shown.includes(line));
  const power = others.reduce((sum, line) => sum + line.power, 0);
  const textIfKnown = (/** @type {boolean} */ known, /** @type {string} */ text) => (known ? text : "?");
  const rows = shown.map((line) =>
    describeRow(
      line.name,
      numberText(line.score),
      textIfKnown(known.powers, shortNumber(line.power)),
      textIfKnown(known.shares, percentText(line.power / frame.sum)),
      known.shares ? line.power / frame.sum : 0,
      line.map === frame.map,
    ),
  );
  const rest = others.length
    ? [
        describeRow(
          ARITHMETIC.others(others.length),
          "",
          textIfKnown(known.powers, shortNumber(power)),
          textIfKnown(known.shares, percentText(power / frame.sum)),
          known.shares ? power / frame.sum : 0,
          false,
        ),
      ]
    : [];
  const end = describeRow(
    ARITHMETIC.sum,
    "",
    textIfKnown(known.shares, numberText(frame.sum)),
    textIfKnown(known.shares, percentText(1)),
    0,
    false,
  );
  fill(
    host,
    [
      "table",
      { class: "written shares", "aria-label": ARITHMETIC.shares },
      [
        "thead",
        [
          "tr",
          ...[ARITHMETIC.name, ARITHMETIC.score, ARITHMETIC.power(largest), ARITHMETIC.share].map(
            (text) => /** @type {Description} */ (["th", { scope: "col" }, text]),
          ),
        ],
      ],
      ["tbody", ...rows, ...rest],
      ["tfoot", end],
    ],
    ["p", { class: "small muted roomy" }, ARITHMETIC.largest(largest)],
  );
}

/** @param {Trace} trace @param {Frame} frame @returns {ClassScore[]} */
function classScores(trace, frame) {
  const names = trace.stages[frame.stage].classes;
  return frame.channels.map(({ channel, values, products }) => ({
    map: channel,
    name: names?.[channel] ?? String(channel),
    score: values[0][0] ?? 0,
    power: products?.[0][0] ?? 0,
  }));
}

/**
 * The highest scores and the class in focus, in the order of the classes.
 * @param {ClassScore[]} lines @param {number} focus
 */
function selectHighest(lines, focus) {
  const first = [...lines].sort((a, b) => b.score - a.score).slice(0, HIGHEST_SCORES);
  return lines.filter((line) => first.includes(line) || line.map === focus);
}

/**
 * @param {string} name @param {string} score @param {string} power @param {string} share @param {number} part
 * @param {boolean} isFocused
 * @returns {Description}
 */
function describeRow(name, score, power, share, part, isFocused) {
  return [
    "tr",
    { class: isFocused ? "here" : null },
    ["th", { scope: "row" }, name],
    ["td", score],
    ["td", power],
    ["td", { class: "of-share", style: { "--share": `${(100 * part).toFixed(1)}%` } }, share],
  ];
}

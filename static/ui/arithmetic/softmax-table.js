/** Softmax written out beside the scores: every class with its score, e to it, and its share of the sum of all. */

import { ARITHMETIC } from "convoscope/pure/strings/arithmetic-strings.js";
import { numberText, shortNumber, useMinusSign } from "convoscope/pure/text/caption.js";
import { fill } from "convoscope/ui/dom.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {{map: number, name: string, score: number, power: number}} Line */

/** So many classes all have a line; of more the highest scores do, and the one in focus. */
const ALL = 12;
const HIGHEST = 8;

/** @param {HTMLElement} host @param {Trace} trace @param {View} _view @param {Frame} frame */
export function showWritten(host, trace, _view, frame) {
  const largest = useMinusSign(numberText(frame.largest ?? 0));
  const known = { powers: frame.beat !== "window", shares: ["sum", "write"].includes(frame.beat) };
  const lines = linesOf(trace, frame);
  const shown = lines.length <= ALL ? lines : highest(lines, frame.map);
  const others = lines.filter((line) => !shown.includes(line));
  const power = others.reduce((sum, line) => sum + line.power, 0);
  const after = (/** @type {boolean} */ open, /** @type {string} */ text) => (open ? text : "?");
  const rows = shown.map((line) =>
    row(
      line.name,
      numberText(line.score),
      after(known.powers, shortNumber(line.power)),
      after(known.shares, shortNumber(line.power / frame.sum)),
      known.shares ? line.power / frame.sum : 0,
      line.map === frame.map,
    ),
  );
  const rest = others.length
    ? [
        row(
          ARITHMETIC.others(others.length),
          "",
          after(known.powers, shortNumber(power)),
          after(known.shares, shortNumber(power / frame.sum)),
          known.shares ? power / frame.sum : 0,
          false,
        ),
      ]
    : [];
  const end = row(
    ARITHMETIC.sum,
    "",
    after(known.shares, numberText(frame.sum)),
    after(known.shares, ARITHMETIC.one),
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

/** @param {Trace} trace @param {Frame} frame @returns {Line[]} */
function linesOf(trace, frame) {
  const names = trace.stages[frame.stage].classes;
  return frame.channels.map(({ channel, values, products }) => ({
    map: channel,
    name: names?.[channel] ?? String(channel),
    score: values[0][0] ?? 0,
    power: products?.[0][0] ?? 0,
  }));
}

/** In their own order. @param {Line[]} lines @param {number} focus */
function highest(lines, focus) {
  const first = [...lines].sort((a, b) => b.score - a.score).slice(0, HIGHEST);
  return lines.filter((line) => first.includes(line) || line.map === focus);
}

/**
 * @param {string} name @param {string} score @param {string} power @param {string} share @param {number} part
 * @param {boolean} here
 * @returns {Description}
 */
function row(name, score, power, share, part, here) {
  return [
    "tr",
    { class: here ? "here" : null },
    ["th", { scope: "row" }, name],
    ["td", score],
    ["td", power],
    ["td", { class: "of-share", style: { "--share": `${(100 * part).toFixed(1)}%` } }, share],
  ];
}

/** Softmax as a table: every class with its score s, exp(s), and its share of the sum. */

import { ARITHMETIC } from "convoscope/pure/strings/arithmetic-strings.js";
import { percentText } from "convoscope/pure/text/number-text.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";
import { writePowers, writeShareRounding } from "convoscope/pure/text/window-texts.js";
import { fill } from "convoscope/ui/dom.js";

/** @import {Frame, StepTexts, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/**
 * @typedef {{map: number, name: string, score: number, power: number, scoreText: string, powerText: string, shareText:
 * string}} ClassScore
 */

/** Up to this many classes each has a row; of more, the highest scores and the class in focus. */
const MOST_ROWS = 12;
const HIGHEST_SCORES = 8;

/** @param {HTMLElement} host @param {Trace} trace @param {View} _view @param {Frame} frame */
export function showTable(host, trace, _view, frame) {
  const texts = writeStep(trace, frame);
  const known = { powers: frame.beat !== "window", shares: ["sum", "write"].includes(frame.beat) };
  const lines = classScores(trace, frame, texts);
  const shown = lines.length <= MOST_ROWS ? lines : selectHighest(lines, frame.map);
  const others = lines.filter((line) => !shown.includes(line));
  const textIfKnown = (/** @type {boolean} */ known, /** @type {string} */ text) => (known ? text : "?");
  const row = (/** @type {ClassScore} */ line) =>
    describeRow(
      line.name,
      line.scoreText,
      textIfKnown(known.powers, line.powerText),
      textIfKnown(known.shares, line.shareText),
      known.shares ? line.power / frame.sum : 0,
      line.map === frame.map,
    );
  const listed = others.length ? [...shown, addUpOthers(others, frame.sum)] : shown;
  const rounding = writeShareRounding(listed.map(({ shareText }) => shareText));
  const missing = describeRow(ARITHMETIC.rounded, "", "", textIfKnown(known.shares, rounding), 0, false);
  const end = describeRow(
    ARITHMETIC.sum,
    "",
    textIfKnown(known.shares, texts.sum),
    textIfKnown(known.shares, percentText(1)),
    0,
    false,
  );
  const largest = texts.largest;
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
      ["tbody", ...listed.map(row), ...(rounding ? [missing] : [])],
      ["tfoot", end],
    ],
    ["p", { class: "small muted roomy" }, ARITHMETIC.largest(largest)],
  );
}

/** @param {Trace} trace @param {Frame} frame @param {StepTexts} texts @returns {ClassScore[]} */
function classScores(trace, frame, texts) {
  const names = trace.stages[frame.stage].classes;
  return frame.channels.map(({ channel, values, products }, i) => ({
    map: channel,
    name: names?.[channel] ?? String(channel),
    score: values[0][0] ?? 0,
    power: products?.[0][0] ?? 0,
    scoreText: texts.channels[i].values[0][0],
    powerText: texts.powers[i],
    shareText: texts.shares[i],
  }));
}

/**
 * The classes without a row, as one: their e^x as written add up with those of the rows.
 * @param {ClassScore[]} others @param {number} sum @returns {ClassScore}
 */
function addUpOthers(others, sum) {
  const powers = others.map((line) => line.power);
  const power = powers.reduce((all, one) => all + one, 0);
  const texts = { scoreText: "", powerText: writePowers(powers), shareText: percentText(power / sum) };
  return { map: -1, name: ARITHMETIC.others(others.length), score: -Infinity, power, ...texts };
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

/** How many weights a layer has if its neurons share them, if each has its own, and if each reads the whole input. */

import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { identityLine, inBothThemes } from "convoscope/pure/tabs/sharing/identity-colors.js";
import { countInputs, countNeurons, countWeights } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @typedef {"shared" | "own" | "full"} Sharing */
/** @typedef {{sharing: Sharing, count: number, product: string}} Count a number of weights, and how it is counted */

/** Pixels of the widest bar, as the note on thin bars counts them. */
const WIDEST = 800;
/** The small drawings: inputs, neurons, weights of each, pixels between them and in height. */
const [INPUTS, NEURONS, TAPS, PITCH, HEIGHT] = [6, 4, 3, 26, 64];

/**
 * The three counts with their products; biases are counted.
 * @param {Stage} stage @returns {Count[]}
 */
export function countSharing(stage) {
  const [weights, inputs, neurons, maps] = [
    countWeights(stage),
    countInputs(stage),
    countNeurons(stage),
    stage.shape[0],
  ];
  const cells = maps * neurons;
  const ofMaps = (/** @type {string} */ text) => (maps > 1 ? `${maps} · (${text})` : text);
  return [
    { sharing: "shared", count: maps * (weights + 1), product: ofMaps(`${grouped(weights)} + 1`) },
    { sharing: "own", count: cells * (weights + 1), product: `${grouped(cells)} · (${grouped(weights)} + 1)` },
    { sharing: "full", count: cells * (inputs + 1), product: `${grouped(cells)} · (${grouped(inputs)} + 1)` },
  ];
}

/** A whole number with a comma after each three digits: 922,500. @param {number} number */
export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** @param {Trace} trace @param {Frame} frame @returns {Description} */
export function weightCounts(trace, frame) {
  const stage = trace.stages[frame.stage];
  const isFull = stage.kind === "linear"; // nothing to compare it with
  const counts = countSharing(stage).filter(({ sharing }) => !isFull || sharing === "full");
  const most = Math.max(...counts.map(({ count }) => count));
  const thin = counts.filter(({ count }) => (count / most) * WIDEST < 1);
  return [
    "div",
    { class: "weight-counts" },
    ["p", { class: "muted" }, isFull ? SHARING.countOf(stage) : SHARING.countsOf(stage)],
    ...counts.map(
      ({ sharing, count, product }) =>
        /** @type {Description} */ ([
          "div",
          { class: `count is-${sharing}` },
          ["b", SHARING.sharing[sharing]],
          miniature(sharing),
          [
            "div",
            { class: "bar-of-count" },
            ["span", { class: "mono" }, `${product} = `, ["strong", grouped(count)]],
            ["div", { class: "bar", style: { width: `${(100 * count) / most}%` } }],
          ],
        ]),
    ),
    thin.length > 0 && ["p", { class: "small muted" }, SHARING.thinBars],
  ];
}

/** A small drawing of the wires: of six inputs to four neurons. @param {Sharing} sharing @returns {Description} */
function miniature(sharing) {
  const x = (/** @type {number} */ n, /** @type {number} */ count) => ((n + 0.5) * INPUTS * PITCH) / count;
  const taps = sharing === "full" ? INPUTS : TAPS;
  const wires = Array.from({ length: NEURONS * taps }, (_, i) => {
    const [neuron, tap] = [Math.floor(i / taps), i % taps];
    const color =
      sharing === "full"
        ? "var(--edge)"
        : inBothThemes(identityLine, sharing === "shared" ? tap : i, sharing === "shared" ? TAPS : NEURONS * TAPS);
    const from = sharing === "full" ? tap : neuron + tap;
    return /** @type {Description} */ ([
      "line",
      { x1: x(neuron, NEURONS), y1: 12, x2: x(from, INPUTS), y2: HEIGHT - 10, class: "wire", style: { stroke: color } },
    ]);
  });
  const dots = (/** @type {number} */ count, /** @type {number} */ y, /** @type {string} */ kind) =>
    Array.from(
      { length: count },
      (_, n) => /** @type {Description} */ (["circle", { cx: x(n, count), cy: y, r: 6, class: `cell ${kind}` }]),
    );
  return [
    "svg",
    { viewBox: `0 0 ${INPUTS * PITCH} ${HEIGHT}`, class: "miniature", "aria-hidden": "true" },
    ...wires,
    ...dots(NEURONS, 9, "output"),
    ...dots(INPUTS, HEIGHT - 9, "input"),
  ];
}

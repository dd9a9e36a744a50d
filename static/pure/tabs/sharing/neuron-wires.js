/**
 * This neuron: every wire up to 75 with its number at its source, the sum, the bias, and the activation that follows, in
 * one body.
 */

import { frameAt } from "convoscope/pure/frame/frame.js";
import { readerOf } from "convoscope/pure/frame/stage.js";
import { signedScale, weightColors } from "convoscope/pure/maps/palette.js";
import { SHARING, TABS } from "convoscope/pure/strings/tab-strings.js";
import { layOutNeuron } from "convoscope/pure/tabs/sharing/neuron-layout.js";
import { roomOf, svgSize, valuesOf } from "convoscope/pure/tabs/sharing/values.js";
import { countWeights, NO_CELL, NO_WIRE, sourcesOf, weightKey } from "convoscope/pure/tabs/sharing/wires.js";
import { readFilter } from "convoscope/pure/text/amounts.js";
import { channelTags } from "convoscope/pure/text/channel-names.js";
import { numberText } from "convoscope/pure/text/number-text.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @import {NeuronLayout} from "convoscope/pure/tabs/sharing/neuron-layout.js" */
/** @import {SharingOptions, Values} from "convoscope/pure/tabs/sharing/values.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Up to this many wires all are drawn; of more, the strongest. */
const [MOST_WIRES, STRONGEST] = [75, 27];
/** Wires of a filter of one column in each row, and of those that are chosen for their size. */
const [PER_ROW, CHOSEN_PER_ROW] = [5, 3];
/** Pixels: the radius of the body, a character of its numbers, and of the result. */
const [RADIUS, CHARACTER, LARGE_CHARACTER] = [25, 7.3, 11.6];

/**
 * @typedef {object} Wire
 * @property {string | null} key the weight, as the figure names it
 * @property {number} value of the weight
 * @property {number} product
 * @property {Record<NeuronLayout["labels"], string>} labels its numbers, as there is room at its source
 */

/** @param {Trace} trace @param {Frame} frame @param {SharingOptions} options @returns {Description} */
export function neuronWires(trace, frame, options) {
  const values = valuesOf(trace, frame, options);
  const { stage } = values;
  const { drawn, rest } = drawnWires(values);
  const isWhole = rest === null;
  const count = drawn.length + (rest?.count ?? 0);
  const next = activationAfter(trace, frame);
  const known = values.outputNumber(values.here);
  const biasText = `${values.divisor ? `÷ ${values.divisor} + ` : "+ "}b, b = ${values.biasNumber}`;
  const outText = next ? next.text : outOf(known);
  const layout = layOutNeuron(
    longestOf(drawn),
    {
      count: drawn.length,
      columns: isWhole ? columnsOf(stage) : CHOSEN_PER_ROW,
      hasRest: !isWhole,
      inBody: next ? CHARACTER * (outOf(known).length + next.title.length / 2) + 20 : 0,
      half: halfOf(next),
      left: hasTags(stage) ? 26 : 4,
      under: Math.max(CHARACTER * biasText.length, LARGE_CHARACTER * outText.length) + 8,
    },
    roomOf(options, isWhole ? 0 : 1) ?? acrossOf(options),
  );
  const { width, height } = layout.size;
  const colors = stage.weight ? weightColors(stage, frame.map) : signedScale(1);
  return [
    "div",
    { class: "neuron" },
    [
      "svg",
      {
        viewBox: `0 0 ${width} ${height}`,
        style: svgSize(layout.size, options, isWhole && layout.labels !== "weights" ? 0 : 1),
        role: "img",
        "aria-label": TABS.neuronAlt(count, outOf(known)),
      },
      ...(hasTags(stage) && drawn.length === countWeights(stage) ? tagsOf(trace, frame, values, layout) : []),
      ...drawn.flatMap((wire, i) => wireOf(wire, i, layout, colors)),
      ...(rest ? wireOfOthers(rest, layout) : []),
      ...bodyOf(values, layout, next, { known, biasText, outText }),
    ],
    !isWhole && ["p", { class: "small muted" }, SHARING.wiresDrawn(drawn.length, count)],
    layout.labels === "weights" && ["p", { class: "small muted" }, SHARING.weightsAlone],
  ];
}

/** Outside of a large view the panel scrolls down. @param {SharingOptions} options */
function acrossOf({ width, scale = 1 }) {
  return width === undefined ? undefined : { width: width / scale, height: Infinity };
}

/** From the middle of the last part of the body to its end. @param {{title: string} | null} next */
function halfOf(next) {
  return next ? Math.max(RADIUS, (CHARACTER * next.title.length) / 2 + 8) : RADIUS;
}

/** A result, or that it is not known yet. @param {string} known */
function outOf(known) {
  return known || "?";
}

/** The characters of the longest label of each kind. @param {Wire[]} wires */
function longestOf(wires) {
  const longest = (/** @type {NeuronLayout["labels"]} */ kind) =>
    Math.max(1, ...wires.map(({ labels }) => labels[kind].length));
  return { both: longest("both"), close: longest("close"), weights: longest("weights") };
}

/**
 * The wires that are drawn: all, or the strongest in the order of the filter; then the sum of the others, in the units of
 * the products.
 * @param {Values} values @returns {{drawn: Wire[], rest: {count: number, sum: number} | null}}
 */
function drawnWires(values) {
  const { stage, before, frame } = values;
  const sources = sourcesOf(stage, frame.map, frame.row, frame.col);
  const count = sources.length;
  const all = Array.from(sources, (source, n) => {
    const value = stage.weight?.[frame.map * count + n] ?? 0;
    const input = source === NO_CELL ? 0 : (before.output?.[source] ?? 0);
    return { weight: n, source, value, product: value * input };
  }).filter(({ source }) => source !== NO_WIRE);
  const isLong = all.length > MOST_WIRES;
  const strongest = isLong ? [...all].sort((a, b) => Math.abs(b.product) - Math.abs(a.product)) : all;
  const kept = isLong ? new Set(strongest.slice(0, STRONGEST)) : new Set(all);
  const others = all.filter((wire) => !kept.has(wire));
  const units = readFilter(stage, before, frame).cellDivisor;
  const sum = others.reduce((total, { product }) => total + product, 0) / units;
  const drawn = all
    .filter((wire) => kept.has(wire))
    .map(({ weight, source, value, product }) => ({
      key: weightKey(stage, weight),
      value,
      product,
      labels: labelsOf(values.input(source), values.weight(weight)),
    }));
  return { drawn, rest: others.length ? { count: others.length, sum } : null };
}

/** @param {string} input @param {string} weight @returns {Wire["labels"]} */
function labelsOf(input, weight) {
  return { both: `${input} × ${weight}`, close: `${input}×${weight}`, weights: weight };
}

/** How many wires stand in a row: as many as a row of the filter. @param {Stage} stage */
function columnsOf(stage) {
  const columns = stage.kind === "linear" ? (stage.input_shape?.[2] ?? 1) : (stage.columns?.kernel ?? 1);
  return columns > 1 && columns <= 11 ? columns : PER_ROW;
}

/** Whether the rows of several channels are told apart. @param {Stage} stage */
function hasTags(stage) {
  return (
    stage.kind === "conv" && (stage.columns?.kernel ?? 1) > 1 && (stage.input_shape?.[0] ?? 1) > (stage.groups ?? 1)
  );
}

/**
 * The name of each channel at its first row.
 * @param {Trace} trace @param {Frame} frame @param {Values} values @param {NeuronLayout} layout @returns {Description[]}
 */
function tagsOf(trace, frame, { stage }, { perRow, pitch, distances }) {
  const cells = (stage.rows?.kernel ?? 1) * (stage.columns?.kernel ?? 1);
  if (perRow === 1 || cells % perRow) return [];
  const names = channelTags(trace, frame);
  return Array.from(
    { length: countWeights(stage) / cells },
    (_, c) =>
      /** @type {Description} */ ([
        "text",
        { x: 2, y: ((c * cells) / perRow) * pitch + distances.line, class: "tag" },
        names[c] ?? String(c),
      ]),
  );
}

/**
 * A wire with its numbers at its source.
 * @param {Wire} wire @param {number} i @param {NeuronLayout} layout @param {import("convoscope/pure/maps/palette.js").Scale} colors
 * @returns {Description[]}
 */
function wireOf({ key, value, labels }, i, layout, colors) {
  const { perRow, wide, pitch, start, body, distances } = layout;
  const [row, column] = [Math.floor(i / perRow), i % perRow];
  const top = row * pitch;
  const right = start - (perRow - column - 1) * wide - (distances.dot - 6);
  const y = top + distances.line - 4;
  const track = top + distances.line + distances.track * (perRow - column);
  const points =
    perRow === 1
      ? [
          [right, y],
          [body.x - RADIUS, body.y],
        ]
      : [
          [right, y],
          [right, track],
          [start, track],
          [body.x - RADIUS, body.y],
        ];
  const share = Math.min(1, Math.abs(value) / (colors.hi || 1));
  const strength = 0.6 + (perRow === 1 ? 3.2 : 0.47 * distances.track) * share;
  const stroke =
    value === 0 ? "var(--hairline)" : colors.fill(Math.sign(value) * Math.max(Math.abs(value), colors.hi * 0.45));
  return [
    [
      "polyline",
      {
        points: points.map((point) => point.map((one) => one.toFixed(1)).join()).join(" "),
        class: "wire",
        "stroke-width": strength.toFixed(1),
        style: { stroke },
        "data-weight": key,
      },
    ],
    ["circle", { cx: right, cy: y, r: 3.5, class: "dot" }],
    [
      "text",
      { x: right - Math.min(8, distances.dot - 4), y: y + 4, class: "value", "data-weight": key },
      labels[layout.labels],
    ],
  ];
}

/**
 * The wire of all inputs that have none of their own, with the sum of their products.
 * @param {{count: number, sum: number}} rest @param {NeuronLayout} layout @returns {Description[]}
 */
function wireOfOthers({ count, sum }, { start, body, rows, pitch, distances }) {
  const y = (rows - 1) * pitch + distances.line - 4;
  const points = `${start - 10},${y} ${start},${y} ${body.x - RADIUS},${body.y}`;
  return [
    ["polyline", { points, class: "wire", "stroke-dasharray": "3 4" }],
    ["text", { x: start - 14, y: y + 4, class: "value" }, SHARING.otherInputs(count, numberText(sum))],
  ];
}

/**
 * The body: the sum with the bias, then the activation if one follows.
 * @param {Values} values @param {NeuronLayout} layout @param {{title: string, text: string} | null} next
 * @param {{known: string, biasText: string, outText: string}} texts `known` is the sum, "" before it is known
 * @returns {Description[]}
 */
function bodyOf(values, { body: { x, y, second }, isBelow }, next, { known, biasText, outText }) {
  const text = (
    /** @type {number} */ at,
    /** @type {number} */ down,
    /** @type {string} */ name,
    /** @type {string} */ content,
  ) => /** @type {Description} */ (["text", { x: at, y: y + down, class: name }, content]);
  const shown = outOf(known);
  const cell = SHARING.ofThisCell(values.frame.row, values.frame.col);
  const end = (next ? second : x) + halfOf(next);
  return [
    [
      "rect",
      {
        x: x - RADIUS,
        y: y - RADIUS,
        width: (next ? second - x : 0) + RADIUS + halfOf(next),
        height: 2 * RADIUS,
        rx: RADIUS,
        class: "body",
      },
    ],
    text(x, 7, "sigma", "Σ"),
    text(x - RADIUS + 4, RADIUS + 18, "small at-start", biasText),
    ...(next
      ? [
          text((x + second) / 2, 5, "between", shown),
          text(second, 5, "function", next.title),
          text(second, -RADIUS - 8, "small", SHARING.activation),
        ]
      : []),
    ...(isBelow
      ? [text(x - RADIUS + 4, RADIUS + 42, "out", outText), text(x - RADIUS + 4, RADIUS + 60, "small at-start", cell)]
      : [
          /** @type {Description} */ (["line", { x1: end, y1: y, x2: end + 18, y2: y, class: "wire" }]),
          text(end + 24, 7, "out", outText),
          text(end + 24, -18, "small at-start", cell),
        ]),
  ];
}

/**
 * The activation that the first stage to read it applies to this cell, with its result where it is known.
 * @param {Trace} trace @param {Frame} frame
 */
function activationAfter(trace, frame) {
  const next = readerOf(trace, frame.stage);
  if (next?.family !== "activation" || next.kind !== "pointwise") return null;
  const isKnown = ["sum", "bias", "write"].includes(frame.beat);
  const step = frameAt(trace, { stage: next.index, map: frame.map, at: [frame.row, frame.col], beat: "write" });
  return { title: next.title.split(" · ").at(-1) ?? "", text: isKnown ? writeStep(trace, step).result || "?" : "?" };
}

/** The line in view, wired three ways: fully connected, local, shared; each with its count of numbers. */

import { range } from "convoscope/pure/frame/window.js";
import { SIGNAL } from "convoscope/pure/strings/tab-strings.js";
import { identityLine, inBothThemes } from "convoscope/pure/tabs/sharing/identity-colors.js";
import { countSharing, grouped } from "convoscope/pure/tabs/sharing/weight-counts.js";

/** @import {SignalNames} from "convoscope/pure/tabs/signal/signal-names.js" */
/** @import {SignalParts} from "convoscope/pure/tabs/signal/signal-parts.js" */
/** @import {Sharing} from "convoscope/pure/tabs/sharing/weight-counts.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** In the order in which weights become fewer. @type {Sharing[]} */
const KINDS = ["full", "own", "shared"];
/** The most inputs of a drawing; parts of the font: the least distance of circles, the width of three side by side. */
const [MOST_INPUTS, LEAST_PITCH, SIDE_BY_SIDE] = [12, 2.3, 50];
/** Parts of the font: heights of a drawing, and of the texts around it; and the largest distance of circles. */
const [LEAST_HIGH, MOST_HIGH, TEXTS, LARGEST_PITCH] = [7, 17, 8, 5];

/**
 * @param {SignalParts} parts @param {SignalNames} names @param {{width: number, height: number, text: number}} room
 * `height` 0 for any
 * @returns {Description}
 */
export function sharingOf(parts, names, room) {
  const { width, height, text } = room;
  const isWide = width >= SIDE_BY_SIDE * text;
  const each = isWide ? (width - 4 * text) / 3 : width;
  const free = height ? (isWide ? height : height / 3) - TEXTS * text : 10 * text;
  const high = Math.min(MOST_HIGH * text, Math.max(LEAST_HIGH * text, free));
  const shown = shownPart(parts, Math.floor(each / (LEAST_PITCH * text)));
  const counts = countSharing(parts.stage);
  const all = parts.size + parts.lines[0].count;
  const isPart = shown.inputs.length + shown.outputs.length < all - 0.5;
  return [
    "div",
    { class: "signal-sharing" },
    [
      "div",
      { class: `three${isWide ? "" : " is-stacked"}` },
      ...KINDS.map((kind) => {
        const count = counts.find(({ sharing }) => sharing === kind);
        return /** @type {Description} */ ([
          "figure",
          { "data-sharing": kind },
          ["figcaption", ["b", SIGNAL.kinds[kind]], " ", ["span", { class: "muted" }, SIGNAL.kindIs[kind]]],
          drawKind(parts, names, shown, kind, { width: each, height: high, text }),
          [
            "p",
            { class: "mono" },
            count && `${count.product} = `,
            ["strong", SIGNAL.numbers(count?.count ?? 0, grouped(count?.count ?? 0))],
          ],
        ]);
      }),
    ],
    isPart &&
      /** @type {Description} */ ([
        "p",
        { class: "muted" },
        SIGNAL.partDrawn(shown.inputs.filter((cell) => cell >= 0 && cell < parts.size).length, parts.size),
      ]),
  ];
}

/**
 * The circles of a drawing: the whole line, or of a longer one its beginning.
 * @param {SignalParts} parts @param {number} room circles that fit
 */
function shownPart(parts, room) {
  const [first, last] = parts.ends;
  const count = Math.min(last - first + 1, Math.max(parts.taps, Math.min(room, MOST_INPUTS + parts.taps)));
  const inputs = range(count).map((n) => first + n);
  const end = inputs[inputs.length - 1];
  const { map, count: neurons } = parts.lines[0];
  const outputs = range(neurons).filter((col) => parts.tapsOf(map, col).every(({ cell }) => cell <= end));
  return { inputs, outputs: outputs.length ? outputs : [0] };
}

/**
 * @param {SignalParts} parts @param {SignalNames} names @param {{inputs: number[], outputs: number[]}} shown
 * @param {Sharing} kind @param {{width: number, height: number, text: number}} size @returns {Description}
 */
function drawKind(parts, names, { inputs, outputs }, kind, { width, height, text }) {
  const { map } = parts.lines[0];
  const pitch = Math.min(width / inputs.length, LARGEST_PITCH * text);
  const dense = Math.min(1, parts.spacing);
  const radius = Math.min(0.44 * pitch * dense, 1.25 * text);
  const left = (width - inputs.length * pitch) / 2;
  const x = (/** @type {number} */ cell) => left + (cell - inputs[0] + 0.5) * pitch;
  const [top, bottom] = [radius + 2, height - radius - 2];
  const spots = outputs.map((col) => ({ col, x: x(parts.centerOf(map, col)) }));
  const real = inputs.filter((cell) => cell >= 0 && cell < parts.size);
  const wires = spots.flatMap((spot, n) => {
    const taps = kind === "full" ? real.map((cell) => ({ cell, tap: -1 })) : parts.tapsOf(map, spot.col);
    return taps.map(({ cell, tap }) => {
      const own = n * parts.taps + tap;
      const color =
        kind === "full"
          ? "var(--edge)"
          : kind === "shared"
            ? inBothThemes(identityLine, tap, parts.taps)
            : inBothThemes(identityLine, own, outputs.length * parts.taps);
      return /** @type {Description} */ ([
        "line",
        {
          x1: x(cell),
          y1: bottom - radius,
          x2: spot.x,
          y2: top + radius,
          class: `wire is-${kind}`,
          style: { stroke: color },
        },
      ]);
    });
  });
  const circle = (
    /** @type {number} */ at,
    /** @type {number} */ y,
    /** @type {string} */ role,
    /** @type {string} */ name,
    /** @type {boolean} */ isPadded,
  ) =>
    /** @type {Description} */ ([
      "g",
      { class: `spot of-${role}${isPadded ? " is-padded" : ""}` },
      ["circle", { cx: at, cy: y, r: radius }],
      (name.length * 0.61 + 0.2) * text <= 2 * radius &&
        /** @type {Description} */ (["text", { x: at, y: y + text * 0.35, class: `digit is-${role}` }, name]),
    ]);
  return [
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "font-size": text,
      role: "img",
      "aria-label": SIGNAL.kindAlt(SIGNAL.kinds[kind], wires.length),
    },
    ...wires,
    ...inputs.map((cell) => {
      const isPadded = cell < 0 || cell >= parts.size;
      return circle(x(cell), bottom, "input", isPadded ? parts.outside(cell) : names.input(cell), isPadded);
    }),
    ...spots.map((spot) => circle(spot.x, top, "output", names.output(map, spot.col), false)),
  ];
}

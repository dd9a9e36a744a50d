/**
 * A layer as volumes: the slices of its input with the window in each, all filters with their slices, biases and sums,
 * and the slices of its output, through which one place is a column of numbers.
 */

import { isColorStage } from "convoscope/pure/frame/stage.js";
import { inputStageOf, MOST_OPEN } from "convoscope/pure/frame/view-model.js";
import { paddingText } from "convoscope/pure/maps/map-cells.js";
import { mapColors, mapValues, photoRange, weightScale } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { VOLUME } from "convoscope/pure/strings/tab-strings.js";
import { writeOutput } from "convoscope/pure/tabs/sharing/values.js";
import { countWeights } from "convoscope/pure/tabs/sharing/wires.js";
import { dotTable } from "convoscope/pure/tabs/volume/dot-product.js";
import { flattenColumn } from "convoscope/pure/tabs/volume/flatten-column.js";
import { hasOtherNumbers } from "convoscope/pure/tabs/volume/other-numbers.js";
import { drawSmall, smallPictures } from "convoscope/pure/tabs/volume/small-filters.js";
import { drawColumn, drawThrough, placeIn } from "convoscope/pure/tabs/volume/volume-column.js";
import { layoutVolume } from "convoscope/pure/tabs/volume/volume-layout.js";
import {
  biasOf,
  hasFilterSlices,
  isAfterKnown,
  looksAtOnePlace,
  partsOf,
  writtenOf,
} from "convoscope/pure/tabs/volume/volume-parts.js";
import {
  cellTexts,
  drawCells,
  drawEdge,
  drawMark,
  drawPicture,
  isPicture,
} from "convoscope/pure/tabs/volume/volume-slices.js";
import { plain, productsOfBeat, sumOfFilter } from "convoscope/pure/tabs/volume/volume-sums.js";
import { readFilter, shownValue } from "convoscope/pure/text/amounts.js";
import { stageTitle } from "convoscope/pure/text/caption.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {FilterSum} from "convoscope/pure/tabs/volume/volume-sums.js" */
/** @import {Parts} from "convoscope/pure/tabs/volume/volume-parts.js" */
/** @import {SliceCell} from "convoscope/pure/tabs/volume/volume-slices.js" */
/** @import {Slice, VolumeLayout} from "convoscope/pure/tabs/volume/volume-layout.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * What a volume needs beside the Trace and the step: the View, and the inside of its host in CSS pixels with the least
 * size of its letters; a height of 0 is as much as it needs. `canEdit` says whether its numbers can be exchanged.
 * @typedef {{view: View, size: {width: number, height: number, text: number}, canEdit?: boolean}} VolumeContext
 */

/** The most slices on a side, and the least that stay while their cells are too small. */
const [MOST_SLICES, LEAST_SLICES] = [9, 3];
/** So many filters are small pictures, as many as have room: the most first. */
const SMALL_FILTERS = [16, 12, 8, 6, 4];
/** How much larger small filters are drawn where nothing else loses by it. */
const SMALL_SCALES = [2.5, 2, 1.6, 1.3];
/**
 * The longest side of a slice that can be seen, in pixels, and of one beside which a window has a picture of its own: with
 * all filters open, and with small filters, which need room, too.
 */
const [SMALL_SLICE, SIDE_WITH_WINDOW, SIDE_WITH_BOTH] = [56, 72, 96];
/** The width of a character of a sentence, in fonts. */
const CHARACTER = 0.56;
/** The height of a line below the slices, in fonts. */
const LINE = 1.5;

/** @typedef {{trace: Trace, frame: Frame, view: View, parts: Parts, layout: VolumeLayout, sums: FilterSum[]}} Drawn */

/**
 * Whether there are slices to draw: not where single numbers are made from single numbers.
 * @param {Trace} trace @param {Frame} frame
 */
export function hasVolume(trace, frame) {
  const stage = trace.stages[frame.stage];
  const before = inputStageOf(trace, stage, frame.map) ?? stage;
  return [stage, before].some(({ shape: [, rows, columns] }) => rows * columns > 1) || hasFilterSlices(stage);
}

/** @param {Trace} trace @param {Frame} frame @param {VolumeContext} context @returns {Description} */
export function volumeView(trace, frame, { view, size, canEdit = false }) {
  if (!frame.hasNumbers) return ["p", { class: "muted volume-waits" }, VOLUME.onTheWay];
  const stage = trace.stages[frame.stage];
  if (stage.kind === "flatten") return flattenColumn(trace, frame, size);
  const isDot = looksAtOnePlace(stage) && frame.channels.length > 1;
  const sumLines = hasFilterSlices(stage) ? (stage.shape[0] > MOST_OPEN ? 1 : stage.shape[0]) + (isDot ? 4 : 1) : 0;
  const noted = writeNotes(frame, partsOf(trace, frame, LEAST_SLICES, SMALL_FILTERS[0])).length * size.text * CHARACTER;
  const lines = sumLines + Math.ceil(noted / Math.max(1, size.width));
  const room = { ...size, height: size.height && Math.max(0, size.height - lines * size.text * LINE - 14) };
  const { parts, layout } = fitSlices(trace, frame, room);
  const sums = parts.filters.map((map) => sumOfFilter(trace, view, frame, map));
  const drawn = { trace, frame, view, parts, layout, sums };
  const small = layout.small ? smallPictures(parts, layout.small) : [];
  const pictures = [...inputPictures(drawn), ...small, ...outputPictures(drawn)];
  return [
    "div",
    { class: "volume-view", style: { "font-size": `${size.text}px` } },
    [
      "div",
      { class: "volume-slices", style: { width: `${layout.width}px`, height: `${layout.height}px` } },
      ...pictures,
      [
        "svg",
        {
          width: layout.width,
          height: layout.height,
          viewBox: `0 0 ${layout.width} ${layout.height}`,
          "font-size": size.text,
          role: "img",
          "aria-label": describe(drawn),
        },
        ...drawInputs(drawn),
        ...drawBox(drawn),
        ...drawInputColumn(drawn),
        ...drawFilters(drawn),
        ...(layout.small ? drawSmall(parts, layout.small, frame, size.text) : []),
        ...drawOutputs(drawn),
        ...drawAfters(drawn),
        ...drawColumn(drawn),
        ...nameOutputs(drawn),
      ],
    ],
    [
      "div",
      { class: "volume-says" },
      ...writeLines(drawn),
      isDot && dotTable(drawn),
      ["p", { class: "muted", "data-part": "volume-notes" }, writeNotes(frame, parts)],
      canEdit &&
        hasOtherNumbers(trace, stage) && [
          "button",
          { type: "button", class: "button", "data-part": "other-numbers", "data-key": "other-numbers" },
          VOLUME.otherNumbers,
        ],
    ],
  ];
}

/**
 * As many slices as have cells that can be seen, then as many small filters as have room.
 * @param {Trace} trace @param {Frame} frame @param {VolumeContext["size"]} room
 */
function fitSlices(trace, frame, room) {
  const counts = [
    ...Array.from({ length: MOST_SLICES - LEAST_SLICES + 1 }, (_, n) => [MOST_SLICES - n, SMALL_FILTERS[0]]),
    ...SMALL_FILTERS.slice(1).map((small) => [LEAST_SLICES, small]),
  ];
  for (const [n, [most, mostSmall]] of counts.entries()) {
    const parts = partsOf(trace, frame, most, mostSmall);
    const wide = layoutVolume(parts, room, true);
    const least = parts.small.length ? SIDE_WITH_BOTH : SIDE_WITH_WINDOW;
    const isWide = !wide.windows.length || sideOf(wide) >= least;
    const layout = isWide ? wide : layoutVolume(parts, room, false);
    const isSeen = sideOf(layout) >= SMALL_SLICE && layout.height <= (room.height || Infinity);
    if (isSeen || n === counts.length - 1 || (most === LEAST_SLICES && !parts.small.length))
      return { parts, layout: enlargeSmall(parts, layout, room, isWide) };
  }
  throw new Error("there is always a last count");
}

/**
 * A layout with small filters as large as they can be while all slices stay as large as they are.
 * @param {Parts} parts @param {VolumeLayout} layout @param {VolumeContext["size"]} room @param {boolean} withWindows
 */
function enlargeSmall(parts, layout, room, withWindows) {
  const scale =
    layout.small &&
    room.height > 0 &&
    SMALL_SCALES.find((one) => {
      const { width, height, inputs } = layoutVolume(parts, room, withWindows, one);
      return width <= room.width && height <= room.height && inputs[0].cell === layout.inputs[0].cell;
    });
  return scale ? layoutVolume(parts, room, withWindows, scale) : layout;
}

/** The longest side of a slice of the input, in pixels. @param {VolumeLayout} layout */
function sideOf({ inputs, outputs }) {
  const { cell, rows, columns } = inputs[0] ?? outputs[0];
  return cell * Math.max(rows, columns);
}

/** The part of a padded slice that is the map. @param {Parts} parts */
function insideOf({ padding: { top, left }, before }) {
  const [, rows, columns] = /** @type {NonNullable<typeof before>} */ (before).shape;
  return { top, left, rows, columns };
}

/** @param {Drawn} drawn @returns {Description[]} */
function inputPictures({ parts, layout }) {
  return layout.inputs.flatMap((slice, n) =>
    isPicture(slice, layout.text) && parts.before
      ? [
          drawPicture(
            slice,
            { stage: parts.before.index, map: parts.channels[n], written: slice.rows * slice.columns },
            insideOf(parts),
          ),
        ]
      : [],
  );
}

/** @param {Drawn} drawn @returns {Description[]} */
function outputPictures({ trace, view, frame, parts: { stage, after, maps }, layout }) {
  const pictures = (/** @type {Slice[]} */ slices, /** @type {number} */ index) =>
    slices.flatMap((slice, n) =>
      isPicture(slice, layout.text)
        ? [drawPicture(slice, { stage: index, map: maps[n], written: writtenOf(trace, view, frame, maps[n]) })]
        : [],
    );
  return [...pictures(layout.outputs, stage.index), ...(after ? pictures(layout.afters, after.index) : [])];
}

/** @param {Drawn} drawn @returns {Description[]} */
function drawInputs({ trace, view, frame, parts, layout }) {
  const { stage, before, channels, padding } = parts;
  if (!before) return [];
  const [, rows, columns] = before.shape;
  return layout.inputs.flatMap((slice, n) => {
    const channel = channels[n];
    const colors = mapColors(before, channel, view.colors, view.scope, photoRange(trace));
    const values = mapValues(before, channel);
    const outside = paddingText(stage, before, channel);
    const cellAt = (/** @type {number} */ r, /** @type {number} */ c) => {
      const [row, col] = [r - padding.top, c - padding.left];
      if (row < 0 || col < 0 || row >= rows || col >= columns)
        return /** @type {SliceCell} */ ({ texts: [outside(row, col)], kind: "padded" });
      return valueCell(shownValue(before, values[row * columns + col]), colors);
    };
    const index = frame.channels.findIndex((one) => one.channel === channel);
    const isRead = index >= 0 || frame.channels.length === 0;
    const isNow = frame.beat === `channel-${index}`;
    return [
      label(slice, VOLUME.slice(PAGE.plane(before, channel)), "input", layout),
      isPicture(slice, layout.text) ? drawEdge(slice, "input") : drawCells(slice, "input", cellAt, layout.text),
      ...(isRead ? drawWindow(slice, frame, padding, isNow) : []),
    ];
  });
}

/**
 * The edges that join the windows of neighboring slices: what a filter reads is a box through all of them.
 * @param {Drawn} drawn @returns {Description[]}
 */
function drawBox({ frame, parts: { stage, channels, padding }, layout }) {
  if (!hasFilterSlices(stage) || looksAtOnePlace(stage) || !frame.rows.length || !frame.columns.length) return [];
  const boxes = layout.inputs
    .filter((_, n) => frame.channels.some(({ channel }) => channel === channels[n]))
    .map((slice) => {
      const { x, y, cell } = slice;
      const ends = (/** @type {number[]} */ cells, /** @type {number} */ from, /** @type {number} */ before) =>
        [Math.min(...cells), Math.max(...cells) + 1].map((one) => from + (one + before) * cell);
      return { across: ends(frame.columns, x, padding.left), down: ends(frame.rows, y, padding.top) };
    });
  return boxes.slice(1).flatMap(({ across, down }, n) => {
    const before = boxes[n];
    const isBeside = before.down[0] === down[0];
    const lines = isBeside
      ? down.map((y) => ({ x1: before.across[1], y1: y, x2: across[0], y2: y }))
      : across.map((x) => ({ x1: x, y1: before.down[1], x2: x, y2: down[0] }));
    return lines.map((line) => /** @type {Description} */ (["line", { ...line, class: "box" }]));
  });
}

/** The line through the one place that a 1 × 1 filter reads in all channels. @param {Drawn} drawn @returns {Description[]} */
function drawInputColumn({ frame, parts: { stage, padding }, layout }) {
  if (!looksAtOnePlace(stage) || layout.inputs.length < 2) return [];
  const place = { row: frame.rows[0] + padding.top, col: frame.columns[0] + padding.left };
  return [
    drawThrough(
      layout.inputs.map((slice) => placeIn(slice, place)),
      "input",
    ),
  ];
}

/**
 * The outline of the window; of one with holes also the cells that it reads.
 * @param {Slice} slice @param {Frame} frame @param {Parts["padding"]} padding @param {boolean} isNow
 * @returns {Description[]}
 */
function drawWindow(slice, frame, { top, left }, isNow) {
  const [rows, columns] = [frame.rows.map((row) => row + top), frame.columns.map((col) => col + left)];
  if (!rows.length || !columns.length) return [];
  const ends = (/** @type {number[]} */ cells) =>
    /** @type {[number, number]} */ ([Math.min(...cells), Math.max(...cells)]);
  const hasHoles = rows.some((row, i) => i > 0 && Math.abs(row - rows[i - 1]) > 1);
  const read = hasHoles ? rows.flatMap((row) => columns.map((col) => ({ row, col }))) : [];
  const { x, y, cell } = slice;
  return [
    ...read.map(
      ({ row, col }) =>
        /** @type {Description} */ ([
          "rect",
          { x: x + col * cell, y: y + row * cell, width: cell, height: cell, class: "read" },
        ]),
    ),
    ...drawMark(slice, ends(rows), ends(columns), isNow ? "window is-now" : "window"),
  ];
}

/** @param {number} value @param {ReturnType<typeof mapColors>} colors @param {string} [text] @returns {SliceCell} */
function valueCell(value, colors, text) {
  return { texts: cellTexts(value, text), fill: colors.fill(value), ink: colors.ink(value) };
}

/** The windows in numbers, and the slices, biases and sums of the filters. @param {Drawn} drawn @returns {Description[]} */
function drawFilters({ trace, view, frame, parts, layout, sums }) {
  const { stage, before, channels, kernel } = parts;
  if (!before || !sums.length) return [];
  const [high, wide] = kernel;
  const windows = layout.windows.flatMap((slice, n) => {
    const read = frame.channels.find((one) => one.channel === channels[n]);
    if (!read || read.values.length !== high || read.values[0].length !== wide) return [];
    const colors = mapColors(before, channels[n], view.colors, view.scope, photoRange(trace));
    const cellAt = (/** @type {number} */ r, /** @type {number} */ c) => {
      const value = shownValue(before, read.values[r][c] ?? 0);
      return read.padded[r][c]
        ? /** @type {SliceCell} */ ({ texts: cellTexts(value), kind: "padded" })
        : valueCell(value, colors);
    };
    return [drawCells(slice, "input", cellAt, layout.text)];
  });
  const count = countWeights(stage);
  const first = (/** @type {number} */ map) =>
    Math.floor(map / (stage.shape[0] / (stage.groups ?? 1))) * (count / high / wide);
  const { text } = layout;
  const step = text * 1.35;
  const filters = sums.flatMap((sum, k) => {
    const weights = stage.weight?.subarray(sum.map * count, (sum.map + 1) * count) ?? new Float32Array(0);
    const { cellDivisor } = readFilter(stage, before, { ...frame, map: sum.map, scale: stage.scales?.[sum.map] ?? 1 });
    const colors = weightScale(weights);
    const slices = layout.filters[k].flatMap((slice, n) => {
      const c = channels[n] - first(sum.map);
      if (c < 0 || c * high * wide >= count) return [];
      const cellAt = (/** @type {number} */ i, /** @type {number} */ j) => {
        const index = (c * high + i) * wide + j;
        return {
          ...valueCell(weights[index] / cellDivisor, {
            ...colors,
            fill: () => colors.fill(weights[index]),
            ink: () => colors.ink(weights[index]),
          }),
        };
      };
      const known = sum.channels.get(channels[n]);
      const isNow = sum.map === frame.map && frame.beat === `channel-${c}`;
      return [
        drawCells(slice, "filter", cellAt, text),
        ...(isNow ? drawMark(slice, [0, high - 1], [0, wide - 1], "filter-now") : []),
        known !== undefined &&
          /** @type {Description} */ ([
            "text",
            { x: slice.x + (wide * slice.cell) / 2, y: slice.y + high * slice.cell + text * 1.1, class: "sum middle" },
            VOLUME.channelSum(plain(known)),
          ]),
      ];
    });
    const [name, end] = [layout.names[k], layout.ends[k]];
    const bias = sum.texts.biasWritten || sum.texts.bias;
    return [
      [
        "g",
        { class: sum.beat ? "filter-of" : "filter-of is-waiting", "data-filter": sum.map },
        ["text", { x: name.x, y: name.y + text * 1.05, class: "name is-filter" }, VOLUME.filterName(sum.map)],
        ...slices,
        [
          "text",
          { x: end.x, y: end.y + text * 1.05, class: "name is-filter" },
          bias ? VOLUME.bias(sum.map, bias) : biasOf(stage, sum.map),
        ],
        sum.result !== "" && [
          "text",
          { x: end.x, y: end.y + text * 1.05 + step, class: "name is-output" },
          VOLUME.result(sum.result),
        ],
      ],
    ];
  });
  return /** @type {Description[]} */ ([...windows, ...filters]);
}

/** @param {Drawn} drawn @returns {Description[]} */
function drawOutputs({ trace, view, frame, parts: { stage, maps }, layout }) {
  const role = roleOf(stage);
  return layout.outputs.flatMap((slice, n) => {
    const map = maps[n];
    const colors = mapColors(stage, map, view.colors, view.scope, photoRange(trace));
    const values = mapValues(stage, map);
    const written = writtenOf(trace, view, frame, map);
    const cellAt = (/** @type {number} */ r, /** @type {number} */ c) => {
      const at = r * slice.columns + c;
      const go = [stage.index, map, r, c].join();
      if (at >= written) return /** @type {SliceCell} */ ({ texts: [], kind: "to-come", go });
      return { ...valueCell(shownValue(stage, values[at]), colors), go };
    };
    const isHere = map === frame.map;
    return [
      isPicture(slice, layout.text)
        ? drawEdge(slice, role, [stage.index, map, slice.rows, slice.columns])
        : drawCells(slice, role, cellAt, layout.text),
      ...drawMark(
        slice,
        [frame.row, frame.row],
        [frame.col, frame.col],
        isHere ? `place of-${role}` : `place is-other of-${role}`,
      ),
    ];
  });
}

/** What the activation behind the layer makes of each output slice. @param {Drawn} drawn @returns {Description[]} */
function drawAfters({ trace, view, frame, parts: { after, maps }, layout }) {
  if (!after) return [];
  return layout.afters.flatMap((slice, n) => {
    const map = maps[n];
    const colors = mapColors(after, map, view.colors, view.scope, photoRange(trace));
    const values = mapValues(after, map);
    const written = writtenOf(trace, view, frame, map);
    const cellAt = (/** @type {number} */ r, /** @type {number} */ c) => {
      const at = r * slice.columns + c;
      const go = [frame.stage, map, r, c].join();
      if (at >= written) return /** @type {SliceCell} */ ({ texts: [], kind: "to-come", go });
      return { ...valueCell(shownValue(after, values[at]), colors), go };
    };
    const arrow = { x: slice.x - layout.text * 1.3, y: slice.y + (slice.rows * slice.cell) / 2 + layout.text * 0.35 };
    return [
      /** @type {Description} */ (["text", { ...arrow, class: "name is-output" }, "→"]),
      isPicture(slice, layout.text)
        ? drawEdge(slice, "output", [frame.stage, map, slice.rows, slice.columns])
        : drawCells(slice, "output", cellAt, layout.text),
      ...drawMark(
        slice,
        [frame.row, frame.row],
        [frame.col, frame.col],
        map === frame.map ? "place of-output" : "place is-other of-output",
      ),
    ];
  });
}

/** The names of the slices of the output, in front of the line through them. @param {Drawn} drawn @returns {Description[]} */
function nameOutputs({ parts: { stage, after, maps }, layout }) {
  const role = roleOf(stage);
  return [
    ...layout.outputs.map((slice, n) =>
      label(slice, stage.index === 0 ? PAGE.plane(stage, maps[n]) : VOLUME.mapName(maps[n]), role, layout),
    ),
    ...layout.afters.map((slice) => label(slice, after?.title ?? "", "output", layout)),
  ];
}

/** What the slices of the output are. @param {Parts["stage"]} stage */
function roleOf({ index, family }) {
  return index === 0 ? "input" : family === "pooling" ? "pooling" : "output";
}

/** @param {Slice} slice @param {string} text @param {string} role @param {VolumeLayout} layout @returns {Description} */
function label(slice, text, role, layout) {
  return ["text", { x: slice.x, y: slice.y - layout.text * 0.45, class: `name map-name is-${role}` }, text];
}

/** The sums as lines, as far as they are written. @param {Drawn} drawn @returns {Description[]} */
function writeLines({ trace, view, frame, parts, sums }) {
  const { stage, before, after } = parts;
  if (!before || !sums.length) return [];
  const products = productsOfBeat(trace, frame);
  const lines = sums.map(
    ({ map, line }) =>
      /** @type {Description} */ ([
        "p",
        { class: map === frame.map ? "mono sum-line is-here" : "mono sum-line", "data-sum": map },
        line && ["b", { class: "is-filter" }, `${VOLUME.filterName(map)}: `],
        line,
        after &&
          isAfterKnown(trace, view, frame, map) && [
            "b",
            { class: "is-output" },
            VOLUME.becomes(after.title, writeOutput(trace, after.index, [map, frame.row, frame.col])),
          ],
      ]),
  );
  if (looksAtOnePlace(stage)) return lines;
  return [
    ...lines,
    [
      "p",
      { class: "mono sum-line", "data-part": "products" },
      products && ["b", { class: "is-input" }, `${PAGE.plane(before, products.channel)}: `],
      products && (products.count ? VOLUME.products(products.count, products.text) : products.text),
    ],
  ];
}

/** What is drawn, counted. @param {Frame} frame @param {Parts} parts */
function writeNotes(frame, { stage, before, channels, filters, maps, kernel: [high, wide] }) {
  const [count] = stage.shape;
  const all = before?.shape[0] ?? 0;
  const size = countWeights(stage);
  const sentences = [
    filters.length > 0 && size > high * wide && VOLUME.box(size / high / wide, high, wide),
    filters.length > 0 && VOLUME.counts(count, size, `${size / high / wide} × ${high} × ${wide}`),
    filters.length > 0 && looksAtOnePlace(stage) && VOLUME.oneByOne,
    filters.length > 0 && filters.length < count && VOLUME.oneOpen(frame.map),
    channels.length < all && VOLUME.slicesDrawn(channels.length, all),
    maps.length < count && VOLUME.mapsDrawn(maps.length, count),
    count > 1 &&
      (stage.index > 0 ? VOLUME.columnIs(count) : isColorStage(stage) ? VOLUME.pixelIs : VOLUME.placeIs(count)),
  ];
  return sentences.filter(Boolean).join(" ");
}

/** The volume in words, for who does not see it. @param {Drawn} drawn */
function describe({ trace, frame, parts, sums }) {
  const { stage, before } = parts;
  const shape = (/** @type {[number, number, number]} */ [maps, rows, columns]) => VOLUME.shape(maps, rows, columns);
  const known = sums.filter(({ result }) => result).map(({ map, line }) => `${VOLUME.filterName(map)}: ${line}`);
  const title = stageTitle(trace, frame.stage);
  return VOLUME.alt(title, before ? shape(before.shape) : "", shape(stage.shape), known.join("; "));
}

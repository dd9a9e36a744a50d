/**
 * The arithmetic of one step as tables: window × filter = products, their sum, the bias, the result.
 *
 * HTML tables, so that screen readers can navigate them. They are built once for a stage and then only filled: a step
 * changes texts and colors, never elements.
 */

import { readOf } from "convoscope/pure/frame/stage.js";
import { mapColors, photoRange, productColors, signedScale, weightColors } from "convoscope/pure/maps/palette.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { resultParts, shortNumber } from "convoscope/pure/text/caption.js";
import { channelNames, channelTags } from "convoscope/pure/text/channel-names.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";
import { showBars } from "convoscope/ui/arithmetic/channel-bars.js";
import {
  columnCells,
  NARROWEST_AFAR,
  NARROWEST_COLUMN,
  pairBars,
  standBeside,
} from "convoscope/ui/arithmetic/column-layout.js";
import { createGrid, digitWidth, fillGrid, fitDigits, sizeGrid } from "convoscope/ui/arithmetic/number-table.js";
import { cellSize, columnRoom, isMultiplied, mostTables, tableShape } from "convoscope/ui/arithmetic/table-layout.js";
import { build, fill, findPart, getPart, readZoom, setText } from "convoscope/ui/dom.js";

/** @import {ChannelTexts, Frame, FrameChannel, Trace, View} from "convoscope/pure/types.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */
/** @import {Grid} from "convoscope/ui/arithmetic/number-table.js" */
/** @import {OnWeight, Weight} from "convoscope/ui/arithmetic/filter-pointer.js" */
/** @import {TableRoom, TableShape} from "convoscope/ui/arithmetic/table-layout.js" */

/** In smaller cells four digits are lower than 1/40 of the screen; in pixels before zooming. */
const READABLE_CELL = 28;
/** Side of the smallest cell, in pixels: a picture of numbers, not numbers. */
const SMALLEST_CELL = 2;
/** Cells smaller than this are not made wider for their digits: there are too many. */
const SMALLEST_WIDENED_CELL = 13;
/** Width of the narrowest cell in a table of short numbers, beside one of long numbers. */
const NARROWEST_CELL = 16;
/** Sizes of digits that cells are made wide for, the first that has room. */
const WANTED_DIGITS = [13, 12, 11, 10, 9, 8.5];
/** Numbers with more characters are shortened in their cells. */
const LONGEST_TEXT = 7;
/** Numbers of a stage that are not exact have at most this many characters in a table. */
const LONGEST_INEXACT_TEXT = 6;
/** Results with more characters are written smaller. */
const LONGEST_LARGE_RESULT = 9;

/** @typedef {{window: Grid, filter: Grid | null, products: Grid | null, sum: HTMLElement | null}} Row */

/**
 * @type {Record<string, () => Promise<{showTable: (host: HTMLElement, trace: Trace, view: View, frame: Frame, height:
 * number) => void}>>}
 */
const LAZY_TABLES = {
  shares: () => import("convoscope/ui/arithmetic/softmax-table.js"),
  strongest: () => import("convoscope/ui/arithmetic/strongest-terms.js"),
};

/**
 * @param {HTMLElement} root
 * @param {{onWeight: OnWeight, onBeat: (beat: string) => void, onChannel: (channel: number) => void}} events
 */
export function createArithmetic(root, { onWeight, onBeat, onChannel }) {
  const host = getPart(root, "terms");
  const [beats, bars] = [getPart(root, "beats"), getPart(root, "bars")];
  const [result, resultValue, before, after] = ["result", "result-value", "result-before", "result-after"].map((name) =>
    getPart(root, name),
  );
  const room = /** @type {HTMLElement} */ (host.parentElement);
  const lazyHost = build(["div", { class: "written-out" }]);
  /**
   * The content to show once the module of its table is loaded.
   * @type {{trace: Trace, view: View, frame: Frame} | null}
   */
  let pending = null;
  /** @type {Row[]} */
  let rows = [];
  let built = "";
  /** @type {TableShape | null} */
  let shape = null;
  /** The side of a cell. */
  let cell = 0;
  /** Lengths of the longest texts so far, in and beside the tables: the cells fit these. @type {number[]} */
  let textLengths = [];
  let longestResult = 0;
  /** Relative widths of the tables of a line. */
  let shares = [1, 1, 1];
  /** The width that the tables may have. */
  let place = 0;
  /** Whether they stand below each other between the maps; their sizes are then those of the stage. */
  let isColumn = false;
  /** @type {typeof import("convoscope/ui/arithmetic/filter-pointer.js") | null} */
  let pointing = null;
  let isPointingRequested = false;
  let leastColumn = NARROWEST_COLUMN;

  /**
   * Measures the space that the stylesheet gives.
   * @returns {import("convoscope/ui/arithmetic/table-layout.js").TableRoom}
   */
  function measureRoom() {
    const style = getComputedStyle(room);
    const readProperty = (/** @type {string} */ name) => {
      const value = parseFloat(style.getPropertyValue(name));
      return Number.isNaN(value) ? undefined : value;
    };
    const below = style.gridRowStart === "2";
    const stack = !below && readProperty("--stack") === 1;
    return {
      width: stack ? figureWidth() : room.clientWidth,
      height: figureHeight(),
      below,
      stack,
      share: readProperty("--share"),
      spare: readProperty("--spare"),
      line: readProperty("--line"),
      flat: readProperty("--flat") === 1,
      zoom: readZoom(root),
      least: readProperty("--least-column"),
      tables: readProperty("--most-tables"),
      result: readProperty("--result-room"),
      extra: readProperty("--table-room"),
      bar: readProperty("--bar-room"),
    };
  }

  /**
   * The height of the figure before its contents enlarged it. If it has no height of its own (on a phone), the height
   * of the tables is not limited.
   */
  function figureHeight() {
    const figure = getPart(root, "figure");
    const style = getComputedStyle(figure);
    if (style.flexGrow === "0") return 900;
    const notes = findPart(root, "notes")?.offsetHeight ?? 0;
    const padding = readZoom(root) > 1 ? parseFloat(style.paddingTop) + parseFloat(style.paddingBottom) : 16;
    return (parseFloat(style.getPropertyValue("--given")) || figure.clientHeight) - padding - (notes && notes + 6);
  }

  /** The width of the figure inside its padding. */
  function figureWidth() {
    const figure = getPart(root, "figure");
    const { paddingLeft, paddingRight } = getComputedStyle(figure);
    return figure.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  }

  /** Gives the column between the maps the width of its tables; the maps take the rest. */
  function setColumn() {
    const isBetween = shape !== null && getComputedStyle(room).gridRowStart !== "2";
    if (!isBetween) {
      root.style.removeProperty("--column");
      return;
    }
    const wide = shape?.kind === "long" ? place : rows.length ? measureWidth() : 0;
    root.style.setProperty("--column", `${Math.ceil(Math.max(Math.min(wide, place), leastColumn))}px`);
  }

  /** Fits the cells to their texts and to their place: only if a text is longer than any before. */
  function fitCells() {
    const grids = rows.flatMap(gridsOf);
    const beside = [before, resultValue, after, ...rows.map(({ sum }) => sum)];
    const lengths = [...grids.map(({ longest }) => longest), ...beside.map((each) => each?.textContent?.length ?? 0)];
    const grown = lengths.some((length, i) => length > (textLengths[i] ?? 0));
    if (!rows.length || !grown) return;
    textLengths = lengths.map((length, i) => Math.max(length, textLengths[i] ?? 0));
    if (isColumn) return;
    resize(cell); // without the widths of shorter texts
    shrinkToPlace();
    widenForDigits(grids);
    setColumn();
  }

  /** Makes the cells smaller if the tables are wider than their place, or higher than a figure that cannot grow. */
  function shrinkToPlace() {
    const figure = getPart(root, "figure");
    const { kind, columns, listed, rows: high } = /** @type {TableShape} */ (shape);
    const isFixed = getComputedStyle(figure).getPropertyValue("--fixed") === "1";
    const across = columns * (kind === "one" ? 1 : 3);
    const down = high * (kind === "lines" ? listed.length : kind === "alone" ? 2 : 1);
    for (let tries = 0; tries < 4 && cell > SMALLEST_CELL; tries++) {
      const wide = measureWidth() - place;
      const tall = isFixed
        ? Math.max(room.offsetHeight - figure.clientHeight, room.scrollHeight - room.clientHeight)
        : 0;
      if (wide <= 0 && tall <= 0) return;
      resize(Math.max(SMALLEST_CELL, cell - Math.max(Math.ceil(wide / across), Math.ceil(tall / down), 1)));
    }
  }

  /**
   * Makes cells wider than high if their digits would be too small, as far as there is room.
   * @param {Grid[]} grids
   */
  function widenForDigits(grids) {
    const zoom = readZoom(root);
    if (zoom !== 1 || cell < SMALLEST_WIDENED_CELL) return;
    // Narrow cells of short numbers come before small digits.
    const tries = WANTED_DIGITS.flatMap((digits) => [cell, NARROWEST_CELL].map((least) => ({ least, digits })));
    for (const { least, digits } of tries) {
      for (const grid of grids) {
        const side = Math.max(...grids.filter(({ kind }) => kind === grid.kind).map(({ longest }) => longest));
        sizeGrid(grid, cell, Math.max(Math.min(least, cell), digitWidth(side, digits)), zoom);
      }
      if (measureWidth() <= place) break;
      for (const grid of grids) sizeGrid(grid, cell, cell, zoom);
    }
    widenShortNumbers(grids);
    for (const grid of grids) fitDigits(grid);
  }

  /**
   * Makes cells that are narrower than high wider again, table by table, as far as there is room.
   * @param {Grid[]} grids
   */
  function widenShortNumbers(grids) {
    for (const kind of new Set(grids.map((grid) => grid.kind))) {
      const alike = grids.filter((grid) => grid.kind === kind);
      const narrow = alike[0].wide;
      for (const wide of [1, 0.75, 0.5, 0.25, 0].map((part) => Math.round(narrow + part * (cell - narrow)))) {
        if (wide < narrow) break;
        for (const grid of alike) sizeGrid(grid, cell, wide, readZoom(root));
        if (measureWidth() <= place) break;
      }
    }
  }

  /** The width that the tables need, with the texts beside them in as many lines as they like. */
  function measureWidth() {
    if (shape?.kind === "one") return rows[0].window.table.offsetWidth; // the result goes to the next line
    host.classList.add("measured");
    const width = host.offsetWidth;
    host.classList.remove("measured");
    return width;
  }

  /** @param {number} side of a cell */
  function resize(side) {
    cell = side;
    host.style.removeProperty("--space");
    const zoom = readZoom(root);
    host.style.setProperty("--cell", `${cell}px`);
    for (const row of rows) {
      gridsOf(row).forEach((grid, i) => {
        sizeGrid(grid, cell, Math.floor(cell * (shares[i] ?? 1)), zoom);
        fitDigits(grid);
      });
    }
  }

  /** Gives all cells the sizes that their column has for this stage. @param {TableRoom} space */
  function sizeColumn(space) {
    if (!rows.length) return;
    const characters = gridsOf(rows[0]).map(({ longest }) => longest);
    const { side, wides, gap } = columnCells(/** @type {TableShape} */ (shape), characters, space);
    cell = side;
    host.style.setProperty("--cell", `${side}px`);
    host.style.setProperty("--space", `${gap}px`);
    for (const grids of rows.map(gridsOf))
      for (const [i, grid] of grids.entries()) sizeGrid(grid, side, wides[i], space.zoom ?? 1);
    for (const grid of rows.flatMap(gridsOf)) fitDigits(grid);
  }

  /** Lets people point at weights; the code for that is loaded once there are some. */
  async function listenToFilters() {
    const filters = rows.flatMap(({ filter }) => filter ?? []);
    if (!filters.length || (!pointing && isPointingRequested)) return;
    if (pointing) return pointing.listenWeights(filters, /** @type {TableShape} */ (shape).columns, onWeight);
    isPointingRequested = true;
    pointing = await import("convoscope/ui/arithmetic/filter-pointer.js").catch(() => null);
    isPointingRequested = false; // what cannot be loaded is tried again with the next tables
    if (!pointing) return;
    listenToFilters();
    onWeight(null, false);
  }

  /** @param {Trace} trace @param {Frame} frame @param {number} focusedChannel */
  function rebuild(trace, frame, focusedChannel) {
    const measured = measureRoom();
    const { flip: isTurned = false, exact } = trace.stages[frame.stage];
    isColumn = measured.stack === true;
    const afar = measured.zoom ?? 1;
    const isAfar = isColumn && afar > 1;
    const most = Math.min(mostTables(frame, exact, isAfar), measured.tables ?? Infinity);
    const wanted = tableShape(frame, focusedChannel, most, isAfar);
    if (isColumn && wanted.kind === "lines" && wanted.listed.length === 1) wanted.kind = "alone";
    const space = isColumn ? { ...measured, width: columnRoom(wanted, measured.width, afar) } : measured;
    leastColumn = measured.least ?? (isAfar ? NARROWEST_AFAR * afar : NARROWEST_COLUMN);
    place = Math.max(space.width, measured.least ?? 0);
    if (measured.least) space.width = place - (measured.spare ?? 0);
    shape = isAfar ? wanted : readableShape(wanted, frame, focusedChannel, space);
    if (isColumn && shape.kind === "lines" && shape.listed.length === 1) shape.kind = "alone";
    shape.isNamed = isTurned && (shape.kind === "lines" || isAfar);
    const key = JSON.stringify([shape, space, frame.stage, frame.map, isTurned]);
    if (key === built) return;
    built = key;
    rows =
      shape.kind === "bare" || shape.lazyTable
        ? []
        : shape.listed.map((i) =>
            createRow(/** @type {TableShape} */ (shape), frame, i, channelNames(trace, frame)[i]),
          );
    const lazyElements = shape.lazyTable ? [lazyHost] : [];
    const openChannel = shape.channels > 1 ? (isAfar ? channelTags : channelNames)(trace, frame)[shape.listed[0]] : "";
    listenToFilters(); // gives the weights keys: one of them keeps the focus
    fill(host, ...arrangeTables(rows, shape, isTurned, lazyElements, result, bars, openChannel));
    host.className = `terms ${shape.kind}${isColumn && standBeside(shape) ? " beside" : ""}`;
    const { zoom = 1, flat, below } = space;
    const isInLine = zoom > 1 && rows.length > 0 && (flat || below || shape.kind === "lines");
    shares = isInLine ? widthShares(trace, frame) : [1, 1, 1];
    [textLengths, longestResult] = [[], 0];
    reserveTexts(rows.flatMap(gridsOf), trace, frame);
    if (isColumn) sizeColumn(space);
    else resize(cellSize(shape, space));
    if (isColumn || !rows.length) setColumn();
  }

  /** @param {Trace} trace @param {View} view @param {Frame} frame */
  async function showLazyTable(trace, view, frame) {
    pending = { trace, view, frame };
    const lazyTable = shape?.lazyTable;
    if (!lazyTable) return;
    const { showTable } = await LAZY_TABLES[lazyTable]();
    // Only the last step that waited for the module, and only if no other table is shown by now.
    if (shape?.lazyTable === lazyTable && pending?.frame === frame)
      showTable(lazyHost, trace, view, frame, figureHeight() / readZoom(root));
  }

  return {
    /**
     * @param {Trace} trace @param {View} view @param {Frame} frame
     * @param {number} focusedChannel the channel with tables if there are many
     */
    show(trace, view, frame, focusedChannel) {
      const whole = { frame, texts: writeStep(trace, frame) };
      const { frame: stacked, texts } = trace.stages[frame.stage].own?.stack?.(whole) ?? whole;
      rebuild(trace, stacked, focusedChannel);
      const stage = trace.stages[frame.stage];
      const scales = scalesOf(trace, view, frame);
      showLazyTable(trace, view, frame);
      rows.forEach((row, i) => {
        const index = /** @type {TableShape} */ (shape).listed[i];
        showRow(row, stacked.channels[index], texts.channels[index], stacked, scales);
      });
      if (shape?.lazyTable) bars.hidden = true;
      else
        showBars(
          bars,
          frame,
          texts,
          shape?.bars ? { names: barNames(trace, frame), chosen: shape.listed[0], onChannel } : null,
        );
      showBeats(beats, trace, frame, onBeat);
      const parts = resultParts(trace, frame);
      setText(before, parts.before);
      setText(resultValue, parts.value);
      longestResult = Math.max(longestResult, parts.value.length);
      resultValue.classList.toggle("lengthy", longestResult > LONGEST_LARGE_RESULT);
      result.style.setProperty("--length", String(longestResult));
      setText(after, parts.after);
      result.classList.toggle("waiting", !parts.known);
      resultValue.classList.toggle("is-pooling", stage.family === "pooling");
      fitCells();
    },
    /** Marks a weight in every filter table. @param {Weight | null} weight @param {number} columns */
    highlightWeight(weight, columns) {
      for (const { filter } of rows)
        filter?.cells.forEach((cell, i) =>
          cell.classList.toggle("lit", weight !== null && i === weight[0] * columns + weight[1]),
        );
    },
    /** Builds the tables again at the next step: after a change of size. */
    invalidateLayout() {
      built = "";
    },
  };
}

/**
 * Lists one channel only, if a figure is read from afar and tables of all channels were too small.
 * @param {TableShape} shape @param {Frame} frame @param {number} focusedChannel @param {TableRoom} space
 */
function readableShape(shape, frame, focusedChannel, space) {
  const { zoom = 1 } = space;
  if (zoom === 1 || shape.kind !== "lines" || cellSize(shape, space) >= READABLE_CELL * zoom) return shape;
  return tableShape(frame, focusedChannel, 1);
}

/** @param {TableShape} shape @param {Frame} frame @param {number} i @param {string} channelName @returns {Row} */
function createRow(shape, frame, i, channelName) {
  const channel = frame.channels[i];
  const name = shape.channels > 1 ? `, ${channelName}` : "";
  const window = createGrid(shape, "of-input", PAGE.windowTable + name);
  if (shape.kind === "lines" && channelName.length === 1) window.table.dataset.channel = channelName;
  return {
    window,
    filter: channel.weights ? createGrid(shape, "of-filter", PAGE.filterTable + name, i) : null,
    products: channel.weights ? createGrid(shape, "of-products", PAGE.productsTable + name) : null,
    sum: shape.kind === "lines" ? build(["span", { class: "mono small term-sum" }]) : null,
  };
}

/**
 * Relative widths of window, filter and products in a line, by the length of their numbers.
 * @param {Trace} trace @param {Frame} frame
 * @returns {number[]}
 */
function widthShares(trace, frame) {
  const { channel, weights } = frame.channels[0];
  if (!weights || !trace.stages[frame.stage].exact) return [1, 1, 1];
  const [low, high] = readOf(trace, trace.stages[frame.stage]).ranges[channel] ?? [0, 0];
  const all = weights.flat();
  const most = Math.max(...all.map(Math.abs)) * Math.max(Math.abs(low), Math.abs(high));
  const characters = [[low, high], all, [-most]].map((values) =>
    Math.max(...values.map((value) => shortNumber(value).length)),
  );
  const wanted = characters.map((count) =>
    Math.min(Math.max((3 * count) / (characters[0] + characters[1] + characters[2]), 0.75), 1.35),
  );
  return wanted.map((share) => (3 * share) / (wanted[0] + wanted[1] + wanted[2]));
}

/**
 * Tells each table how long its texts become on the whole map, so that no step makes it wider.
 * @param {Grid[]} grids @param {Trace} trace @param {Frame} frame
 */
function reserveTexts(grids, trace, frame) {
  const stage = trace.stages[frame.stage];
  const before = readOf(trace, stage, frame.map);
  const lengthOf = (/** @type {number[]} */ values) => Math.max(1, ...values.map((value) => shortNumber(value).length));
  const inputs = before.ranges.flat();
  const weights = frame.channels.flatMap((channel) => (channel.weights ?? []).flat());
  const largest = (/** @type {number[]} */ values) =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const products = [-largest(inputs) * largest(weights)];
  const lengths = { "of-input": lengthOf(inputs), "of-filter": lengthOf(weights), "of-products": lengthOf(products) };
  for (const grid of grids) {
    const length = lengths[/** @type {keyof typeof lengths} */ (grid.kind)] ?? 1;
    const least = stage.exact || grid.kind === "of-filter" ? 1 : LONGEST_INEXACT_TEXT;
    grid.longest = Math.max(Math.min(length, stage.exact ? LONGEST_TEXT : LONGEST_INEXACT_TEXT), least);
  }
}

/** The names of the channels beside their bars: short ones where bars stand in pairs. @param {Trace} trace @param {Frame} frame */
function barNames(trace, frame) {
  return (pairBars(frame.channels.length) ? channelTags : channelNames)(trace, frame);
}

/** @param {Row} row */
function gridsOf({ window, filter, products }) {
  return [window, filter, products].filter((grid) => grid !== null);
}

/**
 * The elements in their order. One channel: window × filter above, = products and the sum below. Several: a line each.
 * @param {Row[]} rows @param {TableShape} shape @param {boolean} isTurned whether the filters are turned by 180°
 * @param {HTMLElement[]} lazyElements @param {HTMLElement} result @param {HTMLElement} bars
 * @param {string} channelName of the only channel with tables among several, else ""
 */
function arrangeTables(rows, shape, isTurned, lazyElements, result, bars, channelName) {
  const sign = (/** @type {string} */ text, /** @type {string} */ name) =>
    build(["span", { class: `sign ${name}`, "aria-hidden": true }, text]);
  if (shape.kind === "bare" || shape.kind === "long") return [...lazyElements, result];
  if (shape.kind === "one")
    return [
      describeTable(rows[0].window, PAGE.window, "window is-input"),
      build(["div", { class: "outcome" }, sign("→", "times"), result]),
    ];
  const grids = rows.map(({ window, filter, products, sum }) => ({
    window,
    filter: /** @type {Grid} */ (filter),
    products: /** @type {Grid} */ (products),
    sum,
  }));
  if (shape.kind === "alone") {
    const [{ window, filter, products }] = grids;
    const name = shape.shares ? PAGE.shares : filterName(shape, isTurned);
    return [
      describeTable(window, channelName ? `${channelName}: ${PAGE.window}` : PAGE.window, "window is-input"),
      sign("×", "times"),
      describeTable(filter, name, "filter is-filter"),
      sign("=", "equals"),
      describeTable(products, PAGE.products(shape.rows * shape.columns), "products muted"),
      ...(shape.bars ? [bars] : []),
      result,
    ];
  }
  const lines = grids.flatMap(({ window, filter, products, sum }) => [
    window.table,
    sign("×", ""),
    filter.table,
    sign("=", ""),
    products.table,
    /** @type {HTMLElement} */ (sum),
  ]);
  const names = shape.isNamed
    ? [build(["span", { class: "turned small is-filter" }, filterName(shape, isTurned)])]
    : [];
  return [...lines, ...names, bars, result];
}

/** "filter ÷ 9, turned by 180°" @param {TableShape} shape @param {boolean} isTurned */
function filterName({ divisor }, isTurned) {
  const name = divisor === 1 ? PAGE.filter : PAGE.filterDivided(shortNumber(divisor));
  return isTurned ? PAGE.filterTurned(name) : name;
}

/** @param {Grid} grid @param {string} caption @param {string} name */
function describeTable({ table }, caption, name) {
  const [area, color] = name.split(" ");
  return build(["figure", { class: area }, table, ["figcaption", { class: color }, caption]]);
}

/** @typedef {{window: Scale, weights: Scale, products: Scale}} StepScales */

/** @param {Trace} trace @param {View} view @param {Frame} frame @returns {StepScales} */
function scalesOf(trace, view, frame) {
  const stage = trace.stages[frame.stage];
  const before = readOf(trace, stage, frame.map);
  const channel = frame.channels[0]?.channel ?? 0;
  const window = mapColors(before, Math.min(channel, before.shape[0] - 1), view.colors, view.scope, photoRange(trace));
  if (!stage.weight) return { window, weights: signedScale(1), products: window }; // shares of cells
  return { window, weights: weightColors(stage, frame.map), products: productColors(trace, frame.stage, frame.map) };
}

/**
 * @param {Row} row @param {FrameChannel} channel @param {ChannelTexts} texts @param {Frame} frame
 * @param {StepScales} scales
 */
function showRow(row, channel, texts, frame, scales) {
  const chosen = frame.chosen && frame.beat !== "window" ? frame.chosen : null;
  fillGrid(
    row.window,
    channel.values,
    texts.values,
    scales.window,
    channel,
    (r, c) => chosen !== null && frame.rows[r] === chosen[1] && frame.columns[c] === chosen[2],
  );
  if (row.filter && channel.weights) fillGrid(row.filter, channel.weights, texts.weights, scales.weights);
  if (!row.products || !channel.products) return;
  const multiplied = isMultiplied(frame, frame.channels.indexOf(channel));
  row.products.table.classList.toggle("waiting", !multiplied);
  fillGrid(row.products, channel.products, texts.products, scales.products);
  if (row.sum) setText(row.sum, multiplied ? texts.sum : "");
}

/** @param {HTMLElement} host @param {Trace} trace @param {Frame} frame @param {(beat: string) => void} onBeat */
function showBeats(host, trace, frame, onBeat) {
  const [names, tags] = [channelNames(trace, frame), channelTags(trace, frame)];
  const key = [...frame.beats, ...tags].join();
  if (host.dataset.beats !== key) {
    host.dataset.beats = key;
    fill(
      host,
      ...frame.beats.map((beat) =>
        build([
          "button",
          {
            type: "button",
            "data-beat": beat,
            "aria-label": PAGE.beat(beat, frame.kind, names),
            onclick: () => onBeat(beat),
          },
          PAGE.shortBeat(beat, frame.kind, names, tags),
        ]),
      ),
    );
  }
  for (const button of host.children) {
    const current = button.getAttribute("data-beat") === frame.beat;
    if (current !== button.hasAttribute("aria-current")) button.toggleAttribute("aria-current", current);
    if (current) button.setAttribute("aria-current", "step");
    if (current && host.scrollWidth > host.clientWidth) scrollToChip(host, /** @type {HTMLElement} */ (button));
  }
  host.hidden = frame.beats.length < 2;
}

/** Scrolls a row of more chips than have room to one of them. @param {HTMLElement} host @param {HTMLElement} chip */
function scrollToChip(host, chip) {
  host.scrollLeft = chip.offsetLeft - host.offsetLeft - (host.clientWidth - chip.offsetWidth) / 2;
}

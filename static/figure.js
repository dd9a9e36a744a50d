/**
 * The two maps of the figure: what a stage reads and what it makes, at one cell size.
 *
 * The still layers are painted when the trace, the stage, the colors or the size change; a step only moves marks.
 */

import { shortNumber } from "convoscope/caption.js";
import { build, fill, part, say } from "convoscope/dom.js";
import { createMap, paintLegend, paintThumbnail } from "convoscope/draw.js";
import { kindOf, neverRead } from "convoscope/frame.js";
import { cellAt, figureLayout, rectOf, RULER_LEFT } from "convoscope/layout.js";
import { inkOn, mapColors, mapImage, mapValues, photoEnds, photoImage } from "convoscope/palette.js";
import { PAGE } from "convoscope/strings.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/types.js" */
/** @import {Mark, Still} from "convoscope/draw.js" */
/** @import {FigureLayout} from "convoscope/layout.js" */
/** @import {Scale} from "convoscope/palette.js" */

/** Above so many cells no digits are written into a map. */
const MOST_DIGITS = 4096;
/** Above so many stops only their first rows are marked. */
const MOST_STOPS = 4096;
/** Room below a map for the outline of a window at its edge. */
const EDGE = 3;
/** No legend is narrower than this. */
const LEGEND = 150;
const INPUT = "#0072b2";
const OUTPUT = "#008060";
const POOLING = "#9a4c95";
const FILTER = "#d55e00";

/**
 * What a pointer points at, beside the step itself.
 * @typedef {object} Hints
 * @property {{rows: number[], columns: number[]} | null} readers output cells that read the input cell pointed at
 * @property {{rows: {start: number, step: number, count: number}, columns: {start: number, step: number, count: number}} | null} weight
 * @property {number | null} ahead first position that is not written yet; null where all is shown
 * @property {boolean} unknown whether the cell in focus is still a question
 */

/** @param {HTMLElement} root */
export function createFigure(root) {
  const hosts = { input: part(root, "input-maps"), output: part(root, "output-maps") };
  const maps = { input: createMap(hosts.input), output: createMap(hosts.output) };
  /** @type {FigureLayout | null} */
  let layout = null;
  /** @type {{trace: Trace, view: View, plane: number | null} | null} */
  let shown = null;

  /** The still layers, for the present size. */
  function paint() {
    if (!shown) return;
    const { trace, view, plane } = shown;
    const index = Math.min(view.stage, trace.stages.length - 1);
    const stage = trace.stages[index];
    const before = index > 0 ? trace.stages[index - 1] : null;
    const width = hosts.output.clientWidth;
    const height = roomBelow(root);
    if (width < 30 || height < 30) return;
    const dpr = Math.max(1, window.devicePixelRatio || 1);
    layout = figureLayout({ width, height, dpr, input: requestOf(before ?? stage, stage, index), output: { rows: stage.shape[1], columns: stage.shape[2] }, fit: view.fit });
    const size = { width, height: Math.max(layout.input.whole.y + layout.input.whole.height, layout.output.whole.y + layout.output.whole.height) + EDGE, dpr };
    for (const host of Object.values(hosts)) host.style.height = `${size.height}px`;
    const ends = photoEnds(trace);
    if (before) {
      const channel = plane ?? inputChannel(stage, view.map, before);
      const colors = mapColors(before, channel, view.colors, view.scope, ends);
      maps.input.paint({ ...still(trace, before, channel, plane === null && composite(before, view), colors, size), layout: layout.input, unread: neverRead(stage), stops: view.stops ? stopsOf(stage) : [], padding: paddingText(stage, before, channel) });
      legend(root, "input", before, colors, layout.input.whole.width);
    }
    const colors = mapColors(stage, view.map, view.colors, view.scope, ends);
    maps.output.paint({ ...still(trace, stage, view.map, composite(stage, view), colors, size), layout: layout.output });
    legend(root, "output", stage, colors, layout.output.whole.width);
    for (const host of Object.values(hosts)) host.classList.add("live");
  }

  return {
    hosts,
    /** @param {Trace} trace @param {View} view @param {number | null} plane */
    show(trace, view, plane) {
      shown = { trace, view, plane };
      paint();
    },
    paint,
    /** Shows the input in the place of the output, or the output again. @param {boolean} on */
    compare(on) {
      paint();
      if (!on || !shown || !layout || shown.view.stage === 0) return;
      const { trace, view, plane } = shown;
      const before = trace.stages[view.stage - 1];
      const channel = plane ?? inputChannel(trace.stages[view.stage], view.map, before);
      const colors = mapColors(before, channel, view.colors, view.scope, photoEnds(trace));
      const { clientWidth: width, clientHeight: height } = hosts.output;
      const size = { width, height, dpr: Math.max(1, window.devicePixelRatio || 1) };
      maps.output.paint({ ...still(trace, before, channel, composite(before, view), colors, size), layout: layout.input });
      maps.output.mark([]);
    },
    /** @param {Frame} frame @param {Hints} hints */
    mark(frame, hints) {
      if (!shown || !layout) return;
      const stage = shown.trace.stages[frame.stage];
      maps.input.mark(inputMarks(frame, hints));
      maps.output.mark(outputMarks(stage, frame, hints));
    },
    /** The cell under a point of the window. @param {"input" | "output"} map @param {number} clientX @param {number} clientY */
    cellAt(map, clientX, clientY) {
      if (!layout) return null;
      const box = hosts[map].getBoundingClientRect();
      return cellAt(layout, map, clientX - box.left, clientY - box.top);
    },
    /** Where cells are, in pixels of the window. @param {"input" | "output"} map @param {number[]} rows @param {number[]} columns */
    rectOf(map, rows, columns) {
      if (!layout) return null;
      const [box, rect] = [hosts[map].getBoundingClientRect(), rectOf(layout, map, rows, columns)];
      return new DOMRect(box.left + rect.x, box.top + rect.y, rect.width, rect.height);
    },
    cell: () => layout?.output.cell ?? 0,
    remove() {
      for (const map of Object.values(maps)) map.remove();
    },
  };
}

/**
 * How high the maps may be: the figure less what stands above and below them. Where the figure has no height of its own
 * (on a phone), half of the screen.
 * @param {HTMLElement} root
 */
function roomBelow(root) {
  const figure = part(root, "figure");
  const style = getComputedStyle(figure);
  if (style.flexGrow === "0") return window.innerHeight * 0.52;
  const sums = part(root, "sums");
  const below = getComputedStyle(sums).gridRowStart === "2" && sums.offsetHeight ? sums.offsetHeight + parseFloat(style.rowGap) : 0;
  const inside = figure.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) - below;
  const around = ["input-box", "output-box"].map((name) => {
    const children = /** @type {HTMLElement[]} */ ([...part(root, name).children]);
    return children.filter((child) => !child.classList.contains("maps") && !child.hidden).reduce((sum, child) => sum + child.offsetHeight + 2, 0);
  });
  return inside - Math.max(...around) - EDGE;
}

/** Which channel of its input a stage's map is shown with. @param {Stage} stage @param {number} map @param {Stage} before */
export function inputChannel(stage, map, before) {
  const kind = kindOf(stage);
  const channels = before.shape[0];
  if (kind === "flatten") return Math.floor(map / (before.shape[1] * before.shape[2]));
  if (kind === "linear" || kind === "softmax") return 0;
  if (kind !== "conv") return Math.min(map, channels - 1);
  const groups = stage.groups ?? 1;
  return Math.floor(map / (stage.shape[0] / groups)) * (channels / groups);
}

/** Whether three maps are shown as one color picture. @param {Stage} stage @param {View} view */
export function composite(stage, view) {
  return stage.shape[0] === 3 && (view.colors === "photo" || (view.colors === "auto" && stage.colors === "photo"));
}

/** A map's picture, one pixel a cell. @param {Trace} trace @param {Stage} stage @param {number} map @param {boolean} whole @param {Scale} colors */
export function imageOf(trace, stage, map, whole, colors) {
  return whole ? photoImage(stage, photoEnds(trace)) : mapImage(stage, map, colors);
}

/**
 * A row of small maps to choose from.
 * @param {HTMLElement} host
 * @param {{trace: Trace, stage: Stage, view: View, chosen: number | null, labels: (map: number) => string, name: (map: number) => string}} asked
 * @param {(map: number) => void} choose
 */
export function showMultiples(host, { trace, stage, view, chosen, labels, name }, choose) {
  const count = stage.shape[0];
  host.hidden = count < 2;
  if (host.hidden) return host.replaceChildren();
  if (host.childElementCount !== count) fill(host, ...Array.from({ length: count }, (_, map) => build(multiple(map))));
  [...host.children].forEach((button, map) => {
    const colors = mapColors(stage, map, view.colors, view.scope, photoEnds(trace));
    paintThumbnail(/** @type {HTMLCanvasElement} */ (button.firstElementChild), stage.shape[1], stage.shape[2], mapImage(stage, map, colors));
    button.setAttribute("aria-pressed", String(map === chosen));
    button.setAttribute("aria-label", name(map));
    /** @type {HTMLElement} */ (button).title = name(map);
    say(/** @type {Element} */ (button.lastElementChild), labels(map));
    /** @type {HTMLElement} */ (button).onclick = () => choose(map);
  });
}

/** @param {number} map @returns {import("convoscope/dom.js").Description} */
function multiple(map) {
  return ["button", { type: "button", "data-map": map }, ["canvas"], ["span"]];
}

/** @param {Stage} before @param {Stage} stage @param {number} index */
function requestOf(before, stage, index) {
  const [rows, columns] = [stage.rows, stage.columns];
  const ring = index > 0 && rows && columns ? [rows.before, rows.after + rows.overhang, columns.before, columns.after + columns.overhang] : [0, 0, 0, 0];
  return { rows: before.shape[1], columns: before.shape[2], padding: /** @type {[number, number, number, number]} */ (ring) };
}

/**
 * @param {Trace} trace @param {Stage} stage @param {number} map @param {boolean} whole @param {Scale} colors
 * @param {{width: number, height: number, dpr: number}} size
 * @returns {Omit<Still, "layout">}
 */
function still(trace, stage, map, whole, colors, size) {
  const values = mapValues(stage, map);
  const gone = stage.image?.kind === "gone";
  const written = stage.output !== null && values.length <= MOST_DIGITS && !gone;
  const texts = written ? Array.from(values, (value) => shortNumber(value)) : [];
  const rgba = gone ? null : imageOf(trace, stage, map, whole, colors);
  const columns = stage.shape[2];
  const photo = colors.kind === "gray" && stage.op !== "input";
  return {
    ...size,
    rgba,
    longest: Math.max(1, ...texts.map((text) => text.length)),
    digits: written && rgba ? (row, col) => ({ text: texts[row * columns + col], ink: inkAt(rgba, row * columns + col) }) : null,
    padding: () => "",
    unread: { rows: [], columns: [] },
    beyond: photo ? colors.beyond(values).marks : null,
    stops: [],
    gone,
  };
}

/** @param {Uint8ClampedArray} rgba @param {number} i */
function inkAt(rgba, i) {
  return inkOn([rgba[i * 4], rgba[i * 4 + 1], rgba[i * 4 + 2]]);
}

/** What the cells of the padding hold. @param {Stage} stage @param {Stage} before @param {number} channel */
function paddingText(stage, before, channel) {
  const [, height, width] = before.shape;
  const plane = mapValues(before, channel);
  const modes = { reflect: reflected, replicate: (/** @type {number} */ i, /** @type {number} */ n) => Math.min(Math.max(i, 0), n - 1), circular: (/** @type {number} */ i, /** @type {number} */ n) => ((i % n) + n) % n };
  const from = stage.op === "conv" ? /** @type {Record<string, (i: number, n: number) => number>} */ (modes)[stage.padding_mode ?? "zeros"] : null;
  const zero = stage.pool === "max" || stage.pool === "min" ? "" : "0";
  return (/** @type {number} */ row, /** @type {number} */ col) => (from ? shortNumber(plane[from(row, height) * width + from(col, width)]) : zero);
}

/** @param {number} i @param {number} n */
function reflected(i, n) {
  if (n === 1) return 0;
  const place = Math.abs(i) % (2 * (n - 1));
  return Math.min(place, 2 * (n - 1) - place);
}

/** @param {Stage} stage */
function stopsOf(stage) {
  const [rows, columns] = [stage.rows, stage.columns];
  if (!rows || !columns || stage.shape[1] * stage.shape[2] > MOST_STOPS) return [];
  return Array.from({ length: rows.positions * columns.positions }, (_, i) => ({
    row: Math.floor(i / columns.positions) * rows.stride - rows.before,
    col: (i % columns.positions) * columns.stride - columns.before,
  }));
}

/** As wide as its map, where that leaves room. @param {HTMLElement} root @param {"input" | "output"} name @param {Stage} stage @param {Scale} colors @param {number} width */
function legend(root, name, stage, colors, width) {
  const host = part(root, `${name}-legend`);
  host.style.maxWidth = `${Math.max(width, LEGEND) + RULER_LEFT}px`;
  const [low, bar, high] = [...host.children];
  const ramp = Float32Array.from({ length: 256 }, (_, i) => colors.lo + ((colors.hi - colors.lo) * i) / 255);
  paintLegend(/** @type {HTMLCanvasElement} */ (bar), colors.rgba(ramp));
  say(low, signed(colors.lo, colors.kind));
  say(high, signed(colors.hi, colors.kind));
  host.title = PAGE.legend(stage, colors.kind);
}

/** @param {number} value @param {string} kind */
function signed(value, kind) {
  return (kind === "signed" && value > 0 ? "+" : "") + shortNumber(value);
}

/** @param {Frame} frame @param {Hints} hints @returns {Mark[]} */
function inputMarks(frame, { weight }) {
  /** @type {Mark[]} */
  const marks = [];
  if (weight) marks.push(...weightMarks(weight));
  if (frame.kind === "input" || !frame.rows.length) return marks;
  const [rows, columns] = [frame.rows, frame.columns];
  const block = { row: rows[0], col: columns[0], rows: rows[rows.length - 1] - rows[0] + 1, columns: columns[columns.length - 1] - columns[0] + 1 };
  const gaps = rows.length * columns.length < block.rows * block.columns;
  if (gaps) marks.push({ kind: "dots", color: INPUT, cells: rows.flatMap((row) => columns.map((col) => /** @type {[number, number]} */ ([row, col]))) });
  marks.push({ kind: "outline", block, color: INPUT });
  if (frame.chosen && frame.beat !== "window") marks.push({ kind: "outline", block: { row: frame.chosen[1], col: frame.chosen[2], rows: 1, columns: 1 }, color: POOLING });
  return marks;
}

/** @param {NonNullable<Hints["weight"]>} weight @returns {Mark[]} */
function weightMarks({ rows, columns }) {
  if (rows.step === 1 && columns.step === 1) {
    return [{ kind: "fill", color: FILTER, block: { row: rows.start, col: columns.start, rows: rows.count, columns: columns.count } }];
  }
  const cells = Array.from({ length: rows.count }, (_, i) => rows.start + i * rows.step)
    .flatMap((row) => Array.from({ length: columns.count }, (_, j) => /** @type {[number, number]} */ ([row, columns.start + j * columns.step])));
  return [{ kind: "dots", color: FILTER, cells: cells.slice(0, 2500) }];
}

/** @param {Stage} stage @param {Frame} frame @param {Hints} hints @returns {Mark[]} */
function outputMarks(stage, frame, { readers, ahead, unknown }) {
  /** @type {Mark[]} */
  const marks = [];
  if (ahead !== null) marks.push({ kind: "ahead", from: ahead });
  if (readers?.rows.length && readers.columns.length) {
    const [rows, columns] = [readers.rows, readers.columns];
    const block = { row: rows[0], col: columns[0], rows: rows[rows.length - 1] - rows[0] + 1, columns: columns[columns.length - 1] - columns[0] + 1 };
    marks.push({ kind: "fill", color: OUTPUT, block });
  }
  const cell = { row: frame.row, col: frame.col, rows: 1, columns: 1 };
  if (unknown) marks.push({ kind: "question", block: cell });
  marks.push({ kind: "outline", block: cell, color: stage.family === "pooling" ? POOLING : OUTPUT });
  return marks;
}

/**
 * The two maps of the figure: the input and the output of a stage, at one cell size.
 *
 * The still layers are painted when the trace, the stage, the colors or the size change; a step only moves marks.
 */

import { unreadCells } from "convoscope/pure/frame/frame.js";
import { inputStageOf, stageOf } from "convoscope/pure/frame/view-model.js";
import {
  boxWidths,
  cellAt,
  figureLayout,
  LARGEST_CELL,
  RULER_LEFT,
  RULER_TOP,
  rect,
  rectOf,
} from "convoscope/pure/maps/layout.js";
import { paddingText, stillLayer, windowStarts } from "convoscope/pure/maps/map-cells.js";
import { inputChannel, isColorPicture } from "convoscope/pure/maps/map-choice.js";
import { INPUT, inputMarks, OUTPUT, outputMarks, POOLING } from "convoscope/pure/maps/marks.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { findPart, getPart, isDark, readZoom } from "convoscope/ui/dom.js";
import { createMap } from "convoscope/ui/draw/draw.js";
import { showLegend } from "convoscope/ui/figure/legend.js";
import { createLinkLines } from "convoscope/ui/figure/link-lines.js";
import { fitWalls } from "convoscope/ui/figure/small-multiples.js";
import { createToComeLabel } from "convoscope/ui/figure/to-come-label.js";

/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {Hints} from "convoscope/pure/maps/marks.js" */
/** @import {FigureLayout} from "convoscope/pure/maps/layout.js" */

/**
 * Marks beside those of the step, made from what is shown.
 * @typedef {(shown: {trace: Trace, view: View, chosenChannel: number | null}, frame: Frame, hints: Hints) =>
 * {input: import("convoscope/ui/draw/brush.js").Mark[], output: import("convoscope/ui/draw/brush.js").Mark[]}} MoreMarks
 */

/** Space below a map for the outline of a window at its edge. */
const BOTTOM_MARGIN = 3;
/** Side of the smallest box of a map. */
const SMALLEST_SIDE = 30;
/** Width of the narrowest box: its title and the ends of its legend have room. */
const SMALLEST_BOX = 172;
/** A part of it, as titles have more lines in a figure that is read from afar. */
const TITLE_AFAR = 0.9;
/** The same for a vector, a list of scores or a wall of cells, and the part of a large figure that it takes. */
const [SMALLEST_LIST, LARGEST_LIST, LIST_SHARE] = [300, 520, 0.29];
/** Cells of this side and above may have numbers. */
const CELL_WITH_DIGITS = 18;
/** Height of a map that a figure always has room for, if it can grow. */
const SMALLEST_HEIGHT = 130;

/** @param {HTMLElement} root @param {() => number} [getPixelRatio] canvas pixels per CSS pixel */
export function createFigure(root, getPixelRatio = screenPixelRatio) {
  const hosts = { input: getPart(root, "input-maps"), output: getPart(root, "output-maps") };
  const maps = { input: createMap(hosts.input), output: createMap(hosts.output) };
  const links = createLinkLines(root);
  const toCome = createToComeLabel(hosts.output);
  const headers = /** @type {const} */ (["input", "output"]).map((name) => ({
    name,
    header: /** @type {HTMLElement} */ (getPart(root, `${name}-box`).querySelector("header")),
  }));
  /** @type {FigureLayout | null} */
  let layout = null;
  /** @type {{trace: Trace, view: View, chosenChannel: number | null} | null} */
  let current = null;
  /** @type {{frame: Frame, hints: Hints} | null} */
  let marked = null;
  /** @type {MoreMarks | null} */
  let moreMarks = null;
  /** The widths of both boxes, and the size of a canvas. */
  let [widths, size] = [[0, 0], { height: 0, dpr: 1 }];

  /** Whether all cells of the output are shown. */
  let isComplete = true;
  /** Shows the legend of the output; what lies beyond its ends only if all cells are shown. */
  let showOutputLegend = (/** @type {boolean} */ _isComplete) => {};

  /** Both headers are as high as the one with more lines, so that the maps begin at one height. */
  function alignHeaders() {
    for (const { header } of headers) header.style.removeProperty("min-height");
    const high = Math.max(...headers.map(({ header }) => header.offsetHeight));
    for (const { header } of headers) header.style.minHeight = `${high}px`;
  }

  function readHeight() {
    return Math.max(SMALLEST_SIDE, availableHeight(root));
  }

  /**
   * Gives both boxes their widths, and measures them; null where both are hidden. Maps that are alone in their line have
   * all of its width.
   * @param {Pick<Parameters<typeof boxWidths>[0], "input" | "output" | "least"> & {isAlone: boolean}} maps
   * @returns {[input: number, output: number] | null}
   */
  function shareWidth({ isAlone, ...maps }) {
    const names = /** @type {const} */ (["--input-share", "--output-share"]);
    const give = (/** @type {number} */ i, /** @type {number} */ share) =>
      root.style.setProperty(names[i], `calc(${share}px + var(${names[i]}-words, 0px))`);
    for (const name of names) root.style.removeProperty(name);
    const measure = () => /** @type {[number, number]} */ ([hosts.input.clientWidth, hosts.output.clientWidth]);
    const widths = measure(); // a hidden one has none
    if (Math.max(...widths) < SMALLEST_SIDE) return null;
    const zoom = readZoom(root);
    if (isAlone && zoom > 1 && !widths[0]) {
      // From afar a picture stands in the middle, as wide as its cells.
      const { rows, columns } = maps.output;
      const cell = Math.min((readHeight() - RULER_TOP * zoom) / rows, LARGEST_CELL * zoom);
      const wide = Math.max(RULER_LEFT * zoom + columns * cell, maps.least[1]);
      give(1, wide);
      return measure();
    }
    if (isAlone || !Math.min(...widths) || areStacked(root)) return widths;
    const width = widths[0] + widths[1];
    const least = /** @type {[number, number]} */ (maps.least.map((one) => Math.min(one, width / 2)));
    boxWidths({ ...maps, least, width, height: readHeight(), zoom }).forEach((share, i) => {
      give(i, share);
    });
    return measure();
  }

  /** Paints the still layers for the current size. */
  function paint() {
    const before = heightAroundMaps(root);
    paintOnce();
    if (heightAroundMaps(root) !== before) paintOnce(); // the legends have other texts now
  }

  /** What is shown, with its stage and the one before. @param {NonNullable<typeof current>} shown */
  function stagesOf({ trace, view, chosenChannel }) {
    const stage = stageOf(trace, view);
    return { trace, view, chosenChannel, index: stage.index, stage, before: inputStageOf(trace, stage, view.map) };
  }

  function paintOnce() {
    if (!current) return;
    const { view, index, stage, before } = stagesOf(current);
    for (const host of Object.values(hosts)) host.classList.add("live");
    const dpr = getPixelRatio();
    const [input, output] = [
      inputMapSize(before ?? stage, stage, index),
      { rows: stage.shape[1], columns: stage.shape[2] },
    ];
    const share = () =>
      shareWidth({
        input,
        output,
        least: [smallestBox(root, before ?? stage), smallestBox(root, stage)],
        isAlone: !before || view.fit,
      });
    if (!share()) {
      layout = null; // both are hidden, and the layout may be that of another stage
      return;
    }
    alignHeaders();
    root.style.removeProperty("--box-height");
    growFigure(root);
    const height = readHeight();
    const [first, second] = /** @type {[number, number]} */ (share());
    widths = [first, second];
    fitWalls(root);
    layout = figureLayout({
      width: Math.max(first, second),
      height,
      dpr,
      input: { ...input, width: first || second },
      output: { ...output, width: second || first },
      fit: view.fit,
      zoom: readZoom(root),
    });
    size = {
      height:
        Math.max(layout.input.whole.y + layout.input.whole.height, layout.output.whole.y + layout.output.whole.height) +
        BOTTOM_MARGIN,
      dpr,
    };
    for (const host of Object.values(hosts)) host.style.height = `${size.height}px`;
    root.style.setProperty("--box-height", `${size.height + heightAroundMaps(root)}px`);
    const { y, height: own } = layout.output.whole;
    if (stage.shape[1] * stage.shape[2] === 1) hosts.output.style.height = `${y + own + BOTTOM_MARGIN}px`; // bars follow
    paintMaps();
  }

  /** Paints the still layers where nothing but their numbers has changed: nothing is measured. */
  function paintMaps() {
    if (!current || !layout) return;
    const { trace, view, chosenChannel, stage, before } = stagesOf(current);
    const [first, second] = widths;
    const ends = photoRange(trace);
    const dark = isDark(root);
    if (before) {
      const channel = chosenChannel ?? inputChannel(stage, view.map, before);
      const isWhole = chosenChannel === null && isColorPicture(before, view);
      const colors = mapColors(before, channel, view.colors, view.scope, ends, dark);
      maps.input.paint({
        ...stillLayer(before, channel, isWhole, colors, { ...size, width: first }),
        layout: layout.input,
        unread: unreadCells(stage),
        stops: view.marks ? windowStarts(stage) : [],
        padding: paddingText(stage, before, channel),
      });
      showLegend(root, "input", before, isWhole ? null : channel, colors, layout.input.whole.width, true);
    }
    const isWhole = isColorPicture(stage, view);
    const colors = mapColors(stage, view.map, view.colors, view.scope, ends, dark);
    maps.output.paint({
      ...stillLayer(stage, view.map, isWhole, colors, { ...size, width: second }),
      layout: layout.output,
    });
    const across = layout.output.whole.width;
    showOutputLegend = (isComplete) =>
      showLegend(root, "output", stage, isWhole ? null : view.map, colors, across, isComplete);
    showOutputLegend(isComplete);
    for (const { name, header } of headers) {
      const { x, width: across } = layout[name].whole;
      // The size stands at the map's edge, also of a narrow map.
      header.style.minWidth = `min(100%, var(--words, 0px) + ${x + across}px)`;
    }
  }

  /** Joins the arithmetic to the window and to the cell. @param {Frame} frame @param {Hints} hints */
  function showLinks(frame, hints) {
    if (!current || !layout) return;
    const { rows, columns, row, col } = frame;
    const [first, last] = [rows[0], rows[rows.length - 1]];
    const isList = layout.input.rows * layout.input.columns === 1 && layout.output.rows * layout.output.columns === 1;
    const { lifted } = hints;
    const isInside = rows.length > 0 && columns.length > 0 && current.view.stage > 0 && !isList && !lifted?.window;
    const window = isInside && last >= first ? rectOf(layout, "input", rows, columns) : null;
    const position = row * layout.output.columns + col;
    const isLatest = hints.ahead === null || position >= hints.ahead - 1;
    const isMap = layout.output.rows * layout.output.columns > 1; // else it is a line of a list
    const isFree = isMap && (isLatest || layout.output.cell < CELL_WITH_DIGITS) && !lifted?.line && !lifted?.cell;
    links.show(
      frame,
      window,
      isFree && current.view.stage > 0 ? rect(layout, "output", row, col) : null,
      layout.output.cells,
    );
  }

  return {
    hosts,
    maps,
    /**
     * @param {Trace} trace @param {View} view @param {number | null} chosenChannel
     * @param {boolean} [isAlike] whether only the numbers are others than before
     */
    show(trace, view, chosenChannel, isAlike) {
      current = { trace, view, chosenChannel };
      links.invalidate();
      toCome.invalidate();
      if (isAlike && layout) paintMaps();
      else paint();
    },
    paint,
    /** Adds marks to those of each step. @param {MoreMarks} more */
    addMarks(more) {
      moreMarks = more;
      if (marked) this.mark(marked.frame, marked.hints);
    },
    /** @param {Frame} frame @param {Hints} hints */
    mark(frame, hints) {
      if (!current || !layout) return;
      const stage = current.trace.stages[frame.stage];
      if (isComplete !== (hints.ahead === null || hints.ghost)) {
        isComplete = !isComplete;
        showOutputLegend(isComplete);
      }
      marked = { frame, hints };
      const more = moreMarks?.(current, frame, hints);
      maps.input.mark([...inputMarks(frame, hints), ...(more?.input ?? [])]);
      maps.output.mark([...outputMarks(stage, frame, hints), ...(more?.output ?? [])]);
      showLinks(frame, hints);
      toCome.show(layout.output, hints.ghost || stage.index === 0 ? null : hints.ahead);
    },
    /**
     * The cell at a point, in pixels of the viewport.
     * @param {"input" | "output"} map @param {number} clientX @param {number} clientY
     */
    cellAt(map, clientX, clientY) {
      if (!layout) return null;
      const box = hosts[map].getBoundingClientRect();
      const scale = box.width / hosts[map].offsetWidth || 1; // above 1 if the whole figure is enlarged
      return cellAt(layout, map, (clientX - box.left) / scale, (clientY - box.top) / scale);
    },
    /**
     * The rectangle of cells, in pixels of the viewport.
     * @param {"input" | "output"} map @param {number[]} rows @param {number[]} columns
     */
    rectOf(map, rows, columns) {
      if (!layout) return null;
      const [box, rect] = [hosts[map].getBoundingClientRect(), rectOf(layout, map, rows, columns)];
      const scale = box.width / hosts[map].offsetWidth || 1;
      return new DOMRect(box.left + rect.x * scale, box.top + rect.y * scale, rect.width * scale, rect.height * scale);
    },
    /**
     * What the lens shows for a cell; null where its number can be read in the map, and where it is not computed yet.
     * A finger hides the number that it lies on.
     * @param {{map: "input" | "output", row: number, col: number, isTouch?: boolean}} place @param {Frame} frame
     * @param {number | null} ahead first position that is not computed yet
     */
    loupeTarget({ map, row, col, isTouch = false }, frame, ahead) {
      const still = maps[map].shown();
      if (!current || !still?.rgba || row >= still.layout.rows || col >= still.layout.columns || row < 0 || col < 0)
        return null;
      const isOutput = map === "output";
      const isAhead = isOutput && ahead !== null && row * still.layout.columns + col >= ahead;
      if (isAhead || (!isTouch && maps[map].hasNumber(row, col))) return null;
      const own = isOutput || !frame.rows.length ? { rows: [row], columns: [col] } : frame;
      const others = isOutput
        ? { rows: frame.rows, columns: frame.columns }
        : { rows: [frame.row], columns: [frame.col] };
      const otherRect = others.rows.length
        ? this.rectOf(isOutput ? "input" : "output", others.rows, others.columns)
        : null;
      const ownRect = this.rectOf(map, span(row, own.rows), span(col, own.columns));
      const isPooling = current.trace.stages[frame.stage].family === "pooling";
      const inSight = ["sums", "transport"].flatMap((part) => findPart(root, part)?.getBoundingClientRect() ?? []);
      return {
        still,
        row,
        col,
        window: {
          row: own.rows[0],
          col: own.columns[0],
          rows: own.rows[own.rows.length - 1] - own.rows[0] + 1,
          columns: own.columns[own.columns.length - 1] - own.columns[0] + 1,
        },
        color: isOutput ? (isPooling ? POOLING : OUTPUT) : INPUT,
        ahead: isOutput ? ahead : null,
        own: /** @type {DOMRect} */ (ownRect),
        others: [...inSight, ...(otherRect ? [otherRect] : [])],
      };
    },
    cell: () => layout?.output.cell ?? 0,
    remove() {
      for (const map of Object.values(maps)) map.remove();
    },
  };
}

/** The first and the last of some cells and one more. @param {number} one @param {number[]} cells */
function span(one, cells) {
  return [Math.min(one, cells[0]), Math.max(one, cells[cells.length - 1])];
}

function screenPixelRatio() {
  return Math.max(1, window.devicePixelRatio || 1);
}

/**
 * Makes a figure in a page that scrolls at least as high as its contents. `--given` is the height that the page gives
 * it, `--content` the one that its contents need.
 * @param {HTMLElement} root
 */
function growFigure(root) {
  const figure = getPart(root, "figure");
  const before = figure.style.getPropertyValue("--content");
  figure.style.removeProperty("--content");
  const given = figure.clientHeight;
  figure.style.setProperty("--given", `${given}px`);
  const style = getComputedStyle(figure);
  if (style.flexGrow === "0" || style.getPropertyValue("--fixed") === "1") return;
  const sums = getPart(root, "sums");
  const isBelow = getComputedStyle(sums).gridRowStart === "2";
  const [arithmetic, around] = [sums.offsetHeight, heightAroundMaps(root) + SMALLEST_HEIGHT];
  const inner = isBelow ? arithmetic + parseFloat(style.rowGap) + around : Math.max(arithmetic, around);
  const needed =
    Math.ceil(inner + notesHeight(root) + parseFloat(style.paddingTop) + parseFloat(style.paddingBottom)) + 2;
  if (needed > given || before) figure.style.setProperty("--content", `${needed}px`);
}

/**
 * The height of everything above and below the maps. A list that is read from afar, or stands below the other map, has
 * a height of its own, beside which that map is as high as it can be.
 * @param {HTMLElement} root
 */
function heightAroundMaps(root) {
  const boxes = ["input-box", "output-box"].map((name) => getPart(root, name));
  const withMaps =
    readZoom(root) > 1 || areStacked(root) ? boxes.filter(({ classList }) => !classList.contains("vector")) : boxes;
  const around = (withMaps.length ? withMaps : boxes).map((box) => {
    const children = /** @type {HTMLElement[]} */ ([...box.children]);
    return children
      .filter((child) => !child.classList.contains("maps") && !child.hidden)
      .reduce((sum, child) => sum + child.offsetHeight + 2, 0);
  });
  return Math.max(...around);
}

/**
 * The height that is left for the maps: that of the figure less the parts above and below them. If the figure has no
 * height of its own (on a phone), about half of the screen.
 * @param {HTMLElement} root
 */
function availableHeight(root) {
  const figure = getPart(root, "figure");
  const style = getComputedStyle(figure);
  if (style.flexGrow === "0") return window.innerHeight * 0.52;
  const sums = getPart(root, "sums");
  const below =
    getComputedStyle(sums).gridRowStart === "2" && sums.offsetHeight ? sums.offsetHeight + parseFloat(style.rowGap) : 0;
  const inner =
    figure.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) - below - notesHeight(root);
  const inside = areStacked(root) ? (inner - parseFloat(style.rowGap)) / 2 : inner;
  return inside - heightAroundMaps(root) - BOTTOM_MARGIN;
}

/** The height of the notes below the maps, with the space above them. @param {HTMLElement} root */
function notesHeight(root) {
  const height = findPart(root, "notes")?.offsetHeight ?? 0;
  return height && height + parseFloat(getComputedStyle(getPart(root, "figure")).rowGap);
}

/** Whether the output stands below the input. @param {HTMLElement} root */
function areStacked(root) {
  const isAlone = getPart(root, "figure").classList.contains("alone");
  return !isAlone && getComputedStyle(getPart(root, "output-box")).gridRowStart === "2";
}

/** The narrowest box of a stage. @param {HTMLElement} root @param {Stage} stage */
function smallestBox(root, { shape: [maps, rows, columns] }) {
  const zoom = readZoom(root);
  if (maps < 2 || rows * columns > 1) return SMALLEST_BOX * Math.max(1, TITLE_AFAR * zoom);
  const wish = Math.min(LIST_SHARE * getPart(root, "figure").clientWidth, LARGEST_LIST);
  return Math.max(SMALLEST_LIST * zoom, wish);
}

/** @param {Stage} before @param {Stage} stage @param {number} index */
function inputMapSize(before, stage, index) {
  const [rows, columns] = [stage.rows, stage.columns];
  const padding =
    index > 0 && rows && columns
      ? [rows.before, rows.after + rows.overhang, columns.before, columns.after + columns.overhang]
      : [0, 0, 0, 0];
  return {
    rows: before.shape[1],
    columns: before.shape[2],
    padding: /** @type {[number, number, number, number]} */ (padding),
  };
}

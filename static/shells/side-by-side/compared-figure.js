/** One of several figures: its two maps on canvases, their titles, and one line about the step that is shown. */

import { unreadCells } from "convoscope/pure/frame/frame.js";
import { inputStageOf, stageOf } from "convoscope/pure/frame/view-model.js";
import { cellAt, figureLayout, RULER_LEFT, RULER_TOP } from "convoscope/pure/maps/layout.js";
import { paddingText, stillLayer } from "convoscope/pure/maps/map-cells.js";
import { inputChannel, isColorPicture } from "convoscope/pure/maps/map-choice.js";
import { inputMarks, outputMarks } from "convoscope/pure/maps/marks.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { TOGETHER } from "convoscope/pure/strings/present-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { describeStep, stageTitle } from "convoscope/pure/text/caption.js";
import { findPart, getPart, setText } from "convoscope/ui/dom.js";
import { createMap } from "convoscope/ui/draw/draw.js";
import { listenPointer } from "convoscope/ui/pointer.js";

/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {MapName} from "convoscope/pure/frame/view-model.js" */
/** @import {FigureLayout} from "convoscope/pure/maps/layout.js" */
/** @import {Scale} from "convoscope/pure/maps/palette.js" */
/** @import {StepShown} from "convoscope/pure/story/lock-step.js" */

/** @typedef {{row: number, col: number}} PointedCell */
/** @typedef {{input: number, output: number}} Cells sides of cells */
/** The scales that all figures share; of a side that none shows, null. @typedef {Record<MapName, Scale | null>} Scales */

/** Space below a map for the outline of a window at its edge. */
const BOTTOM_MARGIN = 3;
/** The narrowest box of a map, which has its title. */
export const LEAST_BOX = 96;
const NO_PADDING = /** @type {[number, number, number, number]} */ ([0, 0, 0, 0]);

/**
 * @param {HTMLElement} root @param {View} view
 * @param {{onHover: (map: MapName, cell: PointedCell | null) => void, onPick: (map: MapName, cell: PointedCell | null)
 * => void, getPixelRatio: () => number}} events
 */
export function createComparedFigure(root, view, { onHover, onPick, getPixelRatio }) {
  const output = getPart(root, "output-maps");
  const input = findPart(root, "input-maps");
  const hosts = /** @type {Record<MapName, HTMLElement>} */ ({ output, ...(input ? { input } : {}) });
  const maps = /** @type {Record<MapName, ReturnType<typeof createMap>>} */ (
    Object.fromEntries(Object.entries(hosts).map(([name, host]) => [name, createMap(host)]))
  );
  const line = getPart(root, "line");
  /** @type {FigureLayout | null} */
  let layout = null;
  let shownView = view;
  /** @type {Trace | null} */
  let trace = null;

  listenPointer(hosts, {
    cellAt(map, clientX, clientY) {
      if (!layout) return null;
      const box = hosts[map].getBoundingClientRect();
      return cellAt(layout, map, clientX - box.left, clientY - box.top);
    },
    onHover,
    onPick,
    onDrag: (map, cell) => cell && onPick(map, cell),
  });

  /** The stage that is shown and the one that it reads. */
  function stages() {
    const loaded = /** @type {Trace} */ (trace);
    const stage = stageOf(loaded, shownView);
    return { stage, before: input ? inputStageOf(loaded, stage, shownView.map) : null };
  }

  /** Rows, columns, padding and pixels of both maps. @param {Cells} cells @param {number} zoom */
  function requests(cells, zoom) {
    const { stage, before } = stages();
    const request = (/** @type {Stage} */ { shape }, /** @type {number} */ cell, padding = NO_PADDING) => {
      const [rows, columns] = [padding[0] + shape[1] + padding[1], padding[2] + shape[2] + padding[3]];
      const [width, height] = [RULER_LEFT * zoom + columns * cell, RULER_TOP * zoom + rows * cell];
      return { rows: shape[1], columns: shape[2], padding, width, height };
    };
    return {
      input: request(before ?? stage, before ? cells.input : cells.output, before ? paddingOf(stage) : NO_PADDING),
      output: request(stage, cells.output),
    };
  }

  /** The channel of the input that stands beside the map. @param {Stage} stage @param {Stage} before */
  const channelOf = (stage, before) => inputChannel(stage, shownView.map, before);

  return {
    root,
    letter: root.dataset.letter ?? "",
    /** The numbers of the figure, null until they are here. */
    trace: () => trace,
    view: () => shownView,
    /** @param {Trace} loaded @param {View} fitted to it */
    show(loaded, fitted) {
      [trace, shownView] = [loaded, fitted];
      const { stage, before } = stages();
      describe("output", stage, shownView.map);
      if (before) describe("input", before, 0);
    },
    stages,
    /** What the figure reads, and what of it is shown; null where it is not there. */
    input() {
      const { stage, before } = stages();
      return before && { before, stage, channel: isColorPicture(before, shownView) ? -1 : channelOf(stage, before) };
    },
    /** Rows and columns of both maps, with the padding of the input. */
    extents() {
      const { stage, before } = stages();
      const [top, bottom, left, right] = paddingOf(stage);
      return {
        input: before && { rows: top + before.shape[1] + bottom, columns: left + before.shape[2] + right },
        output: { rows: stage.shape[1], columns: stage.shape[2] },
      };
    },
    /** The scales of the maps, had each its own. @param {boolean} isDark */
    ownScales(isDark) {
      const { stage, before } = stages();
      const ends = photoRange(/** @type {Trace} */ (trace));
      const { colors, scope, map } = shownView;
      return {
        input: before && mapColors(before, channelOf(stage, before), colors, scope, ends, isDark),
        output: mapColors(stage, map, colors, scope, ends, isDark),
      };
    },
    /** Gives both maps their sizes. @param {Cells} cells @param {number} zoom */
    size(cells, zoom) {
      const sizes = requests(cells, zoom);
      for (const [name, host] of /** @type {[MapName, HTMLElement][]} */ (Object.entries(hosts))) {
        const { width, height } = sizes[name];
        host.classList.add("live");
        host.style.width = `${width}px`;
        host.style.height = `${height + BOTTOM_MARGIN}px`;
        const box = host.closest(".box");
        if (box instanceof HTMLElement) box.style.setProperty("--map", `${Math.max(width, LEAST_BOX * zoom)}px`);
      }
    },
    /** Paints both maps. @param {Cells} cells @param {Scales} scales @param {number} zoom */
    paint(cells, scales, zoom) {
      const { stage, before } = stages();
      const dpr = getPixelRatio();
      const sizes = requests(cells, zoom);
      layout = figureLayout({ width: 0, height: 0, dpr, ...sizes, fit: true, zoom });
      for (const name of /** @type {MapName[]} */ (Object.keys(hosts))) {
        const own = name === "input" ? before : stage;
        const scale = scales[name];
        if (!own || !scale) continue;
        const [width, height] = [sizes[name].width, sizes[name].height + BOTTOM_MARGIN];
        const map = name === "input" ? channelOf(stage, own) : shownView.map;
        const isWhole = scale.kind === "gray" && isColorPicture(own, shownView);
        maps[name].paint({
          ...stillLayer(own, map, isWhole, scale, { width, height, dpr }),
          layout: layout[name],
          ...(name === "input" ? { unread: unreadCells(stage), padding: paddingText(stage, own, map) } : {}),
        });
      }
    },
    /** Marks a step in both maps and writes its line. @param {StepShown} step @returns {string} the line */
    mark({ frame, readers, text, missing, ahead }) {
      const { stage } = stages();
      const hints = {
        readers,
        weight: null,
        ahead,
        ghost: shownView.ghost,
        unknown: stage.index > 0 && frame?.beat !== "write",
      };
      maps.input?.mark(frame ? inputMarks(frame, hints) : []);
      const unwritten = ahead === null ? [] : [{ kind: /** @type {const} */ ("ahead"), from: ahead }];
      maps.output.mark(frame ? outputMarks(stage, frame, hints) : unwritten);
      const said = missing
        ? missing.map === "input"
          ? TOGETHER.noInputCell(missing.row, missing.col, missing.rows, missing.columns)
          : TOGETHER.noCell(missing.row, missing.col, missing.rows, missing.columns)
        : (text ?? (frame ? describeStep(/** @type {Trace} */ (trace), frame) : ""));
      setText(line, said);
      return said;
    },
  };

  /** @param {MapName} side @param {Stage} stage @param {number} map */
  function describe(side, stage, map) {
    setText(getPart(root, `${side}-title`), stageTitle(/** @type {Trace} */ (trace), stage.index));
    setText(getPart(root, `${side}-shape`), `${stage.shape[1]} × ${stage.shape[2]}`);
    hosts[side].setAttribute("aria-label", PAGE.mapSummary(stage, map));
  }
}

/** The padding around the input of a stage: top, bottom, left, right. @param {Stage} stage */
function paddingOf({ rows, columns }) {
  if (!rows || !columns) return NO_PADDING;
  return /** @type {[number, number, number, number]} */ ([
    rows.before,
    rows.after + rows.overhang,
    columns.before,
    columns.after + columns.overhang,
  ]);
}

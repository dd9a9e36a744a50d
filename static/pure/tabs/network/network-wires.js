/**
 * The wires into what is chosen in a network. A chosen cell: each has width and color by its channel's share of the cell's
 * sum; a chosen map alone: thin and gray. Where all that is read is 0, there is no wire.
 */

import { beforeFlattening } from "convoscope/pure/frame/frame.js";
import { range } from "convoscope/pure/frame/window.js";
import { isSilentMap, sharesOf } from "convoscope/pure/tabs/network/channel-shares.js";
import { columnOfStage, workOf } from "convoscope/pure/tabs/network/network-columns.js";
import { firstChannelOf } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Cell, Rect, Stage, Trace} from "convoscope/pure/types.js" */
/** @import {NetworkColumn} from "convoscope/pure/tabs/network/network-columns.js" */
/** @import {DrawnMap, NetworkLayout, PlacedColumn} from "convoscope/pure/tabs/network/network-layout.js" */

/** What is chosen: a map, or with `at` one of its cells. @typedef {{stage: number, map: number, at: Cell | null}} Chosen */

/**
 * A wire from a map, or from a channel of the picture, to what is chosen. `share` is null where the wire is gray.
 * @typedef {{column: NetworkColumn, map: number, share: number | null}} Wire
 */

/** The most wires from single numbers, and from the channels of the picture. */
const MOST_VALUES = 9;

/**
 * The wires into what is chosen, from all maps that it reads, drawn or not.
 * @param {Trace} trace @param {NetworkColumn[]} columns @param {Chosen} chosen @returns {Wire[]}
 */
export function wiresInto(trace, columns, chosen) {
  const column = columnOfStage(columns, chosen.stage);
  if (column.kind === "picture" || trace.stages[chosen.stage].kind === "flatten") return [];
  const work = workOf(trace, column);
  const at = atWork(trace, work, column, chosen);
  const shares = at ? sharesOf(trace, work, chosen.map, at) : [];
  if (shares.length) {
    const from = sourceColumn(trace, columns, work);
    return shares
      .filter(({ isSilent, share }) => !isSilent && share !== 0)
      .map(({ channel, share }) => ({ column: from, map: channel, share }));
  }
  return work.reads.flatMap((index, part) => {
    const source = before(trace, trace.stages[index]);
    const from = columnOfStage(columns, source.index);
    return mapsRead(work, chosen.map, part, source)
      .filter((map) => !isSilentMap(source, map))
      .map((map) => ({ column: from, map, share: null }));
  });
}

/**
 * The cell of the layer with weights that leads to the chosen one; null where a map is chosen, not a cell.
 * @param {Trace} trace @param {Stage} work @param {NetworkColumn} column @param {Chosen} chosen @returns {Cell | null}
 */
function atWork(trace, work, column, { stage, map, at }) {
  const [, rows, columns] = work.shape;
  if (map >= work.shape[0]) return null;
  if (rows * columns === 1) return [0, 0];
  const [, height, width] = trace.stages[stage].shape;
  return at && column.stages.includes(stage) && height === rows && width === columns ? at : null;
}

/** @param {Trace} trace @param {NetworkColumn[]} columns @param {Stage} work */
function sourceColumn(trace, columns, work) {
  return columnOfStage(columns, beforeFlattening(trace, work).index);
}

/** The maps of a stage, before they were flattened. @param {Trace} trace @param {Stage} stage */
function before(trace, stage) {
  return stage.kind === "flatten" ? beforeFlattening(trace, stage) : stage;
}

/**
 * The maps that a map reads of one stage.
 * @param {Stage} work @param {number} map @param {number} part which of its inputs
 * @param {Stage} source @returns {number[]}
 */
function mapsRead(work, map, part, source) {
  const [count] = source.shape;
  if (work.kind === "conv") {
    const first = firstChannelOf(work, map);
    return range(count / (work.groups ?? 1)).map((c) => first + c);
  }
  if (work.starts) {
    const own = map - work.starts[part];
    return own >= 0 && own < count ? [own] : [];
  }
  if (["linear", "softmax", "prepare", "lrn"].includes(work.kind)) return range(count);
  return [Math.min(map, count - 1)];
}

/** @typedef {{d: string, width: number, sign: -1 | 0 | 1}} WirePath */

/** The widths of a wire in pixels: a gray one, the least, the most, and how much a share of 1 would add. */
const [GRAY, THINNEST, THICKEST, OF_SHARE] = [1.2, 1, 9, 26];

/**
 * The wires that are drawn: those from drawn maps, and of single numbers and of the picture's channels the largest.
 * @param {Trace} trace @param {NetworkLayout} layout @param {Wire[]} wires @param {Rect} end what is chosen
 * @returns {WirePath[]}
 */
export function wirePaths(trace, layout, wires, end) {
  const drawn = wires
    .map((wire) => ({ wire, from: startOf(trace, layout, wire) }))
    .filter(({ from }) => from !== null)
    .sort((a, b) => Math.abs(b.wire.share ?? 0) - Math.abs(a.wire.share ?? 0));
  return keepLargest(drawn).map(({ wire, from }) => {
    const rect = /** @type {Rect} */ (from);
    const [start, stop] = layout.isList
      ? [
          { x: rect.x + rect.width / 2, y: rect.y + rect.height },
          { x: end.x + Math.min(end.width, 60) / 2, y: end.y },
        ]
      : [
          { x: rect.x + rect.width, y: rect.y + rect.height / 2 },
          { x: end.x, y: end.y + end.height / 2 },
        ];
    return {
      d: curve(start, stop, layout.isList),
      width: wire.share === null ? GRAY : Math.min(THICKEST, THINNEST + OF_SHARE * Math.abs(wire.share)),
      sign: /** @type {-1 | 0 | 1} */ (Math.sign(wire.share ?? 0)),
    };
  });
}

/**
 * Of wires from single numbers and from the picture's channels the largest, of gray ones some at equal distances; of others
 * all.
 * @template {{wire: Wire}} T @param {T[]} drawn with the largest first @returns {T[]}
 */
function keepLargest(drawn) {
  const isMany = drawn.length > MOST_VALUES && drawn[0].wire.column.kind !== "maps";
  if (!isMany) return drawn;
  if (drawn[0].wire.share !== null) return drawn.slice(0, MOST_VALUES);
  return range(MOST_VALUES).map((n) => drawn[Math.floor((n * drawn.length) / MOST_VALUES)]);
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b @param {boolean} isDown */
function curve(a, b, isDown) {
  const half = isDown ? (b.y - a.y) / 2 : (b.x - a.x) / 2;
  const [c, d] = isDown
    ? [
        [a.x, a.y + half],
        [b.x, b.y - half],
      ]
    : [
        [a.x + half, a.y],
        [b.x - half, b.y],
      ];
  return `M${[a.x, a.y].map(round).join()}C${[...c, ...d, b.x, b.y].map(round).join()}`;
}

/** @param {number} number */
function round(number) {
  return Math.round(number * 10) / 10;
}

/**
 * Where a wire begins: at a map, or at a place of the picture's edge for each of its channels; null where it is not drawn.
 * @param {Trace} trace @param {NetworkLayout} layout @param {Wire} wire @returns {Rect | null}
 */
function startOf(trace, layout, { column, map }) {
  const placed = /** @type {PlacedColumn} */ (layout.columns.find((one) => one.column === column));
  if (column.kind === "picture") {
    const [{ x, y, width, height }] = placed.maps;
    const [count] = trace.stages[column.shown].shape;
    if (layout.isList) return { x: x + (map * width) / count, y, width: width / count, height };
    return { x, y: y + (map * height) / count, width, height: height / count };
  }
  const found = /** @type {DrawnMap | undefined} */ (placed.maps.find((one) => one.map === map));
  return found ?? null;
}

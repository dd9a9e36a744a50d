/**
 * The lens beside a map: 7 × 7 cells around the pointer, the finger or the cell with the keyboard's focus, with their
 * numbers. It is loaded when it is first needed.
 */

import { loupeBlock, loupeCell, placeLoupe } from "convoscope/pure/maps/loupe-place.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, findPart, readZoom, setText } from "convoscope/ui/dom.js";
import { paintLoupe } from "convoscope/ui/draw/draw-loupe.js";

/** @import {Rect} from "convoscope/pure/types.js" */
/** @import {Block, StillLayer} from "convoscope/ui/draw/brush.js" */

/**
 * What the lens is shown for.
 * @typedef {object} LoupeTarget
 * @property {StillLayer} still the map
 * @property {number} row
 * @property {number} col
 * @property {Block} window of the cells that the step reads or, on the output, its cell
 * @property {string} color of the outlines
 * @property {number | null} ahead the first position that is not computed yet
 * @property {Rect} own the window in the viewport
 * @property {Rect[]} others what should not be covered, in the viewport
 * @property {boolean} isTouch
 */

/** The part of the smaller side of the viewport that the lens may fill. */
const LARGEST_PART = 0.62;

/** @param {HTMLElement} root */
export function createLoupe(root) {
  const canvas = /** @type {HTMLCanvasElement} */ (build(["canvas"]));
  const valueText = build(["span", { class: "mono" }]);
  const host = build(["div", { class: "loupe", hidden: true, "aria-hidden": true }, canvas, valueText]);
  (findPart(root, "figure") ?? root).append(host);
  return {
    /** @param {LoupeTarget} target */
    show({ still, row, col, window: read, color, ahead, own, others, isTouch }) {
      const { rows, columns } = still.layout;
      const block = loupeBlock({ row, col }, rows, columns);
      const zoom = readZoom(root);
      // The figure may be scaled as a whole.
      const scale = host.offsetWidth ? host.getBoundingClientRect().width / host.offsetWidth : 1;
      const page = { width: window.innerWidth / scale, height: window.innerHeight / scale };
      const texts = cellTexts(still, block);
      const longest = Math.max(1, ...texts.flatMap((cell) => cell.map(([exact]) => exact.length)));
      const most = LARGEST_PART * Math.min(page.width / 0.8, page.height);
      const cell = Math.min(loupeCell(longest, texts[0]?.length ?? 1, most / zoom), most / 7) * zoom;
      const isKnown = (/** @type {number} */ r, /** @type {number} */ c) => ahead === null || r * columns + c < ahead;
      paintLoupe(canvas, {
        still,
        block,
        cell,
        zoom,
        isKnown,
        outlines: [
          { block: read, color, isThin: true },
          { block: { row, col, rows: 1, columns: 1 }, color, isThin: false },
        ],
      });
      const values = still.texts?.(row, col).map(([exact]) => exact) ?? [];
      setText(valueText, PAGE.cell(row, col, values.join(" · ")));
      host.hidden = false;
      const size = { width: host.offsetWidth, height: host.offsetHeight };
      const place = placeLoupe(
        size,
        shrink(own, scale),
        others.map((rect) => shrink(rect, scale)),
        page,
        isTouch,
      );
      host.style.left = `${place.x}px`;
      host.style.top = `${place.y}px`;
    },
    hide() {
      host.hidden = true;
    },
    isShown: () => !host.hidden,
  };
}

/** @param {StillLayer} still @param {Block} block */
function cellTexts({ texts }, block) {
  if (!texts) return [];
  return Array.from({ length: block.rows * block.columns }, (_, i) =>
    texts(block.row + Math.floor(i / block.columns), block.col + (i % block.columns)),
  );
}

/** @param {Rect} rect @param {number} scale @returns {Rect} */
function shrink({ x, y, width, height }, scale) {
  return { x: x / scale, y: y / scale, width: width / scale, height: height / scale };
}

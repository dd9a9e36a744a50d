/**
 * The surface that is drawn on: with mouse, finger or stylus, and by keys with a cursor of one cell. It shows a sheet and
 * reports strokes; it keeps none.
 */

import { paintSheet, sizeOf } from "convoscope/pure/link/drawing/sheet.js";
import { DRAW } from "convoscope/pure/strings/upload-strings.js";
import { build } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/thumbnail.js";

/** @import {Sheet} from "convoscope/pure/link/drawing/sheet.js" */
/** @import {PenPoint} from "convoscope/pure/link/drawing/stroke.js" */
/** @import {Cell} from "convoscope/pure/types.js" */

/** The bit of `buttons` of a stylus that is held upside down. */
const ERASER_END = 32;
/** The width of a stylus without and with full pressure, in parts of the chosen one; half of it is the chosen one. */
const [LIGHTEST, HEAVIEST] = [0.4, 1.6];
/** @type {Record<string, Cell>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @typedef {object} SurfaceEvents
 * @property {() => number} width of the pen, in cells
 * @property {(erases: boolean) => void} onStart a stroke begins; `erases` where it is the stylus's eraser
 * @property {(points: PenPoint[]) => void} onStroke it has reached so far
 * @property {() => void} onEnd
 * @property {() => void} onCancel the system took the pointer
 * @property {(cell: Cell) => void} onCursor the cursor is on another cell
 * @property {(key: string) => boolean} onKey another key; whether it was used
 */

/** @param {SurfaceEvents} events */
export function createDrawingSurface(events) {
  const canvas = /** @type {HTMLCanvasElement} */ (build(["canvas", { "aria-hidden": true }]));
  const cursor = build(["div", { class: "draw-cursor", "aria-hidden": true }]);
  const element = build([
    "div",
    { class: "draw-surface", "data-part": "draw-surface", role: "application", tabindex: 0 },
    canvas,
    cursor,
  ]);
  /** @type {[number, number]} */
  let size = [1, 1];
  /** @type {Cell} */
  let cell = [0, 0];
  /** The pointer of the stroke that is being drawn. @type {number | null} */
  let pointer = null;
  /** @type {PenPoint[]} */
  let points = [];

  element.addEventListener("pointerdown", (event) => {
    if (isDrawing() || !(event.button === 0 || isEraserEnd(event))) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    pointer = event.pointerId;
    points = [pointAt(event)];
    events.onStart(isEraserEnd(event));
    events.onStroke(points);
  });
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer || !isDrawing()) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    points = [...points, ...(passed.length ? passed : [event]).map(pointAt)];
    events.onStroke(points);
  });
  element.addEventListener("pointerup", (event) => end(event, events.onEnd));
  element.addEventListener("pointercancel", (event) => end(event, events.onCancel));
  element.addEventListener("keydown", (event) => {
    if (event.altKey || !(event.ctrlKey || event.metaKey ? events.onKey(`Ctrl+${event.key}`) : pressKey(event))) return;
    event.preventDefault();
  });

  /** Whether a stroke goes on; one whose sheet left the page does not, and nothing reports its end. */
  function isDrawing() {
    return pointer !== null && element.hasPointerCapture(pointer);
  }

  /** @param {PointerEvent} event @param {() => void} report */
  function end(event, report) {
    if (event.pointerId !== pointer) return;
    pointer = null;
    report();
  }

  /** @param {PointerEvent} event @returns {PenPoint} */
  function pointAt({ clientX, clientY, pointerType, pressure }) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const force = pointerType === "pen" && pressure > 0 ? LIGHTEST + (HEAVIEST - LIGHTEST) * pressure : 1;
    return {
      row: ((clientY - top) / height) * size[0],
      col: ((clientX - left) / width) * size[1],
      width: events.width() * force,
    };
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was used */
  function pressKey({ key, shiftKey }) {
    const by = ARROWS[key];
    const from = cell;
    if (by) moveTo([cell[0] + by[0], cell[1] + by[1]]);
    if (by && !shiftKey) return true;
    if (by || key === " ") {
      draw([from, cell]);
      return true;
    }
    return events.onKey(key);
  }

  /** Draws from the middle of a cell to that of another. @param {Cell[]} cells */
  function draw(cells) {
    events.onStart(false);
    events.onStroke(cells.map(([row, col]) => ({ row: row + 0.5, col: col + 0.5, width: events.width() })));
    events.onEnd();
    events.onCursor(cell);
  }

  /** @param {Cell} next the cursor stays on the sheet */
  function moveTo([row, col]) {
    cell = [Math.min(Math.max(row, 0), size[0] - 1), Math.min(Math.max(col, 0), size[1] - 1)];
    placeCursor();
    events.onCursor(cell);
  }

  function placeCursor() {
    const [rows, columns] = size;
    cursor.style.top = `${(100 * cell[0]) / rows}%`;
    cursor.style.left = `${(100 * cell[1]) / columns}%`;
    cursor.style.height = `${100 / rows}%`;
    cursor.style.width = `${100 / columns}%`;
  }

  return {
    element,
    isDrawing,
    /** @param {Sheet} sheet @param {number} ink */
    show(sheet, ink) {
      const [rows, columns] = sizeOf(sheet);
      if (rows !== size[0] || columns !== size[1]) {
        size = [rows, columns];
        cell = [rows >> 1, columns >> 1];
        element.style.setProperty("--shape", `${columns} / ${rows}`);
        element.setAttribute("aria-label", DRAW.surface(rows, columns));
        placeCursor();
      }
      paintThumbnail(canvas, rows, columns, paintSheet(sheet, ink));
    },
  };
}

/** Whether a stylus is held upside down. @param {PointerEvent} event */
function isEraserEnd({ buttons }) {
  return (buttons & ERASER_END) > 0;
}

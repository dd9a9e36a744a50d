/**
 * Maps on canvases: the only user of a canvas context.
 *
 * Each map has two layers, a still one (cells, digits, padding, rulers) and a moving one (window, cell, what is ahead),
 * so that a step costs a few rectangles. Both are backed at device pixels and never smoothed.
 */

import { CELL_PIXELS, digitsFit } from "convoscope/layout.js";

/** @import {MapLayout} from "convoscope/layout.js" */

/**
 * All that the still layer shows of one map.
 * @typedef {object} Still
 * @property {MapLayout} layout
 * @property {number} width of the box, CSS pixels
 * @property {number} height
 * @property {number} dpr
 * @property {Uint8ClampedArray<ArrayBuffer> | null} rgba four bytes a cell; null where there is nothing to show yet
 * @property {((row: number, col: number) => {text: string, ink: string}) | null} digits
 * @property {number} longest characters of the longest text in a cell
 * @property {(row: number, col: number) => string} padding what a cell of the padding holds
 * @property {{rows: number[], columns: number[]}} unread
 * @property {Uint8Array | null} beyond 1 below, 2 above the scale, a cell
 * @property {{row: number, col: number}[]} stops top left cells of the places where the window stops
 * @property {boolean} gone hatch the whole map: its picture is no longer here
 */

/** @typedef {{row: number, col: number, rows: number, columns: number}} Block cells, top left and size */

/**
 * @typedef {object} Mark
 * @property {"outline" | "fill" | "ahead" | "question" | "dots"} kind
 * @property {Block} [block]
 * @property {string} [color]
 * @property {number} [from] first position that is still ahead
 * @property {[number, number][]} [cells]
 */

/**
 * Two canvases in a host element, the moving one above.
 * @param {HTMLElement} host
 */
export function createMap(host) {
  const layers = [0, 1].map(() => {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    return host.appendChild(canvas);
  });
  const [still, moving] = layers.map((canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")));
  /** @type {Still | null} */
  let shown = null;
  let colors = inks(host);
  return {
    /** @param {Still} picture */
    paint(picture) {
      shown = picture;
      for (const canvas of layers) fitCanvas(canvas, picture);
      for (const context of [still, moving]) context.setTransform(picture.dpr, 0, 0, picture.dpr, 0, 0);
      colors = inks(host);
      paintStill(still, picture, colors);
    },
    /** @param {Mark[]} marks */
    mark(marks) {
      if (!shown) return;
      moving.clearRect(0, 0, shown.width, shown.height);
      for (const mark of marks) MARKS[mark.kind](moving, shown, mark, colors);
    },
    remove() {
      for (const canvas of layers) canvas.remove();
    },
  };
}

/**
 * A small picture of a map, one pixel a cell, enlarged by the page.
 * @param {HTMLCanvasElement} canvas @param {number} rows @param {number} columns @param {Uint8ClampedArray<ArrayBuffer>} rgba
 */
export function paintThumbnail(canvas, rows, columns, rgba) {
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
}

/**
 * The bar of a legend.
 * @param {HTMLCanvasElement} canvas @param {Uint8ClampedArray<ArrayBuffer>} rgba one row of colors
 */
export function paintLegend(canvas, rgba) {
  paintThumbnail(canvas, 1, rgba.length / 4, rgba);
}

/** @typedef {{ink: string, muted: string, surface: string, edge: string}} Inks */

/** The theme's colors; the stylesheet registers them, so that they arrive resolved. @param {HTMLElement} host @returns {Inks} */
function inks(host) {
  const style = getComputedStyle(host);
  const [ink, muted, surface, edge] = ["--ink", "--muted", "--surface", "--edge"].map((name) => style.getPropertyValue(name));
  return { ink, muted, surface, edge };
}

/** @param {HTMLCanvasElement} canvas @param {Still} picture */
function fitCanvas(canvas, { width, height, dpr }) {
  const [across, down] = [Math.round(width * dpr), Math.round(height * dpr)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  canvas.style.width = `${across / dpr}px`;
  canvas.style.height = `${down / dpr}px`;
}

/** @param {CanvasRenderingContext2D} context @param {Still} picture @param {Inks} colors */
function paintStill(context, picture, colors) {
  context.clearRect(0, 0, picture.width, picture.height);
  paintPadding(context, picture, colors);
  paintCells(context, picture);
  if (picture.gone) hatch(context, picture.layout.cells, colors.edge);
  paintDigits(context, picture);
  paintBeyond(context, picture);
  paintUnread(context, picture, colors);
  paintStops(context, picture, colors);
  paintRulers(context, picture, colors);
}

/** @param {CanvasRenderingContext2D} context @param {Still} picture */
function paintCells(context, { layout, rgba, dpr }) {
  const { rows, columns, cells, cell } = layout;
  if (!rgba) return;
  const small = document.createElement("canvas");
  paintThumbnail(small, rows, columns, rgba);
  // Only a whole number of pixels a cell can be enlarged without making some cells wider than others.
  context.imageSmoothingEnabled = !Number.isInteger(Math.round(cell * dpr * 1e6) / 1e6);
  context.imageSmoothingQuality = "high";
  context.drawImage(small, cells.x, cells.y, cells.width, cells.height);
  if (cell < 14) return;
  context.strokeStyle = "rgb(128 128 128 / 22%)";
  context.lineWidth = 1;
  context.beginPath();
  for (let row = 1; row < rows; row++) line(context, cells.x, cells.y + row * cell, cells.x + cells.width, cells.y + row * cell);
  for (let col = 1; col < columns; col++) line(context, cells.x + col * cell, cells.y, cells.x + col * cell, cells.y + cells.height);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} toX @param {number} toY */
function line(context, x, y, toX, toY) {
  context.moveTo(x, y);
  context.lineTo(toX, toY);
}

/** @param {CanvasRenderingContext2D} context @param {Still} picture */
function paintDigits(context, { layout, digits, longest }) {
  const { rows, columns, cells, cell } = layout;
  if (!digits || !digitsFit(cell, longest * 0.72)) return;
  text(context, Math.min(cell * 0.44, (cell * 0.9) / (longest * 0.6)));
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < columns; col++) {
      const { text: shown, ink } = digits(row, col);
      context.fillStyle = ink;
      context.fillText(shown, cells.x + (col + 0.5) * cell, cells.y + (row + 0.5) * cell);
    }
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} size */
function text(context, size) {
  context.font = `${size}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
}

/**
 * The ring of padding: another material than the picture, diagonal lines with what each cell holds.
 * @param {CanvasRenderingContext2D} context @param {Still} picture @param {Inks} colors
 */
function paintPadding(context, { layout, padding }, colors) {
  const { whole, cell, rows, columns } = layout;
  const [top, bottom, left, right] = layout.padding;
  if (!(top || bottom || left || right)) return;
  hatch(context, whole, colors.edge);
  if (cell < 13) return;
  text(context, Math.min(cell * 0.42, 15));
  context.fillStyle = colors.muted;
  for (let row = -top; row < rows + bottom; row++) {
    for (let col = -left; col < columns + right; col++) {
      if (row >= 0 && row < rows && col >= 0 && col < columns) continue;
      const [x, y] = [whole.x + (col + left + 0.5) * cell, whole.y + (row + top + 0.5) * cell];
      const shown = padding(row, col);
      if (shown.length * cell * 0.26 < cell) context.fillText(shown, x, y);
    }
  }
}

/** @param {CanvasRenderingContext2D} context @param {{x: number, y: number, width: number, height: number}} rect @param {string} color */
function hatch(context, rect, color) {
  context.save();
  context.beginPath();
  context.rect(rect.x, rect.y, rect.width, rect.height);
  context.clip();
  context.strokeStyle = color;
  context.globalAlpha = 0.38;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = rect.x - rect.height; x < rect.x + rect.width; x += 6) line(context, x, rect.y + rect.height, x + rect.height, rect.y);
  context.stroke();
  context.restore();
}

/**
 * Cells that no window reads: washed out and crossed.
 * @param {CanvasRenderingContext2D} context @param {Still} picture @param {Inks} colors
 */
function paintUnread(context, { layout, unread }, colors) {
  const { cells, cell, rows, columns } = layout;
  const blocks = [
    ...unread.rows.map((row) => ({ row, col: 0, rows: 1, columns })),
    ...unread.columns.map((col) => ({ row: 0, col, rows, columns: 1 })),
  ];
  for (const block of blocks) {
    const [x, y, width, height] = place(layout, block);
    context.fillStyle = colors.surface;
    context.globalAlpha = 0.66;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 0.8;
    context.strokeStyle = colors.edge;
    context.lineWidth = 1;
    context.beginPath();
    for (let at = 0; at < Math.max(block.rows, block.columns); at++) {
      const [left, top] = block.rows === 1 ? [x + at * cell, y] : [x, y + at * cell];
      if (left >= cells.x + cells.width || top >= cells.y + cells.height) break;
      line(context, left + 2, top + 2, left + cell - 2, top + cell - 2);
      line(context, left + cell - 2, top + 2, left + 2, top + cell - 2);
    }
    context.stroke();
    context.globalAlpha = 1;
  }
}

/**
 * Where a picture's result is darker than black or brighter than white: a corner in blue or red.
 * @param {CanvasRenderingContext2D} context @param {Still} picture
 */
function paintBeyond(context, { layout, beyond, dpr }) {
  const { cells, cell, columns } = layout;
  if (!beyond || cell * dpr < CELL_PIXELS) return;
  const size = Math.max(cell * 0.45, 2 / dpr);
  beyond.forEach((mark, i) => {
    if (!mark) return;
    const [x, y] = [cells.x + (i % columns) * cell, cells.y + Math.floor(i / columns) * cell];
    context.fillStyle = mark === 1 ? "#2166ac" : "#b2182b";
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + size, y);
    context.lineTo(x, y + size);
    context.fill();
  });
}

/** @param {CanvasRenderingContext2D} context @param {Still} picture @param {Inks} colors */
function paintStops(context, { layout, stops }, colors) {
  const size = Math.max(2, Math.min(5, layout.cell * 0.3));
  for (const { row, col } of stops) {
    const [x, y] = place(layout, { row, col, rows: 1, columns: 1 });
    context.fillStyle = colors.surface;
    context.fillRect(x, y, size + 1, size + 1);
    context.fillStyle = "#0072b2";
    context.fillRect(x, y, size, size);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Still} picture @param {Inks} colors */
function paintRulers(context, { layout }, colors) {
  context.font = '10.5px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace';
  context.fillStyle = colors.muted;
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  for (const { index, at } of layout.ticks.columns) context.fillText(String(index), at, layout.whole.y - 4);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { index, at } of layout.ticks.rows) context.fillText(String(index), layout.whole.x - 4, at);
}

/** @param {MapLayout} layout @param {Block} block @returns {[number, number, number, number]} */
function place({ cells, cell }, { row, col, rows, columns }) {
  return [cells.x + col * cell, cells.y + row * cell, columns * cell, rows * cell];
}

/** @type {Record<Mark["kind"], (context: CanvasRenderingContext2D, still: Still, mark: Mark, colors: Inks) => void>} */
const MARKS = { outline, fill, ahead, question, dots };

/** @param {CanvasRenderingContext2D} context @param {Still} still @param {Mark} mark */
function outline(context, { layout, dpr }, { block, color }) {
  if (!block) return;
  const [x, y, width, height] = place(layout, block);
  const wide = layout.cell >= 7 ? 2 : 1.5;
  const least = 5 / dpr;
  const grow = Math.max(0, (least - width) / 2);
  for (const [inset, ink, thick] of /** @type {[number, string, number][]} */ ([
    [wide * 1.5, "#ffffff", wide], [wide * 0.5, color ?? "#000", wide], [-wide * 0.25, "rgb(255 255 255 / 85%)", wide * 0.5],
  ])) {
    context.strokeStyle = ink;
    context.lineWidth = thick;
    context.strokeRect(x - inset - grow, y - inset - grow, width + 2 * (inset + grow), height + 2 * (inset + grow));
  }
}

/** @param {CanvasRenderingContext2D} context @param {Still} still @param {Mark} mark */
function fill(context, { layout }, { block, color }) {
  if (!block) return;
  context.fillStyle = color ?? "#000";
  context.globalAlpha = 0.34;
  context.fillRect(...place(layout, block));
  context.globalAlpha = 1;
}

/** Every cell that is not written yet. @param {CanvasRenderingContext2D} context @param {Still} still @param {Mark} mark @param {Inks} colors */
function ahead(context, { layout }, { from = 0 }, colors) {
  const { rows, columns } = layout;
  const [row, col] = [Math.floor(from / columns), from % columns];
  if (row >= rows) return;
  context.fillStyle = colors.surface;
  context.globalAlpha = 0.8;
  if (col > 0) context.fillRect(...place(layout, { row, col, rows: 1, columns: columns - col }));
  const next = col > 0 ? row + 1 : row;
  if (next < rows) context.fillRect(...place(layout, { row: next, col: 0, rows: rows - next, columns }));
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Still} still @param {Mark} mark @param {Inks} colors */
function question(context, { layout }, { block }, colors) {
  if (!block) return;
  const [x, y, width, height] = place(layout, block);
  context.fillStyle = colors.surface;
  context.fillRect(x, y, width, height);
  if (width < 8) return;
  text(context, Math.min(width * 0.8, 28));
  context.fillStyle = colors.ink;
  context.fillText("?", x + width / 2, y + height / 2 + 0.5);
}

/** The cells that a window with gaps reads. @param {CanvasRenderingContext2D} context @param {Still} still @param {Mark} mark */
function dots(context, { layout }, { cells = [], color }) {
  for (const [row, col] of cells) {
    const [x, y, width] = place(layout, { row, col, rows: 1, columns: 1 });
    context.strokeStyle = color ?? "#000";
    context.lineWidth = Math.min(2, width / 3);
    context.strokeRect(x + 1, y + 1, width - 2, width - 2);
  }
}

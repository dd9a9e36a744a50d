/**
 * The big matrix of a layer, times the input as a column, equals the map as a column: a picture of its structure.
 *
 * Two canvases: a still one with all wires and values, painted once for a map, and a moving one with this step's row.
 */

import { positionOf } from "convoscope/pure/frame/stage.js";
import { range } from "convoscope/pure/frame/window.js";
import { mapColors, mapImage, photoRange, weightScale } from "convoscope/pure/maps/palette.js";
import { identityFill, identityLine } from "convoscope/pure/tabs/sharing/identity-colors.js";
import { isShared } from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { countInputs, countNeurons, countWeights, sourcesOf, weightKey } from "convoscope/pure/tabs/sharing/wires.js";
import { hatchLightly } from "convoscope/ui/draw/brush.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @import {ThemeColors} from "convoscope/ui/draw/brush.js" */

/**
 * Pixels: the largest cell, the width of a column, the space for a sign between two parts, from here on a cell is
 * filled.
 */
const [LARGEST, COLUMN, SIGN, SURFACE] = [18, 22, 30, 9];
/** The most values of a side that are painted; of more, so many spread evenly. */
const MOST_PIXELS = 2048;
/** The smallest height of a marked cell of the input, and of a marked row. */
const [LEAST_MARK, LEAST_BAND] = [2, 6];

/**
 * What a picture shows.
 * @typedef {object} MatrixScene
 * @property {Trace} trace
 * @property {Stage} stage
 * @property {Stage} before the stage that it reads
 * @property {Frame} frame
 * @property {number} written how many cells of the map are known
 * @property {string} colors auto, signed or photo
 * @property {string | null} lit the weight that is pointed at, as `weightKey` names it
 * @property {{width: number, height: number}} size the most that it may take
 * @property {number | null} chosen a row that keys have come to
 * @property {number} scale how much larger letters are than on a page
 * @property {ThemeColors} theme
 * @property {boolean} isDark
 */

/** @typedef {{left: number, top: number, width: number, height: number, rows: number, columns: number}} Area */

/** The canvases of a matrix in an element of their own, which can be moved into the page again and again. */
export function createMatrixPicture() {
  const element = document.createElement("div");
  element.className = "matrix-canvases";
  const [still, moving] = [0, 1].map(() => {
    const canvas = element.appendChild(document.createElement("canvas"));
    canvas.setAttribute("aria-hidden", "true");
    return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  });
  /** @type {MatrixScene | null} */
  let shown = null;
  let painted = "";
  /** @type {Trace | null} */
  let paintedTrace = null;

  return {
    element,
    /** @param {MatrixScene} scene */
    show(scene) {
      shown = scene;
      const areas = areasOf(scene);
      const key = JSON.stringify([
        scene.stage.index,
        scene.frame.map,
        scene.colors,
        scene.isDark,
        areas,
        devicePixelRatio,
      ]);
      if (key !== painted || scene.trace !== paintedTrace) {
        for (const context of [still, moving]) fit(context, areas);
        paintStill(still, scene, areas);
        [painted, paintedTrace] = [key, scene.trace];
      }
      paintMoving(moving, scene, areas);
    },
    /**
     * The row and the weight at a point.
     * @param {{clientX: number, clientY: number}} point
     * @returns {{row: number, weight: string | null} | null}
     */
    at({ clientX, clientY }) {
      if (!shown) return null;
      const { left, top } = element.getBoundingClientRect();
      const { matrix, output } = areasOf(shown);
      const [x, y] = [clientX - left, clientY - top];
      const area = [matrix, output].find(
        (one) => x >= one.left && x < one.left + one.width && y >= one.top && y < one.top + one.height,
      );
      if (!area) return null;
      const row = Math.min(area.rows - 1, Math.floor(((y - area.top) / area.height) * area.rows));
      return {
        row,
        weight: area === matrix ? weightAt(shown, row, ((x - area.left) / area.width) * area.columns, area) : null,
      };
    },
  };
}

/**
 * Map, row and column of a row of the matrix.
 * @param {MatrixScene} scene @param {number} row @returns {[number, number, number]}
 */
export function placeOfRow({ stage, frame }, row) {
  const [, , width] = stage.shape;
  return stage.kind === "linear" ? [row, 0, 0] : [frame.map, Math.floor(row / width), row % width];
}

/**
 * Where the parts lie.
 * @param {MatrixScene} scene @returns {{matrix: Area, input: Area, output: Area, width: number, height: number}}
 */
function areasOf({ stage, size, scale }) {
  const sign = SIGN * scale;
  const [rows, columns] = [stage.kind === "linear" ? stage.shape[0] : countNeurons(stage), countInputs(stage)];
  const room = Math.max(60, size.width - 2 * COLUMN - 3 * sign);
  const width = Math.min(room, columns * LARGEST);
  const [high, inputHigh] = [rows, columns].map((count) => Math.min(size.height, count * LARGEST));
  const part = (
    /** @type {number} */ left,
    /** @type {number} */ wide,
    /** @type {number} */ height,
    /** @type {number} */ lines,
    /** @type {number} */ across,
  ) => ({
    left,
    top: 0,
    width: wide,
    height,
    rows: lines,
    columns: across,
  });
  return {
    matrix: part(0, width, high, rows, columns),
    input: part(width + sign, COLUMN, inputHigh, columns, 1),
    output: part(width + 3 * sign + COLUMN, COLUMN, high, rows, 1),
    width: width + 3 * sign + 2 * COLUMN,
    height: Math.max(high, inputHigh),
  };
}

/** @param {CanvasRenderingContext2D} context @param {{width: number, height: number}} size */
function fit(context, { width, height }) {
  const { canvas } = context;
  const dpr = devicePixelRatio;
  [canvas.width, canvas.height] = [Math.round(width * dpr), Math.round(height * dpr)];
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  if (canvas.parentElement) canvas.parentElement.style.height = `${height}px`;
  if (canvas.parentElement) canvas.parentElement.style.width = `${width}px`;
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
}

/** @param {CanvasRenderingContext2D} context @param {MatrixScene} scene @param {ReturnType<typeof areasOf>} areas */
function paintStill(context, scene, { matrix, input, output, width, height }) {
  const { trace, stage, before, frame, colors, theme, isDark, scale } = scene;
  context.clearRect(0, 0, width, height);
  context.fillStyle = theme.ink;
  context.globalAlpha = 0.06;
  context.fillRect(matrix.left, matrix.top, matrix.width, matrix.height);
  context.globalAlpha = 1;
  if (stage.kind === "linear") paintWeights(context, scene, matrix);
  else paintWires(context, scene, matrix, null);
  const ends = photoRange(trace);
  const values = /** @type {Float32Array} */ (before.output);
  paintColumn(context, input, mapColors(before, 0, colors, "layer", ends, isDark).rgba(values));
  const mapScale = mapColors(stage, frame.map, colors, "map", ends, isDark);
  const results = stage.kind === "linear" ? /** @type {Float32Array} */ (stage.output) : null;
  paintColumn(context, output, results ? mapScale.rgba(results) : mapImage(stage, frame.map, mapScale));
  context.fillStyle = theme.ink;
  context.font = `${16 * scale}px ui-monospace, Menlo, Consolas, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const middle = Math.min(height, matrix.height) / 2;
  context.fillText("·", (matrix.left + matrix.width + input.left) / 2, middle);
  context.fillText("+ b =", (input.left + COLUMN + output.left) / 2, middle);
}

/**
 * All weights of a fully connected layer, by their sign and size.
 * @param {CanvasRenderingContext2D} context @param {MatrixScene} scene @param {Area} area
 */
function paintWeights(context, { stage, isDark }, area) {
  const weights = /** @type {Float32Array} */ (stage.weight);
  const most = weights.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0);
  const signed = {
    ...stage,
    never_negative: false,
    colors: /** @type {const} */ ("signed"),
    ranges: [/** @type {[number, number]} */ ([-most, most])],
  };
  const rgba = mapColors(signed, 0, "signed", "layer", undefined, isDark).rgba(weights);
  paintPixels(context, area, rgba);
}

/**
 * The wires of a convolution: of all weights, or of those that are pointed at. Of rows and columns that share a pixel one
 * is drawn.
 * @param {CanvasRenderingContext2D} context @param {MatrixScene} scene @param {Area} area @param {string | null} lit
 */
function paintWires(context, scene, area, lit) {
  const { stage, isDark } = scene;
  const [wide, high] = [area.width / area.columns, area.height / area.rows];
  const count = countWeights(stage);
  const color = Math.min(wide, high) >= SURFACE && !lit ? identityFill : identityLine;
  // At its only place a filter shares nothing: its weights have the colors of their values.
  const own = stage.weight?.subarray(scene.frame.map * count, (scene.frame.map + 1) * count) ?? new Float32Array(0);
  const values = weightScale(own, isDark);
  const fills = range(count).map((n) => (isShared(stage) ? color(n, count, isDark) : values.fill(own[n])));
  const drawn = range(count).filter((n) => !lit || weightKey(stage, n) === lit);
  const step = Math.max(1, Math.floor(area.rows / area.height));
  const [thick, tall] = [Math.max(wide, 1), Math.max(high * step, 1)];
  /** Wires by weight, so that the color changes as rarely as possible. @type {[number, number][][]} */
  const places = drawn.map(() => []);
  for (let row = 0; row < area.rows; row += step) {
    const sources = sourcesOf(stage, ...placeOfRow(scene, row));
    drawn.forEach((n, i) => sources[n] >= 0 && places[i].push([sources[n], row]));
  }
  places.forEach((cells, i) => {
    context.fillStyle = fills[drawn[i]];
    for (const [cell, row] of cells) context.fillRect(area.left + cell * wide, area.top + row * high, thick, tall);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Area} area @param {Uint8ClampedArray<ArrayBuffer>} rgba one row a value */
function paintColumn(context, area, rgba) {
  paintPixels(context, { ...area, columns: 1 }, rgba);
  context.strokeStyle = "rgb(128 128 128 / 60%)";
  context.lineWidth = 1;
  context.strokeRect(area.left + 0.5, area.top + 0.5, area.width - 1, area.height - 1);
}

/** @param {CanvasRenderingContext2D} context @param {Area} area @param {Uint8ClampedArray<ArrayBuffer>} rgba */
function paintPixels(context, area, rgba) {
  const canvas = document.createElement("canvas");
  const [columns, rows] = [Math.min(area.columns, MOST_PIXELS), Math.min(area.rows, MOST_PIXELS)];
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, area.columns * area.rows);
  const sampled = new Uint32Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    const from = Math.floor((y * area.rows) / rows) * area.columns;
    for (let x = 0; x < columns; x++)
      sampled[y * columns + x] = pixels[from + Math.floor((x * area.columns) / columns)];
  }
  [canvas.width, canvas.height] = [columns, rows];
  const image = new ImageData(new Uint8ClampedArray(sampled.buffer), columns, rows);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, area.left, area.top, area.width, area.height);
}

/** @param {CanvasRenderingContext2D} context @param {MatrixScene} scene @param {ReturnType<typeof areasOf>} areas */
function paintMoving(context, scene, { matrix, input, output, width, height }) {
  const { stage, frame, written, lit, theme } = scene;
  const isLinear = stage.kind === "linear";
  const row = isLinear ? frame.map : positionOf(stage, frame.row, frame.col);
  context.clearRect(0, 0, width, height);
  if (lit && !isLinear) {
    context.globalAlpha = 0.65;
    context.fillStyle = theme.surface;
    context.fillRect(matrix.left, matrix.top, matrix.width, matrix.height);
    context.globalAlpha = 1;
    paintWires(context, scene, matrix, lit);
  }
  const known = isLinear && written > 0 ? output.rows : written;
  if (known < output.rows) {
    const top = output.top + (known / output.rows) * output.height;
    const block = /** @type {[number, number, number, number]} */ ([
      output.left + 1,
      top,
      output.width - 2,
      output.top + output.height - top - 1,
    ]);
    context.fillStyle = theme.surface;
    context.fillRect(...block);
    hatchLightly(context, block, theme.muted);
  }
  for (const area of [matrix, output]) outlineRow(context, area, row, theme);
  if (scene.chosen !== null && scene.chosen !== row) {
    context.setLineDash([4, 3]);
    for (const area of [matrix, output]) outlineRow(context, area, scene.chosen, theme);
    context.setLineDash([]);
  }
  if (!isLinear) paintRow(context, scene, matrix, row);
  const sources = new Set(sourcesOf(stage, frame.map, frame.row, frame.col));
  context.fillStyle = theme.ink;
  const high = input.height / input.rows;
  for (const cell of sources)
    if (cell >= 0) context.fillRect(input.left - 5, input.top + cell * high, 4, Math.max(high, LEAST_MARK));
}

/**
 * Top and height of the band of a row: rows that are lower than a mark have a mark around their middle.
 * @param {Area} area @param {number} row
 */
function bandOf(area, row) {
  const high = area.height / area.rows;
  const height = Math.max(high, LEAST_BAND);
  return { top: area.top + (row + 0.5) * high - height / 2, height };
}

/** @param {CanvasRenderingContext2D} context @param {Area} area @param {number} row @param {ThemeColors} theme */
function outlineRow(context, area, row, theme) {
  const { top, height } = bandOf(area, row);
  context.strokeStyle = theme.ink;
  context.lineWidth = 2;
  context.strokeRect(area.left - 1, top - 1, area.width + 2, height + 2);
}

/**
 * The wires of a row in its band, where that is higher than the row.
 * @param {CanvasRenderingContext2D} context @param {MatrixScene} scene @param {Area} area @param {number} row
 */
function paintRow(context, { stage, frame, theme, isDark }, area, row) {
  const { top, height } = bandOf(area, row);
  if (height <= area.height / area.rows) return;
  const wide = area.width / area.columns;
  const count = countWeights(stage);
  context.fillStyle = theme.surface;
  context.fillRect(area.left, top, area.width, height);
  sourcesOf(stage, frame.map, frame.row, frame.col).forEach((cell, n) => {
    context.fillStyle = identityLine(n, count, isDark);
    if (cell >= 0) context.fillRect(area.left + cell * wide, top, Math.max(wide, 1.5), height);
  });
}

/**
 * The weight at a place of a row, within a few pixels.
 * @param {MatrixScene} scene @param {number} row @param {number} column @param {Area} area
 */
function weightAt(scene, row, column, area) {
  const { stage } = scene;
  if (stage.kind === "linear") return null;
  const sources = sourcesOf(stage, ...placeOfRow(scene, row));
  const slack = Math.max(0.5, (4 * area.columns) / area.width);
  let best = -1;
  sources.forEach((cell, n) => {
    const distance = Math.abs(cell + 0.5 - column);
    if (cell >= 0 && distance <= slack && (best < 0 || distance < Math.abs(sources[best] + 0.5 - column))) best = n;
  });
  return best < 0 ? null : weightKey(stage, best);
}

/** The layer above the figure on which marks move: it is there only while something does. */

import { INPUT, OUTPUT, POOLING } from "convoscope/pure/maps/marks.js";
import { setDigitFont, strokeOutline } from "convoscope/ui/draw/brush.js";

/** @import {Rect} from "convoscope/pure/types.js" */
/** @import {Color, Mark, MarkKind} from "convoscope/pure/motion/tracks.js" */
/** @import {MapLayout} from "convoscope/pure/maps/layout.js" */

/** Smaller digits are not drawn, in pixels. */
const SMALLEST_DIGITS = 12;
/** The part of a cell's height that digits may fill. */
const HIGHEST_DIGITS = 0.85;
/** A number appears on a cell while that grows from this part of the number's width to all of it. */
const NARROWEST = 0.6;

/**
 * What a layer needs to know of the page: the layouts of both maps, the color of the lines, whether the output is a pool,
 * and the pictures of a map before and after its way.
 * @typedef {{layouts: {input: MapLayout, output: MapLayout}, lineColor: string, isPooling: boolean, pictures:
 * HTMLCanvasElement[]}} LayerLook
 */

/**
 * @param {HTMLElement} host @param {Rect} bounds in pixels of the host @param {LayerLook} look
 */
export function createMotionLayer(host, bounds, look) {
  const canvas = document.createElement("canvas");
  const { dpr } = look.layouts.output;
  [canvas.width, canvas.height] = [bounds.width, bounds.height].map((length) => Math.round(length * dpr));
  canvas.setAttribute("aria-hidden", "true");
  canvas.dataset.moving = "";
  Object.assign(canvas.style, {
    position: "absolute",
    zIndex: "2",
    left: `${bounds.x}px`,
    top: `${bounds.y}px`,
    width: `${canvas.width / dpr}px`,
    height: `${canvas.height / dpr}px`,
    pointerEvents: "none",
  });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(dpr, 0, 0, dpr, -bounds.x * dpr, -bounds.y * dpr);
  host.append(canvas);
  return {
    /** @param {Mark[]} marks */
    paint(marks) {
      context.clearRect(bounds.x, bounds.y, bounds.width + 1, bounds.height + 1);
      for (const mark of marks) {
        const isDrawn = mark.opacity > 0 && !(mark.hides && mark.hasArrived);
        if (!isDrawn) continue;
        context.globalAlpha = mark.opacity;
        PAINTERS[mark.kind]?.(context, mark, look);
      }
      context.globalAlpha = 1;
    },
    remove: () => canvas.remove(),
  };
}

/** A copy of the cells of a map as they are shown. @param {HTMLElement} host @param {MapLayout} layout */
export function copyCells(host, { cells, dpr }) {
  const [x, y, width, height] = [cells.x, cells.y, cells.width, cells.height].map((length) => Math.round(length * dpr));
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const context = copy.getContext("2d");
  for (const layer of host.querySelectorAll("canvas"))
    context?.drawImage(layer, x, y, width, height, 0, 0, width, height);
  return copy;
}

/** @type {Partial<Record<MarkKind, (context: CanvasRenderingContext2D, mark: Mark, look: LayerLook) => void>>} */
const PAINTERS = {
  cell: paintCell,
  number: (context, mark) => writeNumber(context, mark),
  outline: (context, mark, { layouts, isPooling }) =>
    mark.role === "window"
      ? strokeOutline(context, mark, INPUT, layouts.input)
      : strokeOutline(context, mark, isPooling ? POOLING : OUTPUT, layouts.output),
  ring: paintRing,
  lines: paintLines,
  picture: paintPicture,
};

/** @param {CanvasRenderingContext2D} context @param {Mark} mark */
function paintCell(context, mark) {
  const { x, y, width, height, fill, text } = mark;
  if (fill) {
    context.fillStyle = cssColor(fill);
    context.fillRect(x, y, width, height);
    context.strokeStyle = "rgb(255 255 255 / 85%)";
    context.lineWidth = 1;
    context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  }
  const size = Math.min(mark.size, height * HIGHEST_DIGITS);
  if (!text || size < SMALLEST_DIGITS) return;
  setFont(context, { ...mark, size });
  const part = width / Math.max(1, context.measureText(text).width);
  context.globalAlpha *= Math.min(Math.max((part - NARROWEST) / (1 - NARROWEST), 0), 1);
  writeNumber(context, { ...mark, size });
}

/** @param {CanvasRenderingContext2D} context @param {Mark} mark */
function setFont(context, { size, weight, family }) {
  setDigitFont(context, size);
  context.font = `${weight} ${family ? `${size}px ${family}` : context.font}`;
}

/** @param {CanvasRenderingContext2D} context @param {Mark} mark */
function writeNumber(context, mark) {
  const { x, y, width, height, text, ink, size } = mark;
  setFont(context, mark);
  context.fillStyle = cssColor(ink ?? [0, 0, 0]);
  context.fillText(text, x + width / 2, y + height / 2 + size * 0.04);
}

/** @param {CanvasRenderingContext2D} context @param {Mark} mark @param {LayerLook} look */
function paintRing(context, { x, y, width, height }, { isPooling, layouts }) {
  context.beginPath();
  context.roundRect(x, y, width, height, 6);
  for (const [color, wide] of /** @type {const} */ ([
    ["rgb(255 255 255 / 85%)", 5],
    [isPooling ? POOLING : OUTPUT, 3],
  ])) {
    context.strokeStyle = color;
    context.lineWidth = wide * layouts.output.zoom;
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Mark} mark @param {LayerLook} look */
function paintLines(context, { path }, { lineColor }) {
  context.globalAlpha *= 0.6;
  context.strokeStyle = lineColor;
  context.lineWidth = 1;
  context.stroke(new Path2D(path));
}

/** @param {CanvasRenderingContext2D} context @param {Mark} mark @param {LayerLook} look */
function paintPicture(context, { x, y, width, height, mix }, { pictures }) {
  context.imageSmoothingEnabled = false;
  for (const [i, picture] of pictures.entries()) {
    context.globalAlpha = i ? mix : 1;
    context.drawImage(picture, x, y, width, height);
  }
}

/** @param {Color} color */
function cssColor([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

/**
 * The input laid over the output map, with a line to drag between both: before and after. Each cell of the output lies
 * under the middle of its window. Title and legend are those of the input.
 */

import { readOf } from "convoscope/pure/frame/stage.js";
import { inputChannel, isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { COMPARE } from "convoscope/pure/strings/control-strings.js";
import { build, getPart, isDark, isFocusByPointer, setText } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";
import { showLegend } from "convoscope/ui/figure/legend.js";

/** @import {Axis, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/viewer/open-comparison.js").Figure} Figure */

/** How far a key moves the line, in parts of the map. @type {Record<string, number>} */
const KEY_STEPS = { ArrowLeft: -0.05, ArrowDown: -0.05, ArrowRight: 0.05, ArrowUp: 0.05, Home: -1, End: 1 };

/** @param {HTMLElement} root @param {Figure} figure */
export function createBeforeAfter(root, figure) {
  const host = figure.hosts.output;
  const title = getPart(root, "output-title");
  const canvas = /** @type {HTMLCanvasElement} */ (build(["canvas", { "aria-hidden": "true" }]));
  const picture = build(["div", { class: "before-picture" }, canvas]);
  const line = build([
    "div",
    { class: "before-line", role: "slider", tabindex: 0, "aria-label": COMPARE.slider, "aria-valuemin": 0 },
    ["span", { "aria-hidden": "true" }, "⇹"],
  ]);
  line.setAttribute("aria-valuemax", "100");
  const layer = build(["div", { class: "before-after", "data-part": "before-after" }, picture, line]);
  /** The part of the map, from its left edge, that the input covers. */
  let share = 1;
  /** The titles of the map and of its input. */
  let [after, before] = ["", ""];

  function place() {
    picture.style.clipPath = `inset(0 ${(1 - share) * 100}% 0 0)`;
    line.style.left = `${share * 100}%`;
    line.style.setProperty("--share", String(share));
    line.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    line.setAttribute("aria-valuetext", COMPARE.covered(Math.round(share * 100)));
    setText(title, share === 1 ? before : COMPARE.split(before, after.split(",")[0]));
  }

  /** @param {number} to */
  function move(to) {
    share = Math.min(1, Math.max(0, to));
    place();
  }

  line.addEventListener("pointerdown", (event) => {
    line.setPointerCapture(event.pointerId);
    event.stopPropagation();
  });
  line.addEventListener("pointermove", (event) => {
    event.stopPropagation();
    if (!line.hasPointerCapture(event.pointerId)) return;
    const { left, width } = layer.getBoundingClientRect();
    move((event.clientX - left) / width);
  });
  line.addEventListener("click", (event) => event.stopPropagation());
  line.addEventListener("keydown", (event) => {
    const step = KEY_STEPS[event.key];
    if (!step || isFocusByPointer() || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    move(share + step);
  });

  return {
    /** @param {Trace} trace @param {View} view @param {number | null} chosenChannel */
    show(trace, view, chosenChannel) {
      const stage = trace.stages[view.stage];
      const input = readOf(trace, stage, view.map);
      const rect = figure.rectOf("output", [0, stage.shape[1] - 1], [0, stage.shape[2] - 1]);
      if (!input || !rect) return;
      const channel = chosenChannel ?? inputChannel(stage, view.map, input);
      const isWhole = chosenChannel === null && isColorPicture(input, view);
      const colors = mapColors(input, channel, view.colors, view.scope, photoRange(trace), isDark(root));
      paintThumbnail(canvas, input.shape[1], input.shape[2], mapPicture(input, channel, isWhole, colors));
      showLegend(root, "output", input, isWhole ? null : channel, colors, rect.width, true);
      layOver(layer, host, rect);
      alignInput(canvas, stage, input);
      if (!layer.isConnected) host.append(layer);
      if (title.textContent !== before && title.textContent !== COMPARE.split(before, after.split(",")[0]))
        after = title.textContent ?? "";
      before = getPart(root, "input-title").textContent ?? "";
      place();
    },
    hide() {
      if (!layer.isConnected) return;
      layer.remove();
      setText(title, after);
      share = 1;
      figure.paint(); // with the legend of the map
    },
  };
}

/** @param {HTMLElement} layer @param {HTMLElement} host @param {DOMRect} rect in pixels of the viewport */
function layOver(layer, host, rect) {
  const box = host.getBoundingClientRect();
  const scale = box.width / host.offsetWidth || 1; // above 1 if the whole figure is enlarged
  layer.style.left = `${(rect.left - box.left) / scale}px`;
  layer.style.top = `${(rect.top - box.top) / scale}px`;
  layer.style.width = `${rect.width / scale}px`;
  layer.style.height = `${rect.height / scale}px`;
}

/**
 * Input cells from one output cell to the next, and the middle of the first window.
 * @param {Axis | null | undefined} axis
 */
function placeOfWindow(axis) {
  if (!axis) return { stride: 1, middle: 0 };
  const reach = ((axis.kernel - 1) * axis.dilation) / 2;
  const { transposed, stride } = axis;
  if (transposed) return { stride: 1 / stride, middle: (transposed.crop - reach) / stride };
  return { stride, middle: reach - axis.before };
}

/**
 * Lays the input so that the middle of each window lies on the middle of its output cell.
 * @param {HTMLCanvasElement} canvas @param {Stage} stage @param {Stage} input
 */
function alignInput(canvas, stage, input) {
  const [, rows, columns] = stage.shape;
  const axes = /** @type {const} */ ([
    ["top", "height", stage.rows, rows, input.shape[1]],
    ["left", "width", stage.columns, columns, input.shape[2]],
  ]);
  for (const [edge, side, axis, cells, inputCells] of axes) {
    const { stride, middle } = placeOfWindow(axis);
    // In cells of the output: the middle of input cell `middle` lies at 0.5.
    const start = 0.5 - (middle + 0.5) / stride;
    canvas.style[edge] = `${(start / cells) * 100}%`;
    canvas.style[side] = `${(inputCells / stride / cells) * 100}%`;
  }
}

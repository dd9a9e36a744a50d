/** The covered part of the input: a box drawn, moved and resized on it with mouse, finger or keyboard. */

import { adjustBy, adjustmentOf } from "convoscope/features/adjust/adjustments.js";
import { isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { createCropFrame } from "convoscope/ui/controls/image/crop-frame.js";
import { build, setText } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";

/** @import {Option, Trace, View} from "convoscope/pure/types.js" */
/** @import {CropBox} from "convoscope/ui/controls/image/crop-frame.js" */
/** @typedef {import("convoscope/features/adjust/adjust-sliders.js").ChangePicture} ChangePicture */

/** A pause after which the next key begins another step of the history. */
const PAUSE = 700;

/** @param {Option} option the row of `cover` @param {ChangePicture} change */
export function createCoverBox(option, change) {
  const host = build(["div", { class: "cover-picture", "data-part": "cover-picture" }]);
  const text = build(["output", { class: "mono small", "data-part": "cover-text" }]);
  const button = build(["button", { type: "button", class: "link small", "data-part": "cover", onclick: toggle }]);
  /** @type {ReturnType<typeof createCropFrame> | null} */
  let frame = null;
  /** @type {HTMLCanvasElement | null} */
  let canvas = null;
  let shape = "";
  let side = [1, 1];
  let gesture = {};
  let pause = 0;
  /** @type {CropBox | null} */
  let now = null;

  function toggle() {
    const [rows, columns] = side;
    const middle = [rows / 4, columns / 4, rows / 2, columns / 2].map((cells, i) =>
      Math.max(i < 2 ? 0 : 1, Math.floor(cells)),
    );
    change(adjustBy(option, now ? null : middle), {});
    if (!now) frame?.element.querySelector(/** @type {"div"} */ ("[data-part=crop-box]"))?.focus();
  }

  function move() {
    if (!frame) return;
    change(adjustBy(option, frame.box()), gesture);
    clearTimeout(pause);
    pause = setTimeout(() => {
      gesture = {};
    }, PAUSE);
  }

  /** @param {number} rows @param {number} columns */
  function makeFrame(rows, columns) {
    canvas = /** @type {HTMLCanvasElement} */ (build(["canvas", { "aria-hidden": true }]));
    frame = createCropFrame(
      canvas,
      [rows, columns],
      now ?? [0, 0, 0, 0],
      { onMove: move, onUse() {} },
      ADJUST.coverHelp,
    );
    frame.element.addEventListener("pointerdown", () => {
      gesture = {};
    });
    host.replaceChildren(frame.element);
  }

  return {
    element: build(["div", { class: "cover-part" }, button, host, text]),
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      const [input] = trace.stages;
      const [, rows, columns] = input.shape;
      side = [rows, columns];
      now = adjustmentOf(trace.scene, option);
      if (shape !== String(side)) makeFrame(rows, columns);
      shape = String(side);
      setText(button, now ? ADJUST.uncover : ADJUST.cover);
      setText(text, now ? ADJUST.coverText(now) : "");
      if (!canvas || !frame) return;
      const colors = mapColors(input, 0, view.colors, view.scope, photoRange(trace));
      paintThumbnail(canvas, rows, columns, mapPicture(input, 0, isColorPicture(input, view), colors));
      if (String(frame.box()) !== String(now ?? [0, 0, 0, 0]) && !pauseRuns()) frame.set(now ?? [0, 0, 0, 0]);
      frame.element.classList.toggle("is-bare", !now);
    },
  };

  /** Whether somebody is moving the box: the figure follows it. */
  function pauseRuns() {
    return now !== null && host.matches(":active");
  }
}

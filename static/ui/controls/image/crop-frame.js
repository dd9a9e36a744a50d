/**
 * A rectangle on a picture: it is drawn, moved and resized with mouse, finger or keyboard, and what lies outside is
 * darker.
 */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { build } from "convoscope/ui/dom.js";

/** @typedef {[top: number, left: number, height: number, width: number]} CropBox in pixels of the picture */

/** The sides of the rectangle that each handle moves. */
const HANDLES = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
/** Pixels on the screen below which handles lie outside of the rectangle, so that its middle can be touched. */
const SMALL_SIDE = 110;
/** An arrow key moves this part of the picture's shorter side. */
const KEY_STEP = 1 / 50;

/**
 * @param {HTMLElement} picture @param {[height: number, width: number]} stored its pixels @param {CropBox} initial
 * @param {{onMove: () => void, onUse: () => void}} events `onUse` on Enter
 * @param {string} [label] what the rectangle is for
 */
export function createCropFrame(
  picture,
  [height, width],
  initial,
  { onMove, onUse },
  label = `${CONTROLS.cropHelp} ${CONTROLS.cropKeys}`,
) {
  let box = initial;
  const hole = build(["div", { class: "crop-hole" }]);
  const frame = build([
    "div",
    {
      class: "crop-box",
      tabindex: 0,
      role: "application",
      "aria-label": label,
      "data-part": "crop-box",
    },
    ...HANDLES.map(
      (name) =>
        /** @type {import("convoscope/ui/dom.js").Description} */ ([
          "span",
          { class: `crop-handle at-${name}`, "data-handle": name, "aria-hidden": true },
        ]),
    ),
  ]);
  const area = build([
    "div",
    { class: "crop-area", "data-part": "crop-area" },
    picture,
    ["div", { class: "crop-shade" }, hole],
    frame,
  ]);
  picture.addEventListener("load", () => show());
  new ResizeObserver(() => show()).observe(area);

  function show() {
    const [top, left, down, across] = box;
    for (const element of [frame, hole]) {
      element.style.left = `${(100 * left) / width}%`;
      element.style.top = `${(100 * top) / height}%`;
      element.style.width = `${(100 * across) / width}%`;
      element.style.height = `${(100 * down) / height}%`;
    }
    frame.classList.toggle("small", Math.min(frame.offsetWidth, frame.offsetHeight) < SMALL_SIDE);
  }

  /** Shows the nearest box inside the picture. @param {CropBox} next */
  function setBox(next) {
    const down = Math.min(Math.max(next[2], 1), height);
    const across = Math.min(Math.max(next[3], 1), width);
    const top = Math.min(Math.max(next[0], 0), height - down);
    const left = Math.min(Math.max(next[1], 0), width - across);
    box = /** @type {CropBox} */ ([top, left, down, across].map(Math.round));
    show();
    onMove();
  }

  /**
   * The box between two corners.
   * @param {number} top @param {number} left @param {number} bottom @param {number} right @returns {CropBox}
   */
  function between(top, left, bottom, right) {
    const clamp = (/** @type {number} */ at, /** @type {number} */ most) => Math.min(Math.max(at, 0), most);
    const rows = [clamp(top, height), clamp(bottom, height)].sort((one, other) => one - other);
    const columns = [clamp(left, width), clamp(right, width)].sort((one, other) => one - other);
    return [rows[0], columns[0], rows[1] - rows[0], columns[1] - columns[0]];
  }

  /** @param {PointerEvent} event @returns {[number, number]} row and column of the picture's pixel under the pointer */
  function pixelUnder(event) {
    const rect = area.getBoundingClientRect();
    return [((event.clientY - rect.top) / rect.height) * height, ((event.clientX - rect.left) / rect.width) * width];
  }

  area.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    frame.focus();
    area.setPointerCapture(event.pointerId);
    const from = pixelUnder(event);
    const target = /** @type {HTMLElement} */ (event.target);
    const { handle } = target.dataset;
    const [top, left, down, across] = box;
    const dragged = new AbortController();
    const move = (/** @type {PointerEvent} */ now) => {
      const to = pixelUnder(now);
      const [by, along] = [to[0] - from[0], to[1] - from[1]];
      const ifMoved = (/** @type {string} */ side, /** @type {number} */ change) =>
        handle?.includes(side) ? change : 0;
      if (handle)
        setBox(
          between(
            top + ifMoved("n", by),
            left + ifMoved("w", along),
            top + down + ifMoved("s", by),
            left + across + ifMoved("e", along),
          ),
        );
      else if (target === frame) setBox([top + by, left + along, down, across]);
      else setBox(between(from[0], from[1], to[0], to[1]));
    };
    area.addEventListener("pointermove", move, { signal: dragged.signal });
    for (const end of ["pointerup", "pointercancel"])
      area.addEventListener(end, () => dragged.abort(), { signal: dragged.signal });
  });
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      return onUse();
    }
    const step = Math.max(1, Math.round(Math.min(height, width) * KEY_STEP));
    const by = /** @type {Record<string, [number, number]>} */ ({
      ArrowUp: [-step, 0],
      ArrowDown: [step, 0],
      ArrowLeft: [0, -step],
      ArrowRight: [0, step],
    })[event.key];
    if (!by) return;
    event.preventDefault();
    if (event.shiftKey) setBox([box[0], box[1], box[2] + by[0], box[3] + by[1]]);
    else setBox([box[0] + by[0], box[1] + by[1], box[2], box[3]]);
  });

  return {
    element: area,
    box: () => box,
    /** Shows another box, which nobody moved. @param {CropBox} next */
    set(next) {
      box = next;
      show();
    },
    focus() {
      show();
      frame.focus();
    },
  };
}

/** The crop dialog: the whole image with a rectangle, drawn with the pointer or moved with the arrow keys. */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {PageTables, Trace} from "convoscope/pure/types.js" */
/** @typedef {[top: number, left: number, height: number, width: number]} CropBox */

/**
 * @param {HTMLElement} root
 * @param {Trace} trace
 * @param {PageTables} tables
 * @param {(crop: CropBox | null, size: [number, number]) => void} onChoose
 */
export function openCropDialog(root, trace, tables, onChoose) {
  const { image } = trace.stages[0];
  if (!image?.stored || !image.cut) return;
  const [height, width] = image.stored;
  const source =
    image.kind === "upload"
      ? `/api/images/${image.name}.png`
      : tables.samples.find((sample) => sample.name === image.name)?.picture;
  if (!source) return;
  let box = /** @type {CropBox} */ ([...image.cut]);
  const cells = Math.max(...trace.scene.size);
  const frame = build([
    "div",
    { class: "crop-box", tabindex: 0, role: "application", "aria-label": CONTROLS.cropHelp, "data-part": "crop-box" },
  ]);
  const boxText = build(["output", { class: "mono small" }]);
  const field = build([
    "div",
    { class: "crop-area", "data-part": "crop-area" },
    ["img", { src: siteAddress(source), alt: image.alt ?? "", width, height, draggable: "false" }],
    frame,
  ]);
  const use = build([
    "button",
    {
      type: "button",
      class: "button primary",
      "data-part": "use-crop",
      onclick: () => {
        dialog.close();
        onChoose(box, sizeForBox(box, cells));
      },
    },
    CONTROLS.useCrop,
  ]);
  const reset = build([
    "button",
    {
      type: "button",
      class: "button",
      onclick: () => {
        dialog.close();
        onChoose(null, [cells, cells]);
      },
    },
    CONTROLS.centerCrop,
  ]);
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { "aria-label": CONTROLS.chooseCropTitle, class: "crop-dialog" },
      ["header", ["h2", CONTROLS.chooseCropTitle], closeButton()],
      ["p", { class: "muted" }, CONTROLS.cropHelp],
      field,
      ["div", { class: "row" }, boxText, ["span", reset, " ", use]],
    ])
  );
  dialog.addEventListener("close", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
  showBox();

  function showBox() {
    const [top, left, down, across] = box;
    frame.style.left = `${(100 * left) / width}%`;
    frame.style.top = `${(100 * top) / height}%`;
    frame.style.width = `${(100 * across) / width}%`;
    frame.style.height = `${(100 * down) / height}%`;
    const [rows, columns] = sizeForBox(box, cells);
    boxText.textContent = CONTROLS.cropText(box, rows, columns);
  }

  /** @param {CropBox} next */
  function setBox(next) {
    const down = Math.min(Math.max(next[2], 1), height);
    const across = Math.min(Math.max(next[3], 1), width);
    const top = Math.min(Math.max(next[0], 0), height - down);
    const left = Math.min(Math.max(next[1], 0), width - across);
    box = /** @type {CropBox} */ ([top, left, down, across].map(Math.round));
    showBox();
  }

  /** @param {PointerEvent} event @returns {[number, number]} row and column of the image pixel under the pointer */
  function pixelUnder(event) {
    const area = field.getBoundingClientRect();
    return [((event.clientY - area.top) / area.height) * height, ((event.clientX - area.left) / area.width) * width];
  }

  field.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    frame.focus();
    field.setPointerCapture(event.pointerId);
    const from = pixelUnder(event);
    const [top, left, down, across] = box;
    const inside = event.target === frame;
    const move = (/** @type {PointerEvent} */ now) => {
      const to = pixelUnder(now);
      if (inside) setBox([top + to[0] - from[0], left + to[1] - from[1], down, across]);
      else
        setBox([
          Math.min(from[0], to[0]),
          Math.min(from[1], to[1]),
          Math.abs(to[0] - from[0]),
          Math.abs(to[1] - from[1]),
        ]);
    };
    field.addEventListener("pointermove", move);
    field.addEventListener("pointerup", () => field.removeEventListener("pointermove", move), { once: true });
    field.addEventListener("pointercancel", () => field.removeEventListener("pointermove", move), { once: true });
  });
  frame.addEventListener("keydown", (event) => {
    const step = Math.max(1, Math.round(Math.min(height, width) / 50));
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
}

/**
 * Rows and columns in the proportions of a box; the longer side has `cells` cells.
 * @param {CropBox} box @param {number} cells
 * @returns {[number, number]}
 */
function sizeForBox([, , height, width], cells) {
  const longest = Math.max(height, width);
  return [Math.max(1, Math.round((cells * height) / longest)), Math.max(1, Math.round((cells * width) / longest))];
}

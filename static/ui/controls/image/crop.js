/**
 * The dialog that cuts a picture: the whole of it with a rectangle, and what the figure makes of the part inside, in its
 * cells and with the filter of the figure.
 */

import { mapValues } from "convoscope/pure/maps/palette.js";
import { cropOfBlock, croppedSize, mostContrastyBlock, sizeForBox } from "convoscope/pure/maps/telling-cut.js";
import { changeScene } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { createCropFrame } from "convoscope/ui/controls/image/crop-frame.js";
import { createCropPreviews } from "convoscope/ui/controls/image/crop-previews.js";
import { build, setText } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {PageTables, Scene, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {CropBox} from "convoscope/ui/controls/image/crop-frame.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Cells on the longer side that the dialog offers, and the number for a picture that was just uploaded. */
const SIZES = [16, 32, 64, 128];
const CELLS_OF_UPLOAD = 64;
/** The fewest pixels on each side of the part that is suggested. */
const LEAST_SUGGESTED = 64;

/**
 * @typedef {object} CropEvents
 * @property {(crop: CropBox | null, size: [number, number]) => void} onChoose null for the whole picture
 * @property {(scene: Scene, stages: number[], signal: AbortSignal) => Promise<Trace | string>} onPreview computes a figure
 * that is not shown; a sentence where that is not possible
 */

/**
 * Opens the dialog, unless another one is open.
 * @param {HTMLElement} root @param {Trace} trace @param {View} view @param {PageTables} tables @param {CropEvents} events
 * @param {boolean} [isNew] whether the picture was just uploaded: then a part is suggested
 */
export async function openCropDialog(root, trace, view, tables, { onChoose, onPreview }, isNew = false) {
  const source = pictureAddress(trace.stages[0], tables);
  const { image } = trace.stages[0];
  if (!source || !image?.stored || !image.cut) return;
  await loadStylesheet("crop");
  if (document.querySelector("dialog[open]")) return;
  const [height, width] = image.stored;
  const scene = trace.scene;
  const stage = view.stage > 0 ? Math.min(view.stage, trace.stages.length - 1) : Math.min(1, trace.stages.length - 1);
  let cells = isNew ? CELLS_OF_UPLOAD : Math.max(...scene.size);
  const suggested = isNew ? suggestBox(trace.stages[0]) : /** @type {CropBox} */ ([...image.cut]);
  const boxText = build(["output", { class: "mono small", "data-part": "crop-text" }]);
  const picture = build(["img", { src: siteAddress(source), alt: image.alt ?? "", width, height, draggable: "false" }]);
  const frame = createCropFrame(picture, [height, width], suggested, {
    onMove: () => showBox(),
    onUse: () => use(),
  });
  const previews = createCropPreviews(view, stage);
  const sizes = build(["div", { class: "choices", role: "group", "aria-label": CONTROLS.cellsOfCrop }]);
  const button = (
    /** @type {string} */ part,
    /** @type {string} */ label,
    /** @type {() => void} */ onclick,
    /** @type {string} */ look = "button",
  ) => /** @type {Description} */ (["button", { type: "button", class: look, "data-part": part, onclick }, label]);
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { "aria-label": CONTROLS.chooseCropTitle, class: "crop-dialog", "data-part": "crop-dialog" },
      ["header", ["h2", CONTROLS.chooseCropTitle], closeButton()],
      [
        "div",
        { class: "crop-body" },
        ["div", { class: "crop-stage" }, frame.element],
        ["div", { class: "crop-side" }, ["div", { class: "row" }, ["span", CONTROLS.cells], sizes], previews.element],
      ],
      [
        "p",
        { class: "muted small crop-help" },
        CONTROLS.cropHelp,
        " ",
        ["span", { class: "crop-keys" }, CONTROLS.cropKeys],
      ],
      [
        "footer",
        boxText,
        [
          "span",
          button("cancel-crop", CONTROLS.cancelCrop, () => dialog.close()),
          ...(isNew ? [] : [button("whole-picture", CONTROLS.wholePicture, () => choose(null))]),
          button("use-crop", CONTROLS.useCrop, use, "button primary"),
        ],
      ],
    ])
  );
  const closing = new AbortController();
  dialog.addEventListener("close", () => {
    closing.abort();
    dialog.remove();
  });
  root.append(dialog);
  dialog.showModal();
  frame.focus();
  showSizes();
  showBox();

  function use() {
    choose(frame.box());
  }

  /** @param {CropBox | null} box */
  function choose(box) {
    dialog.close();
    onChoose(box, sizeForBox(box ?? [0, 0, height, width], cells));
  }

  function showSizes() {
    const counts = SIZES.includes(cells) ? SIZES : [...SIZES, cells].sort((one, other) => one - other);
    sizes.replaceChildren(
      ...counts.map((count) =>
        build([
          "button",
          {
            type: "button",
            "aria-pressed": String(count === cells),
            "data-cells": count,
            onclick: () => {
              cells = count;
              for (const one of sizes.querySelectorAll("button"))
                one.setAttribute("aria-pressed", String(one.dataset.cells === String(count)));
              showBox();
            },
          },
          count,
        ]),
      ),
    );
  }

  function showBox() {
    const size = sizeForBox(frame.box(), cells);
    setText(boxText, CONTROLS.cropText(frame.box(), ...croppedSize(frame.box(), size)));
    previews.refresh(
      () => changeScene({ crop: frame.box(), size })(scene),
      (next) => onPreview(next, stage > 0 ? [0, stage] : [0], closing.signal),
      closing.signal,
    );
  }
}

/**
 * The address of the pixels of a figure's picture; undefined where there are none.
 * @param {Stage} input @param {PageTables} tables @returns {string | undefined}
 */
function pictureAddress({ image }, tables) {
  if (image?.kind === "upload") return `/api/images/${image.name}.png`;
  return tables.samples.find((sample) => sample.name === image?.name)?.picture;
}

/**
 * The square of a picture with most contrast: half of its longer side, or its whole shorter one; the whole picture
 * where that is a line of few pixels.
 * @param {Stage} input @returns {CropBox}
 */
function suggestBox(input) {
  const [channels, rows, columns] = input.shape;
  const [, , height, width] = input.image?.cut ?? [0, 0, rows, columns];
  const pixels = Math.max(height / rows, width / columns);
  const wanted = Math.max(Math.max(rows, columns) / 2, LEAST_SUGGESTED / pixels);
  const side = Math.max(1, Math.min(Math.round(wanted), rows, columns));
  const planes = Array.from({ length: channels }, (_, channel) => mapValues(input, channel));
  const found = mostContrastyBlock(planes, rows, columns, side, side);
  const [top, left, down, across] = cropOfBlock(input, { ...found, rows: side, columns: side });
  const even = Math.min(down, across);
  const [high, wide] = input.image?.stored ?? [rows, columns];
  if (even < LEAST_SUGGESTED / 4 && even < Math.max(high, wide) / 4) return [0, 0, high, wide];
  return [top, left, even, even];
}

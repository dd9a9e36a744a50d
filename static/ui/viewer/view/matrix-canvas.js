/**
 * The picture of the big matrix in the open view: kept while the view is drawn again, and connected with the figure.
 */

import { inputStageOf } from "convoscope/pure/frame/view-model.js";
import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { isDark } from "convoscope/ui/dom.js";
import { readThemeColors } from "convoscope/ui/draw/draw.js";
import { createMatrixPicture, placeOfRow } from "convoscope/ui/draw/draw-matrix.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {MatrixScene} from "convoscope/ui/draw/draw-matrix.js" */

/** What stands above and below the picture, in pixels at the size of letters of a page, and its least height. */
const [AROUND, LEAST] = [264, 140];

/** How far a key goes among the rows. @type {Record<string, (row: number, count: number) => number>} */
const MOVES = {
  ArrowLeft: (row) => row - 1,
  ArrowUp: (row) => row - 1,
  ArrowRight: (row) => row + 1,
  ArrowDown: (row) => row + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** @param {(target: Element | null) => void} onPoint the element whose `data-weight` is pointed at */
export function createMatrixCanvas(onPoint) {
  /** @type {ReturnType<typeof createMatrixPicture> | null} */
  let picture = null;
  /** @type {MatrixScene | null} */
  let scene = null;

  /** Says in the attributes of the picture where a point leads. @param {PointerEvent | MouseEvent} event */
  function read(event) {
    const found = picture?.at(event);
    if (!picture || !scene) return;
    const { dataset } = picture.element;
    if (found) dataset.go = [scene.stage.index, ...placeOfRow(scene, found.row)].join();
    else delete dataset.go;
    if (found?.weight) dataset.weight = found.weight;
    else delete dataset.weight;
  }

  function create() {
    const made = createMatrixPicture();
    made.element.addEventListener("click", read);
    made.element.addEventListener("pointermove", (event) => {
      read(event);
      onPoint(made.element);
    });
    return made;
  }

  return {
    /**
     * Puts the picture where the view has a place for it.
     * @param {HTMLElement} panel @param {Trace} trace @param {View} view @param {Frame} frame
     * @param {{width: number, height: number, text: number}} size @param {number} written
     * @param {[number, number] | null} weight
     */
    mount(panel, trace, view, frame, size, written, weight) {
      const host = /** @type {HTMLElement | null} */ (panel.querySelector('[data-picture="matrix"]'));
      scene = null;
      if (!host) return;
      const stage = trace.stages[frame.stage];
      const before = inputStageOf(trace, stage);
      if (!before?.output || !stage.output) return;
      picture ??= create();
      if (picture.element.parentElement !== host) host.append(picture.element);
      const height = Math.max(LEAST, size.height - (AROUND * size.text) / 12);
      scene = {
        trace,
        stage,
        before,
        frame,
        written,
        colors: view.colors,
        lit: weight?.join() ?? null,
        size: { width: size.width - 8, height },
        scale: size.text / 12,
        chosen: null,
        theme: readThemeColors(panel),
        isDark: isDark(panel),
      };
      picture.show(scene);
    },
    /** Chooses another row by a key, which Enter goes to. @param {KeyboardEvent} event @returns {boolean} whether it did */
    press({ key, target }) {
      const rows = target instanceof HTMLElement ? target.closest("[data-rows]") : null;
      if (!scene || !picture || !MOVES[key] || !(rows instanceof HTMLElement)) return false;
      const most = Number(rows.ariaValueMax);
      const row = Math.min(Math.max(MOVES[key](Number(rows.ariaValueNow), most + 1), 0), most);
      rows.ariaValueNow = String(row);
      rows.ariaValueText = SHARING.rowOfMatrix(row);
      rows.dataset.go = [scene.stage.index, ...placeOfRow(scene, row)].join();
      scene = { ...scene, chosen: row };
      picture.show(scene);
      return true;
    },
    /** Lights a weight in the picture. @param {[number, number] | null} weight */
    light(weight) {
      const lit = weight?.join() ?? null;
      if (!scene || !picture || scene.lit === lit) return;
      scene = { ...scene, lit };
      picture.show(scene);
    },
  };
}

/** Opens the cells of a typed picture in its map: with a double click, two taps, or Enter. */

import { frameAt } from "convoscope/pure/frame/frame.js";
import { inputStageOf, stageOf } from "convoscope/pure/frame/view-model.js";
import { inputChannel, isColorPicture } from "convoscope/pure/maps/map-choice.js";
import { EDIT } from "convoscope/pure/strings/control-strings.js";

/** @import {EditableNumbers} from "convoscope/pure/link/edit-in-place.js" */
/** @import {Trace, View} from "convoscope/pure/types.js" */
/** @import {MakeNumber, Viewer} from "convoscope/features/editing/editing.js" */
/** @import {EditedNumber} from "convoscope/features/editing/number-field.js" */

/** @typedef {"input" | "output"} MapName */

/** Milliseconds between two taps. */
const TAPS_WITHIN = 400;

/**
 * @param {Viewer} viewer
 * @param {object} parts
 * @param {ReturnType<typeof import("convoscope/features/editing/number-field.js").createNumberField>} parts.field
 * @param {MakeNumber} parts.makeNumber
 * @param {EditableNumbers} parts.numbers
 * @param {() => {trace: Trace, view: View, map: MapName | null} | null} parts.figure `map`: the one whose cells can be
 * edited
 * @param {(sentence: string) => void} parts.onNote
 */
export function listenCells(viewer, { field, makeNumber, numbers, figure, onNote }) {
  /**
   * @param {MapName} map @param {number} channel @param {number} row @param {number} col
   * @returns {EditedNumber | null} null outside of the picture
   */
  function numberOf(map, channel, row, col) {
    const [, rows, columns] = /** @type {{trace: Trace}} */ (figure()).trace.stages[0].shape;
    if (row < 0 || col < 0 || row >= rows || col >= columns) return null;
    return makeNumber(numbers, [channel, row, col], {
      name: EDIT.cell(row, col),
      isInput: true,
      rect: () => viewer.figure.rectOf(map, [row], [col]),
      focusCell: () => viewer.figure.hosts[map].focus({ preventScroll: true }),
      neighbor(by) {
        const n = row * columns + col + by;
        return numberOf(map, channel, Math.floor(n / columns), n - Math.floor(n / columns) * columns);
      },
      onOpen: () => viewer.stop(),
      onClose() {},
    });
  }

  /** @param {MapName} map @param {{row: number, col: number} | null} place */
  function open(map, place) {
    const shown = figure();
    if (!shown || shown.map !== map || !place) return;
    const { trace, view } = shown;
    const [stage, picture] = [stageOf(trace, view), trace.stages[0]];
    const chosen = map === "input" ? viewer.chosenChannel() : null;
    if (chosen === null && isColorPicture(picture, view)) return onNote(EDIT.chooseChannel);
    const channel = chosen ?? (inputStageOf(trace, stage) ? inputChannel(stage, view.map, picture) : view.map);
    const number = numberOf(map, channel, place.row, place.col);
    if (number) field.open(number);
  }

  for (const [map, host] of /** @type {[MapName, HTMLElement][]} */ (Object.entries(viewer.figure.hosts))) {
    const cellAt = (/** @type {MouseEvent} */ { clientX, clientY }) => viewer.figure.cellAt(map, clientX, clientY);
    host.addEventListener("dblclick", (event) => open(map, cellAt(event)));
    /** @type {{at: number, row: number, col: number} | null} */
    let tapped = null;
    host.addEventListener("pointerup", (event) => {
      const cell = event.pointerType === "mouse" ? null : cellAt(event);
      const isAgain = cell && tapped && cell.row === tapped.row && cell.col === tapped.col;
      if (isAgain && tapped && event.timeStamp - tapped.at < TAPS_WITHIN) open(map, cell);
      tapped = cell && { at: event.timeStamp, ...cell };
    });
    host.addEventListener("keydown", (event) => {
      const shown = figure();
      if (event.key !== "Enter" || event.target !== host || shown?.map !== map) return;
      event.preventDefault();
      const { rows, columns, row, col } = frameAt(shown.trace, shown.view);
      open(map, map === "output" ? { row, col } : { row: middleOf(rows), col: middleOf(columns) });
    });
  }
}

/** The cell in the middle of a window. @param {number[]} cells */
function middleOf(cells) {
  return cells[cells.length >> 1];
}

/** Editing numbers where they are shown: the weights of the filter in its table, and the cells of a typed picture. */

import { listenWeights } from "convoscope/features/editing/filter-weights.js";
import { createNumberField } from "convoscope/features/editing/number-field.js";
import { listenCells } from "convoscope/features/editing/picture-cells.js";
import { focusOf } from "convoscope/pure/frame/frame.js";
import { cellsOfPicture, layerWithWeights, mapOfNumbers, weightsOf } from "convoscope/pure/link/edit-in-place.js";
import { stepUnit } from "convoscope/pure/link/filter-numbers.js";
import { EDIT } from "convoscope/pure/strings/control-strings.js";
import { getPart } from "convoscope/ui/dom.js";
import { createLiveEdits } from "convoscope/ui/site/live-edits.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {EditableNumbers, NumberPlace} from "convoscope/pure/link/edit-in-place.js" */
/** @import {PageTables, Scene, Trace, View} from "convoscope/pure/types.js" */
/** @import {Gesture} from "convoscope/ui/site/live-edits.js" */
/** @import {EditedNumber} from "convoscope/features/editing/number-field.js" */

/** @typedef {ReturnType<typeof import("convoscope/ui/viewer/viewer.js").createViewer>} Viewer */

/**
 * @typedef {object} EditingEvents
 * @property {(edit: Edit, view: Partial<View> | undefined, gesture: Gesture) => Promise<void>} onEdit resolves when the
 * figure is shown, or failed
 * @property {(gesture: Gesture) => void} onTakeBack
 * @property {(sentence: string) => void} onNote
 */

/**
 * Where a number is shown, and what follows when it is edited there.
 * @typedef {Pick<EditedNumber, "name" | "isInput" | "rect" | "neighbor" | "focusCell" | "onOpen" | "onClose">} ShownNumber
 */

/**
 * Makes a number that can be edited.
 * @typedef {(numbers: EditableNumbers, place: NumberPlace, shown: ShownNumber) => EditedNumber} MakeNumber
 */

/** @param {HTMLElement} root @param {PageTables} tables @param {Viewer} viewer @param {EditingEvents} events */
export function createEditing(root, tables, viewer, { onEdit, onTakeBack, onNote }) {
  const field = createNumberField(getPart(root, "figure"));
  const live = createLiveEdits(
    ({ edit, view, gesture }) => onEdit(edit, view, gesture),
    () => {
      latest = null;
    },
  );
  /** @type {Trace | null} */
  let trace = null;
  /** The scene with the edits that are not shown yet. @type {Scene | null} */
  let latest = null;

  /** Without a place of its own, a figure shows its most telling cell, which is another one after each edit. */
  function keepWindow() {
    const view = viewer.view();
    const { row, col } = focusOf(/** @type {Trace} */ (trace), view);
    if (!view.at) viewer.set({ at: [row, col] });
  }

  /** @type {MakeNumber} */
  function makeNumber(numbers, place, shown) {
    const gesture = {};
    const scene = () => latest ?? /** @type {Trace} */ (trace).scene;
    const all = numbers.read(scene());
    const text = all[place[0]][place[1]][place[2]];
    let isChanged = false;
    return {
      ...shown,
      text,
      unit: stepUnit(text, all.flat(2)),
      onChange(next) {
        isChanged = true;
        const edit = numbers.write(place, next);
        latest = edit(scene());
        keepWindow();
        live.push({ edit, view: numbers.view, gesture });
        viewer.announcer.say(EDIT.changed(shown.name, next.replace("-", "−")));
      },
      onTakeBack() {
        if (!isChanged) return;
        live.clear(gesture);
        onTakeBack(gesture);
        viewer.announcer.say(EDIT.changed(shown.name, text.replace("-", "−")));
      },
      onRefuse: (sentence) => onNote(`${sentence} ${EDIT.stays(shown.name, text.replace("-", "−"))}`),
    };
  }

  const numbersOfFilter = () => {
    const layer = trace && layerWithWeights(trace, viewer.view(), tables);
    return trace && layer !== null ? weightsOf(trace, viewer.view(), layer, tables) : null;
  };
  listenWeights(getPart(root, "terms"), { viewer, field, makeNumber, numbersOfFilter });
  listenCells(viewer, {
    field,
    makeNumber,
    numbers: cellsOfPicture(),
    figure: () => trace && { trace, view: viewer.view(), map: mapOfNumbers(trace, viewer.view()) },
    onNote,
  });

  return {
    isOpen: field.isOpen,
    place: field.place,
    /** Another figure, or another view of it. @param {Trace} next */
    show(next) {
      if (next !== trace && !live.isBusy()) field.close(); // somebody went back, or edited it elsewhere
      trace = next;
      field.place();
    },
  };
}

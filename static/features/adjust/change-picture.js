/** Changes of the picture, sent one after the other, and the button that takes all of them back. */

import { changeScene } from "convoscope/pure/scene-edits.js";
import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { build } from "convoscope/ui/dom.js";
import { createLiveEdits } from "convoscope/ui/site/live-edits.js";

/** @import {Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/features/adjust/adjust-panel.js").AdjustEvents["onEdit"]} OnEdit */
/** @typedef {import("convoscope/features/adjust/adjust-sliders.js").ChangePicture} ChangePicture */

/** @param {OnEdit} onEdit @returns {ChangePicture} */
export function createPictureChange(onEdit) {
  const live = createLiveEdits(
    async ({ edit, view, gesture }) => onEdit(edit, view, gesture),
    () => {},
  );
  return (edit, gesture) => live.push({ edit, view: undefined, gesture });
}

/** @param {ChangePicture} change @param {string} part @param {string} looks its classes */
export function createReset(change, part, looks) {
  const element = /** @type {HTMLButtonElement} */ (
    build([
      "button",
      {
        type: "button",
        class: looks,
        "data-part": part,
        title: ADJUST.resetHelp,
        onclick: () => change(changeScene({ adjust: null }), {}),
      },
      ADJUST.reset,
    ])
  );
  return {
    element,
    /** @param {Trace} trace */
    show(trace) {
      element.disabled = !trace.scene.adjust;
    },
  };
}

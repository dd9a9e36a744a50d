/** Changing the picture on purpose: sliders, mirrors, a covered part, and what a network says before and after. */

import { createAdjustSliders, findOption } from "convoscope/features/adjust/adjust-sliders.js";
import { createAnswers } from "convoscope/features/adjust/answers.js";
import { createCoverBox } from "convoscope/features/adjust/cover-box.js";
import { createSweepCurve } from "convoscope/features/adjust/sweep-curve.js";
import { changeScene } from "convoscope/pure/scene-edits.js";
import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { build } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { createLiveEdits } from "convoscope/ui/site/live-edits.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {PageTables, Scene, Trace, View} from "convoscope/pure/types.js" */

/**
 * @typedef {object} AdjustEvents
 * @property {(edit: Edit, view?: Partial<View>, gesture?: object) => Promise<void> | void} onEdit
 * @property {(scene: Scene, stages: number[], signal: AbortSignal) => Promise<Trace | string>} [onPreview] computes a
 * figure that is not shown; a sentence where that is not possible
 * @property {(view: Partial<View>) => void} onView
 * @property {(path: string) => Promise<Blob>} getFile a file of this server; rejects with a sentence
 */

/** Resolves once its styles are there. */
export function loadStyles() {
  return Promise.all(["crop", "tabs"].map(loadStylesheet));
}

/**
 * @param {HTMLElement} host @param {PageTables} tables @param {AdjustEvents} events
 * @param {boolean} isOfLink whether the link of the page changes its picture
 */
export function createAdjustPanel(host, tables, { onEdit, onPreview, ...events }, isOfLink) {
  const live = createLiveEdits(
    async ({ edit, view, gesture }) => onEdit(edit, view, gesture),
    () => {},
  );
  const change = (/** @type {Edit} */ edit, /** @type {object} */ gesture) =>
    live.push({ edit, view: undefined, gesture });
  const sliders = createAdjustSliders(tables.adjust, change);
  const cover = createCoverBox(findOption(tables.adjust, "cover"), change);
  const answers = createAnswers(onPreview, isOfLink);
  const sweep = createSweepCurve(events);
  const reset = /** @type {HTMLButtonElement} */ (
    build([
      "button",
      {
        type: "button",
        class: "link small",
        "data-part": "adjust-reset",
        title: ADJUST.resetHelp,
        onclick: () => change(changeScene({ adjust: null }), {}),
      },
      ADJUST.reset,
    ])
  );
  host.replaceChildren(...sliders.elements, reset, answers.element, sweep.element, cover.element);
  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      sliders.show(trace);
      cover.show(trace, view);
      reset.disabled = !trace.scene.adjust;
      answers.show(trace);
      sweep.show(trace, view);
    },
  };
}

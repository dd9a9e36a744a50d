/** Changing the picture on purpose: sliders, mirrors, a covered part, and what a network says before and after. */

import { createAdjustSliders, findOption } from "convoscope/features/adjust/adjust-sliders.js";
import { createAnswers } from "convoscope/features/adjust/answers.js";
import { createPictureChange, createReset } from "convoscope/features/adjust/change-picture.js";
import { createCoverBox } from "convoscope/features/adjust/cover-box.js";
import { createSweepCurve } from "convoscope/features/adjust/sweep-curve.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

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
  const change = createPictureChange(onEdit);
  const sliders = createAdjustSliders(tables.adjust, change);
  const cover = createCoverBox(findOption(tables.adjust, "cover"), change);
  const answers = createAnswers(onPreview, isOfLink);
  const sweep = createSweepCurve(events);
  const reset = createReset(change, "adjust-reset", "link small");
  host.replaceChildren(...sliders.elements, reset.element, answers.element, sweep.element, cover.element);
  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      sliders.show(trace);
      cover.show(trace, view);
      reset.show(trace);
      answers.show(trace);
      sweep.show(trace, view);
    },
  };
}

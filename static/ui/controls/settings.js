/**
 * The settings beside a figure: image, current stage and display options. They are loaded after the figure is drawn.
 */

import { sizeLines } from "convoscope/pure/text/output-size.js";
import { createDisplayMenu } from "convoscope/ui/controls/display-menu.js";
import { createImageSettings } from "convoscope/ui/controls/image/image-settings.js";
import { fitGroups } from "convoscope/ui/controls/layer/channel-edits.js";
import { createInspector } from "convoscope/ui/controls/layer/inspector.js";
import { createKnobsOpener } from "convoscope/ui/controls/open-network-knobs.js";
import { createProblemMarks } from "convoscope/ui/controls/problem-marks.js";
import { fill, findPart } from "convoscope/ui/dom.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {PageTables, Problem, Stage, Trace, TraceAndView, View} from "convoscope/pure/types.js" */
/** @import {ImageEvents} from "convoscope/ui/controls/image/image-settings.js" */
/** @import {InspectorEvents} from "convoscope/ui/controls/layer/inspector.js" */

/** @typedef {ReturnType<typeof createSettings>} Settings */

/**
 * @param {HTMLElement} root @param {PageTables} tables
 * @param {InspectorEvents & ImageEvents & {onView: (view: Partial<View>) => void, onTeach: () => void,
 * loadKnobs: import("convoscope/ui/controls/open-network-knobs.js").LoadKnobs}} events
 */
export function createSettings(root, tables, { onEdit, loadKnobs, ...others }) {
  const events = {
    ...others,
    onEdit: (
      /** @type {Edit} */ edit,
      /** @type {Partial<View> | undefined} */ view = undefined,
      /** @type {object | undefined} */ gesture = undefined,
    ) => onEdit((scene) => fitGroups(scene, edit(scene), tables), view, gesture),
  };
  const inspector = createInspector(root, tables, events);
  const display = createDisplayMenu(root, tables, events);
  const image = createImageSettings(root, tables, events);
  const knobs = createKnobsOpener(root, tables, events, loadKnobs);
  const marks = createProblemMarks(root);
  /** @type {TraceAndView | null} */
  let shown = null;
  const formula = findPart(root, "formula");
  /** The stage of the displayed formula. @type {Stage | null} */
  let formulaStage = null;
  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      if (trace !== shown?.trace) marks.clear();
      shown = { trace, view };
      const stage = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
      inspector.show(trace, view);
      image.show(trace, view);
      knobs.show(trace, view);
      display.show(view, stage);
      if (formula && stage !== formulaStage) fill(formula, ...sizeLines(trace, stage.index));
      formulaStage = stage;
    },
    /**
     * Marks what a problem is about: a control, a layer's card. Returns false if there is no such control.
     * @param {Problem} problem
     */
    markProblem: (problem) => Boolean(shown && marks.mark(problem, shown.trace, shown.view)),
    clearProblems: marks.clear,
  };
}

/**
 * The settings beside a figure: its image, the stage that is shown, and how it is shown. They come once the figure is
 * drawn.
 */

import { sizeLines } from "convoscope/pure/text/output-size.js";
import { createDisplay } from "convoscope/ui/controls/display-menu.js";
import { createImageControls } from "convoscope/ui/controls/image/image-settings.js";
import { createInspector } from "convoscope/ui/controls/layer/inspector.js";
import { fill, optionalPart } from "convoscope/ui/dom.js";

/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {Events as ImageEvents} from "convoscope/ui/controls/image/image-settings.js" */
/** @import {Events as InspectorEvents} from "convoscope/ui/controls/layer/inspector.js" */

/** @typedef {ReturnType<typeof createSettings>} Settings */

/**
 * @param {HTMLElement} root @param {Record<string, any>} tables
 * @param {InspectorEvents & ImageEvents & {onView: (view: Partial<View>) => void, onTeach: () => void}} events
 */
export function createSettings(root, tables, events) {
  const inspector = createInspector(root, tables, events);
  const display = createDisplay(root, tables, events);
  const image = createImageControls(root, tables, events);
  const formula = optionalPart(root, "formula");
  /** The stage that the formula is of. @type {Stage | null} */
  let computed = null;
  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      const stage = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
      inspector.show(trace, view);
      image.show(trace, view);
      display.show(view, stage);
      if (formula && stage !== computed) fill(formula, ...sizeLines(trace, stage.index));
      computed = stage;
    },
    /** Marks the control of a field that was refused; false where there is none. */
    invalid: inspector.invalid,
  };
}

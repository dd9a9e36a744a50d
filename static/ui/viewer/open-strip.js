/** Loads the module of the strip of stages; until then the strip that the server has drawn can be used. */

import { findPart } from "convoscope/ui/dom.js";

/** @import {Frame, Trace, View, ViewerTables} from "convoscope/pure/types.js" */
/** @import {OnEdit} from "convoscope/ui/controls/stage-strip.js" */

/**
 * @param {HTMLElement} root @param {ViewerTables} tables
 * @param {{onStage: (stage: number) => void, onEdit: OnEdit}} events
 */
export function createStripOpener(root, tables, events) {
  const host = findPart(root, "strip");
  /** @type {ReturnType<typeof import("convoscope/ui/controls/stage-strip.js").createStageStrip> | null} */
  let strip = null;
  let isRequested = false;
  /** What is shown as soon as the module is here. @type {{trace: Trace, view: View} | null} */
  let latest = null;
  /** @type {Frame | null} */
  let frame = null;

  host?.addEventListener("click", ({ target }) => {
    const buttons = [...host.querySelectorAll(".stage")];
    const button = /** @type {Element} */ (target).closest(".stage, [data-part='answer']");
    if (strip || !button) return;
    events.onStage(button.matches(".stage") ? buttons.indexOf(button) : buttons.length - 1);
  });

  /** A module that cannot be loaded is tried again with the next figure. */
  async function load() {
    isRequested = true;
    const module = await import("convoscope/ui/controls/stage-strip.js").catch(() => null);
    isRequested = module !== null;
    if (!module || !host || !latest) return;
    strip = module.createStageStrip(root, host, tables, events);
    strip.show(latest.trace, latest.view);
    if (frame) strip.mark(latest.trace, frame);
  }

  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      latest = { trace, view };
      if (!host) return;
      strip?.show(trace, view);
      if (!isRequested) load();
    },
    /** @param {Trace} trace @param {Frame} step */
    mark(trace, step) {
      frame = step;
      strip?.mark(trace, step);
    },
  };
}

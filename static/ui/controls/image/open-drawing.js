/** The drawing among the pictures: its code is loaded when it is first shown. */

import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { openTabOf } from "convoscope/ui/controls/image/adjust-fold.js";
import { build } from "convoscope/ui/dom.js";

/** @import {DrawEvents} from "convoscope/features/draw/draw-panel.js" */
/** @import {PageTables, Trace} from "convoscope/pure/types.js" */

/**
 * @param {PageTables} tables @param {DrawEvents} events
 * @param {() => Promise<typeof import("convoscope/features/draw/draw-panel.js")>} load
 */
export function createDrawing(tables, events, load) {
  const element = build(["div", { class: "draw", "data-part": "draw" }]);
  /** @type {ReturnType<typeof import("convoscope/features/draw/draw-panel.js").createDrawPanel> | null} */
  let panel = null;
  let isLoading = false;
  /** @type {Trace | null} */
  let shown = null;

  async function open() {
    isLoading = true;
    element.setAttribute("aria-busy", "true");
    const loaded = await load().catch(() => null);
    await loaded?.loadStyles().catch(() => null);
    isLoading = false;
    element.removeAttribute("aria-busy");
    if (loaded) panel = loaded.createDrawPanel(element, tables, events);
    else element.textContent = ADJUST.unreachable;
    if (shown) panel?.show(shown);
  }

  return {
    element,
    /** @param {Trace} trace */
    show(trace) {
      if (!shown) openTabOf(element); // a link can open it
      shown = trace;
      if (panel) panel.show(trace);
      else if (!isLoading) open();
    },
  };
}

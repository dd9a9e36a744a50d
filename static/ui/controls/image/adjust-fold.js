/** The fold “Change the picture”: what is in it is loaded when it is first opened. */

import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { build } from "convoscope/ui/dom.js";

/** @import {AdjustEvents} from "convoscope/features/adjust/adjust-panel.js" */
/** @import {PageTables, TraceAndView, Trace, View} from "convoscope/pure/types.js" */

/**
 * @param {PageTables} tables @param {AdjustEvents} events
 * @param {() => Promise<typeof import("convoscope/features/adjust/adjust-panel.js")>} load
 */
export function createAdjustFold(tables, events, load) {
  const host = build(["div", { "data-part": "adjust-panel" }]);
  const element = /** @type {HTMLDetailsElement} */ (
    build([
      "details",
      { class: "more", "data-part": "adjust", ontoggle: open },
      ["summary", { "data-key": "adjust" }, ADJUST.title],
      host,
    ])
  );
  /** @type {ReturnType<typeof import("convoscope/features/adjust/adjust-panel.js").createAdjustPanel> | null} */
  let panel = null;
  let isLoading = false;
  let wasChanged = false;
  let isOfLink = false;
  /** @type {TraceAndView | null} */
  let shown = null;

  async function open() {
    if (!element.open || isLoading) return;
    isLoading = !panel;
    element.setAttribute("aria-busy", String(isLoading));
    if (!panel) {
      const loaded = await load().catch(() => null);
      await loaded?.loadStyles();
      isLoading = false;
      panel = loaded?.createAdjustPanel(host, tables, events, isOfLink) ?? null;
      if (!panel) host.textContent = ADJUST.unreachable;
    }
    element.removeAttribute("aria-busy");
    if (shown) panel?.show(shown.trace, shown.view);
  }

  return {
    element,
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      const shownBefore = shown;
      shown = { trace, view };
      const isChanged = Boolean(trace.scene.adjust || view.sweep);
      if (isChanged && !wasChanged) element.open = true; // a link that changes its picture shows how
      if (!shownBefore) isOfLink = isChanged;
      if (isChanged && !shownBefore) openTabOf(element);
      wasChanged = isChanged;
      if (element.open) panel?.show(trace, view);
    },
  };
}

/** Opens the tab of the settings that an element is in. @param {Element} element */
export function openTabOf(element) {
  const panel = element.closest("[role=tabpanel]")?.id;
  if (panel) /** @type {HTMLElement | null} */ (document.querySelector(`[aria-controls="${panel}"]`))?.click();
}

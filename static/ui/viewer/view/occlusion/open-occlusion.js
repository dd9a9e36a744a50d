/** Loads the view “Why cat?” when it is opened; a file without its map has none, and says so. */

import { NETWORK } from "convoscope/pure/strings/tab-strings.js";
import { fill, findPart } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {Trace} from "convoscope/pure/types.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/viewer/view/occlusion/occlusion-panel.js").OcclusionEvents} OcclusionEvents */

/** @param {HTMLElement} panel @param {OcclusionEvents} events */
export function createOcclusionOpener(panel, events) {
  /** @type {ReturnType<typeof import("convoscope/ui/viewer/view/occlusion/occlusion-panel.js").createOcclusion> | null} */
  let loaded = null;
  let isLoading = false;
  /** @type {[HTMLElement, Trace, ViewContext] | null} */
  let shown = null;

  async function load() {
    isLoading = true;
    const loading = Promise.all([
      import("convoscope/ui/viewer/view/occlusion/occlusion-panel.js"),
      loadStylesheet("ui/viewer/view/occlusion/occlusion"),
    ]);
    const modules = await loading.catch(() => null);
    isLoading = false;
    if (modules) loaded = modules[0].createOcclusion(panel, events);
    if (shown && loaded) loaded.mount(...shown);
    else if (shown) fill(shown[0], ["p", { class: "muted" }, NETWORK.whyNotInFile]);
  }

  return {
    /** Fills the place of the view, if the panel has it. @param {Trace} trace @param {ViewContext} context */
    mount(trace, context) {
      const host = context.view.tab === "occlusion" ? findPart(panel, "occlusion") : null;
      if (!host) return this.leave();
      shown = [host, trace, context];
      if (loaded) loaded.mount(...shown);
      else if (!isLoading) load();
    },
    /** Another view is shown, or none. */
    leave() {
      shown = null;
      loaded?.leave();
    },
  };
}

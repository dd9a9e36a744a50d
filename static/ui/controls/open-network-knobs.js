/** Loads the sliders beside the view of a network when that view is open for the first time. */

/** @import {PageTables, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/features/adjust/network-knobs.js").createNetworkKnobs} CreateKnobs */
/** @typedef {() => Promise<typeof import("convoscope/features/adjust/network-knobs.js")>} LoadKnobs */

/** @param {HTMLElement} root @param {PageTables} tables @param {Parameters<CreateKnobs>[2]} events @param {LoadKnobs} load */
export function createKnobsOpener(root, tables, events, load) {
  /** @type {ReturnType<CreateKnobs> | null} */
  let knobs = null;
  let isLoading = false;
  /** @type {[Trace, View] | null} */
  let shown = null;

  async function open() {
    isLoading = true;
    const loaded = await load().catch(() => null);
    await loaded?.loadKnobStyles().catch(() => null);
    isLoading = false; // where the server cannot be reached, the next change tries again
    knobs = loaded?.createNetworkKnobs(root, tables, events) ?? null;
    if (shown) knobs?.show(...shown);
  }

  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      shown = [trace, view];
      if (knobs) knobs.show(trace, view);
      else if (view.tab === "network" && !isLoading) open();
    },
  };
}

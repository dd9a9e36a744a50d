/** Turns the comparison of a map with its input on and off. Its code is loaded when it is first used. */

import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {Trace, View} from "convoscope/pure/types.js" */
/** @typedef {ReturnType<typeof import("convoscope/ui/figure/figure.js").createFigure>} Figure */

/** @param {HTMLElement} root @param {Figure} figure @param {() => void} onChange the figure has to be drawn again */
export function createComparison(root, figure, onChange) {
  /** @type {ReturnType<typeof import("convoscope/ui/viewer/before-after.js").createBeforeAfter> | null} */
  let layer = null;
  /** The stage that is compared; null where none is. @type {number | null} */
  let stage = null;

  async function load() {
    const loading = Promise.all([import("convoscope/ui/viewer/before-after.js"), loadStylesheet("compare")]);
    const [{ createBeforeAfter }] = await loading;
    layer ??= createBeforeAfter(root, figure);
    onChange();
  }

  return {
    isOn: () => stage !== null,
    /** @param {View} view @returns {boolean} whether the input lies over the map now */
    toggle(view) {
      stage = stage === null ? view.stage : null;
      if (!layer) load();
      onChange();
      return stage !== null;
    },
    /**
     * Shows what is on; another stage ends it.
     * @param {Trace} trace @param {View} view @param {number | null} chosenChannel
     */
    show(trace, view, chosenChannel) {
      if (stage !== view.stage) stage = null;
      if (stage === null) layer?.hide();
      else layer?.show(trace, view, chosenChannel);
    },
  };
}

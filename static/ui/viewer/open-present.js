/** Turns presenting on and off. The code of the presenter is loaded when it is first used. */

/** @import {Action} from "convoscope/pure/keys.js" */
/** @import {PresentEvents} from "convoscope/ui/present/present.js" */
/** @import {Trace, View} from "convoscope/pure/types.js" */

/** @param {HTMLElement} root @param {PresentEvents} events */
export function createPresenter(root, events) {
  /** @type {ReturnType<typeof import("convoscope/ui/present/present.js").createPresentation> | null} */
  let present = null;
  let isPresenting = false;

  async function enter() {
    const module = await import("convoscope/ui/present/present.js").catch(() => null);
    if (!module) return isPresenting && events.onLeave(); // the code cannot be loaded: the figure stays as it is
    present ??= module.createPresentation(root, events);
    if (isPresenting) await present.enter();
    if (!isPresenting) present.leave();
  }

  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      const on = view.present;
      if (on) present?.show(trace, view);
      if (on === isPresenting) return;
      isPresenting = on;
      if (on) enter();
      else present?.leave();
    },
    /**
     * Handles a key that has a meaning only while presenting.
     * @param {Action} action @returns {boolean} whether it did
     */
    act: (action) => isPresenting && (present?.act(action) ?? false),
  };
}

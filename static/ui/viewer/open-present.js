/** Whether the figure fills the screen. What that takes is not on the page until somebody presents. */

/** @import {Action} from "convoscope/pure/keys.js" */
/** @import {PresentEvents} from "convoscope/ui/present/present.js" */

/** @param {HTMLElement} root @param {PresentEvents} events */
export function createPresenter(root, events) {
  /** @type {ReturnType<typeof import("convoscope/ui/present/present.js").createPresent> | null} */
  let present = null;
  let isPresenting = false;

  async function enter() {
    try {
      const { createPresent } = await import("convoscope/ui/present/present.js");
      present ??= createPresent(root, events);
      if (isPresenting) await present.enter();
      if (!isPresenting) present.leave();
    } catch {
      if (isPresenting) events.onLeave(); // nobody to ask for the rest: the figure stays as it is
    }
  }

  return {
    /** @param {boolean} on */
    show(on) {
      if (on === isPresenting) return;
      isPresenting = on;
      if (on) enter();
      else present?.leave();
    },
    /** What a key means while presenting alone. @param {Action} action @returns {boolean} whether it did */
    act: (action) => isPresenting && (present?.act(action) ?? false),
  };
}

/** Whether the figure fills the screen. What that takes is not on the page until somebody presents. */

/** @import {Action} from "convoscope/pure/keys.js" */
/** @import {PresentEvents} from "convoscope/ui/present/present.js" */

/** @param {HTMLElement} root @param {PresentEvents} events */
export function createPresenter(root, events) {
  /** @type {ReturnType<typeof import("convoscope/ui/present/present.js").createPresentation> | null} */
  let present = null;
  let wanted = false;

  async function enter() {
    try {
      const { createPresentation } = await import("convoscope/ui/present/present.js");
      present ??= createPresentation(root, events);
      if (wanted) await present.enter();
      if (!wanted) present.leave();
    } catch {
      if (wanted) events.onLeave(); // nobody to ask for the rest: the figure stays as it is
    }
  }

  return {
    /** @param {boolean} on */
    show(on) {
      if (on === wanted) return;
      wanted = on;
      if (on) enter();
      else present?.leave();
    },
    /** What a key means while presenting alone. @param {Action} action @returns {boolean} whether it did */
    act: (action) => wanted && (present?.act(action) ?? false),
  };
}

/** Moves the figure between neighboring steps. Its code is loaded when the page is idle; until then steps are shown at once. */

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @import {Hints} from "convoscope/pure/maps/marks.js" */
/** @typedef {ReturnType<typeof import("convoscope/ui/figure/figure.js").createFigure>} Figure */
/** @typedef {{trace: Trace, frame: Frame, hints: Hints}} ShownStep */
/** How long the beat is that may move, in milliseconds. @typedef {{beat: number, tempo: number, isPlaying: boolean}} Allowance */

/** @param {HTMLElement} root @param {Figure} figure */
export function createMotionOpener(root, figure) {
  let isRequested = false;
  /** @type {ShownStep | null} */
  let latest = null;

  const opener = {
    /** What moves the figure, once it is loaded. @type {ReturnType<typeof import("convoscope/ui/motion/motion.js").createMotion> | null} */
    loaded: null,
    /** Marks a step in the maps. @param {Trace} trace @param {Frame} frame @param {Hints} hints */
    mark(trace, frame, hints) {
      latest = { trace, frame, hints };
      if (opener.loaded) return opener.loaded.mark(latest);
      figure.mark(frame, hints);
      if (isRequested) return;
      isRequested = true;
      (window.requestIdleCallback ?? setTimeout)(load);
    },
  };

  async function load() {
    const module = await import("convoscope/ui/motion/motion.js").catch(() => null);
    isRequested = module !== null;
    if (module) opener.loaded = module.createMotion(root, figure, latest);
  }

  return opener;
}

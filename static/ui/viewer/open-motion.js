/** Moves the figure between neighboring steps. Its code is loaded when the page is idle; until then steps are shown at once. */

/** @import {Frame, Trace} from "convoscope/pure/types.js" */
/** @import {Hints} from "convoscope/pure/maps/marks.js" */
/** @typedef {ReturnType<typeof import("convoscope/ui/figure/figure.js").createFigure>} Figure */
/** @typedef {{trace: Trace, frame: Frame, hints: Hints}} ShownStep */
/** How long the beat is that may move, in milliseconds. @typedef {{beat: number, tempo: number, isPlaying: boolean}} Allowance */

/** @param {HTMLElement} root @param {Figure} figure */
export function createMotionOpener(root, figure) {
  /** @type {ReturnType<typeof import("convoscope/ui/motion/motion.js").createMotion> | null} */
  let motion = null;
  let isRequested = false;
  /** @type {ShownStep | null} */
  let latest = null;
  /** @type {Allowance | null} */
  let allowance = null;

  async function load() {
    const module = await import("convoscope/ui/motion/motion.js").catch(() => null);
    isRequested = module !== null;
    if (module) motion = module.createMotion(root, figure, latest);
  }

  return {
    /** Lets the step that is drawn next move. @param {Allowance} wanted */
    allow(wanted) {
      if (motion && !isStill()) allowance = wanted;
    },
    /** Marks a step in the maps. @param {Trace} trace @param {Frame} frame @param {Hints} hints */
    mark(trace, frame, hints) {
      latest = { trace, frame, hints };
      if (motion) motion.mark(trace, frame, hints, allowance);
      else figure.mark(frame, hints);
      allowance = null;
      if (isRequested || isStill()) return;
      isRequested = true;
      if ("requestIdleCallback" in window) requestIdleCallback(load);
      else setTimeout(load);
    },
    /** Begins what may move, now that the page shows its step. */
    follow: () => motion?.follow(),
    /** Ends what moves. */
    end: () => motion?.end(),
    /** Draws the page at another size. @param {() => void} repaint */
    redraw: (repaint) => (motion ? motion.redraw(repaint) : repaint()),
    /**
     * Changes to a neighboring stage: a map goes with it.
     * @param {number} by stages @param {Allowance} wanted @param {() => void} change
     */
    cross(by, wanted, change) {
      const moving = Math.abs(by) === 1 && !isStill() ? motion : null;
      moving?.leave();
      change();
      moving?.arrive(by, wanted);
    },
  };
}

/** Whether the user asked for less motion. */
function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

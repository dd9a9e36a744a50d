/**
 * When an embed plays by itself: once it is visible, if its link has play=1 and the user does not prefer reduced
 * motion. A figure without a pause button stops after 5 s (WCAG 2.2.2); an invisible figure waits.
 */

/** @typedef {ReturnType<typeof import("convoscope/ui/viewer/viewer.js").createViewer>} Viewer */

/** Longest time to play without a pause button, in milliseconds. */
const LONGEST_UNPAUSABLE = 5000;

/** @param {HTMLElement} root @param {Viewer} viewer @param {() => void} rewind goes to the initial step */
export function createAutoplay(root, viewer, rewind) {
  /** Whether to start as soon as the figure is ready and visible. */
  let isPending = false;
  let isReady = false;
  let isVisible = false;
  /** Whether a deck stopped the playing. */
  let wasInterrupted = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let stopTimer;

  function startIfPossible() {
    if (!isPending || !isReady || !isVisible) return;
    isPending = false;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    viewer.play();
    clearTimeout(stopTimer);
    if (!canBePaused(root)) stopTimer = setTimeout(() => viewer.stop(), LONGEST_UNPAUSABLE);
  }

  return {
    /** Plays if the link says so. */
    followLink() {
      isPending = viewer.view().play;
      startIfPossible();
    },
    markReady() {
      isReady = true;
      startIfPossible();
    },
    /** @param {boolean} now */
    setVisible(now) {
      isVisible = now;
      viewer.suspend(!now);
      startIfPossible();
    },
    play() {
      isPending = wasInterrupted = false;
      clearTimeout(stopTimer);
      viewer.play();
    },
    pause() {
      isPending = wasInterrupted = false;
      clearTimeout(stopTimer);
      viewer.stop();
    },
    /** A deck shows the slide: autoplay starts from the initial step, interrupted playing resumes. */
    slideStart() {
      isPending = viewer.view().play || (wasInterrupted && !viewer.isPlaying());
      wasInterrupted = false;
      if (viewer.view().play && isReady) {
        viewer.stop();
        rewind();
      }
      startIfPossible();
    },
    /** A deck leaves the slide. */
    slideStop() {
      wasInterrupted = viewer.isPlaying() && !viewer.view().play;
      isPending = false;
      clearTimeout(stopTimer);
      viewer.stop();
    },
  };
}

/** Whether a pause button is visible and usable. @param {HTMLElement} root */
function canBePaused(root) {
  const button = root.querySelector('[data-part="play"]');
  return button !== null && button.getClientRects().length > 0 && !button.closest("[inert]");
}

/**
 * When an embed plays by itself: once it is seen, if its link says play=1 and nobody asked for less motion. What nobody
 * can pause stops after 5 s (WCAG 2.2.2); what nobody can see waits.
 */

/** @typedef {ReturnType<typeof import("convoscope/ui/viewer/viewer.js").createViewer>} Viewer */

const LONGEST_UNPAUSABLE = 5000;

/** @param {HTMLElement} root @param {Viewer} viewer @param {() => void} rewind goes to the place where it was opened */
export function createAutoplay(root, viewer, rewind) {
  /** Whether it is to begin as soon as it is ready and seen. */
  let isPending = false;
  let isReady = false;
  let isVisible = false;
  /** Whether a deck stopped what was moving. */
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
    /** As its link says. */
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
    /** A deck shows the slide: what plays by itself begins at its beginning, what was interrupted goes on. */
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

/** Whether a button is in sight that stops what moves. @param {HTMLElement} root */
function canBePaused(root) {
  const button = root.querySelector('[data-part="play"]');
  return button !== null && button.getClientRects().length > 0 && !button.closest("[inert]");
}

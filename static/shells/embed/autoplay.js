/**
 * When an embed plays by itself: once it is seen, if its link says play=1 and nobody asked for less motion. What nobody
 * can pause stops after 5 s (WCAG 2.2.2); what nobody can see waits.
 */

/** @typedef {ReturnType<typeof import("convoscope/ui/viewer/viewer.js").createViewer>} Viewer */

const UNASKED = 5000;

/** @param {HTMLElement} root @param {Viewer} viewer @param {() => void} rewind goes to the place where it was opened */
export function createPlaying(root, viewer, rewind) {
  /** Whether it is to begin as soon as it is ready and seen. */
  let waiting = false;
  let ready = false;
  let seen = false;
  /** Whether a deck stopped what was moving. */
  let interrupted = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let limit;

  function begin() {
    if (!waiting || !ready || !seen) return;
    waiting = false;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    viewer.play();
    clearTimeout(limit);
    if (!canBePaused(root)) limit = setTimeout(() => viewer.stop(), UNASKED);
  }

  return {
    /** As its link says. */
    byItself() {
      waiting = viewer.view().play;
      begin();
    },
    ready() {
      ready = true;
      begin();
    },
    /** @param {boolean} now */
    see(now) {
      seen = now;
      viewer.suspend(!now);
      begin();
    },
    play() {
      waiting = interrupted = false;
      clearTimeout(limit);
      viewer.play();
    },
    pause() {
      waiting = interrupted = false;
      clearTimeout(limit);
      viewer.stop();
    },
    /** A deck shows the slide: what plays by itself begins at its beginning, what was interrupted goes on. */
    slideStart() {
      waiting = viewer.view().play || (interrupted && !viewer.playing());
      interrupted = false;
      if (viewer.view().play && ready) {
        viewer.stop();
        rewind();
      }
      begin();
    },
    /** A deck leaves the slide. */
    slideStop() {
      interrupted = viewer.playing() && !viewer.view().play;
      waiting = false;
      clearTimeout(limit);
      viewer.stop();
    },
  };
}

/** Whether a button is in sight that stops what moves. @param {HTMLElement} root */
function canBePaused(root) {
  const button = root.querySelector('[data-part="play"]');
  return button !== null && button.getClientRects().length > 0 && !button.closest("[inert]");
}

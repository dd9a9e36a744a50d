/** The first seconds of the bare opening page: one position plays by itself, once, and then the page waits. */

/** Milliseconds in which somebody sees the page as it is. */
const PAUSE = 900;
/** What ends it before it begins. */
const SIGNS_OF_USE = /** @type {const} */ (["pointerdown", "keydown", "wheel", "touchstart"]);

/**
 * Whether a page may begin by itself: one that says nothing of a figure, is seen, stands alone, is not driven by a
 * program, and is not for somebody who asked for less motion.
 * @param {{search: string, hash: string, isHidden: boolean, isFramed: boolean, isDriven: boolean, isCalm: boolean}} page
 */
export function mayBeginByItself({ search, hash, isHidden, isFramed, isDriven, isCalm }) {
  return !search && !hash && !isHidden && !isFramed && !isDriven && !isCalm;
}

/** Plays the opening beat after a moment, unless somebody uses the page before. @param {() => void} play */
export function playOpeningBeat(play) {
  const isAllowed = () =>
    mayBeginByItself({
      search: location.search,
      hash: location.hash,
      isHidden: document.hidden,
      isFramed: window.parent !== window,
      isDriven: navigator.webdriver,
      isCalm: matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
  if (!isAllowed()) return;
  const timer = setTimeout(() => {
    stopListening();
    if (isAllowed()) play();
  }, PAUSE);
  const cancel = () => {
    clearTimeout(timer);
    stopListening();
  };
  const stopListening = () => SIGNS_OF_USE.forEach((name) => removeEventListener(name, cancel, true));
  SIGNS_OF_USE.forEach((name) => addEventListener(name, cancel, true));
}

/** Fades controls while the pointer is idle; they stay visible while they have keyboard focus. */

/** Milliseconds without pointer movement. */
const IDLE_MS = 3000;

/** @param {HTMLElement} page carries `data-idle` @param {HTMLElement | null} controls */
export function createIdleFade(page, controls) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | null} */
  let listening = null;

  function fade() {
    const used = controls?.querySelector(":focus-visible") ?? null;
    page.toggleAttribute("data-idle", used === null);
  }

  function restartTimer() {
    page.removeAttribute("data-idle");
    clearTimeout(timer);
    timer = setTimeout(fade, IDLE_MS);
  }

  return {
    start() {
      listening = new AbortController();
      const { signal } = listening;
      for (const name of ["pointermove", "pointerdown", "focusin", "focusout"])
        document.addEventListener(name, restartTimer, { signal });
      restartTimer();
    },
    stop() {
      listening?.abort();
      clearTimeout(timer);
      page.removeAttribute("data-idle");
    },
  };
}

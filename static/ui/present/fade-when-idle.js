/** Controls that fade while nobody moves the pointer. With the keyboard in them they stay. */

/** Milliseconds without a movement. */
const PATIENCE = 3000;

/** @param {HTMLElement} page carries `data-idle` @param {HTMLElement | null} controls */
export function createIdle(page, controls) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @type {AbortController | null} */
  let listening = null;

  function fade() {
    const used = controls?.querySelector(":focus-visible") ?? null;
    page.toggleAttribute("data-idle", used === null);
  }

  function wake() {
    page.removeAttribute("data-idle");
    clearTimeout(waiting);
    waiting = setTimeout(fade, PATIENCE);
  }

  return {
    start() {
      listening = new AbortController();
      const { signal } = listening;
      for (const name of ["pointermove", "pointerdown", "focusin", "focusout"])
        document.addEventListener(name, wake, { signal });
      wake();
    },
    stop() {
      listening?.abort();
      clearTimeout(waiting);
      page.removeAttribute("data-idle");
    },
  };
}

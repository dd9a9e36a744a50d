/**
 * How the focus came to where it is: by Tab or by a program, or by a click or a touch. After a click the control that was
 * clicked keeps the focus, but Space, arrows and letters belong to the figure.
 */

/** Notes on the page how the focus comes. Call it once for a page. */
export function watchFocusOrigin() {
  const page = document.documentElement;
  addEventListener("pointerdown", () => page.toggleAttribute("data-pointer-focus", true), true);
  addEventListener("keydown", ({ key }) => key === "Tab" && page.removeAttribute("data-pointer-focus"), true);
}

/**
 * Keeps a key from the control that has the focus: also the click that some browsers make of Space when it is released.
 * @param {KeyboardEvent} event
 */
export function keepFromControl(event) {
  event.preventDefault();
  if (event.key !== " ") return;
  const prevent = (/** @type {KeyboardEvent} */ up) => up.key === " " && up.preventDefault();
  addEventListener("keyup", prevent, { capture: true, once: true });
}

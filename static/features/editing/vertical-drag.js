/** Presses on an element that become drags: up and down in steps, with a mouse, a pen or a finger. */

/** Pixels that a pointer moves up or down before a press is a drag, and pixels of one step. */
const [START, STEP] = [4, 6];

/**
 * @typedef {object} Drag
 * @property {() => void} start
 * @property {(steps: number) => void} move steps up since the start, in all
 * @property {() => void} end
 */

/**
 * @param {HTMLElement} host that stays while its contents are built again
 * @param {(event: PointerEvent) => Drag | null} begin null where a press is none of these
 */
export function listenDrags(host, begin) {
  let wasDragged = false;
  host.addEventListener("pointerdown", (event) => {
    wasDragged = false;
    const drag = event.button === 0 && event.isPrimary ? begin(event) : null;
    if (drag) follow(event, drag);
  });
  // The click that ends a drag is none.
  host.addEventListener("click", (event) => wasDragged && event.stopImmediatePropagation(), true);

  /** @param {PointerEvent} pressed @param {Drag} drag */
  function follow(pressed, drag) {
    const ending = new AbortController();
    let steps = 0;
    let isDragging = false;
    /** @param {PointerEvent} event */
    const move = (event) => {
      const up = pressed.clientY - event.clientY;
      if (event.pointerId !== pressed.pointerId || (!isDragging && Math.abs(up) < START)) return;
      if (!isDragging) {
        host.setPointerCapture(event.pointerId);
        isDragging = wasDragged = true;
        drag.start();
      }
      const now = Math.trunc(up / STEP);
      if (now !== steps) drag.move(now);
      steps = now;
    };
    /** @param {PointerEvent} event */
    const end = (event) => {
      if (event.pointerId !== pressed.pointerId) return;
      ending.abort();
      if (isDragging) drag.end();
    };
    addEventListener("pointermove", move, { signal: ending.signal });
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"]))
      addEventListener(name, end, { signal: ending.signal });
  }
}

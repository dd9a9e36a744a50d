/**
 * Pointer events on the maps: hovering shows where a value comes from or goes to, a click selects the cell, a mouse drags
 * the window, and so does a finger, under a magnifier.
 */

/** @typedef {{row: number, col: number}} PointedCell */
/** @typedef {"input" | "output"} MapName */

/**
 * @typedef {object} PointerEvents
 * @property {(map: MapName, clientX: number, clientY: number) => PointedCell | null} cellAt
 * @property {(map: MapName, place: PointedCell | null) => void} onHover
 * @property {(map: MapName, place: PointedCell | null) => void} onPick
 * @property {(map: MapName, place: PointedCell | null, isTouch: boolean) => void} onDrag null when the finger lifts
 */

/** A press within so many pixels is a click. */
const CLICK_ROOM = 4;

/** @param {{input: HTMLElement, output: HTMLElement}} hosts @param {PointerEvents} events */
export function listenPointer(hosts, { cellAt, onHover, onPick, onDrag }) {
  const listening = new AbortController();
  const { signal } = listening;
  for (const [name, host] of /** @type {[MapName, HTMLElement][]} */ (Object.entries(hosts))) {
    const pointedCell = (/** @type {PointerEvent} */ event) => cellAt(name, event.clientX, event.clientY);
    let dragging = false;
    /** Where the mouse was pressed, until it drags. @type {PointerEvent | null} */
    let pressed = null;
    host.addEventListener(
      "pointermove",
      (event) => {
        const isTouch = event.pointerType !== "mouse";
        dragging &&= event.buttons > 0;
        if (event.buttons && pressed && Math.hypot(event.x - pressed.x, event.y - pressed.y) > CLICK_ROOM) {
          host.setPointerCapture(event.pointerId);
          [pressed, dragging] = [null, true];
        }
        if (dragging) onDrag(name, pointedCell(event), isTouch);
        else if (!isTouch) onHover(name, pointedCell(event));
      },
      { signal },
    );
    host.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && onHover(name, null), { signal });
    host.addEventListener(
      "pointerdown",
      (event) => {
        dragging = event.pointerType !== "mouse";
        pressed = dragging || event.button ? null : event;
        if (!dragging) return;
        host.setPointerCapture(event.pointerId);
        onDrag(name, pointedCell(event), true);
      },
      { signal },
    );
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      host.addEventListener(
        end,
        (event) => {
          pressed = null;
          if (dragging) onDrag(name, null, event.pointerType !== "mouse"); // it ends after the click that follows
        },
        { signal },
      );
    }
    host.addEventListener(
      "click",
      (event) => {
        if (/** @type {PointerEvent} */ (event).pointerType === "mouse" && !dragging)
          onPick(name, pointedCell(/** @type {PointerEvent} */ (event)));
      },
      { signal },
    );
  }
  return () => listening.abort();
}

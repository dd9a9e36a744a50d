/**
 * Pointer events on the maps: hovering shows where a value comes from or goes to, a click selects the cell, a finger
 * drags the window under a magnifier.
 */

/** @typedef {{row: number, col: number}} PointedCell */
/** @typedef {"input" | "output"} MapName */

/**
 * @typedef {object} PointerEvents
 * @property {(map: MapName, clientX: number, clientY: number) => PointedCell | null} cellAt
 * @property {(map: MapName, place: PointedCell | null) => void} onHover
 * @property {(map: MapName, place: PointedCell | null) => void} onPick
 * @property {(map: MapName, place: PointedCell | null) => void} onDrag null when the finger lifts
 */

/** @param {{input: HTMLElement, output: HTMLElement}} hosts @param {PointerEvents} events */
export function listenPointer(hosts, { cellAt, onHover, onPick, onDrag }) {
  const listening = new AbortController();
  const { signal } = listening;
  for (const [name, host] of /** @type {[MapName, HTMLElement][]} */ (Object.entries(hosts))) {
    const pointedCell = (/** @type {PointerEvent} */ event) => cellAt(name, event.clientX, event.clientY);
    let dragging = false;
    host.addEventListener(
      "pointermove",
      (event) => {
        if (event.pointerType === "mouse") onHover(name, pointedCell(event));
        else if (dragging) onDrag(name, pointedCell(event));
      },
      { signal },
    );
    host.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && onHover(name, null), { signal });
    host.addEventListener(
      "pointerdown",
      (event) => {
        if (event.pointerType === "mouse") return;
        dragging = true;
        host.setPointerCapture(event.pointerId);
        onDrag(name, pointedCell(event));
      },
      { signal },
    );
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      host.addEventListener(
        end,
        (event) => {
          if (event.pointerType !== "mouse" && dragging) onDrag(name, null);
          dragging = false;
        },
        { signal },
      );
    }
    host.addEventListener(
      "click",
      (event) => {
        if (/** @type {PointerEvent} */ (event).pointerType === "mouse")
          onPick(name, pointedCell(/** @type {PointerEvent} */ (event)));
      },
      { signal },
    );
  }
  return () => listening.abort();
}

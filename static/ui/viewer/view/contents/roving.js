/**
 * Keys for what a click in a view follows: each group of places is one stop of Tab, arrows go from place to place, and
 * Enter goes there. A group has `data-rove`, its places `data-go`; the one of the step has `aria-current`.
 */

/** How far a key goes from `at` among `count` places. @type {Record<string, (at: number, count: number) => number>} */
const MOVES = {
  ArrowLeft: (at) => at - 1,
  ArrowUp: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** @param {HTMLElement} panel */
export function createRoving(panel) {
  panel.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    const group = event.target instanceof Element ? event.target.closest("[data-rove]") : null;
    if (!move || !group || event.ctrlKey || event.altKey || event.metaKey) return;
    const places = placesOf(group);
    const at = places.indexOf(/** @type {HTMLElement} */ (event.target));
    if (at < 0) return;
    event.preventDefault(); // the arrows of the figure stay for what is not a place
    const next = places[Math.min(Math.max(move(at, places.length), 0), places.length - 1)];
    stopAt(places, next);
    next.focus();
  });

  return {
    /** Gives each group its stop, after its places were described again. */
    renew() {
      for (const group of panel.querySelectorAll("[data-rove]")) {
        const places = placesOf(group);
        const current = places.find((place) => place.getAttribute("aria-current") === "true");
        stopAt(places, places.find((place) => place === document.activeElement) ?? current ?? places[0]);
      }
    },
  };
}

/** @param {Element} group */
function placesOf(group) {
  return /** @type {HTMLElement[]} */ ([...group.querySelectorAll("[data-go]")]);
}

/** @param {HTMLElement[]} places @param {HTMLElement} stop */
function stopAt(places, stop) {
  for (const place of places) place.setAttribute("tabindex", place === stop ? "0" : "-1");
}

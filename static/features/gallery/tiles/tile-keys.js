/** The arrow keys among tiles: left and right lead to the next one, up and down to the next row. */

/** @type {Record<string, number>} */
const KEY_STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -2, ArrowDown: 2 };

/**
 * Listens to the arrow keys on a grid of tiles with `data-filter`; the chosen one gets the focus.
 * @param {HTMLElement} host
 * @param {() => {order: number[], chosen: number} | null} now the tiles in their order; null while there are none
 * @param {(index: number) => void} onChoose
 */
export function listenTileKeys(host, now, onChoose) {
  host.addEventListener("keydown", (event) => {
    const step = KEY_STEPS[event.key];
    const tiles = now();
    if (!step || !tiles || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const columns = getComputedStyle(host).gridTemplateColumns.split(" ").length;
    const at = tiles.order.indexOf(tiles.chosen) + (Math.abs(step) === 1 ? step : Math.sign(step) * columns);
    if (at < 0 || at >= tiles.order.length) return;
    onChoose(tiles.order[at]);
    /** @type {HTMLElement | null} */ (host.querySelector(`[data-filter="${tiles.order[at]}"]`))?.focus();
  });
}

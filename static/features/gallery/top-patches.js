/** The patches of the sample photos that activate the chosen filter most; the answers are cached. */

/** @import {TopPatch} from "convoscope/features/gallery/filter-row.js" */
/** @import {GalleryRequests} from "convoscope/features/gallery/gallery-requests.js" */
/** @import {GalleryState} from "convoscope/features/gallery/gallery-state.js" */

/** How long a filter must stay chosen before its patches are requested. */
const SETTLE_MILLISECONDS = 250;

/**
 * @param {GalleryState} state @param {GalleryRequests} server
 * @param {(patches: TopPatch[] | null) => void} show null while they are requested
 */
export function createTopPatches(state, server, show) {
  /** @type {Map<string, TopPatch[]>} */
  const found = new Map();
  const key = () => `${state.model.name} ${state.focus}`;
  return async () => {
    if (!state.trained?.maps) return show([]);
    const mine = key();
    const ready = found.get(mine);
    show(ready ?? null);
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MILLISECONDS));
    if (mine !== key()) return;
    const patches = await server.patches(state.model, state.focus);
    if (patches) found.set(mine, patches);
    if (mine === key()) show(patches ?? []);
  };
}

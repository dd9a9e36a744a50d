/** What excites the chosen filter most in the sample photos, as it was found once. */

/** @import {Patch} from "convoscope/features/gallery/filter-row.js" */
/** @import {Server} from "convoscope/features/gallery/gallery-requests.js" */
/** @import {WallState} from "convoscope/features/gallery/gallery-state.js" */

/** Whoever walks along the wall asks for none. */
const REST = 250;

/**
 * @param {WallState} state @param {Server} server
 * @param {(patches: Patch[] | null) => void} show null while they are looked for
 */
export function createPatches(state, server, show) {
  /** @type {Map<string, Patch[]>} */
  const found = new Map();
  const key = () => `${state.model.name} ${state.focus}`;
  return async () => {
    if (!state.whole?.maps) return show([]);
    const mine = key();
    const ready = found.get(mine);
    show(ready ?? null);
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, REST));
    if (mine !== key()) return;
    const patches = await server.patches(state.model, state.focus);
    if (patches) found.set(mine, patches);
    if (mine === key()) show(patches ?? []);
  };
}

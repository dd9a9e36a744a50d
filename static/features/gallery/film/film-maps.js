/** The maps of the moment that is shown, as fast as they come: those at hand are kept, the others are asked for. */

import { createShelf, mapsOf, ROOM } from "convoscope/features/gallery/gallery-maps.js";

/** @import {Maps} from "convoscope/features/gallery/gallery-maps.js" */
/** @import {Server} from "convoscope/features/gallery/gallery-requests.js" */
/** @import {WallState} from "convoscope/features/gallery/gallery-state.js" */

/** Moments of the film that are asked for at once. */
const TOGETHER = 3;

/** @param {WallState} state @param {Server} server @param {() => void} onMaps maps that were asked for are here */
export function createMoments(state, server, onMaps) {
  const shelf = createShelf();
  let following = false;

  /**
   * The maps of the moment that is shown: at hand, or asked for, one question at a time. While it is on its way the
   * moment may have gone on; then the newest is asked for next.
   */
  function follow() {
    const { moment, film } = state;
    if (moment === null) {
      [state.maps, state.behind] = [state.whole?.maps ?? null, false];
      return;
    }
    const index = state.mapsWanted;
    const ready = shelf.get(state.key(moment, null)) ?? (index === null ? null : shelf.get(state.key(moment, index)));
    state.behind = !ready;
    if (ready) state.maps = ready;
    else if (index !== null && !film?.filters.includes(index)) [state.maps, state.behind] = [null, false];
    else if (!following) followOne(moment, index);
  }

  /** @param {number} moment @param {number | null} index */
  async function followOne(moment, index) {
    following = true;
    const [key, of] = [state.key(moment, index), state.key(null, null)];
    const held = index === null ? (state.film?.filters ?? []) : [index];
    const trace = await server.trace(state.scene(index, state.film?.steps[moment] ?? null), follow);
    following = false;
    const found = trace && mapsOf(trace, held);
    if (!found) return;
    shelf.put(key, found);
    if (state.moment === null) return;
    if (of === state.key(null, null)) state.maps = found; // a moment late is better than not at all; the screen says so
    follow();
    onMaps();
  }

  return {
    follow,

    /** Those of what was learned in the end. @param {Maps} maps */
    keep(maps) {
      shelf.put(state.key(null, null), maps);
    },

    /**
     * Gets the maps that the film is about to show, so that while it plays there is nothing left but drawing.
     * @type {import("convoscope/features/gallery/film/film-panel.js").Gather}
     */
    async gather(from, progress, stopped) {
      const { film, whole } = state;
      const index = state.mapsWanted;
      if (!film || !whole?.maps || (index !== null && !film.filters.includes(index))) return;
      const held = index === null ? film.filters : [index];
      const each = (held.length * whole.maps.values.length) / whole.maps.held.length;
      const missing = Array.from(film.steps.keys())
        .slice(from, -1)
        .filter((moment) => !shelf.get(state.key(moment, index)));
      if (film.moments * each > ROOM) return;
      const all = missing.length;
      const getNext = async () => {
        for (let moment = missing.shift(); moment !== undefined && !stopped.aborted; moment = missing.shift()) {
          film.bank(moment);
          const key = state.key(moment, index);
          const trace = await server.ahead(state.scene(index, film.steps[moment]), stopped);
          const found = trace && mapsOf(trace, held);
          if (!found) return;
          shelf.put(key, found);
          progress(all - missing.length, all);
        }
      };
      await Promise.all(Array.from({ length: TOGETHER }, getNext)).catch(() => {}); // what is missing follows as it can
    },
  };
}

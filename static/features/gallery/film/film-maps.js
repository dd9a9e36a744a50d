/** The maps of the moment that is shown, as fast as they come: those at hand are kept, the others are asked for. */

import { CACHED_NUMBERS, createMapCache, mapsOf } from "convoscope/features/gallery/gallery-maps.js";

/** @import {FeatureMaps} from "convoscope/features/gallery/gallery-maps.js" */
/** @import {GalleryRequests} from "convoscope/features/gallery/gallery-requests.js" */
/** @import {GalleryState} from "convoscope/features/gallery/gallery-state.js" */

/** Moments of the film that are asked for at once. */
const PARALLEL_REQUESTS = 3;

/**
 * @param {GalleryState} state @param {GalleryRequests} server @param {() => void} onMaps maps that were asked for are
 * here
 */
export function createFilmMaps(state, server, onMaps) {
  const shelf = createMapCache();
  let following = false;

  /**
   * The maps of the moment that is shown: at hand, or asked for, one question at a time. While it is on its way the
   * moment may have gone on; then the newest is asked for next.
   */
  function follow() {
    const { moment, film } = state;
    if (moment === null) {
      [state.maps, state.areMapsBehind] = [state.trained?.maps ?? null, false];
      return;
    }
    const index = state.filterForMaps;
    const ready = shelf.get(state.key(moment, null)) ?? (index === null ? null : shelf.get(state.key(moment, index)));
    state.areMapsBehind = !ready;
    if (ready) state.maps = ready;
    else if (index !== null && !film?.filters.includes(index)) [state.maps, state.areMapsBehind] = [null, false];
    else if (!following) requestMaps(moment, index);
  }

  /** @param {number} moment @param {number | null} index */
  async function requestMaps(moment, index) {
    following = true;
    const [key, of] = [state.key(moment, index), state.key(null, null)];
    const indices = index === null ? (state.film?.filters ?? []) : [index];
    const trace = await server.trace(state.scene(index, state.film?.steps[moment] ?? null), follow);
    following = false;
    const found = trace && mapsOf(trace, indices);
    if (!found) return;
    shelf.put(key, found);
    if (state.moment === null) return;
    if (of === state.key(null, null)) state.maps = found; // a moment late is better than not at all; the screen says so
    follow();
    onMaps();
  }

  return {
    follow,

    /** Those of what was learned in the end. @param {FeatureMaps} maps */
    keep(maps) {
      shelf.put(state.key(null, null), maps);
    },

    /**
     * Gets the maps that the film is about to show, so that while it plays there is nothing left but drawing.
     * @type {import("convoscope/features/gallery/film/film-panel.js").PrefetchMaps}
     */
    async gather(from, progress, stopped) {
      const { film, trained } = state;
      const index = state.filterForMaps;
      if (!film || !trained?.maps || (index !== null && !film.filters.includes(index))) return;
      const indices = index === null ? film.filters : [index];
      const each = (indices.length * trained.maps.values.length) / trained.maps.indices.length;
      const missing = Array.from(film.steps.keys())
        .slice(from, -1)
        .filter((moment) => !shelf.get(state.key(moment, index)));
      if (film.moments * each > CACHED_NUMBERS) return;
      const all = missing.length;
      const getNext = async () => {
        for (let moment = missing.shift(); moment !== undefined && !stopped.aborted; moment = missing.shift()) {
          film.bank(moment);
          const key = state.key(moment, index);
          const trace = await server.prefetchTrace(state.scene(index, film.steps[moment]), stopped);
          const found = trace && mapsOf(trace, indices);
          if (!found) return;
          shelf.put(key, found);
          progress(all - missing.length, all);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL_REQUESTS }, getNext)).catch(() => {}); // what is missing follows as it can
    },
  };
}

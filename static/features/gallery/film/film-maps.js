/** The maps of the moment that is shown: cached, or requested one moment at a time. */

import { CACHED_NUMBERS, createMapCache, mapsOf } from "convoscope/features/gallery/gallery-maps.js";

/** @import {FeatureMaps} from "convoscope/features/gallery/gallery-maps.js" */
/** @import {GalleryRequests} from "convoscope/features/gallery/gallery-requests.js" */
/** @import {GalleryState} from "convoscope/features/gallery/gallery-state.js" */

/** How many moments of the film are prefetched in parallel. */
const PARALLEL_REQUESTS = 3;

/**
 * @param {GalleryState} state @param {GalleryRequests} server @param {() => void} onMaps after requested maps
 * have arrived
 */
export function createFilmMaps(state, server, onMaps) {
  const cache = createMapCache();
  let isRequesting = false;

  /**
   * Shows the maps of the current moment from the cache, or requests them, one request at a time. After a response the
   * then current moment is requested.
   */
  function follow() {
    const { moment, film } = state;
    if (moment === null) {
      [state.maps, state.areMapsBehind] = [state.trained?.maps ?? null, false];
      return;
    }
    const index = state.filterForMaps;
    const ready = cache.get(state.key(moment, null)) ?? (index === null ? null : cache.get(state.key(moment, index)));
    state.areMapsBehind = !ready;
    if (ready) state.maps = ready;
    else if (index !== null && !film?.filters.includes(index)) [state.maps, state.areMapsBehind] = [null, false];
    else if (!isRequesting) requestMaps(moment, index);
  }

  /** @param {number} moment @param {number | null} index */
  async function requestMaps(moment, index) {
    isRequesting = true;
    const [key, of] = [state.key(moment, index), state.key(null, null)];
    const indices = index === null ? (state.film?.filters ?? []) : [index];
    const trace = await server.trace(state.scene(index, state.film?.steps[moment] ?? null), follow);
    isRequesting = false;
    const found = trace && mapsOf(trace, indices);
    if (!found) return;
    cache.put(key, found);
    if (state.moment === null) return;
    if (of === state.key(null, null)) state.maps = found; // maps of an earlier moment; a class marks them
    follow();
    onMaps();
  }

  return {
    follow,

    /** Caches the maps of the trained filters. @param {FeatureMaps} maps */
    keep(maps) {
      cache.put(state.key(null, null), maps);
    },

    /**
     * Requests the maps of the next moments before the film plays.
     * @type {import("convoscope/features/gallery/film/film-panel.js").PrefetchMaps}
     */
    async prefetch(from, progress, stopped) {
      const { film, trained } = state;
      const index = state.filterForMaps;
      if (!film || !trained?.maps || (index !== null && !film.filters.includes(index))) return;
      const indices = index === null ? film.filters : [index];
      const each = (indices.length * trained.maps.values.length) / trained.maps.indices.length;
      const missing = Array.from(film.steps.keys())
        .slice(from, -1)
        .filter((moment) => !cache.get(state.key(moment, index)));
      if (film.moments * each > CACHED_NUMBERS) return;
      const all = missing.length;
      const getNext = async () => {
        for (let moment = missing.shift(); moment !== undefined && !stopped.aborted; moment = missing.shift()) {
          film.bank(moment);
          const key = state.key(moment, index);
          const trace = await server.prefetchTrace(state.scene(index, film.steps[moment]), stopped);
          const found = trace && mapsOf(trace, indices);
          if (!found) return;
          cache.put(key, found);
          progress(all - missing.length, all);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL_REQUESTS }, getNext)).catch(() => {}); // requested again later
    },
  };
}

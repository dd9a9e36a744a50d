/** The requests of the page of learned filters. A failed one is null; for the maps a notice tells why. */

import { readFilm } from "convoscope/features/gallery/film/film.js";
import { readArrays, readTrace } from "convoscope/pure/protocol/wire.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { getPart } from "convoscope/ui/dom.js";
import { drawTrace, receive } from "convoscope/ui/site/receive-trace.js";
import { fetchSite } from "convoscope/ui/site/site.js";

/** @import {Notices} from "convoscope/ui/page/notices.js" */
/** @import {Problem, Scene, Trace} from "convoscope/pure/types.js" */
/** @import {Bank} from "convoscope/features/gallery/filter-colors.js" */
/** @import {Film} from "convoscope/features/gallery/film/film.js" */
/** @import {TopPatch} from "convoscope/features/gallery/filter-row.js" */
/** @import {FilterAnalysis} from "convoscope/features/gallery/gallery-state.js" */
/** @typedef {Record<string, any>} Model a row of /api/models */
/**
 * The largest value of a map among the samples: `box` is its receptive field (top, left, height, width), `link` the
 * query of the Lab there.
 * @typedef {{filter: number, sample: string, row: number, column: number, value: number, box: number[], link: string}}
 * Peak
 */
/**
 * The peaks of all maps of a layer; `pictures` are the samples that were looked at, `size` is theirs.
 * @typedef {{layer: string, stage: number, size: [number, number], peaks: Peak[], pictures: Record<string, {title:
 * string, link: string}>}} LayerPeaks
 */
/** One of the strongest patches of a map. @typedef {Peak & {title: string, picture: string}} LayerPatch */
/** @typedef {ReturnType<typeof createGalleryRequests>} GalleryRequests */

const BUSY_AFTER = 120;

/** @param {HTMLElement} root @param {Notices} notices */
export function createGalleryRequests(root, notices) {
  /** The request for all maps; a newer one aborts it. @type {AbortController | null} */
  let pendingRequest = null;

  /** @param {Response} answer @param {() => void} again */
  async function reportFailure(answer, again) {
    const body = await answer.json().catch(() => ({}));
    const problems = /** @type {Problem[]} */ (body.problems ?? []);
    if (answer.status === 429 || answer.status >= 500) notices.showRetry(body.detail ?? PAGE.busy, again);
    else notices.showSentences(problems.length ? problems.map(({ message }) => message) : [body.detail ?? PAGE.broken]);
  }

  /**
   * Gets JSON from a call that may take a while. Of a failure it shows a notice, and gives null.
   * @param {string} path @param {() => void} again @param {AbortSignal} signal @returns {Promise<any>}
   */
  async function ask(path, again, signal) {
    try {
      const answer = await fetchSite(path, { signal });
      if (answer.ok) return await answer.json();
      await reportFailure(answer, again);
    } catch {
      if (!signal.aborted) notices.showUnreachable(again);
    }
    return null;
  }

  return {
    /**
     * What excites each map of a layer most.
     * @param {Model} model @param {string} layer @param {() => void} again @param {AbortSignal} signal
     * @returns {Promise<LayerPeaks | null>}
     */
    async peaks({ name }, layer, again, signal) {
      return ask(`/api/peaks?model=${name}&layer=${encodeURIComponent(layer)}`, again, signal);
    },

    /**
     * The patches that excite one map of a layer most.
     * @param {Model} model @param {string} layer @param {number} filter @param {() => void} again
     * @param {AbortSignal} signal @returns {Promise<LayerPatch[] | null>}
     */
    async layerPatches({ name }, layer, filter, again, signal) {
      const path = `/api/patches?model=${name}&layer=${encodeURIComponent(layer)}&filter=${filter}`;
      return (await ask(path, again, signal))?.patches ?? null;
    },

    /** @param {Scene} scene @param {() => void} again @returns {Promise<Trace | null>} */
    async trace(scene, again) {
      const first = /** @type {{index?: number | null, moment?: number | null} | undefined} */ (
        scene.layers[1]?.filters?.[0]
      );
      const full = !first || ((first.index ?? null) === null && (first.moment ?? null) === null);
      const numbers = !first ? "stages=0" : full ? "stages=0,2" : "stages=2&only=2";
      if (full) pendingRequest?.abort();
      const mine = new AbortController();
      if (full) pendingRequest = mine;
      const busy = setTimeout(() => {
        getPart(root, "busy").hidden = !full;
      }, BUSY_AFTER);
      const received = await receive(fetchSite(traceAddress(scene, numbers), { signal: mine.signal }));
      clearTimeout(busy);
      getPart(root, "busy").hidden = true;
      if (received?.bytes) {
        /** @type {Trace | null} */
        let trace = null;
        const failure = drawTrace(received.bytes, (read) => {
          trace = read;
        });
        if (failure) notices.showSentences([failure]);
        return trace;
      }
      if (received) await reportFailure(received.answer, again);
      else if (!mine.signal.aborted) notices.showUnreachable(again);
      return null;
    },

    /**
     * The last stage alone, without a notice on failure.
     * @param {Scene} scene @param {AbortSignal} signal
     * @returns {Promise<Trace | null>}
     */
    async prefetchTrace(scene, signal) {
      const body = await bodyOf(traceAddress(scene, "stages=2&only=2"), "arrayBuffer", signal);
      return body && readTrace(body);
    },

    /**
     * The filters alone, of weights that cannot read a picture.
     * @param {Model} model @returns {Promise<Bank | null>}
     */
    async bank({ name, layer, shape, filters }) {
      const body = await bodyOf(`/api/weights/${name}.safetensors`, "arrayBuffer");
      const values = body && readArrays(body).arrays[`${layer}.weight`]?.values;
      return values ? { values, shape: /** @type {Bank["shape"]} */ ([filters, ...shape]) } : null;
    },

    /** @param {Model} model @returns {Promise<FilterAnalysis | null>} */
    async portraits({ name }) {
      return bodyOf(`/api/portraits?model=${name}`, "json");
    },

    /** @param {Model} model @returns {Promise<Film | null>} */
    async film({ name }) {
      const body = await bodyOf(`/api/film?model=${name}`, "arrayBuffer");
      return body && readFilm(body);
    },

    /**
     * The patches of the sample photos that activate a filter most.
     * @param {Model} model @param {number} filter
     * @returns {Promise<TopPatch[] | null>}
     */
    async patches({ name }, filter) {
      return (await bodyOf(`/api/patches?model=${name}&filter=${filter}`, "json"))?.patches ?? null;
    },
  };
}

/**
 * The body of a response; null where it fails or is incomplete.
 * @param {string} path @param {"arrayBuffer" | "json"} kind @param {AbortSignal} [signal] @returns {Promise<any>}
 */
async function bodyOf(path, kind, signal) {
  try {
    const answer = await fetchSite(path, { signal });
    return answer.ok ? await answer[kind]() : null;
  } catch {
    return null;
  }
}

/** @param {Scene} scene @param {string} stages whose numbers are needed */
function traceAddress(scene, stages) {
  return `/api/trace?scene=${encodeURIComponent(JSON.stringify(scene))}&${stages}`;
}

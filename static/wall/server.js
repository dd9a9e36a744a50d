/** What the page of learned filters asks the server for. What does not come is null; of maps it is said why. */

import { part } from "convoscope/dom.js";
import { fetchSite } from "convoscope/site.js";
import { PAGE } from "convoscope/strings.js";
import { readFilm } from "convoscope/wall/film.js";
import { readArrays, readTrace } from "convoscope/wire.js";

/** @import {Notices} from "convoscope/page/notices.js" */
/** @import {Problem, Scene, Trace} from "convoscope/types.js" */
/** @import {Bank} from "convoscope/wall/colors.js" */
/** @import {Film} from "convoscope/wall/film.js" */
/** @import {Patch} from "convoscope/wall/row.js" */
/** @import {Portraits} from "convoscope/wall/state.js" */
/** @typedef {Record<string, any>} Model a row of /api/models */
/** @typedef {ReturnType<typeof createServer>} Server */

const BUSY_AFTER = 120;

/** @param {HTMLElement} root @param {Notices} notices */
export function createServer(root, notices) {
  /** The question for all maps; a newer one takes its place. @type {AbortController | null} */
  let asking = null;

  /** @param {Response} answer @param {() => void} again */
  async function refuse(answer, again) {
    const body = await answer.json().catch(() => ({}));
    const problems = /** @type {Problem[]} */ (body.problems ?? []);
    if (answer.status === 429 || answer.status >= 500) notices.trouble(body.detail ?? PAGE.busy, again);
    else notices.say(problems.length ? problems.map(({ message }) => message) : [body.detail ?? PAGE.broken]);
  }

  return {
    /** @param {Scene} scene @param {() => void} again @returns {Promise<Trace | null>} */
    async trace(scene, again) {
      const first = /** @type {{index?: number | null, moment?: number | null} | undefined} */ (scene.layers[1]?.filters?.[0]);
      const full = !first || ((first.index ?? null) === null && (first.moment ?? null) === null);
      const numbers = !first ? "stages=0" : full ? "stages=0,2" : "stages=2&only=2";
      if (full) asking?.abort();
      const mine = new AbortController();
      if (full) asking = mine;
      const busy = setTimeout(() => { part(root, "busy").hidden = !full; }, BUSY_AFTER);
      try {
        const answer = await fetchSite(traceAddress(scene, numbers), { signal: mine.signal });
        if (answer.ok) return readTrace(await answer.arrayBuffer());
        await refuse(answer, again);
      } catch {
        if (!mine.signal.aborted) notices.unreachable(again);
      } finally {
        clearTimeout(busy);
        part(root, "busy").hidden = true;
      }
      return null;
    },

    /** The last stage alone, of which nothing is said. @param {Scene} scene @param {AbortSignal} signal @returns {Promise<Trace | null>} */
    async ahead(scene, signal) {
      const answer = await fetchSite(traceAddress(scene, "stages=2&only=2"), { signal }).catch(() => null);
      return answer?.ok ? readTrace(await answer.arrayBuffer()) : null;
    },

    /** The filters alone, of weights that no picture can feed. @param {Model} model @returns {Promise<Bank | null>} */
    async bank({ name, layer, shape, filters }) {
      const answer = await fetchSite(`/api/weights/${name}.safetensors`).catch(() => null);
      const values = answer?.ok ? readArrays(await answer.arrayBuffer()).arrays[`${layer}.weight`]?.values : null;
      return values ? { values, shape: /** @type {Bank["shape"]} */ ([filters, ...shape]) } : null;
    },

    /** @param {Model} model @returns {Promise<Portraits | null>} */
    async portraits({ name }) {
      const answer = await fetchSite(`/api/portraits?model=${name}`).catch(() => null);
      return answer?.ok ? answer.json() : null;
    },

    /** @param {Model} model @returns {Promise<Film | null>} */
    async film({ name }) {
      const answer = await fetchSite(`/api/film?model=${name}`).catch(() => null);
      return answer?.ok ? readFilm(await answer.arrayBuffer()) : null;
    },

    /** What excites a filter most in the sample photos. @param {Model} model @param {number} filter @returns {Promise<Patch[] | null>} */
    async patches({ name }, filter) {
      const answer = await fetchSite(`/api/patches?model=${name}&filter=${filter}`).catch(() => null);
      return answer?.ok ? (await answer.json()).patches : null;
    },
  };
}

/** @param {Scene} scene @param {string} stages those whose numbers are needed */
function traceAddress(scene, stages) {
  return `/api/trace?scene=${encodeURIComponent(JSON.stringify(scene))}&${stages}`;
}

/** What excites the maps of the chosen layer most: asked for once a layer and once a map, and cached. */

/** @import {GalleryRequests, LayerPatch, LayerPeaks} from "convoscope/features/gallery/gallery-requests.js" */
/** @import {GalleryState} from "convoscope/features/gallery/gallery-state.js" */

/** How long a map must stay chosen before its patches are requested. */
const SETTLE_MILLISECONDS = 150;

/**
 * @template T
 * @typedef {{status: "waiting" | "ready" | "failed", value: T | null}} Found
 */

/**
 * @param {GalleryState} state @param {GalleryRequests} server
 * @param {(peaks: Found<LayerPeaks>, patches: Found<LayerPatch[]>) => void} show
 */
export function createLayerPeaks(state, server, show) {
  /** @type {Map<string, LayerPeaks>} */
  const layers = new Map();
  /** @type {Map<string, LayerPatch[]>} */
  const maps = new Map();
  /** The layer and the map that failed; they are asked for again on Retry or when they are chosen again. */
  let [failedLayer, failedMap] = ["", ""];
  let pending = new AbortController();
  const layerKey = () => `${state.model.name}/${state.deepLayer?.name}`;
  const mapKey = () => `${layerKey()}/${state.focus}`;

  /**
   * @template T
   * @param {Map<string, T>} kept @param {string} key @param {string} failed
   * @returns {Found<T>}
   */
  function find(kept, key, failed) {
    return { status: kept.has(key) ? "ready" : key === failed ? "failed" : "waiting", value: kept.get(key) ?? null };
  }

  function report() {
    if (state.deepLayer) show(find(layers, layerKey(), failedLayer), find(maps, mapKey(), failedMap));
  }

  /** Asks for what is missing of the chosen layer and map; what was asked for before is given up. */
  async function load() {
    pending.abort();
    pending = new AbortController();
    [failedLayer, failedMap] = ["", ""];
    report();
    const { signal } = pending;
    await loadLayer(signal);
    if (!signal.aborted && !failedLayer) await loadMap(signal);
  }

  /** @param {AbortSignal} signal */
  async function loadLayer(signal) {
    const [{ model, deepLayer }, key] = [state, layerKey()];
    if (!deepLayer || layers.has(key)) return;
    const found = await server.peaks(model, deepLayer.name, load, signal);
    if (signal.aborted) return;
    if (found) layers.set(key, found);
    else failedLayer = key;
    report();
  }

  /** @param {AbortSignal} signal */
  async function loadMap(signal) {
    const [{ model, deepLayer, focus }, key] = [state, mapKey()];
    if (!deepLayer || maps.has(key)) return;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MILLISECONDS));
    if (signal.aborted) return;
    const found = await server.layerPatches(model, deepLayer.name, focus, load, signal);
    if (signal.aborted) return;
    if (found) maps.set(key, found);
    else failedMap = key;
    report();
  }

  return {
    load,
    report,
    /** Gives up what was asked for. */
    stop() {
      pending.abort();
    },
  };
}

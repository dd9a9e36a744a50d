/** Loads the modules of playing and of stories when the page is idle, or when they are asked for. */

/** @typedef {typeof import("convoscope/pure/story/playback-plan.js")} Plan */
/** @typedef {typeof import("convoscope/pure/story/walk.js") & typeof import("convoscope/pure/story/lines.js")} Walk */
/** @typedef {Plan & Walk} Story */

/** @param {() => void} onLoad called once the modules are here */
export function createStoryOpener(onLoad) {
  /** @type {Story | null} */
  let story = null;
  /** @type {Promise<boolean> | null} */
  let pending = null;

  async function load() {
    const loading = Promise.all([
      import("convoscope/pure/story/playback-plan.js"),
      import("convoscope/pure/story/walk.js"),
      import("convoscope/pure/story/lines.js"),
    ]);
    const modules = await loading.catch(() => null);
    pending = null;
    if (modules) {
      const [plan, walk, lines] = modules;
      story = { ...plan, ...walk, ...lines };
      onLoad();
    }
    return story !== null;
  }

  return {
    /** Resolves to whether the modules are here; a module that cannot be loaded is tried again with the next call. */
    async load() {
      if (story) return true;
      pending ??= load();
      return pending;
    },
    /** The modules; null until they are here. */
    get: () => story,
  };
}

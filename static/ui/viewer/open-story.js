/** Loads the modules of stories when the page is idle, or when a story is asked for. */

/** @typedef {typeof import("convoscope/pure/story/walk.js") & typeof import("convoscope/pure/story/lines.js")} Story */

/** @param {() => void} onLoad called once the modules are here */
export function createStoryOpener(onLoad) {
  /** @type {Story | null} */
  let story = null;
  /** @type {Promise<boolean> | null} */
  let pending = null;

  async function load() {
    const modules = [import("convoscope/pure/story/walk.js"), import("convoscope/pure/story/lines.js")];
    const [walk, lines] = /** @type {any[]} */ (await Promise.all(modules).catch(() => []));
    pending = null;
    if (walk) story = { ...walk, ...lines };
    if (walk) onLoad();
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

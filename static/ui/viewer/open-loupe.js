/** Shows and closes the lens. Its code is loaded when it is first shown. */

/** @import {LoupeTarget} from "convoscope/ui/loupe.js" */

/** @param {HTMLElement} root */
export function createLoupeOpener(root) {
  /** @type {ReturnType<typeof import("convoscope/ui/loupe.js").createLoupe> | null} */
  let loupe = null;
  /** @type {LoupeTarget | null} */
  let wanted = null;
  let isLoading = false;
  /** Whether Escape closed it; it stays closed until the pointer has left the map. */
  let isClosed = false;

  function update() {
    if (wanted && !isClosed) loupe?.show(wanted);
    else loupe?.hide();
  }

  async function load() {
    isLoading = true;
    const module = await import("convoscope/ui/loupe.js").catch(() => null);
    isLoading = false;
    if (module) loupe = module.createLoupe(root);
    update();
  }

  return {
    /** @param {LoupeTarget | null} target null where nothing is pointed at */
    show(target) {
      wanted = target;
      if (!target) isClosed = false;
      if (target && !loupe && !isLoading) load();
      update();
    },
    /** Closes the lens. @returns {boolean} whether it was open */
    close() {
      const wasShown = loupe?.isShown() ?? false;
      isClosed = wasShown;
      update();
      return wasShown;
    },
  };
}

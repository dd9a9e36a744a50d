/** The address and the history of the page of learned filters: they follow the user's choices. */

import { formatView, parseView } from "convoscope/pure/link/view.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Choices, GalleryState} from "convoscope/features/gallery/gallery-state.js" */

/** Milliseconds without a change after which the address is replaced. */
const REPLACE_AFTER = 250;

/** The choices in an address. @param {string} query @param {any} table @returns {Choices} */
export function parseChoices(query, table) {
  return /** @type {Choices} */ (/** @type {unknown} */ (parseView(query, table)));
}

/**
 * @param {GalleryState} state
 * @param {(before: string) => void} onBack after the choices were read from the history; `before` is the key of the
 * maps before
 */
export function createAddress(state, onBack) {
  const opening = state.picture;
  let replacing = 0;

  addEventListener("popstate", (event) => {
    const before = state.key(null, null);
    state.chosen = event.state?.chosen ?? parseChoices(location.search, state.tables.page);
    state.picture = event.state?.picture ?? opening;
    onBack(before);
  });

  /** @param {"push" | "replace"} how */
  function write(how) {
    clearTimeout(replacing);
    const { chosen, picture, tables } = state;
    const kept = (state.trained?.trace.link ?? tables.link)
      .split("&")
      .filter((/** @type {string} */ pair) => /^(image|crop)=/.test(pair));
    const sized =
      state.isFree && String(picture.size) !== `${tables.side},${tables.side}`
        ? [`size=${picture.size.join("x")}`]
        : [];
    const shown = { ...chosen, layer: state.deepLayer?.name ?? "" };
    const query = [...kept, ...sized, formatView(/** @type {any} */ (shown), tables.page)].filter(Boolean).join("&");
    if (query === location.search.slice(1) && how === "replace") return;
    history[how === "push" ? "pushState" : "replaceState"](
      { picture, chosen },
      "",
      query ? `?${query}` : location.pathname,
    );
  }

  return {
    write,
    /** Writes the address once nothing has changed for a moment. */
    scheduleWrite() {
      clearTimeout(replacing);
      replacing = setTimeout(() => write("replace"), REPLACE_AFTER);
    },
  };
}

/** The link of the whole model on the same picture in the Lab, at a stage. @param {GalleryState} state @param {number} stage */
export function modelLink({ model, trained }, stage) {
  const base = (trained?.trace.link ?? "").split("&").filter((pair) => !pair.startsWith("layers="));
  return siteAddress(`/?${[...base, `layers=model:${model.name}`, `stage=${stage}`].filter(Boolean).join("&")}`);
}

/** The link of the same chain in the Lab, at the same filter and cell. @param {GalleryState} state */
export function labLink({ model, film, moment, focus, chosen, trained }) {
  const { name, layer } = model;
  const step = moment === null || !film ? "" : `@${film.steps[moment]}`;
  const map = film && moment !== null ? film.filters.indexOf(focus) : focus;
  const base = (trained?.trace.link ?? "").split("&").filter((pair) => !pair.startsWith("layers="));
  const at = chosen.at ? [`at=${chosen.at.join(",")}`] : [];
  const layers = `layers=prepare:${name}~conv:${name}/${layer}${step}`;
  const query = [...base, layers, "stage=2", `map=${Math.max(0, map)}`, ...at].filter(Boolean).join("&");
  return siteAddress(`/?${query}`);
}

/**
 * The motion between a map and a cut of it: both are enlarged or made smaller together, so that each cell stays where it
 * is in the picture. With reduced motion there is none.
 */

import { shownLayout } from "convoscope/ui/draw/draw.js";

/** @import {MapLayout} from "convoscope/pure/maps/layout.js" */

const MILLISECONDS = 480;
const EASING = "cubic-bezier(0.45, 0, 0.2, 1)";

/**
 * A map as it was painted before another one replaces it.
 * @typedef {object} MapBefore
 * @property {HTMLElement} host
 * @property {MapLayout} layout
 * @property {HTMLCanvasElement} picture
 */

/**
 * Takes a picture of a map; null where it is not shown, or where nothing may move.
 * @param {HTMLElement} host @returns {MapBefore | null}
 */
export function captureMap(host) {
  const layout = shownLayout(host);
  const [still] = host.querySelectorAll("canvas");
  if (!layout || !host.offsetWidth || matchMedia("(prefers-reduced-motion: reduce)").matches) return null;
  const picture = document.createElement("canvas");
  [picture.width, picture.height] = [still.width, still.height];
  picture.getContext("2d")?.drawImage(still, 0, 0);
  picture.style.width = still.style.width;
  picture.style.height = still.style.height;
  picture.setAttribute("aria-hidden", "true");
  return { host, layout, picture };
}

/**
 * Moves from the map before to the one that is painted now.
 * @param {MapBefore} before @param {{row: number, col: number}} place the cell of the map before, counted in its cells, that
 * is the first cell of the map now
 */
export function playZoom({ host, layout: old, picture }, { row, col }) {
  const now = shownLayout(host);
  if (!now) return;
  const factor = old.cell / now.cell;
  const x = old.cells.x + col * old.cell - factor * now.cells.x;
  const y = old.cells.y + row * old.cell - factor * now.cells.y;
  const timing = { duration: MILLISECONDS, easing: EASING };
  const still = "matrix(1, 0, 0, 1, 0, 0)";
  for (const canvas of host.querySelectorAll("canvas")) {
    canvas.style.transformOrigin = "0 0";
    canvas.animate(
      [
        { transform: `matrix(${factor}, 0, 0, ${factor}, ${x}, ${y})`, opacity: 0 },
        { opacity: 1, offset: 0.6 },
        { transform: still, opacity: 1 },
      ],
      timing,
    );
  }
  picture.style.transformOrigin = "0 0";
  host.prepend(picture);
  const leaving = picture.animate(
    [
      { transform: still, opacity: 1 },
      { opacity: 1, offset: 0.5 },
      { transform: `matrix(${1 / factor}, 0, 0, ${1 / factor}, ${-x / factor}, ${-y / factor})`, opacity: 0 },
    ],
    timing,
  );
  const remove = () => picture.remove();
  leaving.finished.then(remove, remove);
}

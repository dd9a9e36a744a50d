/** The thin lines between the maps and the arithmetic, drawn on one layer over the figure. */

import { sumLine, windowLines } from "convoscope/pure/maps/link-paths.js";
import { build, findPart, getPart } from "convoscope/ui/dom.js";

/** @import {Rect} from "convoscope/pure/types.js" */

/** The beats at which a sum is known. */
const WITH_SUM = ["sum", "bias", "result", "write"];

/** @typedef {{input: Rect, output: Rect, table: Rect | null, sum: Rect | null}} Places in pixels of the figure */

/** @param {HTMLElement} root */
export function createLinkLines(root) {
  const figure = getPart(root, "figure");
  const [toTable, toCell] = ["of-window", "of-sum"].map((name) => build(["path", { class: name }]));
  const layer = build(["svg", { class: "link-lines", "aria-hidden": "true" }, toTable, toCell]);
  figure.append(layer);
  /** @type {Places | null} */
  let places = null;
  let drawn = "";

  /** @param {HTMLElement | null} element @returns {Rect | null} where an element is in the figure */
  function placeOf(element) {
    if (!element?.offsetWidth) return null;
    let [x, y] = [0, 0];
    for (
      let one = /** @type {Element | null} */ (element);
      one instanceof HTMLElement && one !== figure;
      one = one.offsetParent
    )
      [x, y] = [x + one.offsetLeft, y + one.offsetTop];
    return { x, y, width: element.offsetWidth, height: element.offsetHeight };
  }

  /** Finds the place of maps and tables, which no step moves. @returns {Places | null} */
  function measure() {
    const sums = findPart(root, "sums");
    if (!sums?.offsetWidth || getComputedStyle(sums).gridRowStart === "2") return null;
    const [input, output] = [placeOf(getPart(root, "input-maps")), placeOf(getPart(root, "output-maps"))];
    if (!input || !output) return null;
    const tables = /** @type {HTMLElement[]} */ ([...sums.querySelectorAll(".grid.of-input, .ringed")]);
    const windows = tables.filter((table) => table.classList.contains("grid"));
    const [first, last] = [placeOf(tables[0] ?? null), placeOf(windows[windows.length - 1] ?? tables[0] ?? null)];
    const table = first && last && { ...first, height: last.y + last.height - first.y };
    return { input, output, table, sum: placeOf(getPart(root, "result-value")) };
  }

  return {
    /** Forgets the places: something has another size. */
    invalidate() {
      places = null;
    },
    /**
     * @param {{beat: string}} frame @param {Rect | null} window in pixels of the input's box; null if it lies outside
     * @param {Rect | null} cell in pixels of the output's box; null where a line would cross numbers
     * @param {Rect} map the output without rulers
     */
    show({ beat }, window, cell, map) {
      places ??= measure();
      const from = window && places?.table && move(window, places.input);
      const lines = [
        from && places?.table && places.table.x > from.x ? windowLines(from, places.table) : "",
        cell && places?.sum && WITH_SUM.includes(beat)
          ? sumLine(places.sum, move(cell, places.output), move(map, places.output), places.output.x)
          : "",
      ];
      if (lines.join() === drawn) return;
      drawn = lines.join();
      toTable.setAttribute("d", lines[0]);
      toCell.setAttribute("d", lines[1]);
    },
  };
}

/** @param {Rect} rect @param {Rect} box @returns {Rect} */
function move(rect, box) {
  return { ...rect, x: rect.x + box.x, y: rect.y + box.y };
}

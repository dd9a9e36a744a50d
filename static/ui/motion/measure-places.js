/** Where the numbers of a step rest on the page, and how they look there. */

import { textColorOn } from "convoscope/pure/maps/palette.js";
import { findPart, getPart } from "convoscope/ui/dom.js";

/** @import {Frame, MapName, Rect} from "convoscope/pure/types.js" */
/** @import {Color, Spot} from "convoscope/pure/motion/tracks.js" */
/** @import {Places, TablePlaces} from "convoscope/pure/motion/step-tracks.js" */
/** @typedef {ReturnType<typeof import("convoscope/ui/figure/figure.js").createFigure>} Figure */
/** @typedef {(rect: DOMRect) => Rect} Ruler */

/** From rectangles of the window to those in an element, which may be enlarged. @param {HTMLElement} host @returns {Ruler} */
export function createRuler(host) {
  const own = host.getBoundingClientRect();
  const scale = own.width / host.offsetWidth || 1;
  return ({ left, top, width, height }) => ({
    x: (left - own.left) / scale - host.clientLeft + host.scrollLeft,
    y: (top - own.top) / scale - host.clientTop + host.scrollTop,
    width: width / scale,
    height: height / scale,
  });
}

/**
 * Where cells of a map are; null where the map is not shown.
 * @param {Figure} figure @param {Ruler} ruler @param {MapName} map @param {number[]} rows @param {number[]} columns
 */
export function measureCells(figure, ruler, map, rows, columns) {
  const rect = figure.hosts[map].offsetWidth ? figure.rectOf(map, rows, columns) : null;
  return rect && rect.width > 0 && rect.height > 0 ? ruler(rect) : null;
}

/** The window and the cell of a step. @param {Figure} figure @param {Ruler} ruler @param {Frame} frame */
export function measureMarks(figure, ruler, { rows, columns, row, col }) {
  const window = rows.length && columns.length ? measureCells(figure, ruler, "input", rows, columns) : null;
  return { window, cell: measureCells(figure, ruler, "output", [row], [col]) };
}

/**
 * All places of a step, as the page shows it now.
 * @param {HTMLElement} root @param {Figure} figure @param {Ruler} ruler @param {Frame} frame @returns {Places}
 */
export function measurePlaces(root, figure, ruler, frame) {
  const marks = measureMarks(figure, ruler, frame);
  const { row, col, rows, columns } = frame;
  const tables = measureTables(root, ruler);
  return {
    ...marks,
    value: marks.cell && mapSpot(figure, marks.cell, "output", row, col),
    sources: tables.length
      ? rows.flatMap((r) =>
          columns.map((c) => {
            const rect = measureCells(figure, ruler, "input", [r], [c]);
            return rect && mapSpot(figure, rect, "input", r, c);
          }),
        )
      : [],
    tables,
    ...measureResult(root, ruler),
    linked: linkedTable(root, ruler),
  };
}

/** The result and the line above it. @param {HTMLElement} root @param {Ruler} ruler */
export function measureResult(root, ruler) {
  const [sum, terms] = ["result-value", "result-before"].map((name) => textSpot(findPart(root, name), ruler));
  return { sum, terms };
}

/** The element at a resting place. @param {HTMLElement} root @param {string} place @returns {HTMLElement | SVGElement | null} */
export function elementAt(root, place) {
  const [name, table, cell] = place.split(" ");
  const selector = { window: "of-input", products: "of-products" }[name];
  if (selector) return gridsOf(root, selector)[Number(table)]?.querySelectorAll("td")[Number(cell)] ?? null;
  if (name === "subtotal") return sumsOf(root)[Number(table)] ?? null;
  if (name === "lines") return root.querySelector(".link-lines");
  const parts = { sum: "result-value", remark: "result-after", terms: "result-before" };
  return findPart(root, parts[/** @type {keyof typeof parts} */ (name)] ?? name);
}

/** @param {HTMLElement} root @param {Ruler} ruler @returns {TablePlaces[]} */
function measureTables(root, ruler) {
  const [windows, filters, products] = ["of-input", "of-filter", "of-products"].map((name) => gridsOf(root, name));
  const sums = sumsOf(root);
  return windows.map((table, i) => ({
    window: tableSpots(table, ruler),
    filter: filters[i] ? tableSpots(filters[i], ruler) : [],
    products: products[i] ? tableSpots(products[i], ruler) : [],
    sum: textSpot(sums[i] ?? null, ruler),
  }));
}

/** The tables of one kind that can be seen. @param {HTMLElement} root @param {string} name @returns {HTMLElement[]} */
function gridsOf(root, name) {
  const tables = /** @type {NodeListOf<HTMLElement>} */ (getPart(root, "terms").querySelectorAll(`.grid.${name}`));
  return [...tables].filter((table) => table.offsetWidth > 0);
}

/** @param {HTMLElement} root @returns {HTMLElement[]} */
function sumsOf(root) {
  return [...getPart(root, "terms").querySelectorAll(".term-sum")].map((sum) => /** @type {HTMLElement} */ (sum));
}

/** @param {HTMLElement} table @param {Ruler} ruler @returns {Spot[]} */
function tableSpots(table, ruler) {
  const size = parseFloat(table.style.getPropertyValue("--digits")) || 0;
  const isBlank = table.classList.contains("blank");
  return [...table.querySelectorAll("td")].map((cell) => {
    const { backgroundColor, color, fontWeight, fontFamily } = getComputedStyle(cell);
    return {
      ...ruler(cell.getBoundingClientRect()),
      text: isBlank ? "" : (cell.dataset.short ?? cell.textContent ?? ""),
      fill: readColor(backgroundColor),
      ink: readColor(color),
      size,
      weight: Number(fontWeight),
      family: fontFamily,
    };
  });
}

/** @param {HTMLElement | null} element @param {Ruler} ruler @returns {Spot | null} */
function textSpot(element, ruler) {
  if (!element?.offsetWidth || !element.textContent) return null;
  const range = document.createRange();
  range.selectNodeContents(element);
  const { color, fontSize, fontWeight, fontFamily } = getComputedStyle(element);
  return {
    ...ruler(range.getBoundingClientRect()),
    text: element.textContent,
    fill: null,
    ink: readColor(color),
    size: parseFloat(fontSize),
    weight: Number(fontWeight),
    family: fontFamily,
  };
}

/** @param {Figure} figure @param {Rect} rect @param {"input" | "output"} map @param {number} row @param {number} col @returns {Spot} */
function mapSpot(figure, rect, map, row, col) {
  const shown = figure.maps[map].shown();
  const isInside = shown && row >= 0 && col >= 0 && row < shown.layout.rows && col < shown.layout.columns;
  const [index, rgba] = [4 * (row * (shown?.layout.columns ?? 0) + col), isInside ? shown.rgba : null];
  const fill = rgba ? /** @type {Color} */ ([rgba[index], rgba[index + 1], rgba[index + 2]]) : null;
  const texts = figure.maps[map].hasNumber(row, col) ? shown?.texts?.(row, col) : null;
  return {
    ...rect,
    text: texts?.length === 1 ? texts[0][0] : "",
    fill,
    ink: fill && (textColorOn(fill) === "#000000" ? [0, 0, 0] : [255, 255, 255]),
    size: figure.maps[map].digitSize(),
    weight: 400,
    family: "",
  };
}

/**
 * The rectangle of all tables that lines lead to; null where there are no lines.
 * @param {HTMLElement} root @param {Ruler} ruler @returns {Rect | null}
 */
function linkedTable(root, ruler) {
  const tables = gridsOf(root, "of-input").map((table) => ruler(table.getBoundingClientRect()));
  if (!tables.length || !root.querySelector(".link-lines .of-window")?.getAttribute("d")) return null;
  const [first, last] = [tables[0], tables[tables.length - 1]];
  return { ...first, height: last.y + last.height - first.y };
}

/** A color that the browser computed; null for none. @param {string} text @returns {Color | null} */
function readColor(text) {
  const numbers = (text.match(/[\d.]+/g) ?? []).map(Number);
  if (!text.startsWith("rgb") || numbers.length < 3 || numbers[3] === 0) return null;
  return [numbers[0], numbers[1], numbers[2]];
}

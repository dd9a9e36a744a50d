/**
 * Edits of a Scene: each is a function from a scene to a new one; no scene is changed in place.
 */

import { rewire } from "convoscope/pure/link/rewire.js";

/** @import {LayerEdit} from "convoscope/pure/link/rewire.js" */
/** @import {PageTables, Scene, SceneLayer, Stage, Trace} from "convoscope/pure/types.js" */

/** @typedef {(scene: Scene) => Scene} Edit */
/** @typedef {{planes: string[][][], divisor: number}} Planes */
/**
 * @typedef {{kernel: string} | Planes | {random: [number, number, number]} | {shape: [number, number, number]} |
 * {model: string, layer: string, index: number | null, moment: number | null}} Filter
 */

/** A change of a scene; words stay at the rows of another input of numbers. @param {Partial<Scene>} change @returns {Edit} */
export function changeScene(change) {
  return (scene) => ({
    ...scene,
    ...(change.image && scene.rows ? keepWords(scene.rows, change.image) : {}),
    ...change,
  });
}

/**
 * The words for the rows of another image: those that there are, for a row more its number, and none for a picture.
 * @param {string[]} words @param {Scene["image"]} image @returns {Pick<Scene, "rows">}
 */
function keepWords(words, image) {
  const rows = /** @type {any} */ (image).planes?.[0].length ?? /** @type {any} */ (image).random?.[1] ?? 0;
  if (rows > MOST_WORDS) return { rows: undefined };
  const kept = Array.from({ length: rows }, (_, row) => words[row] ?? `row ${row}`);
  return { rows: rows ? kept : undefined };
}

/**
 * The row of an operation in the server's table.
 * @param {Pick<PageTables, "operations">} tables @param {string} name
 */
export function findOperation({ operations }, name) {
  const row = operations.find((operation) => operation.name === name);
  if (!row) throw new Error(`The table has no operation ${name}.`);
  return row;
}

/** Words that an input can have. */
const MOST_WORDS = 32;
/** Of a new fully connected layer. */
const NEW_OUTPUTS = 10;

/** A layer with its defaults. @param {Pick<PageTables, "operations">} tables @param {string} op @returns {SceneLayer} */
export function createLayer(tables, op) {
  const row = findOperation(tables, op);
  const layer = { op, options: {} };
  if (row.capabilities.includes("filters")) return { ...layer, filters: [{ kernel: "sobel-x" }] };
  if (row.head?.kind === "weights") return { ...layer, head: { shape: NEW_OUTPUTS } };
  return row.head ? { ...layer, head: row.head.default } : layer;
}

/** The number of stages of each layer: one, of a network all of its own. @param {Trace} trace */
export function countStages({ scene, stages }) {
  return scene.layers.map((_, index) => stages.filter(({ layer }) => layer === index).length);
}

/**
 * An edit of the list of layers that keeps the numbers of the stages that they read true.
 * @param {LayerEdit} edit @param {number[]} [counts] the numbers of stages of the layers, 1 where it is left out
 * @returns {Edit}
 */
function editLayers(edit, counts) {
  return (scene) => ({
    ...scene,
    layers: rewire(
      scene.layers,
      edit,
      scene.layers.map((_, index) => counts?.[index] ?? 1),
    ).layers,
  });
}

/**
 * Inserts a layer at an index, or at the end.
 * @param {SceneLayer} layer @param {number} [at] @param {number[]} [counts] @returns {Edit}
 */
export function addLayer(layer, at, counts) {
  return (scene) => editLayers({ kind: "insert", index: at ?? scene.layers.length, layer }, counts)(scene);
}

/**
 * Replaces all layers by a trained network; the picture becomes RGB where the network was trained on colors.
 * @param {{name: string, rgb: boolean}} network
 * @returns {Edit}
 */
export function useNetwork({ name, rgb }) {
  return (scene) => ({
    ...scene,
    channels: rgb ? "rgb" : scene.channels,
    layers: [{ op: "model", head: name, options: {} }],
  });
}

/** @param {number} index @param {number[]} [counts] @returns {Edit} */
export function removeLayer(index, counts) {
  return editLayers({ kind: "remove", index }, counts);
}

/** @param {number} from @param {number} to @param {number[]} [counts] @returns {Edit} */
export function moveLayer(from, to, counts) {
  return editLayers({ kind: "move", index: from, to }, counts);
}

/** @param {number} index @param {(layer: SceneLayer) => SceneLayer} change @returns {Edit} */
export function changeLayer(index, change) {
  return (scene) => ({ ...scene, layers: scene.layers.with(index, change(scene.layers[index])) });
}

/**
 * Sets an option; undefined restores its default.
 * @param {number} index @param {string} name @param {unknown} value
 * @returns {Edit}
 */
export function setOption(index, name, value) {
  return changeLayer(index, (layer) => {
    const { [name]: _, ...rest } = layer.options;
    return { ...layer, options: value === undefined ? rest : { ...rest, [name]: value } };
  });
}

/** @param {number} index @param {unknown} head @returns {Edit} */
export function setHead(index, head) {
  return changeLayer(index, (layer) => ({ ...layer, head }));
}

/** Replaces a layer by one with one stage. @param {number} index @param {SceneLayer} layer @param {number[]} [counts] @returns {Edit} */
export function replaceLayer(index, layer, counts) {
  return editLayers({ kind: "replace", index, layer }, counts);
}

/**
 * Replaces one filter of a layer. Options that followed from the old filter are written out, so that shapes stay the
 * same.
 * @param {number} index @param {number} at @param {Filter} filter
 * @param {Record<string, unknown>} [kept] options that are not written yet
 * @returns {Edit}
 */
export function setFilter(index, at, filter, kept = {}) {
  return changeLayer(index, (layer) => ({
    ...layer,
    filters: mergeRandomFilters(expandRandomFilters(filtersOf(layer)).with(at, filter)),
    options: { ...kept, ...layer.options },
  }));
}

/**
 * Replaces all filters of a layer.
 * @param {number} index @param {Filter[]} filters @param {Record<string, unknown>} [options]
 * @returns {Edit}
 */
export function setFilters(index, filters, options = {}) {
  return changeLayer(index, (layer) => ({ ...layer, filters, options: { ...layer.options, ...options } }));
}

/**
 * Sets the number of filters: the last ones are dropped, or filters of the given size are added: random ones, or more of
 * a shape.
 * @param {number} index @param {number} count @param {[number, number]} size
 * @param {Record<string, unknown>} [kept] options that followed from the old filters and are not written yet
 * @returns {Edit}
 */
export function setFilterCount(index, count, [rows, columns], kept = {}) {
  return changeLayer(index, (layer) => {
    const now = expandRandomFilters(filtersOf(layer));
    const kind = "shape" in now[now.length - 1] ? "shape" : "random";
    const more = Array.from({ length: Math.max(0, count - now.length) }, () => drawnFilter(kind, 1, rows, columns));
    const filters = mergeRandomFilters([...now.slice(0, count), ...more]);
    return { ...layer, filters, options: { ...kept, ...layer.options } };
  });
}

/** @param {SceneLayer} layer @returns {Filter[]} */
export function filtersOf(layer) {
  return /** @type {Filter[]} */ (layer.filters ?? []);
}

/**
 * What an entry says of filters whose numbers are drawn: whole random numbers, or He-scaled ones of a shape alone; null
 * for all others.
 * @param {Filter} filter @returns {{kind: "random" | "shape", size: [number, number, number]} | null}
 */
export function drawnSize(filter) {
  if ("random" in filter) return { kind: "random", size: filter.random };
  return "shape" in filter ? { kind: "shape", size: filter.shape } : null;
}

/**
 * @param {"random" | "shape"} kind @param {number} count @param {number} rows @param {number} columns
 * @returns {Filter}
 */
export function drawnFilter(kind, count, rows, columns) {
  return kind === "random" ? { random: [count, rows, columns] } : { shape: [count, rows, columns] };
}

/** Whether a layer is a shape alone, whose number of filters is that of its maps. @param {Filter[]} filters */
export function isShapeAlone(filters) {
  return mergeRandomFilters(filters).length === 1 && "shape" in filters[0];
}

/**
 * One entry for each filter: an entry of several drawn filters becomes several.
 * @param {Filter[]} filters @returns {Filter[]}
 */
export function expandRandomFilters(filters) {
  return filters.flatMap((filter) => {
    const drawn = drawnSize(filter);
    if (!drawn) return [filter];
    const [count, rows, columns] = drawn.size;
    return Array.from({ length: count }, () => drawnFilter(drawn.kind, 1, rows, columns));
  });
}

/**
 * The inverse of expandRandomFilters: neighboring drawn filters of one kind and size become one entry.
 * @param {Filter[]} filters
 * @returns {Filter[]}
 */
export function mergeRandomFilters(filters) {
  /** @type {Filter[]} */
  const entries = [];
  for (const filter of filters) {
    const [last, drawn] = [entries.length ? drawnSize(entries[entries.length - 1]) : null, drawnSize(filter)];
    const isSame = last && drawn && last.kind === drawn.kind && `${last.size.slice(1)}` === `${drawn.size.slice(1)}`;
    if (isSame) {
      const [count, rows, columns] = drawn.size;
      entries[entries.length - 1] = drawnFilter(drawn.kind, last.size[0] + count, rows, columns);
    } else entries.push(filter);
  }
  return entries;
}

/**
 * A typed number in the form of links; a minus sign U+2212, a decimal comma and 1e-3 are accepted.
 * @param {string} text @returns {string | null} null where it is not a number
 */
export function parseNumber(text) {
  const plain = text
    .trim()
    .replace(/[\u2212\u2013]/g, "-")
    .replace(",", ".")
    .replace(/^\+/, "");
  const found = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,3}))?(?:\/(\d+)(?:\.0*)?)?$/.exec(plain);
  if (!found || !(found[2] || found[3]) || (found[5] !== undefined && !/[1-9]/.test(found[5]))) return null;
  const [, sign, , , power, bottom] = found;
  const [whole, decimals] = shiftPoint(found[2], found[3] ?? "", power);
  const value = Number(`${whole || "0"}.${decimals || "0"}`) / Number(bottom ?? 1);
  if (value > 1e6) return null;
  const top = `${whole.replace(/^0+(?=\d)/, "") || "0"}${decimals ? `.${decimals}` : ""}`;
  return `${sign}${top}${bottom ? `/${Number(bottom)}` : ""}`;
}

/**
 * The digits before and after the point, with the point moved.
 * @param {string} whole @param {string} decimals @param {string | undefined} power
 * @returns {[string, string]}
 */
function shiftPoint(whole, decimals, power) {
  if (power === undefined) return [whole, decimals];
  const by = Number(power);
  const digits = "0".repeat(Math.max(0, -by)) + whole + decimals + "0".repeat(Math.max(0, by));
  const point = Math.max(0, -by) + whole.length + by;
  return [digits.slice(0, point), digits.slice(point).replace(/0+$/, "")];
}

/** Planes as text; parsing it gives the same planes. @param {string[][][]} planes */
export function formatPlanes(planes) {
  if (planes.length === 1) return planes[0].map((row) => row.join(" ")).join("\n");
  const written = planes.map((plane) => `[${plane.map((row) => `[${row.join(", ")}]`).join(",\n  ")}]`);
  return `[${written.join(",\n\n ")}]`;
}

/**
 * A plane with another number of rows and columns: its numbers stay in the middle, the new cells are 0.
 * @param {string[][]} plane @param {number} rows @param {number} columns
 */
export function resizePlane(plane, rows, columns) {
  const [top, left] = [Math.floor((rows - plane.length) / 2), Math.floor((columns - plane[0].length) / 2)];
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => plane[r - top]?.[c - left] ?? "0"),
  );
}

/** A plane rotated by 180°. @param {string[][]} plane */
export function rotatePlane(plane) {
  return plane.map((line) => line.toReversed()).toReversed();
}

/** A plane with the sign of every number changed. @param {string[][]} plane */
export function negatePlane(plane) {
  return plane.map((line) =>
    line.map((text) => (Number.parseFloat(text) === 0 ? "0" : text.startsWith("-") ? text.slice(1) : `-${text}`)),
  );
}

/**
 * A plane times a whole factor, each number in the form it was written in.
 * @param {string[][]} plane @param {number} factor
 */
export function scalePlane(plane, factor) {
  return plane.map((line) =>
    line.map((text) => {
      const [top, bottom] = text.split("/");
      const decimals = top.split(".")[1]?.length ?? 0;
      return (Number(top) * factor).toFixed(decimals) + (bottom ? `/${bottom}` : "");
    }),
  );
}

/**
 * The numbers of the filter of a stage's map, as texts.
 * @param {Stage} stage @param {number} map
 * @returns {Planes}
 */
export function appliedPlanes(stage, map) {
  const weight = /** @type {Float32Array} */ (stage.weight);
  const [rows, columns] = [stage.rows?.kernel ?? 1, stage.columns?.kernel ?? 1];
  const depth = (stage.input_shape?.[0] ?? 1) / (stage.groups ?? 1);
  const at = (/** @type {number} */ c, /** @type {number} */ r, /** @type {number} */ k) =>
    weight[((map * depth + c) * rows + r) * columns + k];
  const scale = stage.scales?.[map] ?? 1;
  const written = (/** @type {number} */ value) =>
    scale === 1 ? formatWeight(value) : `${formatWeight(value)}/${scale}`;
  const planes = Array.from({ length: depth }, (_, c) =>
    Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, k) => written(at(c, r, k)))),
  );
  const same = planes.every((plane) => JSON.stringify(plane) === JSON.stringify(planes[0]));
  return {
    planes: (same ? planes.slice(0, 1) : planes).map((plane) => (stage.flip ? rotatePlane(plane) : plane)),
    divisor: stage.divisors?.[map] ?? 1,
  };
}

/** @param {number} value */
export function formatWeight(value) {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(6)));
}

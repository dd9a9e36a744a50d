/** A typed sentence and its words, and the edits of a scene that they make. */

import { drawnFilter, drawnSize, filtersOf } from "convoscope/pure/scene-edits.js";

/** @import {Edit, Filter} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, SceneLayer, Stage} from "convoscope/pure/types.js" */
/** @typedef {{planes: string[][][], divisor: number}} Typed */
/** @typedef {{one_hot: true} | {random_vectors: number, seed: number} | Typed} Vectors */

export const MOST_WORDS = 32;
/** Characters of a word. */
export const MOST_LETTERS = 24;
/** The most numbers of a random vector, which a filter of whole random numbers can span. */
export const MOST_NUMBERS = 15;
const EXAMPLE = ["the", "cat", "sat", "on", "the", "mat"];
/** Words that a filter reads, and filters, where nothing was chosen. */
const [FEW_WORDS, FEW_FILTERS] = [2, 2];

/**
 * The words of a sentence: split at spaces, and punctuation at the ends of a word is a word of its own.
 * @param {string} sentence
 */
export function splitSentence(sentence) {
  return sentence
    .split(/\s+/u)
    .filter(Boolean)
    .flatMap((piece) => {
      const [, before, word, after] = /** @type {RegExpExecArray} */ (/^(\p{P}*)(.*?)(\p{P}*)$/su.exec(piece));
      return [...before, ...(word ? [word] : []), ...after];
    });
}

/** What words have in common that are the same one: capital and small letters are alike. @param {string} word */
export function foldWord(word) {
  return word.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

/** How many different words there are. @param {string[]} words */
export function countDifferent(words) {
  return new Set(words.map(foldWord)).size;
}

/** The numbers of the vector of a word. @param {string[]} words @param {Vectors} vectors */
export function widthOf(words, vectors) {
  if ("planes" in vectors) return vectors.planes[0][0].length;
  return "random_vectors" in vectors ? vectors.random_vectors : countDifferent(words);
}

/** The vectors of a scene's words; null where its input has none. @param {Scene} scene @returns {Vectors | null} */
export function vectorsOf({ image, rows }) {
  if (!rows?.length) return null;
  return "one_hot" in image || "random_vectors" in image || "planes" in image
    ? /** @type {Vectors} */ (/** @type {unknown} */ (image))
    : null;
}

/**
 * The numbers of an input as typed ones: whole numbers and tenths keep all of their digits.
 * @param {Stage} input @returns {Vectors}
 */
export function typeVectors(input) {
  const [, rows, columns] = input.shape;
  const write = (/** @type {number} */ value) => String(Number(value.toFixed(2)));
  const plane = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => write(input.output?.[row * columns + column] ?? 0)),
  );
  return { planes: [plane], divisor: 1 };
}

/**
 * An edit to other words: typed vectors stay with their words, and new words get zeros; filters that spanned the old
 * vectors span the new ones.
 * @param {string[]} words @returns {Edit}
 */
export function changeWords(words) {
  return (scene) => {
    const vectors = vectorsOf(scene);
    const old = scene.rows ?? [];
    if (!vectors) return scene;
    return changeVectors("planes" in vectors ? moveVectors(vectors, old, words) : vectors, words)(scene);
  };
}

/** @param {Typed} vectors @param {string[]} old @param {string[]} words @returns {Vectors} */
function moveVectors({ planes, divisor }, old, words) {
  const places = new Map([...old.keys()].reverse().map((row) => [foldWord(old[row]), row]));
  const rowOf = (/** @type {string} */ word, /** @type {number} */ at) =>
    old[at] !== undefined && foldWord(old[at]) === foldWord(word) ? at : places.get(foldWord(word));
  const moved = planes.map((plane) => words.map((word, at) => plane[rowOf(word, at) ?? -1] ?? plane[0].map(() => "0")));
  return { planes: moved, divisor };
}

/**
 * An edit to other vectors, of the same words or of others.
 * @param {Vectors} vectors @param {string[]} [words] @returns {Edit}
 */
export function changeVectors(vectors, words) {
  return (scene) => {
    const rows = words ?? scene.rows ?? [];
    const before = vectorsOf(scene);
    const [old, now] = [before ? widthOf(scene.rows ?? [], before) : 0, widthOf(rows, vectors)];
    const layers = scene.layers.map((layer, index) =>
      index === 0 && layer.filters
        ? { ...layer, filters: filtersOf(layer).map((one) => fitFilter(one, old, now)) }
        : layer,
    );
    return { ...scene, image: vectors, rows, crop: null, adjust: null, layers: before ? layers : filterChain(now) };
  };
}

/**
 * A filter that spanned vectors of `old` numbers, for vectors of `now`.
 * @param {Filter} filter @param {number} old @param {number} now @returns {Filter}
 */
function fitFilter(filter, old, now) {
  const drawn = drawnSize(filter);
  if (drawn && drawn.size[2] === old) return drawFilter(drawn.size[0], drawn.size[1], now);
  if (!("planes" in filter) || filter.planes[0][0].length !== old || now > MOST_NUMBERS) return filter;
  const fit = (/** @type {string[]} */ row) => Array.from({ length: now }, (_, i) => row[i] ?? "0");
  return { ...filter, planes: filter.planes.map((plane) => plane.map(fit)) };
}

/**
 * Random filters that span vectors: of whole numbers, or of more columns than these can have He-scaled ones.
 * @param {number} count @param {number} words @param {number} width
 */
function drawFilter(count, words, width) {
  return drawnFilter(width > MOST_NUMBERS ? "shape" : "random", count, words, width);
}

/** @param {number} width @returns {SceneLayer[]} */
function filterChain(width) {
  return [
    { op: "conv", filters: [drawFilter(FEW_FILTERS, FEW_WORDS, width)], options: { seed: 1 } },
    { op: "relu", options: {} },
    { op: "globalmaxpool", options: {} },
  ];
}

/** An edit from any input to the words of an example. @returns {Edit} */
export function startWords() {
  return changeVectors({ one_hot: true }, EXAMPLE);
}

/**
 * The words that the filters of the first layer read; 0 where it is no layer of filters over whole vectors.
 * @param {Scene} scene
 */
export function wordsRead(scene) {
  const [filter, vectors] = [filtersOf(scene.layers[0] ?? { op: "", options: {} })[0], vectorsOf(scene)];
  if (!filter || !vectors) return 0;
  const [rows, columns] = drawnSize(filter)?.size.slice(1) ?? ("planes" in filter ? sizeOf(filter.planes[0]) : [0, 0]);
  return columns === widthOf(scene.rows ?? [], vectors) ? rows : 0;
}

/** @param {string[][]} plane */
function sizeOf(plane) {
  return [plane.length, plane[0].length];
}

/** An edit to random filters that read so many words at once. @param {number} words @returns {Edit} */
export function readWords(words) {
  return (scene) => {
    const vectors = vectorsOf(scene);
    if (!vectors) return scene;
    const width = widthOf(scene.rows ?? [], vectors);
    const [first, ...others] = scene.layers;
    if (first?.op !== "conv") return { ...scene, layers: filterChain(width) };
    const count = filtersOf(first).reduce((sum, one) => sum + (drawnSize(one)?.size[0] ?? 1), 0);
    const layer = { ...first, filters: [drawFilter(count, words, width)], options: { seed: 1, ...first.options } };
    return { ...scene, layers: [layer, ...others] };
  };
}

/**
 * The language of the sentences on a page: every table of them passes through `inLanguage` once.
 *
 * English stays as it is written. In the pseudo language (`<html lang="en-x-pseudo">`) each letter becomes one that looks
 * alike and a sentence stands between [!! and !!]: what is still plain English on such a page was written elsewhere, and
 * what is too narrow for other languages shows.
 */

const IS_PSEUDO = globalThis.document?.documentElement.lang === "en-x-pseudo";

const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ACCENTED = "åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅßÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ";
/** They enclose what is not translated, until the sentence is written: no text contains these characters. */
const [BEGIN, END] = ["\ue000", "\ue001"];

/**
 * A table of sentences in the page's language. Constants are translated, also inside lists and records; of functions
 * what they return, without the texts that they were given.
 * @template T @param {T} table @returns {T}
 */
export function inLanguage(table) {
  return IS_PSEUDO ? /** @type {T} */ (translate(table)) : table;
}

/** Marks text inside a sentence that is not translated: a formula, a user's own words. @param {string} text */
export function verbatim(text) {
  return IS_PSEUDO ? BEGIN + text + END : text;
}

/** @param {any} part @returns {any} */
function translate(part) {
  if (typeof part === "string") return pseudo(part);
  if (typeof part === "function") return translateFunction(part);
  if (Array.isArray(part)) return part.map(translate);
  if (!part || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, translate(value)]));
}

/**
 * The function, called with marked texts. Where a mark changes what it returns, the parameter is no part of the sentence
 * but chooses it, as the name of a row of a table does: it goes in without a mark.
 * @param {(...params: any[]) => any} write
 */
function translateFunction(write) {
  return (/** @type {any[]} */ ...params) => {
    let text = write(...params);
    if (typeof text !== "string") return translate(text);
    params.forEach((param, index) => {
      const marked = params.with(index, mark(param));
      const tried = write(...marked);
      if (unmark(tried) === unmark(text)) [params, text] = [marked, tried];
    });
    return pseudo(text);
  };
}

/** @param {any} param @returns {any} */
function mark(param) {
  if (Array.isArray(param)) return param.map(mark);
  return typeof param === "string" && param ? verbatim(param) : param;
}

/** @param {string} text */
function unmark(text) {
  return text.replaceAll(BEGIN, "").replaceAll(END, "");
}

/** [!! Šéñţéñçé !!], without the brackets of sentences in it; what has no letters stays. @param {string} text */
function pseudo(text) {
  let depth = 0;
  const letters = [...text].map((letter) => {
    depth += letter === BEGIN ? 1 : letter === END ? -1 : 0;
    return depth ? letter : (ACCENTED[PLAIN.indexOf(letter)] ?? letter);
  });
  const written = unmark(letters.join("")).replaceAll("[!! ", "").replaceAll(" !!]", "");
  return written === unmark(text) && !text.includes("[!! ") ? written : `[!! ${written} !!]`;
}

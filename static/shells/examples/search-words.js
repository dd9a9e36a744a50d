/**
 * Search by words: a text is found by a query if it has every word of it, or the beginning or a part of one. Accents and
 * capitals make no difference, and × is found by x.
 */

/** @param {string} text @returns {string} the text as it is compared */
export function foldText(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("×", "x")
    .replace(/(\d) x (?=\d)/g, "$1x");
}

/** @param {string} query @param {string} folded a text that foldText returned @returns {boolean} */
export function findsText(query, folded) {
  return foldText(query)
    .split(/\s+/)
    .every((word) => folded.includes(word));
}

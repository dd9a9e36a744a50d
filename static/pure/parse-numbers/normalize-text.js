/**
 * Normalizes pasted text: one character for each kind of sign, one notation for LaTeX, Markdown, R, Julia and Python.
 */

/**
 * Replacements, in this order. The first ones shorten runs of spaces and line ends, so that every pattern takes time
 * linear in the text.
 * @type {[RegExp, string][]}
 */
const REPLACEMENTS = [
  [/[\uFEFF\u200B-\u200D\u2060]/g, ""],
  [/\r\n?|[\u2028\u2029\u0085]/g, "\n"],
  [/[ \u00A0\u2000-\u200A\u202F\u205F\u3000]+/g, " "],
  [/\n+/g, "\n"],
  [/[\u2212\u2010-\u2015\uFE63\uFF0D]/g, "-"],
  [/\u2044/g, "/"],
  [/\u2026|\u22EF|\u22EE/g, "..."],
  [/[\u239B-\u23AD\u2502]/g, ""], // pieces of tall brackets
  [/^ ?```.*$/gm, ""],
  [/^\s*Out ?\[\d+\]: ?/, ""],
  [/(^|[ \t])(?:#|%|\/\/)(?:[ \t].*)?$/gm, ""], // comments of Python, MATLAB and C
  // LaTeX
  [/\\begin\{(?:\w*matrix\*?|array)\}(?:\{[lcr|@ ]*\}|\[[lcr]\])?/g, "["],
  [/\\end\{(?:\w*matrix\*?|array)\}/g, "]"],
  [/\\left|\\right|\\hline|\\[[\],;!](?!\[)|\$/g, ""],
  [/\\[dt]?frac\{(-?\d+)\}\{(\d+)\}/g, "$1/$2"],
  [/\\\\(?:\[[^\]\n]*\])?/g, ";\n"],
  [/ ?& ?/g, "\t"],
  // Markdown: the line under a table's head, with an empty head; the bars
  [/^(?:[ \t|]*\n)? ?\|? ?:?-{2,}:? ?(?:\| ?:?-{2,}:? ?)*\|? ?$/gm, ""],
  [/^ ?\| ?| ?\| ?$/gm, ""],
  [/ ?\| ?/g, "\t"],
  // R and Julia: indices of rows and columns
  [/^ ?(?:\[,\d+\] ?)+$/gm, ""],
  [/^ ?\[\d+,?\] (?=[-.\d])/gm, ""],
  [/^\s*\d+[x\u00D7]\d+ [^\n]*:\n/, ""],
  // Numbers with a data type
  [/\b(?:np|numpy|torch|jnp)\.\w+\( ?(['"]?)(-?[\d.]+(?:e[-+]?\d+)?)\1 ?\)/gi, "$2"],
  [/\bDecimal\( ?(['"])(-?[\d.]+(?:e[-+]?\d+)?)\1 ?\)/gi, "$2"],
  [/\bFraction\( ?(-?\d+) ?, ?(\d+) ?\)/g, "$1/$2"],
  [/(\d|\.)f(?![\w.])/gi, "$1"],
  [/\n+/g, "\n"],
  [/^\n|\n$/g, ""],
];
/** A number between quotes: its comma can only be a decimal comma. */
const QUOTED = /(["'])(-?\d[\d.,/eE+-]*)\1/g;
const DECIMAL = /^-?\d+,\d+$/;

/** @param {string} text @returns {string} */
export function normalizeText(text) {
  const replaced = REPLACEMENTS.reduce((before, [pattern, by]) => before.replace(pattern, by), text);
  return replaced.replace(QUOTED, (_, __, inside) => (DECIMAL.test(inside) ? inside.replace(",", ".") : inside));
}

/** The first quoted number with a decimal comma. @param {string} text */
export function findQuotedDecimal(text) {
  return Array.from(text.matchAll(QUOTED), ([, , inside]) => inside).find((inside) => DECIMAL.test(inside));
}

/** A pasted text without what programs put around numbers: signs that look alike become one, notations one notation. */

/**
 * What is replaced, in this order. Runs of blanks and of line ends are short from the first lines on, so that no
 * pattern takes longer than the text is.
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
  [/[\u239B-\u23AD\u2502]/g, ""], // tall brackets, drawn of pieces
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
  // Markdown: the rule under the head with an empty head, the bars
  [/^(?:[ \t|]*\n)? ?\|? ?:?-{2,}:? ?(?:\| ?:?-{2,}:? ?)*\|? ?$/gm, ""],
  [/^ ?\| ?| ?\| ?$/gm, ""],
  [/ ?\| ?/g, "\t"],
  // R and Julia: what counts rows and columns
  [/^ ?(?:\[,\d+\] ?)+$/gm, ""],
  [/^ ?\[\d+,?\] (?=[-.\d])/gm, ""],
  [/^\s*\d+[x\u00D7]\d+ [^\n]*:\n/, ""],
  // Numbers that say their kind
  [/\b(?:np|numpy|torch|jnp)\.\w+\( ?(['"]?)(-?[\d.]+(?:e[-+]?\d+)?)\1 ?\)/gi, "$2"],
  [/\bDecimal\( ?(['"])(-?[\d.]+(?:e[-+]?\d+)?)\1 ?\)/gi, "$2"],
  [/\bFraction\( ?(-?\d+) ?, ?(\d+) ?\)/g, "$1/$2"],
  [/(\d|\.)f(?![\w.])/gi, "$1"],
  [/\n+/g, "\n"],
  [/^\n|\n$/g, ""],
];
/** A number between quotes, whose comma can be a decimal comma alone. */
const QUOTED = /(["'])(-?\d[\d.,/eE+-]*)\1/g;
const DECIMAL = /^-?\d+,\d+$/;

/** @param {string} text @returns {string} */
export function normalizeText(text) {
  const replaced = REPLACEMENTS.reduce((before, [pattern, by]) => before.replace(pattern, by), text);
  return replaced.replace(QUOTED, (_, __, inside) => (DECIMAL.test(inside) ? inside.replace(",", ".") : inside));
}

/** The first number that only its quotes make a decimal. @param {string} text */
export function findQuotedDecimal(text) {
  return Array.from(text.matchAll(QUOTED), ([, , inside]) => inside).find((inside) => DECIMAL.test(inside));
}

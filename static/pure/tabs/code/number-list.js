/** float32 numbers as literals of Python; `app/core/program/number_list.py` writes the same. */

/** float32 holds every whole number up to here. */
const EXACT_BELOW = 2 ** 24;

/**
 * The values as nested lists of Python, aligned: rows on lines of their own, indented. Python reads back the same
 * float32 numbers.
 * @param {Float32Array} values @param {number[]} shape @param {number} indent
 */
export function formatNumbers(values, shape, indent) {
  const texts = Array.from(values, formatNumber);
  const width = Math.max(...texts.map((text) => text.length));
  return nestLists(
    texts.map((text) => text.padStart(width)),
    shape,
    indent,
  );
}

/** @param {string[]} texts @param {number[]} shape @param {number} indent @returns {string} */
function nestLists(texts, shape, indent) {
  if (shape.length === 1) return `[${texts.join(", ")}]`;
  const each = texts.length / shape[0];
  const inner = Array.from({ length: shape[0] }, (_, index) =>
    nestLists(texts.slice(index * each, (index + 1) * each), shape.slice(1), indent + 1),
  );
  return `[${inner.join(`,\n${" ".repeat(indent + 1)}`)}]`;
}

/** A float32 number as a float literal with as few digits as it needs: 3., -0.25, 0.1, 1e+21. @param {number} value */
function formatNumber(value) {
  if (Number.isInteger(value) && Math.abs(value) <= EXACT_BELOW) return `${value}.`;
  let digits = 1;
  while (Math.fround(Number(value.toPrecision(digits))) !== value) digits++;
  const text = String(Number(value.toPrecision(digits)));
  return /[.e]/.test(text) ? text : `${text}.`;
}

/**
 * Identity colors: which weight it is, not its value. Only the pictures of sharing use them, each with the weight's letter
 * or index beside it.
 */

/** Up to this many weights, hues lie as far apart as they can; more follow the golden angle. */
const MOST_EVEN = 12;
const GOLDEN_ANGLE = 137.508;

/** @param {number} index @param {number} count @returns {number} degrees */
function hueOf(index, count) {
  return Math.round(count <= MOST_EVEN ? (index * 360) / count : (index * GOLDEN_ANGLE) % 360);
}

/**
 * The color of a surface that carries the weight's name.
 * @param {number} index @param {number} count @param {boolean} isDark
 */
export function identityFill(index, count, isDark) {
  return isDark ? `hsl(${hueOf(index, count)} 45% 30%)` : `hsl(${hueOf(index, count)} 75% 84%)`;
}

/** The color of a line or a dot. @param {number} index @param {number} count @param {boolean} isDark */
export function identityLine(index, count, isDark) {
  return isDark ? `hsl(${hueOf(index, count)} 75% 68%)` : `hsl(${hueOf(index, count)} 80% 36%)`;
}

/**
 * A color of an element in both themes.
 * @param {typeof identityFill} color @param {number} index @param {number} count
 */
export function inBothThemes(color, index, count) {
  return `light-dark(${color(index, count, false)}, ${color(index, count, true)})`;
}

/** Shares of a whole as texts. */

/** Shares below this, and above 1 less this, would be rounded to none or to the whole. */
const HALF_A_TENTH = 0.0005;

/**
 * A share in percent, with one decimal: "42.1 %", "< 0.1 %", "> 99.9 %"; "0 %" and "100 %" for nothing and all alone.
 * @param {number} share of 1
 */
export function percentText(share) {
  if (share === 0 || share === 1) return `${100 * share} %`;
  if (share < HALF_A_TENTH) return "< 0.1 %";
  return share >= 1 - HALF_A_TENTH ? "> 99.9 %" : `${(100 * share).toFixed(1)} %`;
}

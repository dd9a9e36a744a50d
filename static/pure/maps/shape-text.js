/** Shapes as texts, in the order that a link asks for; `app/render/figure_content/stage_cards.py` has the same rule. */

/**
 * A shape in the order that a link asks for: "6 × 28 × 28", with `order` "hwc" "28 × 28 × 6"; of a stack of
 * `count` pictures "2 × 6 × 28 × 28".
 * @param {number[]} shape channels, rows, columns @param {string} order @param {number} [count]
 */
export function joinShape([channels, ...places], order, count) {
  return [...(count ? [count] : []), ...(order === "hwc" ? [...places, channels] : [channels, ...places])].join(" × ");
}

/**
 * A shape where a place has room for its short form: with `shapes` in the link all of it.
 * @param {{shape: number[]}} stage @param {string} otherwise @param {{shapes?: string}} view
 * @param {{batch?: {count: number}}} trace
 */
export function shapeText({ shape }, otherwise, { shapes }, { batch }) {
  return shapes ? joinShape(shape, shapes, batch?.count) : otherwise;
}

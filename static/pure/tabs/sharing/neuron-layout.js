/**
 * Where the wires of a neuron lie: its sources in rows, each with its number, before the body. In a large view all of it
 * fits into the panel as far as numbers stay readable: closer together if it is long, larger if it is short.
 */

/** @typedef {{width: number, height: number}} Size */

/** Up to this many wires stand in one column, more in rows as wide as the filter. */
const MOST_IN_COLUMN = 14;
/** Pixels: a character, the radius of the body, and its parts beside it. */
const [CHARACTER, BODY_WIDE, BESIDE] = [7.3, 50, 116];
/** The height of the line that says what stands at the wires. */
const SAID_BELOW = 20;
/** The most columns of sources. */
const MOST_COLUMNS = 12;

/**
 * How far apart things are, in pixels: a line of text, two wires of a row, a label and its dot, from the sources to the
 * body, and from its sum to its activation.
 * @typedef {object} Distances
 * @property {number} line
 * @property {number} track
 * @property {number} dot
 * @property {number} fan
 * @property {number} second at least
 */

/** @type {Distances} */
const WIDE = { line: 17, track: 3, dot: 16, fan: 90, second: 96 };
/** @type {Distances} */
const CLOSE = { line: 12.7, track: 1.5, dot: 9, fan: 46, second: 84 };

/**
 * @typedef {object} NeuronLayout
 * @property {"both" | "close" | "weights"} labels input and weight, the same without spaces, or the weight alone
 * @property {Distances} distances
 * @property {number} perRow sources in a row
 * @property {number} rows
 * @property {number} wide a source with its label
 * @property {number} pitch between two rows
 * @property {number} start where the sources end
 * @property {boolean} isBelow whether the result stands below the body, for want of room beside it
 * @property {{x: number, y: number, second: number}} body its middle, and where its activation has its own
 * @property {Size} size
 */

/**
 * @param {Record<"both" | "close" | "weights", number>} longest characters of the longest label of each kind
 * @param {object} shape
 * @param {number} shape.count wires with a label
 * @param {number} shape.columns sources in a row, if there is no reason for another number
 * @param {boolean} shape.hasRest whether one more row has the other wires
 * @param {number} shape.inBody the width of what stands in the body between its middle and that of an activation; 0 without
 * @param {number} shape.half from there to the end of the body
 * @param {number} shape.left where the sources begin
 * @param {number} shape.under the width of what stands below the body
 * @param {Size} [room] the most that the drawing may take, at its smallest letters
 * @param {boolean} [canScroll] whether it may be higher before numbers are left out
 * @returns {NeuronLayout}
 */
export function layOutNeuron(longest, { count, columns, hasRest, inBody, half, left, under }, room, canScroll) {
  const usual = lay("both", WIDE, count <= MOST_IN_COLUMN ? 1 : columns, false);
  if (!room || fits(usual)) return usual;
  const close = /** @type {const} */ (["both", "close", "weights"]).flatMap((labels) =>
    [WIDE, CLOSE].flatMap((distances) =>
      [false, true].flatMap((isBelow) => columnsToTry().map((perRow) => lay(labels, distances, perRow, isBelow))),
    ),
  );
  const found = close.find(fits);
  if (found && (found.labels !== "weights" || !canScroll)) return found;
  const across = close.filter(({ size }) => size.width <= room.width).sort((a, b) => a.size.height - b.size.height);
  const whole = canScroll ? across.find(({ labels }) => labels !== "weights") : undefined;
  return whole ?? found ?? across[0] ?? usual;

  /** The usual number, then those that are near it. */
  function columnsToTry() {
    const all = Array.from({ length: Math.min(MOST_COLUMNS, count) }, (_, n) => n + 1);
    return all.sort((a, b) => Math.abs(a - columns) - Math.abs(b - columns));
  }

  /** @param {NeuronLayout} layout */
  function fits({ size, labels }) {
    if (!room) return false;
    const below = labels === "weights" ? SAID_BELOW : 0;
    return size.width <= room.width && size.height + below <= room.height;
  }

  /**
   * @param {NeuronLayout["labels"]} labels @param {Distances} distances @param {number} perRow @param {boolean} isBelow
   * @returns {NeuronLayout}
   */
  function lay(labels, distances, perRow, isBelow) {
    const { line, track, dot, fan } = distances;
    const second = inBody && Math.max(distances.second, inBody);
    const wide = dot + CHARACTER * Math.max(1, longest[labels]);
    const rows = Math.ceil(count / perRow) + (hasRest ? 1 : 0);
    const pitch = perRow > 1 ? line + track * (perRow + 1) : distances === CLOSE ? line + 2 : rows > 9 ? 18 : 22;
    const start = left + wide * perRow;
    const body = { x: start + fan, y: Math.max(60, (rows * pitch) / 2), second: start + fan + second };
    const end = body.x + second + half;
    const width = Math.ceil(Math.max(isBelow ? end + (second ? 16 : 6) : end + BESIDE, body.x - BODY_WIDE / 2 + under));
    return {
      labels,
      distances,
      perRow,
      rows,
      wide,
      pitch,
      start,
      isBelow,
      body,
      size: { width, height: Math.max(isBelow ? 170 : 130, rows * pitch + 8) },
    };
  }
}

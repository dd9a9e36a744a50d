/**
 * Every text that a user reads in the browser, in one table: words as constants, sentences as functions of texts and
 * counts. Numbers come in ready to be shown.
 */

/** @import {Stage} from "convoscope/types.js" */

/** The page's labels, buttons and marks. */
export const PAGE = {
  play: "Play",
  pause: "Pause",
  /** @param {number} position counted from 0 @param {number} count @param {number} skips n where every n-th is shown */
  position: (position, count, skips) =>
    `position ${position + 1} of ${count}${skips > 1 ? `, ${CAPTION.skips(skips)}` : ""}`,
  /** @param {Stage} stage @param {number} map */
  map: (stage, map) => [stage.title, `map ${map}`, stage.labels?.[map]].filter(Boolean).join(", "),
  /** @param {Stage} stage @param {number} map */
  plane: (stage, map) => (stage.op === "input" && stage.shape[0] === 3 ? "RGB"[map] : String(map)),
  /** @param {Stage} stage @param {number} map */
  mapSummary: (stage, map) => `${stage.title}, map ${map}: ${stage.shape[1]} rows and ${stage.shape[2]} columns`,
  /** @param {number} row @param {number} col */
  unread: (row, col) => `Row ${row}, column ${col} is never read.`,
  /** @param {number} row @param {number} col @param {number} count */
  readBy: (row, col, count) => `Row ${row}, column ${col} is read by ${count} ${count === 1 ? "cell" : "cells"} of the output.`,
  /** @param {number} row @param {number} col @param {string} value */
  cell: (row, col, value) => `row ${row}, column ${col}: ${value}`,
  window: "window",
  filter: "filter",
  windowTable: "Window of the input, channel",
  filterTable: "Filter, channel",
  productsTable: "Products, channel",
  /** @param {number} count */
  products: (count) => `${CAPTION.count(count)} ${count === 1 ? "product" : "products"}`,
  /** @param {number} channel */
  channel: (channel) => `channel ${channel}`,
  /** @param {number} count */
  moreChannels: (count) => `${count} more channels`,
  /** @param {string} beat @param {string} kind */
  beat: (beat, kind) => {
    if (beat.startsWith("channel-")) return `channel ${beat.slice(8)}`;
    return beat === "sum" ? (WORK[kind] ?? beat) : beat;
  },
  /** @param {Stage} stage @param {string} kind signed or gray */
  legend: (stage, kind) =>
    kind === "signed"
      ? "Blue is below 0, near-white is 0, red is above."
      : stage.op === "input"
        ? "Black is the smallest value, white the largest."
        : "The picture's own gray: black to white.",
};

/** What the beat before writing is called. @type {Record<string, string>} */
const WORK = { pool: "result", pointwise: "result", softmax: "result", shift: "move", flatten: "move" };

const COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/** The figure's sentences. */
export const CAPTION = {
  /** @param {number} count */
  count: (count) => COUNTS[count] ?? String(count),
  /** @param {number} row @param {number} col */
  place: (row, col) => `row ${row}, column ${col}`,
  /** @param {number} n */
  skips: (n) => `every ${ordinal(n)} position is shown`,
  input: "Input",
  featureMap: "Feature map",
  pooledMap: "Pooled map",
  /** @param {string} label @param {number} map */
  numbered: (label, map) => `${label} ${map}`,
  /** @param {string} title */
  before: (title) => `, before ${title}`,
  /** @param {string} title */
  after: (title) => `After ${title}`,

  waiting: "?",
  sum: "their sum",
  /** @param {number} count */
  channelSum: (count) => `sum of ${count} channels`,
  products: "the products",
  /** @param {string} bias */
  andBias: (bias) => ` + bias ${bias}`,
  /** @param {string} bias */
  lessBias: (bias) => ` − bias ${bias}`,
  /** @param {number} cells */
  largest: (cells) => `the largest of ${cells}`,
  /** @param {number} cells */
  smallest: (cells) => `the smallest of ${cells}`,
  mean: "the mean",
  squares: "root of the sum of squares",
  share: "its share of the whole",
  moved: "moved here from",
  fromOutside: "from outside the picture",

  /** @param {string} title */
  keeps: (title) => `${title} keeps it`,
  /** @param {string} title @param {string} value */
  makes: (title, value) => `${title} makes it ${value}`,
  /** @param {string} title */
  leavesZero: (title) => `${title} leaves it 0`,
  /** @param {string} size */
  wins: (size) => `wins its ${size} window`,
  /** @param {number} won @param {number} all */
  winsSome: (won, all) => `wins ${won} of its ${all} windows`,
  /** @param {string} size @param {string} winner */
  loses: (size, winner) => `loses to ${winner} in its ${size} window`,
  /** @param {number} all */
  losesAll: (all) => `loses in all its ${all} windows`,
  /** @param {string} size */
  joins: (size) => `goes into its ${size} window`,
  /** @param {string} title @param {number} times */
  readBy: (title, times) => `the next ${title.toLowerCase()} reads it ${times === 1 ? "once" : `${times} times`}`,
  unread: "the next layer never reads it",
  /** @param {string} place */
  moves: (place) => `moves to ${place}`,
  movesOut: "moves out of the picture",
  /** @param {number} place */
  becomes: (place) => `becomes number ${place} of the column`,
  /** @param {number} count */
  goesInto: (count) => `goes into all ${count} sums`,

  /** @param {string} formula @param {string} quotient */
  misfit: (formula, quotient) => `${formula} = ${quotient} is not whole: by the lecture's rule it does not fit.`,
  /** @param {number} size @param {string} lost */
  roundsDown: (size, lost) => `PyTorch rounds down to ${size}; ${lost}.`,
  /** @param {number} size @param {string} over */
  roundsUp: (size, over) => `Ceil mode rounds up to ${size}; ${over}.`,
  /** @param {string} cells @param {boolean} one */
  neverRead: (cells, one) => `${cells} ${one ? "is" : "are"} never read`,
  nothingLost: "only padding is left over",
  /** @param {number} cells */
  hangsOver: (cells) => `the last window hangs ${cells} ${cells === 1 ? "cell" : "cells"} over the edge`,
  lastDropped: "a window that would start past the edge is left out",
  /** @param {number} padding @param {number} size */
  fittingPadding: (padding, size) => `Padding ${padding} makes it fit: ${size}.`,
  /** @param {number} size */
  tryCeil: (size) => `Ceil mode counts the window that hangs over the edge: ${size}.`,
  /** @param {string} cells */
  jumpedOver: (cells) => `The window jumps over ${cells}.`,
  /** @param {string} axis @param {string} sentence */
  along: (axis, sentence) => `${axis}: ${sentence}`,
  rows: "Rows",
  columns: "Columns",
  /** @param {number[]} rows @param {number[]} columns */
  cells: (rows, columns) => [listed("row", rows), listed("column", columns)].filter(Boolean).join(" and "),
  /** @param {number} size */
  down: (size) => `, rounded down to ${size}`,
  /** @param {number} size */
  up: (size) => `, rounded up to ${size}`,
  /** @param {string} count @param {boolean} one */
  parameters: (count, one) => `${count} ${one ? "parameter" : "parameters"}`,
  noParameters: "no parameters",

  /** @param {string} place @param {string} value */
  cell: (place, value) => `${place}, ${value}`,
  /** @param {string} place */
  cellWaiting: (place) => `${place}, not written yet`,
  /** @param {number} rows @param {number} columns @param {string} lo @param {string} hi */
  summary: (rows, columns, lo, hi) => `${rows} rows and ${columns} columns of numbers from ${lo} to ${hi}`,
};

/** @param {string} word @param {number[]} indices */
function listed(word, indices) {
  if (!indices.length) return "";
  if (indices.length === 1) return `${word} ${indices[0]}`;
  if (indices.length > 6) {
    return `${indices.length} ${word}s (${indices.slice(0, 3).join(", ")} … ${indices[indices.length - 1]})`;
  }
  return `${word}s ${indices.slice(0, -1).join(", ")} and ${indices[indices.length - 1]}`;
}

/** @param {number} n */
function ordinal(n) {
  const teen = n % 100 > 10 && n % 100 < 14;
  return n + (teen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th"));
}

/**
 * The texts that every page needs: labels as constants, sentences as functions of texts and counts. Numbers are already
 * formatted.
 */

import { isColorStage } from "convoscope/pure/frame/stage.js";
import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/** The page's labels, buttons and marks. */
export const PAGE = inLanguage({
  // the page
  tip: "Space goes on, ▶ plays. Point at any cell to see where its number comes from.",
  tipForTouch: "▶ plays. Tap a cell to see where its number comes from.",
  /** @param {string} theme */
  theme: (theme) =>
    ({ auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark", projector: "Theme: projector" })[theme] ??
    "Theme",
  themeHelp: "Next: auto, light, dark, projector",
  fold: "Fold the settings away",
  unfold: "Open the settings",
  sheetHandle: "Height of the settings: drag, or use the arrow keys",
  closeSettings: "Close the settings",
  dismiss: "Close this message",
  /** @param {number} count */
  messages: (count) => (count === 1 ? "1 message" : `${count} messages`),
  retry: "Retry",
  unreachable: "The server cannot be reached. The figure stays as it is.",
  /** @param {string} link */
  pageUnreachable: (link) =>
    `The server cannot be reached, so “${link}” cannot be opened now. The figure stays as it is.`,
  busy: "The server is busy. The figure stays as it is; try again in a moment.",
  broken: "The server could not answer that. The figure stays as it is.",
  notDrawn:
    "This figure could not be drawn, which is a fault of this page. Load the page again, or choose another figure.",
  withoutLayers: "The picture is shown without layers. The Back button returns to the previous figure.",
  /** @param {string} weight @param {number} count of cells of the input */
  weightMeets: (weight, count) =>
    `This ${weight} meets ${count === 1 ? "this cell" : `these ${count.toLocaleString("en")} cells`}`,
  /**
   * @param {string} meets
   * @param {{start: number, step: number, count: number}} rows of the input
   * @param {{start: number, step: number, count: number}} columns
   */
  meetsWhere: (meets, rows, columns) =>
    `${meets}: rows ${PAGE.span(rows)}, columns ${PAGE.span(columns)} of the input.`,
  /** @param {{start: number, step: number, count: number}} cells */
  span: ({ start, step, count }) => {
    const [first, last] = [start, start + step * (count - 1)].map((n) => String(n).replace("-", "−"));
    return count < 2 ? first : `${first} to ${last}${step > 1 ? ` in steps of ${step}` : ""}`;
  },
  /** What was done to an uploaded picture. @param {string[]} notes */
  pictureNotes: (notes) => `Your picture: ${notes.join(", ")}.`,
  /** @param {string[]} notes */
  uploaded: (notes) =>
    "Your picture is kept for a few hours, as pixels " +
    `only${notes.length ? ": " : ""}${notes.join(", ").replace(/\.,/g, ",").replace(/\.$/, "")}.`,

  numbersStored:
    "These are too many numbers for a link, so they are kept as a picture for a few hours. Their values stay the " +
    "same, on the scale 0 to 255.",
  /** @param {number} length @param {number} most */
  longLink: (length, most) =>
    `This figure needs a link of ${length} characters; the limit is ${most}. The address bar keeps the previous ` +
    "figure.",

  // layers and filters
  addLayer: "+ layer",
  /** @param {string} stages that a layer reads in place of the one before it, or besides */
  cardFrom: (stages) => `from ${stages}`,
  /** @param {string} title @param {number} maps @param {number} rows @param {number} columns */
  cardLabel: (title, maps, rows, columns) => `${title}, ${maps} × ${rows} × ${columns}: maps × rows × columns`,
  /** A class without a name. @param {number} map */
  answerClass: (map) => `class ${map}`,
  /** @param {string} classes */
  answerShares: (classes) => `The network’s answer: ${classes}. Shares, not chances of being right.`,
  /** @param {string} classes */
  answerScores: (classes) => `The network’s answer: ${classes}. Scores: the largest wins.`,
  pinned: "Pinned: the pointer does not move the window. Escape or a click beside the maps unpins it.",
  pinnedByTouch: "Pinned. A tap beside the maps unpins it.",
  /** Of a vector. @param {number} count */
  values: (count) => `${count} values`,
  /** @param {number} map */
  scoreOf: (map) => `value ${map}`,

  shares: "share of each",

  // the figure
  play: "Play",
  pause: "Pause",
  /** @param {number} position counted from 0 @param {number} count */
  position: (position, count) => `position ${(position + 1).toLocaleString("en")} of ${count.toLocaleString("en")}`,
  /** @param {number} position counted from 0 @param {number} count */
  shortPosition: (position, count) =>
    verbatim(`${(position + 1).toLocaleString("en")} / ${count.toLocaleString("en")}`),
  /** @param {number} stop counted from 0 @param {number} count */
  stop: (stop, count) => `stop ${(stop + 1).toLocaleString("en")} of ${count.toLocaleString("en")}`,
  /** @param {number} n every n-th is shown */
  everyNthShown: (n) => `Too many positions to show each: every ${ordinal(n)} position is shown.`,
  /** @param {Stage} stage @param {number} map */
  map: (stage, map) => [stage.title, mapOf(stage, map), verbatim(stage.labels?.[map] ?? "")].filter(Boolean).join(", "),
  /** @param {number} shown @param {number} count */
  mapsShown: (shown, count) => (shown === count ? `all ${count} maps` : `${shown} of ${count} shown`),
  previousMaps: "Previous maps",
  nextMaps: "Next maps",
  /** @param {Stage} stage @param {number} map */
  plane: (stage, map) => (isColorStage(stage) ? verbatim("RGB"[map]) : String(map)),
  /** @param {Stage} stage that is read @param {number} channel */
  channelOf: (stage, channel) => (isColorStage(stage) ? verbatim("RGB"[channel]) : `channel ${channel}`),
  /** @param {Stage} stage @param {number} map */
  mapSummary: (stage, map) => `${stage.title}, ${mapOf(stage, map)}: ${extentOf(stage.shape)}`,
  notComputed: "not computed yet",
  /** @param {number} row @param {number} col */
  toCome: (row, col) => `Row ${row}, column ${col} is not computed yet.`,
  /** @param {number} row @param {number} col */
  unread: (row, col) => `Row ${row}, column ${col} is never read.`,
  /** @param {number} row @param {number} col @param {number} count */
  readBy: (row, col, count) =>
    `Row ${row}, column ${col} is read by ${count} ${count === 1 ? "cell" : "cells"} of the output.`,
  /** @param {number} row @param {number} col @param {string} value */
  cell: (row, col, value) => `row ${row}, column ${col}: ${value}`,
  window: "window",
  filter: "filter",
  /** @param {string} divisor */
  filterDivided: (divisor) => `filter ÷ ${divisor}`,
  /** Under a filter of a layer with flip=1. @param {string} name */
  filterTurned: (name) => `${name}, turned by 180°`,
  windowTable: "Window of the input",
  filterTable: "Filter",
  productsTable: "Products",
  /** @param {number} count */
  products: (count) => `${CAPTION.count(count)} ${count === 1 ? "product" : "products"}`,
  /** @param {number} channel */
  channel: (channel) => `channel ${channel}`,
  /** @param {string} channel */
  showChannel: (channel) => `Show the window and the weights of ${channel}`,
  /** @param {number} count */
  moreChannels: (count) => `${count} more channels`,
  /** @param {string} beat @param {string} kind @param {string[]} channels names of those that the step reads */
  beat: (beat, kind, channels) => {
    if (beat.startsWith("channel-")) return verbatim(channels[Number(beat.slice(8))] ?? "");
    if (beat === "products" && kind === "softmax") return verbatim("e^x");
    return (beat === "sum" && RESULT_BEATS[kind]) || (BEATS[beat] ?? beat);
  },
  /**
   * The first channel is named in full, the others by their number or letter alone.
   * @param {string} beat @param {string} kind @param {string[]} channels @param {string[]} tags
   */
  shortBeat: (beat, kind, channels, tags) =>
    /^channel-[1-9]/.test(beat) ? verbatim(tags[Number(beat.slice(8))] ?? "") : PAGE.beat(beat, kind, channels),
  /** @param {Stage} stage @param {string} kind signed, positive or gray */
  legend: (stage, kind) =>
    kind === "signed"
      ? "Blue is below 0, red is above; 0 is close to the color of the page."
      : kind === "positive"
        ? "Red is the largest value; 0 is close to the color of the page."
        : stage.kind === "input"
          ? "Black is the smallest value, white the largest."
          : "The picture's own gray: black to white.",
  /** @param {string[]} values */
  beyond: (values) => `Cells beyond an end have its color; the most extreme are ${values.join(" and ")}.`,
});

/** The names of the beats of a sum. @type {Record<string, string>} */
const BEATS = inLanguage({ window: "window", products: "products", sum: "sum", bias: "bias", write: "write" });

/** The name of the beat before writing. @type {Record<string, string>} */
const RESULT_BEATS = {
  pool: "result",
  pointwise: "result",
  prepare: "result",
  softmax: "result",
  shift: "move",
  flatten: "move",
  join: "result",
  batchnorm: "result",
  dropout: "result",
  pad: "move",
};

/** A map among all of its stage: R of a color picture, else "map 2 of 4". @param {Stage} stage @param {number} map */
function mapOf(stage, map) {
  return isColorStage(stage) ? verbatim("RGB"[map]) : `map ${map + 1} of ${stage.shape[0]}`;
}

const COUNTS = "no one two three four five six seven eight nine ten eleven twelve".split(" ");

/** What is wrong with a response that carries numbers. */
export const RESPONSE = inLanguage({
  noBranches: "The response is of version 1, which cannot say which stages a layer reads. Load the page again.",
  noTrace: "The response has no “trace” in its header.",
  /** @param {unknown} version @param {number} own */
  otherVersion: (version, own) =>
    `The response is of version ${version}; this page reads version ${own}. Load the page again.`,
  /** @param {number} bytes */
  noHeader: (bytes) => `The response is ${bytes} bytes long; it must be at least 8.`,
  /** @param {number} length @param {number} bytes */
  truncatedHeader: (length, bytes) => `The header says that it is ${length} bytes long; only ${bytes} bytes follow.`,
  headerNotJson: "The response's header is not JSON.",
  descriptionNotJson: "The response's description is not JSON.",
  /** @param {string} name @param {string} type @param {string[]} types */
  otherType: (name, type, types) => `The array ${name} holds ${type}; this page reads ${types.join(" and ")}.`,
  /** @param {string} name @param {number} bytes @param {number[]} place @param {number} all */
  wrongSize: (name, bytes, [from, to], all) =>
    `The array ${name} should be ${bytes} bytes; the response has bytes ${from} to ${to} of ${all}.`,
});

/** The figure's sentences. */
export const CAPTION = inLanguage({
  /** @param {number} count */
  count: (count) => COUNTS[count] ?? String(count),
  /** @param {number} row @param {number} col */
  place: (row, col) => `row ${row}, column ${col}`,
  input: "Input",
  featureMap: "Feature map",
  pooledMap: "Pooled map",
  /** @param {string} label @param {number} map */
  numbered: (label, map) => `${label} ${map}`,
  /** @param {string} label @param {string} title of the next stage */
  before: (label, title) => `${label}, before ${title}`,
  /** @param {string} title */
  after: (title) => `After ${title}`,

  waiting: "?",
  sum: "their sum",
  /** Of one of several channels that each are filtered alone. @param {string} channel */
  sumAlone: (channel) => `sum of ${channel} alone`,
  /** @param {number} count */
  channelSum: (count) => `sum of ${count} channels`,
  /** @param {number} count @param {string} sum */
  channelSumIs: (count, sum) => `sum of ${count} channels: ${sum}`,
  /** @param {string} bias */
  andBias: (bias) => ` + bias ${bias}`,
  /** @param {string} bias */
  lessBias: (bias) => ` − bias ${bias}`,
  /** A typed bias and what it is rounded to. @param {string} typed @param {string} bias */
  roundedBias: (typed, bias) => `${typed} (≈ ${bias})`,
  /** What is missing in a sum of rounded numbers. @param {string} rest */
  rounded: (rest) => `rounded: ${rest}`,
  /** @param {number} cells */
  largest: (cells) => `the largest of ${cells}`,
  /** @param {number} cells */
  smallest: (cells) => `the smallest of ${cells}`,
  mean: "the mean",
  squares: "root of the sum of squares",
  share: "its share of the whole",
  /** @param {number} count @param {string} sum */
  others: (count, sum) => `${sum} (${count} more terms)`,
  moved: "moved here from",
  fromOutside: "from outside the picture",
  /** @param {string} value @param {string} title @param {number} stage */
  term: (value, title, stage) => `${value} of ${title} (${stage})`,
  /** @param {string} title @param {number} stage */
  copy: (title, stage) => `from ${title} (${stage})`,
  /** @param {string} title @param {number} stage @param {number} channel from 1 on */
  copyOfMap: (title, stage, channel) => `channel ${channel} of ${title} (${stage})`,

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
  /** @param {string} size @param {string} winner */
  ties: (size, winner) => `is ${winner} as well; of equal cells, the first counts in its ${size} window`,
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
  /** @param {string} title @param {number} stage */
  goesIntoStage: (title, stage) => `goes into ${title} (${stage})`,
  /** @param {number} count */
  goesInto: (count) => `goes into all ${count} sums`,
});

/** @param {number[]} shape of maps */
function extentOf([, rows, columns]) {
  return `${rows} ${rows === 1 ? "row" : "rows"} and ${columns} ${columns === 1 ? "column" : "columns"}`;
}

/** @param {number} n */
function ordinal(n) {
  const teen = n % 100 > 10 && n % 100 < 14;
  return n + (["th", "st", "nd", "rd"][teen ? 0 : n % 10] ?? "th");
}

/**
 * The texts that every page needs: labels as constants, sentences as functions of texts and counts. Numbers are already
 * formatted.
 */

/** @import {Option, Stage} from "convoscope/pure/types.js" */

/** The page's labels, buttons and marks. */
export const PAGE = {
  // the page
  tip: "Space goes on, ▶ plays. Point at any cell to see where its number comes from.",
  teach: "Prepare for students…",
  help: "Help",
  /** @param {string} theme */
  theme: (theme) =>
    ({ auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark", projector: "Theme: projector" })[theme] ??
    "Theme",
  themeHelp: "Next: auto, light, dark, projector",
  close: "Close",
  dismiss: "Close this message",
  retry: "Retry",
  unreachable: "The server cannot be reached. The figure stays as it is.",
  busy: "The server is busy. The figure stays as it is; try again in a moment.",
  broken: "The server could not answer that. The figure stays as it is.",
  /** @param {number} status */
  uploadFailed: (status) => `Upload failed (HTTP ${status}). Try another picture.`,
  /** @param {number} size @param {number} most */
  tooLarge: (size, most) => `This file has ${(size / 1e6).toFixed(1)} MB; the limit is ${(most / 1e6).toFixed(0)} MB.`,
  withoutLayers: "The picture is shown without layers. The Back button returns to the previous figure.",
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
  metadataRemoved: "metadata removed",
  reducedHere: "made smaller in the browser, since the file is large",
  /** @param {string[]} notes */
  pictureNotes: (notes) => `Your picture: ${notes.join(", ")}.`,
  stretch: "Stretch",
  stretchHelp: "The smallest number becomes black, the largest white",
  deleteNow: "Delete it now",
  deleted: "The picture was deleted from the server.",
  /** @param {number} status */
  notDeleted: (status) => `Deleting failed (HTTP ${status}). The picture is still on the server.`,

  // the image
  image: "Image",
  input: "Input",
  /** @param {string} tab */
  imageTab: (tab) => ({ photo: "Photo", pattern: "Pattern", known: "Classify", numbers: "Numbers" })[tab] ?? tab,
  /** @param {string} kind */
  imageGroup: (kind) => (kind === "digit" ? "Digits" : "Objects"),
  picturesToClassify: "Pictures for a network to classify:",
  digitsAndObjects: "digits and objects",
  dropPaste: "Drop, paste,",
  choose: "choose",
  or: "or",
  useCamera: "camera",
  yourPicture: "Your picture",
  /** @param {string} credit */
  photoBy: (credit) => `Picture: ${credit}`,
  camera: "Camera",
  cameraAsks: "The browser asks whether this page may use the camera.",
  noCamera: "No camera can be used here: none is connected, or this page may not use it.",
  takePicture: "Take the picture",
  zoom: "Zoom",
  seeEffect: "See the effect",
  seeNumbers: "See the numbers",
  cells: "Cells",
  colors: "Colors",
  /** @param {string} channels */
  channels: (channels) => (channels === "rgb" ? "RGB" : "Gray"),
  channelsCount: "Channels",
  rows: "Rows",
  columns: "Columns",
  pasteHint:
    "Decimals and fractions are fine. A whole grid can be pasted into the first cell: from a spreadsheet, a CSV " +
    "file, Python or MATLAB.",
  asText: "As text",
  asTextHelp: "Rows as lines, or in the brackets of NumPy, Python or MATLAB.",
  useNumbers: "Use these numbers",
  chooseCrop: "Crop…",
  chooseCropTitle: "Choose a crop",
  cropHelp:
    "Drag a rectangle on the picture. Drag inside it to move it; with the keyboard, arrows move it and Shift " +
    "with arrows resizes it.",
  useCrop: "Use this crop",
  centerCrop: "Crop the middle",
  /** @param {number[]} box @param {number} rows @param {number} columns */
  cropText: ([top, left, height, width], rows, columns) =>
    `${height} × ${width} pixels from row ${top}, column ${left} → ${rows} × ${columns} cells`,
  /** @param {number[]} stored @param {number[]} crop */
  croppedFrom: ([height, width], [top, left, down, across]) =>
    `Cropped to ${down} × ${across} pixels from row ${top}, column ${left} of ${height} × ${width}.`,

  // layers and filters
  addLayer: "+ layer",
  kindOfLayer: "Kind",
  layerBack: "Move this layer to the left",
  layerOn: "Move this layer to the right",
  /** @param {string} title */
  layerRemove: (title) => `Remove ${title}`,
  moreOptions: "More options",
  pinned: "Pinned: the pointer does not move the window. Escape or a click beside the maps unpins it.",
  allFilters: "All filters",
  typeYourOwn: "Edit",
  closeEditor: "Done",
  random: "Random",
  compare: "Compare",
  compareHelp: "Hold to see the input in place of the map",
  /** The label of a thumbnail. @param {string} name @param {string} title */
  shortKernel: (name, title) =>
    ({
      "sobel-x": "Sobel x",
      "sobel-y": "Sobel y",
      edges: "Edges",
      sharpen: "Sharpen",
      "box-blur": "Blur",
      emboss: "Emboss",
    })[name] ?? title,
  filters: "Filters",
  filtersHelp: "How many filters the layer has: each makes one feature map.",
  /** @param {number} index @param {number} count */
  filterOf: (index, count) => `Filter ${index} of 0 to ${count - 1}; choose another by its map.`,
  filterNumbers: "Filter",
  /** @param {string} family */
  family: (family) =>
    ({
      copy: "Copy",
      edges: "Edges and spots",
      directions: "Edges in one direction",
      blur: "Blur and sharpen",
      patterns: "Stripes and shapes",
    })[family] ?? family.charAt(0).toUpperCase() + family.slice(1),
  /** @param {string} name @param {number} row @param {number} col */
  typedCell: (name, row, col) => `${name}, row ${row}, column ${col}`,
  /** @param {string} text */
  notANumber: (text) =>
    `“${text}” is not a number. Whole numbers, decimals like 0.5 and fractions like 1/9 can be read, up to a million.`,
  /** @param {number} rows @param {number} columns @param {number[]} most */
  blockTooLarge: (rows, columns, [down, across]) =>
    `This block has ${rows} × ${columns} numbers; the limit is ${down} × ${across}.`,
  /** @param {number} least @param {number} most */
  between: (least, most) => `A whole number from ${least} to ${most}.`,
  /** @param {string} sign */
  sign: (sign) => ({ "−": "Minus", ".": "Decimal point", "/": "Fraction bar" })[sign] ?? sign,
  keypad: "Signs",
  divisor: "Divided by",
  turn: "Turn by 180°",
  negate: "Change the sign",
  /** @param {string} name @param {number} count @param {number[]} size */
  learned: (name, count, [rows, columns]) =>
    `${count} learned ${count === 1 ? "filter" : "filters"} of ${name}, ${rows} × ${columns}. Editing one drops ` +
    "the others.",
  ownBias: "learned",
  /** @param {number} map */
  scoreOf: (map) => `value ${map}`,
  double: "Times 2",
  sumToOne: "Sum to 1",
  onePlane: "One plane for all channels",
  planeEach: "A plane for each channel",
  /** @param {string} sum */
  sumOf: (sum) => `Its numbers add up to ${sum}.`,
  /** @param {string} label */
  less: (label) => `${label}: less`,
  /** @param {string} label */
  more: (label) => `${label}: more`,
  /** @param {Option} option @param {string} text */
  cannotRead: (option, text) => `${option.label} cannot be “${text}”. ${ALLOWED_VALUES[option.kind]?.(option) ?? ""}`,
  /** @param {string} text */
  showMe: (text) => `Show me ${text}`,

  shares: "share of each",

  // the figure
  play: "Play",
  pause: "Pause",
  /** @param {number} position counted from 0 @param {number} count */
  position: (position, count) => `position ${position + 1} of ${count}`,
  /** @param {number} stop counted from 0 @param {number} count */
  stop: (stop, count) => `stop ${stop + 1} of ${count}`,
  /** @param {number} n every n-th is shown */
  everyNthShown: (n) => `Too many positions to show each: ${CAPTION.skips(n)}.`,
  /** @param {Stage} stage @param {number} map */
  map: (stage, map) => [stage.title, `map ${map}`, stage.labels?.[map]].filter(Boolean).join(", "),
  /** @param {Stage} stage @param {number} map */
  plane: (stage, map) => (stage.op === "input" && stage.shape[0] === 3 ? "RGB"[map] : String(map)),
  /** @param {Stage} stage @param {number} map */
  mapSummary: (stage, map) => `${stage.title}, map ${map}: ${CAPTION.extent(stage.shape[1], stage.shape[2])}`,
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
  windowTable: "Window of the input",
  filterTable: "Filter",
  productsTable: "Products",
  /** @param {number} count */
  products: (count) => `${CAPTION.count(count)} ${count === 1 ? "product" : "products"}`,
  /** @param {number} channel */
  channel: (channel) => `channel ${channel}`,
  /** @param {number} count */
  moreChannels: (count) => `${count} more channels`,
  /** @param {string} beat @param {string} kind */
  beat: (beat, kind) => {
    if (beat.startsWith("channel-")) return `channel ${beat.slice(8)}`;
    if (beat === "products" && kind === "softmax") return "e^x";
    return beat === "sum" ? (RESULT_BEATS[kind] ?? beat) : beat;
  },
  /** @param {string} beat @param {string} kind */
  shortBeat: (beat, kind) => (/^channel-[1-9]/.test(beat) ? beat.slice(8) : PAGE.beat(beat, kind)),
  /** @param {Stage} stage @param {string} kind signed or gray */
  legend: (stage, kind) =>
    kind === "signed"
      ? "Blue is below 0, near-white is 0, red is above."
      : stage.op === "input"
        ? "Black is the smallest value, white the largest."
        : "The picture's own gray: black to white.",
  /** @param {string[]} values */
  beyond: (values) => `Cells beyond an end have its color; the most extreme are ${values.join(" and ")}.`,
};

/** The values that a control allows, by its kind. @type {Record<string, (option: Option) => string>} */
const ALLOWED_VALUES = {
  whole: ({ least, most }) => `A whole number from ${least} to ${most}.`,
  pair: ({ least, most }) => `A whole number from ${least} to ${most}, or rows × columns like 2 × 3.`,
  shift: ({ least, most }) => `Rows × columns, each from ${least} to ${most}, like 0 × 1.`,
  padding: ({ most }) => `valid, same, full, a number up to ${most}, rows × columns, or top,bottom,left,right.`,
  number: () => "A number like 0.1 or 1/3.",
  numbers: () => "A number like 1 or 0.5, or one for each map, separated by spaces.",
};

/** The name of the beat before writing. @type {Record<string, string>} */
const RESULT_BEATS = {
  pool: "result",
  pointwise: "result",
  prepare: "result",
  softmax: "result",
  shift: "move",
  flatten: "move",
};

const COUNTS = "no one two three four five six seven eight nine ten eleven twelve".split(" ");

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
  /** @param {number} count @param {string} sum */
  others: (count, sum) => `${sum} (${count} more terms)`,
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
  /** @param {number} rows @param {number} columns */
  extent: (rows, columns) =>
    `${rows} ${rows === 1 ? "row" : "rows"} and ${columns} ${columns === 1 ? "column" : "columns"}`,
  /** @param {number} rows @param {number} columns @param {string} lo @param {string} hi */
  summary: (rows, columns, lo, hi) => `${CAPTION.extent(rows, columns)} of numbers from ${lo} to ${hi}`,
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

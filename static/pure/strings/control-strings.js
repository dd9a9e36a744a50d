/** The texts of the controls: the image, layers and filters. They come with the controls. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** @import {CommonSetting} from "convoscope/pure/link/common-settings.js" */
/** @import {Option} from "convoscope/pure/types.js" */

export const CONTROLS = inLanguage({
  // the page
  teach: "Prepare for students…",
  help: "Help",
  close: "Close",
  stretch: "Stretch",
  stretchHelp: "The smallest number becomes black, the largest white",

  // the image
  image: "Image",
  input: "Input",
  /** @param {string} tab */
  imageTab: (tab) =>
    ({
      photo: "Photo",
      pattern: "Pattern",
      known: "Objects & digits",
      numbers: "Numbers",
      words: "Words",
      draw: "Draw",
    })[tab] ?? tab,
  /** @param {string} kind */
  imageGroup: (kind) => (kind === "digit" ? "Digits" : "Objects"),
  nameItWith: "Name it with",
  /** @param {string} network @param {string[]} names of its classes */
  knows: (network, names) => `${network} knows ${list(names)}`,
  /** @param {string} network @param {string[]} names of its classes */
  namesAnything: (network, names) =>
    `${network} was trained on other pictures: it knows ${list(names)}, and names any picture as one of them.`,
  picturesToClassify: "Pictures for a network to classify:",
  digitsAndObjects: "digits and objects",
  dropPaste: "Drop, paste,",
  choose: "choose",
  or: "or",
  useCamera: "camera",
  yourPicture: "Your picture",
  addToStack: "Add to the stack",
  addToStackHelp: "Another picture, cut alike; the layers and their weights are the same for all. Choose it above.",
  /** @param {number} count */
  stackIsFull: (count) => `A stack has at most ${count} pictures.`,
  removeFromStack: "Take this picture out",
  /** @param {string} credit */
  photoBy: (credit) => `Picture: ${credit}`,
  camera: "Camera",
  cameraAsks: "The browser asks whether this page may use the camera.",
  noCamera: "No camera can be used here: none is connected, or this page may not use it.",
  takePicture: "Take the picture",
  zoom: "Zoom",
  zoomToNumbers: "Zoom to numbers",
  zoomToNumbersHelp: "The part of the picture in which the filter finds most, with a number in every cell",
  wholePicture: "Whole picture",
  wholePictureHelp: "The whole picture in fine cells, with the result everywhere",
  zoomBackHelp: "Back to the size and the place from before",
  /** Why no part of a picture is enlarged. @param {string} reason */
  noCut: (reason) =>
    ({
      network: "A network reads the whole picture at a size of its own. Point at a map to see its numbers.",
      small: "This picture has only a few cells, and their numbers stand in them.",
      changed: "The picture is changed on purpose, by cells. Take that back to enlarge a part of it.",
      fixed: "These numbers are used cell by cell, and none is left out. Point at a map to see them.",
    })[reason] ?? "These layers need more cells than have room for their numbers. Point at a map to see them.",
  cells: "Cells",
  colors: "Colors",
  /** @param {string} channels */
  channels: (channels) => (channels === "rgb" ? "RGB" : "Gray"),
  channelsCount: "Channels",
  rows: "Rows",
  columns: "Columns",
  numbersSizeHelp:
    "Another size adds rows and columns of 0 at the bottom and right, or cuts them there. Back undoes it.",
  maps: "Maps",
  seed: "Seed",
  randomMapsHelp:
    "Random numbers: normal, with mean 0 and deviation 1, rounded to hundredths. The same seed gives the same numbers " +
    "everywhere. So any layer of any network can be opened at its true shape.",
  randomMaps: "Random maps",
  typeNumbers: "Type numbers",
  pasteHint:
    "Decimals and fractions are fine. A whole grid can be pasted into the first cell: from a spreadsheet, a CSV " +
    "file, Python or MATLAB. In the map, a double click or two taps on a cell change it there.",
  asText: "As text",
  asTextHelp: "Rows as lines, or in the brackets of NumPy, Python or MATLAB.",
  useNumbers: "Use these numbers",
  chooseCrop: "Crop…",
  chooseCropTitle: "Choose a part of the picture",
  cropHelp: "Drag the rectangle or its handles, or draw another one.",
  cropKeys: "With the keyboard, arrows move it, Shift with arrows resizes it, and Enter uses it.",
  useCrop: "Use this part",
  cancelCrop: "Cancel",
  cellsOfCrop: "Cells on the longer side",
  cellsOfPart: "Cells",
  /** @param {string} title @param {number} rows @param {number} columns */
  cropPreview: (title, rows, columns) => `${title}, ${rows} × ${columns}`,
  /** @param {number[]} box @param {number} rows @param {number} columns */
  cropText: ([top, left, height, width], rows, columns) =>
    `${height} × ${width} pixels from row ${top}, column ${left} → ${rows} × ${columns} cells`,
  /** @param {number[]} stored @param {number[]} crop */
  croppedFrom: ([height, width], [top, left, down, across]) =>
    `Cropped to ${down} × ${across} pixels from row ${top}, column ${left} of ${height} × ${width}.`,

  // layers and filters
  kindOfLayer: "Kind",
  layerBack: "Move this layer to the left",
  layerOn: "Move this layer to the right",
  /** @param {string} title */
  layerRemove: (title) => `Remove ${title}`,
  /** @param {string} title @param {number} layer @param {number} stage @param {number} used */
  stageReplaced: (title, layer, stage, used) =>
    `${title} (layer ${layer}): stage ${stage} is no longer before it; it reads stage ${used} instead.`,
  stageBefore: "the stage before",
  moreOptions: "More options",
  allFilters: "All filters",
  tableOfFilters: "Show seven as a table",
  tableOfFiltersHelp:
    "Identity, three kinds of edges, sharpen and two blurs become the filters of this layer, in a table of matrix, " +
    "picture and words",
  asTable: "as a table",
  typeYourOwn: "Edit",
  closeEditor: "Done",
  random: "Random",
  compare: "Compare",
  compareHelp: "Lay the input over the map; a line to drag shows before and after",
  compareFilters: "Compare filters",
  compareFiltersHelp: "Six filters on this picture, side by side",
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
  filtersHelp:
    "How many filters the layer has: each makes one feature map. + adds a filter of random whole numbers from −2 to 2; " +
    "choose a filter above to put it in its place.",
  powersOfTwo: "Often a power of 2: 32, 64 …",
  common: "Common settings",
  commonTitle: `Common ${verbatim("F/S/P")}, and the map`,
  /** @param {CommonSetting} setting */
  commonSetting: ({ filter, stride, padding: [top, bottom, left, right], size, isRandom }) => {
    const isEven = top === bottom && left === right && top === left;
    const padding = isEven ? top : `${top} above, ${bottom} below, ${left} left, ${right} right`;
    const what = `Filter ${filter} × ${filter}, stride ${stride}, padding ${padding}`;
    const gives = size ? `map ${size[0]} × ${size[1]}` : "does not fit this input";
    return `${what}: ${gives}${isRandom ? `, with random filters of ${filter} × ${filter}` : ""}`;
  },
  /** @param {number} rows @param {number} columns */
  commonSize: (rows, columns) => verbatim(`${rows}×${columns}`),
  commonRandom: "Another F makes random filters of that size.",
  sizesTogether: "F = 3, 5, 7 in one look",
  sizesTogetherHelp: "This picture under three filter sizes, padded by (F − 1)/2 = 1, 2, 3: the maps keep its size",
  shapeFiltersHelp:
    "How many filters the layer has: each makes one feature map. Their numbers are random, by the seed.",
  /** What the numbers of a filter are. @param {string} kind */
  kindOfFilter: (kind) =>
    ({ random: "random numbers from −2 to 2", shape: "random numbers, He-scaled", typed: "your numbers" })[kind] ??
    kind,
  /** @param {number} index counted from 1 @param {number} count @param {string} what */
  filterOf: (index, count, what) =>
    `Filter ${index} of ${count}${what ? `: ${what}` : ""} · pick another below the map.`,
  readsChannels: "What a filter reads",
  channelsTogether: "all channels together",
  channelsAlone: "each channel alone",
  /** @param {number} channels */
  togetherReads: (channels) => `A filter reads all ${channels} channels and makes one map.`,
  /** @param {number} channels */
  planesRead: (channels) => `A filter has a plane for each of the ${channels} channels and makes one map.`,
  /** @param {number} channels */
  aloneReads: (channels) => `Depthwise, what photo editors do: a filter makes ${channels} maps, one for each channel.`,
  aloneInColor:
    "Depthwise, what photo editors do: this filter keeps the brightness of each channel, so a color photo stays one.",
  /** @param {number} read @param {number} channels */
  groupReads: (read, channels) => `In groups: a filter reads ${read} of the ${channels} channels at a time.`,
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
  double: "Times 2",
  sumToOne: "Sum to 1",
  onePlane: "One plane for all channels",
  planeEach: "A plane for each channel",
  /** @param {string} sum */
  sumOf: (sum) => `Its numbers add up to ${sum}.`,
  /** A value to choose, as the menu of its option shows it. @param {string} choice */
  choice: (choice) => CHOICES[choice] ?? choice,
  /** @param {string} label */
  less: (label) => `${label}: less`,
  /** @param {string} label */
  more: (label) => `${label}: more`,
  /** @param {Option} option @param {string} text */
  cannotRead: (option, text) =>
    `${verbatim(option.label)} cannot be “${text}”. ${ALLOWED_VALUES[option.kind]?.(option) ?? ""}`,
  /** @param {string} text */
  showMe: (text) => `Show me ${text}`,
});

/** The words of links that menus offer, as the menus show them. @type {Record<string, string>} */
const CHOICES = inLanguage({
  "": "short",
  chw: verbatim("C × H × W"),
  hwc: verbatim("H × W × C"),
  all: "all values",
  auto: "auto",
  bilinear: "bilinear",
  channels: "each place",
  byte: "byte",
  causal: "causal",
  circular: "circular",
  dark: "dark",
  finish: "finish",
  full: "full",
  layer: "layer",
  light: "light",
  map: "map",
  min: "min",
  nearest: "nearest",
  none: "none",
  photo: "photo",
  projector: "projector",
  reflect: "reflect",
  replicate: "replicate",
  row: "row",
  same: "same",
  signed: "signed",
  step: "step",
  story: "story",
  unit: "unit",
  valid: "valid",
  zeros: "zeros",
});

/** The values that a control allows, by its kind. @type {Record<string, (option: Option) => string>} */
const ALLOWED_VALUES = {
  whole: ({ least, most, step = 1 }) =>
    step === 1
      ? `A whole number from ${least} to ${most}.`
      : `A multiple of ${step} from ${least} to ${most}: as many in each of the ${step} groups.`,
  pair: ({ least, most }) => `A whole number from ${least} to ${most}, or rows × columns like 2 × 3.`,
  shift: ({ least, most }) => `Rows × columns, each from ${least} to ${most}, like 0 × 1.`,
  padding: ({ choices, most }) =>
    `${verbatim(choices.join(", "))}, a number up to ${most}, rows × columns, or top,bottom,left,right.`,
  number: () => "A number like 0.1 or 1/3.",
  numbers: () => "A number like 1 or 0.5, or one for each map, separated by spaces.",
};

/** The controls of a fully connected layer. */
export const LINEAR = inLanguage({
  weights: "Weights",
  outputs: "Outputs",
  outputsHelp: "How many numbers the layer makes: each is a sum of all inputs, with weights of its own.",
  kinds: { shape: "He-scaled", random: "−2 to 2", typed: "typed" },
  /** What the weights of each kind are. */
  meanings: {
    shape: "Random numbers: normal, scaled as He did for networks with ReLU. The same seed gives the same everywhere.",
    random: "Random whole numbers. The same seed gives the same everywhere.",
    typed: "A row of numbers for each output, one for each input: map by map, row by row.",
  },
  /** @param {number} output @param {number} divisor */
  rowOf: (output, divisor) =>
    divisor === 1
      ? `The weights of output ${output}; choose another in the figure.`
      : `The weights of output ${output}, all divided by ${divisor}; choose another in the figure.`,
  /** @param {number} count */
  tooMany: (count) =>
    `${count} weights for each output are too many to be typed here; a link or the API can have them.`,
  /** @param {number} count @param {string} size @param {number} channels @param {boolean} isLarge */
  sameAs: (count, size, channels, isLarge) =>
    `The same as a convolution with ${count} ${count === 1 ? "filter" : "filters"} of ${size} over ${channels} ` +
    `${channels === 1 ? "channel" : "channels"}. ` +
    (isLarge
      ? "On a larger picture the convolution slides, and makes a map of scores."
      : "On larger maps the convolution does the same at every place, and makes a map of scores."),
  writeAsConvolution: "Write it as a convolution",
  /** Why there is no button. @param {string} reason @param {number} most */
  noButton: (reason, most) =>
    ({
      trained: "Its weights are those of the network, so a link cannot write it in another way.",
      large: `A link cannot write it so: such filters have at most ${most} × ${most} cells. He-scaled ones can be larger.`,
    })[reason] ?? `A link cannot write it so: typed filters have at most ${most} planes. He-scaled ones can have more.`,
});

/** The menu of layers. */
export const LAYERS = inLanguage({
  title: "Add a layer",
  networks: "Whole networks",
  networksHelp: "A trained network reads the picture itself, so it replaces all layers.",
  /** @param {number} classes @param {boolean} rgb */
  network: (classes, rgb) =>
    `Distinguishes ${classes} classes, ${rgb ? "in color: the picture is shown in RGB" : "in gray"}.`,
});

/** Changing the picture on purpose. */
export const ADJUST = inLanguage({
  title: "Change the picture",
  /** @param {number} part */
  shift: (part) => (part ? "Shift right" : "Shift down"),
  /** @param {string} label */
  exactly: (label) => `${label}, as a number`,
  /** @param {string} side */
  flip: (side) => ({ h: "Mirror ↔" })[side] ?? "Mirror ↕",
  /** @param {string} side */
  flipHelp: (side) =>
    ({ h: "Mirror ↔: left and right change places" })[side] ?? "Mirror ↕: top and bottom change places",
  cover: "Cover a part",
  uncover: "Uncover",
  coverHelp:
    "Draw a box on the input: its cells become 0. Drag the box or its handles; with the keyboard arrows move it, and " +
    "Shift with arrows resizes it.",
  /** @param {number[]} box */
  coverText: ([top, left, height, width]) => `${height} × ${width} cells from row ${top}, column ${left}`,
  reset: "As it was",
  resetHelp: "Takes back all changes of the picture",
  unreachable: "The server cannot be reached. Close this part and open it again.",
  sweepTitle: "Response curve",
  sweepHelp: "What the cell in focus answers while the picture is turned or shifted",
  /** @param {string} kind */
  sweep: (kind) => ({ turn: "Turn", down: "Down" })[kind] ?? "Right",
  class: "Class",
  before: "Before",
  after: "After",
});

/** Comparing a map with its input, and filters with each other. */
export const COMPARE = inLanguage({
  slider: "How much of the map is covered by the input",
  /** @param {number} percent */
  covered: (percent) => `${percent} % input`,
  /** @param {string} before @param {string} after */
  split: (before, after) => `${before} | ${after}`,
  wall: "Compare filters",
  wallHelp: "The same picture through six filters. Point at a cell: it is marked in all maps, with its window.",
  wallHelpForTouch: "The same picture through six filters. Tap a cell: it is marked in all maps, with its window.",
  /** @param {string} name */
  use: (name) => `Use ${name}`,
  loading: "The maps are computed…",
  unreachable: "The server cannot be reached; this map cannot be shown.",
  input: "Input",
  /** @param {number} row @param {number} col */
  place: (row, col) => `row ${row}, column ${col}`,
  maps: "The maps of six filters; arrows move the marked cell",
  with: "Compare with…",
  withButtonHelp: "This figure and another one side by side, in lock-step",
  withHelp: "Two figures side by side, at the same place, on one color scale. Choose what the other one has:",
  /** @param {string} kind */
  other: (kind) =>
    ({
      unchanged: "the picture as it was, before it was changed on purpose",
      shift: "a shift by 4 columns before all layers, and after, moved back",
      without: "this layer left out",
      average: "an average pool in place of the max pool",
      max: "a max pool in place of the average pool",
      turned: "the filter turned by 180°: a convolution in the mathematical sense",
      straight: "the filter as it stands: a correlation",
      stride: "stride 2",
      later: "this layer after the next one",
      sooner: "this layer before the one in front of it",
    })[kind] ?? kind,
  link: "Any other figure",
  linkHelp: "Paste the link of another figure. Up to four can stand side by side: add &c= and &d= to the address.",
  show: "Compare",
});

/** Names in one line; of many the first and the last. @param {string[]} names */
function list(names) {
  const shown = names.length > 12 ? [...names.slice(0, 8), "…", ...names.slice(-1)] : names;
  return verbatim(shown.join(", "));
}

/** Editing numbers where they are shown. */
export const EDIT = inLanguage({
  /** @param {number} row @param {number} col @param {string} text */
  weightToChange: (row, col, text) => `weight, row ${row}, column ${col}: ${text}. Press Enter to change it.`,
  /** @param {string} table @param {number} row @param {number} col */
  weight: (table, row, col) => `${table}, row ${row}, column ${col}`,
  /** @param {number} row @param {number} col */
  cell: (row, col) => `Input, row ${row}, column ${col}`,
  /** @param {string} name @param {string} text */
  changed: (name, text) => `${name} is now ${text}.`,
  /** @param {string} name @param {string} text */
  stays: (name, text) => `${name} stays ${text}.`,
  weightHint: "Click it or press Enter to type a number; drag it up or down.",
  weightHintForTouch: "Tap it again to type, or drag it up or down.",
  cellHint: "A double click or Enter changes a cell of the input.",
  cellHintForTouch: "Two taps change a cell of the input.",
  openHint: "Enter keeps it, Escape takes it back. Arrow up and down or the wheel change it, Tab goes on.",
  openHintForTouch: "Drag it up or down, or type a number.",
  chooseChannel: "This picture is shown in color. Choose one of its channels below the input, then change its cells.",
});

/** The words of an input. */
export const SENTENCE = inLanguage({
  sentence: "Sentence",
  rule:
    "Split at spaces; punctuation at the ends of a word is a word of its own. At most 32 words of 24 characters. Enter " +
    "shows them.",
  vectors: "Vectors of the words",
  /** @param {string} kind */
  kind: (kind) => ({ "one-hot": "One-hot", random: "Random", typed: "Typed" })[kind] ?? kind,
  /** @param {string} kind */
  help: (kind) =>
    ({
      "one-hot": "A column for each different word: 1 where it is that word. “The” and “the” are the same word.",
      random: "Random numbers, not learned. The same word always has the same vector.",
    })[kind] ?? "Your numbers, a row for each word. Words that you add begin with zeros.",
  numbers: "Numbers of a word",
  seed: "Seed",
  typeNumbers: "Edit the numbers",
  reads: "Words that a filter reads",
  readsHelp: "Random filters as wide as the vectors: 2 words in a row are a 2-gram.",
  empty: "Type at least one word.",
  /** @param {number} count @param {number} most */
  tooMany: (count, most) => `These are ${count} words; there can be at most ${most}.`,
  /** @param {string} word @param {number} most */
  tooLong: (word, most) => `“${verbatim(word)}” is too long; a word has at most ${most} characters.`,
});

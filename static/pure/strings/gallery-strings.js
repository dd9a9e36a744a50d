/** The texts of the page of learned filters. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** Uploads of weights. */
export const WEIGHTS = inLanguage({
  open: "Open weights…",
  help: "A layer of a .safetensors, .npz, .pt, .pth or .onnx file; nothing in it is run",
  /** @param {number} size @param {number} most */
  tooLarge: (size, most) =>
    `The upload has ${(size / 1e6).toFixed(1)} MB; the limit is ${most / 1e6} MB. Of .safetensors, .npz and files of ` +
    "PyTorch since 1.6 only one layer is uploaded; for other large files use the command: " +
    "convoscope models add FILE.",
  damaged: "The archive is truncated or damaged: a part that its directory lists is missing.",
  changed: "The file can no longer be read: it was changed, moved or deleted. Open it again.",
  /** @param {string} name */
  reading: (name) => `Reading ${name} …`,
  /** @param {number} sent @param {number} all */
  sending: (sent, all) => `Sending ${bytes(sent)} of ${bytes(all)} …`,
  cancel: "Cancel",
  /** @param {number} channels */
  otherChannels: (channels) =>
    `These filters read ${channels} channels. A picture has 1 or 3, so it cannot feed them: they are ` +
    "shown channel by channel, in gray, without maps.",
});

/** The page of learned filters. */
export const GALLERY = inLanguage({
  /** The title of the browser's tab. @param {string} model */
  pageTitle: (model) => `Filters of ${model} · Convoscope`,
  /** @param {number} count @param {number[]} shape @param {boolean} templates */
  card: (count, shape, templates) =>
    `${count} ${templates ? "template" : "filter"}${count === 1 ? "" : "s"}, ${shape.join("×")}`,
  layer: "Layer",
  /** @param {string} name @param {number[]} shape */
  layerOption: (name, shape) => `${name}, ${shape.join("×")}`,
  /** @param {string} share @param {string} on */
  accuracy: (share, on) => `${share} right on ${on}`,
  about: "About this model",
  /** The rows of a model card, by their names in it. @type {Record<string, string>} */
  cardRows: {
    data: "Data",
    data_licence: "Licence of the data",
    data_source: "Source",
    recipe: "Recipe",
    accuracy_on: "Measured on",
    date: "Trained",
    command: "Train it yourself",
  },
  parameters: "Parameters",
  show: "Show",
  /** @param {string} show */
  showTitle: (show) => ({ color: "Color", channels: "Channels", digits: "Digits" })[show] ?? show,
  sort: "Sort",
  /** @param {string} order */
  order: (order) =>
    ({
      trained: "as trained",
      orientation: "by orientation",
      frequency: "by frequency",
      color: "by color",
      strength: "by strength",
    })[order] ?? order,
  scale: "Scale",
  /** @param {string} scale */
  scaleTitle: (scale) => (scale === "all" ? "all alike" : "each filter"),
  wall: "Tiles",
  /** @param {string} wall */
  wallTitle: (wall) => (wall === "maps" ? "Maps" : "Filters"),

  /**
   * @param {boolean} maps @param {boolean} templates
   * @param {string} layer its name, where it may be any layer of a file
   */
  title: (maps, templates, layer) =>
    maps
      ? templates
        ? "Scores for your picture"
        : "Feature maps of your picture"
      : templates
        ? "Templates as large as the picture"
        : layer
          ? `Filters of ${layer}`
          : "First-layer filters",
  /** @param {number[]} shape @param {number[]} [stride] */
  shape: (shape, stride) => shape.join(" × ") + (stride && stride[0] > 1 ? `, stride ${stride[0]}` : ""),
  /** @param {string} scale @param {string} range */
  grayScale: (scale, range) =>
    scale === "all"
      ? `Mid-gray is 0; one scale for all filters and channels, black −${range}, white +${range}.`
      : "Mid-gray is 0; each filter has its own scale, one for all its channels.",
  /** @param {string} scale @param {string} range */
  signedScale: (scale, range) =>
    scale === "all"
      ? `Blue is below 0, red above; one scale for all, −${range} to +${range}.`
      : "Blue is below 0, red above; each map has its own scale.",
  /** @param {number} filmed @param {number} all */
  filmed: (filmed, all) =>
    `The film has ${filmed} of the ${all} filters; the others are faint and show the trained values.`,
  /** @param {number} index @param {string} words */
  tile: (index, words) => `Filter ${index}: ${words}`,
  /** @param {number} index @param {string} label @param {string} score */
  tileLabel: (index, label, score) =>
    label
      ? [`${index} ${label}`, score].filter(Boolean).join("\n")
      : [index, score].filter((part) => part !== "").join(" "),
  /** @param {number} index */
  tileMap: (index) => `Feature map ${index}`,
  /** @param {number} channel */
  channel: (channel) => verbatim("RGB"[channel] ?? String(channel)),

  /** @param {number} index @param {boolean} templates @param {string} label */
  rowTitle: (index, templates, label) =>
    `${templates ? "Template" : "Filter"} ${index}${label ? ` · ${label}` : " on your picture"}`,
  rowDigits: "The numbers of this filter",
  score: "its score for this picture",
  stepThrough: "step through it in the Lab →",
  /** @param {number} index @param {boolean} templates */
  filter: (index, templates) => `${templates ? "template" : "filter"} ${index}`,
  picture: "your picture",
  /**
   * @param {number} rows @param {number} columns @param {boolean} rgb
   * @param {{inverted: boolean, isCentered: boolean}} how
   */
  prepared: (rows, columns, rgb, { inverted, isCentered }) =>
    `as the model gets it: ${rows}\u00a0×\u00a0${columns}${rgb ? "" : ", gray"}` +
    `${inverted ? ", white on black" : ""}${isCentered ? ", mean removed" : ""}`,
  /** @param {number} index */
  map: (index) => `feature map ${index}`,
  ranking: "scores of all templates",
  /** @param {number} rank @param {number} count */
  rank: (rank, count) => `number ${rank} of ${count} for this picture`,
  mapRole: "feature map",
  /** @param {number} rows @param {number} columns */
  mapShape: (rows, columns) => (rows * columns === 1 ? "one number: its score" : `${rows} × ${columns}`),
  /** @param {number} rows @param {number} columns */
  mapHelp: (rows, columns) =>
    `Feature map, ${rows} × ${columns}. Arrows move the chosen cell, Home goes to the strongest.`,
  /** @param {boolean} isBeforeEnd whether the filter on the screen is not yet trained */
  prefers: (isBeforeEnd) => (isBeforeEnd ? "once trained, prefers" : "prefers"),
  strongestHere: "strongest here",
  chosenPlace: "chosen place",
  /** @param {number} row @param {number} col */
  place: (row, col) => `row ${row}, column ${col}`,
  /** @param {string} bias */
  bias: (bias) => `bias ${bias} included`,
  toStrongest: "back to the strongest",
  /** @param {boolean} isBeforeEnd */
  topPatches: (isBeforeEnd) =>
    `Patches of the sample pictures that activate it most${isBeforeEnd ? ", once trained" : ""}`,
  /** @param {string} title @param {string} value */
  patchTitle: (title, value) => `${title}: ${value}`,
  waiting: "Searching the sample pictures …",
  /** Layers above the first. */
  layers: "Layer",
  /** @param {string} layer */
  excites: (layer) => `What excites the maps of ${layer} most`,
  /**
   * Why patches are shown and not weights.
   * @param {string} layer @param {number[]} shape (K, C, h, w) @param {number} samples 0 while they are not known
   */
  whyPatches: (layer, [, channels, rows, columns], samples) =>
    `A filter of ${layer} has ${channels} slices of ${rows} × ${columns}, one for each map that it reads: weights of ` +
    `${channels} channels are no picture. Shown is instead where each map is largest` +
    `${samples ? ` among ${samples} sample pictures` : ""}: the receptive field of that cell, which is all that can ` +
    "influence it.",
  /** @param {string} layer the first one */
  filmOfFirst: (layer) => `The film of the training has ${layer} alone.`,
  /** @param {string} layer the first one @param {string} shown */
  looksOfFirst: (layer, shown) =>
    `Maps, numbers, order and scale of filters can be chosen for ${layer} alone. Your picture’s maps of ${shown}:`,
  mapsInLab: "see them in the Lab →",
  searching: "Searching the sample pictures for what excites each map most …",
  searchFailed: "The patches could not be found.",
  /** @param {number} map @param {string} title @param {string} value */
  tilePeak: (map, title, value) => `Map ${map}: most in ${title}, ${value}`,
  /** @param {number} map @param {string} layer */
  mapTitle: (map, layer) => `Map ${map} of ${layer}`,
  strongestPatches: "Its strongest patches, at most one in each picture, each a link to the Lab at its place",
  /** The picture with its receptive field. @param {string} title @param {number} row @param {number} column */
  peakPlace: (title, row, column) => `${title}, row ${row}, column ${column} of the map`,
  /** @param {number[]} box @param {number[]} size */
  receptiveField: ([, , height, width], [rows, columns]) =>
    height >= rows && width >= columns
      ? `receptive field: the whole picture, ${rows} × ${columns}`
      : `receptive field: ${height} × ${width} of ${rows} × ${columns} in the picture`,
  /** @param {string} title @param {string} value */
  openPatch: (title, value) => `${title}, ${value}: open it in the Lab`,
  peakValue: "largest value, before the activation",
  noneLeft: "Below 0: a ReLU leaves nothing of it.",

  noFit: "The model could not be run on this picture; only the filters are shown.",

  learned: "How they were learned",
  /** @param {number} step @param {number} last @param {number} loss @param {string} accuracy "" where it is unknown */
  moment: (step, last, loss, accuracy) =>
    [
      `step ${step.toLocaleString("en")} of ${last.toLocaleString("en")}`,
      Number.isFinite(loss) ? `loss ${loss.toFixed(loss < 0.1 ? 3 : 2)}` : "",
      accuracy && `accuracy ${accuracy}`,
    ]
      .filter(Boolean)
      .join(" · "),
  loss: "loss",
  accuracyCurve: "accuracy",
  momentsHelp: "Moments are closer together early in training, when most changes.",
  /** @param {string} on */
  measured: (on) => `Measured on ${on}.`,
  scrub: "Moment of training",
  follow: "Tiles, chosen filter and map follow.",
  play: "Play the film",
  pause: "Pause the film",
  mapFollows: "The map follows …",
  /** @param {number} done @param {number} all */
  prefetching: (done, all) => `Getting the maps of all moments: ${done} of ${all} …`,

  /** @type {import("convoscope/pure/strings/help-strings.js").HelpGroup[]} */
  helpGroups: [
    {
      title: "Look",
      texts: [
        "Each tile is a filter of the first layer: what was learned.",
        "Above the first layer a tile is what excites its map most.",
        "Mid-gray is 0, and all channels share one scale.",
        "“prefers” is computed from the strongest wave and the color.",
      ],
      keys: { "← → ↑ ↓": "another filter, among the tiles; another cell, on the map" },
    },
    {
      title: "Change",
      texts: [
        "Choose a filter: it stands beside your picture and its map.",
        "The frames mark the largest value, and its window.",
      ],
      keys: { m: "filters or maps of the first layer as tiles" },
    },
    {
      title: "Play",
      texts: ["The film shows the filters in training, with loss and accuracy."],
      keys: { k: "play and pause the film", "[ ]": "the moment of the film before, after", "?": "this help" },
    },
  ],
});

/** @param {number} size */
function bytes(size) {
  return size < 1e6
    ? `${Math.ceil(size / 1e3)} kB`
    : `${(size / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}

/** The texts of the views, loaded with them. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** @import {FieldTerm} from "convoscope/pure/tabs/field/field-boxes.js" */
/** @import {Axis, Frame, Stage} from "convoscope/pure/types.js" */

/**
 * The input cell that a tap reads: r·2 − 1 + i; of a turned filter r·2 − 1 + (2 − i).
 * @param {string} place @param {string} tap @param {Axis | null} axis @param {boolean} [isTurned]
 */
function indexText(place, tap, axis, isTurned = false) {
  const { stride = 1, before = 0, dilation = 1, kernel = 1 } = axis ?? {};
  const read = isTurned ? `(${kernel - 1} − ${tap})` : tap;
  return (
    `${place}${stride > 1 ? `·${stride}` : ""}${before ? ` − ${before}` : ""} + ` +
    `${read}${dilation > 1 ? `·${dilation}` : ""}`
  );
}

/** The law of a convolution, with the terms of the sum as the filter is written. @param {Stage} stage */
function convolutionLaw({ rows, columns, flip = false, groups = 1, input_shape }) {
  const channels = (input_shape?.[0] ?? 1) / groups;
  const cell = `${indexText("r", "i", rows, flip)}, ${indexText("c", "j", columns, flip)}`;
  const law = verbatim(`y[k, r, c] = b[k] + Σ ${flip ? "g" : "w"}[k, ch, i, j] · x[ch, ${cell}]`);
  const range =
    groups > 1
      ? `over ${verbatim("i, j")} and the ${channels === 1 ? "channel" : `${channels} channels`} of its group`
      : `over ${verbatim("ch, i, j")}`;
  const turned = "is the filter as it was written, and the figure shows it turned by 180°";
  return `${law}, ${range}${flip ? `; ${verbatim("g")} ${turned}` : ""}`;
}

/** @param {Axis | null} axis @param {string} place @param {string} tap */
function sourceText(axis, place, tap) {
  const { stride = 1, dilation = 1, transposed } = axis ?? {};
  const crop = transposed?.crop ? ` + ${transposed.crop}` : "";
  const sum = `${place}${crop} − ${tap}${dilation > 1 ? `·${dilation}` : ""}`;
  return stride > 1 ? `(${sum})/${stride}` : sum;
}

/** The law of a transposed convolution, read from its output. @param {Stage} stage */
function transposedLaw({ rows, columns, groups = 1 }) {
  const cell = `${sourceText(rows, "r", "i")}, ${sourceText(columns, "c", "j")}`;
  const law = verbatim(`y[k, r, c] = b[k] + Σ w[k, ch, i, j] · x[ch, ${cell}]`);
  return `${law}, over ${verbatim("i, j")} for which that is a cell of the input, and the channels${groups > 1 ? " of its group" : ""}`;
}

const POOLED = { max: "the largest", min: "the smallest", avg: "the mean", l2: "the root of the sum of squares" };

/** The law of each kind of step, in letters. @type {Record<string, (stage: Stage) => string>} */
const LAWS = {
  conv: (stage) => (stage.rows?.transposed ? transposedLaw(stage) : convolutionLaw(stage)),
  pool: ({ pool, rows, columns }) =>
    `${verbatim("y[k, r, c] =")} ${POOLED[pool ?? "max"]} of ${rows?.kernel} × ${columns?.kernel} cells ` +
    `from row ${verbatim(`r·${rows?.stride}`)}, column ${verbatim(`c·${columns?.stride}`)}`,
  pointwise: ({ title, formula }) => `${verbatim(`y = ${formula || `${title}(x)`}`)}, cell by cell`,
  softmax: ({ capabilities }) =>
    `${verbatim("y = e^x / Σ e^x")} over ` +
    `${capabilities?.includes("reads_all") === false ? "the channels of each place" : "all cells"}; the largest x is ` +
    "subtracted from each x first, which changes no share",
  shift: ({ by }) => verbatim(`y[k, r, c] = x[k, r − ${by?.[0]}, c − ${by?.[1]}]`),
  flatten: () => "map by map, row by row",
  linear: () => `${verbatim("y[k] = b[k] + Σ w[k, n] · x[n]")}, over all ${verbatim("n")}`,
  prepare: ({ prepare }) =>
    `${verbatim(`y = (x${prepare?.white === 1 ? "" : ` / ${prepare?.white}`}`)} − mean) / ` +
    `deviation${prepare?.inverted ? `, ${verbatim(`x = ${prepare.white}`)} − the picture` : ""}`,
  join: ({ op, reads, starts }) =>
    op === "concat"
      ? verbatim(reads.map((_, n) => `y[k] = ${n ? `x${n + 1}[k − ${starts?.[n]}]` : "x[k]"}`).join("; "))
      : `${verbatim(`y = ${reads.map((_, n) => (n ? `x${n + 1}` : "x")).join(op === "add" ? " + " : " · ")}`)}, cell by cell`,
  input: () => "the picture as numbers",
  batchnorm: () => `${verbatim("y = (x − μ) / √(σ² + ε) · γ + β")}, with numbers for each channel`,
  dropout: ({ law: { train, p } }) =>
    train
      ? `${verbatim(`y = x / (1 − ${p})`)} where a value is kept, else 0`
      : `${verbatim("y = x")}: nothing is dropped in prediction`,
  lrn: ({ law: { size, alpha, beta, k } }) =>
    `${verbatim(`y[c] = x[c] / (${k} + ${alpha}/${size} · Σ x[c′]²)^${beta}`)}, over ${size} channels around ${verbatim("c")}`,
  mean: ({ input_shape }) => `${verbatim(`y[r, c] = Σ x[k, r, c] / ${input_shape?.[0]}`)}, over all ${verbatim("k")}`,
  pad: ({ rows, columns, law: { mode, value } }) =>
    `${verbatim(`y[k, r, c] = x[k, r − ${rows?.before}, c − ${columns?.before}]`)}, around it ` +
    (mode === "zeros" ? verbatim(String(value).replace("-", "−")) : "copies of its cells"),
  center: ({ law: { starts, length, box } }) => {
    const from = (/** @type {string} */ letter, /** @type {number} */ start) =>
      verbatim(`(${length} · ${letter} ${start < 0 ? "−" : "+"} ${Math.abs(start)})/${box}`);
    return (
      `shares of the cells below a square of ${verbatim(`${length}/${box}`)} of a cell, from row ` +
      `${from("r", starts[0])}, column ${from("c", starts[1])} on`
    );
  },
  upsample: ({ law: { factor, mode } }) =>
    mode === "nearest"
      ? verbatim(`y[k, r, c] = x[k, ⌊r/${factor[0]}⌋, ⌊c/${factor[1]}⌋]`)
      : `shares of the cells around row ${verbatim(`(r + ½)/${factor[0]} − ½`)}, column ${verbatim(`(c + ½)/${factor[1]} − ½`)}`,
};

export const TABS = inLanguage({
  /** @param {Stage} stage @param {Frame} frame */
  law: (stage, frame) => LAWS[frame.kind]?.(stage) ?? "",
  enlarge: "Enlarge this view",
  shrink: "Make this view smaller",
  pressBack: "One press back in this view",
  pressOn: "One press on in this view",
  /** @param {number} press @param {number} count */
  pressCount: (press, count) => `${press} of ${count}`,
  /** Why a view shows nothing, by the reason that the stage gives. @type {Record<string, string>} */
  instead: {
    input: "The picture is computed from nothing. Choose a layer in the strip.",
    no_neuron:
      "This layer has no weights, so its cells are drawn as no neurons. Choose a convolution or a fully connected " +
      "layer in the strip.",
    no_matrix:
      "This layer has no weights to be written as a matrix. Choose a convolution or a fully connected layer in the strip.",
    many_inputs: "Each cell is a sum of many inputs, so that no curve over one number gives it. Choose an activation.",
    pooled: "Each cell is made from a whole window, so that no curve over one number gives it. Choose an activation.",
    shares: "Each share depends on all values, so that no curve over one number gives it. Choose another activation.",
    joined: "Each cell is made from several stages, so that no curve over one number gives it. Choose an activation.",
    moved: "This layer moves or repeats cells and changes no number. Choose an activation.",
    chance: "What becomes of a cell is left to chance, so that no curve gives it. Choose an activation.",
    neighbors:
      "Each cell depends on its neighbors too, so that no curve over one number gives it. Choose an activation.",
  },
  noScores:
    "This view covers the picture and asks for the scores of classes. It needs a network that ends in them, such as " +
    "a trained one.",
  scoresHidden: "The scores are hidden until the question is answered.",
  poolLaw: "A pool has 0 parameters: it works on each map alone and makes as many maps as it reads.",
  noNeuron: "A window of more than 16 × 16 cells is not drawn wire by wire.",
  /** @param {number} terms @param {string} value */
  neuronAlt: (terms, value) =>
    `A neuron with ${terms} inputs, each with its weight; their sum and the bias give ${value}.`,
  noMatrix:
    "Only a convolution or a fully connected layer is one matrix product. Choose one in the strip; a window of more " +
    "than 16 × 16 cells is not written out.",
  matrixTitle: "Rows around this place",
  place: "row, col",
  windowAsRow: "window, written as a row",
  libraryChoice: "Library",
  /** @param {string} title */
  libraryLacks: (title) => `${title}: not available, shows why`,
  programChoice: "Program",
  /** @type {Record<string, string>} */
  programKinds: { stage: "This stage", chain: "Whole chain" },
  /** @param {string} library @param {boolean} isChain */
  programName: (library, isChain) => (isChain ? `The whole chain in ${library}` : `This stage in ${library}`),
  /** Which lines a beat lights. @param {string} beat @param {string[]} lines "4", "6–8" @param {boolean} isOne */
  litLines: (beat, lines, isOne) => `${beat}: ${isOne ? "line" : "lines"} ${lines.join(", ")}`,
  /** @param {string} library @param {number} stage @param {string} title */
  chainLacks: (library, stage, title) =>
    `The whole chain is not offered in ${library}: stage ${stage}, “${title}”, has no code there.`,
  /** @param {string} file @param {string} path */
  codeFile: (file, path) =>
    `It reads the numbers of the figure from ${file}, which ${path} of a Lab sends for this link.`,
});

/** The texts of the pictures of sharing: neuron, matrix, and a layer in letters. */
export const SHARING = inLanguage({
  inLetters: "In letters",
  letters: "Letters of this step",
  allNumbers: "All numbers",
  /** @param {string} name @param {string} number */
  letterIs: (name, number) => `${name} is ${number}`,
  lettersLimit:
    "Letters name at most 12 inputs, 9 results and 9 weights of one channel; here values have the index of their row and " +
    "column.",
  linesTogether: "The lines together",
  asFilterStands: "This step, as the filter stands",
  /** @param {string} name */
  windowOfResult: (name) => `The window of ${name}`,
  outsideWholly: "This window lies outside of the picture: every input is 0.",
  /** @param {string} line */
  rowsSize: (line) => `rows: ${line}`,
  /** @param {string} line */
  columnsSize: (line) => `columns: ${line}`,

  matrixChoice: "Which matrix",
  matrixKinds: { weights: "The filter as one matrix", windows: "As computers do it (im2col)" },
  /** @param {number} rows @param {number} columns */
  matrixShape: (rows, columns) => `${rows} × ${columns}`,
  /** @param {number} map @param {number} maps */
  matrixOfMap: (map, maps) => `the rows of filter ${map}, of ${maps} filters`,
  /** @param {number} wired @param {number} columns */
  bigMatrixLaw: (wired, columns) =>
    `a row for each cell of the map, a column for each of the ${columns} input cells (channel, row, column); at most ${wired} ` +
    `of a row ${wired === 1 ? "is a weight" : "are weights"}.`,
  /** @param {number} columns */
  wholeFilterLaw: (columns) =>
    `the filter is as large as its input, so that it has one place, and its row is one of W in W x + b: this is a fully ` +
    `connected layer with ${columns} weights for each value.`,
  /** @param {number} columns */
  linearLaw: (columns) =>
    `W x + b: a row for each output, a column for each of the ${columns} inputs. Every entry is a weight of its own.`,
  /** @param {string} divisor */
  sumsDivided: (divisor) => `Each sum is divided by ${divisor} before b is added.`,
  bigMatrix: "The matrix times the input, plus b",
  weightsTable: "The matrix",
  inputColumn: "The input as a column",
  outputColumn: "The map as a column",
  noWire: "always 0: no wire",
  toCome: "not computed yet",
  /** @param {number} least @param {number} most */
  equalWeights: (least, most) =>
    `${least === most ? most : `${least} to ${most}`} equal ${most === 1 ? "weight" : "weights"}, trained together`,
  eachItsOwn: "Each entry is a weight of its own, trained by itself.",
  colorSaysWhich: "Color: which weight, not its value.",
  /** @param {number} count */
  moreWeights: (count) => `and ${count} more`,
  /** @param {number} rows @param {number} columns @param {number} row */
  matrixAlt: (rows, columns, row) =>
    `The matrix of ${rows} rows and ${columns} columns, times the input, plus b. Row ${row} is this step; its numbers follow.`,
  /** @param {number} row */
  rowInNumbers: (row) => `Row ${row} in numbers`,
  columnOfMatrix: "column",
  rowHead: "row",
  chosenRow: "Row of the matrix: arrows choose one, Enter goes there",
  /** @param {number} row */
  rowOfMatrix: (row) => `row ${row}`,
  timesInput: "· input",
  outside: "–",
  /** @param {string} line */
  rowSum: (line) => `The row times the column: ${line}`,
  rowSumWaiting: "The row times the column, plus b, is this cell.",
  /** @param {number} rows @param {number} columns @param {number} maps @param {boolean} [ofGroup] not of all maps */
  windowsLaw: (rows, columns, maps, ofGroup = false) =>
    `Every position of the window is a row of ${columns} numbers, each filter a column of ${columns}: ${rows} rows times ` +
    `${maps} ${maps === 1 ? "column give the whole map" : `columns give all maps${ofGroup ? " of this group" : ""}`} at once.`,
  filtersAsColumns: "The filters as columns",
  /** @param {number} map */
  filterNumber: (map) => `filter ${map}`,
  /** @param {number} map */
  timesFilterNumber: (map) => `· filter ${map} + b`,
  /** @param {number} map */
  mapNumber: (map) => `map ${map}`,
  results: "The maps as columns",
  /** @param {number} shown @param {number} count */
  columnsShown: (shown, count) => `${shown} of ${count} shown`,
  onTheWay: "The numbers are on their way.",

  neuronChoice: "Which neurons",
  neuronKinds: { one: "This neuron", map: "The whole map", full: "Counts", column: "At one place" },
  /** @param {number} drawn @param {number} count */
  wiresDrawn: (drawn, count) => `The largest products: ${drawn} of ${count} wires are drawn.`,
  weightsAlone: "The number at each wire is its weight.",
  /** The wire of all inputs that have none of their own. @param {number} count @param {string} sum */
  otherInputs: (count, sum) => `${count} others: ${sum}`,
  activation: "activation",
  /** @param {number} row @param {number} col */
  ofThisCell: (row, col) => `cell ${row}, ${col}`,
  /** @param {number} maps @param {number} inputs */
  nothingShared: (maps, inputs) =>
    `Nothing is shared here: each of the ${maps} neurons has ${inputs} weights of its own and reads every input.`,
  /** @param {number} neurons @param {number} weights */
  mapAlt: (neurons, weights) =>
    `Neurons of a map in a row above their inputs: a map has ${neurons} neurons with the same ${weights} weights and bias.`,
  /** @param {number} neurons @param {number} weights */
  wholeMap: (neurons, weights) =>
    `The map is ${neurons} ${neurons === 1 ? "neuron" : "neurons"} with the same ${weights + 1} numbers: ${weights} ` +
    `${weights === 1 ? "weight" : "weights"} and b.`,
  /** @param {number} shown @param {number} neurons @param {number} weights */
  rowOfMap: (shown, neurons, weights) =>
    `${shown} of ${neurons} neurons, all with the same ${weights + 1} numbers: ${weights} ` +
    `${weights === 1 ? "weight" : "weights"} and b.`,
  /** @param {number} channel */
  oneChannel: (channel) => `Wires of channel ${channel} alone are drawn.`,
  /** @param {number} lines */
  linesLeftOut: (lines) =>
    `The ${lines === 1 ? "last row" : `last ${lines} rows`} of the inputs ${lines === 1 ? "has" : "have"} no room here.`,
  /** @param {Stage} stage */
  countsOf: ({ input_shape, shape }) =>
    `${(input_shape ?? []).join(" × ")} → ${shape.join(" × ")}: weights and biases of this layer, counted three ways.`,
  /** @param {Stage} stage */
  countOf: ({ input_shape, shape }) =>
    `${(input_shape ?? []).join(" × ")} → ${shape[0]} values: the weights and biases of this layer. Nothing is shared.`,
  sharing: {
    shared: "shared: one filter for all places",
    own: "each neuron its own window and weights",
    full: "fully connected: each neuron reads everything",
  },
  thinBars: "The bars are to scale; one that would be thinner than a pixel is drawn one pixel wide.",
  /** @param {number} maps @param {string} texts */
  columnAlt: (maps, texts) => `${maps} neurons at one place read the same window: ${texts}`,
  /** @param {number} size */
  sameWindow: (size) => `the same ${size} ${size === 1 ? "number" : "numbers"}`,
  /** @param {number} maps @param {number} size @param {boolean} [ofGroup] maps of other groups read other channels */
  columnLaw: (maps, size, ofGroup = false) =>
    `${maps} ${maps === 1 ? "neuron" : "neurons"} at this place, one in each map${ofGroup ? " of this group" : ""}: the same ` +
    `window of ${size}, each with a filter and a bias of its own.`,
  /** @param {number} row @param {number} col @param {string} text "" for one to come */
  neuronAt: (row, col, text) => `Neuron of cell ${row}, ${col}: ${text || "not computed yet"}`,
  /** @param {string} name @param {string} text "" for one to come */
  valueOf: (name, text) => `${name}: ${text || "not computed yet"}`,
  /** @param {number} map */
  neuronNumber: (map) => `neuron ${map}`,
  /** @param {number} neurons @param {number} size */
  neuronsLaw: (neurons, size) =>
    `${neurons} ${neurons === 1 ? "neuron reads" : "neurons read"} the same ${size} inputs, each with weights and a bias of its own.`,
  /** @param {string} shape @param {string} count */
  neuronsInAll: (shape, count) => `In all there are ${shape} = ${count} neurons.`,
  /** @param {number} shown @param {number} count */
  neuronsDrawn: (shown, count) => `${shown} of ${count} are drawn.`,
});

// --- the equation ---

export const EQUATION = inLanguage({
  formChoice: "Which form of the equation",
  forms: { law: "Law", indices: "Indices", numbers: "Numbers", vectors: verbatim("wᵀx + b") },
  region: "Equation",
  terms: "Terms of the equation",
  keepPlace: "Keep this place",
  onePlace: "One place",
  /** @param {string} letter @param {number} row @param {number} col */
  place: (letter, row, col) => `${verbatim(letter)}: row ${row}, column ${col}`,
  /** @param {number} zeros @param {number} all */
  someZero: (zeros, all) => `${zeros} of ${all} products ${zeros === 1 ? "is" : "are"} 0 and not written.`,
  /** @param {number} all */
  allZero: (all) => (all === 1 ? "The only product is 0." : `All ${all} products are 0.`),
  /** @param {number} all */
  noneZero: (all) => (all === 1 ? "The only product is not 0." : `None of ${all} products is 0.`),
  /** @param {number} count */
  manyProducts: (count) => `the sum of ${count} products that are not 0`,
  /** @param {number} map @param {number} row @param {number} col */
  atPlace: (map, row, col) => `here ${verbatim(`k = ${map}, r = ${row}, c = ${col}`)}`,
  waiting: "The sum is still to come.",
  unknown: "?",
  /** @param {string} missing */
  rounded: (missing) => `rounded: ${missing}`,
  /** @param {number} count */
  unfold: (count) => `Write out all ${count} terms`,
  fold: "Fold the sum",
  /** @param {number} count */
  moreChannels: (count) => `… ${count} more ${count === 1 ? "channel" : "channels"} …`,
  uneven: "₁ is along the rows, ₂ along the columns.",
  /** @param {number} count */
  channelSums: (count) => `the sums of ${count} channels`,
  /** @param {number} count */
  strongest: (count) => `The ${count} strongest terms:`,
  /** @param {number} count */
  others: (count) => `${count} others`,
  order: `${verbatim("n")} counts the inputs map by map, row by row.`,
  /** @param {number} count */
  vectors: (count) =>
    `${verbatim("w")} and ${verbatim("x")} have ${count} ${count === 1 ? "number" : "numbers"} each, in the order channel, row, column.`,
  tooLong: "They are too long to be written.",
  turned:
    `${verbatim("g")} is the filter as it was written. The figure shows it turned by 180°, and the products stand as the ` +
    "turned filter does.",
  mirrored: "The convolution of the books: rows and columns run against those of the picture.",
  reached: "Only where both indices are whole numbers and name a cell of the input.",
  /** Cells outside of the input, by the mode of the padding. @type {Record<string, string>} */
  outside: {
    zeros: "Dotted: outside of the input, where x is 0.",
    reflect: "Dotted: outside of the input, where x is that of the mirrored cell.",
    replicate: "Dotted: outside of the input, where x is that of the nearest cell.",
    circular: "Dotted: outside of the input, where x is that of the opposite edge.",
  },
  /** @param {string} value */
  padded: (value) => `Outside of the input the value is ${value}.`,
  onlyInside: "Dotted: outside of the input. These cells do not take part.",
  outsideCell: "–",
  /** @type {(how: "given" | "padded" | "inside") => string} */
  dividedBy: (how) =>
    ({
      given: `${verbatim("n")} is a number that the layer gives.`,
      padded: `${verbatim("n")} counts the cells of the window, those of the padding too.`,
      inside: `${verbatim("n")} counts the cells of the window that lie in the input.`,
    })[how],
  /** @param {string} pool @param {number} count */
  cellsOf: (pool, count) =>
    ({
      max: `the largest of ${count} cells`,
      min: `the smallest of ${count} cells`,
      avg: `the mean of ${count} cells`,
      l2: `the root of the squares of ${count} cells`,
    })[pool] ?? "",
  norm: "mean μ, variance σ², gain γ and shift β of each channel; ε keeps the root above 0.",
  notDropped: "Nothing is dropped in prediction.",
  whereKept: " where a value is kept, else 0",
  kept: "This value is kept.",
  dropped: "This value is dropped.",
  flat: "Map by map, row by row.",
  /** @param {string} length */
  covered: (length) =>
    `aᵢ and bⱼ are the shares of row i and column j in a square of ${length} cells that begins at r₀, c₀; they add up to 1.`,
  paper: "Outside of the page lies paper: the median of its edge.",
  shares: "The shares of the nearest cells add up to 1; beyond the edge the nearest cell is read.",
  joined: "The number above x is that of the stage.",
  for: " for ",
  prepared: "x is the picture at the size that the network reads; mean μ and deviation σ are those of its training.",
  picture: "The picture as numbers.",
  response: "Over the channels around k; PyTorch divides α by their number N, the paper does not.",
  largestOfAll: "m is the largest of all x; it changes no share.",
  largestOfPlace: "m is the largest x at this place; it changes no share.",
});

// --- the receptive field ---

const WORDS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];

/** @param {number} rows @param {number} columns */
function sizeOf(rows, columns) {
  return verbatim(`${rows} × ${columns}`);
}

/** Where a field begins along an axis. @param {number} first @param {string} side */
function startOf(first, side) {
  if (first === 0) return `at the ${side} edge`;
  return first < 0 ? `${-first} px outside the ${side} edge` : `${first} px from the ${side} edge`;
}

/** @param {FieldTerm[]} terms */
function sumOfTerms(terms) {
  const total = 1 + terms.reduce((sum, { window, jump }) => sum + (window - 1) * jump, 0);
  const [{ window } = { window: 1 }] = terms;
  const isAlike = terms.length > 1 && terms.every((term) => term.window === window && term.jump === 1);
  if (isAlike) return verbatim(`1 + L·(F − 1) = 1 + ${terms.length}·(${window} − 1) = ${total}`);
  const written = terms.map((term) => `(${term.window} − 1)·${term.jump}`);
  return `${verbatim("1 + Σ (F − 1)·")}jump ${verbatim(`= ${["1", ...written].join(" + ")} = ${total}`)}`;
}

export const FIELD = inLanguage({
  /** @param {string} title @param {number} row @param {number} col */
  question: (title, row, col) => `Which part of the picture can influence row ${row}, column ${col} of “${title}”?`,
  /** @param {string} title */
  questionOfValue: (title) => `Which part of the picture can influence this value of “${title}”?`,
  stages: "The stages, from the picture to the cell in focus",
  /** @param {number} rows @param {number} columns */
  size: (rows, columns) => sizeOf(rows, columns),
  /** @param {number} count */
  values: (count) => `${count} values`,
  /** @param {string} size */
  atMost: (size) => `at most ${size}`,
  /** @param {string} size */
  whole: (size) => `all ${size}`,
  all: "all",
  /** @param {string} title @param {string} size */
  window: (title, size) => `One layer back: its window in “${title}”, ${size} cells.`,
  /** @param {string} title @param {string} size */
  further: (title, size) => `One more: ${size} cells of “${title}”.`,
  /** @param {string} size */
  inPicture: (size) => `Its receptive field in the picture: ${size} px.`,
  wholePicture: "It can see the whole picture.",
  /** @param {number} down @param {number} across */
  apart: (down, across) =>
    down === across
      ? `Neighbors’ windows lie ${down} px apart.`
      : `Neighbors’ windows lie ${down} px apart down, ${across} px across.`,
  /** @param {number} top @param {number} left */
  starts: (top, left) =>
    top === left && top === 0
      ? "The first begins at the corner of the picture."
      : `The first begins ${startOf(top, "upper")} and ${startOf(left, "left")}.`,
  /** @param {FieldTerm[]} terms */
  formula: (terms) => sumOfTerms(terms),
  /** @param {string} formula */
  alongRows: (formula) => `Rows: ${formula}`,
  /** @param {string} formula */
  alongColumns: (formula) => `Columns: ${formula}`,
  union: "Paths of several lengths lead back: the box lies around all of them.",
  /** @param {number} count @param {number} side @param {number} sum */
  seeAsMuch: (count, side, sum) =>
    `${WORDS[count] ?? count} layers of ${sizeOf(side, side)} see as much as one of ${sizeOf(sum, sum)}, with ` +
    `${(WORDS[count - 1] ?? `${count - 1}`).toLowerCase()} more ReLU${count === 2 ? "" : "s"} between them. ` +
    "Weights for C channels in and out, without biases:",
  /** @param {number} count @param {number} side */
  layers: (count, side) => `${count} × (${sizeOf(side, side)})`,
  /** @param {number} sum */
  oneLayer: (sum) => `1 × (${sizeOf(sum, sum)})`,
  shade: "Shade by paths",
  /** @param {number} most @param {number} least */
  paths: (most, least) => `At most ${most} paths lead from a cell to this one, at least ${least}; fewer paths, dimmer.`,
  tableTitle: "What the cell is made from, stage by stage",
  tableHead: ["stage", "size", "rows", "columns"],
});

// --- the curve of a function ---

export const CURVE = inLanguage({
  waiting: "The numbers of this stage are on their way.",
  line: "(x − mean) / √(variance + ε) · gain + shift",
  /** @param {string} x @param {string} y */
  point: (x, y) => verbatim(`x = ${x}, y = ${y}`),
  /** @param {string} title @param {string} point */
  alt: (title, point) => `The curve of ${title}${point && `, with the point of this cell: ${point}`}.`,
  cells: "The cells of the map along the axis",
  /** @param {number} count @param {string} value */
  rug: (count, value) => `${count} ${count === 1 ? "cell" : "cells"} near x = ${value}`,
  none: "none",
  /** @param {string} share */
  becomeZero: (share) => `${share} become 0`,
  /** @param {string} share */
  areBelow: (share) => `${share} are below 0`,
  /** @param {string} share @param {string} value */
  become: (share, value) => `${share} become ${value}`,
  /** @param {number} count @param {string} sentences */
  ofCells: (count, sentences) => `Of the ${count} ${count === 1 ? "cell" : "cells"} of this map ${sentences}.`,
});

// --- volumes ---

/** @param {number} count @param {string} one @param {string} many */
function countOf(count, one, many) {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

export const VOLUME = inLanguage({
  title: "The layer as volumes",
  onTheWay: "The numbers of this stage are on their way.",
  otherNumbers: "Other numbers",
  /** @param {string} plane */
  slice: (plane) => verbatim(plane),
  /** @param {number} map */
  filterName: (map) => verbatim(`W${map}`),
  /** @param {number} map */
  mapName: (map) => `map ${map}`,
  /** @param {number} map @param {string} bias */
  bias: (map, bias) => verbatim(`+ b${map} = ${bias}`),
  /** @param {string} result */
  result: (result) => verbatim(`= ${result}`),
  /** @param {string} sum */
  channelSum: (sum) => verbatim(`Σ ${sum}`),
  /** @param {number} row @param {number} col */
  column: (row, col) => `at ${verbatim(`(${row}, ${col})`)}`,
  /** @param {number} count */
  columnIs: (count) => `The ${count} numbers at one place are its depth column: one of each map.`,
  /** @param {number} count */
  placeIs: (count) => `The ${count} numbers of one place stand together: one of each slice.`,
  pixelIs: "A pixel is 3 numbers, one of each slice: red, green and blue together make its color.",
  /** @param {number} shown @param {number} all */
  drawn: (shown, all) => `${shown} of ${all}`,
  /** @param {number} shown @param {number} all */
  slicesDrawn: (shown, all) => `${shown} of ${all} input slices drawn.`,
  /** @param {number} shown @param {number} all */
  mapsDrawn: (shown, all) => `${shown} of ${all} output slices drawn.`,
  /** @param {number} map */
  oneOpen: (map) => `Filter ${map} is open: choose another one among the small pictures.`,
  /** @param {number} shown @param {number} all */
  filtersDrawn: (shown, all) => (shown === all ? `All ${all} filters` : `${shown} of ${all} filters`),
  /** @param {number} slices @param {number} rows @param {number} columns */
  box: (slices, rows, columns) =>
    `The window is a box through ${slices} slices, ${verbatim(`${slices} × ${rows} × ${columns}`)}: ` +
    `${(slices * rows * columns).toLocaleString("en-US")} products + b make one number.`,
  /** @param {string} title @param {string} value */
  becomes: (title, value) => verbatim(` → ${title}: ${value}`),
  /** @param {number} filters @param {number} weights @param {string} size */
  counts: (filters, weights, size) =>
    `${countOf(filters, "filter", "filters")} of ${verbatim(size)} weights and 1 bias: ` +
    `${filters} · (${weights} + 1) = ${countOf(filters * (weights + 1), "number", "numbers")}.`,
  oneByOne: "A 1 × 1 filter mixes channels and looks at one place.",
  /** @param {number} count @param {string} sum */
  products: (count, sum) => `${count} products, together ${verbatim(sum)}`,
  dotProduct: "Dot product along the column of one place",
  /** @param {number} count */
  others: (count) => `${count} ${count === 1 ? "other" : "others"}`,
  /** @param {number} maps @param {number} rows @param {number} columns */
  shape: (maps, rows, columns) => verbatim(`${maps} × ${rows} × ${columns}`),
  /** @param {string} title @param {string} before @param {string} shape @param {string} sums */
  alt: (title, before, shape, sums) =>
    `${title} as volumes: ${before ? `${before} numbers become ${shape}` : `${shape} numbers`}${sums && `. ${verbatim(sums)}`}.`,
  /** @param {number} count */
  columnOf: (count) => verbatim(`${count.toLocaleString("en-US")} × 1`),
  /** @param {string} shape @param {number} count */
  stretched: (shape, count) =>
    `${verbatim(shape)} numbers in one column of ${count.toLocaleString("en-US")}, map by map and row by row. The spatial ` +
    "structure is lost: nothing in the column says what was beside, below or in the next channel.",
  /** @param {string} shape @param {number} count @param {string} sentences */
  flattenAlt: (shape, count, sentences) =>
    `${verbatim(shape)} numbers stretched to one column of ${count.toLocaleString("en-US")}. ${sentences}`,
  pixel: "this pixel",
  toTheRight: "to the right",
  below: "below",
  nextChannel: "next channel",
  /** @param {string} name @param {number} index @param {string} value */
  neighbor: (name, index, value) => `${verbatim(index.toLocaleString("en-US"))}: ${name}, ${verbatim(value)}`,
  /** @param {string} name @param {number} by */
  by: (name, by) => `${name} ${verbatim(by.toLocaleString("en-US"))}`,
  /** @param {string[]} steps */
  went: (steps) => `Places further down the column: ${verbatim(steps.join(", "))}.`,
});

// --- signals ---

export const SIGNAL = inLanguage({
  title: "The layer on a line",
  offer: "Show as a line",
  asMaps: "Show as maps",
  choices: { one: "This neuron", map: "All neurons", full: "Fully connected · local · shared" },
  kinds: { full: "fully connected", own: "local", shared: "shared" },
  kindIs: {
    full: "each neuron reads everything",
    own: "each its own window and weights",
    shared: "the same weights at every place",
  },
  /** @param {string} kind @param {number} wires */
  kindAlt: (kind, wires) => `${kind}: ${countOf(wires, "wire", "wires")}`,
  /** @param {number} count @param {string} text */
  numbers: (count, text) => `${verbatim(text)} ${count === 1 ? "number" : "numbers"}`,
  /** @param {number} drawn @param {number} all */
  partDrawn: (drawn, all) => `${drawn} of ${all} inputs are drawn; the counts are those of the whole line.`,
  /** @param {number} drawn @param {number} all */
  equationsDrawn: (drawn, all) => `${drawn} of ${all} equations.`,
  /** @param {string} letter */
  asItStands: (letter) => `${verbatim(letter)} as it stands`,
  /** @param {string} letter */
  turned: (letter) => `${verbatim(letter)} turned`,
  /** @param {string} numbers @param {string} cell */
  here: (numbers, cell) => `here ${verbatim(numbers)}: ${verbatim(cell)}`,
  /** @param {string} rest */
  rounded: (rest) => `rounded: ${verbatim(rest)}`,
  /** A pool of cells with these names. @param {string} pool @param {string[]} names @param {string} count */
  pooled: (pool, names, count) =>
    verbatim(
      { avg: `(${names.join(" + ")}) / ${count}`, l2: `√(${names.join("² + ")}²)` }[pool] ??
        `${pool}(${names.join(", ")})`,
    ),
  /** @param {string} title @param {string} name */
  applied: (title, name) => verbatim(`${title}(${name})`),
  /** @param {string} name @param {string[]} readers @param {number} count */
  readBy: (name, readers, count) => {
    const more = count > readers.length ? ` and ${count - readers.length} more` : "";
    return count === 0
      ? `No neuron reads ${verbatim(name)}.`
      : `${verbatim(name)} is read by ${verbatim(readers.join(", "))}${more}.`;
  },
  /** @param {string} title @param {number} count */
  altInput: (title, count) => `${title}: ${countOf(count, "number", "numbers")} in a line.`,
  /** @param {string} title @param {number} inputs @param {number} outputs @param {string} equation */
  alt: (title, inputs, outputs, equation) =>
    `${title}: a line of ${countOf(inputs, "number", "numbers")} becomes ${outputs}${equation && `. ${verbatim(equation)}`}.`,
});

// --- words at the rows ---

export const ROW_WORDS = inLanguage({
  padding: "(padding)",
  /** @param {number} size @param {string} words */
  gram: (size, words) => `${verbatim(String(size))}-gram “${verbatim(words)}”`,
  /** @param {string} words */
  quoted: (words) => `“${verbatim(words)}”`,
  /** @param {string[]} words */
  rows: (words) => `Rows: ${verbatim(words.join(", "))}.`,
});

export const FILTER_TABLE = inLanguage({
  title: "The filters of the layer",
  onTheWay: "The numbers of this stage are on their way.",
  /** @param {number} count @param {string} input */
  list: (count, input) => `${countOf(count, "filter", "filters")} on ${verbatim(input)}`,
  /** @param {number} map */
  filter: (map) => `filter ${map}`,
  /** @param {string} name */
  choose: (name) => `Choose ${verbatim(name)}`,
  /** @param {string} name */
  result: (name) => `The map of ${verbatim(name)}`,
  /** @param {string} name @param {string} plane @param {string} factor */
  matrixOf: (name, plane, factor) =>
    `Matrix of ${verbatim(name)}${plane && ` for ${verbatim(plane)}`}${factor && `, ${verbatim(factor)} times`}`,
  /** @param {string} name */
  weightsOf: (name) => `The weights of ${verbatim(name)} in colors`,
  /** @param {number} rows @param {number} columns */
  size: (rows, columns) => verbatim(`${rows} × ${columns}`),
  /** @param {number} shown @param {number} all */
  drawn: (shown, all) => `${shown} of ${all} filters drawn.`,
});

/** The response of a cell as a curve, and what a network says before and after its picture was changed. */
export const SWEEP = inLanguage({
  title: "Response curve",
  /** @param {string} kind @param {number} value */
  value: (kind, value) => (kind === "turn" ? `${value}°` : `${value} cells`).replace("-", "−"),
  /** @param {string} stage @param {string} map @param {number[]} at */
  of: (stage, map, [row, column]) => `${stage}${map && ` · ${map}`}, row ${row}, column ${column}`,
  /** @param {string} stage @param {string} map */
  ofMap: (stage, map) => `${stage}${map && ` · ${map}`}`,
  /** @param {string} most @param {string} at @param {string} least @param {string} there */
  ends: (most, at, least, there) => `Largest ${most} at ${at}, smallest ${least} at ${there}.`,
  /** @param {string} value @param {string} response */
  now: (value, response) => `Now at ${value}: ${response}.`,
  /** @param {string} cell */
  waiting: (cell) => `The response of ${cell} is being computed.`,
  notInFile: "This file has no response curve of this kind.",
  /** @param {number} map */
  classOf: (map) => `class ${map}`,
  /** @param {string} name @param {string} then @param {string} now */
  sameAnswer: (name, then, now) => `Before and after: ${name}, ${then} and ${now}.`,
  /** @param {string} name @param {string} then @param {string} other @param {string} now */
  otherAnswer: (name, then, other, now) => `Before: ${name}, ${then}. After: ${other}, ${now}.`,
  /** @param {string} then @param {string} now */
  fromTo: (then, now) => verbatim(`${then} → ${now}`),
});

// --- the network ---

export const NETWORK = inLanguage({
  /** @param {boolean} isPrepared */
  picture: (isPrepared) => (isPrepared ? "picture, prepared" : "picture"),
  /** @param {string[]} names */
  together: (names) => verbatim(names.join(" + ")),
  /** @param {string[]} steps */
  flow: (steps) => verbatim(steps.join(" → ")),
  /** @param {string} first @param {string} last */
  repeated: (first, last) => `${verbatim(first)} to ${verbatim(last)}`,
  /** @param {number} count */
  flattened: (count) => `flatten ${count.toLocaleString("en-US")}`,
  /** @param {number} count */
  values: (count) => countOf(count, "value", "values"),
  /** @param {number} count */
  classes: (count) => countOf(count, "score", "scores"),
  /** @param {number} shown @param {number} all */
  drawn: (shown, all) => `${shown} of ${all} drawn`,
  /** @param {number} shown @param {number} all */
  drawnShort: (shown, all) => verbatim(`${shown} / ${all}`),
  more: "All maps of this layer",
  open: "Show each step of this column by itself, or together",
  /** @param {string} name @param {number} map */
  map: (name, map) => `${verbatim(name)}, map ${map}`,
  /** @param {number} count */
  line: (count) => `${count} values in a line`,
  /** @param {number} map */
  number: (map) => `number ${map}`,
  /** @param {number} count */
  others: (count) => `${count} others`,
  shares: "the network’s shares, not chances of being right",
  question: "What will the next layer make of it?",
  start: "The picture goes through the network from left to right: each layer makes maps from the maps before it.",
  /** @param {number} row @param {number} col @param {number} map @param {string} name @param {string} value */
  chosenCell: (row, col, map, name, value) =>
    `Row ${row}, column ${col} of map ${map}, ${verbatim(name)}${value && `: ${verbatim(value)}`}.`,
  /** @param {number} map @param {string} name */
  chosenMap: (map, name) => `Map ${map}, ${verbatim(name)}.`,
  /** @param {string} who @param {string} name @param {string} value */
  chosenValue: (who, name, value) => `${verbatim(who)} in ${verbatim(name)}${value && `: ${verbatim(value)}`}.`,
  /** @param {number} rows @param {number} columns */
  sees: (rows, columns) => `It sees ${sizeOf(rows, columns)} px of the picture.`,
  seesAll: "It sees the whole picture.",
  wires: "Its wires: each channel’s share of its sum, blue below 0, red above. Where a channel is 0, there is no wire.",
  filter: "One filter = all the wires into one map.",
  alone: "It is made from the map that the line comes from.",
  click: "Click: see it computed, number by number. Esc leads back.",
  /** @param {string} name @param {string} size */
  columnSaid: (name, size) => `${verbatim(name)}: ${verbatim(size)}`,
  /** @param {string} name @param {string} share @param {string} before "" where nothing was changed */
  scoreSaid: (name, share, before) =>
    `${verbatim(name)}: ${verbatim(share)}${before && `, before ${verbatim(before)}`}`,
  /** @param {string} share */
  was: (share) => `was ${verbatim(share)}`,
  /** @param {number} map @param {string} value */
  strengthSaid: (map, value) => `map ${map}: at most ${verbatim(value)}`,
  /** @param {string} name */
  why: (name) => `Why ${verbatim(name)}?`,
  whyNotInFile: "This view asks a server for the scores of covered pictures: open the figure in the Lab.",
});

/**
 * The program of a stage: its code, as the core writes it, behind the lines that make the arrays it reads. An array of
 * few numbers is written out; a longer one is read from the Trace, a safetensors file.
 */

import { readOf } from "convoscope/pure/frame/stage.js";

/** @import {Stage, Trace} from "convoscope/pure/types.js" */

const MOST_WRITTEN = 64;
/** float32 holds every whole number up to here. */
const EXACT_BELOW = 2 ** 24;

/**
 * A library in whose words a program is written.
 * @typedef {object} Dialect
 * @property {"torch" | "numpy"} name
 * @property {string} title
 * @property {string} array what makes an array of written numbers
 * @property {string} loader the module that reads a safetensors file
 * @property {[beginning: string, line: string][]} imports the beginning of a name, and the import that it needs
 * @property {string} turned what turns a filter by 180°
 */

/** @type {Dialect[]} */
export const DIALECTS = [
  {
    name: "torch",
    title: "PyTorch",
    array: "torch.tensor",
    loader: "safetensors.torch",
    imports: [
      ["torch.", "import torch"],
      ["F.", "import torch.nn.functional as F"],
      ["np.", "import numpy as np"],
    ],
    turned: ".flip(2, 3)",
  },
  {
    name: "numpy",
    title: "NumPy",
    array: "np.array",
    loader: "safetensors.numpy",
    imports: [
      ["math.", "import math"],
      ["np.", "import numpy as np"],
    ],
    turned: "[:, :, ::-1, ::-1]",
  },
];

/**
 * @typedef {object} Named an array of a program
 * @property {string} name
 * @property {Float32Array | null} values null where only a preview is here
 * @property {number[]} shape
 * @property {string} entry its name in the Trace
 * @property {string} axes their names, "" for no comment
 * @property {boolean} [isTurned] whether it is turned by 180°
 */

/** Whether a stage has a program in a dialect. @param {Stage} stage @param {Dialect} dialect */
export function hasProgram(stage, dialect) {
  return stage.index === 0 || dialect.name in stage.code;
}

/** Whether a program reads arrays from the Trace. @param {Trace} trace @param {Stage} stage */
export function readsTrace(trace, stage) {
  return arraysOf(trace, stage).some((array) => !isWritten(array));
}

/** The keys of /api/trace that send the arrays of a program, its input as float32. @param {Stage} stage */
export function programQuery(stage) {
  const sources = [...new Set(stage.index ? stage.reads : [0])].join(",");
  return `only=${stage.weight ? `${sources},${stage.index}` : sources}&stages=${sources}`;
}

/**
 * A program that is complete: it computes `y` from `x`, of a join also from `x2` …; that of the input only defines `x`.
 * @param {Trace} trace @param {Stage} stage @param {Dialect} dialect
 * @param {string} source an expression of Python that opens the bytes of the Trace
 */
export function writeProgram(trace, stage, dialect, source) {
  const lines = arraysOf(trace, stage).map((array) => arrayLine(dialect, array));
  const body = stage.code[dialect.name];
  const code = [...lines, ...(body ? ["", body] : [])].join("\n");
  const imports = dialect.imports.filter(([beginning]) => code.includes(beginning)).map(([, line]) => line);
  if (!readsTrace(trace, stage)) return [...imports, "", code].join("\n");
  return [
    ...(source.startsWith("urlopen(") ? ["from urllib.request import urlopen"] : []),
    ...imports,
    `from ${dialect.loader} import load`,
    "",
    `figure = load(${source}.read())`,
    code,
  ].join("\n");
}

/** The arrays that a stage reads. @param {Trace} trace @param {Stage} stage @returns {Named[]} */
function arraysOf(trace, stage) {
  const source = readOf(trace, stage);
  const entry = (/** @type {string} */ name) => `${stage.index}.${name}`;
  const axes = "channels, rows, columns";
  /** @type {Named[]} */
  const arrays = (stage.index ? stage.reads : [0]).map((read, i) => {
    const { output, shape } = trace.stages[read];
    return { name: i ? `x${i + 1}` : "x", values: output, shape, entry: `${read}.output`, axes };
  });
  const { weight, bias, rows, columns, shape, groups = 1, flip = false } = stage;
  if (!weight || !bias) return arrays;
  const inputs = weight.length / shape[0];
  const filters = {
    shape: rows && columns ? [shape[0], source.shape[0] / groups, rows.kernel, columns.kernel] : [shape[0], inputs],
    axes: rows && columns ? `filters, channels${groups > 1 ? " of a group" : ""}, rows, columns` : "outputs, inputs",
  };
  return [
    ...arrays,
    { name: "weight", values: weight, entry: entry("weight"), isTurned: flip, ...filters },
    { name: "bias", values: bias, shape: [bias.length], entry: entry("bias"), axes: "" },
  ];
}

/** @param {Named} array */
function isWritten({ values }) {
  return values !== null && values.length <= MOST_WRITTEN;
}

/** The line that makes an array. @param {Dialect} dialect @param {Named} array */
function arrayLine(dialect, array) {
  const { name, values, shape, entry, axes, isTurned } = array;
  const turned = isTurned ? "; turned by 180°" : "";
  const comment = axes && `  # ${shape.join(" × ")}: ${axes}${turned}`;
  if (!values || !isWritten(array)) return `${name} = figure["${entry}"]${comment}`;
  const start = `${name} = ${dialect.array}(`;
  const drawn = isTurned ? turnFilters(values, shape) : values;
  return `${start}${formatNumbers(drawn, shape, start.length)})${isTurned ? dialect.turned : ""}${comment}`;
}

/** The filters as they were drawn: each slice turned by 180°. @param {Float32Array} values @param {number[]} shape */
function turnFilters(values, shape) {
  const size = shape[2] * shape[3];
  return values.map((_, index) => values[index - (index % size) + size - 1 - (index % size)]);
}

/**
 * The values as nested lists of Python, aligned: rows on lines of their own, indented. Python reads back the same
 * float32 numbers.
 * @param {Float32Array} values @param {number[]} shape @param {number} indent
 */
export function formatNumbers(values, shape, indent) {
  const texts = Array.from(values, formatNumber);
  const width = Math.max(...texts.map((text) => text.length));
  return nestLists(
    texts.map((text) => text.padStart(width)),
    shape,
    indent,
  );
}

/** @param {string[]} texts @param {number[]} shape @param {number} indent @returns {string} */
function nestLists(texts, shape, indent) {
  if (shape.length === 1) return `[${texts.join(", ")}]`;
  const each = texts.length / shape[0];
  const inner = Array.from({ length: shape[0] }, (_, index) =>
    nestLists(texts.slice(index * each, (index + 1) * each), shape.slice(1), indent + 1),
  );
  return `[${inner.join(`,\n${" ".repeat(indent + 1)}`)}]`;
}

/** A float32 number as a float literal with as few digits as it needs: 3., -0.25, 0.1, 1e+21. @param {number} value */
function formatNumber(value) {
  if (Number.isInteger(value) && Math.abs(value) <= EXACT_BELOW) return `${value}.`;
  let digits = 1;
  while (Math.fround(Number(value.toPrecision(digits))) !== value) digits++;
  const text = String(Number(value.toPrecision(digits)));
  return /[.e]/.test(text) ? text : `${text}.`;
}

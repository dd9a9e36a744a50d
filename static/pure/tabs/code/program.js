/**
 * The program of a stage, or of the whole chain up to its end, as `app/core/program/program.py` writes it.
 *
 * An array of few numbers is written out; a longer one is read from the Trace, a safetensors file. In the program of a
 * chain each stage has names of its own: `x` is the input, `y3` the output of stage 3, `weight3` and `bias3` its arrays.
 * Of a stack of pictures every array of maps has them all, in its first axis: each picture is read from a Trace of its own.
 */

import { readOf } from "convoscope/pure/frame/stage.js";
import { writeBatched } from "convoscope/pure/tabs/code/batched.js";
import { importsOf } from "convoscope/pure/tabs/code/dialects.js";
import { formatNumbers } from "convoscope/pure/tabs/code/number-list.js";
import { isTextExact, numberText } from "convoscope/pure/text/number-text.js";

/** @import {Dialect} from "convoscope/pure/tabs/code/dialects.js" */
/** @import {Stage, Trace} from "convoscope/pure/types.js" */

/**
 * A program: its lines, the numbers of those that a beat lights, and whether it reads arrays from the Trace.
 * @typedef {{lines: string[], lit: number[], reads: boolean}} Program
 */
/**
 * The cell that a program prints, and the beat that lights lines; `value` is null before the figure shows it.
 * @typedef {{stage: number, map: number, row: number, col: number, beat: string, value: number | null}} ProgramPlace
 */
/**
 * An array of a program; `values` is null where only a preview is here, `entry` its name in the Trace, `axes` the names
 * of its axes, "" for no comment.
 * @typedef {object} NamedArray
 * @property {string} name
 * @property {Float32Array | null} values
 * @property {number[]} shape
 * @property {string} entry
 * @property {string} axes
 * @property {boolean} [isTurned]
 */

/** An array of more numbers is read from the Trace. */
const MOST_WRITTEN = 64;
/** Texts and comments, or a name: of an attribute with its point, of an argument with its sign. */
const NAMES = /".*?"|'.*?'|#.*|\.?[A-Za-z_]\w*(?:=(?!=))?/g;
const CHANGES_INPUT = /^\s*x(\[.*\])? ([-+*/]|\*\*)?= /m;

/**
 * The first stage that a library cannot write in the program of a stage or of the chain, undefined where it can.
 * @param {Trace} trace @param {number} stage @param {string} library @param {boolean} isChain
 */
export function findMissing(trace, stage, library, isChain) {
  const stages = isChain ? trace.stages.slice(1) : stage ? [trace.stages[stage]] : [];
  return stages.find((one) => !(library in one.code));
}

/**
 * The keys of /api/trace that send the arrays of a program, its input as float32.
 * @param {Trace} trace @param {number} index @param {boolean} isChain
 */
export function programQuery(trace, index, isChain) {
  const stage = trace.stages[index];
  const sources = sourcesOf(trace, index, isChain);
  const weighted = (isChain ? trace.stages : [stage]).filter(({ weight }) => weight).map((one) => one.index);
  return `only=${[...new Set([...sources, ...weighted])].join()}&stages=${sources.join()}`;
}

/** The keys that send the maps of one picture of a stack. @param {Trace} trace @param {number} index @param {boolean} isChain */
export function pictureQuery(trace, index, isChain) {
  const sources = sourcesOf(trace, index, isChain).join();
  return `only=${sources}&stages=${sources}`;
}

/** The stages whose maps a program reads. @param {Trace} trace @param {number} index @param {boolean} isChain */
function sourcesOf(trace, index, isChain) {
  return !isChain && index ? [...new Set(trace.stages[index].reads)] : [0];
}

/**
 * The program of a stage, or of the chain, that prints a cell.
 * @param {Trace} trace @param {ProgramPlace} place @param {Dialect} library
 * @param {string} source an expression of Python that opens the bytes of the Trace
 * @param {boolean} [isChain]
 * @param {string[]} [pictures] the same for all pictures of a stack, which the program computes together
 * @returns {Program}
 */
export function writeProgram(trace, place, library, source, isChain = false, pictures = []) {
  const writer = makeWriter(trace, place, library, pictures.length);
  if (isChain) writeChain(trace, place, writer);
  else writeStage(trace, place, writer);
  const { lines, lit, reads } = writer;
  const opened = source.startsWith("urlopen(") ? ["from urllib.request import urlopen"] : [];
  const imports = importsOf(lines);
  const head = reads
    ? [
        ...opened,
        ...imports,
        `from ${library.loader} import load`,
        "",
        ...(writer.readsFigure || !pictures.length ? [`figure = load(${source}.read())`] : []),
        ...(pictures.length ? ["pictures = [", ...pictures.map((one) => `    load(${one}.read()),`), "]"] : []),
      ]
    : [...imports, ""];
  return { lines: [...head, ...lines], lit: lit.map((index) => head.length + index), reads };
}

/**
 * The program of the stage of the place: its arrays, its code, the cell.
 * @param {Trace} trace @param {ProgramPlace} place @param {ReturnType<typeof makeWriter>} writer
 */
function writeStage(trace, place, writer) {
  const stage = trace.stages[place.stage];
  (place.stage ? stage.reads : [0]).forEach((read, n) => writer.addMap(nameInput(n), trace.stages[read]));
  writer.addWeights(stage, "");
  if (place.stage) {
    writer.lines.push("");
    writer.addCode(stage, false);
  }
  writer.addCell(place.stage ? "y" : "x");
}

/**
 * The program of all stages, in their order.
 * @param {Trace} trace @param {ProgramPlace} place @param {ReturnType<typeof makeWriter>} writer
 */
function writeChain(trace, place, writer) {
  const [first, ...stages] = trace.stages;
  writer.addMap("x", first);
  for (const stage of stages) {
    const title = stage.title.trim().replaceAll(/\s+/g, " ");
    writer.lines.push("", `# ${stage.index} ${title}: ${writer.writeShape(stage.shape)}`);
    writer.addWeights(stage, String(stage.index));
    writer.addCode(stage, true);
  }
  writer.lines.push("");
  writer.addCell(nameOutput(place.stage));
}

/**
 * Writes the lines behind the imports; `count` is the number of pictures of a stack, 0 without one.
 * @param {Trace} trace @param {ProgramPlace} place @param {Dialect} library @param {number} count
 */
function makeWriter(trace, place, library, count) {
  const module = library.array.split(".")[0];
  const writer = {
    lines: /** @type {string[]} */ ([]),
    lit: /** @type {number[]} */ ([]),
    reads: false,
    readsFigure: false,
    writeShape,
    addMap,
    addWeights,
    addCode,
    addCell,
  };
  return writer;

  /** @param {string} name @param {Stage} stage */
  function addMap(name, { index, output, shape, words }) {
    const start = writer.lines.length;
    if (count) {
      writer.reads = true;
      const stacked = `${module}.stack([one["${index}.output"] for one in pictures])`;
      writer.lines.push(`${name} = ${stacked}  # ${writeShape(shape)}: pictures, channels, rows, columns`);
    } else {
      const axes = `channels, rows${words ? ` (${words.join(", ")})` : ""}, columns`;
      addArray({ name, values: output, shape, entry: `${index}.output`, axes });
    }
    if (place.stage === 0 && index === 0)
      for (let line = start; line < writer.lines.length; line++) writer.lit.push(line);
  }

  /** The weights and biases of a stage, if it has them. @param {Stage} stage @param {string} suffix */
  function addWeights(stage, suffix) {
    const { index, weight, bias, rows, columns, shape, groups = 1, flip = false } = stage;
    if (!weight || !bias) return;
    const depth = readOf(trace, stage).shape[0] / groups;
    const filters =
      rows && columns
        ? {
            shape: [shape[0], depth, rows.kernel, columns.kernel],
            axes: `filters, channels${groups > 1 ? " of a group" : ""}, rows, columns`,
          }
        : { shape: [shape[0], weight.length / shape[0]], axes: "outputs, inputs" };
    addArray({ name: `weight${suffix}`, values: weight, entry: `${index}.weight`, isTurned: flip, ...filters });
    addArray({ name: `bias${suffix}`, values: bias, shape: [bias.length], entry: `${index}.bias`, axes: "" });
  }

  /**
   * The lines of a stage; those of the beat are lit where it is the stage in focus.
   * @param {Stage} stage @param {boolean} isChain
   */
  function addCode(stage, isChain) {
    const text = stage.code[library.name] ?? "";
    const { copied, lines, before } = count ? batchedLines(stage, text, isChain) : plainLines(stage, text, isChain);
    writer.lines.push(...copied);
    if (stage.index === place.stage) {
      const beat = place.beat.startsWith("channel-") ? "products" : place.beat;
      const at = stage.code_beats?.[library.name]?.[beat] ?? [text.split("\n").length - 1];
      writer.lit.push(...at.map((line) => writer.lines.length + line + before));
    }
    writer.lines.push(...lines);
  }

  /** @param {Stage} stage @param {string} text @param {boolean} isChain */
  function plainLines(stage, text, isChain) {
    const { copied, renamed } = isChain ? renameArrays(stage, text) : { copied: [], renamed: text };
    return { copied, lines: renamed.split("\n"), before: 0 };
  }

  /** @param {Stage} stage @param {string} text @param {boolean} isChain */
  function batchedLines(stage, text, isChain) {
    const inputs = stage.reads.map((_, n) => nameInput(n));
    const name = isChain ? `layer${stage.index}` : "layer";
    const { lines, before } = writeBatched(text, name, inputs, module, writeShape(stage.shape));
    if (!isChain) return { copied: [], lines, before };
    const whole = namesOf(stage);
    const inner = new Map([...whole].filter(([key]) => key === "weight" || key === "bias"));
    const renamed = lines.map((line, n) => replaceNames(line, n === lines.length - 1 ? whole : inner));
    return { copied: [], lines: renamed, before };
  }

  /** @param {number[]} shape */
  function writeShape(shape) {
    return [...(count ? [count] : []), ...shape].join(" × ");
  }

  /** @param {NamedArray} array */
  function addArray({ name, values, shape, entry, axes, isTurned }) {
    const comment = axes && `  # ${shape.join(" × ")}: ${axes}${isTurned ? "; turned by 180°" : ""}`;
    if (!values || values.length > MOST_WRITTEN) {
      writer.reads = writer.readsFigure = true;
      writer.lines.push(`${name} = figure["${entry}"]${comment}`);
      return;
    }
    const start = `${name} = ${library.array}(`;
    const written = formatNumbers(isTurned ? turnFilters(values, shape) : values, shape, start.length);
    writer.lines.push(...`${start}${written})${isTurned ? library.turned : ""}${comment}`.split("\n"));
  }

  /** The line that prints the cell in focus, with its number once the figure shows it. @param {string} name */
  function addCell(name) {
    const { map, row, col, value } = place;
    const about = value === null || isTextExact(value) ? "" : "≈ ";
    const number = value === null ? "" : `  # ${about}${numberText(value).replaceAll("−", "-")}`;
    const item = count ? `${trace.batch?.item ?? 0}, ` : "";
    writer.lines.push(`print(${name}[${item}${map}, ${row}, ${col}])${number}`);
  }
}

/** @param {number} n */
function nameInput(n) {
  return n ? `x${n + 1}` : "x";
}

/** @param {number} index */
function nameOutput(index) {
  return index ? `y${index}` : "x";
}

/**
 * A copy of the input where the code changes it, and the code with the names that its arrays have in the chain.
 * @param {Stage} stage @param {string} text
 */
function renameArrays(stage, text) {
  const { index, reads } = stage;
  const names = namesOf(stage);
  const copied = [];
  if (CHANGES_INPUT.test(text)) {
    names.set("x", `x${index}`);
    copied.push(`x${index} = ${nameOutput(reads[0])}`);
  }
  return { copied, renamed: replaceNames(text, names) };
}

/** The names that the arrays of a stage's code have in the chain. @param {Stage} stage */
function namesOf({ index, reads, weight, bias }) {
  const names = new Map(reads.map((read, n) => [nameInput(n), nameOutput(read)])).set("y", nameOutput(index));
  return weight && bias ? names.set("weight", `weight${index}`).set("bias", `bias${index}`) : names;
}

/** @param {string} text @param {Map<string, string>} names */
function replaceNames(text, names) {
  return text.replaceAll(NAMES, (found) => names.get(found) ?? found);
}

/** The filters as they were drawn: each slice turned by 180°. @param {Float32Array} values @param {number[]} shape */
function turnFilters(values, shape) {
  const size = shape[2] * shape[3];
  return values.map((_, index) => values[index - (index % size) + size - 1 - (index % size)]);
}

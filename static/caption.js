/**
 * Frames and stages in words and numbers. All prose comes from strings.js; here it meets the numbers.
 *
 * Minus is U+2212. A whole number is shown with all its digits, another one with four that tell something; where the
 * shown text is not the number itself, the line says ≈.
 */

import { frameAt, kindOf, positionOf, readersOf } from "convoscope/frame.js";
import { CAPTION } from "convoscope/strings.js";

/** @import {Axis, Frame, FrameChannel, Stage, Trace} from "convoscope/types.js" */

/** @typedef {"plain" | "input" | "filter" | "output" | "bias"} Role what a part of a formula stands for */
/** @typedef {(string | {class: string} | Line)[]} Line an element as plain data: its tag, its class, its contents */
/** @typedef {{text: string, role: Role, cell?: [channel: number, row: number, col: number]}} Part `cell`: place in the window */

/** Windows of the next layer that are looked into to say who wins. */
const LOOKED_INTO = 25;

// --- numbers --------------------------------------------------------------------------------------------------

/** A number to be read in a line. @param {number} value @param {boolean} [exact] false: the line says ≈ */
export function numberText(value, exact = true) {
  const text = written(value, 4);
  return exact || Number.isInteger(value) ? text : `≈ ${text}`;
}

/** A number for a small cell. @param {number} value */
export function shortNumber(value) {
  return written(value, 3);
}

/** With its sign, also where it is positive. @param {number} value */
export function signedNumber(value) {
  return (value > 0 ? "+" : "") + numberText(value);
}

/** Whether the text of numberText is the number itself, as float32 holds it. @param {number} value */
export function tellsAll(value) {
  return Number.isInteger(value) || Math.fround(Number(plain(value, 4))) === Math.fround(value);
}

/** Whether a stage's shown number is the one that was meant, to the last digit. @param {Stage} stage @param {number} value */
function saidExactly(stage, value) {
  return stage.exact && tellsAll(value);
}

/** @param {number} value @param {number} tellingDigits */
function written(value, tellingDigits) {
  if (Number.isNaN(value)) return "?";
  return minus(Number.isInteger(value) ? value.toFixed(0) : plain(value, tellingDigits));
}

/** A number that is not whole never reads as one: 7.99996 is 8.0. @param {number} value @param {number} telling @returns {string} */
function plain(value, telling) {
  const size = Math.abs(value);
  if (size > 0 && size < 1e-4) return value.toExponential(telling - 1).replace(/\.?0*e/, "e");
  const decimals = Math.max(1, telling - 1 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(decimals, 20)).replace(/(\.\d+?)0+$/, "$1");
}

/** @param {string} text */
function minus(text) {
  return text === "-0" ? "0" : text.replaceAll("-", "−");
}

// --- places ---------------------------------------------------------------------------------------------------

/** @param {number} row @param {number} col */
export function placeText(row, col) {
  return CAPTION.place(row, col);
}

/** What a screen reader says of a cell: "row 16, column 20, 459". @param {Frame} frame @param {boolean} [open] false while it is not written */
export function spokenCell(frame, open = true) {
  const place = placeText(frame.row, frame.col);
  return open ? CAPTION.cell(place, numberText(frame.value)) : CAPTION.cellWaiting(place);
}

/** What the live region says of a step. @param {Trace} trace @param {Frame} frame */
export function spoken(trace, frame) {
  const { before, value, after, known } = resultParts(trace, frame);
  const plain = value.replace("+", "");
  const line = !before ? plain : `${before}${known && !plain.startsWith("≈") ? " =" : ""} ${plain}`;
  return [placeText(frame.row, frame.col), line, after].filter(Boolean).join(", ");
}

/** What a map holds, in one line. @param {Stage} stage @param {number} map */
export function summaryText(stage, map) {
  const [lo, hi] = stage.ranges[map] ?? [0, 0];
  return CAPTION.summary(stage.shape[1], stage.shape[2], numberText(lo), numberText(hi));
}

/** What a stage's map is called: "Feature map, before ReLU". @param {Trace} trace @param {number} index @param {number} [map] named where there are several */
export function stageTitle(trace, index, map) {
  const [stage, next] = [trace.stages[index], trace.stages[index + 1]];
  const many = map !== undefined && stage.shape[0] > 1;
  const named = (/** @type {string} */ label) => (many ? CAPTION.numbered(label, map) : label);
  if (stage.family === "input") return named(CAPTION.input);
  if (stage.family === "convolution") {
    return named(CAPTION.featureMap) + (next?.family === "activation" ? CAPTION.before(next.title) : "");
  }
  return named(stage.family === "pooling" ? CAPTION.pooledMap : stage.family === "activation" ? CAPTION.after(stage.title) : stage.title);
}

// --- one step -------------------------------------------------------------------------------------------------

/**
 * The result of a step as the figure says it: what comes before the number, the number, and what becomes of it.
 * @param {Trace} trace @param {Frame} frame
 * @returns {{before: string, value: string, after: string, known: boolean}} `known` is false before the sum
 */
export function resultParts(trace, frame) {
  const known = frame.held && ["sum", "bias", "write"].includes(frame.beat);
  const halfway = frame.beat === "sum" && frame.beats.includes("bias");
  const before = BEFORE[frame.kind](trace.stages[frame.stage], frame, halfway);
  if (!known) return { before, value: CAPTION.waiting, after: "", known };
  const result = halfway ? frame.sum / (frame.divisor * frame.scale) : frame.result;
  return { before, value: valueText(trace.stages[frame.stage], result), after: halfway ? "" : becomes(trace, frame), known };
}

/** @param {Stage} stage @param {number} value */
function valueText(stage, value) {
  const text = stage.colors === "signed" ? signedNumber(value) : numberText(value);
  return saidExactly(stage, value) ? text : `≈ ${text}`;
}

/** @type {Record<string, (stage: Stage, frame: Frame, halfway: boolean) => string>} */
const BEFORE = {
  conv: weightedText,
  linear: weightedText,
  pool: poolText,
  pointwise: (stage, frame) => functionText(stage, numberText(frame.sum)),
  softmax: () => CAPTION.share,
  shift: (_, { rows, columns, channels }) =>
    channels[0]?.padded[0][0] ? CAPTION.fromOutside : `${CAPTION.moved} ${placeText(rows[0], columns[0])}`,
  flatten: (_, { rows, columns }) => `${CAPTION.moved} ${placeText(rows[0], columns[0])}`,
  input: () => "",
};

/** "their sum 405 ÷ 9 + bias 0" @param {Stage} stage @param {Frame} frame @param {boolean} halfway */
function weightedText(stage, frame, halfway) {
  const divided = frame.divisor * frame.scale !== 1;
  const known = frame.beat !== "window" && frame.beat !== "products" && !frame.beat.startsWith("channel-");
  const sum = frame.kind === "conv" && frame.channels.length > 1 ? CAPTION.channelSum(frame.channels.length) : CAPTION.sum;
  const quotient = divided ? `${known ? ` ${numberText(frame.sum)}` : ""} ÷ ${numberText(frame.divisor * frame.scale)}` : "";
  return sum + quotient + (halfway ? "" : biasText(stage, frame));
}

/** As it was typed, where it was. @param {Stage} stage @param {Frame} frame */
function biasText(stage, { map, bias }) {
  const text = minus(stage.bias_text?.[map] ?? String(bias));
  return text.startsWith("−") ? CAPTION.lessBias(text.slice(1)) : CAPTION.andBias(text);
}

/** @param {Stage} stage @param {Frame} frame */
function poolText(stage, { rows, columns, count, sum, beat }) {
  const cells = inside(rows, stage.rows) * inside(columns, stage.columns);
  if (stage.pool === "avg") return beat === "window" ? CAPTION.mean : `${CAPTION.mean}: ${numberText(sum)} ÷ ${count}`;
  if (stage.pool === "l2") return CAPTION.squares;
  return stage.pool === "min" ? CAPTION.smallest(cells) : CAPTION.largest(cells);
}

/** How many cells of a window lie in the input: padding never wins. @param {number[]} cells @param {Axis | null} axis */
function inside(cells, axis) {
  return cells.filter((cell) => axis && cell >= 0 && cell < axis.size).length;
}

/** @param {Stage} stage @param {string} x */
function functionText(stage, x) {
  /** @type {Record<string, string>} */
  const texts = {
    relu: `max(0, ${x})`,
    leaky_relu: x.startsWith("−") ? `${numberText(stage.slope ?? 0.01)}·(${x})` : x,
    sigmoid: `1/(1 + e^(${x.startsWith("−") ? x.slice(1) : `−${x}`}))`,
    tanh: `tanh(${x})`,
    abs: `|${x}|`,
  };
  return texts[stage.op] ?? x;
}

/** What the next layer does with a cell: "ReLU keeps it"; "" where there is none. @param {Trace} trace @param {Frame} frame */
export function becomes(trace, frame) {
  const next = trace.stages[frame.stage + 1];
  if (!next || !next.output || !frame.held) return "";
  const kind = kindOf(next);
  const { map, row, col, value } = frame;
  const here = positionOf(trace.stages[frame.stage], row, col);
  const cells = trace.stages[frame.stage].shape[1] * trace.stages[frame.stage].shape[2];
  switch (kind) {
    case "pointwise":
    case "softmax":
      return transformed(next, value, next.output[map * cells + here]);
    case "pool":
      return contested(trace, frame);
    case "conv": {
      const { rows, columns } = readersOf(trace, next.index, [row, col]);
      return rows.length * columns.length ? CAPTION.readBy(next.title, rows.length * columns.length) : CAPTION.unread;
    }
    case "shift": {
      const { rows, columns } = readersOf(trace, next.index, [row, col]);
      return rows.length && columns.length ? CAPTION.moves(placeText(rows[0], columns[0])) : CAPTION.movesOut;
    }
    case "flatten":
      return CAPTION.becomes(map * cells + here);
    case "linear":
      return CAPTION.goesInto(next.shape[0]);
    default:
      return "";
  }
}

/** @param {Stage} next @param {number} value @param {number} after */
function transformed(next, value, after) {
  if (after !== value) return CAPTION.makes(next.title, numberText(after));
  return value === 0 ? CAPTION.leavesZero(next.title) : CAPTION.keeps(next.title);
}

/** Whether a cell wins the windows of the pool that follows. @param {Trace} trace @param {Frame} frame */
function contested(trace, { stage: index, map, row, col }) {
  const next = trace.stages[index + 1];
  const { rows, columns } = readersOf(trace, index + 1, [row, col]);
  const size = `${next.rows?.kernel} × ${next.columns?.kernel}`;
  const all = rows.length * columns.length;
  if (!all) return CAPTION.unread;
  if (next.pool === "avg" || next.pool === "l2" || all > LOOKED_INTO) return CAPTION.joins(size);
  const steps = rows.flatMap((r) => columns.map((c) => frameAt(trace, { stage: index + 1, map, at: [r, c], beat: "sum" })));
  const won = steps.filter(({ chosen }) => chosen?.[1] === row && chosen[2] === col).length;
  if (all === 1) return won ? CAPTION.wins(size) : CAPTION.loses(size, numberText(steps[0].result));
  return won ? CAPTION.winsSome(won, all) : CAPTION.losesAll(all);
}

// --- the equation ---------------------------------------------------------------------------------------------

/**
 * A step as one line: 42·(−1) + 119·0 + … = 459. Parts know the window's cell they stand for. A window too large to be
 * listed gives its end alone.
 * @param {Trace} trace @param {Frame} frame
 * @returns {Part[]}
 */
export function equationParts(trace, frame) {
  const stage = trace.stages[frame.stage];
  const left = frame.channels.length ? EQUATION[frame.kind](stage, frame) : [part(numberText(frame.sum))];
  const sign = saidExactly(stage, frame.result) ? " = " : " ≈ ";
  return [...left, part(sign), part(numberText(frame.result), "output")];
}

/** @type {Record<string, (stage: Stage, frame: Frame) => Part[]>} */
const EQUATION = {
  conv: weightedParts,
  linear: weightedParts,
  pool: pooledParts,
  pointwise: (stage, frame) => [part(functionText(stage, numberText(frame.sum)), "input", [0, 0, 0])],
  softmax: (_, frame) => {
    const at = frame.channels.find(({ channel }) => channel === frame.map);
    const value = at?.values[frame.row]?.[frame.col] ?? 0;
    return [part("e^"), part(numberText(value), "input"), part(" / "), part(`Σ e^x`)];
  },
  shift: (_, frame) => [part(numberText(frame.sum), "input", [0, 0, 0])],
  flatten: (_, frame) => [part(numberText(frame.sum), "input", [0, 0, 0])],
  input: (_, frame) => [part(numberText(frame.sum), "input", [0, 0, 0])],
};

/** @param {Stage} stage @param {Frame} frame @returns {Part[]} */
function weightedParts(stage, frame) {
  const terms = frame.channels.flatMap((seen, index) => cellsOf(seen).map(({ value, row, col }) => [
    part(numberText(value ?? 0), "input", [index, row, col]),
    part("·"),
    part(bracketed(numberText(seen.weights?.[row][col] ?? 0)), "filter", [index, row, col]),
  ]));
  const sum = terms.flatMap((term, i) => (i ? [part(" + "), ...term] : term));
  const divisor = frame.divisor * frame.scale;
  const quotient = divisor === 1 ? sum : [part("("), ...sum, part(")"), part(` / ${divisor}`, "filter")];
  const bias = minus(stage.bias_text?.[frame.map] ?? numberText(frame.bias));
  return frame.bias === 0 && frame.channels.length === 1 ? quotient : [...quotient, part(" + "), part(bracketed(bias), "bias")];
}

/** @param {Stage} stage @param {Frame} frame @returns {Part[]} */
function pooledParts(stage, frame) {
  const [seen] = frame.channels;
  const square = stage.pool === "l2" ? "²" : "";
  const cells = cellsOf(seen).filter(({ value }) => value !== null);
  const compared = stage.pool === "max" || stage.pool === "min";
  const text = (/** @type {number} */ value) => (compared ? numberText(value) : bracketed(numberText(value)) + square);
  const terms = cells.flatMap(({ value, row, col }, i) => [
    ...(i ? [part(compared ? ", " : " + ")] : []),
    part(text(value ?? 0), "input", [0, row, col]),
  ]);
  const [open, close] = { max: ["max(", ")"], min: ["min(", ")"], avg: ["(", `) / ${frame.count}`], l2: ["√(", ")"] }[stage.pool ?? "max"];
  return [part(open), ...terms, part(close)];
}

/** @param {FrameChannel} seen */
function cellsOf({ values }) {
  return values.flatMap((line, row) => line.map((value, col) => ({ value, row, col })));
}

/** @param {string} text @param {Role} [role] @param {[number, number, number]} [cell] @returns {Part} */
function part(text, role = "plain", cell) {
  return cell ? { text, role, cell } : { text, role };
}

/** @param {string} text */
function bracketed(text) {
  return text.startsWith("−") ? `(${text})` : text;
}

/** The parts of a formula as one text. @param {Part[]} parts */
export function textOf(parts) {
  return parts.map(({ text }) => text).join("");
}

// --- sizes ----------------------------------------------------------------------------------------------------

/**
 * Why an axis has its size, in letters and in numbers: (N + 2P − F)/S + 1, (32 + 2·0 − 3)/1 + 1 = 30.
 * @param {Axis} axis
 * @returns {{letters: Part[], numbers: Part[]}}
 */
export function sizeFormula(axis) {
  const even = axis.before === axis.after;
  const letters = formula("N", even ? ["2", "P"] : ["P₁", "P₂"], "F", "D", "S", even, axis.dilation > 1);
  const sides = even ? ["2", String(axis.before)] : [String(axis.before), String(axis.after)];
  const [n, f, d, s] = [axis.size, axis.kernel, axis.dilation, axis.stride].map(String);
  const numbers = formula(n, sides, f, d, s, even, axis.dilation > 1);
  const rounding = axis.positions > quotientOf(axis) ? CAPTION.up(axis.positions) : CAPTION.down(axis.positions);
  const end = axis.fits ? [part(String(axis.positions), "output")] : [part(quotientText(axis)), part(rounding, "output")];
  return { letters, numbers: [...numbers, part(" = "), ...end] };
}

/**
 * The sentence of a size, for a title or a screen reader.
 * @param {Axis} axis
 */
export function sizeSentence(axis) {
  const { letters, numbers } = sizeFormula(axis);
  return `${textOf(letters)}, ${textOf(numbers)}`;
}

/**
 * @param {string} n @param {string[]} padding @param {string} f @param {string} d @param {string} s
 * @param {boolean} even both sides alike @param {boolean} dilated
 * @returns {Part[]}
 */
function formula(n, [p1, p2], f, d, s, even, dilated) {
  const doubled = /^\d+$/.test(p2) ? `${p1}·${p2}` : p1 + p2;
  const padding = even ? doubled : `${p1} + ${p2}`;
  const reach = dilated ? [part(`${d}·(`), part(f, "filter"), part(" − 1) − 1")] : [part(f, "filter")];
  return [part("("), part(n, "input"), part(` + ${padding} − `), ...reach, part(`)/${s} + 1`)];
}

/** @param {Axis} axis */
function quotientOf({ quotient }) {
  const [top, bottom = "1"] = quotient.split("/");
  return Number(top) / Number(bottom);
}

/** @param {Axis} axis */
function quotientText(axis) {
  return minus(quotientOf(axis).toFixed(2).replace(/\.?0+$/, ""));
}

/**
 * What a stride that does not fit leaves unread, and what would make it fit; "" where it fits.
 * @param {Stage} stage
 */
export function misfitSentence({ rows, columns, family }) {
  if (!rows || !columns || (rows.fits && columns.fits)) return "";
  const pooling = family === "pooling";
  if (alike(rows, columns)) return misfit(rows, CAPTION.cells(rows.unread, columns.unread), rows.unread.length + columns.unread.length === 1, pooling);
  const lines = [
    rows.fits ? "" : CAPTION.along(CAPTION.rows, misfit(rows, CAPTION.cells(rows.unread, []), rows.unread.length === 1, pooling)),
    columns.fits ? "" : CAPTION.along(CAPTION.columns, misfit(columns, CAPTION.cells([], columns.unread), columns.unread.length === 1, pooling)),
  ];
  return lines.filter(Boolean).join(" ");
}

/** The cells that the window jumps over although it fits; "" where there are none. @param {Stage} stage */
export function gapSentence({ rows, columns }) {
  if (!rows || !columns || !rows.fits || !columns.fits) return "";
  const cells = CAPTION.cells(rows.unread, columns.unread);
  return cells && CAPTION.jumpedOver(cells);
}

/** @param {Axis} axis @param {string} lost @param {boolean} one @param {boolean} pooling */
function misfit(axis, lost, one, pooling) {
  const padded = axis.before === axis.after ? (axis.before ? ` + 2·${axis.before}` : "") : ` + ${axis.before} + ${axis.after}`;
  const reach = axis.dilation > 1 ? `${axis.dilation}·(${axis.kernel} − 1) − 1` : String(axis.kernel);
  const line = `(${axis.size}${padded} − ${reach})/${axis.stride} + 1`;
  const first = CAPTION.misfit(line, quotientText(axis));
  return [first, rounded(axis, lost, one), remedy(axis, pooling)].filter(Boolean).join(" ");
}

/** @param {Axis} axis @param {string} lost @param {boolean} one */
function rounded(axis, lost, one) {
  if (axis.ceil && axis.overhang) return CAPTION.roundsUp(axis.positions, CAPTION.hangsOver(axis.overhang));
  if (axis.ceil) return CAPTION.roundsDown(axis.positions, CAPTION.lastDropped);
  return CAPTION.roundsDown(axis.positions, lost ? CAPTION.neverRead(lost, one) : CAPTION.nothingLost);
}

/** @param {Axis} axis @param {boolean} pooling */
function remedy(axis, pooling) {
  const reach = axis.dilation * (axis.kernel - 1) + 1;
  const padding = axis.fitting_padding;
  const most = pooling ? Math.floor(axis.kernel / 2) : Infinity;
  const fitting = padding !== null && padding <= most ? CAPTION.fittingPadding(padding, (axis.size + 2 * padding - reach) / axis.stride + 1) : "";
  const starts = axis.positions * axis.stride < axis.before + axis.size;
  return [fitting, pooling && !axis.ceil && starts ? CAPTION.tryCeil(axis.positions + 1) : ""].filter(Boolean).join(" ");
}

/** @param {Axis} one @param {Axis} other */
function alike(one, other) {
  return (/** @type {(keyof Axis)[]} */ (["size", "kernel", "stride", "dilation", "before", "after", "ceil"])).every((key) => one[key] === other[key]);
}

/**
 * The parameters of a stage in letters and in numbers: K·(F·F·C + 1), 1·(3·3·1 + 1) = 10 parameters. Empty where it
 * has none.
 * @param {Stage} stage
 * @returns {{letters: Part[], numbers: Part[]}}
 */
export function parametersFormula(stage) {
  if (!stage.parameters || !stage.weight) return { letters: [], numbers: [] };
  const maps = stage.shape[0];
  const each = stage.weight.length / maps;
  const bias = stage.parameters === maps * (each + 1) ? " + 1" : "";
  const [rows, columns] = [stage.rows?.kernel, stage.columns?.kernel];
  const [letters, numbers] = rows && columns ? ["F·F·C", `${rows}·${columns}·${each / (rows * columns)}`] : ["N", String(each)];
  const end = CAPTION.parameters(numberText(stage.parameters), stage.parameters === 1);
  return {
    letters: [part("K", "filter"), part("·("), part(letters, "filter"), part(`${bias})`)],
    numbers: [part(String(maps), "filter"), part("·("), part(numbers, "filter"), part(`${bias}) = `), part(end)],
  };
}

/** "1·(3·3·1 + 1) = 10 parameters" @param {Stage} stage */
export function parametersSentence(stage) {
  return textOf(parametersFormula(stage).numbers) || CAPTION.noParameters;
}

/**
 * All that is to be said of a stage's size, as lines to be shown: letters, numbers, parameters, and what does not fit.
 * Rows and columns share their lines where they are alike.
 * @param {Trace} trace @param {number} index
 * @returns {["div", ...Line][]}
 */
export function sizeLines(trace, index) {
  const stage = trace.stages[index];
  const parameters = parametersFormula(stage).numbers;
  const notes = [misfitSentence(stage), gapSentence(stage)].filter(Boolean);
  return [
    ...axisLines(stage).map((parts) => described(parts)),
    ...(parameters.length ? [described(parameters)] : []),
    ...notes.map((note) => /** @type {["div", ...Line]} */ (["div", { class: "note" }, note])),
  ];
}

/** @param {Stage} stage @returns {Part[][]} */
function axisLines({ rows, columns }) {
  if (!rows || !columns) return [];
  const [down, across] = [sizeFormula(rows), sizeFormula(columns)];
  if (alike(rows, columns)) return [down.letters, down.numbers];
  const named = (/** @type {string} */ axis, /** @type {Part[]} */ parts) => [part(CAPTION.along(axis, "")), ...parts];
  const [first, second] = [textOf(down.letters), textOf(across.letters)];
  const letters = first === second ? [down.letters] : [named(CAPTION.rows, down.letters), named(CAPTION.columns, across.letters)];
  return [...letters, named(CAPTION.rows, down.numbers), named(CAPTION.columns, across.numbers)];
}

/** @param {Part[]} parts @returns {["div", ...Line]} */
function described(parts) {
  return ["div", ...parts.map(({ text, role }) => (role === "plain" || role === "bias" ? text : ["b", { class: `is-${role}` }, text]))];
}

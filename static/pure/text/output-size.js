/** The formulas of output size and parameters, in letters and in numbers, and sentences on strides that do not fit. */

import { SIZE } from "convoscope/pure/strings/explanation-strings.js";
import { describeFormula, part, textOf } from "convoscope/pure/text/formula.js";
import { numberText, useMinusSign } from "convoscope/pure/text/number-text.js";

/** @import {Markup, FormulaPart} from "convoscope/pure/text/formula.js" */
/** @import {Axis, Stage, Trace} from "convoscope/pure/types.js" */

/**
 * The lines on a stage's size: formula in letters and in numbers, parameters, and what does not fit. Rows and columns
 * share their lines where they are equal.
 * @param {Trace} trace @param {number} index
 * @returns {["div", ...Markup][]}
 */
export function sizeLines(trace, index) {
  const stage = trace.stages[index];
  const { letters, numbers: parameters } = parametersFormula(stage);
  const notes = [misfitSentence(stage), gapSentence(stage)].filter(Boolean);
  return [
    ...axisLines(stage).map((parts) => describeFormula(parts)),
    ...(letters.length
      ? [/** @type {["div", ...Markup]} */ (["div", { class: "roomy" }, describeFormula(letters)])]
      : []),
    ...(parameters.length ? [describeFormula(parameters)] : []),
    ...notes.map((note) => /** @type {["div", ...Markup]} */ (["div", { class: "note" }, note])),
  ];
}

/** @param {Stage} stage @returns {FormulaPart[][]} */
function axisLines({ rows, columns }) {
  if (!rows || !columns) return [];
  const [down, across] = [sizeFormula(rows), sizeFormula(columns)];
  if (areAlike(rows, columns)) return [down.letters, down.numbers];
  const addAxisName = (/** @type {string} */ axis, /** @type {FormulaPart[]} */ parts) => [
    part(SIZE.along(axis, "")),
    ...parts,
  ];
  const [first, second] = [textOf(down.letters), textOf(across.letters)];
  const both = [addAxisName(SIZE.rows, down.letters), addAxisName(SIZE.columns, across.letters)];
  const letters = first === second ? [down.letters] : both;
  return [...letters, addAxisName(SIZE.rows, down.numbers), addAxisName(SIZE.columns, across.numbers)];
}

/**
 * The size of an axis in letters and in numbers: (N + 2P − F)/S + 1, (32 + 2·0 − 3)/1 + 1 = 30.
 * @param {Axis} axis
 * @returns {{letters: FormulaPart[], numbers: FormulaPart[]}}
 */
function sizeFormula(axis) {
  if (axis.transposed) return transposedFormula(axis, axis.transposed);
  const even = axis.before === axis.after;
  const letters = sizeParts("N", even ? ["2", "P"] : ["P₁", "P₂"], "F", "D", "S", even, axis.dilation > 1);
  const sides = even ? ["2", String(axis.before)] : [String(axis.before), String(axis.after)];
  const [n, f, d, s] = [axis.size, axis.kernel, axis.dilation, axis.stride].map(String);
  const numbers = sizeParts(n, sides, f, d, s, even, axis.dilation > 1);
  const rounding = axis.positions > quotientOf(axis) ? SIZE.up(axis.positions) : SIZE.down(axis.positions);
  const rounded = [part(quotientText(axis)), part(rounding, "output")];
  const end = axis.fits ? [part(String(axis.positions), "output")] : rounded;
  return { letters, numbers: [...numbers, part(" = "), ...end] };
}

/**
 * (N − 1)·S − 2P + F; with dilation D·(F − 1) + 1 in place of F.
 * @param {Axis} axis @param {{crop: number, output_padding: number}} transposed
 */
function transposedFormula({ size, stride, kernel, dilation, positions }, transposed) {
  const { crop, output_padding: more } = transposed;
  const parts = (/** @type {(string | number)[]} */ [n, s, p, d, f, end]) => [
    part("("),
    part(String(n), "input"),
    part(` − 1)·${s} − ${p} + `),
    ...(dilation > 1 ? [part(`${d}·(`), part(String(f), "filter"), part(" − 1) + 1")] : [part(String(f), "filter")]),
    ...(more ? [part(` + ${end}`)] : []),
  ];
  const numbers = parts([size, stride, `2·${crop}`, dilation, kernel, more]);
  return {
    letters: parts(["N", "S", "2P", "D", "F", "OP"]),
    numbers: [...numbers, part(" = "), part(String(positions), "output")],
  };
}

/**
 * The size formulas as text, for a title or a screen reader.
 * @param {Axis} axis
 */
export function sizeSentence(axis) {
  const { letters, numbers } = sizeFormula(axis);
  return `${textOf(letters)}, ${textOf(numbers)}`;
}

/**
 * @param {string} n @param {string[]} padding @param {string} f @param {string} d @param {string} s
 * @param {boolean} even equal padding on both sides @param {boolean} dilated
 * @returns {FormulaPart[]}
 */
function sizeParts(n, [p1, p2], f, d, s, even, dilated) {
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
  return useMinusSign(
    quotientOf(axis)
      .toFixed(2)
      .replace(/\.?0+$/, ""),
  );
}

/**
 * Which cells a stride that does not fit leaves unread, and what would make it fit; "" where it fits.
 * @param {Stage} stage
 */
export function misfitSentence({ rows, columns, family }) {
  if (!rows || !columns || (rows.fits && columns.fits)) return "";
  const pooling = family === "pooling";
  if (areAlike(rows, columns)) return misfitText(rows, { rows: rows.unread, columns: columns.unread }, pooling);
  const lines = [
    rows.fits ? "" : SIZE.along(SIZE.rows, misfitText(rows, { rows: rows.unread, columns: [] }, pooling)),
    columns.fits ? "" : SIZE.along(SIZE.columns, misfitText(columns, { rows: [], columns: columns.unread }, pooling)),
  ];
  return lines.filter(Boolean).join(" ");
}

/** The cells that the window skips although the stride fits; "" where there are none. @param {Stage} stage */
function gapSentence({ rows, columns }) {
  if (!rows || !columns || !rows.fits || !columns.fits || rows.transposed) return "";
  const cells = SIZE.cells(rows.unread, columns.unread);
  return cells && SIZE.jumpedOver(cells);
}

/** @typedef {{rows: number[], columns: number[]}} UnreadCells */

/** @param {Axis} axis @param {UnreadCells} unread @param {boolean} pooling */
function misfitText(axis, unread, pooling) {
  const even = axis.before ? ` + 2·${axis.before}` : "";
  const padded = axis.before === axis.after ? even : ` + ${axis.before} + ${axis.after}`;
  const reach = axis.dilation > 1 ? `${axis.dilation}·(${axis.kernel} − 1) − 1` : String(axis.kernel);
  const line = `(${axis.size}${padded} − ${reach})/${axis.stride} + 1`;
  const first = SIZE.misfit(line, quotientText(axis));
  return [first, roundingText(axis, unread), remedyText(axis, pooling)].filter(Boolean).join(" ");
}

/** @param {Axis} axis @param {UnreadCells} unread */
function roundingText(axis, { rows, columns }) {
  const lost = SIZE.cells(rows, columns);
  const one = rows.length + columns.length === 1;
  if (axis.ceil && axis.overhang) return SIZE.roundsUp(axis.positions, SIZE.hangsOver(axis.overhang));
  if (axis.ceil) return SIZE.roundsDown(axis.positions, SIZE.lastDropped);
  return SIZE.roundsDown(axis.positions, lost ? SIZE.neverRead(lost, one) : SIZE.nothingLost);
}

/** @param {Axis} axis @param {boolean} pooling */
function remedyText(axis, pooling) {
  const reach = axis.dilation * (axis.kernel - 1) + 1;
  const padding = axis.fitting_padding;
  const most = pooling ? Math.floor(axis.kernel / 2) : Infinity;
  const size = (/** @type {number} */ p) => (axis.size + 2 * p - reach) / axis.stride + 1;
  const fitting = padding !== null && padding <= most ? SIZE.fittingPadding(padding, size(padding)) : "";
  const starts = axis.positions * axis.stride < axis.before + axis.size;
  const ceil = pooling && !axis.ceil && starts ? SIZE.tryCeil(axis.positions + 1) : "";
  return [fitting, ceil].filter(Boolean).join(" ");
}

/** @param {Axis} one @param {Axis} other */
function areAlike(one, other) {
  /** @type {(keyof Axis)[]} */
  const keys = ["size", "kernel", "stride", "dilation", "before", "after", "ceil"];
  const [here, there] = [one.transposed, other.transposed];
  const isAlike = here?.crop === there?.crop && here?.output_padding === there?.output_padding;
  return isAlike && keys.every((key) => one[key] === other[key]);
}

/**
 * The parameters of a stage in letters and in numbers: K·(F·F·C + 1), 1·(3·3·1 + 1) = 10 parameters; with G groups of
 * channels K·(F·F·C/G + 1). A pool has 0; empty where another layer has none.
 * @param {Stage} stage
 * @returns {{letters: FormulaPart[], numbers: FormulaPart[]}}
 */
export function parametersFormula(stage) {
  if (stage.family === "pooling") return { letters: [], numbers: [part(SIZE.parameters("0", false))] };
  if (!stage.parameters || !stage.weight) return { letters: [], numbers: [] };
  const maps = stage.shape[0];
  const each = stage.weight.length / maps;
  const bias = stage.parameters === maps * (each + 1) ? " + 1" : "";
  const [rows, columns] = [stage.rows?.kernel, stage.columns?.kernel];
  const groups = stage.groups ?? 1;
  const depth = rows && columns ? each / (rows * columns) : 0;
  const channels = groups > 1 ? `${depth * groups}/${groups}` : String(depth);
  const sides = rows && columns ? `${rows}·${columns}·${channels}` : String(each);
  const cells = groups > 1 ? "F·F·C/G" : "F·F·C";
  const end = SIZE.parameters(numberText(stage.parameters), stage.parameters === 1);
  return {
    letters: [part("K", "filter"), part("·("), part(rows ? cells : "N", "filter"), part(`${bias})`)],
    numbers: [part(String(maps), "filter"), part("·("), part(sides, "filter"), part(`${bias}) = `), part(end)],
  };
}

/** "1·(3·3·1 + 1) = 10 parameters" @param {Stage} stage */
export function parametersSentence(stage) {
  return textOf(parametersFormula(stage).numbers) || SIZE.noParameters;
}

/**
 * The step as an equation, in three forms: its law, the law with the indices of the place, and its numbers in the rows
 * and columns of the filter. A weighted sum has a fourth form, the product of two vectors. Formulas are MathML; for screen
 * readers each form is written as a sentence too.
 */

import { EQUATION, SHARING, TABS } from "convoscope/pure/strings/tab-strings.js";
import * as cells from "convoscope/pure/tabs/equation/cell-equation.js";
import * as channels from "convoscope/pure/tabs/equation/channel-equation.js";
import { formOf, formsOf } from "convoscope/pure/tabs/equation/equation-form.js";
import { foldButton } from "convoscope/pure/tabs/equation/terms-table.js";
import { framesOfPlaces, twoPlaces } from "convoscope/pure/tabs/equation/two-places.js";
import { vectorLines } from "convoscope/pure/tabs/equation/vector-equation.js";
import * as weighted from "convoscope/pure/tabs/equation/weighted-equation.js";
import * as windows from "convoscope/pure/tabs/equation/window-equation.js";
import { choices, frameOfView, lettersSwitch } from "convoscope/pure/tabs/sharing/sharing-parts.js";
import { hasWires } from "convoscope/pure/tabs/sharing/wires.js";
import { equationParts, textOf } from "convoscope/pure/text/caption.js";
import { channelNames } from "convoscope/pure/text/channel-names.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";

/** @import {Form} from "convoscope/pure/tabs/equation/equation-form.js" */
/** @import {Folding} from "convoscope/pure/tabs/equation/terms-table.js" */
/** @import {Frame, Stage, StepTexts, Trace} from "convoscope/pure/types.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * What an equation is written from.
 * @typedef {object} EquationStep
 * @property {Trace} trace
 * @property {Stage} stage
 * @property {Frame} frame
 * @property {StepTexts} texts
 * @property {string[]} channelNames
 * @property {ViewContext["size"]} size
 * @property {boolean | undefined} isOpen whether somebody unfolded or folded the sum
 */

/**
 * A line of an equation: formulas side by side, a note in words, or the place of the button that folds a sum.
 * @typedef {object} Line
 * @property {Description[]} [math]
 * @property {string} [note]
 * @property {string} [label] the channel of a slice
 * @property {boolean} [isNote] what letters stand for
 * @property {boolean} [isOutside] the note says what lies outside of the input
 * @property {boolean} [isSlice] the products of one channel, which stand beside those of others
 * @property {Folding} [fold]
 * @property {number} [count] of the terms
 */

/** @typedef {(step: EquationStep) => Line[]} Write */

const COPY = { law: cells.copyLaw, indices: cells.copyIndices, numbers: cells.copyNumbers };
const WEIGHTED = {
  law: weighted.weightedLaw,
  indices: weighted.weightedIndices,
  numbers: weighted.weightedNumbers,
  vectors: vectorLines,
};

/** The equations of each kind of step. @type {Record<string, Partial<Record<Form, Write>>>} */
const EQUATIONS = {
  conv: WEIGHTED,
  linear: WEIGHTED,
  pool: { law: windows.pooledLaw, indices: windows.pooledIndices, numbers: windows.pooledNumbers },
  mean: { law: windows.meanLaw, indices: windows.meanIndices, numbers: windows.meanNumbers },
  pointwise: { law: cells.activationLaw, indices: cells.activationIndices, numbers: cells.activationNumbers },
  batchnorm: { law: cells.normLaw, indices: cells.normIndices, numbers: cells.normNumbers },
  dropout: { law: cells.dropoutLaw, indices: cells.dropoutIndices, numbers: cells.dropoutNumbers },
  softmax: { law: channels.softmaxLaw, indices: channels.softmaxIndices, numbers: channels.softmaxNumbers },
  lrn: { law: channels.responseLaw, indices: channels.responseIndices, numbers: channels.responseNumbers },
  join: { law: cells.joinLaw, indices: cells.joinIndices, numbers: cells.joinNumbers },
  prepare: { law: cells.preparedLaw, indices: cells.preparedIndices, numbers: cells.preparedNumbers },
  input: { law: cells.pictureLaw, indices: cells.pictureIndices, numbers: cells.pictureNumbers },
  shift: COPY,
  flatten: COPY,
  pad: COPY,
  upsample: COPY,
  center: { ...COPY, law: cells.centeredLaw },
};

/** @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Description} */
export function equationView(trace, frame, context) {
  const stage = trace.stages[frame.stage];
  const form = formOf(context.view, stage);
  const bar = /** @type {Description} */ ([
    "div",
    { class: "view-bar" },
    choices("detail", form, labelsOf(stage), EQUATION.formChoice),
    stage.kind === "conv" && hasWires(stage) && lettersSwitch(context.view.letters),
    stage.kind === "conv" &&
      form === "numbers" &&
      stage.shape[1] * stage.shape[2] > 1 &&
      keepPlace(context.view, frame),
  ]);
  const frames = form === "numbers" ? framesOfPlaces(trace, context.view, frame) : [frame];
  if (frames.length < 2 || !frame.hasNumbers) return frameOfView(context, bar, equationOf(trace, frame, form, context));
  const steps = frames.map((one) => stepOf(trace, one, context));
  const said = /** @type {Description[]} */ (steps.map((step) => ["p", { class: "unseen" }, sayEquation(step, form)]));
  return frameOfView(context, bar, ["div", { class: "equation" }, ...said, twoPlaces(steps, context.view)]);
}

/**
 * A button that keeps a place while the window goes on to another one, or leaves it.
 * @param {ViewContext["view"]} view @param {Frame} frame @returns {Description}
 */
function keepPlace({ second }, { row, col }) {
  return [
    "button",
    {
      type: "button",
      class: "button plain keep-place",
      "data-second": second ? "" : [row, col].join(),
      "data-key": "keep-place",
    },
    second ? EQUATION.onePlace : EQUATION.keepPlace,
  ];
}

/**
 * What an equation is written from.
 * @param {Trace} trace @param {Frame} frame @param {Pick<ViewContext, "size" | "isOpen">} context @returns {EquationStep}
 */
function stepOf(trace, frame, { size, isOpen }) {
  const [stage, texts] = [trace.stages[frame.stage], writeStep(trace, frame)];
  return { trace, stage, frame, texts, channelNames: channelNames(trace, frame), size, isOpen };
}

/** @param {Stage} stage @returns {Record<string, string>} */
function labelsOf(stage) {
  return Object.fromEntries(formsOf(stage).map((form) => [form, EQUATION.forms[form]]));
}

/**
 * One form of the equation.
 * @param {Trace} trace @param {Frame} frame @param {Form} form @param {Pick<ViewContext, "size" | "isOpen">} context
 * @returns {Description}
 */
export function equationOf(trace, frame, form, context) {
  const needsNumbers = form === "numbers" || form === "vectors";
  if (needsNumbers && !frame.hasNumbers) return ["p", { class: "muted" }, SHARING.onTheWay];
  const step = stepOf(trace, frame, context);
  const lines = (EQUATIONS[frame.kind]?.[form] ?? WEIGHTED.numbers)(step);
  return [
    "div",
    { class: `equation of-${form}` },
    ["p", { class: "unseen" }, sayEquation(step, form)],
    ...describeLines(lines),
  ];
}

/** The lines, those of channels side by side. @param {Line[]} lines @returns {Description[]} */
function describeLines(lines) {
  const first = lines.findIndex(({ isSlice }) => isSlice);
  const last = lines.findLastIndex(({ isSlice }) => isSlice);
  const describe = (/** @type {Line[]} */ some) => some.map(lineOf).filter((line) => line !== null);
  if (first < 0) return [scrolling(describe(lines), EQUATION.region)];
  return [
    ...(first > 0 ? [scrolling(describe(lines.slice(0, first)), EQUATION.region)] : []),
    scrolling([["div", { class: "slices" }, ...describe(lines.slice(first, last + 1))]], EQUATION.terms),
    ...describe(lines.slice(last + 1)),
  ];
}

/**
 * What is wider than the view scrolls by itself.
 * @param {Description[]} parts @param {string} label @returns {Description}
 */
function scrolling(parts, label) {
  return ["div", { class: "equation-scroll", tabindex: 0, role: "region", "aria-label": label }, ...parts];
}

/** @param {Line} line @returns {Description | null} */
function lineOf({ math, note, label, isNote, isOutside, isSlice, fold, count = 0 }) {
  if (fold) {
    const button = foldButton(fold, fold.isFolded ? EQUATION.unfold(count) : EQUATION.fold);
    return button ? ["p", button] : null;
  }
  const words =
    note && /** @type {Description} */ (["p", { class: isOutside ? "small muted of-outside" : "small muted" }, note]);
  if (!math) return words || null;
  const formulas = /** @type {Description} */ ([
    "div",
    { class: isNote ? "math-line muted" : "math-line" },
    label && ["span", { class: "slice-name" }, label],
    ...math,
  ]);
  return isSlice ? ["div", { class: "slice" }, formulas] : words ? ["div", formulas, words] : formulas;
}

/** The form in a sentence, for those who hear the page. @param {EquationStep} step @param {Form} form */
function sayEquation({ trace, stage, frame }, form) {
  const law = TABS.law(stage, frame);
  if (form === "law") return law;
  const place = EQUATION.atPlace(frame.map, frame.row, frame.col);
  if (form === "indices") return `${law}; ${place}`;
  const known = frame.beat !== "window" && frame.beat !== "products" && !frame.beat.startsWith("channel-");
  return known || frame.kind === "input"
    ? `${law}. ${textOf(equationParts(trace, frame))}`
    : `${law}. ${EQUATION.waiting}`;
}

/**
 * Drawing a picture: a sheet of cells, pen and eraser, and the network that reads it. The drawing is the typed planes of
 * the scene; while it is drawn the figure follows the newest sheet, and each stroke is one step of the history.
 */

import { createDigitNetwork, putOnSheet } from "convoscope/features/draw/digit-network.js";
import { createDrawingSurface } from "convoscope/features/draw/drawing-surface.js";
import {
  blankSheet,
  drawStroke,
  fullInk,
  isBlank,
  MOST_SIDE,
  sheetOf,
  sheetOfPicture,
  sizeOf,
} from "convoscope/pure/link/drawing/sheet.js";
import { doStep, firstStep, goToStep, redoStep, undoStep } from "convoscope/pure/link/drawing/undo.js";
import { resizePlane } from "convoscope/pure/scene-edits.js";
import { DRAW } from "convoscope/pure/strings/upload-strings.js";
import { createNumberInputs } from "convoscope/ui/controls/number-grid.js";
import { build, fill, setText } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { createLiveEdits } from "convoscope/ui/site/live-edits.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Sheet} from "convoscope/pure/link/drawing/sheet.js" */
/** @import {PageTables, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Cells: the pen at first, as wide as the strokes of the digits of MNIST, and its limits. */
const [WIDTH, THINNEST, THICKEST, WIDTH_STEP] = [2.5, 1, 8, 0.5];
/** @type {Record<string, "undo" | "redo">} */
const KEYS = { "Ctrl+z": "undo", "Ctrl+Z": "redo", "Ctrl+y": "redo" };

/**
 * A gesture of the drawing: what it changes is one entry of the history, and goes behind "#picture=" where it is too long
 * for a query.
 * @typedef {{isDrawn: true}} DrawnGesture
 */

/**
 * @typedef {object} DrawEvents
 * @property {(edit: Edit, view?: Partial<View>, gesture?: object) => Promise<void> | void} onEdit resolves when the
 * figure is shown, or failed
 */

/** Resolves once its styles are there. */
export function loadStyles() {
  return loadStylesheet("crop");
}

/** @param {HTMLElement} host @param {PageTables} tables @param {DrawEvents} events */
export function createDrawPanel(host, tables, { onEdit }) {
  const live = createLiveEdits(
    async ({ edit, view, gesture }) => onEdit(edit, view, gesture),
    () => surface.element.removeAttribute("aria-busy"),
  );
  let steps = firstStep(blankSheet());
  /** The stroke that is being drawn: the sheet before it, its tool, its ink. */
  let begun = { sheet: steps.now, erases: false, ink: fullInk(steps.now), gesture: newGesture() };
  let sheet = steps.now;
  let erases = false;
  let width = WIDTH;
  let shownSize = "";
  /** @type {Trace | null} */
  let shown = null;

  const surface = createDrawingSurface({
    width: () => width,
    onStart(isEraser) {
      begun = { sheet, erases: erases || isEraser, ink: fullInk(sheet), gesture: newGesture() };
    },
    onStroke(points) {
      sheet = drawStroke(begun.sheet, { points, erases: begun.erases }, begun.ink);
      surface.show(sheet, begun.ink);
      send(begun.gesture);
    },
    onEnd() {
      if (sheet !== begun.sheet) steps = doStep(steps, sheet);
      showTools();
    },
    onCancel() {
      live.clear(begun.gesture);
      change(begun.sheet, false);
    },
    onCursor: ([row, col]) => setText(place, DRAW.place(row, col, sheet.planes[0][row][col])),
    onKey: (key) => Boolean(KEYS[key] && act(KEYS[key])),
  });
  const place = build(["span", { class: "unseen", role: "status" }]);
  const tools = build(["div", { class: "draw-tools" }]);
  const start = build(["p", { class: "small", "data-part": "draw-start" }]);
  const network = createDigitNetwork(tables, {
    sheet: () => sheet,
    onEdit: (edit, view) => void onEdit(edit, view, newGesture()),
  });
  const { sizeFields } = createNumberInputs();
  const size = build(["div"]);
  host.replaceChildren(tools, surface.element, place, network.element, start, size);
  show();

  /** @returns {DrawnGesture} */
  function newGesture() {
    return { isDrawn: true };
  }

  /** Lets the figure follow: of a stroke only the newest sheet waits. @param {object} gesture */
  function send(gesture) {
    const isOther = shown && String(shown.stages[0].shape.slice(1)) !== String(sizeOf(sheet));
    surface.element.setAttribute("aria-busy", "true");
    live.push({ edit: putOnSheet(sheet), view: isOther ? { at: null } : undefined, gesture });
  }

  /** Shows another sheet in the figure. @param {Sheet} next @param {boolean} [isStep] whether it can be taken back */
  function change(next, isStep = true) {
    if (isStep) steps = doStep(steps, next);
    sheet = next;
    show();
    send(newGesture());
  }

  /** Does nothing in the middle of a stroke. @param {"undo" | "redo"} name @returns {true} */
  function act(name) {
    const next = name === "undo" ? undoStep(steps) : redoStep(steps);
    if (next.now !== steps.now && !surface.isDrawing()) {
      steps = next;
      change(next.now, false);
    }
    return true;
  }

  function show() {
    surface.show(sheet, fullInk(sheet));
    showTools();
    const [rows, columns] = sizeOf(sheet);
    if (shownSize === `${rows} ${columns}`) return;
    shownSize = `${rows} ${columns}`;
    fill(size, sizeFields(sheet.planes[0], [MOST_SIDE, MOST_SIDE], "draw", resize));
  }

  /** A sheet of another size; its cells stay in the middle. @param {string[][]} like */
  function resize(like) {
    const planes = sheet.planes.map((plane) => resizePlane(plane, like.length, like[0].length));
    const next = { ...sheet, planes };
    if (shown && sheetOf(shown.scene)) return change(next);
    steps = doStep(steps, next);
    sheet = next;
    show();
  }

  function showTools() {
    fill(
      tools,
      [
        "div",
        { class: "choices", role: "group", "aria-label": DRAW.tools },
        toolButton(false, DRAW.pen),
        toolButton(true, DRAW.eraser),
      ],
      [
        "div",
        { class: "draw-actions" },
        actionButton("undo", DRAW.undo, steps.past.length > 0, () => act("undo")),
        actionButton("redo", DRAW.redo, steps.future.length > 0, () => act("redo")),
        actionButton("clear", DRAW.clear, !isBlank(sheet), clear),
      ],
      ["label", { class: "draw-width" }, ["span", DRAW.width(width)], widthSlider()],
    );
  }

  function clear() {
    if (isBlank(sheet) || surface.isDrawing()) return;
    const [rows, columns] = sizeOf(sheet);
    const [empty] = blankSheet(rows, columns).planes;
    change({ ...sheet, planes: sheet.planes.map(() => empty) });
  }

  /** @param {boolean} isEraser @param {string} label @returns {Description} */
  function toolButton(isEraser, label) {
    const choose = () => {
      erases = isEraser;
      showTools();
    };
    return [
      "button",
      {
        type: "button",
        "aria-pressed": String(erases === isEraser),
        "data-key": isEraser ? "draw-eraser" : "draw-pen",
        onclick: choose,
      },
      label,
    ];
  }

  /** @param {string} name @param {string} label @param {boolean} isPossible @param {() => void} onclick @returns {Description} */
  function actionButton(name, label, isPossible, onclick) {
    return [
      "button",
      { type: "button", class: "button", "data-key": `draw-${name}`, "aria-disabled": String(!isPossible), onclick },
      label,
    ];
  }

  /** @returns {Description} */
  function widthSlider() {
    return [
      "input",
      {
        type: "range",
        min: THINNEST,
        max: THICKEST,
        step: WIDTH_STEP,
        value: width,
        "aria-label": DRAW.thickness,
        "data-key": "draw-width",
        oninput(/** @type {Event} */ event) {
          const slider = /** @type {HTMLInputElement} */ (event.target);
          width = slider.valueAsNumber;
          if (slider.previousElementSibling) setText(slider.previousElementSibling, DRAW.width(width));
        },
      },
    ];
  }

  /** What a drawing starts from: an empty sheet, the numbers that are there, or the picture. @param {Trace} trace */
  function showStart(trace) {
    const picture = sheetOf(trace.scene) ? null : sheetOfPicture(trace.stages[0]);
    const onPicture = picture && [
      "button",
      { type: "button", class: "link", "data-part": "draw-on-picture", onclick: () => change(picture) },
      DRAW.onPicture,
    ];
    fill(start, sheetOf(trace.scene) ? DRAW.onNumbers : DRAW.onBlank, " ", /** @type {any} */ (onPicture));
  }

  return {
    /** @param {Trace} trace */
    show(trace) {
      shown = trace;
      const typed = sheetOf(trace.scene);
      if (!surface.isDrawing() && !live.isBusy()) {
        const { planes, divisor } = typed ?? blankSheet(...sizeOf(steps.past[0] ?? sheet));
        if (typed || !isBlank(sheet)) {
          steps = goToStep(steps, { planes, divisor });
          sheet = steps.now;
        }
        show();
      }
      showStart(trace);
      network.show(trace, typed !== null);
    },
  };
}

/**
 * "Zoom to numbers" and "Whole picture": the most telling cut of the picture with its digits, and the way back to the
 * size, crop and place from before.
 */

import { RULER_LEFT, RULER_TOP } from "convoscope/pure/maps/layout.js";
import { cropOfBlock, findTellingCut, whyNoCut } from "convoscope/pure/maps/telling-cut.js";
import { changeScene } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { getPart } from "convoscope/ui/dom.js";
import { captureMap, playZoom } from "convoscope/ui/draw/zoom-motion.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, Trace, View} from "convoscope/pure/types.js" */
/** @import {MapBefore} from "convoscope/ui/draw/zoom-motion.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Cells on each side of the whole picture where nothing is known of how it was shown before. */
const WHOLE_SIDE = 256;
/** A row and a column that become the last ones of any map. */
const LAST = 65535;
/** The part of a screen that a map has which scrolls with its page. */
const PART_OF_SCREEN = 0.52;

/**
 * What was shown before a zoom, and the cut that it went to.
 * @typedef {object} ZoomedFrom
 * @property {string} cut the key of the scene with the cut
 * @property {Pick<Scene, "size" | "crop">} scene
 * @property {Pick<View, "at" | "beat" | "stage">} view
 * @property {{input: {row: number, col: number}, output: {row: number, col: number}}} place of the cut
 */

/**
 * The motion that begins once the figure of a scene is shown.
 * @typedef {object} WaitingMotion
 * @property {string} scene its key
 * @property {number} stage
 * @property {{input: {row: number, col: number}, output: {row: number, col: number}}} place
 * @property {{input: MapBefore | null, output: MapBefore | null}} before
 */

/**
 * @param {HTMLElement} root
 * @param {(edit: Edit, view?: Partial<View>) => void} onEdit
 */
export function createNumberZoom(root, onEdit) {
  /** @type {ZoomedFrom | null} */
  let from = null;
  /** @type {WaitingMotion | null} */
  let waiting = null;
  /** The sentence why the last press found no cut, and the scene that it is for. */
  let refusal = { scene: "", text: "" };

  /** @param {Trace} trace @param {View} view @param {() => void} onRefused */
  function zoomIn(trace, view, onRefused) {
    const cut = findTellingCut(trace, view, (input, output) => cellSide(root, view.stage > 0, input, output));
    if (typeof cut === "string") {
      refusal = { scene: sceneKey(trace.scene), text: CONTROLS.noCut(cut) };
      return onRefused();
    }
    const { input: block, output } = cut;
    const change = {
      size: /** @type {[number, number]} */ ([block.rows, block.columns]),
      crop: cropOfBlock(trace.stages[0], block),
    };
    const { size, crop } = trace.scene;
    const scene = sceneKey({ ...trace.scene, ...change });
    const place = { input: { row: block.row, col: block.col }, output };
    from = { cut: scene, scene: { size, crop }, view: { at: view.at, beat: view.beat, stage: view.stage }, place };
    waiting = { scene, stage: view.stage, place, before: captureBoth(root) };
    onEdit(changeScene(change), viewInCut(trace, view));
  }

  /** @param {Trace} trace @param {View} view */
  function zoomOut(trace, view) {
    const back = from?.cut === sceneKey(trace.scene) ? from : null;
    if (!back) {
      const size = /** @type {[number, number]} */ ([WHOLE_SIDE, WHOLE_SIDE]);
      return onEdit(changeScene({ size, crop: null }), { at: [LAST, LAST], beat: "write" });
    }
    const place = { input: negate(back.place.input), output: negate(back.place.output) };
    const scene = sceneKey({ ...trace.scene, ...back.scene });
    waiting = { scene, stage: view.stage, place, before: captureBoth(root) };
    const { at, beat, stage } = back.view;
    from = null;
    onEdit(changeScene(back.scene), stage === view.stage ? { at, beat } : { at: null });
  }

  return {
    /**
     * The two buttons, or the sentence why they are not there.
     * @param {Trace} trace @param {() => View} view returns the current view @param {() => void} onRefused
     * @returns {Description[]}
     */
    rows(trace, view, onRefused) {
      const key = sceneKey(trace.scene);
      const isZoomed = from?.cut === key;
      const reason = isZoomed ? null : whyNoCut(trace);
      const isCut = reason === "small" && trace.scene.crop !== null;
      const sentence = reason && !isCut ? CONTROLS.noCut(reason) : refusal.scene === key ? refusal.text : "";
      const note = /** @type {Description} */ ([
        "p",
        { class: "small muted", "data-part": "no-cut", role: "status" },
        sentence,
      ]);
      if (reason && !isCut) return [note];
      const [, rows, columns] = trace.stages[0].shape;
      const button = (
        /** @type {string} */ name,
        /** @type {boolean} */ isOn,
        /** @type {string} */ label,
        /** @type {string} */ title,
        /** @type {() => void} */ onclick,
      ) =>
        /** @type {Description} */ ([
          "button",
          { type: "button", "aria-pressed": String(isOn), "data-key": name, "data-part": name, title, onclick },
          label,
        ]);
      return [
        [
          "div",
          { class: "choices wide", role: "group", "aria-label": CONTROLS.zoom },
          button("numbers", isZoomed || isCut, CONTROLS.zoomToNumbers, CONTROLS.zoomToNumbersHelp, () => {
            if (!isZoomed && !isCut) zoomIn(trace, view(), onRefused);
          }),
          button(
            "effect",
            !isZoomed && trace.scene.crop === null && Math.max(rows, columns) > 64,
            CONTROLS.wholePicture,
            isZoomed ? CONTROLS.zoomBackHelp : CONTROLS.wholePictureHelp,
            () => zoomOut(trace, view()),
          ),
        ],
        ...(sentence ? [note] : []),
      ];
    },
    /** Begins the motion that waits for this figure. @param {Trace} trace @param {View} view */
    show(trace, view) {
      const motion = waiting;
      waiting = null;
      if (motion?.scene !== sceneKey(trace.scene) || motion.stage !== view.stage) return;
      if (motion.before.input) playZoom(motion.before.input, motion.place.input);
      if (motion.before.output) playZoom(motion.before.output, motion.place.output);
    },
  };
}

/** @param {Scene} scene */
function sceneKey({ image, size, crop }) {
  return JSON.stringify([image, size, crop]);
}

/** @param {{row: number, col: number}} place */
function negate({ row, col }) {
  return { row: -row, col: -col };
}

/** @param {HTMLElement} root */
function captureBoth(root) {
  return { input: captureMap(getPart(root, "input-maps")), output: captureMap(getPart(root, "output-maps")) };
}

/**
 * The place in the cut: a finished map stays finished, else it is the salient cell.
 * @param {Trace} trace @param {View} view @returns {Partial<View>}
 */
function viewInCut(trace, view) {
  const { shape } = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
  const isFinished = view.at !== null && view.at[0] >= shape[1] - 1 && view.at[1] >= shape[2] - 1;
  return isFinished ? { at: [LAST, LAST], beat: "write" } : { at: null, beat: "sum" };
}

/**
 * The side of a cell in maps of so many cells on each side, as the figure would lay them out.
 * @param {HTMLElement} root @param {boolean} hasInput whether there are two maps
 * @param {number} input cells of the first map with its padding @param {number} output cells of the second one
 */
function cellSide(root, hasInput, input, output) {
  const figure = getPart(root, "figure");
  const style = getComputedStyle(figure);
  const boxes = (hasInput ? ["input", "output"] : ["output"]).map((name) => ({
    box: getPart(root, `${name}-box`),
    maps: getPart(root, `${name}-maps`),
  }));
  const around = Math.max(...boxes.map(({ box, maps }) => box.scrollHeight - maps.offsetHeight));
  const inner = figure.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  const tops = boxes.map(({ box }) => box.offsetTop);
  const isStacked = boxes.length > 1 && Math.abs(tops[1] - tops[0]) > 40;
  const high =
    style.flexGrow === "0" ? window.innerHeight * PART_OF_SCREEN : isStacked ? inner / 2 - around : inner - around;
  const widths = boxes.map(({ maps }) => maps.clientWidth);
  const wide = isStacked ? Math.min(...widths) : widths.reduce((sum, width) => sum + width, 0) / widths.length;
  const across = Math.max(input, hasInput ? output : 0);
  return Math.min((high - RULER_TOP) / across, (wide - RULER_LEFT) / across);
}

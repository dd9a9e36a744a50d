/**
 * The response of a cell as a curve, in place of the maps where there are no settings beside them: in frames and files,
 * and presented; on a phone below the figure. With it what a network said before its picture was changed.
 *
 * The numbers come from the server of the page; a file has brought them along.
 */

import { takesPage } from "convoscope/pure/frame/view-model.js";
import { isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { SWEEP } from "convoscope/pure/strings/tab-strings.js";
import { compareAnswers, hasAnswers } from "convoscope/pure/tabs/response/answers-before.js";
import { describeCurve, nameCell } from "convoscope/pure/tabs/response/curve-drawing.js";
import { sweepQuery, sweptCell } from "convoscope/pure/tabs/response/swept-cell.js";
import { stageTitle } from "convoscope/pure/text/caption.js";
import { build, fill, findPart, getPart, isDark } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/thumbnail.js";
import { measureText, NARROW } from "convoscope/ui/viewer/view/stage-room.js";

/** @import {Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {Responses, SweptCell} from "convoscope/pure/tabs/response/swept-cell.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @import {GetFile, SharesBefore} from "convoscope/ui/site/shares-before.js" */
/**
 * What a file has brought along: the curve of one cell, or why there is none, and the shares of classes before.
 * @typedef {{sweep?: {kind: string, stage: number, map: number, at: [number, number], values: number[], responses:
 * number[]}, trouble?: string, before?: number[]}} Carried
 */

/** A pause after which the cell in focus counts as chosen: a figure that plays asks for no curve. */
const PAUSE = 250;
const PHONE = "(max-width: 699px)";
const MOST_CLASSES = 3;

/** What a file has brought along, {} for anything else. @returns {Carried} */
export function readCarried() {
  return JSON.parse(findPart(document, "tables")?.textContent || "{}").response ?? {};
}

/**
 * @param {HTMLElement} root @param {GetFile | undefined} getFile left out where there is no server
 * @param {Carried} carried @param {SharesBefore} sharesBefore
 */
export function createResponse(root, getFile, carried, sharesBefore) {
  const isPage = !root.classList.contains("embed");
  const host = build([
    "section",
    { class: "response", "data-part": "response", "aria-label": SWEEP.title, hidden: true },
  ]);
  const answers = build(["section", { class: "answers-before", "data-part": "answers-before", hidden: true }]);
  getPart(root, "figure").after(host, answers);
  /** The query of the curve that is here or asked for. */
  let query = "";
  let timer = 0;
  /** @type {Responses | string | null} */
  let curve = null;
  /** @type {{trace: Trace, view: View, cell: SweptCell} | null} */
  let shown = null;
  let drawn = "";
  new ResizeObserver(() => shown && JSON.stringify(measure(shown.view)) !== drawn && draw()).observe(host);
  matchMedia(PHONE).addEventListener("change", () => latest && api.show(...latest));
  /** @type {[Trace, View] | null} */
  let latest = null;

  /** @param {string} wanted */
  async function ask(wanted) {
    const found = await get(`/api/sweep?${wanted}`, async (file) => JSON.parse(await file.text()));
    if (wanted !== query) return;
    if (typeof found === "string") query = ""; // the next change asks again
    curve = found;
    draw();
  }

  /** @template T @param {string} path @param {(file: Blob) => Promise<T>} read @returns {Promise<T | string>} */
  async function get(path, read) {
    try {
      return await read(await /** @type {GetFile} */ (getFile)(path));
    } catch (problem) {
      return /** @type {Error} */ (problem).message;
    }
  }

  /** The curve of the cell, or that of the cell that a file has it for. @param {Trace} trace @param {View} view */
  function find(trace, view) {
    const cell = sweptCell(trace, view);
    if (getFile) {
      const wanted = sweepQuery(trace.scene, cell);
      if (wanted !== query) {
        query = wanted;
        curve = null;
        clearTimeout(timer);
        timer = setTimeout(() => ask(wanted), PAUSE);
      }
      return cell;
    }
    const { sweep, trouble } = carried;
    if (!sweep || sweep.kind !== view.sweep) {
      curve = trouble ?? SWEEP.notInFile;
      return cell;
    }
    curve = sweep;
    return sweptCell(trace, { ...view, stage: sweep.stage, map: sweep.map, at: sweep.at });
  }

  /** @param {View} view */
  function measure(view) {
    const { paddingTop, paddingBottom, paddingLeft, paddingRight } = getComputedStyle(host);
    const inside = (/** @type {number} */ whole, /** @type {string[]} */ ...sides) =>
      sides.reduce((left, side) => left - parseFloat(side), whole);
    return {
      width: inside(host.clientWidth, paddingLeft, paddingRight),
      height: inside(host.clientHeight, paddingTop, paddingBottom),
      text: measureText(view, window.innerWidth < NARROW && !isPage),
    };
  }

  function draw() {
    if (!shown) return;
    const { trace, view, cell } = shown;
    const size = measure(view);
    drawn = JSON.stringify(size);
    host.style.setProperty("--letters", `${size.text}px`);
    host.toggleAttribute("aria-busy", curve === null);
    if (curve === null || typeof curve === "string")
      return fill(host, ["p", { class: "response-trouble", role: "status" }, curve ?? SWEEP.waiting(nameCell(cell))]);
    const isHigh = size.height > size.width;
    const maps = isHigh
      ? Math.min(size.width / 2 - 20, size.height * 0.3)
      : Math.min(size.width * 0.26, size.height / 2 - 40);
    const drawing = {
      width: Math.max(160, isHigh ? size.width - 20 : size.width - maps - 60),
      height: Math.max(96, (isHigh ? size.height - maps - 40 : size.height) - size.text * 6.5),
      text: size.text,
    };
    const isMap = cell.stage.index > 0 && cell.stage.shape[1] * cell.stage.shape[2] > 1;
    const stages = [trace.stages[0], ...(isMap ? [cell.stage] : [])];
    host.toggleAttribute("data-high", isHigh);
    fill(
      host,
      ["div", { class: "response-maps" }, ...stages.map((stage) => describeMap(trace, stage, cell))],
      ["div", { class: "response-curve" }, ...describeCurve(curve, cell, drawing)],
    );
    host.style.setProperty("--curve", `${Math.floor(drawing.width)}px`);
    host.style.setProperty("--side", `${Math.max(48, Math.floor(maps))}px`);
    for (const map of /** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll("[data-ratio]")))
      map.style.setProperty("--ratio", map.dataset.ratio ?? "1");
    host.querySelectorAll("canvas").forEach((canvas, i) => {
      const [stage, map] = [stages[i], i ? cell.map : 0];
      const colors = mapColors(stage, map, view.colors, view.scope, photoRange(trace), isDark(root));
      paintThumbnail(
        canvas,
        stage.shape[1],
        stage.shape[2],
        mapPicture(stage, map, !i && isColorPicture(stage, view), colors),
      );
    });
  }

  /** @param {Trace} trace @param {View} view */
  function showCurve(trace, view) {
    const isFree = !isPage || view.present || matchMedia(PHONE).matches;
    const isOn =
      isFree && view.sweep !== "" && view.predict === "" && !view.big && trace.stages[0].image?.kind !== "gone";
    host.hidden = !isOn;
    root.toggleAttribute("data-response", isOn);
    if (!isOn) {
      clearTimeout(timer);
      [shown, query] = [null, ""];
      return;
    }
    shown = { trace, view, cell: find(trace, view) };
    draw();
  }

  /** @param {Trace} trace @param {View} view */
  function showAnswers(trace, view) {
    const isFree = !isPage || view.present || matchMedia(PHONE).matches;
    const last = trace.stages.length - 1;
    const isOn = isFree && view.stage === last && !takesPage(view) && !view.predict && hasAnswers(trace);
    const before = isOn ? sharesBefore.of(trace) : null;
    answers.hidden = before === null;
    if (before !== null) fill(answers, ...describeAnswers(before, trace.stages[last]));
  }

  const api = {
    /** Shows a step. @param {Trace} trace @param {View} view */
    show(trace, view) {
      if (latest && latest[0] === trace && latest[1] === view) return;
      latest = [trace, view];
      showCurve(trace, view);
      showAnswers(trace, view);
    },
    /** The shares before are here. */
    renewAnswers: () => latest && showAnswers(...latest),
  };
  return api;
}

/** A map with its title; the cell is outlined. @param {Trace} trace @param {Stage} stage @param {SweptCell} cell @returns {Description} */
function describeMap(trace, stage, { stage: swept, at: [row, column], map }) {
  const [, rows, columns] = stage.shape;
  const isSwept = stage === swept && rows * columns > 1;
  return [
    "figure",
    { "data-ratio": columns / rows },
    [
      "figcaption",
      { class: stage.index === 0 ? "is-input" : stage.family === "pooling" ? "is-pooling" : "is-output" },
      stageTitle(trace, stage.index, stage.index ? map : undefined),
    ],
    [
      "div",
      ["canvas", { "aria-hidden": "true" }],
      isSwept && [
        "svg",
        { viewBox: `0 0 ${columns} ${rows}`, preserveAspectRatio: "none", "aria-hidden": "true" },
        ["rect", { class: "response-cell", x: column, y: row, width: 1, height: 1 }],
      ],
    ],
  ];
}

/** @param {number[] | string} before @param {Stage} after @returns {Description[]} */
function describeAnswers(before, after) {
  if (typeof before === "string") return [["p", { role: "status" }, before]];
  const { verdict, classes } = compareAnswers(before, after, MOST_CLASSES);
  return [
    ["p", { role: "status", "data-part": "verdict-before" }, verdict],
    [
      "ul",
      ...classes.map(
        ({ name, earlier, now }) => /** @type {Description} */ (["li", ["b", name], ` ${SWEEP.fromTo(earlier, now)}`]),
      ),
    ],
  ];
}

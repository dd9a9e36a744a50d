/**
 * The open view: what it shows, its presses and its size, and what connects it with the figure, as `pure/tabs/tabs.js`
 * says. Volumes, signals and the table of filters are loaded with it.
 */

import { takesStage } from "convoscope/pure/frame/view-model.js";
import { range } from "convoscope/pure/frame/window.js";
import { countWritten } from "convoscope/pure/frame/written.js";
import { isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { windowWeights } from "convoscope/pure/maps/more-marks.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { pictureAfter } from "convoscope/pure/tabs/sharing/picture-order.js";
import { ALL } from "convoscope/pure/tabs/sharing/values.js";
import { isMissing, pressOf, viewAtPress, viewOf } from "convoscope/pure/tabs/tabs.js";
import { copyButton } from "convoscope/ui/controls/copy-button.js";
import { build, isDark, setText } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";
import { placeMarks, weightsMark } from "convoscope/ui/draw/draw-more-marks.js";
import { paintSlice } from "convoscope/ui/draw/thumbnail.js";
import { createSharesBefore } from "convoscope/ui/site/shares-before.js";
import { createRenewal } from "convoscope/ui/viewer/view/contents/renewal.js";
import { createRoving } from "convoscope/ui/viewer/view/contents/roving.js";
import { createFilterStage } from "convoscope/ui/viewer/view/filters-stage.js";
import { keepScroll } from "convoscope/ui/viewer/view/lit-lines.js";
import { createMatrixCanvas } from "convoscope/ui/viewer/view/matrix-canvas.js";
import { createNetworkPanel } from "convoscope/ui/viewer/view/network-panel.js";
import { createOcclusionOpener } from "convoscope/ui/viewer/view/occlusion/open-occlusion.js";
import { createResponse, readCarried } from "convoscope/ui/viewer/view/response-stage.js";
import { createSignal } from "convoscope/ui/viewer/view/signal-stage.js";
import { measureText } from "convoscope/ui/viewer/view/stage-room.js";
import { createViewSheet } from "convoscope/ui/viewer/view/view-sheet.js";
import { createVolume } from "convoscope/ui/viewer/view/volume-stage.js";

/** @import {Cell, Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {Weight} from "convoscope/ui/arithmetic/filter-pointer.js" */

/**
 * @typedef {object} PanelEvents
 * @property {import("convoscope/ui/viewer/view/view-sheet.js").Figure} figure
 * @property {(change: Partial<View>) => void} onView
 * @property {(weight: Weight | null) => void} onWeight a weight is pointed at, or none
 * @property {(cell: {stage: number, map: number, at: Cell}) => void} onGo a cell is chosen
 * @property {(keys: string) => void} onSet keys of the View are chosen, as in a link
 * @property {((edit: import("convoscope/pure/scene-edits.js").Edit) => void) | undefined} onEdit the scene is edited; left
 * out where nothing can be
 * @property {((query: string) => string) | undefined} dataAddress the address of /api/trace with a query; without it
 * there is no server
 * @property {import("convoscope/ui/site/shares-before.js").GetFile | undefined} getFile left out without a server
 */

/** How long a press is shown while they are played. */
const PRESS_SECONDS = 1;

/** @param {HTMLElement} root @param {HTMLElement} panel @param {PanelEvents} events */
export function createViewPanel(root, panel, { figure, onView, onWeight, onGo, onSet, onEdit, dataAddress, getFile }) {
  /** @type {{trace: Trace, view: View, frame: Frame, weight: [number, number] | null} | null} */
  let shown = null;
  let drawn = "";
  /** Letters that show their number. @type {Set<string>} */
  let turned = new Set();
  /** The stage whose long sum somebody unfolded, or folded. @type {{stage: number, isOpen: boolean}} */
  let folded = { stage: -1, isOpen: false };
  /** The first stages of columns of the network that are open. @type {Set<number>} */
  let opened = new Set();
  /** Texts that have a button. @type {Set<Element>} */
  let copied = new Set();
  const matrix = createMatrixCanvas(pointAt);
  const renew = createRenewal(panel);
  const roving = createRoving(panel);

  const filters = createFilterStage(root, { onMap: (map) => onView({ map }) });
  const network = createNetworkPanel(root, panel, {
    onGo,
    onView,
    onOpen: (stage) => {
      opened = new Set(opened.has(stage) ? [...opened].filter((other) => other !== stage) : [...opened, stage]);
      draw();
    },
  });
  const occlusion = createOcclusionOpener(panel, { onView, onSet, getFile });
  const volume = createVolume(root, { onGo, onEdit });
  const carried = readCarried();
  const sharesBefore = createSharesBefore(getFile, carried.before, () => {
    response.renewAnswers();
    if (shown?.view.tab === "network") draw();
  });
  const response = createResponse(root, getFile, carried, sharesBefore);
  figure.addMarks(markFigure);
  const signal = createSignal(root, { onGo, onSet, onView });
  const sheet = createViewSheet(root, figure, () => onView({ tab: "", big: false, press: null }));
  const count = build(["span", { class: "mono small" }]);
  const [back, on] = [/** @type {const} */ (-1), /** @type {const} */ (1)].map((by) =>
    build([
      "button",
      {
        type: "button",
        class: "button plain",
        "data-part": by < 0 ? "press-back" : "press-on",
        "aria-label": by < 0 ? TABS.pressBack : TABS.pressOn,
        title: by < 0 ? TABS.pressBack : TABS.pressOn,
        onclick: () => step(by),
      },
      by < 0 ? "‹" : "›",
    ]),
  );
  const presses = build(["div", { class: "presses", "data-part": "presses", role: "group" }, back, count, on]);
  const enlarge = build([
    "button",
    {
      type: "button",
      class: "icon enlarge",
      "data-part": "enlarge-view",
      onclick: () => onView({ big: !shown?.view.big }),
    },
    "⤢",
  ]);
  panel.before(enlarge);
  panel.after(presses);
  new ResizeObserver(() => redraw()).observe(panel);
  window.addEventListener("resize", redraw);

  panel.addEventListener("click", ({ target }) => turnLetter(target) || fold(target) || go(target));
  panel.addEventListener("keydown", (event) => {
    if (matrix.press(event)) event.preventDefault();
    const isPress = event.key === "Enter" || event.key === " ";
    if (isPress && !(event.target instanceof HTMLButtonElement) && go(event.target)) event.preventDefault();
  });
  for (const name of ["pointerover", "focusin"]) panel.addEventListener(name, (event) => pointAt(event.target));
  for (const name of ["pointerleave", "focusout"]) panel.addEventListener(name, () => pointAt(null));

  /** Scrolls the row of tabs to the open one. @param {string} name */
  function revealTab(name) {
    const tab = /** @type {HTMLElement | null} */ (root.querySelector(`[data-tab="${name}"]`));
    const row = tab?.parentElement;
    if (!tab || !row) return;
    const [own, around] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
    if (own.right > around.right) row.scrollLeft += own.right - around.right;
    else if (own.left < around.left) row.scrollLeft += own.left - around.left;
  }

  /** @param {EventTarget | null} target @returns {boolean} whether it leads to a cell */
  function go(target) {
    if (!(target instanceof Element)) return false;
    const keys = target.closest("[data-set]")?.getAttribute("data-set");
    if (keys) onSet(keys);
    const second = target.closest("[data-second]")?.getAttribute("data-second");
    if (second !== undefined && second !== null)
      onView({ second: second ? /** @type {Cell} */ (second.split(",").map(Number)) : null });
    const place = target.closest("[data-go]")?.getAttribute("data-go");
    if (!place) return Boolean(keys);
    const [stage, map, row, col] = place.split(",").map(Number);
    onGo({ stage, map, at: [row, col] });
    return true;
  }

  /** Turns a letter into its number, or back. @param {EventTarget | null} target @returns {boolean} whether it is one */
  function turnLetter(target) {
    const name = target instanceof Element ? target.closest("[data-letter]")?.getAttribute("data-letter") : null;
    if (!name) return false;
    const all = [...panel.querySelectorAll("button[data-letter]")].map((one) => one.getAttribute("data-letter") ?? "");
    if (name === ALL) turned = new Set(turned.has(ALL) ? [] : [ALL]);
    else if (turned.has(ALL)) turned = new Set(all.filter((other) => other !== ALL && other !== name));
    else turned = new Set(turned.has(name) ? [...turned].filter((other) => other !== name) : [...turned, name]);
    draw();
    return true;
  }

  /** Unfolds or folds a long sum. @param {EventTarget | null} target @returns {boolean} whether it was asked for */
  function fold(target) {
    const to = target instanceof Element ? target.closest("[data-fold]")?.getAttribute("data-fold") : null;
    if (!to || !shown) return false;
    folded = { stage: shown.frame.stage, isOpen: to === "open" };
    draw();
    return true;
  }

  let pointed = "";
  /** @param {EventTarget | null} target */
  function pointAt(target) {
    const weight = target instanceof Element ? target.closest("[data-weight]")?.getAttribute("data-weight") : null;
    if ((weight ?? "") === pointed || !shown) return;
    pointed = weight ?? "";
    const [row, col] = pointed.split(",").map(Number);
    onWeight(weight ? [row, col, `weight-0-${row * shown.frame.columns.length + col}`] : null);
  }

  /** @param {1 | -1} by @returns {boolean} whether there was one more press */
  function step(by) {
    if (!shown) return false;
    const { trace, view, frame } = shown;
    const { all, now } = pressOf(view, trace, frame);
    const to = now + by;
    if (to < 0 || to > all) return false;
    onView(viewAtPress(view, trace, frame, to));
    return true;
  }

  /** Opens the picture that follows the last press. @param {1 | -1} by @returns {boolean} whether there is one */
  function turnPage(by) {
    const next = shown && !isMissing(shown.view.tab, shown.trace, shown.frame) ? pictureAfter(shown.view, by) : null;
    if (next) onView(next);
    return next !== null;
  }

  /** What the view has room for, as it was measured: that waits for the page to be laid out. */
  const room = { of: "", size: { width: 0, height: 0, text: 0 } };
  /** @param {View} view */
  function measureOnce(view) {
    const of = [view.tab, view.big, view.present, presses.hidden].join();
    if (of !== room.of) Object.assign(room, { of, size: measure(view) });
    return room.size;
  }

  /** @param {View} view */
  function measure(view) {
    const style = getComputedStyle(panel);
    const most = takesStage(view) ? panel.clientHeight : parseFloat(style.maxHeight) || panel.clientHeight;
    const [across, down] = [
      parseFloat(style.paddingLeft) + parseFloat(style.paddingRight),
      parseFloat(style.paddingTop) + parseFloat(style.paddingBottom),
    ];
    return {
      width: Math.max(0, panel.clientWidth - across),
      height: Math.max(0, most - down),
      text: measureText(view),
    };
  }

  /** Draws the view again if it has another size. */
  function redraw() {
    room.of = "";
    if (shown?.view.tab && JSON.stringify(measureOnce(shown.view)) !== drawn) draw();
  }

  function draw() {
    if (!shown) return;
    const { trace, view, frame } = shown;
    const { all, now } = pressOf(view, trace, frame);
    presses.hidden = all === 0;
    const size = measureOnce(view);
    drawn = JSON.stringify(size);
    const { tab, neuron, matrix: drawing, letters, detail, library, program } = view;
    const counts = countWritten(trace, tab === "network" ? { ...view, isWhole: true } : view);
    const written = counts[frame.stage];
    const isOpen = folded.stage === frame.stage ? folded.isOpen : undefined;
    const picture = [trace.link, tab, neuron, drawing, letters, detail, library, program, frame.stage].join(" ");
    const follow = keepScroll(panel);
    const known = tab === "network" ? sharesBefore.of(trace) : null;
    const before = typeof known === "string" ? null : known;
    const ofNetwork = tab === "network" ? { scores: network.orderScores(trace, view), before } : {};
    const context = {
      view,
      press: now,
      presses: all,
      size,
      written,
      turned,
      isOpen,
      opened,
      dataAddress,
      ...ofNetwork,
    };
    renew(picture, viewOf(tab, trace, frame, context));
    for (const text of /** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll("[data-copy]")))
      if (!copied.has(text)) text.before(copyButton(text, "copy-code", text.dataset.copy));
    copied = new Set(panel.querySelectorAll("[data-copy]"));
    follow();
    paintThumbnails(panel, trace, view, counts);
    network.mount(trace, frame, context);
    occlusion.mount(trace, context);
    matrix.mount(panel, trace, view, frame, size, written, shown.weight);
    light(shown.weight);
    roving.renew();
    setText(count, TABS.pressCount(now, all));
    back.toggleAttribute("disabled", now === 0);
    on.toggleAttribute("disabled", now === all);
    enlarge.title = enlarge.ariaLabel = view.big ? TABS.shrink : TABS.enlarge;
    enlarge.setAttribute("aria-pressed", String(view.big));
  }

  /** Marks a weight that is lit in the figure. @param {[number, number] | null} weight */
  function light(weight) {
    matrix.light(weight);
    for (const one of panel.querySelectorAll("[data-weight], .lit"))
      one.classList.toggle("lit", weight !== null && one.getAttribute("data-weight") === weight.join());
  }

  return {
    /**
     * @param {Trace} trace
     * @param {View} view
     * @param {Frame} frame
     * @param {[number, number] | null} weight that is lit
     */
    show(trace, view, frame, weight) {
      const before = shown;
      shown = { trace, view, frame, weight };
      if (!view.letters && turned.size) turned = new Set();
      const isSame = before?.trace === trace && before.view === view && before.frame === frame;
      if (view.tab && view.tab !== before?.view.tab) revealTab(view.tab);
      if (view.tab && isSame) light(weight);
      else if (view.tab) draw();
      else {
        network.leave(trace);
        occlusion.leave();
      }
      filters.show(trace, view, frame);
      volume.show(trace, view, frame);
      response.show(trace, view);
      signal.show(trace, view, frame);
      sheet.follow(frame);
    },
    /**
     * The presses one after the other, from here or else from the first; without presses, what is shown.
     * @param {Trace} trace @param {View} view @param {Frame} frame @param {number} tempo
     * @returns {import("convoscope/pure/frame/timeline.js").PlaybackPlan}
     */
    planPresses(trace, view, frame, tempo) {
      const { all, now } = pressOf(view, trace, frame);
      const seconds = PRESS_SECONDS / (tempo > 0 ? tempo : 1);
      const presses = range(all + 1).slice(now === all ? 0 : now);
      const stops = presses.map((press, n) => ({
        position: 0,
        beat: "",
        viewPress: press === all ? null : press,
        time: n * seconds,
      }));
      return { duration: stops[stops.length - 1].time, stops, skips: 1 };
    },
    /** @param {1 | -1} by @returns {boolean} whether what takes the stage has one more press */
    press: (by) => (shown && takesStage(shown.view) ? step(by) || turnPage(by) : signal.press(by)),
    /** Goes back to the network, where the figure was reached from it. @returns {boolean} whether it was */
    leadBack: () => network.leadBack(),
  };
}

/** Paints the weights of one output, of the channel that a canvas is for. @param {HTMLElement} panel @param {Trace} trace */
function paintWeights(panel, trace) {
  for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (panel.querySelectorAll("canvas[data-weights]"))) {
    const [index, map, channel, rows, columns] = (canvas.dataset.weights ?? "").split(",").map(Number);
    const { weight, shape } = trace.stages[index];
    const place = { maps: shape[0], map, slice: channel, rows, columns };
    if (weight) paintSlice(canvas, weight, place, isDark(panel));
  }
}

/** Marks of the figure that the View asks for. @type {import("convoscope/ui/figure/figure.js").MoreMarks} */
function markFigure({ trace, view, chosenChannel }, frame, hints) {
  const weights = windowWeights(trace, view, chosenChannel, frame, hints);
  const places = hints.lifted?.window ? [] : placeMarks(trace, view, frame);
  return {
    input: [...(weights.length ? [weightsMark(weights)] : []), ...places.map(({ window }) => window)],
    output: places.map(({ cell }) => cell),
  };
}

/**
 * Paints the maps that a view has canvases for.
 * @param {HTMLElement} panel @param {Trace} trace @param {View} view
 * @param {number[]} written how many cells of each stage are known
 */
function paintThumbnails(panel, trace, view, written) {
  paintWeights(panel, trace);
  const canvases = /** @type {NodeListOf<HTMLCanvasElement>} */ (panel.querySelectorAll("canvas[data-thumb]"));
  const dark = canvases.length > 0 && isDark(panel);
  for (const canvas of canvases) {
    const [index, map] = (canvas.dataset.thumb ?? "").split(",").map(Number);
    const stage = trace.stages[index];
    const isWhole = map < 0 && isColorPicture(stage, view);
    const colors = mapColors(stage, Math.max(map, 0), view.colors, view.scope, photoRange(trace), dark);
    const picture = mapPicture(stage, Math.max(map, 0), isWhole, colors);
    paintThumbnail(canvas, stage.shape[1], stage.shape[2], picture, written[index]);
  }
}

/**
 * The network in its panel: what is pointed at has its wires at once, a click zooms into the figure at that map, and Escape
 * leads back.
 */

import { mapColors, photoRange, weightScale } from "convoscope/pure/maps/palette.js";
import {
  arrangeNetwork,
  chosenBy,
  findWires,
  networkMarks,
  networkSays,
} from "convoscope/pure/tabs/network/network-view.js";
import { orderScores } from "convoscope/pure/tabs/network/score-order.js";
import { build, fill, findPart, isDark } from "convoscope/ui/dom.js";
import { copyPicture, paintThumbnail } from "convoscope/ui/draw/thumbnail.js";

/** @import {Cell, Frame, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @import {Chosen} from "convoscope/pure/tabs/network/network-wires.js" */
/** @import {Network} from "convoscope/pure/tabs/network/network-view.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */

/** How long the way into the figure takes, in milliseconds. */
const ZOOM_MS = 320;

/**
 * @param {HTMLElement} root @param {HTMLElement} panel
 * @param {{onGo: (cell: {stage: number, map: number, at: Cell}) => void, onView: (change: Partial<View>) => void,
 * onOpen: (stage: number) => void}} events `onOpen`: a column of several stages opens or closes
 */
export function createNetworkPanel(root, panel, { onGo, onView, onOpen }) {
  /** What is shown; null while another view is. @type {{trace: Trace, frame: Frame, context: ViewContext} | null} */
  let shown = null;
  /** The link of the figure that was reached from here, so that Escape leads back; "" for none. */
  let cameFrom = "";
  let marked = "";
  /** The network as it is drawn, arranged when something is pointed at. @type {Network | null} */
  let network = null;
  /** The order of the scores since the view was opened. @type {import("convoscope/pure/tabs/network/score-order.js").ScoreOrder | null} */
  let scores = null;

  for (const name of ["pointermove", "focusin"])
    panel.addEventListener(name, (event) => shown && mark(chosenAt(/** @type {PointerEvent} */ (event))));
  for (const name of ["pointerleave", "focusout"])
    panel.addEventListener(name, (event) => {
      const next = /** @type {FocusEvent} */ (event).relatedTarget;
      if (shown && !(next instanceof Node && panel.contains(next))) mark(null);
    });
  panel.addEventListener("click", handleClick);

  /**
   * The map or the cell at a pointer; null beside all of them. By keys a map is chosen, not a cell.
   * @param {PointerEvent | MouseEvent} event @returns {Chosen | null}
   */
  function chosenAt({ target, clientX, clientY, type }) {
    if (!(target instanceof Element)) return null;
    const [cells, strip] = ["data-cells", "data-strip"].map((name) => target.closest(`[${name}]`));
    const byKey = type === "focusin" || (clientX === 0 && clientY === 0);
    if (cells) {
      const [stage, map, rows, columns] = (cells.getAttribute("data-cells") ?? "").split(",").map(Number);
      if (byKey || rows * columns === 1) return { stage, map, at: rows * columns === 1 ? [0, 0] : null };
      const { left, top, width, height } = cells.getBoundingClientRect();
      return { stage, map, at: [place((clientY - top) / height, rows), place((clientX - left) / width, columns)] };
    }
    if (!strip) return null;
    const [stage, count, way] = (strip.getAttribute("data-strip") ?? "").split(",");
    const { left, top, width, height } = strip.getBoundingClientRect();
    const part = byKey ? 0 : way === "down" ? (clientY - top) / height : (clientX - left) / width;
    return { stage: Number(stage), map: place(part, Number(count)), at: [0, 0] };
  }

  /** Shows the wires into what is pointed at, or else into what the View chooses. @param {Chosen | null} chosen */
  function mark(chosen) {
    if (!shown) return;
    const { trace, frame, context } = shown;
    const now = chosen ?? chosenBy(frame, context.view);
    if (JSON.stringify(now) === marked) return;
    marked = JSON.stringify(now);
    network ??= arrangeNetwork(trace, frame, context);
    const found = findWires(network, now);
    const [marks, says] = ["network-marks", "network-says"].map((name) => findPart(panel, name));
    if (marks) fill(marks, ...networkMarks(network, found));
    if (says) fill(says, ...networkSays(network, found));
  }

  /** @param {MouseEvent} event */
  function handleClick(event) {
    if (!shown || !(event.target instanceof Element)) return;
    const opens = event.target.closest("[data-open]")?.getAttribute("data-open");
    if (opens) return onOpen(Number(opens));
    const { view } = shown.context;
    if (view.lock.includes("figure")) return;
    const more = event.target.closest("[data-zoom]")?.getAttribute("data-zoom")?.split(",").map(Number);
    if (more) return zoom(null, { stage: more[0], map: more[1], at: null });
    const chosen = chosenAt(event);
    if (!chosen) return;
    const isTouch = /** @type {PointerEvent} */ (event).pointerType === "touch";
    const now = chosenBy(shown.frame, view);
    const isNew = chosen.stage !== now.stage || chosen.map !== now.map;
    if (event.shiftKey || (isTouch && isNew)) return onGo({ ...chosen, at: chosen.at ?? [0, 0] });
    zoom(event.target.closest("[data-cells], [data-strip]"), chosen);
  }

  /** Goes into the figure at what was clicked. @param {Element | null} from @param {Chosen} chosen */
  function zoom(from, { stage, map, at }) {
    const canvas = from?.querySelector("canvas");
    const start = canvas?.getBoundingClientRect();
    cameFrom = shown?.trace.link ?? "";
    onView({ tab: "", big: false, press: null, stage, map, at, beat: "write" });
    if (canvas && start) fly(canvas, start, () => findPart(root, "output-maps")?.getBoundingClientRect());
  }

  return {
    /** The classes in the order of their bars, while this view is open. @param {Trace} trace @param {View} view */
    orderScores(trace, view) {
      scores = orderScores(trace, view, scores);
      return scores.order;
    },
    /**
     * Connects the panel with what it shows, or with another view.
     * @param {Trace} trace @param {Frame} frame @param {ViewContext} context
     */
    mount(trace, frame, context) {
      const isHere = context.view.tab === "network";
      shown = isHere ? { trace, frame, context } : null;
      network = null;
      if (!isHere) scores = null;
      cameFrom = "";
      root.toggleAttribute("data-waits", isHere && context.press < context.presses);
      marked = isHere ? JSON.stringify(chosenBy(frame, context.view)) : "";
      if (isHere) paint(panel, trace, context.view);
    },
    /** The view was closed, or another figure is shown. @param {Trace} trace */
    leave(trace) {
      shown = network = scores = null;
      if (trace.link !== cameFrom) cameFrom = "";
      root.removeAttribute("data-waits");
    },
    /** Goes back to where the figure was reached from. @returns {boolean} whether that was here */
    leadBack() {
      if (!cameFrom) return false;
      onView({ tab: "network", big: false, press: null });
      return true;
    },
  };
}

/** @param {number} part @param {number} count */
function place(part, count) {
  return Math.min(Math.max(Math.floor(part * count), 0), count - 1);
}

/** Paints lines of numbers, and weights as pictures. @param {HTMLElement} panel @param {Trace} trace @param {View} view */
function paint(panel, trace, view) {
  const dark = isDark(panel);
  for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (panel.querySelectorAll("canvas[data-values]"))) {
    const [index, way] = (canvas.dataset.values ?? "").split(",");
    const stage = trace.stages[Number(index)];
    const colors = mapColors(stage, 0, view.colors, "layer", photoRange(trace), dark);
    const values = stage.output ?? new Float32Array(stage.shape[0]);
    const [rows, columns] = way === "down" ? [values.length, 1] : [1, values.length];
    paintThumbnail(canvas, rows, columns, colors.rgba(values));
  }
  for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (panel.querySelectorAll("canvas[data-template]"))) {
    const [index, map] = (canvas.dataset.template ?? "").split(",").map(Number);
    paintTemplate(canvas, trace, trace.stages[index], map, dark);
  }
}

/**
 * The weights of one number as a picture: of three channels in color, where gray is a weight of 0.
 * @param {HTMLCanvasElement} canvas @param {Trace} trace @param {Stage} stage @param {number} map @param {boolean} dark
 */
function paintTemplate(canvas, trace, stage, map, dark) {
  const source = stage.reads.map((index) => trace.stages[index])[0];
  const [channels, rows, columns] = source.kind === "flatten" ? trace.stages[source.reads[0]].shape : source.shape;
  const cells = rows * columns;
  const all = /** @type {Float32Array} */ (stage.weight).subarray(map * channels * cells, (map + 1) * channels * cells);
  if (channels !== 3) return paintThumbnail(canvas, rows, columns, weightScale(all, dark).rgba(all.subarray(0, cells)));
  const largest = all.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
  const rgba = new Uint8ClampedArray(cells * 4);
  for (let n = 0; n < cells; n++) {
    for (let c = 0; c < 3; c++) rgba[4 * n + c] = 127.5 + (127.5 * all[c * cells + n]) / largest;
    rgba[4 * n + 3] = 255;
  }
  paintThumbnail(canvas, rows, columns, rgba);
}

/**
 * Moves a copy of a picture from where it was to where it is now.
 * @param {HTMLCanvasElement} canvas @param {DOMRect} start @param {() => DOMRect | undefined} find
 */
function fly(canvas, start, find) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const copy = /** @type {HTMLCanvasElement} */ (build(["canvas", { class: "network-flight", "aria-hidden": true }]));
  copyPicture(canvas, copy);
  document.body.append(copy);
  requestAnimationFrame(() => {
    const end = find() ?? start;
    const at = (/** @type {DOMRect} */ { x, y, width, height }) => ({
      left: `${x}px`,
      top: `${y}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
    const flight = copy.animate([at(start), { ...at(end), opacity: 0.4 }], {
      duration: ZOOM_MS,
      easing: "ease-in-out",
    });
    flight.finished.finally(() => copy.remove());
  });
}

/**
 * The signal that takes the place of the maps of a figure: its element, its room, what the pointer shows and what a click
 * does; and the button that offers it where maps of one row are shown.
 */

import { takesStage } from "convoscope/pure/frame/view-model.js";
import { listStory } from "convoscope/pure/story/story.js";
import { SIGNAL } from "convoscope/pure/strings/tab-strings.js";
import { canCompare, hasSignal, partsOf } from "convoscope/pure/tabs/signal/signal-parts.js";
import { signalView } from "convoscope/pure/tabs/signal/signal-view.js";
import { build, fill, getPart } from "convoscope/ui/dom.js";
import { measureStage } from "convoscope/ui/viewer/view/stage-room.js";

/** @import {Cell, Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {Pointed} from "convoscope/pure/tabs/signal/signal-view.js" */

/** Parts that hide numbers which a signal shows together. */
const HIDDEN_PARTS = ["input", "sums", "output"];

/**
 * @param {HTMLElement} root
 * @param {{onGo: (cell: {stage: number, map: number, at: Cell}) => void, onSet: (keys: string) => void,
 * onView: (change: Partial<View>) => void}} events
 */
export function createSignal(root, { onGo, onSet, onView }) {
  /** @type {{trace: Trace, view: View, frame: Frame} | null} */
  let shown = null;
  let drawn = "";
  /** @type {Pointed | null} */
  let pointed = null;
  const host = build(["section", { class: "signal", "data-part": "signal", "aria-label": SIGNAL.title, tabindex: 0 }]);
  const button = (/** @type {boolean} */ signal, /** @type {string} */ part, /** @type {string} */ text) =>
    build([
      "button",
      { type: "button", class: "button signal-switch", "data-part": part, onclick: () => onView({ signal }) },
      text,
    ]);
  const offer = button(true, "show-signal", SIGNAL.offer);
  const leave = button(false, "show-maps", SIGNAL.asMaps);
  offer.hidden = leave.hidden = true;
  getPart(root, "figure").before(host);
  getPart(root, "figure").after(offer, leave);
  new ResizeObserver(() => shown && JSON.stringify(measureStage(root, host, shown.view)) !== drawn && draw()).observe(
    host,
  );

  host.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !shown || shown.view.lock.includes("figure")) return;
    const keys = target.closest("[data-set]")?.getAttribute("data-set");
    if (keys) return onSet(keys);
    const place = target.closest("[data-go]")?.getAttribute("data-go");
    if (!place) return;
    const [stage, map, row, col] = place.split(",").map(Number);
    onGo({ stage, map, at: [row, col] });
  });
  // A finger's touch is a click: what it shows for the pointer would be drawn under it.
  host.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "mouse") point(target instanceof Element ? target.closest("[data-point]") : null);
  });
  host.addEventListener("pointerleave", () => point(null));

  /** @param {Element | null} spot */
  function point(spot) {
    const [side, map, index] = spot?.getAttribute("data-point")?.split(",") ?? [];
    const next = side ? /** @type {Pointed} */ ({ side, map: Number(map), index: Number(index) }) : null;
    if (JSON.stringify(next) === JSON.stringify(pointed)) return;
    pointed = next;
    if (shown) draw();
  }

  function draw() {
    if (!shown) return;
    const { trace, view, frame } = shown;
    const size = measureStage(root, host, view);
    drawn = JSON.stringify(size);
    const canChoose = view.ui === "full" && !view.lock.includes("figure");
    const context = { view, size, pointed, canChoose };
    fill(host, signalView(trace, frame, context));
    const over = size.height ? host.scrollHeight - host.clientHeight : 0; // lines of text may break where none was planned
    if (over > 0)
      fill(host, signalView(trace, frame, { ...context, size: { ...size, height: size.height - over - 1 } }));
  }

  return {
    /**
     * Shows a step, where the View wants a signal and no view has the stage.
     * @param {Trace} trace @param {View} view @param {Frame} frame
     */
    show(trace, view, frame) {
      const hasOne =
        hasSignal(trace, frame) &&
        !view.predict &&
        !view.table &&
        !view.hide.some((part) => HIDDEN_PARTS.includes(part));
      const isBig = takesStage(view);
      const isOn = view.signal && !isBig && hasOne;
      const canSwitch = !isBig && hasOne && root.classList.contains("page") && !view.lock.includes("figure");
      offer.hidden = view.signal || view.volume || !canSwitch;
      leave.hidden = !isOn || !canSwitch;
      const isSame = shown?.trace === trace && shown.view === view && shown.frame === frame;
      shown = isOn ? { trace, view, frame } : null;
      root.toggleAttribute("data-signal", isOn);
      if (isOn && !isSame) draw();
    },
    /**
     * One press of a clicker: after the story of a line, the line is wired three ways.
     * @param {1 | -1} by @returns {boolean} whether there was one more press
     */
    press(by) {
      if (!shown) return false;
      const { trace, view, frame } = shown;
      if (view.neuron === "full") {
        const isLast = frame.stage === trace.stages.length - 1;
        if (by < 0 || !isLast) onView({ neuron: "one" });
        return by < 0;
      }
      const isTold = by > 0 && view.story === listStory(trace, frame.stage).length;
      if (!isTold || !canCompare(partsOf(trace, frame))) return false;
      onView({ neuron: "full" });
      return true;
    },
  };
}

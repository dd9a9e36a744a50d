/**
 * Shows tracks on a layer above the figure from their start to their end. What has not arrived yet is hidden, for eyes
 * alone. Animation frames are requested only while something moves.
 */

import { marksAt } from "convoscope/pure/motion/transition.js";
import { getPart } from "convoscope/ui/dom.js";
import { createMotionLayer } from "convoscope/ui/draw/draw-motion.js";
import { elementAt } from "convoscope/ui/motion/measure-places.js";

/** @import {Rect} from "convoscope/pure/types.js" */
/** @import {Track} from "convoscope/pure/motion/tracks.js" */
/** @import {Figure} from "convoscope/ui/motion/measure-places.js" */

/** Space around everything that moves, for outlines. */
const MARGIN = 20;
/** Where marks are looked at to find out how large their layer has to be. */
const SAMPLES = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1];

/**
 * What is shown, and for how many milliseconds. `plan` finds the tracks on the page as it is now; `pictures` are those of
 * a map at its start and at its end. `isAgain`: it has begun a second time, at another size.
 * @typedef {{plan: () => Track[], time: number, pictures: HTMLCanvasElement[], isAgain?: boolean}} FlightPlan
 */

/**
 * @param {HTMLElement} root @param {Figure} figure @param {FlightPlan} asked
 * @param {() => void} onArrival called when everything has arrived @param {Track[]} [tracks] those of the plan
 */
export function startFlight(root, figure, asked, onArrival, tracks = asked.plan()) {
  const host = getPart(root, "figure");
  const [input, output] = [figure.maps.input.shown()?.layout, figure.maps.output.shown()?.layout];
  if (!tracks.length || !output) return null;
  const line = root.querySelector(".link-lines .of-window");
  const layer = createMotionLayer(host, boundsOf(tracks, host), {
    layouts: { input: input ?? output, output },
    lineColor: line ? getComputedStyle(line).stroke : "",
    isPooling: root.dataset.family === "pooling",
    pictures: asked.pictures,
  });
  /** @type {Map<string, HTMLElement | SVGElement | null>} */
  const elements = new Map(tracks.flatMap(({ hides }) => (hides ? [[hides, elementAt(root, hides)]] : [])));
  const since = performance.now();
  let ticks = 0;

  /** @param {number} t */
  function draw(t) {
    const marks = marksAt(tracks, t);
    for (const { hides, kind, opacity, hasArrived } of marks) {
      const element = elements.get(hides);
      const shown = kind === "fade" ? String(opacity) : hasArrived ? "" : "0";
      if (element && element.style.opacity !== shown) element.style.opacity = shown;
    }
    layer.paint(marks);
  }

  /** @param {number} now */
  function tick(now) {
    ticks += 1;
    const t = Math.max((now - since) / asked.time, 0);
    if (t >= 1) return onArrival();
    draw(t);
    animationFrame = requestAnimationFrame(tick);
  }

  draw(0);
  let animationFrame = requestAnimationFrame(tick);
  return {
    asked,
    /** Whether it has only just begun: the page may still get the size that the step gives it. */
    isFresh: () => ticks <= 1,
    /** Shows everything where it rests. */
    end() {
      cancelAnimationFrame(animationFrame);
      for (const element of elements.values()) element?.style.removeProperty("opacity");
      layer.remove();
    },
  };
}

/** Where tracks lead along, within the figure. @param {Track[]} tracks @param {HTMLElement} host @returns {Rect} */
function boundsOf(tracks, host) {
  const drawn = tracks.filter(({ kind }) => kind !== "cover" && kind !== "fade");
  const places = [...SAMPLES.flatMap((t) => marksAt(drawn, t)), ...drawn.flatMap(({ table }) => table ?? [])];
  const [left, top] = [places.map(({ x }) => x), places.map(({ y }) => y)].map((all) =>
    Math.max(0, Math.floor(Math.min(...all)) - MARGIN),
  );
  const right = Math.max(...places.map(({ x, width }) => x + width)) + MARGIN;
  const bottom = Math.max(...places.map(({ y, height }) => y + height)) + MARGIN;
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.ceil(Math.min(right, host.clientWidth) - left)),
    height: Math.max(1, Math.ceil(Math.min(bottom, host.clientHeight) - top)),
  };
}

/**
 * Moves the figure from one step to the next. The page shows the next step at once, to a screen reader too; a layer above
 * the figure shows what is still on its way, and what has not arrived is hidden. Animation frames are requested only while
 * something moves.
 */

import { countSum } from "convoscope/pure/motion/running-total.js";
import { stageTracks } from "convoscope/pure/motion/step-tracks.js";
import { motionTime, TIMINGS } from "convoscope/pure/motion/timings.js";
import { marksAt, nameTransition, planTracks, timeOf } from "convoscope/pure/motion/transition.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";
import { getPart } from "convoscope/ui/dom.js";
import { createMotionLayer } from "convoscope/ui/draw/draw-motion.js";
import {
  createRuler,
  elementAt,
  measureMarks,
  measurePlaces,
  measureResult,
} from "convoscope/ui/motion/measure-places.js";

/** @import {Frame, Rect, Trace} from "convoscope/pure/types.js" */
/** @import {Hints, Lifted} from "convoscope/pure/maps/marks.js" */
/** @import {Mark, Track} from "convoscope/pure/motion/tracks.js" */
/** @import {TransitionName} from "convoscope/pure/motion/transition.js" */
/** @import {Figure} from "convoscope/ui/motion/measure-places.js" */
/** @import {Allowance, ShownStep} from "convoscope/ui/viewer/open-motion.js" */

/** Space around everything that moves, for outlines. */
const MARGIN = 20;
/** What a transition draws in place of the maps. @type {Partial<Record<TransitionName, Lifted>>} */
const LIFTED = {
  window: { window: true, cell: true },
  slide: { window: true, cell: true },
  sum: { line: true },
  pick: { line: true },
  write: { value: true },
};

/** Which map goes where when the stage changes. */
const [NEXT, PREVIOUS] = /** @type {const} */ ([
  ["output", "input"],
  ["input", "output"],
]);

/**
 * A motion under way. `ticks`: how many animation frames it has had. `plan` finds its tracks again where the page has
 * another size.
 * @typedef {object} Flight
 * @property {() => Track[]} plan
 * @property {Track[]} tracks
 * @property {number} time milliseconds
 * @property {number} since
 * @property {number} ticks
 * @property {HTMLCanvasElement[]} pictures
 * @property {Map<string, HTMLElement | SVGElement>} hidden
 * @property {ReturnType<typeof createMotionLayer>} layer
 */

/** @typedef {{rect: Rect, picture: HTMLCanvasElement}} MapPicture */

/** @param {HTMLElement} root @param {Figure} figure @param {ShownStep | null} latest the step that is shown */
export function createMotion(root, figure, latest) {
  const host = getPart(root, "figure");
  /** @type {Flight | null} */
  let flight = null;
  let shown = latest;
  /** What begins as soon as the page shows its step. @type {{time: (own: number) => number, plan: () => Track[]} | null} */
  let coming = null;
  /** @type {Lifted | null} */
  let lifted = null;
  /** How many positions in a row were played. */
  let played = 0;
  /** Until when the last step by hand moves: who steps sooner sees steps at rest. */
  let restsAt = 0;
  /** Both maps before the stage changes. @type {Record<"input" | "output", MapPicture | null> | null} */
  let left = null;
  let animationFrame = 0;
  let isHeld = false;

  /** Ends what moves: everything is at rest. */
  function end() {
    coming = null;
    if (!flight || isHeld) return;
    cancelAnimationFrame(animationFrame);
    for (const element of flight.hidden.values()) element.style.removeProperty("opacity");
    flight.layer.remove();
    flight = null;
    lifted = null;
  }

  /** Shows the step at rest after its motion. */
  function finish() {
    end();
    if (shown) figure.mark(shown.frame, shown.hints);
  }

  /** @param {number} now */
  function tick(now) {
    if (!flight) return;
    flight.ticks += 1;
    const t = Math.min(Math.max((now - flight.since) / flight.time, 0), 1);
    if (t === 1) return finish();
    draw(flight, t);
    animationFrame = requestAnimationFrame(tick);
  }

  /** @param {Flight} flight @param {number} t */
  function draw({ tracks, hidden, layer }, t) {
    const marks = marksAt(tracks, t);
    for (const { hides, kind, opacity, hasArrived } of marks) {
      const element = hides ? (hidden.get(hides) ?? elementAt(root, hides)) : null;
      if (!element) continue;
      hidden.set(hides, element);
      const shows = kind === "fade" ? String(opacity) : hasArrived ? "" : "0";
      if (element.style.opacity !== shows) element.style.opacity = shows;
    }
    layer.paint(marks);
  }

  /** @param {() => Track[]} plan @param {number} time @param {HTMLCanvasElement[]} pictures */
  function begin(plan, time, pictures) {
    const tracks = plan();
    const layouts = { input: figure.drawn("input")?.layout, output: figure.drawn("output")?.layout };
    if (!tracks.length || !layouts.input || !layouts.output) return finish();
    const line = root.querySelector(".link-lines .of-window");
    const layer = createMotionLayer(host, boundsOf(tracks, host), {
      layouts: { input: layouts.input, output: layouts.output },
      lineColor: line ? getComputedStyle(line).stroke : "",
      isPooling: root.dataset.family === "pooling",
      pictures,
    });
    flight = { plan, tracks, time, since: performance.now(), ticks: 0, pictures, hidden: new Map(), layer };
    draw(flight, 0);
    animationFrame = requestAnimationFrame(tick);
  }

  /**
   * The next transition; null where nothing moves.
   * @param {Trace} trace @param {Frame} frame @param {Allowance} allowance @returns {TransitionName | null}
   */
  function choose(trace, frame, { isPlaying }) {
    const before = shown?.trace === trace ? shown.frame : null;
    if (!isPlaying) played = 0;
    else if (!before || before.row !== frame.row || before.col !== frame.col || !played) played += 1;
    const isLate = !isPlaying && performance.now() < restsAt;
    if (isLate) restsAt = performance.now() + TIMINGS.stage / 2;
    return before && !isLate ? nameTransition(before, frame, isPlaying && played > TIMINGS.full) : null;
  }

  /** @param {"input" | "output"} map @returns {MapPicture | null} */
  function pictureOf(map) {
    const drawn = figure.drawn(map);
    const [picture, rect] = [
      drawn?.picture(),
      drawn && figure.rectOf(map, ends(drawn.layout.rows), ends(drawn.layout.columns)),
    ];
    return picture && rect?.width ? { picture, rect: createRuler(host)(rect) } : null;
  }

  return {
    end,
    /**
     * Marks a step in the maps, without what is about to move.
     * @param {Trace} trace @param {Frame} frame @param {Hints} hints @param {Allowance | null} allowance
     */
    mark(trace, frame, hints, allowance) {
      const goesOn = flight && shown?.frame === frame && !allowance;
      if (!goesOn) {
        const wasMoving = flight !== null;
        end();
        const before = shown?.frame;
        const name =
          allowance && before && !(wasMoving && !allowance.isPlaying) ? choose(trace, frame, allowance) : null;
        if (!allowance) played = 0;
        const time = (/** @type {number} */ own) => (allowance ? motionTime(own, allowance.beat, allowance.tempo) : 0);
        if (allowance && wasMoving) restsAt = performance.now() + TIMINGS.share * allowance.beat;
        lifted = null;
        if (name && before && time(TIMINGS.slide)) {
          lifted = LIFTED[name] ?? null;
          coming = {
            time,
            plan: createPlan(trace, before, frame, allowance?.isPlaying ? played > TIMINGS.full : false),
          };
        }
      }
      shown = { trace, frame, hints };
      figure.mark(frame, { ...hints, lifted });
    },
    /** Begins what moves, now that the page shows its step. */
    follow() {
      if (!coming) return;
      const { plan, time } = coming;
      coming = null;
      begin(plan, time(timeOf(plan())), []);
      if (flight) restsAt = performance.now() + flight.time;
    },
    /** Keeps both maps as they are before the stage changes. */
    leave() {
      end();
      left = { input: pictureOf("input"), output: pictureOf("output") };
    },
    /**
     * A map goes to its place in the next or the previous stage.
     * @param {number} by 1 or −1 @param {Allowance} allowance
     */
    arrive(by, { beat, tempo }) {
      const [from, to] = by > 0 ? NEXT : PREVIOUS;
      const [old, now] = [left?.[from], pictureOf(to)];
      const time = motionTime(TIMINGS.stage, beat, tempo);
      left = null;
      if (!old || !now || !time) return;
      const others = [`${from}-maps`, "sums", "lines"];
      const plan = () => stageTracks(old.rect, pictureOf(to)?.rect ?? now.rect, `${to}-maps`, others);
      begin(plan, time, [old.picture, now.picture]);
    },
    /**
     * Draws the page at another size. What has only just begun begins again there: its step gave the page that size.
     * @param {() => void} repaint
     */
    redraw(repaint) {
      if (!flight || flight.ticks > 1) {
        end();
        return repaint();
      }
      const { plan, time, pictures } = flight;
      isHeld = true;
      repaint();
      isHeld = false;
      const now = lifted;
      end();
      lifted = now;
      if (shown) figure.mark(shown.frame, { ...shown.hints, lifted });
      begin(plan, time, pictures);
    },
  };

  /** @param {Trace} trace @param {Frame} from @param {Frame} to @param {boolean} isBrief */
  function createPlan(trace, from, to, isBrief) {
    const ruler = createRuler(host);
    const old = { ...measureMarks(figure, ruler, from), ...measureResult(root, ruler) };
    const stage = trace.stages[to.stage];
    return () => {
      const after = measurePlaces(root, figure, createRuler(host), to);
      const before = { ...after, ...old };
      const counting = to.channels.length ? countSum(stage, to, writeStep(trace, to)) : { totals: [], bias: "" };
      return planTracks(from, to, { before, after, counting }, isBrief);
    };
  }
}

/** The first and the last of so many. @param {number} count */
function ends(count) {
  return [0, count - 1];
}

/** Where tracks lead along, within the figure. @param {Track[]} tracks @param {HTMLElement} host @returns {Rect} */
function boundsOf(tracks, host) {
  const marks = /** @type {Mark[]} */ (
    [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1].flatMap((t) => marksAt(tracks, t))
  );
  const drawn = marks.filter(({ kind }) => kind !== "cover" && kind !== "fade");
  const tables = tracks.flatMap(({ table }) => table ?? []);
  const places = [...drawn, ...tables];
  const [left, top] = [places.map(({ x }) => x), places.map(({ y }) => y)].map((all) =>
    Math.max(0, Math.floor(Math.min(...all)) - MARGIN),
  );
  const right = Math.max(...places.map(({ x, width }) => x + width)) + MARGIN;
  const bottom = Math.max(...places.map(({ y, height }) => y + height)) + MARGIN;
  return {
    x: left,
    y: top,
    width: Math.ceil(Math.min(right, host.clientWidth) - left),
    height: Math.ceil(Math.min(bottom, host.clientHeight) - top),
  };
}

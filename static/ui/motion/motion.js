/**
 * Moves the figure from one step to the next. The page shows the next step at once, to a screen reader too; a layer above
 * the figure shows what is still on its way.
 */

import { countSum } from "convoscope/pure/motion/running-total.js";
import { stageTracks } from "convoscope/pure/motion/step-tracks.js";
import { motionTime, TIMINGS } from "convoscope/pure/motion/timings.js";
import { nameTransition, planTracks, timeOf } from "convoscope/pure/motion/transition.js";
import { writeStep } from "convoscope/pure/text/step-texts.js";
import { getPart } from "convoscope/ui/dom.js";
import { copyCells } from "convoscope/ui/draw/draw-motion.js";
import { startFlight } from "convoscope/ui/motion/flight.js";
import {
  createRuler,
  measureCells,
  measureMarks,
  measurePlaces,
  measureResult,
} from "convoscope/ui/motion/measure-places.js";

/** @import {Frame, MapName, Rect, Trace} from "convoscope/pure/types.js" */
/** @import {Lifted} from "convoscope/pure/maps/marks.js" */
/** @import {Track} from "convoscope/pure/motion/tracks.js" */
/** @import {TransitionName} from "convoscope/pure/motion/transition.js" */
/** @import {FlightPlan} from "convoscope/ui/motion/flight.js" */
/** @import {Figure} from "convoscope/ui/motion/measure-places.js" */
/** @import {Allowance, ShownStep} from "convoscope/ui/viewer/open-motion.js" */

/** What a transition draws in place of the maps. @type {Partial<Record<TransitionName, Lifted>>} */
const LIFTED = {
  window: { window: true, cell: true },
  slide: { window: true, cell: true },
  sum: { line: true },
  pick: { line: true },
  write: { value: true },
};
/** Which map goes where when the stage changes. @type {[MapName, MapName][]} */
const [NEXT, PREVIOUS] = [
  ["output", "input"],
  ["input", "output"],
];
/** Who steps sooner than this after a step that was shown at rest sees the next one at rest, too. */
const HURRY = 250;

/** @typedef {{rect: Rect, picture: HTMLCanvasElement}} MapPicture */

/** @param {HTMLElement} root @param {Figure} figure @param {ShownStep | null} latest the step that is shown */
export function createMotion(root, figure, latest) {
  const host = getPart(root, "figure");
  let shown = latest;
  /** @type {ReturnType<typeof startFlight>} */
  let flight = null;
  /** What begins as soon as the page shows its step. @type {{time: (own: number) => number, plan: () => Track[]} | null} */
  let coming = null;
  /** @type {Lifted | null} */
  let lifted = null;
  /** How many positions in a row were played. */
  let played = 0;
  /** Until when steps by hand are shown at rest: they come quicker than they could move. */
  let hurriesUntil = 0;
  /** @type {Allowance | null} */
  let allowance = null;
  /** Whether what moves goes on while the page is drawn. */
  let isHeld = false;

  /** Ends what moves: everything is at rest. */
  function end() {
    coming = null;
    if (isHeld) return;
    flight?.end();
    [flight, lifted] = [null, null];
  }

  /** Shows the step at rest. */
  function finish() {
    end();
    if (shown) figure.mark(shown.frame, shown.hints);
  }

  /** @param {FlightPlan} asked @param {Track[]} [tracks] those of the plan */
  function start(asked, tracks) {
    flight = startFlight(root, figure, asked, finish, tracks);
    if (!flight) finish();
  }

  /**
   * The transition to a step; null where nothing moves.
   * @param {Trace} trace @param {Frame} frame @param {Allowance} allowance @param {boolean} wasMoving
   */
  function choose(trace, frame, { isPlaying }, wasMoving) {
    const before = shown?.trace === trace ? shown.frame : null;
    const now = performance.now();
    const isHurried = !isPlaying && (wasMoving || now < hurriesUntil);
    if (isHurried) hurriesUntil = now + HURRY;
    if (!before || isHurried) return null;
    const isOther = before.row !== frame.row || before.col !== frame.col;
    if (isPlaying && (isOther || !played)) played += 1;
    return nameTransition(before, frame, isBrief());
  }

  /** Whether so many positions were played that only window and cell move. */
  function isBrief() {
    return played > TIMINGS.full;
  }

  /** @param {MapName} map @returns {MapPicture | null} */
  function pictureOf(map) {
    const layout = figure.maps[map].shown()?.layout;
    const rect = layout && measureCells(figure, createRuler(host), map, [0, layout.rows - 1], [0, layout.columns - 1]);
    return layout && rect ? { picture: copyCells(figure.hosts[map], layout), rect } : null;
  }

  /** The tracks between two steps; the first one is still shown. @param {Trace} trace @param {Frame} from @param {Frame} to */
  function createPlan(trace, from, to) {
    const [ruler, brief] = [createRuler(host), isBrief()];
    const old = { ...measureMarks(figure, ruler, from), ...measureResult(root, ruler) };
    return () => {
      const after = measurePlaces(root, figure, createRuler(host), to);
      const counting = countSum(trace.stages[to.stage], to, writeStep(trace, to));
      return planTracks(from, to, { before: { ...after, ...old }, after, counting }, brief);
    };
  }

  return {
    end,
    /** Lets the step that is marked next move. @param {Allowance} wanted */
    allow(wanted) {
      allowance = isStill() ? null : wanted;
    },
    /** Marks a step in the maps, without what is about to move. What moves to this very step goes on. @param {ShownStep} step */
    mark({ trace, frame, hints }) {
      const allowed = allowance;
      allowance = null;
      if (allowed || !flight || shown?.frame !== frame) {
        const wasMoving = flight !== null;
        end();
        if (!allowed?.isPlaying) played = 0;
        const name = allowed && choose(trace, frame, allowed, wasMoving);
        const time = (/** @type {number} */ own) => (allowed ? motionTime(own, allowed.beat, allowed.tempo) : 0);
        if (name && shown && time(TIMINGS.slide)) {
          lifted = LIFTED[name] ?? null;
          coming = { time, plan: createPlan(trace, shown.frame, frame) };
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
      const tracks = plan();
      start({ plan, time: time(timeOf(tracks)), pictures: [] }, tracks);
    },
    /**
     * Keeps the map that goes along when the stage changes to the next or the previous one.
     * @param {number} by stages @param {Allowance} wanted @returns {(() => void) | undefined} what begins the motion, once
     * the page shows the other stage
     */
    leave(by, { beat, tempo }) {
      end();
      const [from, to] = by > 0 ? NEXT : PREVIOUS;
      const time = Math.abs(by) === 1 && !isStill() ? motionTime(TIMINGS.stage, beat, tempo) : 0;
      const old = time ? pictureOf(from) : null;
      return () => {
        const now = old && pictureOf(to);
        if (!now) return;
        const others = [`${from}-maps`, "sums", "lines"];
        const plan = () => stageTracks(old.rect, pictureOf(to)?.rect ?? now.rect, `${to}-maps`, others);
        start({ plan, time, pictures: [old.picture, now.picture] });
      };
    },
    /**
     * Draws the page at another size. What has only just begun begins again there, once: its step gave the page that
     * size. A page that changes its size again and again would never come to rest.
     * @param {() => void} repaint
     */
    redraw(repaint) {
      if (!flight?.isFresh() || flight.asked.isAgain) {
        end();
        return repaint();
      }
      isHeld = true;
      repaint();
      isHeld = false;
      flight.end();
      start({ ...flight.asked, isAgain: true });
    },
  };
}

/** Whether the user asked for less motion. */
function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

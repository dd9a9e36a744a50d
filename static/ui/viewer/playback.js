/** Plays a plan of steps by the clock. Animation frames are requested only while something moves. */

import * as timeline from "convoscope/pure/frame/timeline.js";

/** Milliseconds between the last step and the restart of a loop. */
const LOOP_PAUSE = 1500;

/**
 * @typedef {object} PlaybackEvents
 * @property {(step: timeline.PathStep) => void} onStep called for every step
 * @property {() => timeline.PlaybackPlan | null} onDone called when a plan has been played; returns the plan to play
 * after a pause, or null
 * @property {() => void} onStopped called when playing has stopped or finished
 */

/** @param {PlaybackEvents} events */
export function createPlayback({ onStep, onDone, onStopped }) {
  /** @type {{plan: timeline.PlaybackPlan, since: number} | null} */
  let current = null;
  let animationFrame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let loopTimer;
  /** When playing was suspended because nobody sees it; null while it is not. @type {number | null} */
  let suspendedSince = null;
  /** The step that is shown. @type {timeline.TimedStep | null} */
  let shown = null;

  /** @param {number} now */
  function tick(now) {
    if (!current) return;
    const seconds = Math.max(0, (now - current.since) / 1000);
    const { duration } = current.plan;
    shown = timeline.stopAt(current.plan, seconds);
    onStep(shown);
    if (!current) return;
    if (seconds < duration) animationFrame = requestAnimationFrame(tick);
    else finishPlan();
  }

  function finishPlan() {
    const next = onDone();
    if (next) loopTimer = setTimeout(() => start(next), LOOP_PAUSE);
    else stop();
  }

  /** @param {timeline.PlaybackPlan} plan */
  function start(plan) {
    cancelAnimationFrame(animationFrame);
    clearTimeout(loopTimer);
    const now = performance.now();
    current = { plan, since: now };
    shown = null;
    if (suspendedSince === null) animationFrame = requestAnimationFrame(tick);
    else suspendedSince = now;
  }

  function stop() {
    if (!current) return;
    current = null;
    cancelAnimationFrame(animationFrame);
    clearTimeout(loopTimer);
    onStopped();
  }

  /** Suspends playing, or resumes it where it was. @param {boolean} on */
  function suspend(on) {
    if (on === (suspendedSince !== null)) return;
    const now = performance.now();
    cancelAnimationFrame(animationFrame);
    clearTimeout(loopTimer);
    if (current && suspendedSince !== null) {
      current.since += now - suspendedSince;
      animationFrame = requestAnimationFrame(tick);
    }
    suspendedSince = on ? now : null;
  }

  return {
    start,
    stop,
    suspend,
    isPlaying: () => current !== null,
    /** How long the step that is shown stays. */
    beatSeconds: () => (current && shown ? timeline.secondsOf(current.plan, shown) : 0),
    /** n while every n-th position is shown. */
    skips: () => (current ? (shown?.skips ?? 1) : 1),
  };
}

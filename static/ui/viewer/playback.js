/** Playing: a plan of steps against the clock. Pictures are asked for only while something moves. */

import * as timeline from "convoscope/pure/timeline.js";

/** Milliseconds for which the last step stands before a loop starts again. */
const LOOP_PAUSE = 1500;

/**
 * @typedef {object} PlaybackEvents
 * @property {(step: timeline.PathStep) => void} onStep every step that comes
 * @property {() => timeline.PlaybackPlan | null} onDone a plan has been played; what is to be played after a while, or
 * null
 * @property {() => void} onRest nothing moves any more, because it was stopped or because it was done
 */

/** @param {PlaybackEvents} events */
export function createPlayback({ onStep, onDone, onRest }) {
  /** @type {{plan: timeline.PlaybackPlan, since: number} | null} */
  let playing = null;
  let request = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let loopTimer;
  /** When it began to wait for somebody to look; null while it does not. @type {number | null} */
  let waiting = null;

  /** @param {number} now */
  function tick(now) {
    if (!playing) return;
    const seconds = Math.max(0, (now - playing.since) / 1000);
    const { duration } = playing.plan;
    onStep(timeline.stopAt(playing.plan, seconds));
    if (!playing) return;
    if (seconds < duration) request = requestAnimationFrame(tick);
    else done();
  }

  function done() {
    const next = onDone();
    if (next) loopTimer = setTimeout(() => start(next), LOOP_PAUSE);
    else stop();
  }

  /** @param {timeline.PlaybackPlan} plan */
  function start(plan) {
    cancelAnimationFrame(request);
    clearTimeout(loopTimer);
    const now = performance.now();
    playing = { plan, since: now };
    if (waiting === null) request = requestAnimationFrame(tick);
    else waiting = now;
  }

  function stop() {
    if (!playing) return;
    playing = null;
    cancelAnimationFrame(request);
    clearTimeout(loopTimer);
    onRest();
  }

  /** Waits, or goes on from where it was. @param {boolean} on */
  function suspend(on) {
    if (on === (waiting !== null)) return;
    const now = performance.now();
    cancelAnimationFrame(request);
    clearTimeout(loopTimer);
    if (playing && waiting !== null) {
      playing.since += now - waiting;
      request = requestAnimationFrame(tick);
    }
    waiting = on ? now : null;
  }

  return {
    start,
    stop,
    suspend,
    playing: () => playing !== null,
    /** n where every n-th position is shown. */
    skips: () => playing?.plan.skips ?? 1,
  };
}

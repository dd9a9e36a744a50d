/** Playing: a plan of steps against the clock. Pictures are asked for only while something moves. */

import * as player from "convoscope/player.js";

/**
 * @param {{onStep: (moment: player.Moment) => void, onEnd: () => void}} events `onStep` for every step that comes, `onEnd` when it stops
 */
export function createPlayback({ onStep, onEnd }) {
  /** @type {{plan: player.Plan, since: number} | null} */
  let playing = null;
  let request = 0;

  /** @param {number} now */
  function tick(now) {
    if (!playing) return;
    const seconds = Math.max(0, (now - playing.since) / 1000);
    const { duration } = playing.plan;
    onStep(player.stopAt(playing.plan, seconds));
    if (seconds >= duration) stop();
    else request = requestAnimationFrame(tick);
  }

  function stop() {
    if (!playing) return;
    playing = null;
    cancelAnimationFrame(request);
    onEnd();
  }

  return {
    /** @param {player.Plan} plan */
    start(plan) {
      cancelAnimationFrame(request);
      playing = { plan, since: performance.now() };
      request = requestAnimationFrame(tick);
    },
    stop,
    playing: () => playing !== null,
    /** n where every n-th position is shown. */
    skips: () => playing?.plan.skips ?? 1,
  };
}

/** Checks whether the server is reachable: once, or repeatedly, with growing pauses, until it is back. */

import { fetchSite } from "convoscope/ui/site/site.js";

/** Seconds between two checks: the first pause and the longest, and by how much a pause is longer than the last one. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 6;
const GROWTH = 1.5;
/** If the server fails again within this time, the pauses continue to grow. */
const RELAPSE_SECONDS = 90;
const TIMEOUT_SECONDS = 10;

/**
 * Whether the server answers with any status below 500; a proxy's 5xx means that it is down.
 * @param {number} [seconds] timeout @returns {Promise<boolean>}
 */
export function isServerReachable(seconds = TIMEOUT_SECONDS) {
  const request = fetchSite("/healthz", { method: "HEAD", cache: "no-store", seconds });
  return request.then(
    ({ status }) => status < 500,
    () => false,
  );
}

/** @typedef {ReturnType<typeof createReconnect>} WhenServerReturns */

/** @returns a function that calls `onBack` once when the server is back, unless `isWaiting` turns false before */
export function createReconnect() {
  let pause = FIRST_PAUSE;
  let returnedAt = -Infinity;

  /** @param {() => boolean} isWaiting @param {() => void} onBack */
  return (isWaiting, onBack) => {
    let timer = 0;
    let isChecking = false;
    if (performance.now() - returnedAt > RELAPSE_SECONDS * 1000) pause = FIRST_PAUSE;
    addEventListener("online", checkServer);
    document.addEventListener("visibilitychange", checkServer);
    scheduleCheck();

    function scheduleCheck() {
      timer = setTimeout(checkServer, pause * 1000);
      pause = Math.min(pause * GROWTH, LONGEST_PAUSE);
    }

    /** Checks at once; a hidden page checks when it becomes visible. */
    async function checkServer() {
      if (!isWaiting()) return stop();
      if (isChecking || document.hidden) return;
      clearTimeout(timer);
      isChecking = true;
      const isReachable = await isServerReachable();
      isChecking = false;
      if (!isWaiting()) return stop();
      if (!isReachable) return scheduleCheck();
      stop();
      returnedAt = performance.now();
      onBack();
    }

    function stop() {
      clearTimeout(timer);
      removeEventListener("online", checkServer);
      document.removeEventListener("visibilitychange", checkServer);
    }
  };
}

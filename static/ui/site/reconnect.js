/** Whether the server can be reached: asked before a page is left, and quietly, ever more rarely, until it is back. */

import { fetchSite } from "convoscope/ui/site/site.js";

/** Seconds from one question to the next: the first, and the longest. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 30;
/** A question that fails again so soon after the server was back goes on waiting longer. */
const RELAPSE_SECONDS = 90;
const TIMEOUT_SECONDS = 10;

/**
 * Whether the server answers, whatever it says; a proxy that says that it is gone is not the server.
 * @param {number} [seconds] it may take @returns {Promise<boolean>}
 */
export function isServerReachable(seconds = TIMEOUT_SECONDS) {
  const request = fetchSite("/healthz", { method: "HEAD", cache: "no-store", seconds });
  return request.then(
    ({ status }) => status < 500,
    () => false,
  );
}

/** @typedef {ReturnType<typeof createReconnect>} WhenServerReturns */

/** @returns what calls `back` once the server is there again, as long as `waits` says that somebody waits for it */
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
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }

    /** At once; nothing while nobody sees the page, which asks as soon as it is seen. */
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

/** Whether the server can be reached: asked before a page is left, and quietly, ever more rarely, until it is back. */

import { fetchSite } from "convoscope/ui/site/site.js";

/** Seconds from one question to the next: the first, and the longest. */
const FIRST = 2;
const LONGEST = 30;
/** A question that fails again so soon after the server was back goes on waiting longer. */
const SOON = 90;
const SECONDS_TO_ANSWER = 10;

/**
 * Whether the server answers, whatever it says; a proxy that says that it is gone is not the server.
 * @param {number} [seconds] it may take @returns {Promise<boolean>}
 */
export function isThere(seconds = SECONDS_TO_ANSWER) {
  const asked = fetchSite("/healthz", { method: "HEAD", cache: "no-store", seconds });
  return asked.then(
    ({ status }) => status < 500,
    () => false,
  );
}

/** @typedef {ReturnType<typeof createReturn>} WhenBack */

/** @returns what calls `back` once the server is there again, as long as `waits` says that somebody waits for it */
export function createReturn() {
  let pause = FIRST;
  let returned = -Infinity;

  /** @param {() => boolean} waits @param {() => void} back */
  return (waits, back) => {
    let timer = 0;
    let asking = false;
    if (performance.now() - returned > SOON * 1000) pause = FIRST;
    addEventListener("online", ask);
    document.addEventListener("visibilitychange", ask);
    later();

    function later() {
      timer = setTimeout(ask, pause * 1000);
      pause = Math.min(pause * 2, LONGEST);
    }

    /** At once; nothing while nobody sees the page, which asks as soon as it is seen. */
    async function ask() {
      if (!waits()) return end();
      if (asking || document.hidden) return;
      clearTimeout(timer);
      asking = true;
      const there = await isThere();
      asking = false;
      if (!waits()) return end();
      if (!there) return later();
      end();
      returned = performance.now();
      back();
    }

    function end() {
      clearTimeout(timer);
      removeEventListener("online", ask);
      document.removeEventListener("visibilitychange", ask);
    }
  };
}

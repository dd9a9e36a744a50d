/**
 * Where this site is: at the root of its server, or under whatever path a proxy puts before it and may say nothing of.
 *
 * A page that does not lie right at that root says in `data-root` how far above it the root is. It is read once, with
 * the address that the page was opened under.
 */

/** Longer than any figure takes, also when a whole class asks for theirs at the same time. */
const TIMEOUT_SECONDS = 60;
/** What is brought travels first, and then waits for its turn. */
export const UPLOAD_TIMEOUT_SECONDS = 300;

const { baseURI } = document;
const { root = "./" } = document.documentElement.dataset;

/**
 * The whole address of something of this site.
 * @param {string} path from the site's root on, as "/api/trace?…" @returns {string}
 */
export function siteAddress(path) {
  return new URL(root + path.slice(1), baseURI).href;
}

/** The address of the site itself, with no slash at the end, for what is handed to others. @returns {string} */
export function siteBase() {
  return siteAddress("/").slice(0, -1);
}

/**
 * What this site's server answers, whose body has to come in the same time: a server that hangs is given up in the end.
 * @param {string} path from the site's root on, as "/api/trace?…"
 * @param {RequestInit & {seconds?: number}} [options] of `fetch`, and the time
 * @returns {Promise<Response>}
 * @throws {DOMException} AbortError where `signal` gave it up, TimeoutError where the time was over
 * @throws {TypeError} where there is no server
 */
export function fetchSite(path, { seconds = TIMEOUT_SECONDS, signal, ...options } = {}) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException("The server does not answer.", "TimeoutError")), seconds * 1000);
  if (signal?.aborted) controller.abort(signal.reason);
  signal?.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  return fetch(siteAddress(path), { ...options, signal: controller.signal });
}

/**
 * URLs of this site, at the server's root or below a proxy's path prefix, and requests to it.
 *
 * `data-root` is the relative path from a page to the site's root. It is resolved once, against the URL under which the
 * page was opened.
 */

/** Longer than any figure takes, even if a whole class requests one at the same time. */
const TIMEOUT_SECONDS = 60;
/** Uploads take longer: the transfer, then the wait in the queue. */
export const UPLOAD_TIMEOUT_SECONDS = 300;

const { baseURI } = document;
const { root = "./" } = document.documentElement.dataset;

/**
 * The absolute URL of a path on this site.
 * @param {string} path from the site's root, such as "/api/trace?…" @returns {string}
 */
export function siteAddress(path) {
  return new URL(root + path.slice(1), baseURI).href;
}

/** The site's URL without a trailing slash, for texts to share. @returns {string} */
export function siteBase() {
  return siteAddress("/").slice(0, -1);
}

/**
 * Fetches a path of this site; the timeout includes the response body.
 * @param {string} path from the site's root, such as "/api/trace?…"
 * @param {RequestInit & {seconds?: number}} [options] of `fetch`, and the timeout
 * @returns {Promise<Response>}
 * @throws {DOMException} AbortError if `signal` aborted, TimeoutError after the timeout
 * @throws {TypeError} if the server is unreachable
 */
export function fetchSite(path, { seconds = TIMEOUT_SECONDS, signal, ...options } = {}) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException("The server does not answer.", "TimeoutError")), seconds * 1000);
  if (signal?.aborted) controller.abort(signal.reason);
  signal?.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  return fetch(siteAddress(path), { ...options, signal: controller.signal });
}

/**
 * Where this site is: at the root of its server, or under whatever path a proxy puts before it and may say nothing of.
 *
 * A page that does not lie right at that root says in `data-root` how far above it the root is. It is read once, with
 * the address that the page was opened under.
 */

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

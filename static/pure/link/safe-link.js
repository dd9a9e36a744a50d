/**
 * Addresses that survive being passed on.
 *
 * A link is full of ( ) ; , ~ and *: Markdown and chat programs end it at such a sign, or read it as emphasis. Written
 * as %28 … it means the same, since every reader of links decodes once.
 */

/** What nobody misreads in a query, and what separates keys and values. */
const UNSAFE_IN_QUERY = /%(?![0-9a-fA-F]{2})|[^A-Za-z0-9\-_.:=&/%]/gu;
/** The same in a path. `@` and `~`, as in names of users, stay: a hub compares them as they are written. */
const UNSAFE_IN_PATH = /[^A-Za-z0-9\-_.:=&/%@~]/gu;
const UNSAFE_AT_END = /[^A-Za-z0-9=&]$/;
/** Stands in a link for the picture that the link itself brings. */
const PICTURE_IN_LINK = "u-in-link";
const DEFAULT_SIZE = "32";

/** The same query, in signs that no program cuts off or changes. @param {string} query @returns {string} */
export function escapeQuery(query) {
  return query.replace(UNSAFE_IN_QUERY, percentEncode).replace(UNSAFE_AT_END, percentEncode);
}

/**
 * @param {string} base the address of a site, with no slash at the end
 * @param {string} path @param {string} query @returns {string}
 */
export function addressOf(base, path, query) {
  const { origin, pathname } = new URL(base + path);
  return `${origin}${pathname.replace(UNSAFE_IN_PATH, percentEncode)}${query ? `?${escapeQuery(query)}` : ""}`;
}

/**
 * The query of a figure whose picture comes in the link: of exactly so many pixels, none of which is cut off.
 * @param {string} query @param {number} rows @param {number} columns @returns {string}
 */
export function queryWithPictureInLink(query, rows, columns) {
  const kept = query.split("&").filter((pair) => pair && !/^(image|size|crop)=/.test(pair));
  const size = rows === columns ? String(rows) : `${rows}x${columns}`;
  return [`image=${PICTURE_IN_LINK}`, ...(size === DEFAULT_SIZE ? [] : [`size=${size}`]), ...kept].join("&");
}

/** Whether only the machine itself knows this name. @param {string} hostname */
export function isLoopback(hostname) {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Each byte of a sign as % and two digits. @param {string} sign */
function percentEncode(sign) {
  return Array.from(
    new TextEncoder().encode(sign),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

/**
 * Addresses that Markdown and chat programs do not change.
 *
 * A link contains ( ) ; , ~ and *, at which such programs end it or read it as emphasis. Percent-encoded it means the
 * same, since links are decoded once.
 */

/** All characters of a query but those that are safe and those that separate keys and values. */
const UNSAFE_IN_QUERY = /%(?![0-9a-fA-F]{2})|[^A-Za-z0-9\-_.:=&/%]/gu;
/** The same in a path. `@` and `~`, as in user names, stay: JupyterHub compares them undecoded. */
const UNSAFE_IN_PATH = /[^A-Za-z0-9\-_.:=&/%@~]/gu;
const UNSAFE_AT_END = /[^A-Za-z0-9=&]$/;
/** The image name of a picture in the link's own fragment. */
const PICTURE_IN_LINK = "u-in-link";
/** That of a drawing there. */
const DRAWING_IN_LINK = "u-drawn";
const DEFAULT_SIZE = "32";

/** The same query with unsafe characters percent-encoded. @param {string} query @returns {string} */
export function escapeQuery(query) {
  return query.replace(UNSAFE_IN_QUERY, percentEncode).replace(UNSAFE_AT_END, percentEncode);
}

/**
 * A full address that is safe to share.
 * @param {string} base the address of a site, with no slash at the end
 * @param {string} path @param {string} query @returns {string}
 */
export function addressOf(base, path, query) {
  const { origin, pathname } = new URL(base + path);
  return `${origin}${pathname.replace(UNSAFE_IN_PATH, percentEncode)}${query ? `?${escapeQuery(query)}` : ""}`;
}

/**
 * The query of a figure whose picture is in the link: `size` is the picture's, and nothing is cropped or changed.
 * @param {string} query @param {number} rows @param {number} columns @returns {string}
 */
export function queryWithPictureInLink(query, rows, columns) {
  const kept = query.split("&").filter((pair) => pair && !/^(image|rows|batch|item|size|crop|adjust)=/.test(pair));
  const size = rows === columns ? String(rows) : `${rows}x${columns}`;
  return [`image=${PICTURE_IN_LINK}`, ...(size === DEFAULT_SIZE ? [] : [`size=${size}`]), ...kept].join("&");
}

/** The query of a figure whose typed pixels are in the link: they are changed on purpose as they were. @param {string} query */
export function queryWithDrawing(query) {
  const kept = query.split("&").filter((pair) => pair && !/^(image|rows|size|crop)=/.test(pair));
  return [`image=${DRAWING_IN_LINK}`, ...kept].join("&");
}

/** Whether a host name is this computer's name for itself. @param {string} hostname */
export function isLoopback(hostname) {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Each byte of a character as % and two hexadecimal digits. @param {string} sign */
function percentEncode(sign) {
  return Array.from(
    new TextEncoder().encode(sign),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

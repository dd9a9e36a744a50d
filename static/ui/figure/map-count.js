/** The line below many small maps: how many there are, and buttons to those out of view. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, setText } from "convoscope/ui/dom.js";

/** Pixels of a small map that may be cut off where it still counts as in view. */
const SLACK = 2;

/**
 * Shows the line below a wall, or where not all maps fit. A map that was chosen anew is brought into view; maps out of
 * view are not reached with Tab.
 * @param {HTMLElement} host the small maps, which scroll @param {number | null} chosen
 */
export function showMapCount(host, chosen) {
  const old = findLine(host);
  const isWall = host.classList.contains("wall") && host.clientHeight > 0;
  if (!isWall && !overflows(host)) {
    old?.remove();
    for (const button of listMaps(host)) button.tabIndex = 0;
    return;
  }
  const line = old ?? buildLine(host);
  if (chosen !== null && host.dataset.chosen !== String(chosen)) bringIntoView(host, chosen);
  host.dataset.chosen = String(chosen);
  update(host, line);
}

/** Removes the line of small maps that are not shown. @param {HTMLElement} host */
export function removeMapCount(host) {
  delete host.dataset.chosen;
  findLine(host)?.remove();
}

/** @param {HTMLElement} host @returns {HTMLElement | null} */
function findLine(host) {
  const next = /** @type {HTMLElement | null} */ (host.nextElementSibling);
  return next?.classList.contains("map-count") ? next : null;
}

/** @param {HTMLElement} host */
function overflows({ scrollHeight, clientHeight, scrollWidth, clientWidth }) {
  return scrollHeight > clientHeight + SLACK || scrollWidth > clientWidth + SLACK;
}

/** @param {HTMLElement} host */
function listMaps(host) {
  return /** @type {HTMLElement[]} */ ([...host.children]);
}

/** @param {HTMLElement} host @returns {HTMLElement} */
function buildLine(host) {
  const arrow = (/** @type {string} */ text, /** @type {string} */ label, /** @type {-1 | 1} */ by) =>
    build(["button", { type: "button", "aria-label": label, title: label, onclick: () => turn(host, by) }, text]);
  const line = build([
    "div",
    { class: "map-count" },
    arrow("‹", PAGE.previousMaps, -1),
    ["span"],
    arrow("›", PAGE.nextMaps, 1),
  ]);
  host.after(line);
  host.onscroll = () => {
    if (line.isConnected) update(host, line);
  };
  return line;
}

/** @param {HTMLElement} host @param {HTMLElement} line */
function update(host, line) {
  const maps = listMaps(host);
  const [first, last] = rangeInView(host);
  maps.forEach((button, map) => {
    button.tabIndex = map >= first && map <= last ? 0 : -1;
  });
  const [before, text, after] = /** @type {HTMLElement[]} */ ([...line.children]);
  const isWhole = first === 0 && last === maps.length - 1;
  setText(text, PAGE.mapsShown(last - first + 1, maps.length));
  before.hidden = after.hidden = isWhole;
  before.setAttribute("aria-disabled", String(first === 0));
  after.setAttribute("aria-disabled", String(last === maps.length - 1));
}

/** The first and the last map in view. @param {HTMLElement} host @returns {[number, number]} */
function rangeInView(host) {
  const maps = listMaps(host);
  const { paddingTop, paddingLeft } = getComputedStyle(host);
  const isInView = maps.map((button) => {
    const { top, left } = placeOf(host, button);
    const down = top + parseFloat(paddingTop) - host.scrollTop;
    const across = left + parseFloat(paddingLeft) - host.scrollLeft;
    return (
      down >= -SLACK &&
      across >= -SLACK &&
      down + button.offsetHeight <= host.clientHeight + SLACK &&
      across + button.offsetWidth <= host.clientWidth + SLACK
    );
  });
  const first = Math.max(isInView.indexOf(true), 0);
  return [first, Math.max(isInView.lastIndexOf(true), first)];
}

/** A map's place in what scrolls, from the first map. @param {HTMLElement} host @param {HTMLElement} button */
function placeOf(host, button) {
  const first = /** @type {HTMLElement} */ (host.firstElementChild);
  return { top: button.offsetTop - first.offsetTop, left: button.offsetLeft - first.offsetLeft };
}

/** Goes to the maps before or after those in view. @param {HTMLElement} host @param {-1 | 1} by */
function turn(host, by) {
  const maps = listMaps(host);
  const [first, last] = rangeInView(host);
  const to = by > 0 ? last + 1 : Math.max(0, 2 * first - last - 1);
  if (to < maps.length && (by > 0 || first > 0)) host.scrollTo(placeOf(host, maps[to]));
}

/** @param {HTMLElement} host @param {number} map */
function bringIntoView(host, map) {
  const [first, last] = rangeInView(host);
  const button = listMaps(host)[map];
  if (button && (map < first || map > last)) host.scrollTo(placeOf(host, button));
}

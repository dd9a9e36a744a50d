/** Links to other pages of this site: while the server is gone, the page says so and stays, with its figure. */

import { isServerReachable } from "convoscope/ui/site/reconnect.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Notices} from "convoscope/ui/page/notices.js" */

/** A server that is there answers at once; longer than this nobody waits for a link. */
const TIMEOUT_SECONDS = 3;

/** Plain clicks alone: a new tab is the browser's own affair. @param {HTMLElement} root @param {Notices} notices */
export function listenLinks(root, notices) {
  /** The link that was clicked last. */
  let pendingAddress = "";

  root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !isPlainClick(event) || !opensOtherPage(link)) return;
    event.preventDefault();
    followLink(link.href);
  });

  /** @param {string} address */
  async function followLink(address) {
    pendingAddress = address;
    const isReachable = await isServerReachable(TIMEOUT_SECONDS);
    if (pendingAddress !== address) return;
    pendingAddress = "";
    if (isReachable) location.assign(address);
    else
      notices.showUnreachable(
        () => followLink(address),
        () => {},
      ); // who waits for the figure is not taken away from it
  }
}

/** @param {MouseEvent} event */
function isPlainClick({ button, ctrlKey, shiftKey, altKey, metaKey, defaultPrevented }) {
  return button === 0 && !ctrlKey && !shiftKey && !altKey && !metaKey && !defaultPrevented;
}

/** Whether a link opens another page of this site here. @param {HTMLAnchorElement} link */
function opensOtherPage({ href, target, download, hash }) {
  const stays = hash && href.slice(0, -hash.length) === location.href.split("#")[0];
  return href.startsWith(siteAddress("/")) && !target && !download && !stays;
}

/** Links to other pages of this site: if the server is unreachable, the page shows a message instead of leaving. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { isServerReachable } from "convoscope/ui/site/reconnect.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Notices} from "convoscope/ui/page/notices.js" */

/** Seconds to wait for the server before a link counts as unreachable. */
const TIMEOUT_SECONDS = 3;

/** Handles plain clicks only; the browser handles new tabs. @param {HTMLElement} root @param {Notices} notices */
export function listenLinks(root, notices) {
  /** The link that was clicked last. */
  let pendingAddress = "";

  root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !isPlainClick(event) || !opensOtherPage(link)) return;
    event.preventDefault();
    followLink(link.href, link.textContent?.trim() ?? "");
  });

  /** @param {string} address @param {string} link its text */
  async function followLink(address, link) {
    pendingAddress = address;
    const isReachable = await isServerReachable(TIMEOUT_SECONDS);
    if (pendingAddress !== address) return;
    pendingAddress = "";
    if (isReachable) location.assign(address);
    else
      notices.showUnreachable(
        () => followLink(address, link),
        () => {}, // do not leave the page when the server returns
        PAGE.pageUnreachable(link),
      );
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

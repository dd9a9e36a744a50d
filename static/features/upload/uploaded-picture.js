/** A picture that somebody brought: the page says that it is here, and takes it back from the server on demand. */

import { Refused } from "convoscope/features/upload/upload.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { UPLOAD } from "convoscope/pure/strings/upload-strings.js";
import { fetchSite } from "convoscope/ui/site/site.js";

/** @import {Notices} from "convoscope/ui/page/notices.js" */
/** @import {Description} from "convoscope/ui/dom.js" */
/** @import {Stored} from "convoscope/features/upload/upload.js" */

/** Answers that stay the same however often one asks: not allowed, or no longer here. */
const SETTLED = new Set([403, 404, 410]);

/**
 * Says that a picture is here, and offers to take it back, and to stretch one that is dark.
 * @param {Notices} notices @param {string} sentence @param {Stored} stored
 * @param {() => Promise<void>} onGone shows another picture @param {(() => void) | null} [onStretch]
 */
export function announce(notices, sentence, stored, onGone, onStretch) {
  const stretch = onStretch
    ? [
        /** @type {Description} */ ([
          "button",
          { type: "button", class: "button", "data-part": "stretch", title: CONTROLS.stretchHelp, onclick: onStretch },
          CONTROLS.stretch,
        ]),
      ]
    : [];
  notices.add(sentence, ...stretch, [
    "button",
    { type: "button", class: "button", "data-part": "delete-picture", onclick: () => discard(notices, stored, onGone) },
    UPLOAD.deleteNow,
  ]);
}

/** @param {Notices} notices @param {Stored} stored @param {() => Promise<void>} onGone */
async function discard(notices, stored, onGone) {
  try {
    await takeBack(stored);
  } catch (problem) {
    const again = () => discard(notices, stored, onGone);
    if (problem instanceof Failed) notices.trouble(problem.message, again);
    else notices.refused(problem, again);
    return;
  }
  await onGone();
  notices.say([UPLOAD.deleted]);
}

/** What may go better the next time, with the server's sentence. */
class Failed extends Error {}

/**
 * @param {Stored} stored
 * @throws {Refused} with the server's sentence, where asking again is of no use
 * @throws {Failed} where it may go better the next time
 * @throws {TypeError | DOMException} where there is no server
 */
async function takeBack({ image, delete_token }) {
  const answer = await fetchSite(`/api/images/${image}`, {
    method: "DELETE",
    headers: { "X-Delete-Token": delete_token },
  });
  if (answer.ok) return;
  const { detail = UPLOAD.notDeleted(answer.status) } = await answer.json().catch(() => ({}));
  throw SETTLED.has(answer.status) ? new Refused(detail) : new Failed(detail);
}

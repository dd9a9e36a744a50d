/** A picture that somebody brought: the page says that it is here, and takes it back from the server on demand. */

import { UploadError } from "convoscope/features/upload/upload.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { fetchSite } from "convoscope/ui/site/site.js";

/** @import {Notices} from "convoscope/ui/page/notices.js" */
/** @import {Description} from "convoscope/ui/dom.js" */
/** @import {Stored} from "convoscope/features/upload/upload.js" */

/** Answers that stay the same however often one asks: not allowed, or no longer here. */
const FINAL_STATUSES = new Set([403, 404, 410]);

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
          { type: "button", class: "button", "data-part": "stretch", title: PAGE.stretchHelp, onclick: onStretch },
          PAGE.stretch,
        ]),
      ]
    : [];
  notices.add(sentence, ...stretch, [
    "button",
    {
      type: "button",
      class: "button",
      "data-part": "delete-picture",
      onclick: () => deletePicture(notices, stored, onGone),
    },
    PAGE.deleteNow,
  ]);
}

/** @param {Notices} notices @param {Stored} stored @param {() => Promise<void>} onGone */
async function deletePicture(notices, stored, onGone) {
  try {
    await requestDeletion(stored);
  } catch (problem) {
    const again = () => deletePicture(notices, stored, onGone);
    if (problem instanceof RetryableError) notices.trouble(problem.message, again);
    else notices.refused(problem, again);
    return;
  }
  await onGone();
  notices.say([PAGE.deleted]);
}

/** What may go better the next time, with the server's sentence. */
class RetryableError extends Error {}

/**
 * @param {Stored} stored
 * @throws {UploadError} with the server's sentence, where asking again is of no use
 * @throws {RetryableError} where it may go better the next time
 * @throws {TypeError | DOMException} where there is no server
 */
async function requestDeletion({ image, delete_token }) {
  const answer = await fetchSite(`/api/images/${image}`, {
    method: "DELETE",
    headers: { "X-Delete-Token": delete_token },
  });
  if (answer.ok) return;
  const { detail = PAGE.notDeleted(answer.status) } = await answer.json().catch(() => ({}));
  throw FINAL_STATUSES.has(answer.status) ? new UploadError(detail) : new RetryableError(detail);
}

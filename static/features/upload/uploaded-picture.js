/** The notice on an uploaded picture, with buttons that delete or stretch it. */

import { UploadError } from "convoscope/features/upload/upload.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { UPLOAD } from "convoscope/pure/strings/upload-strings.js";
import { fetchSite } from "convoscope/ui/site/site.js";

/** @import {Notices} from "convoscope/ui/page/notices.js" */
/** @import {Description} from "convoscope/ui/dom.js" */
/** @import {Stored} from "convoscope/features/upload/upload.js" */

/** Statuses that a retry does not change: not allowed, or no longer there. */
const FINAL_STATUSES = new Set([403, 404, 410]);

/**
 * Shows the notice on an uploaded picture, with a button to delete it, and one to stretch a dark one.
 * @param {Notices} notices @param {string} sentence @param {Stored} stored
 * @param {() => Promise<void>} onGone shows another picture after the deletion @param {(() => void) | null} [onStretch]
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
    {
      type: "button",
      class: "button",
      "data-part": "delete-picture",
      onclick: () => deletePicture(notices, stored, onGone),
    },
    UPLOAD.deleteNow,
  ]);
}

/** @param {Notices} notices @param {Stored} stored @param {() => Promise<void>} onGone */
async function deletePicture(notices, stored, onGone) {
  try {
    await requestDeletion(stored);
  } catch (problem) {
    const again = () => deletePicture(notices, stored, onGone);
    if (problem instanceof RetryableError) notices.showRetry(problem.message, again);
    else notices.showFailure(problem, again);
    return;
  }
  await onGone();
  notices.showSentences([UPLOAD.deleted]);
}

/** A failed deletion that can be retried; the message is the server's. */
class RetryableError extends Error {}

/**
 * @param {Stored} stored
 * @throws {UploadError} with the server's message, where a retry cannot help
 * @throws {RetryableError} where a retry may help
 * @throws {TypeError | DOMException} where the server cannot be reached
 */
async function requestDeletion({ image, delete_token }) {
  const answer = await fetchSite(`/api/images/${image}`, {
    method: "DELETE",
    headers: { "X-Delete-Token": delete_token },
  });
  if (answer.ok) return;
  const { detail = UPLOAD.notDeleted(answer.status) } = await answer.json().catch(() => ({}));
  throw FINAL_STATUSES.has(answer.status) ? new UploadError(detail) : new RetryableError(detail);
}

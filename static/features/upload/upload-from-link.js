/**
 * A picture in the link itself: it is read, uploaded, and put into the scene of the link.
 */

import { UploadError, upload } from "convoscope/features/upload/upload.js";
import { readPicture } from "convoscope/pure/files/picture-in-link.js";
import { SHARE } from "convoscope/pure/strings/share-strings.js";

/** @import {Scene} from "convoscope/pure/types.js" */
/** @import {Stored} from "convoscope/features/upload/upload.js" */

/**
 * The scene of a link with the uploaded picture, each pixel a cell.
 * @param {string} hash the fragment @param {Scene} scene of the rest of the link
 * @param {number} most bytes of an upload
 * @returns {Promise<{scene: Scene, stored: Stored, text: string}>}
 * @throws {UploadError} with a sentence
 */
export async function uploadFromLink(hash, scene, most) {
  const found = readPicture(hash);
  if (!found) throw new UploadError(SHARE.damaged);
  const stored = await upload(new Blob([found.png]), { most }); // without a type it is uploaded unchanged
  return {
    scene: { ...scene, image: { upload: stored.image }, size: [stored.height, stored.width], crop: null },
    stored,
    text: SHARE.arrived(found.rows, found.columns),
  };
}

/**
 * A picture that comes in the link itself: read, brought to the server again, and put where the link's figure wants it.
 */

import { UploadError, upload } from "convoscope/features/upload/upload.js";
import { readPicture } from "convoscope/pure/link/picture-in-link.js";
import { SHARE } from "convoscope/pure/strings/share-strings.js";

/** @import {Scene} from "convoscope/pure/types.js" */
/** @import {Stored} from "convoscope/features/upload/upload.js" */

/**
 * The scene with its own picture: of exactly the pixels in the link, each a cell.
 * @param {string} hash the fragment @param {Scene} scene what the rest of the link says
 * @param {number} most bytes that the server takes
 * @returns {Promise<{scene: Scene, stored: Stored, says: string}>}
 * @throws {UploadError} with a sentence
 */
export async function uploadFromLink(hash, scene, most) {
  const found = readPicture(hash);
  if (!found) throw new UploadError(SHARE.damaged);
  const stored = await upload(new Blob([found.png]), { most }); // without a type it is sent as it is
  return {
    scene: { ...scene, image: { upload: stored.image }, size: [stored.height, stored.width], crop: null },
    stored,
    says: SHARE.arrived(found.rows, found.columns),
  };
}

/** A drawing behind "#picture=": its cells as a small PNG, which become typed numbers again and are never uploaded. */

import { fragmentOfDrawing, readPicture } from "convoscope/pure/files/picture-in-link.js";
import { readGrayPng } from "convoscope/pure/files/read-png.js";
import { sheetOfPixels } from "convoscope/pure/link/drawing/sheet.js";
import { queryWithDrawing } from "convoscope/pure/link/safe-link.js";
import { SHARE } from "convoscope/pure/strings/share-strings.js";

/** @import {Scene} from "convoscope/pure/types.js" */

/**
 * A drawing that is too long for a query; `addressOf` is its address with the rest of a query, null for another picture.
 * @typedef {{addressOf: (scene: Scene, query: string) => string | null}} LongDrawing
 */

/**
 * @param {Scene} scene @returns {Promise<LongDrawing | null>} null where its picture is no typed pixels of one channel
 */
export async function createLongDrawing(scene) {
  const hash = await fragmentOfDrawing(scene);
  const planes = JSON.stringify(scene.image.planes);
  if (!hash) return null;
  return {
    addressOf: ({ image }, query) =>
      JSON.stringify(image.planes) === planes ? `?${queryWithDrawing(query)}${hash}` : null,
  };
}

/**
 * The drawing of a link in the scene of its query.
 * @param {string} hash @param {Scene} scene @returns {Promise<{scene: Scene, drawing: LongDrawing | null}>}
 * @throws {DrawingError} with a sentence for the user
 */
export async function openDrawing(hash, scene) {
  const found = readPicture(hash);
  const pixels = found && (await readGrayPng(found.png));
  if (!pixels) throw new DrawingError(SHARE.damaged);
  const drawn = { ...scene, image: { ...sheetOfPixels(pixels) }, crop: null };
  return { scene: drawn, drawing: await createLongDrawing(drawn) };
}

/** A link without its drawing; the message is a sentence for the user. */
class DrawingError extends Error {
  name = "UploadError";
}

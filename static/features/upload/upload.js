/**
 * Uploads a picture. Its metadata is removed before it leaves the device; a file over the limit is made smaller in the
 * browser, where that changes nothing else.
 */

import { stripMetadata } from "convoscope/pure/files/strip-metadata.js";
import { UPLOAD } from "convoscope/pure/strings/upload-strings.js";
import { fetchSite, UPLOAD_TIMEOUT_SECONDS } from "convoscope/ui/site/site.js";

/** The server stores at most this many pixels a side. */
const LONGEST = 1024;
const TOO_LARGE = 413;
/** Types that browser and server decode to the same colors and orientation. */
const DRAWABLE = new Set(["image/jpeg", "image/png", "image/bmp"]);
/** The offset of a PNG's bit depth; a canvas has 8 bits. */
const BIT_DEPTH_OFFSET = 24;

/**
 * @typedef {{image: string, height: number, width: number, notes: string[], dark: boolean, colored: boolean,
 * expires: string, delete_token: string}} Stored
 */

/** A failed upload; the message is a sentence for the user. */
export class UploadError extends Error {
  name = "UploadError";
}

/**
 * Uploads a picture.
 * @param {File | Blob} file
 * @param {{most: number, signal?: AbortSignal, stretch?: boolean}} options `most` bytes of an upload;
 * `stretch` stretches the contrast of a dark picture
 * @returns {Promise<Stored>}
 * @throws {UploadError} with the server's message
 */
export async function upload(file, { most, signal, stretch = false }) {
  const bare = file.size <= most ? await withoutMetadata(file) : file;
  const smaller = file.size > most ? await reducePicture(file) : null;
  const sent = smaller ?? bare;
  if (sent.size > most) throw new UploadError(UPLOAD.tooLarge(sent.size, most));
  const notes = [...(smaller ? [UPLOAD.reducedHere] : []), ...(bare === file ? [] : [UPLOAD.metadataRemoved])];
  const answer = await send(sent, stretch, signal);
  const again = answer.status === TOO_LARGE && !smaller ? await reducePicture(file) : null;
  return again ? readUploaded(await send(again, stretch, signal), [UPLOAD.reducedHere]) : readUploaded(answer, notes);
}

/** @param {Blob} picture @param {boolean} stretch @param {AbortSignal} [signal] */
function send(picture, stretch, signal) {
  const form = new FormData();
  form.append("file", picture, "picture");
  return fetchSite(`/api/images${stretch ? "?stretch=1" : ""}`, {
    method: "POST",
    body: form,
    signal,
    seconds: UPLOAD_TIMEOUT_SECONDS,
  });
}

/**
 * @param {Response} answer @param {string[]} notes on what was done in the browser @returns {Promise<Stored>} @throws
 * {UploadError}
 */
async function readUploaded(answer, notes) {
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new UploadError(body.detail ?? body.title ?? UPLOAD.uploadFailed(answer.status));
  return { ...body, notes: [...body.notes, ...notes.filter((note) => !body.notes.includes(note))] };
}

/**
 * The picture's file without metadata.
 * @param {File | Blob} file
 * @returns {Promise<Blob>}
 */
async function withoutMetadata(file) {
  const parts = stripMetadata(new Uint8Array(await file.arrayBuffer()));
  return parts ? new Blob(parts) : file;
}

/**
 * The picture upright and at most LONGEST pixels a side, as PNG or JPEG; null where the browser would change its
 * pixels otherwise.
 * @param {File | Blob} file @returns {Promise<Blob | null>}
 */
async function reducePicture(file) {
  const deep =
    file.type === "image/png" &&
    new Uint8Array(await file.slice(BIT_DEPTH_OFFSET, BIT_DEPTH_OFFSET + 1).arrayBuffer())[0] > 8;
  if (!DRAWABLE.has(file.type) || deep || !(await isCanvasExact())) return null;
  try {
    const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
    const factor = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
    const [width, height] = [
      Math.max(1, Math.round(whole.width * factor)),
      Math.max(1, Math.round(whole.height * factor)),
    ];
    return await redraw(whole, width, height, file.type === "image/jpeg" ? "image/jpeg" : "image/png");
  } catch {
    return null; // damaged or unknown: the server's message tells more
  }
}

/**
 * @param {ImageBitmap} image @param {number} width @param {number} height @param {string} type
 * @returns {Promise<Blob>}
 */
async function redraw(image, width, height, type) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  image.close();
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), type, 0.95),
  );
}

/**
 * Typed numbers as a picture of these pixels; null where they are not whole numbers from 0 to 255.
 * @param {Record<string, any>} image @returns {Promise<Blob | null>}
 */
export async function pictureOfNumbers({ planes, divisor }) {
  if (!planes || divisor !== 1 || ![1, 3].includes(planes.length)) return null;
  const [height, width] = [planes[0].length, planes[0][0].length];
  const numbers = planes.map((/** @type {string[][]} */ plane) => plane.flat().map(Number));
  if (
    numbers.flat().some((/** @type {number} */ number) => !(Number.isInteger(number) && number >= 0 && number <= 255))
  )
    return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pixels = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : numbers[Math.min(i % 4, numbers.length - 1)][i >> 2],
  );
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Whether a canvas returns exact pixels; some browsers add noise against fingerprinting. */
async function isCanvasExact() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "rgb(11, 137, 229)";
  context.fillRect(0, 0, 8, 8);
  const { data } = context.getImageData(0, 0, 8, 8);
  return data.every((value, i) => value === [11, 137, 229, 255][i % 4]);
}

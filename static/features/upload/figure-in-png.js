/**
 * The figure that a PNG carries: written by `app/render/embedded_link.py`, read here before the file is looked at as a
 * picture.
 *
 * A dropped file may be anything: one whose figure is not valid in every way is read as a picture.
 */

import { UploadError } from "convoscope/features/upload/upload.js";
import { crc32 } from "convoscope/pure/files/crc32.js";
import { UPLOAD } from "convoscope/pure/strings/upload-strings.js";

/** @import {Stored} from "convoscope/features/upload/upload.js" */
/**
 * `pixels` is the picture, where the link cannot name it.
 * @typedef {{link: string, pixels: Blob | null}} EmbeddedFigure
 */

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const KEYWORD = "convoscope\0";
const VERSION = 2;
/** The part of the link for an uploaded picture, which has no name outside of its server. */
const PICTURE_IN_FILE = "image=u-in-this-file";
/** The figure's chunks are among the first ones, before the pixels, … */
const MOST_CHUNKS = 64;
/** … and within this many bytes. */
const MOST_BYTES = 8_000_000;
/** The characters of a canonical link: a link with others is not used. */
const LINK = /^[\w.~!$&'()*+,;=:@%/?-]{0,20000}$/;

/**
 * The link of the figure in a file, after its picture was uploaded; null where there is no figure.
 * @param {Blob} file @param {(picture: Blob) => Promise<Stored>} send
 * @returns {Promise<{link: string, stored: Stored | null} | null>}
 * @throws {UploadError} for a figure of a newer version
 */
export async function importFigure(file, send) {
  const embedded = readEmbeddedFigure(new Uint8Array(await file.slice(0, MOST_BYTES).arrayBuffer()));
  if (!embedded) return null;
  const stored = embedded.pixels ? await send(embedded.pixels) : null;
  const link = embedded.link
    .split("&")
    .map((part) => (stored && part === PICTURE_IN_FILE ? `image=${stored.image}` : part))
    .join("&");
  return { link, stored };
}

/**
 * The figure in the bytes of a file; null where there is none.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {EmbeddedFigure | null}
 * @throws {UploadError}
 */
export function readEmbeddedFigure(bytes) {
  if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) return null;
  /** @type {Record<string, any> | null} */
  let description = null;
  /** @type {Blob | null} */
  let cells = null;
  for (const { kind, body, whole } of chunksOf(bytes)) {
    if (!whole) return null;
    if (kind === "iTXt") description ??= parseFigureText(body);
    if (kind === "cvPx") cells ??= new Blob([body]); // without a type it is uploaded unchanged
  }
  if (
    typeof description?.link !== "string" ||
    !LINK.test(description.link) ||
    !Number.isInteger(description.version) ||
    description.version < 1
  )
    return null;
  if (description.version > VERSION) throw new UploadError(UPLOAD.newerFigure);
  return {
    link: writeVersion(description.link, description.version),
    pixels: description.link.split("&").includes(PICTURE_IN_FILE) ? cells : null,
  };
}

/**
 * The link, which names its version where that is an earlier one: the server reads it as it was meant.
 * @param {string} link @param {number} version
 */
function writeVersion(link, version) {
  return version < VERSION ? [`version=${version}`, link].filter(Boolean).join("&") : link;
}

/** The chunks before the pixels; `whole` is whether a checksum is right. @param {Uint8Array<ArrayBuffer>} bytes */
function* chunksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE.length, count = 0; at + 12 <= bytes.length && count < MOST_CHUNKS; count++) {
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) return;
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (kind === "IDAT") return;
    const isFigure = kind === "iTXt" || kind === "cvPx";
    const whole = !isFigure || crc32(bytes.subarray(at + 4, at + 8 + length)) === view.getUint32(at + 8 + length);
    yield { kind, body: bytes.subarray(at + 8, at + 8 + length), whole };
    at += 12 + length;
  }
}

/**
 * The JSON in Convoscope's text chunk; null for another text chunk or invalid JSON.
 * @param {Uint8Array} body
 * @returns {Record<string, any> | null}
 */
function parseFigureText(body) {
  const text = new TextDecoder().decode(body);
  if (!text.startsWith(KEYWORD)) return null;
  try {
    const description = JSON.parse(text.slice(KEYWORD.length).replace(/^\0\0[^\0]*\0[^\0]*\0/, ""));
    return description && typeof description === "object" ? description : null;
  } catch {
    return null;
  }
}

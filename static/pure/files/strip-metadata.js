/**
 * Removes metadata from a picture's file: place, time, owner, comments, previews. What is needed to show the pixels
 * stays: color profile, transparency, orientation.
 *
 * Sources: ITU-T T.81 annex B and Exif 3.0 for JPEG, the PNG specification, RFC 9649 for WebP.
 */

import { crc32 } from "convoscope/pure/files/crc32.js";

/** Parts of the file in their order, with a few new ones between. @typedef {Uint8Array<ArrayBuffer>[]} Parts */

const ORIENTATION = 0x0112;
const SHORT = 3;
const EXIF = "Exif\0\0";
const JFIF = "JFIF\0";
const PROFILE = "ICC_PROFILE\0";
const [APP0, APP1, APP2, APP14, APP15, COMMENT, SCAN, START, END] = [
  0xe0, 0xe1, 0xe2, 0xee, 0xef, 0xfe, 0xda, 0xd8, 0xd9,
];
/** Ancillary chunks of a PNG that are kept, beside the critical ones, whose names begin with a capital letter. */
const KEPT_CHUNKS = new Set([
  "tRNS",
  "gAMA",
  "cHRM",
  "sRGB",
  "iCCP",
  "cICP",
  "sBIT",
  "bKGD",
  "pHYs",
  "acTL",
  "fcTL",
  "fdAT",
  "mDCV",
  "cLLI",
]);
/** Flags of a WebP header. */
const HAS_EXIF = 8;
const HAS_XMP = 4;

/**
 * The parts of a JPEG, PNG or WebP without metadata; null where it has none, or the file is of another kind or damaged.
 * @param {Uint8Array<ArrayBuffer>} bytes @returns {Parts | null}
 */
export function stripMetadata(bytes) {
  try {
    const parts =
      textAt(bytes, 1, 3) === "PNG"
        ? stripPng(bytes)
        : textAt(bytes, 8, 4) === "WEBP"
          ? stripWebp(bytes)
          : bytes[0] === 0xff && bytes[1] === START
            ? stripJpeg(bytes)
            : null;
    return parts && parts.reduce((sum, part) => sum + part.length, 0) !== bytes.length ? parts : null;
  } catch {
    return null; // a length beyond the end of the file
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Parts} */
function stripJpeg(bytes) {
  /** @type {Parts} */
  const parts = [];
  let orientation = 1;
  for (let at = 2; at < bytes.length; ) {
    if (bytes[at] !== 0xff) throw new RangeError("no marker");
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === END) {
      parts.push(bytes.subarray(at, at + 2));
      break;
    }
    const next = at + 2 + viewOf(bytes).getUint16(at + 2);
    const body = bytes.subarray(at + 4, next);
    if (marker === APP1 && textAt(body, 0, 6) === EXIF) orientation = readOrientation(body.subarray(6));
    const end = marker === SCAN ? endOfScan(bytes, next) : next;
    if (isKept(marker, body)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  const exif = createExif(orientation);
  return [
    bytes.subarray(0, 2),
    ...(orientation > 1 ? [concatenate([0xff, APP1, 0, exif.length + 8], EXIF, exif)] : []),
    ...parts,
  ];
}

/** Whether a JPEG segment is needed to show the pixels. @param {number} marker @param {Uint8Array} body */
function isKept(marker, body) {
  if (marker === APP2) return textAt(body, 0, PROFILE.length) === PROFILE;
  if (marker === APP0) return textAt(body, 0, JFIF.length) === JFIF;
  return marker === APP14 || !((marker > APP0 && marker <= APP15) || marker === COMMENT);
}

/** The offset of the first marker after a scan. @param {Uint8Array} bytes @param {number} from */
function endOfScan(bytes, from) {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1];
    if (marker !== 0 && marker !== 0xff && (marker < 0xd0 || marker > 0xd7)) return at;
  }
  return bytes.length;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Parts} */
function stripPng(bytes) {
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const [length, kind] = [viewOf(bytes).getUint32(at), textAt(bytes, at + 4, 4)];
    const [body, next] = [bytes.subarray(at + 8, at + 8 + length), at + 12 + length];
    if (kind === "eXIf" && readOrientation(body) > 1) parts.push(pngChunk("eXIf", createExif(readOrientation(body))));
    if (KEPT_CHUNKS.has(kind) || (kind >= "A" && kind < "a")) parts.push(bytes.subarray(at, next));
    if (kind === "IEND") break;
    at = next;
  }
  return parts;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Parts} */
function stripWebp(bytes) {
  /** @type {Parts} */
  const parts = [];
  let orientation = 1;
  for (let at = 12; at < bytes.length; ) {
    const [kind, length] = [textAt(bytes, at, 4), viewOf(bytes).getUint32(at + 4, true)];
    const next = at + 8 + length + (length % 2);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (kind === "EXIF") orientation = readOrientation(textAt(body, 0, 6) === EXIF ? body.subarray(6) : body);
    else if (kind !== "XMP ") parts.push(bytes.subarray(at, next));
    at = next;
  }
  if (orientation > 1)
    parts.push(concatenate("EXIF", littleEndian(createExif(orientation).length), createExif(orientation)));
  if (textAt(parts[0], 0, 4) === "VP8X") {
    parts[0] = parts[0].slice();
    parts[0][8] = (parts[0][8] & ~(HAS_EXIF | HAS_XMP)) | (orientation > 1 ? HAS_EXIF : 0);
  }
  const size = parts.reduce((sum, part) => sum + part.length, 4);
  return [concatenate("RIFF", littleEndian(size), "WEBP"), ...parts];
}

/**
 * The EXIF orientation, 1 to 8; 1 where it is missing or cannot be read.
 * @param {Uint8Array} exif beginning with its byte order
 */
function readOrientation(exif) {
  const order = textAt(exif, 0, 2);
  if (order !== "II" && order !== "MM") return 1;
  const [data, little] = [viewOf(exif), order === "II"];
  try {
    const start = data.getUint32(4, little);
    for (let i = 0, count = data.getUint16(start, little); i < count; i++) {
      const at = start + 2 + 12 * i;
      if (data.getUint16(at, little) !== ORIENTATION) continue;
      const found = data.getUint16(at + 2, little) === SHORT ? data.getUint16(at + 8, little) : 1;
      return found >= 1 && found <= 8 ? found : 1;
    }
  } catch {
    // an offset beyond the end of the data
  }
  return 1;
}

/** The shortest EXIF data with an orientation. @param {number} orientation */
function createExif(orientation) {
  return concatenate("MM", [
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    ORIENTATION >> 8,
    ORIENTATION & 255,
    0,
    SHORT,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
}

/** @param {string} kind @param {Uint8Array} body */
function pngChunk(kind, body) {
  const named = concatenate(kind, body);
  const [length, sum] = [new Uint8Array(4), new Uint8Array(4)];
  viewOf(length).setUint32(0, body.length);
  viewOf(sum).setUint32(0, crc32(named));
  return concatenate(length, named, sum);
}

/** @param {number} number */
function littleEndian(number) {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, number, true);
  return bytes;
}

/** @param {...(string | ArrayLike<number>)} parts */
function concatenate(...parts) {
  return Uint8Array.from(
    parts.flatMap((part) => Array.from(typeof part === "string" ? [...part].map((sign) => sign.charCodeAt(0)) : part)),
  );
}

/** @param {Uint8Array} bytes @param {number} at @param {number} length */
function textAt(bytes, at, length) {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** @param {Uint8Array} bytes */
function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

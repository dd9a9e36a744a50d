/**
 * A picture inside a link: the cells of a figure as a PNG in base64url.
 *
 * It is the value of "#picture=" in the fragment, which browsers never send to a server. A PNG is small, its checksums
 * show whether a part was lost, and every program can read it.
 * readPicture(fragmentOf(await encodePng(cells))) is the same PNG.
 */

import { crc32 } from "convoscope/pure/files/crc32.js";
import { pixelsOf, sheetOf } from "convoscope/pure/link/drawing/sheet.js";

/** @import {Scene} from "convoscope/pure/types.js" */

const KEY = "#picture=";
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const GRAY = 0;
const RGB = 2;
/** Bytes encoded at a time: a function call has a limit of arguments. */
const BASE64_CHUNK = 8190;

/**
 * @typedef {{rows: number, columns: number, channels: number, bytes: Uint8Array}} PixelCells `bytes` row by row, the
 * channels of a cell together
 */

/**
 * The cells of a stage's picture as whole numbers from 0 to 255.
 * @param {{shape: number[], output: Float32Array | null}} stage @param {boolean} unit whether its values are 0 to 1
 * @returns {PixelCells | null} null where the numbers are missing
 */
export function pixelCellsOf({ shape: [channels, rows, columns], output }, unit) {
  if (!output || (channels !== 1 && channels !== 3)) return null;
  const area = rows * columns;
  const bytes = Uint8Array.from({ length: channels * area }, (_, i) =>
    Math.round(output[(i % channels) * area + Math.floor(i / channels)] * (unit ? 255 : 1)),
  );
  return { rows, columns, channels, bytes };
}

/** @param {PixelCells} cells @returns {Promise<Uint8Array>} the smaller of two encodings as a PNG */
export async function encodePng(cells) {
  const bodies = await Promise.all([NONE, SMALLEST].map((choose) => deflate(filterLines(cells, choose))));
  const body = bodies.reduce((one, other) => (other.length < one.length ? other : one));
  const head = new Uint8Array(13);
  new DataView(head.buffer).setUint32(0, cells.columns);
  new DataView(head.buffer).setUint32(4, cells.rows);
  head.set([8, cells.channels === 3 ? RGB : GRAY], 8);
  return concatenate([
    Uint8Array.from(SIGNATURE),
    pngChunk("IHDR", head),
    pngChunk("IDAT", body),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

/** @param {Uint8Array} png @returns {string} with its "#" */
export function fragmentOf(png) {
  let text = "";
  for (let at = 0; at < png.length; at += BASE64_CHUNK)
    text += btoa(String.fromCharCode(...png.subarray(at, at + BASE64_CHUNK)));
  return KEY + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The picture in a fragment. Characters that a program put after the link are ignored.
 * @param {string} hash
 * @returns {{png: Uint8Array<ArrayBuffer>, rows: number, columns: number} | null} null where a part of it is missing
 */
export function readPicture(hash) {
  const png = decodeBase64(/^[A-Za-z0-9_-]*/.exec(hash.slice(KEY.length))?.[0] ?? "");
  if (!png || !SIGNATURE.every((byte, i) => png[i] === byte)) return null;
  const view = new DataView(png.buffer);
  /** @type {string[]} */
  const names = [];
  let at = SIGNATURE.length;
  while (at + 12 <= png.length && names.at(-1) !== "IEND") {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > png.length || view.getUint32(end) !== crc32(png.subarray(at + 4, end))) return null;
    names.push(String.fromCharCode(...png.subarray(at + 4, at + 8)));
    at = end + 4;
  }
  if (names[0] !== "IHDR" || names.at(-1) !== "IEND" || !names.includes("IDAT")) return null;
  return { png: png.slice(0, at), rows: view.getUint32(20), columns: view.getUint32(16) };
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer> | null} */
function decodeBase64(text) {
  if (text.length % 4 === 1) return null;
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

// --- PNG ------------------------------------------------------------------------------------------------------

/**
 * The filters of PNG: the prediction of a byte from its neighbors left, above and above left.
 * @type {((a: number, b: number, c: number) => number)[]}
 */
const FILTERS = [() => 0, (a) => a, (_, b) => b, (a, b) => (a + b) >> 1, paeth];

/** @typedef {(lines: Uint8Array[]) => number} ChooseLine the index of one of the five filtered lines */
/** @type {ChooseLine} */
const NONE = () => 0;
/** The line with the smallest sum of differences, as libpng chooses. @type {ChooseLine} */
const SMALLEST = (lines) => {
  const sums = lines.map((line) => line.reduce((sum, byte) => sum + Math.min(byte, 256 - byte), 0));
  return sums.indexOf(Math.min(...sums));
};

/** @param {number} a @param {number} b @param {number} c */
function paeth(a, b, c) {
  const [left, above, corner] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return left <= above && left <= corner ? a : above <= corner ? b : c;
}

/**
 * The lines of a picture, each filtered, with the number of its filter before it.
 * @param {PixelCells} cells @param {ChooseLine} choose
 */
function filterLines({ rows, columns, channels, bytes }, choose) {
  const length = columns * channels;
  const result = new Uint8Array(rows * (length + 1));
  for (let row = 0; row < rows; row++) {
    const line = bytes.subarray(row * length, (row + 1) * length);
    const above = row ? bytes.subarray((row - 1) * length, row * length) : new Uint8Array(length);
    const lines = FILTERS.map((filter) =>
      line.map((byte, i) => byte - filter(line[i - channels] ?? 0, above[i], above[i - channels] ?? 0)),
    );
    const chosen = choose(lines);
    result[row * (length + 1)] = chosen;
    result.set(lines[chosen], row * (length + 1) + 1);
  }
  return result;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array>} in zlib's format, as in PNG */
async function deflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {string} name @param {Uint8Array} body */
function pngChunk(name, body) {
  const whole = new Uint8Array(12 + body.length);
  const view = new DataView(whole.buffer);
  view.setUint32(0, body.length);
  whole.set(
    Array.from(name, (letter) => letter.charCodeAt(0)),
    4,
  );
  whole.set(body, 8);
  view.setUint32(8 + body.length, crc32(whole.subarray(4, 8 + body.length)));
  return whole;
}

/** @param {Uint8Array[]} parts */
function concatenate(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The fragment of typed pixels, with its "#"; "" where there are none. @param {Scene} scene */
export async function fragmentOfDrawing(scene) {
  const sheet = scene.batch ? null : sheetOf(scene);
  const pixels = sheet && pixelsOf(sheet);
  return pixels ? fragmentOf(await encodePng(pixels)) : "";
}

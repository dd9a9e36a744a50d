/** Weights in a safetensors file: the header, and the numbers of one layer. */

/** @import {WeightsDescription} from "convoscope/features/upload/weights/weights-file.js" */
/** @typedef {{dtype: string, shape: number[], data_offsets: [number, number]}} Entry */

/** The longest header; a file with a longer one is of another kind. */
const MOST_HEADER = 8_000_000;
/** The key of a header that is not an array. */
const METADATA = "__metadata__";

/** Null where the file is of another kind. @param {Blob} file @returns {Promise<WeightsDescription | null>} */
export async function describeSafetensors(file) {
  const head = await file.slice(0, 8).arrayBuffer();
  const length = head.byteLength === 8 ? Number(new DataView(head).getBigUint64(0, true)) : Infinity;
  if (length > Math.min(MOST_HEADER, file.size - 8)) return null;
  const start = 8 + length;
  const header = parseHeader(await file.slice(8, start).text());
  if (!header) return null;
  return {
    description: file.slice(0, start),
    async extractLayer({ parts }) {
      if (!parts.length || !parts.every((name) => Object.hasOwn(header, name))) return file;
      const places = parts.map((name) => header[name].data_offsets);
      const numbers = places.map(([from, to]) => file.slice(start + from, start + to));
      return new Blob([...encodeHeader(moveToFront(header, parts)), ...numbers]);
    },
  };
}

/** @param {string} text @returns {Record<string, Entry> | null} */
function parseHeader(text) {
  try {
    const header = JSON.parse(text);
    const arrays = Object.entries(header).filter(([name]) => name !== METADATA);
    const areValid = arrays.every(
      ([
        ,
        {
          data_offsets: [from, to],
        },
      ]) => Number.isSafeInteger(from) && from <= to,
    );
    return areValid ? header : null;
  } catch {
    return null;
  }
}

/**
 * A header with the data of some arrays before that of all others.
 * @param {Record<string, Entry>} header @param {string[]} first
 */
function moveToFront(header, first) {
  const names = new Set([...first, ...Object.keys(header)]);
  names.delete(METADATA);
  let end = 0;
  const entries = [...names].map((name) => {
    const [from, to] = header[name].data_offsets;
    const start = end;
    end += to - from;
    return [name, { ...header[name], data_offsets: [start, end] }];
  });
  return { ...header, ...Object.fromEntries(entries) };
}

/** A header as the bytes before the numbers. @param {Record<string, Entry>} header */
function encodeHeader(header) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = new DataView(new ArrayBuffer(8));
  size.setBigUint64(0, BigInt(text.length), true);
  return [size.buffer, text];
}

/** Weights in a safetensors file: the description before the numbers, and one layer with its bias. */

/** @import {Described, Layer} from "convoscope/weights/file.js" */
/** @typedef {{dtype: string, shape: number[], data_offsets: [number, number]}} Entry */

/** No description is longer; a file that says so is another kind of file. */
const MOST_HEADER = 8_000_000;

/** Null where the file is of another kind. @param {Blob} file @returns {Promise<Described | null>} */
export async function describeSafetensors(file) {
  const head = await file.slice(0, 8).arrayBuffer();
  const length = head.byteLength === 8 ? Number(new DataView(head).getBigUint64(0, true)) : Infinity;
  if (length > Math.min(MOST_HEADER, file.size - 8)) return null;
  const start = 8 + length;
  const entries = entriesIn(await file.slice(8, start).text());
  if (!entries) return null;
  return {
    description: file.slice(0, start),
    isNamed: false,
    async only(layer) {
      const chosen = ofLayer(entries, layer);
      if (!chosen.some(([name]) => name === layer.array)) return file;
      return fileOf(chosen, ([from, to]) => file.slice(start + from, start + to));
    },
  };
}

/** @param {string} text @returns {[string, Entry][] | null} */
function entriesIn(text) {
  try {
    /** @type {[string, Entry][]} */
    const entries = Object.entries(JSON.parse(text));
    const arrays = entries.filter(([name]) => name !== "__metadata__");
    return arrays.every(([, entry]) => Array.isArray(entry.shape) && entry.data_offsets.length === 2) ? arrays : null;
  } catch {
    return null;
  }
}

/**
 * The array of a layer, and what may be its bias: named like it, a number for each filter.
 * @param {[string, Entry][]} entries @param {Layer} layer
 */
function ofLayer(entries, { array, shape: [filters] }) {
  const stem = array.replace(/[^./:_-]+(:\d+)?$/, "");
  /** @param {string} name */
  const isBeside = (name) => name.startsWith(stem) && !/[./]/.test(name.slice(stem.length));
  const isBias = (/** @type {[string, Entry]} */ [name, { shape }]) => String(shape) === `${filters}` && isBeside(name);
  return entries.filter((entry) => entry[0] === array || isBias(entry));
}

/** @param {[string, Entry][]} chosen @param {(place: [number, number]) => Blob} bytes */
function fileOf(chosen, bytes) {
  /** @type {Record<string, Entry>} */
  const header = {};
  const parts = [];
  let start = 0;
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of chosen) {
    header[name] = { dtype, shape, data_offsets: [start, start + to - from] };
    parts.push(bytes([from, to]));
    start += to - from;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = new DataView(new ArrayBuffer(8));
  size.setBigUint64(0, BigInt(text.length), true);
  return new Blob([size.buffer, text, ...parts]);
}

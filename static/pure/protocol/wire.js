/** Reads a Trace from the server's response: a safetensors file whose header has the scene and the geometry as JSON. */

import { JOINS } from "convoscope/pure/frame/stage.js";
import { RESPONSE } from "convoscope/pure/strings/strings.js";

/** @import {Capability, Kind, Stage, StageMeta, Trace} from "convoscope/pure/types.js" */

const VERSION = 2;
/**
 * @typedef {{new (buffer: ArrayBuffer, from: number, count: number): Float32Array | Int32Array | Uint8Array,
 *   BYTES_PER_ELEMENT: number}} ArrayType
 */
/** @type {Record<string, ArrayType>} */
const ARRAYS = { F32: Float32Array, I32: Int32Array, U8: Uint8Array };

/** @typedef {{dtype: string, shape: number[], data_offsets: [number, number]}} ArrayEntry */

/**
 * The Trace in the bytes of a response. Its arrays are views: nothing is copied.
 * @param {ArrayBuffer} buffer
 * @returns {Trace}
 * @throws {Error} with a sentence, where the bytes are truncated, inconsistent or of another version
 */
export function readTrace(buffer) {
  const { header, start } = readHeader(buffer);
  const text = header.__metadata__?.trace;
  if (typeof text !== "string") throw new Error(RESPONSE.noTrace);
  const trace = parseJson(text, RESPONSE.descriptionNotJson);
  if (trace.version !== VERSION && trace.version !== 1) throw new Error(RESPONSE.otherVersion(trace.version, VERSION));
  if (trace.version === 1 && trace.stages.some((/** @type {StageMeta} */ { op }) => JOINS.includes(op)))
    throw new Error(RESPONSE.noBranches);
  /** @param {string} name */
  const array = (name) => (header[name] ? readArray(buffer, start, name, header[name]) : null);
  /** @param {StageMeta} meta @returns {Stage} */
  const stage = (meta) => {
    const output = /** @type {Float32Array | null} */ (array(`${meta.index}.output`));
    return {
      ...completeFacts(meta),
      ...(meta.ranges ? {} : singleCellFacts(output ?? [])),
      output,
      weight: /** @type {Float32Array | null} */ (array(`${meta.index}.weight`)),
      bias: /** @type {Float32Array | null} */ (array(`${meta.index}.bias`)),
      bytes: /** @type {Uint8Array | null} */ (array(`${meta.index}.preview`)),
    };
  };
  return { ...trace, stages: trace.stages.map(stage) };
}

/**
 * All arrays of a safetensors file, with their shapes, and the texts of its header.
 * @param {ArrayBuffer} buffer
 * @returns {{texts: Record<string, string>, arrays: Record<string, {shape: number[], values: Float32Array | Int32Array
 * | Uint8Array}>}}
 * @throws {Error} with a sentence, where the bytes are truncated or inconsistent
 */
export function readArrays(buffer) {
  const { header, start } = readHeader(buffer);
  const { __metadata__: texts = {}, ...entries } = header;
  const arrays = Object.entries(entries).map(([name, entry]) => [
    name,
    { shape: entry.shape, values: readArray(buffer, start, name, entry) },
  ]);
  return { texts, arrays: Object.fromEntries(arrays) };
}

/** The kinds of steps that have an operation of their own name; all others are pools, or functions of one cell. */
const OWN_KINDS = ["input", "conv", "softmax", "shift", "flatten", "linear", "prepare"];
/** @type {Partial<Record<Kind, Capability[]>>} */
const CAPABILITIES = {
  conv: ["filters", "gathers"],
  pool: ["gathers", "map_by_map"],
  pointwise: ["keeps_shape", "map_by_map"],
  softmax: ["keeps_shape", "reads_all"],
  shift: ["keeps_shape", "map_by_map"],
  linear: ["reads_all"],
  prepare: ["gathers"],
};

/**
 * The facts of a stage; those that a Trace of version 0.1 lacks follow from the name of its operation and its place.
 * @template {Pick<StageMeta, "op"> & Partial<StageMeta>} T @param {T} meta
 * @returns {T & Pick<StageMeta, "kind" | "reads" | "capabilities" | "values" | "formula" | "sees_whole_input" | "code">}
 */
export function completeFacts(meta) {
  const { op = "", index = 0 } = meta;
  const reads = index > 0 ? [index - 1] : [];
  const kind = /** @type {Kind} */ (OWN_KINDS.includes(op) ? op : op.endsWith("pool") ? "pool" : "pointwise");
  const never_zero = op === "sigmoid" || op === "softmax";
  const values = { keeps_whole: false, adds: null, signed: false, least: null, most: null, never_zero };
  const capabilities = CAPABILITIES[kind] ?? [];
  return { kind, reads, capabilities, values, formula: "", sees_whole_input: false, code: {}, ...meta };
}

/**
 * The ranges and salient cells of maps of one cell, which are not sent: both ends of a range are the value.
 * @param {Iterable<number>} values
 * @returns {Pick<StageMeta, "ranges" | "telling">}
 */
function singleCellFacts(values) {
  return { ranges: Array.from(values, (value) => [value, value]), telling: Array.from(values, () => [0, 0]) };
}

/** The bytes of a Trace that is embedded in a page as text. @param {string} text base64 */
export function decodeBase64(text) {
  return Uint8Array.from(atob(text.trim()), (sign) => sign.charCodeAt(0)).buffer;
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {{header: Record<string, any>, start: number}}
 */
function readHeader(buffer) {
  if (buffer.byteLength < 8) throw new Error(RESPONSE.noHeader(buffer.byteLength));
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const start = 8 + length;
  if (start > buffer.byteLength) {
    throw new Error(RESPONSE.truncatedHeader(length, buffer.byteLength - 8));
  }
  const text = new TextDecoder().decode(new Uint8Array(buffer, 8, length));
  return { header: parseJson(text, RESPONSE.headerNotJson), start };
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @param {string} name
 * @param {ArrayEntry} entry
 */
function readArray(buffer, start, name, { dtype, shape, data_offsets: [from, to] }) {
  const Kind = ARRAYS[dtype];
  if (!Kind) throw new Error(RESPONSE.otherType(name, dtype, Object.keys(ARRAYS)));
  const count = shape.reduce((product, side) => product * side, 1);
  const bytes = count * Kind.BYTES_PER_ELEMENT;
  if (!(from >= 0) || to - from !== bytes || start + to > buffer.byteLength) {
    throw new Error(RESPONSE.wrongSize(name, bytes, [from, to], buffer.byteLength - start));
  }
  const aligned = (start + from) % Kind.BYTES_PER_ELEMENT === 0;
  return aligned ? new Kind(buffer, start + from, count) : new Kind(buffer.slice(start + from, start + to), 0, count);
}

/** @param {string} text @param {string} sentence said where it is not JSON @returns {any} */
function parseJson(text, sentence) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(sentence);
  }
}

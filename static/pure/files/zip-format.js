/**
 * The zip format: reads the central directory and writes small archives. It works on bytes, not on files.
 */

import { crc32 } from "convoscope/pure/files/crc32.js";

/**
 * One member. `method` is its compression (0 stored, 8 deflated), `compressed` and `size` are its numbers of bytes
 * compressed and uncompressed, `offset` is that of its local header.
 * @typedef {object} Member
 * @property {string} name
 * @property {number} flags
 * @property {number} method
 * @property {number} crc
 * @property {number} compressed
 * @property {number} size
 * @property {number} offset
 */
/**
 * The central directory: its offset, its bytes, its number of members, and the bytes before the archive.
 * @typedef {{start: number, size: number, count: number, shift: number}} CentralDirectory
 */
/**
 * A member to be written, with its compressed bytes.
 * @typedef {{member: Member, bytes: Blob | Uint8Array<ArrayBuffer>}} ArchivePart
 */

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_RECORD = 0x06054b50;
const ZIP64_END = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const [LOCAL_HEADER_SIZE, ENTRY_BYTES, END_BYTES, ZIP64_END_BYTES, LOCATOR_BYTES] = [30, 46, 22, 56, 20];
/** The value of a field whose number is in the ZIP64 extra field. */
const IN_ZIP64_EXTRA = 0xffffffff;
const ZIP64_EXTRA = 1;
const [ENCRYPTED, IN_UTF8] = [1, 1 << 11];
const VERSION = 20;

export const STORED = 0;
export const DEFLATED = 8;
/** The most bytes that the end records take, with the longest comment. */
export const MOST_END_BYTES = END_BYTES + 0xffff + LOCATOR_BYTES + ZIP64_END_BYTES;
/** Bytes of a local header before its name. */
export const LOCAL_HEADER_BYTES = LOCAL_HEADER_SIZE;

/**
 * The central directory, found by the last bytes of a file; null where they have no valid end record.
 * @param {Uint8Array} tail @param {number} size bytes of the whole file @returns {CentralDirectory | null}
 */
export function findDirectory(tail, size) {
  const view = viewOf(tail);
  let at = tail.length - END_BYTES;
  while (at >= 0 && view.getUint32(at, true) !== END_RECORD) at--;
  if (at < 0) return null;
  const end = readZip64End(view, at) ?? readEnd(view, at);
  const start = size - tail.length + end.at - end.bytes;
  // Bytes before the archive shift all offsets.
  const shift = start - end.offset;
  return start >= 0 && shift >= 0 ? { start, size: end.bytes, count: end.count, shift } : null;
}

/** @param {DataView} view @param {number} at */
function readEnd(view, at) {
  const [bytes, offset] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  return { at, count: view.getUint16(at + 10, true), bytes, offset };
}

/** The ZIP64 end record; null where there is none. @param {DataView} view @param {number} end */
function readZip64End(view, end) {
  const [locator, at] = [end - LOCATOR_BYTES, end - LOCATOR_BYTES - ZIP64_END_BYTES];
  if (at < 0 || view.getUint32(locator, true) !== ZIP64_LOCATOR || view.getUint32(at, true) !== ZIP64_END) return null;
  return { at, count: readUint64(view, at + 32), bytes: readUint64(view, at + 40), offset: readUint64(view, at + 48) };
}

/**
 * The members of a central directory, the last of each name; null where it is damaged.
 * @param {Uint8Array} bytes @param {CentralDirectory} directory @returns {Map<string, Member> | null}
 */
export function readDirectory(bytes, { start, count, shift }) {
  const view = viewOf(bytes);
  const members = new Map();
  for (let at = 0, left = count; left > 0; left--) {
    if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) return null;
    const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const next = at + ENTRY_BYTES + name + extra + comment;
    if (next > bytes.length) return null;
    const text = new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + name));
    const member = readMember(view, at, text);
    member.offset += shift;
    if (member.offset + LOCAL_HEADER_SIZE + member.compressed > start) return null;
    members.set(member.name, member);
    at = next;
  }
  return members;
}

/** @param {DataView} view @param {number} at @param {string} name @returns {Member} */
function readMember(view, at, name) {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const extra = readZip64Extra(view, at + ENTRY_BYTES + view.getUint16(at + 28, true), view.getUint16(at + 30, true));
  const [size, compressed, offset] = [24, 20, 42].map((place) => {
    const value = view.getUint32(at + place, true);
    return value === IN_ZIP64_EXTRA ? (extra.shift() ?? value) : value;
  });
  return { name, flags, method, crc: view.getUint32(at + 16, true), compressed, size, offset };
}

/**
 * The numbers of the ZIP64 extra field, in their order.
 * @param {DataView} view @param {number} from @param {number} length @returns {number[]}
 */
function readZip64Extra(view, from, length) {
  for (let at = from; at + 4 <= from + length; ) {
    const [kind, bytes] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const room = Math.min(bytes, from + length - at - 4);
    const numbers = { length: kind === ZIP64_EXTRA ? Math.floor(room / 8) : 0 };
    if (numbers.length) return Array.from(numbers, (_, index) => readUint64(view, at + 4 + 8 * index));
    at += 4 + bytes;
  }
  return [];
}

/**
 * The bytes of a local header with its name and extra field; null where it is none.
 * @param {Uint8Array} header @returns {number | null}
 */
export function headerLength(header) {
  const view = viewOf(header);
  if (header.length < LOCAL_HEADER_SIZE || view.getUint32(0, true) !== LOCAL_HEADER) return null;
  return LOCAL_HEADER_SIZE + view.getUint16(26, true) + view.getUint16(28, true);
}

/**
 * The pieces of an archive of members, whose compressed bytes are copied.
 * @param {ArchivePart[]} parts @returns {(Blob | Uint8Array<ArrayBuffer>)[]}
 */
export function writeArchive(parts) {
  const pieces = [];
  const list = [];
  let offset = 0;
  for (const { member, bytes } of parts) {
    const name = new TextEncoder().encode(member.name);
    const header = [writeHeader(LOCAL_HEADER, member, name), name];
    list.push(writeHeader(DIRECTORY_ENTRY, member, name, offset), name);
    pieces.push(...header, bytes);
    offset += LOCAL_HEADER_SIZE + name.length + (bytes instanceof Blob ? bytes.size : bytes.length);
  }
  return [
    ...pieces,
    ...list,
    writeEnd(
      parts.length,
      list.reduce((sum, { length }) => sum + length, 0),
      offset,
    ),
  ];
}

/**
 * A local header, or an entry of the central directory.
 * @param {number} kind @param {Member} member @param {Uint8Array} name @param {number} [offset]
 */
function writeHeader(kind, { flags, method, crc, compressed, size }, name, offset = 0) {
  const listed = kind === DIRECTORY_ENTRY;
  const view = new DataView(new ArrayBuffer(listed ? ENTRY_BYTES : LOCAL_HEADER_SIZE));
  view.setUint32(0, kind, true);
  const at = listed ? 6 : 4; // an entry begins with the version that wrote it
  if (listed) view.setUint16(4, VERSION, true);
  [VERSION, (flags & ENCRYPTED) | IN_UTF8, method].forEach((value, index) =>
    view.setUint16(at + 2 * index, value, true),
  );
  [crc, compressed, size].forEach((value, index) => view.setUint32(at + 10 + 4 * index, value, true));
  view.setUint16(at + 22, name.length, true);
  if (listed) view.setUint32(42, offset, true);
  return new Uint8Array(view.buffer);
}

/** @param {number} count @param {number} size @param {number} offset */
function writeEnd(count, size, offset) {
  const view = new DataView(new ArrayBuffer(END_BYTES));
  view.setUint32(0, END_RECORD, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return new Uint8Array(view.buffer);
}

/**
 * A member that is stored uncompressed.
 * @param {string} name @param {Uint8Array<ArrayBuffer>} bytes @returns {ArchivePart}
 */
export function storedPart(name, bytes) {
  const { length } = bytes;
  const member = { name, flags: 0, method: STORED, crc: crc32(bytes), compressed: length, size: length, offset: 0 };
  return { member, bytes };
}

/** @param {DataView} view @param {number} at */
function readUint64(view, at) {
  return Number(view.getBigUint64(at, true));
}

/** @param {Uint8Array} bytes */
function viewOf({ buffer, byteOffset, byteLength }) {
  return new DataView(buffer, byteOffset, byteLength);
}

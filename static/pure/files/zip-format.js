/**
 * Zip archives: what the list of contents at their end says, and small ones written anew. It reads no file and touches
 * no page.
 */

/**
 * One member. `method` is how it is packed (0 not at all, 8 deflated), `packed` and `size` are its bytes packed and
 * unpacked, `offset` is where its own header begins.
 * @typedef {object} Member
 * @property {string} name
 * @property {number} flags
 * @property {number} method
 * @property {number} crc
 * @property {number} packed
 * @property {number} size
 * @property {number} offset
 */
/**
 * The list of contents: where it begins, its bytes, its members, and by how much all of the archive is moved.
 * @typedef {{start: number, size: number, count: number, shift: number}} Contents
 */
/**
 * A member to be written, with its bytes as they are packed.
 * @typedef {{member: Member, bytes: Blob | Uint8Array<ArrayBuffer>}} Part
 */

const LOCAL = 0x04034b50;
const LISTED = 0x02014b50;
const END = 0x06054b50;
const LARGE_END = 0x06064b50;
const LARGE_LOCATOR = 0x07064b50;
const [LOCAL_BYTES, LISTED_BYTES, END_BYTES, LARGE_END_BYTES, LOCATOR_BYTES] = [30, 46, 22, 56, 20];
/** In place of a number that stands elsewhere, in 8 bytes. */
const ELSEWHERE = 0xffffffff;
const LARGE_EXTRA = 1;
const [LOCKED, IN_UTF8] = [1, 1 << 11];
const VERSION = 20;

export const STORED = 0;
export const DEFLATED = 8;
/** Bytes at the end of a file in which its list of contents is named, whatever comment follows. */
export const TAIL = END_BYTES + 0xffff + LOCATOR_BYTES + LARGE_END_BYTES;
/** Bytes of a member's own header before its name. */
export const HEADER = LOCAL_BYTES;

/**
 * Where the list of contents lies, said by the last bytes of a file; null where they do not say it.
 * @param {Uint8Array} tail @param {number} size bytes of the whole file @returns {Contents | null}
 */
export function contentsOf(tail, size) {
  const view = viewOf(tail);
  let at = tail.length - END_BYTES;
  while (at >= 0 && view.getUint32(at, true) !== END) at--;
  if (at < 0) return null;
  const end = largeEnd(view, at) ?? smallEnd(view, at);
  const start = size - tail.length + end.at - end.bytes;
  // Whatever was put before the archive moves all of it.
  const shift = start - end.offset;
  return start >= 0 && shift >= 0 ? { start, size: end.bytes, count: end.count, shift } : null;
}

/** @param {DataView} view @param {number} at */
function smallEnd(view, at) {
  const [bytes, offset] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  return { at, count: view.getUint16(at + 10, true), bytes, offset };
}

/** The same in 8 bytes each, where a file is too large for 4. @param {DataView} view @param {number} end */
function largeEnd(view, end) {
  const [locator, at] = [end - LOCATOR_BYTES, end - LOCATOR_BYTES - LARGE_END_BYTES];
  if (at < 0 || view.getUint32(locator, true) !== LARGE_LOCATOR || view.getUint32(at, true) !== LARGE_END) return null;
  return { at, count: long(view, at + 32), bytes: long(view, at + 40), offset: long(view, at + 48) };
}

/**
 * The members that a list of contents names, the last of each name; null where it is damaged.
 * @param {Uint8Array} list @param {Contents} contents @returns {Map<string, Member> | null}
 */
export function membersIn(list, { start, count, shift }) {
  const view = viewOf(list);
  const members = new Map();
  for (let at = 0, left = count; left > 0; left--) {
    if (at + LISTED_BYTES > list.length || view.getUint32(at, true) !== LISTED) return null;
    const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const next = at + LISTED_BYTES + name + extra + comment;
    if (next > list.length) return null;
    const text = new TextDecoder().decode(list.subarray(at + LISTED_BYTES, at + LISTED_BYTES + name));
    const member = memberAt(view, at, text);
    member.offset += shift;
    if (member.offset + LOCAL_BYTES + member.packed > start) return null;
    members.set(member.name, member);
    at = next;
  }
  return members;
}

/** @param {DataView} view @param {number} at @param {string} name @returns {Member} */
function memberAt(view, at, name) {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const extra = largeNumbers(view, at + LISTED_BYTES + view.getUint16(at + 28, true), view.getUint16(at + 30, true));
  const [size, packed, offset] = [24, 20, 42].map((place) => {
    const said = view.getUint32(at + place, true);
    return said === ELSEWHERE ? (extra.shift() ?? said) : said;
  });
  return { name, flags, method, crc: view.getUint32(at + 16, true), packed, size, offset };
}

/**
 * The numbers that stand elsewhere, in their order.
 * @param {DataView} view @param {number} from @param {number} length @returns {number[]}
 */
function largeNumbers(view, from, length) {
  for (let at = from; at + 4 <= from + length; ) {
    const [kind, bytes] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const room = Math.min(bytes, from + length - at - 4);
    const numbers = { length: kind === LARGE_EXTRA ? Math.floor(room / 8) : 0 };
    if (numbers.length) return Array.from(numbers, (_, index) => long(view, at + 4 + 8 * index));
    at += 4 + bytes;
  }
  return [];
}

/**
 * How far the bytes of a member lie behind the beginning of its header; null where there is none.
 * @param {Uint8Array} header @returns {number | null}
 */
export function headerLength(header) {
  const view = viewOf(header);
  if (header.length < LOCAL_BYTES || view.getUint32(0, true) !== LOCAL) return null;
  return LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
}

/**
 * An archive of these members, piece by piece: their bytes are copied as they are packed.
 * @param {Part[]} parts @returns {(Blob | Uint8Array<ArrayBuffer>)[]}
 */
export function archiveOf(parts) {
  const pieces = [];
  const list = [];
  let offset = 0;
  for (const { member, bytes } of parts) {
    const name = new TextEncoder().encode(member.name);
    const header = [headerOf(LOCAL, member, name), name];
    list.push(headerOf(LISTED, member, name, offset), name);
    pieces.push(...header, bytes);
    offset += LOCAL_BYTES + name.length + (bytes instanceof Blob ? bytes.size : bytes.length);
  }
  return [
    ...pieces,
    ...list,
    endOf(
      parts.length,
      list.reduce((sum, { length }) => sum + length, 0),
      offset,
    ),
  ];
}

/**
 * What stands before a member, or in the list.
 * @param {number} kind @param {Member} member @param {Uint8Array} name @param {number} [offset]
 */
function headerOf(kind, { flags, method, crc, packed, size }, name, offset = 0) {
  const listed = kind === LISTED;
  const view = new DataView(new ArrayBuffer(listed ? LISTED_BYTES : LOCAL_BYTES));
  view.setUint32(0, kind, true);
  const at = listed ? 6 : 4; // the list says first by which version it was written
  if (listed) view.setUint16(4, VERSION, true);
  [VERSION, (flags & LOCKED) | IN_UTF8, method].forEach((value, index) => view.setUint16(at + 2 * index, value, true));
  [crc, packed, size].forEach((value, index) => view.setUint32(at + 10 + 4 * index, value, true));
  view.setUint16(at + 22, name.length, true);
  if (listed) view.setUint32(42, offset, true);
  return new Uint8Array(view.buffer);
}

/** @param {number} count @param {number} size @param {number} offset */
function endOf(count, size, offset) {
  const view = new DataView(new ArrayBuffer(END_BYTES));
  view.setUint32(0, END, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return new Uint8Array(view.buffer);
}

/** A member that is not packed. @param {string} name @param {Uint8Array<ArrayBuffer>} bytes @returns {Part} */
export function storedPart(name, bytes) {
  const { length } = bytes;
  const member = { name, flags: 0, method: STORED, crc: crcOf(bytes), packed: length, size: length, offset: 0 };
  return { member, bytes };
}

/** The checksum that archives keep. @param {Uint8Array} bytes @returns {number} */
export function crcOf(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** @param {DataView} view @param {number} at */
function long(view, at) {
  return Number(view.getBigUint64(at, true));
}

/** @param {Uint8Array} bytes */
function viewOf({ buffer, byteOffset, byteLength }) {
  return new DataView(buffer, byteOffset, byteLength);
}

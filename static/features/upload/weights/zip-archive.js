/** A zip archive on the device: its central directory and single members, without reading the rest. */

import {
  DEFLATED,
  findDirectory,
  headerLength,
  LOCAL_HEADER_BYTES,
  MOST_END_BYTES,
  readDirectory,
  STORED,
  writeArchive,
} from "convoscope/pure/files/zip-format.js";

/** @import {Member, ArchivePart} from "convoscope/pure/files/zip-format.js" */

/** The longest central directory that is read; 100,000 members with long names have 15 MB. */
const MOST_DIRECTORY_BYTES = 32_000_000;
/** Bytes of a compressed member that are read first; they inflate to more than any header of an array. */
const COMPRESSED_START = 65_536;

/**
 * The members of an archive; null where its end record is missing or damaged.
 * @param {Blob} file @returns {Promise<Map<string, Member> | null>}
 */
export async function listMembers(file) {
  const contents = findDirectory(await bytesOf(file.slice(Math.max(0, file.size - MOST_END_BYTES))), file.size);
  if (!contents || contents.size > MOST_DIRECTORY_BYTES) return null;
  return readDirectory(await bytesOf(file.slice(contents.start, contents.start + contents.size)), contents);
}

/**
 * The compressed bytes of a member, not yet read.
 * @param {Blob} file @param {Member} member @returns {Promise<Blob>}
 * @throws {RangeError} where no member begins at its offset
 */
export async function compressedBytes(file, { offset, compressed }) {
  const length = headerLength(await bytesOf(file.slice(offset, offset + LOCAL_HEADER_BYTES)));
  if (length === null || offset + length + compressed > file.size) throw new RangeError("no member at this offset");
  return file.slice(offset + length, offset + length + compressed);
}

/** A member with its compressed bytes. @param {Blob} file @param {Member} member @returns {Promise<ArchivePart>} */
export async function copyMember(file, member) {
  return { member, bytes: await compressedBytes(file, member) };
}

/**
 * The first bytes of a member, inflated; fewer where it is shorter, none for another compression.
 * @param {Blob} file @param {Member} member @param {number} count @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function readStart(file, member, count) {
  const compressed = await compressedBytes(file, member);
  if (member.method === STORED) return bytesOf(compressed.slice(0, count));
  return member.method === DEFLATED ? inflateStart(compressed.slice(0, COMPRESSED_START), count) : new Uint8Array();
}

/** @param {Blob} compressed @param {number} count @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function inflateStart(compressed, count) {
  const inflated = new Uint8Array(count);
  const reader = compressed.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let length = 0;
  try {
    while (length < count) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, count - length);
      inflated.set(part, length);
      length += part.length;
    }
  } catch {
    // The bytes before the error are all that can be read.
  }
  reader.cancel().catch(() => {});
  return inflated.slice(0, length);
}

/** @param {ArchivePart[]} parts */
export function createArchive(parts) {
  return new Blob(writeArchive(parts));
}

/** @param {Blob} part @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytesOf(part) {
  return new Uint8Array(await part.arrayBuffer());
}

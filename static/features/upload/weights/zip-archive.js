/** A zip archive on the device, of which small parts are read: the list of contents, and members by their names. */

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

/** No list of contents that is read is longer; 100,000 members with long names have 15 MB. */
const MOST_DIRECTORY_BYTES = 32_000_000;
/** Of a packed member so much is taken at first; so much unpacks to more than any description of an array. */
const COMPRESSED_START = 65_536;

/**
 * What is in an archive; null where its end does not say it.
 * @param {Blob} file @returns {Promise<Map<string, Member> | null>}
 */
export async function listMembers(file) {
  const contents = findDirectory(await bytesOf(file.slice(Math.max(0, file.size - MOST_END_BYTES))), file.size);
  if (!contents || contents.size > MOST_DIRECTORY_BYTES) return null;
  return readDirectory(await bytesOf(file.slice(contents.start, contents.start + contents.size)), contents);
}

/**
 * A member's bytes as they are packed, which are not read yet.
 * @param {Blob} file @param {Member} member @returns {Promise<Blob>}
 * @throws {RangeError} where it does not lie where the list says
 */
export async function compressedBytes(file, { offset, compressed }) {
  const length = headerLength(await bytesOf(file.slice(offset, offset + LOCAL_HEADER_BYTES)));
  if (length === null || offset + length + compressed > file.size) throw new RangeError("no member lies here");
  return file.slice(offset + length, offset + length + compressed);
}

/** A member as it is. @param {Blob} file @param {Member} member @returns {Promise<ArchivePart>} */
export async function copyMember(file, member) {
  return { member, bytes: await compressedBytes(file, member) };
}

/**
 * The first bytes of a member, unpacked; fewer where it has no more, none where it is packed in another way.
 * @param {Blob} file @param {Member} member @param {number} count @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function readStart(file, member, count) {
  const packed = await compressedBytes(file, member);
  if (member.method === STORED) return bytesOf(packed.slice(0, count));
  return member.method === DEFLATED ? inflateStart(packed.slice(0, COMPRESSED_START), count) : new Uint8Array();
}

/** @param {Blob} packed @param {number} count @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function inflateStart(packed, count) {
  const found = new Uint8Array(count);
  const reader = packed.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let length = 0;
  try {
    while (length < count) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, count - length);
      found.set(part, length);
      length += part.length;
    }
  } catch {
    // What was unpacked before it breaks off is all that there is.
  }
  reader.cancel().catch(() => {});
  return found.slice(0, length);
}

/** @param {ArchivePart[]} parts */
export function createArchive(parts) {
  return new Blob(writeArchive(parts));
}

/** @param {Blob} part @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytesOf(part) {
  return new Uint8Array(await part.arrayBuffer());
}

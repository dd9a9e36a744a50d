/** Weights in zip archives of PyTorch and NumPy: their headers without the numbers, and one layer's numbers. */

import { copyMember, createArchive, listMembers, readStart } from "convoscope/features/upload/weights/zip-archive.js";
import { storedPart } from "convoscope/pure/files/zip-format.js";

/** @import {WeightsDescription} from "convoscope/features/upload/weights/weights-file.js" */
/** @import {Member, ArchivePart} from "convoscope/pure/files/zip-format.js" */

/** PyTorch's small members on the format of the numbers are at most this long. */
const MOST_NOTE_BYTES = 4_096;
/** Bytes of an .npy file before its header: magic number, version, length. */
const NPY_PREFIX_BYTES = 12;
/** The longest .npy header that is read. */
const MOST_NPY_HEADER = 4_096;

/**
 * Null where neither PyTorch nor NumPy wrote this archive. @param {Blob} file @returns {Promise<WeightsDescription |
 * null>}
 * @throws {RangeError} where the archive is truncated or damaged
 */
export async function describeZip(file) {
  const members = await listMembers(file);
  if (!members) throw new RangeError("the central directory cannot be read");
  const pickle = [...members.keys()].find((name) => name === "data.pkl" || name.endsWith("/data.pkl"));
  const headers = pickle ? await stateParts(file, members, pickle) : await arrayParts(file, members);
  if (!headers.length) return null;
  return {
    description: createArchive(headers),
    async extractLayer({ parts }) {
      if (!parts.length || !parts.every((name) => members.has(name))) return file;
      const described = new Map(headers.map((part) => [part.member.name, part]));
      // In the archive's order, which is the order of the network's layers.
      const sent = [...members.values()].map((member) => {
        return parts.includes(member.name) ? copyMember(file, member) : described.get(member.name);
      });
      return createArchive((await Promise.all(sent)).filter((part) => part !== undefined));
    },
  };
}

/**
 * The members of a PyTorch state without its numbers. Code in it is listed as empty members.
 * @param {Blob} file @param {Map<string, Member>} members @param {string} pickle @returns {Promise<ArchivePart[]>}
 */
async function stateParts(file, members, pickle) {
  const numbers = `${pickle.slice(0, -"data.pkl".length)}data/`;
  const known = [...members.values()].filter(({ name }) => !name.startsWith(numbers));
  return Promise.all(
    known.map((member) => {
      const isRead = member.name === pickle || member.compressed <= MOST_NOTE_BYTES;
      return isRead ? copyMember(file, member) : storedPart(member.name, new Uint8Array());
    }),
  );
}

/**
 * The header of every array.
 * @param {Blob} file @param {Map<string, Member>} members @returns {Promise<ArchivePart[]>}
 */
async function arrayParts(file, members) {
  const parts = [];
  for (const member of members.values()) {
    if (member.name.endsWith(".npy")) parts.push(storedPart(member.name, await readNpyHeader(file, member)));
  }
  return parts;
}

/** @param {Blob} file @param {Member} member */
async function readNpyHeader(file, member) {
  const start = await readStart(file, member, MOST_NPY_HEADER);
  if (start.length < NPY_PREFIX_BYTES) return start;
  const view = new DataView(start.buffer);
  const length = start[6] === 1 ? 10 + view.getUint16(8, true) : NPY_PREFIX_BYTES + view.getUint32(8, true);
  return start.slice(0, length);
}

/** Weights in zip archives, PyTorch's and NumPy's: their descriptions without the numbers, and one layer's numbers. */

import { copyMember, createArchive, listMembers, readStart } from "convoscope/features/upload/weights/zip-archive.js";
import { storedPart } from "convoscope/pure/files/zip-format.js";

/** @import {WeightsDescription} from "convoscope/features/upload/weights/weights-file.js" */
/** @import {Member, ArchivePart} from "convoscope/pure/files/zip-format.js" */

/** What PyTorch writes beside its description is shorter, where it says how the numbers lie. */
const MOST_NOTE_BYTES = 4_096;
/** Before the description of an array stand its magic number, its version and its length. */
const NPY_PREFIX_BYTES = 12;
/** No description of plain numbers is longer. */
const MOST_NPY_HEADER = 4_096;

/**
 * Null where neither PyTorch nor NumPy wrote this archive. @param {Blob} file @returns {Promise<WeightsDescription |
 * null>}
 * @throws {RangeError} where the archive is cut off or damaged
 */
export async function describeZip(file) {
  const members = await listMembers(file);
  if (!members) throw new RangeError("the list of contents cannot be read");
  const pickle = [...members.keys()].find((name) => name === "data.pkl" || name.endsWith("/data.pkl"));
  const known = pickle ? await stateParts(file, members, pickle) : await arrayParts(file, members);
  if (!known.length) return null;
  return {
    description: createArchive(known),
    async extractLayer({ parts }) {
      if (!parts.length || !parts.every((name) => members.has(name))) return file;
      const described = new Map(known.map((part) => [part.member.name, part]));
      // In their order, which tells how a network uses them.
      const sent = [...members.values()].map((member) => {
        return parts.includes(member.name) ? copyMember(file, member) : described.get(member.name);
      });
      return createArchive((await Promise.all(sent)).filter((part) => part !== undefined));
    },
  };
}

/**
 * A state of PyTorch without its numbers. Programs that lie in it are named, with nothing in them.
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
 * The description of every array.
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

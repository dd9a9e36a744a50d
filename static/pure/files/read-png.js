/**
 * Reads the cells of a gray PNG of 8 bits, such as `encodePng` writes: a canvas may change colors, this does not.
 */

/** What lies before the first chunk, and the parts of a chunk: length, name, and the checksum behind its body. */
const SIGNATURE_LENGTH = 8;
const CHUNK_HEAD = 8;
const CHECKSUM = 4;
const HEADER_LENGTH = 13;
const GRAY = 0;

/**
 * @param {Uint8Array<ArrayBuffer>} png @returns {Promise<{rows: number, columns: number, bytes: Uint8Array} | null>} null
 * where it is another kind of PNG, or damaged
 */
export async function readGrayPng(png) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks = listChunks(png, view);
  const header = chunks.find(({ name }) => name === "IHDR");
  if (header?.body.length !== HEADER_LENGTH) return null;
  const [columns, rows] = [0, 4].map((at) => new DataView(header.body.buffer, header.body.byteOffset).getUint32(at));
  const [depth, color, , , interlaced] = header.body.subarray(8);
  if (depth !== 8 || color !== GRAY || interlaced || rows * columns === 0) return null;
  const lines = await inflate(chunks.filter(({ name }) => name === "IDAT").map(({ body }) => body)).catch(() => null);
  return lines?.length === rows * (columns + 1) ? { rows, columns, bytes: undoFilters(lines, rows, columns) } : null;
}

/** @param {Uint8Array<ArrayBuffer>} png @param {DataView} view */
function listChunks(png, view) {
  /** @type {{name: string, body: Uint8Array<ArrayBuffer>}[]} */
  const chunks = [];
  for (let at = SIGNATURE_LENGTH; at + CHUNK_HEAD <= png.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...png.subarray(at + 4, at + CHUNK_HEAD));
    chunks.push({ name, body: png.subarray(at + CHUNK_HEAD, at + CHUNK_HEAD + length) });
    at += CHUNK_HEAD + length + CHECKSUM;
  }
  return chunks;
}

/** @param {Uint8Array<ArrayBuffer>[]} parts of one zlib stream @returns {Promise<Uint8Array>} */
async function inflate(parts) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {Uint8Array} lines each behind the number of its filter @param {number} rows @param {number} columns */
function undoFilters(lines, rows, columns) {
  const bytes = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < columns; col++) {
      const at = row * columns + col;
      const left = col ? bytes[at - 1] : 0;
      const above = row ? bytes[at - columns] : 0;
      const corner = row && col ? bytes[at - columns - 1] : 0;
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][lines[row * (columns + 1)]];
      bytes[at] = lines[row * (columns + 1) + 1 + col] + (predicted ?? 0);
    }
  return bytes;
}

/** @param {number} a @param {number} b @param {number} c */
function paeth(a, b, c) {
  const [left, above, corner] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return left <= above && left <= corner ? a : above <= corner ? b : c;
}

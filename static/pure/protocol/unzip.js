/** What an HTML file carries: base64 of a gzip file. */

import { decodeBase64 } from "convoscope/pure/protocol/wire.js";

/** @param {string} text base64 of a gzip file @returns {Promise<ArrayBuffer>} */
export function unzip(text) {
  const bytes = new Blob([decodeBase64(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(bytes).arrayBuffer();
}

/** Files of this server for dialogs: a picture to save, a curve to draw. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { fetchSite } from "convoscope/ui/site/site.js";

/**
 * Fetches a file of this server.
 * @param {string} path from the site's root, such as "/api/figure.png" @returns {Promise<Blob>}
 * @throws {Error} with a sentence, where the server cannot be reached or refuses
 */
export async function fetchFile(path) {
  const answer = await fetchSite(path).catch(() => {
    throw new Error(PAGE.unreachable);
  });
  if (answer.ok) return answer.blob();
  const body = await answer.json().catch(() => ({}));
  throw new Error(body.detail ?? PAGE.broken);
}

/** The figures of a lesson in one HTML file: each is a page of its own, and all have the same code, which is there once. */

import { unzip } from "convoscope/pure/protocol/unzip.js";
import { getPart } from "convoscope/ui/dom.js";

/** Stands for the code in each page. */
const CODE = "{{code}}";

/**
 * Opens the page of a figure in a frame.
 * @param {Record<string, number>} pages the number of the page of each address
 * @returns {(frame: HTMLIFrameElement, address: string) => Promise<void>}
 */
export function createPageOpener(pages) {
  /** @type {Promise<string> | null} */
  let code = null;

  /** @param {string} part */
  async function read(part) {
    return new TextDecoder().decode(await unzip(getPart(document, part).textContent ?? ""));
  }

  return async (frame, address) => {
    code ??= read("code");
    const [page, inserted] = await Promise.all([read(`figure-${pages[address]}`), code]);
    frame.srcdoc = page.replace(CODE, () => inserted);
  };
}

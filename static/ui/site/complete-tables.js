/** Loads the tables of the controls, which the first figure does not wait for. */

import { fetchSite } from "convoscope/ui/site/site.js";

/** @import {PageTables} from "convoscope/pure/types.js" */

/** @type {Promise<void> | null} */
let pendingLoad = null;

/**
 * Adds the tables of the file that the page names in `controls` to those that it carries.
 * Rejects where the server does not answer; the next call asks again.
 * @param {PageTables} tables @returns {Promise<void>}
 */
export async function completeTables(tables) {
  if (!tables.controls || tables.operations) return;
  pendingLoad ??= addTables(tables, tables.controls).finally(() => {
    pendingLoad = null;
  });
  await pendingLoad;
}

/** @param {PageTables} tables @param {string} path */
async function addTables(tables, path) {
  const response = await fetchSite(path);
  if (!response.ok) throw new Error(`The tables of the controls: ${response.status}`);
  const { view_texts: texts, ...more } = await response.json();
  for (const option of tables.view) Object.assign(option, texts[option.name]);
  Object.assign(tables, more);
}

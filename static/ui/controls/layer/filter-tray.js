/** The filter tray: a few filters directly, all in a dialog, each with its result on the current image. */

import { stackOf } from "convoscope/pure/link/picture-stack.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { matrixOfKernel, matrixTable } from "convoscope/pure/tabs/filter-table/matrix-table.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build, fill } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {Filter} from "convoscope/pure/scene-edits.js" */
/** @import {PageTables, Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Filters in the tray itself; the dialog has all. */
const TRAY_FILTERS = ["sobel-x", "sobel-y", "edges", "sharpen", "box-blur", "emboss"];

/** The table of the lectures: kernel, matrix, picture. */
const TABLE_FILTERS = ["identity", "edges-diagonal", "laplacian", "edges", "sharpen", "box-blur", "gaussian"];

/**
 * @param {HTMLElement} root @param {PageTables} tables
 * @param {(stage: number) => Promise<Record<string, string>>} onTray thumbnails of all filters on this image
 */
export function createFilterTray(root, tables, onTray) {
  let thumbnailsKey = "";
  /** @type {Record<string, string>} */
  let thumbnails = {};
  const dialog = /** @type {HTMLDialogElement} */ (
    build(["dialog", { class: "menu filters", "aria-label": CONTROLS.allFilters }])
  );
  root.append(dialog);

  /** @param {Trace} trace @param {Stage} stage */
  async function refresh(trace, stage) {
    const key = JSON.stringify([
      stackOf(trace.scene),
      trace.scene.item,
      trace.scene.size,
      trace.scene.crop,
      trace.scene.channels,
      trace.scene.range,
      trace.scene.adjust,
      trace.scene.layers.slice(0, stage.layer ?? 0),
      stage.index,
    ]);
    const isExpired = trace.stages[0].image?.kind === "gone"; // there is no image for thumbnails
    if (key !== thumbnailsKey && !isExpired) {
      thumbnailsKey = key;
      try {
        const found = await onTray(stage.index);
        if (key === thumbnailsKey) thumbnails = found; // ignore results for an earlier image
      } catch {
        if (key === thumbnailsKey) thumbnailsKey = ""; // the next change tries again
      }
    }
    for (const image of root.querySelectorAll("[data-kernel] img")) {
      const source = thumbnails[image.closest("[data-kernel]")?.getAttribute("data-kernel") ?? ""];
      if (source && image.getAttribute("src") !== source) image.setAttribute("src", source);
    }
  }

  /** @param {string} name @param {Filter} filter @param {(name: string) => void} onChoose @returns {Description} */
  function trayButton(name, filter, onChoose) {
    const row = tables.kernels.find((kernel) => kernel.name === name);
    if (!row) throw new Error(`The table has no filter ${name}.`);
    return [
      "button",
      {
        type: "button",
        "data-kernel": name,
        "data-key": `kernel-${name}`,
        "aria-pressed": String("kernel" in filter && filter.kernel === name),
        title: row.sentence,
        onclick: () => onChoose(name),
      },
      ["img", { alt: "", width: 36, height: 36, src: thumbnails[name] ?? null }],
      ["span", CONTROLS.shortKernel(name, row.title)],
    ];
  }

  /**
   * @param {Trace} trace @param {Stage} stage @param {Filter} filter the current filter
   * @param {{onChoose: (name: string) => void, onTable: (filters: Filter[]) => void}} events `onTable`: these filters
   * become those of the layer, and are shown as a table
   */
  async function openDialog(trace, stage, filter, { onChoose, onTable }) {
    await loadStylesheet("tabs").catch(() => {}); // that of the matrices
    if (document.querySelector("dialog[open]")) return;
    const families = [...new Set(tables.kernels.map((kernel) => kernel.family))];
    fill(
      dialog,
      [
        "header",
        ["h2", CONTROLS.allFilters],
        [
          "button",
          {
            type: "button",
            class: "link",
            "data-part": "filters-as-table",
            title: CONTROLS.tableOfFiltersHelp,
            onclick: () => {
              dialog.close();
              onTable(TABLE_FILTERS.map((kernel) => ({ kernel })));
            },
          },
          CONTROLS.tableOfFilters,
        ],
        closeButton(),
      ],
      ...families.map(
        (family) =>
          /** @type {Description} */ ([
            "section",
            ["h3", CONTROLS.family(family)],
            [
              "div",
              { class: "filter-list" },
              ...tables.kernels
                .filter((kernel) => kernel.family === family)
                .map(
                  (kernel) =>
                    /** @type {Description} */ ([
                      "div",
                      { class: "choice", "data-kernel": kernel.name },
                      [
                        "button",
                        {
                          type: "button",
                          class: "choose",
                          "aria-pressed": String("kernel" in filter && filter.kernel === kernel.name),
                          onclick: () => {
                            dialog.close();
                            onChoose(kernel.name);
                          },
                        },
                        ["span", ["b", kernel.title], ["span", kernel.sentence]],
                      ],
                      matrixTable(matrixOfKernel(kernel), kernel.title),
                      ["img", { alt: "", width: 72, height: 72, src: thumbnails[kernel.name] ?? null }],
                    ]),
                ),
            ],
          ]),
      ),
    );
    dialog.showModal();
    refresh(trace, stage);
  }

  return {
    /** The names and titles of the filters in the tray. */
    filters: TRAY_FILTERS.map((name) => {
      const title = tables.kernels.find((kernel) => kernel.name === name)?.title ?? name;
      return { name, title: CONTROLS.shortKernel(name, title) };
    }),
    /** @param {Filter} filter the current filter @param {(name: string) => void} onChoose @returns {Description[]} */
    buttons: (filter, onChoose) => TRAY_FILTERS.map((name) => trayButton(name, filter, onChoose)),
    openDialog,
    refresh,
  };
}

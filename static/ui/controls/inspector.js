/** The inspector: everything about the stage that is shown, and nothing about the others. */

import * as edits from "convoscope/pure/scene-edits.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { closer } from "convoscope/ui/controls/close-button.js";
import { iconButton, optionRow } from "convoscope/ui/controls/option-control.js";
import { build, fill, optionalPart } from "convoscope/ui/dom.js";

/** @import {Edit, Filter, Planes} from "convoscope/pure/scene-edits.js" */
/** @import {Option, SceneLayer, Stage, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Filters that stand in the tray itself; the others are one click away. */
const TRAY = ["sobel-x", "sobel-y", "edges", "sharpen", "box-blur", "emboss"];

/** Layers that are as a model was trained: nothing of them can be chosen here. */
const TRAINED = ["linear", "prepare", "model"];

/** @typedef {{trace: Trace, view: View}} Shown */
/**
 * @typedef {object} Events
 * @property {(edit: Edit, view?: Partial<View>) => void} onEdit
 * @property {(stage: number) => Promise<Record<string, string>>} onTray thumbnails of all filters on this picture
 * @property {(hold: boolean) => void} onCompare
 */

/**
 * @param {HTMLElement} root
 * @param {Record<string, any>} tables
 * @param {Events} events
 */
export function createInspector(root, tables, { onEdit, onTray, onCompare }) {
  const host = optionalPart(root, "inspector");
  if (!host) return { show() {}, invalid() {} };
  let built = "";
  let editing = false;
  let pictured = "";
  /** @type {import("convoscope/ui/controls/number-grid.js").Typing | null} */
  let typing = null;
  /** @type {Record<string, string>} */
  let pictures = {};
  const all = /** @type {HTMLDialogElement} */ (
    build(["dialog", { class: "menu filters", "aria-label": PAGE.allFilters }])
  );
  root.append(all);

  /** @type {Shown | null} */
  let now = null;

  /** @param {boolean} [force] */
  function render(force = false) {
    if (!now || !host) return;
    const { trace, view } = now;
    const stage = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
    const index = stage.layer;
    const key = JSON.stringify([trace.scene, stage.index, stage.op === "conv" ? view.map : 0, editing]);
    if (key === built && !force) return;
    built = key;
    host.dataset.family = stage.family;
    if (index === null) return fill(host, ...imageFacts(stage));
    const layer = trace.scene.layers[index];
    fill(
      host,
      heading(trace, stage, index),
      ...(layer.op === "conv" ? convolution(stage, layer, index) : plainLayer(stage, layer, index)),
    );
    if (layer.op === "conv") refreshTray(trace, stage);
  }

  /** @param {Trace} trace @param {Stage} stage @param {number} index @returns {Description} */
  function heading(trace, stage, index) {
    const last = trace.scene.layers.length - 1;
    const family =
      { convolution: "is-filter", pooling: "is-pooling" }[/** @type {string} */ (stage.family)] ?? "is-output";
    return [
      "div",
      { class: "row" },
      ["h2", { class: family }, stage.title],
      [
        "span",
        { class: "icons" },
        iconButton(
          PAGE.layerBack,
          "←",
          () => onEdit(edits.moveLayer(index, index - 1), { stage: stage.index - 1 }),
          index === 0,
        ),
        iconButton(
          PAGE.layerOn,
          "→",
          () => onEdit(edits.moveLayer(index, index + 1), { stage: stage.index + 1 }),
          index === last,
        ),
        iconButton(PAGE.layerRemove(stage.title), "✕", () =>
          onEdit(edits.removeLayer(index), { stage: Math.max(0, stage.index - 1), map: 0, at: null }),
        ),
      ],
    ];
  }

  /** @param {Stage} stage @param {SceneLayer} layer @param {number} index @returns {Description[]} */
  function plainLayer(stage, layer, index) {
    const row = tables.operations.find((/** @type {any} */ operation) => operation.name === layer.op);
    const kinds = tables.operations.filter(
      (/** @type {any} */ other) => other.family === row.family && !TRAINED.includes(other.name),
    );
    const head =
      row.head &&
      row.head.kind !== "text" &&
      optionRow({
        option: row.head,
        value: layer.head,
        stage,
        onChange: (value) => onEdit(edits.setHead(index, value ?? row.head.default)),
      });
    if (TRAINED.includes(layer.op))
      return [
        ["p", ["b", String(layer.head ?? "")]],
        [
          "p",
          { class: "small muted" },
          tables.operations.find((/** @type {any} */ { name }) => name === stage.op).sentence,
        ],
      ];
    return [
      [
        "div",
        { class: "row" },
        ["span", PAGE.kindOfLayer],
        [
          "select",
          {
            class: "field",
            "aria-label": PAGE.kindOfLayer,
            "data-key": "kind",
            onchange: (/** @type {Event} */ event) => change(/** @type {HTMLSelectElement} */ (event.target).value),
          },
          ...kinds.map(
            (/** @type {any} */ kind) =>
              /** @type {Description} */ ([
                "option",
                { value: kind.name, selected: kind.name === layer.op },
                kind.title,
              ]),
          ),
        ],
      ],
      ["p", { class: "small muted" }, row.sentence],
      ...(head ? [head] : []),
      ...optionRows(row.options, stage, layer, index),
    ];

    /** @param {string} op */
    function change(op) {
      const fresh = edits.createLayer(tables, op);
      const other = tables.operations.find((/** @type {any} */ operation) => operation.name === op);
      const kept = Object.fromEntries(
        Object.entries(layer.options).filter(([name]) =>
          other.options.some((/** @type {Option} */ option) => option.name === name),
        ),
      );
      onEdit(
        edits.replaceLayer(index, {
          ...fresh,
          ...(other.head && layer.head !== undefined && other.head.kind === row.head?.kind ? { head: layer.head } : {}),
          options: kept,
        }),
      );
    }
  }

  /**
   * @param {Option[]} options @param {Stage} stage @param {SceneLayer} layer @param {number} index
   * @returns {Description[]}
   */
  function optionRows(options, stage, layer, index) {
    const make = (/** @type {Option} */ option) =>
      optionRow({
        option,
        value: layer.options[option.name],
        resolved: resolvedOf(option, stage, layer),
        stage,
        onChange: (value) => onEdit(edits.setOption(index, option.name, value)),
      });
    const [plain, more] = [options.filter((option) => !option.more), options.filter((option) => option.more)];
    const said = more.some((option) => layer.options[option.name] !== undefined);
    return [
      ...plain.map(make),
      ...(more.length
        ? [
            /** @type {Description} */ ([
              "details",
              { class: "more", open: said },
              ["summary", { "data-key": "more" }, PAGE.moreOptions],
              ["div", ...more.map(make)],
            ]),
          ]
        : []),
    ];
  }

  /** @param {Stage} stage @param {SceneLayer} layer @param {number} index @returns {Description[]} */
  function convolution(stage, layer, index) {
    const row = tables.operations.find((/** @type {any} */ operation) => operation.name === "conv");
    const filters = edits.expandRandomFilters(edits.filtersOf(layer));
    const map = /** @type {Shown} */ (now).view.map;
    const chosen = map % filters.length;
    const learned = "model" in filters[chosen] ? filters[chosen] : null;
    const count = {
      name: "filters",
      kind: "whole",
      default: 1,
      label: PAGE.filters,
      letter: "K",
      help: PAGE.filtersHelp,
      least: 1,
      most: Math.floor(tables.limits.filters / (stage.groups ?? 1)),
      choices: [],
      more: false,
    };
    const size = { ...tables.kernel_size, help: tables.kernel_size.help };
    const kernelSize = /** @type {[number, number]} */ ([stage.rows?.kernel ?? 3, stage.columns?.kernel ?? 3]);
    return [
      [
        "div",
        { class: "tray of-filters", "data-part": "tray" },
        ...TRAY.map((name) => trayButton(name, filters[chosen], (kernel) => choose(index, chosen, kernel))),
      ],
      [
        "div",
        { class: "links" },
        [
          "button",
          {
            type: "button",
            class: "link",
            "data-part": "all-filters",
            onclick: () => openAll(stage, index, chosen, filters[chosen]),
          },
          PAGE.allFilters,
        ],
        [
          "button",
          {
            type: "button",
            class: "link",
            "aria-expanded": String(editing),
            "data-part": "type-filter",
            "data-key": "type-filter",
            onclick: () => {
              editing = !editing;
              render(true);
            },
          },
          editing ? PAGE.closeEditor : PAGE.typeYourOwn,
        ],
        [
          "button",
          {
            type: "button",
            class: "link",
            "data-part": "random",
            "data-key": "random",
            onclick: () => onEdit(random(index, filters.length, kernelSize)),
          },
          PAGE.random,
        ],
        [
          "button",
          {
            type: "button",
            class: "link",
            "data-part": "compare",
            title: PAGE.compareHelp,
            onpointerdown: () => onCompare(true),
            onpointerup: () => onCompare(false),
            onpointerleave: () => onCompare(false),
            onkeydown: (/** @type {KeyboardEvent} */ e) => e.key === "Enter" && onCompare(true),
            onkeyup: () => onCompare(false),
          },
          PAGE.compare,
        ],
      ],
      ...(filters.length > 1
        ? [/** @type {Description} */ (["p", { class: "small muted" }, PAGE.filterOf(chosen, filters.length)])]
        : []),
      ...(learned
        ? [
            /** @type {Description} */ ([
              "p",
              { class: "small muted" },
              PAGE.learned(`${learned.model}/${learned.layer}`, stage.shape[0], kernelSize),
            ]),
          ]
        : []),
      ...(editing ? editor(stage, index, chosen, filters[chosen]) : []),
      ...(learned
        ? []
        : [
            optionRow({
              option: count,
              value: filters.length,
              stage,
              onChange: (value) => onEdit(edits.setFilterCount(index, Number(value), kernelSize)),
            }),
            optionRow({
              option: size,
              value: kernelSize,
              stage,
              onChange: (value) =>
                resize(stage, index, chosen, filters[chosen], /** @type {[number, number]} */ (value)),
            }),
          ]),
      ...optionRows(
        row.options.filter(
          (/** @type {Option} */ option) => option.name !== "seed" || filters.some((filter) => "random" in filter),
        ),
        stage,
        layer,
        index,
      ),
    ];
  }

  /** @param {number} index @param {number} chosen @param {string} kernel */
  function choose(index, chosen, kernel) {
    onEdit(edits.setFilter(index, chosen, { kernel }));
  }

  /**
   * The numbers of a filter, as they were typed where they were.
   * @param {Stage} stage @param {Filter} filter @param {number} chosen
   * @returns {Planes}
   */
  function planesOf(stage, filter, chosen) {
    if ("planes" in filter) return filter;
    const kernel = "kernel" in filter && tables.kernels.find((/** @type {any} */ row) => row.name === filter.kernel);
    const map = "model" in filter ? /** @type {Shown} */ (now).view.map : chosen;
    return kernel ? { planes: kernel.planes, divisor: kernel.divisor } : edits.appliedPlanes(stage, map);
  }

  async function bringTyping() {
    const { createTyping } = await import("convoscope/ui/controls/number-grid.js");
    typing ??= createTyping();
    render(true);
  }

  /**
   * @param {Stage} stage @param {number} index @param {number} chosen @param {Filter} filter
   * @returns {Description[]}
   */
  function editor(stage, index, chosen, filter) {
    if (!typing) {
      bringTyping();
      return [];
    }
    const { numberGrid, sizeFields, pasting } = typing;
    const { planes, divisor } = planesOf(stage, filter, chosen);
    const depth = (stage.input_shape?.[0] ?? 1) / (stage.groups ?? 1);
    const most = /** @type {[number, number]} */ ([tables.limits.kernel_side, tables.limits.kernel_side]);
    const put = (/** @type {string[][][]} */ next, by = divisor) =>
      onEdit(
        edits.setFilter(
          index,
          chosen,
          { planes: next, divisor: by },
          keptOptions(stage, filter, /** @type {Shown} */ (now).view.map),
        ),
        "model" in filter ? { map: 0 } : undefined,
      );
    const each = (/** @type {(plane: string[][]) => string[][]} */ change) => put(planes.map(change));
    const withPlane = (/** @type {number} */ channel, /** @type {string[][]} */ plane) =>
      planes.map((other, i) => (i === channel ? plane : edits.resizePlane(other, plane.length, plane[0].length)));
    const grids = {
      key: `filter-${index}-${chosen}`,
      planes,
      counts: [...new Set([1, depth])],
      most,
      withPlane,
      onPlanes: put,
    };
    const cells = planes.map((plane, channel) =>
      numberGrid({
        plane,
        key: `filter-${channel}`,
        name: planes.length > 1 ? PAGE.plane(stage, channel) : PAGE.filterNumbers,
        onChange: (next) => put(withPlane(channel, next)),
        onBlock: (text, row, col) => pasting.take(grids, text, { channel, row, col }),
      }),
    );
    return [
      [
        "div",
        { class: "editor", "data-part": "editor" },
        ...cells,
        pasting.note(grids),
        sizeFields(planes[0], most, "filter", (next) =>
          put(planes.map((plane) => edits.resizePlane(plane, next.length, next[0].length))),
        ),
        [
          "label",
          { class: "row" },
          PAGE.divisor,
          [
            "input",
            {
              class: "field",
              type: "number",
              min: 1,
              max: 1000000,
              value: divisor,
              "data-key": "divisor",
              onchange: (/** @type {Event} */ event) => {
                const by = Number(/** @type {HTMLInputElement} */ (event.target).value);
                if (Number.isInteger(by) && by >= 1 && by <= 1000000) put(planes, by);
              },
            },
          ],
        ],
        [
          "div",
          { class: "links" },
          ["button", { type: "button", class: "link", onclick: () => each(edits.rotatePlane) }, PAGE.turn],
          ["button", { type: "button", class: "link", onclick: () => each(edits.negatePlane) }, PAGE.negate],
          [
            "button",
            { type: "button", class: "link", onclick: () => each((plane) => edits.scalePlane(plane, 2)) },
            PAGE.double,
          ],
          [
            "button",
            { type: "button", class: "link", onclick: () => put(planes, divisorToOne(planes)) },
            PAGE.sumToOne,
          ],
          ...(depth > 1
            ? [
                /** @type {Description} */ ([
                  "button",
                  {
                    type: "button",
                    class: "link",
                    onclick: () =>
                      put(planes.length > 1 ? [planes[0]] : Array.from({ length: depth }, () => planes[0])),
                  },
                  planes.length > 1 ? PAGE.onePlane : PAGE.planeEach,
                ]),
              ]
            : []),
        ],
        ["p", { class: "small muted" }, PAGE.sumOf(sumText(planes, divisor))],
        pasting.field(grids),
      ],
    ];
  }

  /**
   * @param {Stage} stage @param {number} index @param {number} chosen @param {Filter} filter
   * @param {[number, number]} size
   */
  function resize(stage, index, chosen, filter, [rows, columns]) {
    if ("random" in filter)
      return onEdit(
        edits.changeLayer(index, (layer) => ({
          ...layer,
          filters: edits.mergeRandomFilters(
            edits
              .expandRandomFilters(edits.filtersOf(layer))
              .map((one) =>
                "random" in one ? { random: /** @type {[number, number, number]} */ ([1, rows, columns]) } : one,
              ),
          ),
        })),
      );
    const { planes, divisor } = planesOf(stage, filter, chosen);
    onEdit(
      edits.setFilter(
        index,
        chosen,
        { planes: planes.map((plane) => edits.resizePlane(plane, rows, columns)), divisor },
        keptOptions(stage, filter, 0),
      ),
    );
  }

  /** @param {Trace} trace @param {Stage} stage */
  async function refreshTray(trace, stage) {
    const key = JSON.stringify([
      trace.scene.image,
      trace.scene.size,
      trace.scene.crop,
      trace.scene.channels,
      trace.scene.range,
      trace.scene.layers.slice(0, stage.layer ?? 0),
      stage.index,
    ]);
    const gone = trace.stages[0].image?.kind === "gone"; // nothing to make thumbnails of
    if (key !== pictured && !gone) {
      pictured = key;
      try {
        const found = await onTray(stage.index);
        if (key === pictured) pictures = found; // and not those of a picture that has gone meanwhile
      } catch {
        if (key === pictured) pictured = ""; // the next change asks again; the tray keeps its names meanwhile
      }
    }
    for (const image of root.querySelectorAll("[data-kernel] img")) {
      const source = pictures[image.closest("[data-kernel]")?.getAttribute("data-kernel") ?? ""];
      if (source && image.getAttribute("src") !== source) image.setAttribute("src", source);
    }
  }

  /** @param {string} name @param {Filter} filter @param {(name: string) => void} onChoose @returns {Description} */
  function trayButton(name, filter, onChoose) {
    const row = tables.kernels.find((/** @type {any} */ kernel) => kernel.name === name);
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
      ["img", { alt: "", width: 36, height: 36, src: pictures[name] ?? null }],
      ["span", PAGE.shortKernel(name, row.title)],
    ];
  }

  /** @param {Stage} stage @param {number} index @param {number} chosen @param {Filter} filter */
  function openAll(stage, index, chosen, filter) {
    const families = [...new Set(tables.kernels.map((/** @type {any} */ kernel) => kernel.family))];
    fill(
      all,
      ["header", ["h2", PAGE.allFilters], closer()],
      ...families.map(
        (family) =>
          /** @type {Description} */ ([
            "section",
            ["h3", PAGE.family(family)],
            [
              "div",
              { class: "filter-list" },
              ...tables.kernels
                .filter((/** @type {any} */ kernel) => kernel.family === family)
                .map(
                  (/** @type {any} */ kernel) =>
                    /** @type {Description} */ ([
                      "button",
                      {
                        type: "button",
                        class: "choice",
                        "data-kernel": kernel.name,
                        "aria-pressed": String("kernel" in filter && filter.kernel === kernel.name),
                        onclick: () => {
                          all.close();
                          choose(index, chosen, kernel.name);
                        },
                      },
                      ["img", { alt: "", width: 64, height: 64, src: pictures[kernel.name] ?? null }],
                      ["span", ["b", kernel.title], ["span", kernel.sentence]],
                    ]),
                ),
            ],
          ]),
      ),
    );
    all.showModal();
    if (now) refreshTray(now.trace, stage);
  }

  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      now = { trace, view };
      render();
    },
    /**
     * Marks the control of a field that the server refused, and says why beside it.
     * @param {string} name @param {string} message
     */
    invalid(name, message) {
      const row = host.querySelector(`[data-field="${CSS.escape(name)}"]`);
      row?.querySelector("input, select")?.setAttribute("aria-invalid", "true");
      row?.nextElementSibling?.classList.contains("told") && row.nextElementSibling.remove();
      row?.after(build(["p", { class: "told", role: "alert" }, message]));
      return Boolean(row);
    },
  };
}

/**
 * Options that a filter brought along without their being said: the groups of classic filters on colors, and what a
 * learned filter was trained with.
 * @param {Stage} stage @param {Filter} filter @param {number} map
 */
function keptOptions(stage, filter, map) {
  const [rows, columns] = [stage.rows, stage.columns];
  /** @type {Record<string, unknown>} */
  const kept = (stage.groups ?? 1) > 1 ? { groups: stage.groups } : {};
  if (!("model" in filter) || !rows || !columns) return kept;
  const padding = [rows.before, rows.after, columns.before, columns.after];
  const bias = edits.parseNumber(Number(stage.bias?.[map] ?? 0).toFixed(6)) ?? "0";
  return { ...kept, stride: [rows.stride, columns.stride], padding, bias, dilation: [rows.dilation, columns.dilation] };
}

/**
 * What an option that nobody set comes to here.
 * @param {Option} option @param {Stage} stage @param {SceneLayer} layer
 */
function resolvedOf(option, stage, layer) {
  const learned = edits.filtersOf(layer).some((filter) => "model" in filter);
  if (learned && option.name === "bias") return PAGE.ownBias;
  if (learned && option.name === "padding" && stage.rows && stage.columns)
    return [stage.rows.before, stage.rows.after, stage.columns.before, stage.columns.after];
  if (option.name === "groups") return stage.groups;
  if (option.name === "bias" && stage.bias_text)
    return new Set(stage.bias_text).size === 1 ? stage.bias_text[0] : stage.bias_text;
  if (option.name === "stride" && stage.rows && stage.columns) return [stage.rows.stride, stage.columns.stride];
  return undefined;
}

/** @param {number} index @param {number} count @param {[number, number]} size @returns {Edit} */
function random(index, count, [rows, columns]) {
  return edits.setFilters(index, [{ random: [count, rows, columns] }], { seed: Math.floor(Math.random() * 1e6) });
}

/** The divisor with which a filter of whole numbers sums to 1; 1 where there is none. @param {string[][][]} planes */
function divisorToOne(planes) {
  const sum = planes[0].flat().reduce((total, text) => total + value(text), 0);
  return Number.isInteger(sum) && sum >= 1 ? sum : 1;
}

/** @param {string} text */
function value(text) {
  const [top, bottom = "1"] = text.split("/");
  return Number(top) / Number(bottom);
}

/** @param {string[][][]} planes @param {number} divisor */
function sumText(planes, divisor) {
  const sum = planes.flat(2).reduce((total, text) => total + value(text), 0);
  const text = String(Number(sum.toFixed(4))).replace("-", "−");
  return divisor === 1 ? text : `${text}/${divisor}`;
}

/** @param {Stage} stage @returns {Description[]} */
function imageFacts(stage) {
  const { title, alt, credit, stored, cut } = stage.image ?? {};
  return [
    ["h2", { class: "is-input" }, PAGE.input],
    ["p", ["b", title ?? ""]],
    ["p", { class: "small muted" }, alt ?? ""],
    stored && cut ? ["p", { class: "small muted" }, PAGE.croppedFrom(stored, cut)] : ["p", ""],
    ["p", { class: "small muted" }, credit ?? ""],
  ];
}

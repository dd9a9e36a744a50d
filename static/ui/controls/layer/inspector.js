/** The inspector: the settings of the current stage. */

import { chooseJoined, fittingStages } from "convoscope/pure/frame/joins.js";
import { hasCapability, isColorStage, readOf } from "convoscope/pure/frame/stage.js";
import { rewire } from "convoscope/pure/link/rewire.js";
import * as edits from "convoscope/pure/scene-edits.js";
import { COMPARE, CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { channelRows } from "convoscope/ui/controls/layer/channel-choice.js";
import { chooseKernel, groupsAfterChoice, setGroups } from "convoscope/ui/controls/layer/channel-edits.js";
import { commonRows } from "convoscope/ui/controls/layer/common-rows.js";
import { createFilterEditor } from "convoscope/ui/controls/layer/filter-editor.js";
import { createFilterStrip } from "convoscope/ui/controls/layer/filter-strip.js";
import { createFilterTray } from "convoscope/ui/controls/layer/filter-tray.js";
import { createLinearControls } from "convoscope/ui/controls/layer/linear-controls.js";
import { joinedRows, startRow } from "convoscope/ui/controls/layer/stage-chooser.js";
import { iconButton, optionRow } from "convoscope/ui/controls/option-control.js";
import { fill, findPart } from "convoscope/ui/dom.js";

/** @import {LayerEdit} from "convoscope/pure/link/rewire.js" */
/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Operation, Option, PageTables, SceneLayer, Stage, Trace, TraceAndView, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * @typedef {object} InspectorEvents
 * @property {(edit: Edit, view?: Partial<View>) => unknown} onEdit
 * @property {(view: Partial<View>) => void} onView
 * @property {(stage: number) => Promise<Record<string, string>>} onTray thumbnails of all filters on this image
 * @property {() => boolean} onCompare lays the input over the map, or takes it away; whether it lies there now
 * @property {() => boolean} isComparing
 * @property {() => void} onCompareWith shows this figure and another one side by side
 * @property {(sentence: string) => void} onNote
 * @property {(layer: number, filters: {name: string, title: string}[], choose: (kernel: string) => void) => void} onWall
 * compares these filters in a layer
 */

/**
 * @param {HTMLElement} root
 * @param {PageTables} tables
 * @param {InspectorEvents} events
 */
export function createInspector(
  root,
  tables,
  { onEdit, onView, onTray, onCompare, isComparing, onWall, onCompareWith, onNote },
) {
  const host = findPart(root, "inspector");
  if (!host) return { show() {} };
  let builtKey = "";
  let isEditing = false;
  const tray = createFilterTray(root, tables, onTray);
  const strip = createFilterStrip(root);
  const editor = createFilterEditor(tables, { onEdit, onReady: () => render(true) });
  const { linearRows } = createLinearControls(tables, { onEdit, onReady: () => render(true) });

  /** @type {TraceAndView | null} */
  let shown = null;

  /** @param {boolean} [force] */
  function render(force = false) {
    if (!shown || !host) return;
    const { trace, view } = shown;
    const stage = trace.stages[Math.min(view.stage, trace.stages.length - 1)];
    const index = stage.layer;
    const key = JSON.stringify([trace.scene, stage.index, hasMaps(stage) ? view.map : 0, isEditing, view.table]);
    if (key === builtKey && !force) return;
    builtKey = key;
    host.dataset.family = stage.family;
    strip.show(null);
    if (index === null) return fill(host, ...imageFacts(stage));
    const layer = trace.scene.layers[index];
    const hasFilters = edits.findOperation(tables, layer.op).capabilities.includes("filters");
    fill(
      host,
      heading(trace, stage, index),
      ...(hasFilters ? convolutionRows(stage, layer, index) : layerRows(stage, layer, index)),
      [
        "button",
        {
          type: "button",
          class: "link",
          "data-part": "compare-with",
          "data-key": "compare-with",
          title: COMPARE.withButtonHelp,
          onclick: onCompareWith,
        },
        COMPARE.with,
      ],
    );
    if (hasFilters) tray.refresh(trace, stage);
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
          CONTROLS.layerBack,
          "←",
          () => editLayers({ kind: "move", index, to: index - 1 }, { stage: stage.index - 1 }),
          index === 0,
        ),
        iconButton(
          CONTROLS.layerOn,
          "→",
          () => editLayers({ kind: "move", index, to: index + 1 }, { stage: stage.index + 1 }),
          index === last,
        ),
        iconButton(CONTROLS.layerRemove(stage.title), "✕", () =>
          editLayers({ kind: "remove", index }, { stage: Math.max(0, stage.index - 1), map: 0, at: null }),
        ),
      ],
    ];
  }

  /**
   * Moves or removes a layer, and says which layers read another stage since then.
   * @param {LayerEdit} edit @param {Partial<View>} view
   */
  async function editLayers(edit, view) {
    const { trace } = /** @type {TraceAndView} */ (shown);
    const counts = edits.countStages(trace);
    const { layers, replaced } = rewire(trace.scene.layers, edit, counts);
    const notes = replaced.map(({ layer, stage, used }) => {
      const title = edits.findOperation(tables, layers[layer].op).title;
      return CONTROLS.stageReplaced(title, layer + 1, stage, used);
    });
    const { kind, index, to = 0 } = edit;
    await onEdit(kind === "move" ? edits.moveLayer(index, to, counts) : edits.removeLayer(index, counts), view);
    for (const note of notes) onNote(note);
  }

  /** @param {Stage} stage @param {SceneLayer} layer @param {number} index @returns {Description[]} */
  function layerRows(stage, layer, index) {
    const row = edits.findOperation(tables, layer.op);
    if (row.trained)
      return [
        ["p", { translate: "no" }, ["b", String(layer.head ?? "")]],
        ["p", { class: "small muted" }, edits.findOperation(tables, stage.op).sentence],
      ];
    const kinds = tables.operations.filter((other) => other.family === row.family && !other.trained);
    const isLinear = row.kind === "linear" && stage.kind === "linear";
    const { trace, view } = /** @type {TraceAndView} */ (shown);
    const before = trace.stages[stage.reads[0]];
    const place = { index, map: view.map, before };
    const option = isLinear ? null : row.head;
    const options = row.options.filter(({ name }) => name !== "seed" || !("rows" in Object(layer.head)));
    if (isLinear && typeof layer.head === "string") return linearRows(stage, layer, place);
    const head =
      option &&
      (option.kind === "stages"
        ? joinedRows(trace, stage, option, (value) => onEdit(edits.setHead(index, value)))
        : optionRow({
            option,
            value: layer.head,
            stage,
            onChange: (value) => onEdit(edits.setHead(index, value ?? option.default)),
          }));
    return [
      [
        "div",
        { class: "row" },
        ["span", CONTROLS.kindOfLayer],
        [
          "select",
          {
            class: "field",
            "aria-label": CONTROLS.kindOfLayer,
            "data-key": "kind",
            onchange: (/** @type {Event} */ event) =>
              changeOperation(/** @type {HTMLSelectElement} */ (event.target).value),
          },
          ...kinds.map(
            (kind) =>
              /** @type {Description} */ ([
                "option",
                { value: kind.name, selected: kind.name === layer.op },
                kind.title,
              ]),
          ),
        ],
      ],
      ...(isLinear ? linearRows(stage, layer, place) : [sentenceOf(row.sentence)]),
      ...(head ? [head] : []),
      ...optionRows(options, stage, layer, index),
    ];

    /** Whether the value behind the name can stay in another kind of layer. @param {Operation} other */
    function keepsHead(other) {
      if (layer.head === undefined || other.head?.kind !== row.head?.kind) return false;
      if (other.kind !== "join") return true;
      const fitting = fittingStages(trace, other.name, stage.reads[0], stage.index);
      return stage.reads.slice(1).every((read) => fitting.includes(read));
    }

    /** @param {string} op */
    function changeOperation(op) {
      const created = edits.createLayer(tables, op);
      const other = edits.findOperation(tables, op);
      const joined = () => [chooseJoined(trace, op, stage.reads[0], stage.index)];
      const fresh = other.kind === "join" ? { ...created, head: joined() } : created;
      const kept = Object.fromEntries(
        Object.entries(layer.options).filter(([name]) => other.options.some((option) => option.name === name)),
      );
      onEdit(
        edits.replaceLayer(index, {
          ...fresh,
          ...(other.head && keepsHead(other) ? { head: layer.head } : {}),
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
    const { trace } = /** @type {TraceAndView} */ (shown);
    const first = trace.stages.find((one) => one.layer === index) ?? stage;
    const change = (/** @type {string} */ name) => (/** @type {unknown} */ value) =>
      onEdit(edits.setOption(index, name, value));
    const make = (/** @type {Option} */ option) =>
      option.kind === "stage"
        ? startRow(trace, first, option, layer.options[option.name], change(option.name))
        : optionRow({
            option,
            value: layer.options[option.name],
            resolved: resolvedDefault(option, stage, layer),
            stage,
            onChange: change(option.name),
          });
    const [plain, more] = [options.filter((option) => !option.more), options.filter((option) => option.more)];
    const isBesideK = (/** @type {Option} */ { name }) =>
      name === "groups" && [1, stage.input_shape?.[0]].includes(Number(layer.options.groups ?? 1));
    const isOpen = host?.querySelector("details.more")?.hasAttribute("open") ?? false; // while somebody works in it
    const isAnySet = more.some((option) => layer.options[option.name] !== undefined && !isBesideK(option));
    return [
      ...plain.map(make),
      ...(more.length
        ? [
            /** @type {Description} */ ([
              "details",
              { class: "more", open: isAnySet || isOpen },
              ["summary", { "data-key": "more" }, CONTROLS.moreOptions],
              ["div", ...more.map(make)],
            ]),
          ]
        : []),
    ];
  }

  /** @param {Stage} stage @param {SceneLayer} layer @param {number} index @returns {Description[]} */
  function convolutionRows(stage, layer, index) {
    const row = edits.findOperation(tables, layer.op);
    const filters = edits.expandRandomFilters(edits.filtersOf(layer));
    const { trace, view } = /** @type {TraceAndView} */ (shown);
    const chosen = view.map % filters.length;
    const edited = { index, chosen, filter: filters[chosen], map: view.map };
    const reading = { groups: stage.groups ?? 1, channels: stage.input_shape?.[0] ?? 1 };
    const isColor = isColorStage(readOf(trace, stage));
    const choose = (/** @type {string} */ kernel) => {
      const after = groupsAfterChoice(layer, chosen, kernel, reading, isColor, tables.kernels);
      onEdit(
        chooseKernel(index, chosen, kernel, after, reading),
        after === reading.groups ? undefined : { map: chosen },
      );
    };
    const learned = "model" in filters[chosen] ? filters[chosen] : null;
    // K counts maps: the written filters are applied in each group, but a shape has those of all groups.
    const { groups } = reading;
    const isShape = edits.isShapeAlone(filters);
    const each = isShape ? 1 : groups;
    const count = {
      name: "filters",
      kind: "whole",
      default: 1,
      label: CONTROLS.filters,
      letter: "K",
      help: isShape ? CONTROLS.shapeFiltersHelp : CONTROLS.filtersHelp,
      least: groups,
      most: isShape ? 65536 : Math.floor(tables.limits.filters / groups) * groups,
      step: groups,
      choices: [],
      more: false,
    };
    const mostSide = isShape ? tables.limits.side : tables.kernel_size.most;
    const size = { ...tables.kernel_size, most: mostSide, help: tables.kernel_size.help };
    const kernelSize = /** @type {[number, number]} */ ([stage.rows?.kernel ?? 3, stage.columns?.kernel ?? 3]);
    const onTable = (/** @type {edits.Filter[]} */ table) => {
      const alone = isColor ? { groups: reading.channels } : {};
      const bias = Array.isArray(layer.options.bias) ? { bias: undefined } : {}; // one for each of the old filters
      onEdit(edits.setFilters(index, table, { ...alone, ...bias }), { table: true, map: 0, at: null });
    };
    const openAll = () => tray.openDialog(trace, stage, filters[chosen], { onChoose: choose, onTable });
    strip.show({ buttons: () => tray.buttons(filters[chosen], choose), onAll: openAll });
    return [
      ["div", { class: "tray of-filters", "data-part": "tray" }, ...tray.buttons(filters[chosen], choose)],
      [
        "div",
        { class: "links" },
        [
          "button",
          {
            type: "button",
            class: "link",
            "data-part": "all-filters",
            onclick: openAll,
          },
          CONTROLS.allFilters,
        ],
        [
          "button",
          {
            type: "button",
            class: "link",
            "aria-expanded": String(isEditing),
            "data-part": "type-filter",
            "data-key": "type-filter",
            onclick: () => {
              isEditing = !isEditing;
              render(true);
            },
          },
          isEditing ? CONTROLS.closeEditor : CONTROLS.typeYourOwn,
        ],
        [
          "button",
          {
            type: "button",
            class: "link",
            "data-part": "random",
            "data-key": "random",
            onclick: () => onEdit(useRandomFilters(index, filters.length, kernelSize)),
          },
          CONTROLS.random,
        ],
        [
          "button",
          {
            type: "button",
            class: "link",
            "data-part": "compare",
            "data-key": "compare",
            title: CONTROLS.compareHelp,
            "aria-pressed": String(isComparing()),
            onclick: (/** @type {Event} */ event) =>
              /** @type {HTMLElement} */ (event.currentTarget).setAttribute("aria-pressed", String(onCompare())),
          },
          CONTROLS.compare,
        ],
        [
          "button",
          {
            type: "button",
            class: "link",
            "data-part": "compare-filters",
            "data-key": "compare-filters",
            title: CONTROLS.compareFiltersHelp,
            onclick: () => onWall(index, tray.filters, choose),
          },
          CONTROLS.compareFilters,
        ],
      ],
      ...(filters.length > 1
        ? [
            /** @type {Description} */ ([
              "div",
              { class: "filter-now small" },
              ["p", { class: "muted" }, describeFilter(stage, view.map, filters[chosen])],
              " ",
              [
                "button",
                {
                  type: "button",
                  class: "link",
                  "data-part": "as-table",
                  "data-key": "as-table",
                  "aria-pressed": String(view.table),
                  onclick: () => onView({ table: !view.table }),
                },
                CONTROLS.asTable,
              ],
            ]),
          ]
        : []),
      ...(learned
        ? [
            /** @type {Description} */ ([
              "p",
              { class: "small muted" },
              CONTROLS.learned(`${learned.model}/${learned.layer}`, stage.shape[0], kernelSize),
            ]),
          ]
        : []),
      ...(isEditing ? editor.editorRows(stage, edited, readOf(trace, stage)) : []),
      ...(learned
        ? []
        : [
            optionRow({
              option: count,
              value: filters.length * each,
              stage,
              onChange: (value) =>
                onEdit(edits.setFilterCount(index, Number(value) / each, kernelSize, groups > 1 ? { groups } : {})),
            }),
            /** @type {Description} */ (["p", { class: "small muted", "data-part": "powers" }, CONTROLS.powersOfTwo]),
            ...channelRows(stage, filters, {
              isColor,
              kernels: tables.kernels,
              onGroups: (after) => onEdit(setGroups(index, after, groups), { map: chosen }),
            }),
            optionRow({
              option: size,
              value: kernelSize,
              stage,
              onChange: (value) => editor.resizeFilter(stage, edited, /** @type {[number, number]} */ (value)),
            }),
          ]),
      ...optionRows(
        row.options.filter((option) => option.name !== "seed" || filters.some(edits.drawnSize)),
        stage,
        layer,
        index,
      ),
      ...(layer.op === "conv" ? commonRows(trace, stage, index, onEdit) : []),
    ];
  }

  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      shown = { trace, view };
      render();
    },
  };
}

/** @param {string} sentence @returns {Description} */
function sentenceOf(sentence) {
  return ["p", { class: "small muted" }, sentence];
}

/** Whether the controls depend on the map in focus. @param {Stage} stage */
function hasMaps(stage) {
  return hasCapability(stage, "filters") || stage.kind === "linear";
}

/**
 * The effective value of an option that is not set.
 * @param {Option} option @param {Stage} stage @param {SceneLayer} layer
 */
function resolvedDefault(option, stage, layer) {
  const learned = edits.filtersOf(layer).some((filter) => "model" in filter);
  if (learned && option.name === "bias") return CONTROLS.ownBias;
  if (stage.rows?.transposed && option.name === "padding") return undefined;
  if (learned && option.name === "padding" && stage.rows && stage.columns)
    return [stage.rows.before, stage.rows.after, stage.columns.before, stage.columns.after];
  if (option.name === "groups") return stage.groups;
  if (option.name === "bias" && stage.bias_text)
    return new Set(stage.bias_text).size === 1 ? stage.bias_text[0] : stage.bias_text;
  if (option.name === "stride" && stage.rows && stage.columns) return [stage.rows.stride, stage.columns.stride];
  return undefined;
}

/**
 * Which filter is chosen, and what it is: "Filter 2 of 4: random numbers".
 * @param {Stage} stage @param {number} map @param {edits.Filter} filter
 */
function describeFilter(stage, map, filter) {
  const kind = edits.drawnSize(filter)?.kind ?? ("planes" in filter ? "typed" : "");
  return CONTROLS.filterOf(map + 1, stage.shape[0], kind ? CONTROLS.kindOfFilter(kind) : (stage.labels?.[map] ?? ""));
}

/** @param {number} index @param {number} count @param {[number, number]} size @returns {Edit} */
function useRandomFilters(index, count, [rows, columns]) {
  return edits.setFilters(index, [{ random: [count, rows, columns] }], { seed: Math.floor(Math.random() * 1e6) });
}

/** @param {Stage} stage @returns {Description[]} */
function imageFacts(stage) {
  const { title, alt, credit, stored, cut, kind } = stage.image ?? {};
  const translate = kind === "sample" && "no"; // a sample brings its own texts
  return [
    ["h2", { class: "is-input" }, CONTROLS.input],
    ["p", { translate }, ["b", title ?? ""]],
    ["p", { class: "small muted", translate }, alt ?? ""],
    stored && cut ? ["p", { class: "small muted" }, CONTROLS.croppedFrom(stored, cut)] : ["p", ""],
    ["p", { class: "small muted", translate }, credit ?? ""],
  ];
}

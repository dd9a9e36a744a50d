/** The section of code to paste: its kind, size and options. */

import { storyStops } from "convoscope/pure/frame/story-stops.js";
import { stageOf } from "convoscope/pure/frame/view-model.js";
import { hasUpload } from "convoscope/pure/link/picture-stack.js";
import {
  comparisonElement,
  element,
  iframe,
  jupyter,
  markdown,
  marp,
  quarto,
  reveal,
  slidev,
} from "convoscope/pure/link/snippets.js";
import { mergeQuery } from "convoscope/pure/link/view.js";
import { PRODUCTS, SHARE } from "convoscope/pure/strings/share-strings.js";
import { copyButton } from "convoscope/ui/controls/copy-button.js";
import { optionRow } from "convoscope/ui/controls/option-control.js";
import { build, fill } from "convoscope/ui/dom.js";
import { siteBase } from "convoscope/ui/site/site.js";

/** @import {Option} from "convoscope/pure/types.js" */
/** @import {Figure} from "convoscope/features/share/share-dialog.js" */
/** @import {Snippet} from "convoscope/pure/link/snippets.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @type {Record<string, Snippet>} */
const SNIPPETS = { iframe, reveal, quarto, slidev, marp, markdown, element, jupyter };
/** Frames: they have a size, and a clicker reaches them. */
const FRAMES = ["iframe", "reveal", "quarto", "slidev", "marp", "element"];
/** In these a plugin steps through the stops, so that the link need not name them. */
const WITH_FRAGMENTS = ["reveal", "quarto"];
const SIZES = ["1200x675", "960x540", "800x600", "640x640", "480x320"];
const OPTIONS = ["theme", "ui", "play"];

/** @param {Figure} figure @returns {HTMLElement} */
export function codeSection({ trace, view, table }) {
  let kind = "iframe";
  let size = SIZES[1];
  let shown = { ...view, present: false };
  const places = view.stops.length ? [] : storyStops(stageOf(trace, view), view.map, view.at);
  /** What a clicker does in the figure. @type {"stops" | "story" | "page"} */
  let clicks = view.clicker === "story" ? "story" : places.length ? "stops" : "page";
  const field = /** @type {HTMLTextAreaElement} */ (
    build([
      "textarea",
      {
        class: "field code-field",
        readonly: true,
        rows: 4,
        spellcheck: "false",
        "aria-label": SHARE.code,
        "data-part": "code",
        onfocus: () => field.select(),
      },
    ])
  );
  const help = build(["p", { class: "small muted" }]);
  const clicker = build(["p", { class: "small muted", "data-part": "share-clicker" }]);
  const kinds = build([
    "div",
    { class: "choices", role: "group", "aria-label": SHARE.code },
    ...Object.keys(SNIPPETS).map(
      (name) =>
        /** @type {Description} */ ([
          "button",
          {
            type: "button",
            "data-kind": name,
            translate: name in PRODUCTS && "no",
            onclick: () => {
              kind = name;
              show();
            },
          },
          SHARE.kind(name),
        ]),
    ),
  ]);
  const looks = build(["div", { class: "looks" }]);
  const name = build([
    "label",
    { class: "row" },
    ["span", SHARE.name],
    [
      "input",
      {
        class: "field",
        value: view.title,
        maxlength: 120,
        "data-key": "share-title",
        oninput: (/** @type {Event} */ event) => {
          shown = { ...shown, title: /** @type {HTMLInputElement} */ (event.target).value.trim() };
          write();
        },
      },
    ],
  ]);
  show();
  return build([
    "section",
    { "aria-label": SHARE.code },
    ["h3", SHARE.code],
    kinds,
    help,
    looks,
    clicker,
    ["div", { class: "copy-line" }, field, copyButton(field, "copy-code")],
  ]);

  function show() {
    for (const button of kinds.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
    help.textContent = [SHARE.kindHelp(kind), hasUpload(trace.scene) && SHARE.codeOfPicture].filter(Boolean).join(" ");
    const isSteered = FRAMES.includes(kind) && (clicks !== "page" || shown.stops.length > 0);
    clicker.textContent = isSteered ? SHARE.clicker : "";
    fill(looks, ...lookRows());
    write();
  }

  /** @returns {(Description | HTMLElement)[]} */
  function lookRows() {
    const options = table.filter((/** @type {Option} */ option) => OPTIONS.includes(option.name));
    const values = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (shown));
    const rows = options.map((option) =>
      optionRow({
        option,
        value: values[option.name],
        stage: null,
        onChange: (value) => {
          shown = { ...shown, [option.name]: value ?? option.default };
          show();
        },
      }),
    );
    const isFrame = FRAMES.includes(kind);
    return [...(isFrame ? [sizeRow()] : []), ...rows, ...(isFrame && !shown.stops.length ? [clickerRow()] : []), name];
  }

  /** @returns {Description} */
  function clickerRow() {
    const choices = [...(places.length ? ["stops"] : []), "story", "page"];
    return [
      "label",
      { class: "row", title: SHARE.clicksHelp },
      ["span", SHARE.clicks],
      [
        "select",
        {
          class: "field",
          "data-key": "share-clicker",
          onchange: (/** @type {Event} */ event) => {
            clicks = /** @type {typeof clicks} */ (/** @type {HTMLSelectElement} */ (event.target).value);
            show();
          },
        },
        ...choices.map(
          (one) =>
            /** @type {Description} */ ([
              "option",
              { value: one, selected: one === clicks },
              SHARE.clicksChoice(one, places.length),
            ]),
        ),
      ],
    ];
  }

  /** @returns {Description} */
  function sizeRow() {
    return [
      "label",
      { class: "row", title: SHARE.sizeHelp },
      ["span", SHARE.size],
      [
        "select",
        {
          class: "field",
          "data-key": "share-size",
          onchange: (/** @type {Event} */ event) => {
            size = /** @type {HTMLSelectElement} */ (event.target).value;
            write();
          },
        },
        ...SIZES.map(
          (one) =>
            /** @type {Description} */ (["option", { value: one, selected: one === size }, one.replace("x", " × ")]),
        ),
      ],
    ];
  }

  function write() {
    const [width, height] = size.split("x").map(Number);
    const isFrame = FRAMES.includes(kind);
    const stops = clicks === "stops" && isFrame ? places : [];
    const told = isFrame && !shown.stops.length ? { ...shown, clicker: clicks === "story" ? "story" : "" } : shown;
    const start = WITH_FRAGMENTS.includes(kind) ? { at: stops[0], pin: null } : { stops, at: null, pin: null };
    const query = mergeQuery(trace.link, stops.length ? { ...told, ...start } : told, table, trace);
    field.value = SNIPPETS[kind]({
      base: siteBase(),
      query,
      name: shown.title || SHARE.figure,
      width,
      height,
      stops: (stops.length ? stops : shown.stops).map((cell) => cell.join(",")).join(";"),
    });
  }
}

/** Code of figures side by side. @type {Record<string, Snippet>} */
const COMPARISON_SNIPPETS = { iframe, element: comparisonElement };

/** The code of figures side by side: a frame, or an element. @param {{query: string, name: string}} comparison */
export function comparisonSection({ query, name }) {
  const shared = { base: siteBase(), query, name, width: 960, height: 540, stops: "", path: "/embed/compare" };
  const lines = Object.entries(COMPARISON_SNIPPETS).flatMap(([kind, write]) => {
    const field = /** @type {HTMLTextAreaElement} */ (
      build([
        "textarea",
        {
          class: "field code-field",
          readonly: true,
          rows: 3,
          spellcheck: "false",
          "aria-label": SHARE.kind(kind),
          "data-part": `code-${kind}`,
          onfocus: () => field.select(),
        },
      ])
    );
    field.value = write(shared);
    return /** @type {Description[]} */ ([
      ["p", { class: "small muted" }, SHARE.kindHelp(kind)],
      ["div", { class: "copy-line" }, field, copyButton(field, `copy-${kind}`)],
    ]);
  });
  return build(["section", { "aria-label": SHARE.code }, ["h3", SHARE.code], ...lines]);
}

/**
 * The panel for teachers: which controls students see and may use, and where the figure starts and stops. It takes the
 * place of the settings beside the figure and writes a link; it does not change the figure.
 */

import { openPreview } from "convoscope/features/authoring/student-preview.js";
import { frameAt } from "convoscope/pure/frame/frame.js";
import { addressOf } from "convoscope/pure/link/safe-link.js";
import {
  describeStop,
  draftOf,
  moveStop,
  PRESETS,
  presetOf,
  removeStop,
  studentView,
} from "convoscope/pure/link/student-view.js";
import { mergeQuery } from "convoscope/pure/link/view.js";
import { AUTHORING } from "convoscope/pure/strings/authoring-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { channelNames } from "convoscope/pure/text/channel-names.js";
import { copyButton } from "convoscope/ui/controls/copy-button.js";
import { optionRow } from "convoscope/ui/controls/option-control.js";
import { build, fill, getPart, isTouched } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { siteBase } from "convoscope/ui/site/site.js";

/** @import {Cell, Option, Trace, View} from "convoscope/pure/types.js" */
/** @import {Draft, Path, Start} from "convoscope/pure/link/student-view.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @type {Start[]} */
const STARTS = ["here", "stage", "open"];
/** The most characters of the words at a stop. */
const MOST_WORDS = 160;
const QUESTIONS = ["", "cell", "size", "parameters", "map", "class", "filter", "fit"];
const LOOK_OPTIONS = ["theme", "ui", "tempo", "play", "loop"];

/**
 * @param {HTMLElement} root @param {Option[]} table of the View
 * @param {{look: () => {trace: Trace | null, view: View}, onShare: (view: View) => void}} events `look` gives the
 * current trace and view of the figure
 */
export function createAuthoringPanel(root, table, events) {
  return new AuthoringPanel(root, table, events);
}

class AuthoringPanel {
  /** @type {Draft | null} */ #draft = null;

  /**
   * @param {HTMLElement} root @param {Option[]} table
   * @param {{look: () => {trace: Trace | null, view: View}, onShare: (view: View) => void}} events
   */
  constructor(root, table, { look, onShare }) {
    this.root = root;
    this.table = table;
    this.look = look;
    this.field = /** @type {HTMLInputElement} */ (
      build([
        "input",
        {
          class: "field",
          readonly: true,
          "aria-label": AUTHORING.link,
          "data-part": "authoring-link",
          onfocus: () => this.field.select(),
        },
      ])
    );
    this.host = build([
      "aside",
      { class: "authoring", "data-part": "authoring", "aria-label": AUTHORING.title },
      [
        "header",
        ["h2", { tabindex: -1 }, AUTHORING.title],
        [
          "button",
          {
            type: "button",
            class: "button plain",
            "aria-label": AUTHORING.close,
            "data-part": "authoring-close",
            onclick: () => this.close(),
          },
          "✕",
        ],
      ],
      [
        "div",
        { class: "authoring-body" },
        ["p", { class: "small muted" }, AUTHORING.intro],
        ["section", { "data-part": "authoring-presets" }],
        ["section", { "data-part": "authoring-start" }],
        ["section", { "data-part": "authoring-ask" }],
        ["section", { "data-part": "authoring-stops" }],
        ["section", { "data-part": "authoring-looks" }],
        [
          "details",
          { class: "authoring-parts", "data-part": "authoring-parts" },
          ["summary", AUTHORING.eachPart],
          this.#partsFieldset("hide"),
          this.#partsFieldset("lock"),
        ],
      ],
      [
        "footer",
        ["div", { class: "copy-line" }, this.field, copyButton(this.field, "authoring-copy")],
        [
          "div",
          { class: "button-row" },
          [
            "button",
            {
              type: "button",
              class: "button",
              "data-part": "preview",
              onclick: () => openPreview(this.root, this.#query()),
            },
            AUTHORING.preview,
          ],
          [
            "button",
            { type: "button", class: "button", "data-part": "authoring-share", onclick: () => onShare(this.#view()) },
            AUTHORING.share,
          ],
        ],
      ],
    ]);
  }

  async open() {
    await Promise.all(["settings", "share", "authoring"].map(loadStylesheet));
    if (!this.host.isConnected) {
      this.#draft = draftOf(this.look().view);
      getPart(this.root, "side").after(this.host);
      this.root.classList.add("has-authoring");
      this.#fillParts();
      getPart(this.host, "authoring-parts").toggleAttribute("open", presetOf(this.#draft) === "");
      this.#showLooks();
    }
    this.show();
    this.host.querySelector("h2")?.focus();
  }

  close() {
    this.host.remove();
    this.root.classList.remove("has-authoring");
    getPart(this.root, "share").focus();
  }

  /** Updates the current cell and the link after the figure has changed. */
  show() {
    if (!this.host.isConnected) return;
    this.#showPresets();
    this.#showStart();
    this.#showAsk();
    this.#showStops();
    this.#showLink();
  }

  #showLink() {
    this.field.value = addressOf(siteBase(), "/", this.#query());
  }

  /** @param {Partial<Draft>} change */
  #change(change) {
    this.#draft = { .../** @type {Draft} */ (this.#draft), ...change };
    this.show();
  }

  #view() {
    return studentView(this.look().view, /** @type {Draft} */ (this.#draft), this.table);
  }

  #query() {
    const { trace } = this.look();
    return mergeQuery(trace?.link ?? "", this.#view(), this.table, trace);
  }

  /** The cell in focus; where the link names none, the salient one. @returns {Cell | null} */
  #cell() {
    const { trace, view } = this.look();
    if (!trace) return null;
    const { row, col } = frameAt(trace, view);
    return [row, col];
  }

  #showPresets() {
    const chosen = presetOf(/** @type {Draft} */ (this.#draft));
    fill(
      getPart(this.host, "authoring-presets"),
      ["h3", AUTHORING.presets],
      [
        "div",
        { class: "choices wide", role: "group", "aria-label": AUTHORING.presets },
        ...Object.entries(PRESETS).map(
          ([preset, parts]) =>
            /** @type {Description} */ ([
              "button",
              {
                type: "button",
                "aria-pressed": String(preset === chosen),
                "data-preset": preset,
                "data-key": `preset-${preset}`,
                onclick: () => {
                  this.#change(parts);
                  this.#fillParts();
                },
              },
              AUTHORING.preset(preset),
            ]),
        ),
      ],
      ["p", { class: "small muted" }, AUTHORING.presetHelp(chosen)],
    );
  }

  #showStart() {
    const { trace, view } = this.look();
    const at = this.#cell();
    const { start } = /** @type {Draft} */ (this.#draft);
    const stage = trace?.stages[view.stage];
    const names = trace ? channelNames(trace, frameAt(trace, view)) : [];
    const beat = stage ? PAGE.beat(view.beat, stage.kind, names) : "";
    fill(
      getPart(this.host, "authoring-start"),
      ["h3", AUTHORING.start],
      [
        "div",
        { class: "choices wide", role: "group", "aria-label": AUTHORING.start },
        ...STARTS.map(
          (how) =>
            /** @type {Description} */ ([
              "button",
              {
                type: "button",
                "aria-pressed": String(how === start),
                "data-start": how,
                "data-key": `start-${how}`,
                onclick: () => this.#change({ start: how }),
              },
              AUTHORING.startTitle(how),
            ]),
        ),
      ],
      start === "here" && at && ["p", { class: "small muted" }, AUTHORING.place(stage?.title ?? "", at, beat)],
    );
  }

  /** What students guess before they see it. */
  #showAsk() {
    const { predict } = /** @type {Draft} */ (this.#draft);
    fill(
      getPart(this.host, "authoring-ask"),
      ["h3", AUTHORING.ask],
      [
        "select",
        {
          class: "field",
          "aria-label": AUTHORING.ask,
          "data-key": "authoring-predict",
          onchange: (/** @type {Event} */ event) =>
            this.#change({ predict: /** @type {HTMLSelectElement} */ (event.target).value }),
        },
        ...QUESTIONS.map(
          (kind) =>
            /** @type {Description} */ ([
              "option",
              { value: kind, selected: kind === predict },
              AUTHORING.question(kind),
            ]),
        ),
      ],
      ["p", { class: "small muted" }, AUTHORING.askHelp(predict)],
    );
  }

  #showStops() {
    const at = this.#cell();
    const { stops, notes } = /** @type {Draft} */ (this.#draft);
    fill(
      getPart(this.host, "authoring-stops"),
      ["h3", AUTHORING.stops],
      [
        "p",
        { class: "small muted" },
        stops.length ? (isTouched() ? AUTHORING.stopsHelpForTouch : AUTHORING.stopsHelp) : AUTHORING.noStops,
      ],
      stops.length > 0 && ["ol", ...stops.map((cell, index) => this.#stopItem(cell, index, { stops, notes }))],
      [
        "button",
        {
          type: "button",
          class: "button",
          "data-part": "add-stop",
          "data-key": "add-stop",
          disabled: !at,
          onclick: () => at && this.#change({ stops: [...stops, at] }),
        },
        AUTHORING.addStop,
      ],
    );
  }

  /** @param {Cell} cell @param {number} index @param {Path} path @returns {Description} */
  #stopItem(cell, index, path) {
    const name = AUTHORING.stop(cell);
    const button = (
      /** @type {string} */ label,
      /** @type {string} */ text,
      /** @type {(path: Path) => Path} */ change,
      /** @type {boolean} */ off,
    ) =>
      /** @type {Description} */ ([
        "button",
        {
          type: "button",
          class: "icon",
          "aria-label": label,
          title: label,
          disabled: off,
          "data-key": `${label} ${index}`,
          onclick: () => this.#change(change(/** @type {Draft} */ (this.#draft))),
        },
        text,
      ]);
    return [
      "li",
      ["span", { class: "mono" }, name],
      [
        "span",
        { class: "icons" },
        button(AUTHORING.earlier(name), "↑", (path) => moveStop(path, index, -1), index === 0),
        button(AUTHORING.later(name), "↓", (path) => moveStop(path, index, 1), index === path.stops.length - 1),
        button(AUTHORING.remove(name), "✕", (path) => removeStop(path, index), false),
      ],
      [
        "input",
        {
          class: "field",
          value: path.notes[index] ?? "",
          maxlength: MOST_WORDS,
          placeholder: AUTHORING.words,
          "aria-label": AUTHORING.wordsAt(name),
          "data-key": `words ${index}`,
          oninput: (/** @type {Event} */ event) => this.#describeStop(index, event),
        },
      ],
    ];
  }

  /** The words that are typed at a stop; the list is not drawn again. @param {number} index @param {Event} event */
  #describeStop(index, event) {
    const draft = /** @type {Draft} */ (this.#draft);
    const words = /** @type {HTMLInputElement} */ (event.target).value.trim();
    this.#draft = { ...draft, ...describeStop(draft, index, words) };
    this.#showLink();
  }

  #showLooks() {
    const draft = /** @type {Draft} */ (this.#draft);
    const values = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (draft));
    const rows = this.table
      .filter(({ name }) => LOOK_OPTIONS.includes(name))
      .map((option) =>
        optionRow({
          option,
          value: values[option.name],
          stage: null,
          onChange: (value) => {
            this.#change({ [option.name]: value ?? option.default });
            this.#showLooks();
          },
        }),
      );
    fill(
      getPart(this.host, "authoring-looks"),
      ["h3", AUTHORING.looks],
      [
        "label",
        { class: "row" },
        ["span", AUTHORING.name],
        [
          "input",
          {
            class: "field authoring-title",
            value: draft.title,
            maxlength: 120,
            "data-key": "authoring-title",
            oninput: (/** @type {Event} */ event) =>
              this.#change({ title: /** @type {HTMLInputElement} */ (event.target).value.trim() }),
          },
        ],
      ],
      ...rows,
    );
  }

  /** @param {"hide" | "lock"} name @returns {Description} */
  #partsFieldset(name) {
    return [
      "fieldset",
      { "data-part": `authoring-${name}` },
      ["legend", AUTHORING[name]],
      name === "lock" && ["p", { class: "small muted" }, AUTHORING.lockHelp],
      ["div", { class: "parts" }],
    ];
  }

  /** Adds a checkbox for each part in the option table. */
  #fillParts() {
    for (const name of /** @type {("hide" | "lock")[]} */ (["hide", "lock"])) {
      const choices = this.table.find((option) => option.name === name)?.choices ?? [];
      fill(
        /** @type {HTMLElement} */ (getPart(this.host, `authoring-${name}`).lastElementChild),
        ...choices.map(
          (choice) =>
            /** @type {Description} */ ([
              "label",
              { class: "check" },
              [
                "input",
                {
                  type: "checkbox",
                  value: choice,
                  checked: /** @type {Draft} */ (this.#draft)[name].includes(choice),
                  onchange: () => this.#readTicks(name, choices),
                },
              ],
              AUTHORING.part(choice),
            ]),
        ),
      );
    }
  }

  /** @param {"hide" | "lock"} name @param {string[]} choices */
  #readTicks(name, choices) {
    const ticked = Array.from(
      getPart(this.host, `authoring-${name}`).querySelectorAll("input:checked"),
      (input) => /** @type {HTMLInputElement} */ (input).value,
    );
    this.#change({ [name]: choices.filter((choice) => ticked.includes(choice)) });
  }
}

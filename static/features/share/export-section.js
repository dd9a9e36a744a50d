/** The section of films, slides, pages to print and tables: a form for each, an estimate, and the progress of the file. */

import { fetchEstimate, fetchExport } from "convoscope/features/share/export-stream.js";
import { hasUpload } from "convoscope/pure/link/picture-stack.js";
import { EXPORT } from "convoscope/pure/strings/on-demand/export-strings.js";
import { build, fill } from "convoscope/ui/dom.js";
import { giveFile } from "convoscope/ui/site/give-file.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Figure} from "convoscope/features/share/share-dialog.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {keyof typeof EXPORT.kinds} Kind */
/** @typedef {keyof typeof EXPORT.shows} Show */
/** What was chosen, by the names of the form. @typedef {Record<string, string>} Choices */

const FORMS = /** @type {const} */ (["film", "slides", "print", "numbers"]);
/** @typedef {(typeof FORMS)[number]} FormName */

/** The kinds of files of each form. @type {Record<FormName, Kind[]>} */
const KINDS = {
  film: ["gif", "webp", "mp4"],
  slides: ["pptx"],
  print: ["pdf", "svg", "latex"],
  numbers: ["xlsx", "csv", "step", "npz", "safetensors", "json"],
};
const SIZES = ["1280×720", "1920×1080", "800×450"];
const ASPECTS = ["16:9", "4:3"];
const PAPERS = ["A4", "letter"];
/** The wait after a change before a film is estimated. */
const ESTIMATE_MS = 400;
/** The width of the pictures that show what a film will be. */
const PREVIEW_WIDTH = 480;

/** @param {Figure} figure @param {string} query @returns {Description} */
export function exportSection({ trace, view }, query) {
  const panel = build(["div", { class: "export-panel", "data-part": "export-panel" }]);
  const isPrivate = hasUpload(trace.scene);
  const hasStops = view.stops.length > 0;
  const open = (/** @type {FormName} */ name, /** @type {Event} */ event) => {
    const pressed = /** @type {HTMLElement} */ (event.currentTarget);
    for (const button of pressed.parentElement?.children ?? [])
      button.setAttribute("aria-expanded", `${button === pressed}`);
    openForm(panel, name, { query, hasStops, isPrivate });
  };
  return [
    "section",
    { "aria-label": EXPORT.heading },
    ["h3", EXPORT.heading],
    [
      "div",
      { class: "button-row" },
      ...FORMS.map(
        (name) =>
          /** @type {Description} */ ([
            "button",
            {
              type: "button",
              class: "button",
              title: EXPORT[`${name}Help`],
              "aria-expanded": "false",
              "data-part": `export-${name}`,
              onclick: (/** @type {Event} */ event) => open(name, event),
            },
            EXPORT[name],
          ]),
      ),
    ],
    panel,
  ];
}

/**
 * @param {HTMLElement} panel @param {FormName} name
 * @param {{query: string, hasStops: boolean, isPrivate: boolean}} figure
 */
function openForm(panel, name, { query, hasStops, isPrivate }) {
  const status = build(["p", { class: "small muted", role: "status", "data-part": "export-status" }]);
  const bar = /** @type {HTMLProgressElement} */ (build(["progress", { hidden: true, "aria-label": EXPORT.waiting }]));
  const previews = build(["div", { class: "export-previews" }]);
  const form = /** @type {HTMLFormElement} */ (
    build(["form", { class: "looks export-form", "data-part": "export-form" }])
  );
  /** @type {AbortController | null} */
  let running = null;
  /** @type {AbortController | null} */
  let estimating = null;
  let timer = 0;

  const choices = () => /** @type {Choices} */ (Object.fromEntries(new FormData(form)));
  const path = () => addressOf(query, choices());

  function estimateSoon() {
    clearTimeout(timer);
    estimating?.abort();
    if (name !== "film") return;
    timer = window.setTimeout(async () => {
      estimating = new AbortController();
      const { signal } = estimating;
      try {
        const { frames, seconds, bytes, first, middle } = await fetchEstimate(path(), signal);
        fill(status, EXPORT.estimate(frames, seconds, bytes));
        fill(previews, preview(first, EXPORT.firstPicture), preview(middle, EXPORT.middlePicture));
      } catch (problem) {
        if (!signal.aborted) fill(status, /** @type {Error} */ (problem).message);
      }
    }, ESTIMATE_MS);
  }

  async function make(/** @type {Event} */ event) {
    event.preventDefault();
    if (running) return running.abort();
    clearTimeout(timer);
    estimating?.abort();
    running = new AbortController();
    const { signal } = running;
    button.textContent = EXPORT.cancel;
    bar.hidden = false;
    bar.removeAttribute("value");
    fill(status, EXPORT.waiting);
    try {
      const file = await fetchExport(path(), signal, ({ done, all }) => {
        bar.max = all;
        bar.value = done;
        fill(status, EXPORT.progress(done, all));
      });
      giveFile(file, file.name);
      fill(status, EXPORT.saved(file.name));
    } catch (problem) {
      fill(status, signal.aborted ? EXPORT.canceled : /** @type {Error} */ (problem).message);
    }
    running = null;
    bar.hidden = true;
    button.textContent = EXPORT.make;
  }

  const button = build([
    "button",
    { type: "submit", class: "button primary", "data-part": "export-make" },
    EXPORT.make,
  ]);
  const show = () => {
    fill(form, ...fieldsOf(name, choices(), hasStops, isPrivate), button);
    estimateSoon();
  };
  form.addEventListener("submit", make);
  // What is typed changes no other field, and the button that ends the typing stays where it is pressed.
  form.addEventListener("change", ({ target }) => (target instanceof HTMLSelectElement ? show() : estimateSoon()));
  fill(panel, form, bar, status, previews);
  show();
  panel.closest("dialog")?.addEventListener("close", () => {
    clearTimeout(timer);
    estimating?.abort();
    running?.abort();
  });
  /** @type {HTMLElement} */ (form.querySelector("select, input")).focus();
}

/**
 * The fields of a form; some depend on what is chosen in others.
 * @param {FormName} name @param {Choices} chosen @param {boolean} hasStops @param {boolean} isPrivate
 * @returns {Description[]}
 */
function fieldsOf(name, chosen, hasStops, isPrivate) {
  const kind = /** @type {Kind} */ (chosen.kind ?? KINDS[name][0]);
  const shows = showsOf(name, kind, hasStops);
  const shown = /** @type {Show} */ (shows.includes(/** @type {Show} */ (chosen.show)) ? chosen.show : shows[0]);
  const isTimed = shown === "stops" || shown === "map";
  const usualPace = shown === "stops" ? "beats" : "positions";
  const isOwnSize = chosen.size === "own";
  return /** @type {Description[]} */ (
    [
      KINDS[name].length > 1 && choiceField("kind", EXPORT.kind, labelsOf(KINDS[name], EXPORT.kinds), kind),
      shows.length > 1 && choiceField("show", EXPORT.shown, labelsOf(shows, EXPORT.shows), shown),
      name === "film" && isTimed && choiceField("pace", EXPORT.pace, EXPORT.paces, chosen.pace ?? usualPace),
      name === "film" &&
        choiceField("size", EXPORT.size, { ...labelsOf(SIZES, {}), own: EXPORT.ownSize }, chosen.size ?? SIZES[0]),
      name === "film" && isOwnSize && numberField("width", EXPORT.width, chosen.width ?? "1024", 160, 3840),
      name === "film" && isOwnSize && numberField("height", EXPORT.height, chosen.height ?? "768", 160, 3840),
      name === "film" && numberField("seconds", EXPORT.seconds, chosen.seconds ?? "12", 3, 120),
      name === "film" && kind !== "mp4" && checkField("repeat", EXPORT.repeat, !chosen.kind || chosen.repeat === "1"),
      name === "film" && kind !== "mp4" && checkField("transparent", EXPORT.transparent, chosen.transparent === "1"),
      name === "slides" && choiceField("aspect", EXPORT.aspect, labelsOf(ASPECTS, {}), chosen.aspect ?? ASPECTS[0]),
      shown === "worksheet" && textField("blank", EXPORT.blank, chosen.blank ?? "0,0", EXPORT.blankHelp),
      (shown === "worksheet" || shown === "stages") &&
        choiceField("paper", EXPORT.paper, labelsOf(PAPERS, {}), chosen.paper ?? PAPERS[0]),
      isPrivate && checkField("picture", EXPORT.withPicture, chosen.picture === "1"),
    ].filter(Boolean)
  );
}

/** @param {FormName} name @param {Kind} kind @param {boolean} hasStops @returns {Show[]} */
function showsOf(name, kind, hasStops) {
  /** @type {Show[]} */
  const stops = hasStops ? ["stops"] : [];
  if (name === "film") return [...stops, "story", "step", "map"];
  if (name === "slides") return [...stops, "step", "story", "view"];
  if (name === "print" && kind === "pdf") return ["view", "worksheet", "stages", "step", ...stops, "story"];
  return name === "print" && kind === "latex" ? [...stops, "step", "story", "view"] : ["view"];
}

/**
 * The address of a file.
 * @param {string} query @param {Choices} chosen
 */
function addressOf(query, { kind = "pptx", show, size, width, height, blank, transparent, ...rest }) {
  const options = new Map(Object.entries(rest).filter(([, value]) => value));
  if (kind === "step") options.set("values", "step");
  if (show === "worksheet") options.set("blank", blank || "0,0");
  else if (show) options.set("show", show);
  if (size) {
    const [wide, high] = size === "own" ? [width, height] : size.split("×");
    options.set("width", wide ?? "1024").set("height", high ?? "768");
  }
  if (size && kind !== "mp4" && !rest.repeat) options.set("repeat", "0");
  const more = [...options].map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const clear = transparent ? ["transparent=1"] : [];
  const kept = query.split("&").filter((part) => part && !part.startsWith("transparent="));
  return `/api/export/${kind === "step" ? "csv" : kind}?${[...kept, ...clear, ...more].join("&")}`;
}

/** @param {string} link @param {string} words @returns {Description} */
function preview(link, words) {
  const src = siteAddress(`/api/figure.png?${link}&width=${PREVIEW_WIDTH}`);
  return ["img", { src, alt: words, title: words, width: PREVIEW_WIDTH / 2, height: 126, loading: "lazy" }];
}

/** @template {string} Name @param {readonly Name[]} names @param {Partial<Record<Name, string>>} labels */
function labelsOf(names, labels) {
  return Object.fromEntries(names.map((name) => [name, labels[name] ?? name]));
}

/** @param {string} name @param {string} label @param {Record<string, string>} options @param {string} chosen @returns {Description} */
function choiceField(name, label, options, chosen) {
  return [
    "label",
    { class: "row" },
    ["span", label],
    [
      "select",
      { class: "field", name, "data-key": name },
      ...Object.entries(options).map(
        ([value, words]) =>
          /** @type {Description} */ (["option", { value, ...(value === chosen ? { selected: true } : {}) }, words]),
      ),
    ],
  ];
}

/** @param {string} name @param {string} label @param {string} value @param {number} min @param {number} max @returns {Description} */
function numberField(name, label, value, min, max) {
  return [
    "label",
    { class: "row" },
    ["span", label],
    ["input", { class: "field", type: "number", name, "data-key": name, value, min, max, step: 1 }],
  ];
}

/** @param {string} name @param {string} label @param {string} value @param {string} help @returns {Description} */
function textField(name, label, value, help) {
  return [
    "label",
    { class: "row" },
    ["span", label],
    ["input", { class: "field", type: "text", name, "data-key": name, value }],
    ["small", { class: "muted" }, help],
  ];
}

/** @param {string} name @param {string} label @param {boolean} isChecked @returns {Description} */
function checkField(name, label, isChecked) {
  return [
    "label",
    { class: "row" },
    ["input", { type: "checkbox", name, "data-key": name, value: "1", ...(isChecked ? { checked: true } : {}) }],
    ["span", label],
  ];
}

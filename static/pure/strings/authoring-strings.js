/** The texts of the panel for teachers, loaded when it is opened. */

import { inLanguage } from "convoscope/pure/strings/language.js";

export const AUTHORING = inLanguage({
  title: "For students",
  intro: "Your figure does not change; students get the link below.",
  close: "Close",
  start: "It starts",
  /** @param {string} how */
  startTitle: (how) => ({ here: "where you are now", stage: "at this stage", open: "at its default" })[how] ?? how,
  /** @param {string} stage @param {number[]} at @param {string} beat */
  place: (stage, [row, col], beat) => `${stage}, row ${row}, column ${col}, ${beat}`,
  ask: "Ask first",
  /** @param {string} kind */
  question: (kind) =>
    ({
      "": "nothing",
      cell: "the number of the cell",
      size: "the size of the map",
      parameters: "the number of parameters",
      map: "the map of the filter",
      class: "the class",
      filter: "the filter of the map",
      fit: "whether the window fits",
    })[kind] ?? kind,
  /** @param {string} kind */
  askHelp: (kind) =>
    kind
      ? "Hidden until a student has guessed; then the figure shows it, and what a wrong guess would be right for."
      : "Students see everything at once.",
  stops: "Stops",
  stopsHelp: "Steps go from one to the next. Click a cell of the output, then add it.",
  stopsHelpForTouch: "Steps go from one to the next. Tap a cell of the output, then add it.",
  noStops: "None chosen: steps go through every position.",
  addStop: "Add this cell",
  /** @param {number[]} cell */
  stop: ([row, col]) => `row ${row}, column ${col}`,
  words: "Words shown here",
  /** @param {string} stop */
  wordsAt: (stop) => `Words shown at ${stop}`,
  /** @param {string} stop */
  earlier: (stop) => `${stop}: earlier`,
  /** @param {string} stop */
  later: (stop) => `${stop}: later`,
  /** @param {string} stop */
  remove: (stop) => `Remove ${stop}`,
  looks: "How it looks and plays",
  name: "Title",
  presets: "Students may",
  /** @param {string} preset */
  preset: (preset) => ({ look: "look only", step: "step only", all: "use everything" })[preset] ?? preset,
  /** @param {string} preset */
  presetHelp: (preset) =>
    ({
      look: "The figure stays as you leave it, without buttons; pointing at cells explains them.",
      step: "They step and play, and open the other views; picture and layers stay yours.",
      all: "They have the whole page, as you do.",
    })[preset] ?? "Parts that you chose below.",
  eachPart: "Each part of the page…",
  hide: "Hide",
  lock: "Lock",
  lockHelp: "Shown, but disabled.",
  /** The name of a part of the page. @param {string} part */
  part: (part) =>
    ({
      header: "Header",
      image: "Image",
      inspector: "Layer's settings",
      formula: "Size formula",
      strip: "Stages",
      figure: "Figure",
      input: "Input",
      sums: "Arithmetic",
      output: "Output",
      legend: "Legends",
      multiples: "Small maps",
      transport: "Play controls",
      steps: "Step buttons",
      scrub: "Slider",
      count: "Position",
      tempo: "Tempo",
      modes: "Pace",
      tabs: "Other views",
      present: "Present button",
    })[part] ?? part,
  link: "Link for students",
  preview: "Preview",
  share: "Share…",
  previewTitle: "As students see it",
  /** @param {string} where */
  where: (where) => ({ page: "Page", embed: "Embed", phone: "Phone" })[where] ?? where,
});

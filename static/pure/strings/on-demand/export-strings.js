/** The texts of what makes films, slides, pages to print and tables, loaded with the Share dialog. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

export const EXPORT = inLanguage({
  heading: "For slides, paper and tables",
  film: "Film…",
  filmHelp: "The figure as it moves, for PowerPoint, Keynote and web pages",
  slides: "Slides…",
  slidesHelp: "A presentation with shapes and texts that you can change",
  print: "Print…",
  printHelp: "Pages, worksheets, drawings for LaTeX",
  numbers: "Numbers…",
  numbersHelp: "Tables and arrays",

  kind: "Kind",
  kinds: {
    gif: "GIF: plays anywhere",
    webp: "WebP: smaller, for web pages",
    mp4: "MP4: for PowerPoint and Keynote",
    pptx: "PowerPoint, Keynote, LibreOffice",
    pdf: "PDF",
    svg: "SVG: to change in a drawing program",
    latex: "LaTeX: beamer and TikZ",
    xlsx: "Excel: the step with a formula",
    csv: "CSV: this map",
    step: "CSV: this step",
    npz: "NumPy: all layers",
    safetensors: "safetensors: all layers",
    json: "JSON: all layers",
  },
  size: "Size",
  ownSize: "another size",
  width: "Width",
  height: "Height",
  shown: "Show",
  shows: {
    story: "the story, as Play tells it",
    step: "the beats of this step",
    stops: "your stops",
    map: "the whole map",
    view: "this view",
    stages: "all layers on one page",
    worksheet: "a worksheet with empty cells",
  },
  pace: "How",
  paces: { beats: "beat by beat", positions: "each cell once" },
  seconds: "Seconds at most",
  repeat: "Begins again and again",
  transparent: "Without a background",
  aspect: "Shape",
  blank: "Empty cells",
  blankHelp: "row,column with semicolons between them, such as 0,0;1,2",
  paper: "Paper",
  make: "Make the file",
  cancel: "Cancel",
  canceled: "Canceled.",
  estimating: "…",
  /** @param {number} frames @param {number} seconds @param {number} bytes */
  estimate: (frames, seconds, bytes) =>
    `About ${frames} pictures, ${seconds.toLocaleString("en")} s, ${(bytes / 1e6).toLocaleString("en", {
      maximumSignificantDigits: 2,
    })} MB`,
  firstPicture: "The first picture of the film",
  middlePicture: "The picture in the middle of the film",
  waiting: "The file is being made …",
  /** @param {number} done @param {number} all */
  progress: (done, all) => `${done} of ${all} pictures`,
  /** @param {string} name */
  saved: (name) => `${verbatim(name)} is saved.`,
  withPicture: "My picture may be in the file",
  unreachable: "The server cannot be reached. Nothing is lost; try again in a moment.",
});

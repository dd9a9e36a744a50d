/** The texts of the Share dialog, loaded when it is opened. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** Names of what code is for, which are the same in all languages. @type {Record<string, string>} */
export const PRODUCTS = {
  iframe: "iframe",
  reveal: "reveal.js",
  quarto: "Quarto",
  slidev: "Slidev",
  marp: "Marp",
  markdown: "Markdown",
  jupyter: "Jupyter",
};

export const SHARE = inLanguage({
  title: "Share",
  link: "Link",
  linkHelp: "Opens the figure exactly as you see it.",
  linkOfPicture:
    "Your picture is kept on this server for a few hours. After that this link shows everything else, and asks " +
    "for the picture.",
  onlyHere: "This address works only on this computer. To share it, open the page at an address that others can reach.",
  noLink: "This figure is too large for a link. Choose fewer numbers, or save it as one HTML file.",
  copy: "Copy",
  copied: "Copied",
  copiedStatus: "Copied.",
  copyYourself: "This browser does not let the page copy. The text is selected: copy it with Ctrl+C or ⌘C.",

  linkWithPicture: "Link with your picture inside",
  /** @param {number} rows @param {number} columns @param {number} characters */
  linkWithPictureHelp: (rows, columns, characters) =>
    `${characters.toLocaleString("en")} characters, with the ${rows} × ${columns} cells of your picture and nothing ` +
    "else of it. It does not expire. Browsers never send this part of a link to a server.",
  linkWithPictureLong: "Some programs truncate links of this length. A smaller size makes it shorter.",
  /** @param {number} rows @param {number} columns */
  linkWithPictureTooLong: (rows, columns) =>
    `${rows} × ${columns} cells are too many for a link. Choose a smaller size, or save the figure as one HTML file.`,

  damaged:
    "The picture in this link is damaged: a part of the link is missing. Ask for the link again, or drop the " +
    "picture here.",
  /** @param {number} rows @param {number} columns */
  arrived: (rows, columns) =>
    `The picture came with the link, ${rows} × ${columns} cells. This server keeps it for a few hours.`,

  send: "Send…",
  sendHelp: "Picture and link, with the apps of this device",
  notSent: "Sharing failed on this device. Copy the link instead.",

  qr: "QR code of the link",
  enlarge: "Enlarge",
  enlarged: "Point a phone's camera here",
  qrTooLong: "This link is too long for a QR code that phones can read.",

  saveAsFile: "Save as a file",
  file: "One HTML file",
  fileHelp: "The whole figure with all its steps. Opens from disk, without a network.",
  fileWithPicture: "The file will contain your picture: everyone who gets the file can see it.",
  fileAnyway: "Include it and save",
  cancel: "Cancel",
  figurePicture: "Picture of the figure",
  figuresPicture: "Picture of all figures",
  figuresHelp: "All figures side by side as one PNG, on one color scale",
  figureHelp: "Both maps and the arithmetic, as a PNG. Dropped on the Lab it opens the figure again.",
  map: "Picture of this map",
  mapHelp: "The map alone, as a PNG. Dropped on the Lab it opens the figure again.",
  pictureCells:
    "Dropped on the Lab, this file opens the figure again. May it contain the cells of your picture? Without them " +
    "the Lab asks for the photo.",
  withCells: "Save it with them",
  withoutCells: "Save it without them",
  making: "Preparing the file…",
  saved: "Saved to your downloads.",

  teach: "Prepare for students…",
  teachHelp: "Hide and lock controls, choose where it starts and stops.",

  code: "Code to paste",
  /** A kind of code; all but one have names of products. @param {string} kind */
  kind: (kind) => (kind === "element" ? "Web component" : verbatim(PRODUCTS[kind] ?? kind)),
  /** A note on a kind of code. @param {string} kind */
  kindHelp: (kind) =>
    ({
      iframe: "For any page, and for Moodle, Canvas and slides that take HTML.",
      reveal:
        "A slide, and the plugin once for the deck: the clicker steps through the stops, then to the next " +
        "slide; on paper, in the overview and in the speaker view a picture is shown.",
      quarto:
        "A slide of Quarto's revealjs. The lines at the top go into the document's head: they load the plugin " +
        "for stops and for pictures on paper.",
      slidev:
        "A slide of Slidev. After a click in the figure, keys reach the slides only with the line at the end, in " +
        "the file index.html beside slides.md.",
      marp:
        "A slide of Marp, which shows frames with marp --html only. After a click in the figure, keys reach " +
        "the slides only with the last line, once in the deck.",
      element: "An element of any page, from one script. Its attributes are the keys of the link.",
      markdown: "A picture that links to the figure, for READMEs, wikis and notes.",
      jupyter: "In a notebook where Convoscope is installed; it needs no server.",
    })[kind] ?? "",
  /** A comment in the code for reveal.js. */
  onceAfterReveal: `once, after ${verbatim("Reveal.initialize(...)")}`,
  /** A comment in the code for Slidev. */
  onceForSlidev: `once, into the file ${verbatim("index.html")} beside ${verbatim("slides.md")}`,
  clicks: "A clicker",
  /** What a clicker does in a frame. @param {string} choice @param {number} places */
  clicksChoice: (choice, places) =>
    ({
      stops: `goes through ${["", "", "two", "three", "four"][places] ?? places} places`,
      story: "tells the whole story",
      page: "leaves the keys to the page",
    })[choice] ?? choice,
  clicksHelp:
    "The places are the first positions of the window, then the one you see. Steps and playback go through these " +
    `only, except in ${verbatim("reveal.js")}. Choose your own in “Prepare for students…”.`,
  clicker:
    `After a click in the figure, a clicker goes through it first. Then ${verbatim("reveal.js")}, and pages with ` +
    `${verbatim("deck-keys.js")}, turn the slide; web objects in PowerPoint, Google Slides and other pages do not get ` +
    "its keys: there, click beside the figure before you go on.",
  codeOfPicture: "It refers to your picture, which this server keeps for a few hours only.",
  size: "Size",
  sizeHelp: "How large the figure is on the page, in pixels: width × height.",
  name: "Title",
  figure: "Convoscope: a convolution, step by step",
});

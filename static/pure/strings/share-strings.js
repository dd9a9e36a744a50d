/** The texts of the Share dialog, which is loaded when it is opened. */

export const SHARE = {
  title: "Share",
  link: "Link",
  linkSays: "Opens the figure exactly as you see it.",
  linkOfPicture:
    "Your picture is kept on this server for a few hours. After that this link shows everything else, and asks " +
    "for the picture.",
  onlyHere:
    "This address works on this computer alone. For others, open the page by the address that they can reach it at.",
  noLink: "This figure is too large for a link. Choose fewer numbers, or give it as one HTML file.",
  copy: "Copy",
  copied: "Copied",
  copiedSaid: "Copied.",
  copyYourself: "This browser does not let the page copy. The text is selected: copy it with Ctrl+C or ⌘C.",

  inside: "Link with your picture inside",
  /** @param {number} rows @param {number} columns @param {number} characters */
  insideSays: (rows, columns, characters) =>
    `${characters.toLocaleString("en")} characters: the ${rows} × ${columns} cells of your picture are in it, ` +
    "and nothing else of the picture. It works for good. That part of a link never reaches a server's log.",
  insideLong: "Some programs cut links of this length. A smaller size makes it shorter.",
  /** @param {number} rows @param {number} columns */
  insideTooLong: (rows, columns) =>
    `${rows} × ${columns} cells are too many for a link. Choose a smaller size, or give the figure as one HTML file.`,

  damaged:
    "The picture in this link is damaged: a part of the link is missing. Ask for the link again, or drop the " +
    "picture here.",
  /** @param {number} rows @param {number} columns */
  arrived: (rows, columns) =>
    `The picture came inside the link, ${rows} × ${columns} cells, and is on this server for a few hours again.`,

  send: "Send…",
  sendHelp: "Picture and link, with the apps of this device",
  notSent: "This device did not take it. The link above can be copied.",

  qr: "QR code of the link",
  enlarge: "Enlarge",
  enlarged: "Point a phone's camera here",
  qrTooLong: "This link is too long for a QR code that phones can read.",

  take: "Take it with you",
  file: "One HTML file",
  fileHelp: "The whole figure with all its steps. Opens from disk, without a network.",
  filePicture: "Your picture goes into the file: whoever gets the file sees it.",
  fileAnyway: "Put it in and save",
  cancel: "Cancel",
  figurePicture: "Picture of the figure",
  figureHelp: "Both maps and the arithmetic, as a PNG. Dropped on the Lab it opens the figure again.",
  map: "Picture of this map",
  mapHelp: "The map alone, as a PNG. Dropped on the Lab it opens the figure again.",
  pictureCells:
    "Dropped on the Lab, this file opens the figure again. May the cells of your picture be in it? Without them " +
    "the Lab asks for the photo.",
  withCells: "Yes, save it with them",
  withoutCells: "Save it without",
  making: "One moment…",
  saved: "It is in your downloads.",

  teach: "Prepare for students…",
  teachSays: "Hide and lock controls, choose where it starts and stops.",

  code: "Code to paste",
  /** @param {string} kind */
  kind: (kind) =>
    ({
      iframe: "iframe",
      reveal: "reveal.js",
      quarto: "Quarto",
      slidev: "Slidev",
      marp: "Marp",
      markdown: "Markdown",
      element: "Web component",
      jupyter: "Jupyter",
    })[kind] ?? kind,
  /** What to know of a kind of code. @param {string} kind */
  kindSays: (kind) =>
    ({
      iframe: "For any page, and for Moodle, Canvas and slides that take HTML.",
      reveal:
        "A slide, and the plugin once for the deck: the clicker walks the stops and then leaves the slide; on " +
        "paper, in the overview and in the speaker view stands a picture.",
      quarto:
        "A slide of Quarto's revealjs. The lines at the top go into the document's head: they bring the plugin " +
        "for stops and for pictures on paper.",
      slidev:
        "A slide of Slidev. After a click in the figure, keys reach the slides only with the line at the end, in " +
        "the file index.html beside slides.md.",
      marp:
        "A slide of Marp, which shows frames with marp --html only. After a click in the figure, keys reach " +
        "the slides only with the last line, once in the deck.",
      element: "An element of any page, from one script. Its attributes are the keys of the link.",
      markdown: "A picture that leads to the figure, for READMEs, wikis and notes.",
      jupyter: "In a notebook where Convoscope is installed; it needs no server.",
    })[kind] ?? "",
  codeOfPicture: "It refers to your picture, which this server keeps for a few hours only.",
  size: "Size",
  sizeHelp: "How large the figure is on the page, in pixels: width × height.",
  name: "Title",
  figure: "Convoscope: a convolution, step by step",
};

/** The texts of the help dialog, loaded when it is opened. */

import { inLanguage } from "convoscope/pure/strings/language.js";

/**
 * One block of help: short sentences, those for a finger where they differ, and keys with what they do.
 * @typedef {{title: string, texts: string[], touchTexts?: string[], keys: Record<string, string>}} HelpGroup
 */

export const HELP = inLanguage({
  /** @type {HelpGroup[]} */
  groups: [
    {
      title: "Look",
      texts: [
        "Point at a cell: where its number comes from, where it goes.",
        "Point at a [weight](weight): every cell that it is multiplied with.",
        "Drag the window over the input.",
        "Rows and columns are counted from 0. Blue is below 0, red above.",
        "[Padding](padding) is hatched; cells that no window reads are crossed out.",
      ],
      touchTexts: [
        "Tap a cell: where its number comes from, where it goes.",
        "Tap a [weight](weight): every cell that it is multiplied with.",
        "Rows and columns are counted from 0. Blue is below 0, red above.",
        "[Padding](padding) is hatched; cells that no window reads are crossed out.",
      ],
      keys: { Esc: "releases a pinned cell" },
    },
    {
      title: "Play",
      texts: ["A [window](window) slides over the input; its [products](product) add up to one cell."],
      keys: {
        Space: "the next beat; while playing, pause",
        k: "play and pause",
        "← →": "the position before, after",
        "↑ ↓": "the row above, below",
        "Shift ← →": "the beat before, after",
        "[ ]": "the stage before, after",
        I: "the next picture of a stack, at the same place; with Shift the one before",
        "Home End": "the first, the last position",
        "+ −": "faster, slower",
        "PageUp PageDown": "a clicker's keys: the press of the story before, after",
      },
    },
    {
      title: "Change",
      texts: [
        "Click a label such as Stride: what it does, and a value to try.",
        "Click a weight to type, or drag it up or down; the map follows.",
        "Double-click a cell of a picture of numbers to type another one.",
        "Drop a picture anywhere, or paste it; “Draw” is a sheet for a pen.",
        "“+ layer” adds a [layer](layer), or a whole trained network.",
        "Back and forward of the browser undo and redo.",
        "A [filter](filter) multiplies as it stands ([correlation](correlation)), as in libraries.",
        "“Turn the filter by 180°” makes it a strict [convolution](convolution).",
      ],
      touchTexts: [
        "Tap a label such as Stride: what it does, and a value to try.",
        "Tap a weight twice to type; drag it once you have tapped it.",
        "Tap a cell of a picture of numbers twice to type another one.",
        "“+ layer” adds a [layer](layer), or a whole trained network.",
        "Back and forward of the browser undo and redo.",
        "A [filter](filter) multiplies as it stands ([correlation](correlation)), as in libraries.",
        "“Turn the filter by 180°” makes it a strict [convolution](convolution).",
      ],
      keys: {},
    },
    {
      title: "Show",
      texts: [
        "The address bar always holds the figure as you see it.",
        "Share copies it, as a link, a QR code, a file or code to paste.",
      ],
      keys: {
        "\\": "folds the settings away",
        "E N M R F C":
          "a view of the step: equation, neuron, matrix, receptive field, function, code; again: large, closed",
        A: "the network: all layers in one view, from the picture to the scores",
        W: "of a network: what may be covered?",
        P: "present: the figure fills the screen; Esc leaves",
        "B .": "while presenting, a black screen and back",
        Q: "while presenting, a QR code for the audience",
        "?": "this help",
      },
    },
  ],
  singleKeys: "Use single characters as keys",
});

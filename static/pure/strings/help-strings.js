/** The texts of the help dialog, loaded when it is opened. */

import { inLanguage } from "convoscope/pure/strings/language.js";

export const HELP = inLanguage({
  texts: [
    "A window slides over the input. At each stop its numbers are multiplied with the filter's, cell by cell, " +
      "and added up: that sum is one number of the feature map.",
    "Point at a cell of either map to see where a number comes from or where it goes. Click to move the window " +
      "there. Point at a weight of the filter to see every cell that it is multiplied with.",
    "The address bar always holds the figure as you see it; Share copies it, also with your own picture inside, " +
      "as a QR code or as code to paste, and prepares it for students. Back and forward undo and redo.",
    "Like the layers of every network library, the window multiplies with the filter as it stands, which " +
      "mathematics calls correlation. “Turn the filter by 180°” makes it a convolution in the strict sense.",
    "Rows and columns are counted from 0. Padding is hatched; cells that no window reads are crossed out. Blue " +
      "is below 0, red above.",
    "A trained network is a chain like any other, and Classify has pictures for it. Softmax is written out class " +
      "by class. A sum of thousands is shown as a picture of its products and by its strongest terms.",
  ],
  keysTitle: "Keys",
  /** @type {Record<string, string>} */
  keys: {
    Space: "the next beat; while playing, pause",
    k: "play and pause",
    "← →": "the position before, after",
    "↑ ↓": "the row above, below",
    "Shift ← →": "the beat before, after",
    "[ ]": "the stage before, after",
    "Home End": "the first, the last position",
    "+ −": "faster, slower",
    P: "present: the figure fills the screen; Esc leaves",
    "PageUp PageDown": "while presenting, what a clicker sends: the beat or chosen stop before, after",
    "B .": "while presenting, a black screen and back",
    Q: "while presenting, a QR code of this figure for the audience",
    "?": "this help",
  },
  singleKeys: "Use single characters as keys",
});

/** Why an output has its size, what does not fit, and how many parameters a layer has. */

import { inLanguage } from "convoscope/pure/strings/language.js";

export const SIZE = inLanguage({
  /** @param {string} formula @param {string} quotient */
  misfit: (formula, quotient) => `${formula} = ${quotient} is not whole: by the lecture's rule it does not fit.`,
  /** @param {number} size @param {string} lost */
  roundsDown: (size, lost) => `PyTorch rounds down to ${size}; ${lost}.`,
  /** @param {number} size @param {string} over */
  roundsUp: (size, over) => `Ceil mode rounds up to ${size}; ${over}.`,
  /** @param {string} cells @param {boolean} one */
  neverRead: (cells, one) => `${cells} ${one ? "is" : "are"} never read`,
  nothingLost: "only padding is left over",
  /** @param {number} cells */
  hangsOver: (cells) => `the last window hangs ${cells} ${cells === 1 ? "cell" : "cells"} over the edge`,
  lastDropped: "a window that would start past the edge is left out",
  /** @param {number} padding @param {number} size */
  fittingPadding: (padding, size) => `Padding ${padding} makes it fit: ${size}.`,
  /** @param {number} size */
  tryCeil: (size) => `Ceil mode counts the window that hangs over the edge: ${size}.`,
  /** @param {string} cells */
  jumpedOver: (cells) => `The window jumps over ${cells}.`,
  /** @param {string} axis @param {string} sentence */
  along: (axis, sentence) => `${axis}: ${sentence}`,
  rows: "Rows",
  columns: "Columns",
  /** @param {number[]} rows @param {number[]} columns */
  cells: (rows, columns) => [listed("row", rows), listed("column", columns)].filter(Boolean).join(" and "),
  /** @param {number} size */
  down: (size) => `, rounded down to ${size}`,
  /** @param {number} size */
  up: (size) => `, rounded up to ${size}`,
  /** @param {string} count @param {boolean} one */
  parameters: (count, one) => `${count} ${one ? "parameter" : "parameters"}`,
  noParameters: "no parameters",
});

/** @param {string} word @param {number[]} indices */
function listed(word, indices) {
  if (!indices.length) return "";
  if (indices.length === 1) return `${word} ${indices[0]}`;
  if (indices.length > 6) {
    return `${indices.length} ${word}s (${indices.slice(0, 3).join(", ")} … ${indices[indices.length - 1]})`;
  }
  return `${word}s ${indices.slice(0, -1).join(", ")} and ${indices[indices.length - 1]}`;
}

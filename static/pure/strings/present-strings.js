/** The texts of Present. */

import { inLanguage } from "convoscope/pure/strings/language.js";

export const PRESENT = inLanguage({
  controls: "Presenting",
  stages: "Stages",
  fullscreen: "Full screen",
  blank: "Black (B)",
  code: "QR (Q)",
  leave: "Leave (Esc)",
  black: "The screen is black. Any key of the figure brings it back.",
  blankByTouch: "Black",
  codeByTouch: "QR",
  leaveByTouch: "Leave",
  blackByTouch: "The screen is black. A tap brings it back.",
  codeTitle: "This figure on your own phone",
  codeAlt: "QR code of the link to this figure",
  noCode: "This link is too long for a QR code:",
  /** @param {string} host */
  loopbackHost: (host) => `Phones cannot open this link: ${host} is this computer's name for itself.`,
});

/** The texts of figures side by side. */
export const TOGETHER = inLanguage({
  noComparison: "This frame shows figures side by side: the link of others has a=… and b=….",
  /** @param {string} letter of a figure @param {string} sentence */
  ofFigure: (letter, sentence) => `Figure ${letter}: ${sentence}`,
  /** @param {string} letter of a figure @param {string} sentence */
  said: (letter, sentence) => `${letter}: ${sentence}`,
  /** @param {number} row @param {number} col @param {number} rows @param {number} columns */
  noCell: (row, col, rows, columns) =>
    `There is no row ${row}, column ${col} in this map, which is ${rows} × ${columns}.`,
  /** @param {number} row @param {number} col @param {number} rows @param {number} columns */
  noInputCell: (row, col, rows, columns) =>
    `There is no row ${row}, column ${col} in this input, which is ${rows} × ${columns}.`,
});

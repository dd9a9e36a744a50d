/** The texts of pictures of one’s own: uploads, figures that pictures bring, and drawings. */

import { inLanguage } from "convoscope/pure/strings/language.js";

export const UPLOAD = inLanguage({
  /** @param {number} status */
  uploadFailed: (status) => `Upload failed (HTTP ${status}). Try another picture.`,
  /** @param {number} size @param {number} most */
  tooLarge: (size, most) => `This file has ${(size / 1e6).toFixed(1)} MB; the limit is ${(most / 1e6).toFixed(0)} MB.`,
  metadataRemoved: "metadata removed",
  reducedHere: "made smaller in the browser, since the file is large",
  deleteNow: "Delete it now",
  deleted: "The picture was deleted from the server.",
  /** @param {number} status */
  notDeleted: (status) => `Deleting failed (HTTP ${status}). The picture is still on the server.`,
  newerFigure: "The figure in this picture is of a newer version of Convoscope and cannot be read here.",
});

export const DRAW = inLanguage({
  tools: "Tool",
  pen: "Pen",
  eraser: "Eraser",
  thickness: "Thickness, in cells",
  /** @param {number} cells */
  width: (cells) => `${cells} ${cells === 1 ? "cell" : "cells"} thick`,
  undo: "Undo",
  redo: "Redo",
  clear: "Clear",
  /** @param {number} rows @param {number} columns */
  surface: (rows, columns) =>
    `Sheet of ${rows} × ${columns} cells. Arrow keys move the cursor, Space draws, Shift with an arrow draws a line.`,
  /** @param {number} row @param {number} col @param {string} text */
  place: (row, col, text) => `row ${row}, column ${col}: ${text}`,
  onBlank: "Draw on the blank sheet: ink is 255, paper 0.",
  onNumbers: "Draw on these numbers: cells that the pen does not reach stay as they are.",
  onPicture: "Draw on the picture instead",
  ask: "Ask the digit network",
  center: "Center and scale it as the training digits",
  centerHelp: "A layer before the network. Without it the network sees the drawing where and as large as it was drawn.",
});

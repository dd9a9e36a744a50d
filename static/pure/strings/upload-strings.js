/** The texts of uploads: pictures on their way, and figures that pictures bring. */

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

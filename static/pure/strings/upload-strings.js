/** The texts of uploads: pictures on their way, and figures that pictures bring. */

export const UPLOAD = {
  /** @param {number} status */
  uploadFailed: (status) => `The picture was not taken (answer ${status}). Try another one.`,
  /** @param {number} size @param {number} most */
  tooLarge: (size, most) =>
    `This file has ${(size / 1e6).toFixed(1)} MB; at most ${(most / 1e6).toFixed(0)} MB are taken.`,
  metadataRemoved: "metadata removed",
  reducedHere: "made smaller in the browser, since the file is large",
  deleteNow: "Delete it now",
  deleted: "The picture is gone from the server.",
  /** @param {number} status */
  notDeleted: (status) => `The picture is still on the server (answer ${status}).`,
  newerFigure: "This picture carries a figure of a newer Convoscope, which cannot be read here.",
};

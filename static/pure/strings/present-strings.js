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

/** What is read while presenting. */

export const PRESENT = {
  controls: "Presenting",
  fullscreen: "Full screen",
  blank: "Black (B)",
  code: "QR (Q)",
  leave: "Leave (Esc)",
  black: "The screen is black. Any key of the figure brings it back.",
  codeTitle: "This figure on your own phone",
  codeAlt: "QR code of the link to this figure",
  noCode: "No QR code holds a link as long as this one:",
  /** @param {string} host */
  own: (host) => `${host} is this computer's name for itself: phones do not find it under this address.`,
};

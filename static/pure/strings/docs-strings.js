/** The texts of the page on the HTTP interface. */

export const DOCS = {
  copied: "Copied.",
  copyYourself: "The text is selected: copy it with Ctrl+C or ⌘C.",
};

/** What the page that shows the interface says. */

export const DOCS = {
  copied: "Copied.",
  copyYourself: "It is selected: copy it with Ctrl+C or ⌘C.",
};

/** Makes the parts that a link locks inert: no pointer, no focus, no screen reader. */

import { findPart } from "convoscope/ui/dom.js";

/** Parts that stand within another part, and the parts whose lock holds for them. @type {Record<string, string[]>} */
const INNER_PARTS = {
  beats: ["figure"],
  "filter-strip": ["inspector"],
  tabs: ["tabs", "transport"],
};

/** @param {HTMLElement} root @param {string[]} lockable names of parts @param {string[]} locked some of them */
export function lockParts(root, lockable, locked) {
  for (const name of lockable) {
    if (name !== "tabs" && name !== "transport") findPart(root, name)?.toggleAttribute("inert", locked.includes(name));
  }
  for (const control of findPart(root, "transport")?.children ?? []) {
    if (control.getAttribute("data-part") !== "beats") control.toggleAttribute("inert", locked.includes("transport"));
  }
  for (const [name, owners] of Object.entries(INNER_PARTS))
    findPart(root, name)?.toggleAttribute(
      "inert",
      owners.some((owner) => locked.includes(owner)),
    );
}

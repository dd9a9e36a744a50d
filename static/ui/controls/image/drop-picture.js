/** Listens for images dropped on the page or pasted into it. */

import { findPart } from "convoscope/ui/dom.js";

/** @param {ParentNode} root @param {(file: File) => void} onPicture */
export function listenDrops(root, onPicture) {
  const zone = () => findPart(root, "drop-zone");
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone()?.classList.add("over");
  });
  addEventListener("dragleave", () => zone()?.classList.remove("over"));
  addEventListener("drop", (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    zone()?.classList.remove("over");
    onPicture(file);
  });
  addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) onPicture(file);
  });
}

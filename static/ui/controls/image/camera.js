/**
 * A photo from the camera: a preview and a button. Without camera access for pages, the phone's camera app opens.
 */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build } from "convoscope/ui/dom.js";

/** @param {HTMLElement} root @param {(file: Blob) => void} onPicture */
export async function openCamera(root, onPicture) {
  if (!navigator.mediaDevices?.getUserMedia) return openPhoneCamera(root, onPicture);
  const video = /** @type {HTMLVideoElement} */ (
    build(["video", { autoplay: true, muted: true, playsinline: true, class: "camera" }])
  );
  const status = build(["p", { role: "status" }, CONTROLS.cameraAsks]);
  const takeButton = /** @type {HTMLButtonElement} */ (
    build([
      "button",
      { type: "button", class: "button primary", disabled: true, "data-part": "take-picture" },
      CONTROLS.takePicture,
    ])
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { "aria-label": CONTROLS.camera },
      ["header", ["h2", CONTROLS.camera], closeButton()],
      video,
      status,
      takeButton,
    ])
  );
  root.append(dialog);
  dialog.showModal();
  /** @type {MediaStream | null} */
  let stream = null;
  dialog.addEventListener("close", () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    dialog.remove();
  });
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    if (!dialog.open) for (const track of stream.getTracks()) track.stop();
    video.srcObject = stream;
    await video.play();
    status.textContent = "";
    takeButton.disabled = false;
  } catch {
    status.textContent = CONTROLS.noCamera;
  }
  takeButton.addEventListener("click", async () => {
    const picture = await takeSnapshot(video);
    dialog.close();
    if (picture) onPicture(picture);
  });
}

/** @param {HTMLVideoElement} video @returns {Promise<Blob | null>} */
function takeSnapshot(video) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
}

/** @param {HTMLElement} root @param {(file: Blob) => void} onPicture */
function openPhoneCamera(root, onPicture) {
  const input = /** @type {HTMLInputElement} */ (
    build(["input", { type: "file", accept: "image/*", capture: "environment", hidden: true }])
  );
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) onPicture(file);
    input.remove();
  });
  root.append(input);
  input.click();
}

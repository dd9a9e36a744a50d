/** Whether the frame is visible: it is on the screen, has a size, and its tab is in front. */

/** @param {HTMLElement} root @param {(isVisible: boolean) => void} onChange */
export function watchVisibility(root, onChange) {
  let isOnScreen = false;
  let isVisible = false;

  function update() {
    const now = isOnScreen && document.visibilityState !== "hidden";
    if (now === isVisible) return;
    isVisible = now;
    onChange(isVisible);
  }

  new IntersectionObserver((entries) => {
    isOnScreen = entries[entries.length - 1].isIntersecting;
    update();
  }).observe(root);
  document.addEventListener("visibilitychange", update);
}

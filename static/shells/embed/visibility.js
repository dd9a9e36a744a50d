/** Whether somebody can see the frame: it is on the screen, has a size, and its tab is in front. */

/** @param {HTMLElement} root @param {(seen: boolean) => void} changed */
export function watchVisibility(root, changed) {
  let isOnScreen = false;
  let isVisible = false;

  function update() {
    const now = isOnScreen && document.visibilityState !== "hidden";
    if (now === isVisible) return;
    isVisible = now;
    changed(isVisible);
  }

  new IntersectionObserver((entries) => {
    isOnScreen = entries[entries.length - 1].isIntersecting;
    update();
  }).observe(root);
  document.addEventListener("visibilitychange", update);
}

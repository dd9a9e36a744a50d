/** Whether somebody can see the frame: it is on the screen, has a size, and its tab is in front. */

/** @param {HTMLElement} root @param {(seen: boolean) => void} changed */
export function watchSight(root, changed) {
  let near = false;
  let seen = false;

  function look() {
    const now = near && document.visibilityState !== "hidden";
    if (now === seen) return;
    seen = now;
    changed(seen);
  }

  new IntersectionObserver((entries) => {
    near = entries[entries.length - 1].isIntersecting;
    look();
  }).observe(root);
  document.addEventListener("visibilitychange", look);
}

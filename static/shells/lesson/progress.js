/** How far somebody is in a lesson, in this tab alone. */

const PREFIX = "convoscope-lesson-";

/** @typedef {{scene: number, done: number[]}} Progress the scene that is open, and those that were finished, from 0 */

/** @param {string} name @returns {Progress} */
export function readProgress(name) {
  try {
    const { scene, done } = JSON.parse(sessionStorage.getItem(PREFIX + name) ?? "{}");
    return { scene: Number(scene) || 0, done: Array.isArray(done) ? done.filter(Number.isInteger) : [] };
  } catch {
    return { scene: 0, done: [] }; // no storage in this frame, or somebody else's text
  }
}

/** @param {string} name @param {Progress} progress */
export function writeProgress(name, progress) {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(progress));
  } catch {
    // no storage in this frame: progress is kept until the page is left
  }
}

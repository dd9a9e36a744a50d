/**
 * A program keeps its place while it is drawn again, and moves as little as shows the lines that are lit now: it scrolls
 * inside, never the page, and no focus moves.
 */

/** Lines that stay visible above and below the lit ones, in parts of the height of the program. */
const AROUND = 0.2;

/**
 * Remembers where the program in a panel is.
 * @param {HTMLElement} panel @returns {() => void} to be called once it is drawn again
 */
export function keepScroll(panel) {
  const before = /** @type {HTMLElement | null} */ (panel.querySelector(".program pre"));
  const place = before && { top: before.scrollTop, left: before.scrollLeft, lit: litText(before) };
  return () => {
    const now = /** @type {HTMLElement | null} */ (panel.querySelector(".program pre"));
    if (!now) return;
    if (place) now.scrollTo({ top: place.top, left: place.left, behavior: "instant" });
    if (litText(now) !== place?.lit) showLit(now);
  };
}

/** Where the lit lines are and what is seen of the program, as a text. @param {HTMLElement} program */
function litText(program) {
  const lit = /** @type {NodeListOf<HTMLElement>} */ (program.querySelectorAll(".lit-lines"));
  return [program.clientHeight, program.scrollHeight, ...[...lit].map((one) => one.offsetTop)].join();
}

/** @param {HTMLElement} program */
function showLit(program) {
  const lit = /** @type {NodeListOf<HTMLElement>} */ (program.querySelectorAll(".lit-lines"));
  if (!lit.length) return;
  const last = lit[lit.length - 1];
  const high = program.clientHeight;
  const around = high * AROUND;
  const [top, bottom] = [lit[0].offsetTop - around, last.offsetTop + last.offsetHeight + around];
  const nearest = Math.min(Math.max(program.scrollTop, bottom - high), top);
  program.scrollTo({ top: nearest, behavior: "instant" });
}
